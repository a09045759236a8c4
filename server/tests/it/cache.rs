//! What the server keeps in Redis, how old it may be (FR-005, T075), and that play does not wait
//! for it (FR-006).

use std::sync::Arc;
use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;
use tilemud_persist::cache::{self, Cache, CallTimeout};
use tilemud_persist::testing::RedisServer;
use tilemud_schema::Encoding;
use tilemud_support::player::{Player, call, exchange, token, until};
use tilemud_support::process::Process;

pub const WORLD: &str = "First Light";

/// Redis as another process sees it. It waits for as long as a busy machine takes.
pub fn others(redis: &RedisServer) -> Arc<dyn Cache> {
    cache::open(Some(&redis.url()), WORLD, CallTimeout::new(Duration::from_secs(60))).unwrap()
}

/// Flags of a server that waits for its Redis as long as a busy machine takes, for what needs an
/// answer.
pub const PATIENT: [&str; 2] = ["--cache-timeout-ms", "60000"];

/// A figure of GET /metrics.
pub async fn metric(url: &str, name: &str) -> f64 {
    let (_, _, body) = exchange(url, Method::GET, "/metrics", None, None).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in {text}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t075_a_profile_older_than_100_ms_is_read_again_before_it_is_used() {
    let redis = RedisServer::start();
    let data = tempfile::tempdir().unwrap();
    let redis_url = redis.url();
    let server = Process::start(data.path(), &[&["--redis-url", &redis_url], &PATIENT[..]].concat());
    let url = &server.url;
    let ann = Player::join(url, "Ann", Encoding::Json).await;
    let bearer = token(url, "Ann").await;
    let path = format!("/api/character/{}", ann.bootstrap.state.character.character_id);
    let read = async || call(url, Method::GET, &path, Some(&bearer), None).await;
    assert_eq!(read().await.1["position"], json!(ann.position));
    assert_eq!(metric(url, "cache_misses_total").await, 0.0, "who is in the world is not read through the cache");

    let logout = json!({ "session_id": ann.session_id() });
    let (status, _) = call(url, Method::POST, "/api/session/logout", Some(&bearer), Some(logout)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    until(async || {
        let (status, character) = read().await;
        assert_eq!((status, &character["position"]), (StatusCode::OK, &json!(ann.position)));
        metric(url, "state_refresh_forced_total").await >= 1.0
    })
    .await;
    assert!(metric(url, "cache_misses_total").await >= 2.0, "once when it had nothing, and once for the refresh");
    let (answered, ratio) = (metric(url, "cache_hits_total").await, metric(url, "cache_hit_ratio").await);
    assert_eq!(ratio > 0.0, answered > 0.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_tells_who_is_present_and_a_redis_that_hangs_holds_nobody_up() {
    let redis = RedisServer::start();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--redis-url", &redis.url()]);
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let others = others(&redis);
    let character_id = ann.bootstrap.state.character.character_id;
    until(async || others.presence(character_id).await.unwrap() == Some(ann.session_id())).await;

    redis.pause();
    for words in ["Is", "anything", "slower?"] {
        ann.say_for_sure(words).await;
    }
    let bob = Player::join(url, "Bob", Encoding::Json).await;
    let bearer = token(url, "Bob").await;
    drop(bob);
    redis.resume();
    let logout = json!({ "session_id": ann.session_id() });
    let bearer_of_ann = token(url, "Ann").await;
    call(url, Method::POST, "/api/session/logout", Some(&bearer_of_ann), Some(logout)).await;
    until(async || others.presence(character_id).await.ok() == Some(None)).await;
    let (status, _) = call(url, Method::GET, &format!("/api/character/{character_id}"), Some(&bearer), None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
