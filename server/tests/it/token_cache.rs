//! Reconnect tokens in Redis (FR-008, FR-006, NFR-006): there as hashes only, a help after a
//! restart, never what decides.

use std::time::Duration;

use hyper::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tilemud_persist::cache::{Cache, CachedSession, TokenChange};
use tilemud_persist::testing::{PostgresServer, RedisServer};
use tilemud_schema::{Encoding, Position};
use tilemud_support::player::{Player, bootstrap, call, token, until};
use tilemud_support::process::Process;

use crate::cache::{PATIENT, metric, others};

/// What the store and the cache keep of a token.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Waits until the cache has heard of a token.
async fn until_cached(cache: &dyn Cache, token: &str) -> CachedSession {
    let mut found = None;
    until(async || {
        found = cache.token(&hash(token)).await.unwrap();
        found.is_some()
    })
    .await;
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_holds_the_good_tokens_of_a_session_as_hashes_and_forgets_them_when_used_up() {
    let redis = RedisServer::start();
    let data = tempfile::tempdir().unwrap();
    let redis_url = redis.url();
    let server = Process::start(data.path(), &[&["--redis-url", &redis_url], &PATIENT[..]].concat());
    let url = &server.url;
    let others = others(&redis);
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let first = until_cached(&*others, &ann.reconnect_token).await;
    assert_eq!(first.session_id, ann.session_id());
    assert_eq!(first.character_id, ann.bootstrap.state.character.character_id);
    assert_eq!(first.user_id.0.to_string(), ann.bootstrap.session.user_id.0.to_string());

    let said = ann.say_for_sure("Once").await.seq;
    let used = [ann.bootstrap.reconnect.token.clone(), ann.reconnect_token.clone()];
    drop(ann);
    let back = Player::resume(url, "Ann", &used[1], Encoding::Json, None).await;
    assert_eq!(back.session_id(), first.session_id);
    assert_eq!(until_cached(&*others, &back.reconnect_token).await.last_seq, said);
    for used in &used {
        until(async || others.token(&hash(used)).await.unwrap().is_none()).await;
    }

    let good = [back.bootstrap.reconnect.token.clone(), back.reconnect_token.clone()];
    let contents = redis.contents();
    let tokens: Vec<_> = contents.iter().filter(|(key, _)| key.contains(":token:")).collect();
    assert_eq!(tokens.len(), good.len(), "{contents:?}");
    for secret in used.iter().chain(&good).chain([&back.bootstrap.realtime.ticket]) {
        assert!(contents.iter().all(|(key, value)| !key.contains(secret) && !value.contains(secret)), "{contents:?}");
    }

    let logout = json!({ "session_id": back.session_id() });
    call(url, Method::POST, "/api/session/logout", Some(&token(url, "Ann").await), Some(logout)).await;
    for good in &good {
        until(async || others.token(&hash(good)).await.unwrap().is_none()).await;
    }
}

/// What has happened to Redis while the server was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redis {
    AsItWas,
    Flushed,
    Hangs,
    Gone,
}

async fn comes_back(found: Redis, flags: &[&str]) {
    let redis = RedisServer::start();
    let redis_url = redis.url();
    let flags = [flags, &["--redis-url", &redis_url]].concat();
    let patient = [&flags, &PATIENT[..]].concat();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &patient);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let said = ann.say_for_sure("Before the crash").await.seq;
    until_cached(&*others(&redis), &ann.reconnect_token).await;
    server.kill();
    match found {
        Redis::AsItWas => {}
        Redis::Flushed => redis.flush(),
        Redis::Hangs => redis.pause(),
        Redis::Gone => redis.kill(),
    }

    // One that hangs is met with the usual deadline; that it is kept is shown where time stands
    // still.
    let server = Process::start(data.path(), if found == Redis::Hangs { &flags } else { &patient });
    let bearer = token(&server.url, "Ann").await;
    let back = tilemud_support::player::bootstrap_as(&server.url, &bearer, "Ann", Some(&ann.reconnect_token)).await;
    assert_eq!(back.session.session_id, ann.session_id(), "{found:?}");
    assert_eq!(back.session.last_sequence_number, said);
    let told = (metric(&server.url, "cache_hits_total").await, metric(&server.url, "cache_misses_total").await);
    assert_eq!(told, if found == Redis::AsItWas { (1.0, 0.0) } else { (0.0, 1.0) }, "{found:?}");
    let mut back = Player::enter(&server.url, back, Encoding::Json, None, None).await;
    back.seq = said + 1;
    back.say_for_sure("After it").await;
    redis.resume();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_comes_back_after_a_restart_with_what_redis_knows() {
    comes_back(Redis::AsItWas, &[]).await;
    let database = PostgresServer::shared().create_database().await;
    comes_back(Redis::AsItWas, &["--database-url", &database]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_comes_back_after_a_restart_with_a_redis_that_was_flushed() {
    comes_back(Redis::Flushed, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_comes_back_after_a_restart_with_a_redis_that_hangs() {
    comes_back(Redis::Hangs, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_comes_back_after_a_restart_with_a_redis_that_is_gone() {
    comes_back(Redis::Gone, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_up_or_made_up_token_in_redis_brings_nothing_back() {
    let redis = RedisServer::start();
    let redis_url = redis.url();
    let flags = [&["--redis-url", &*redis_url], &PATIENT[..]].concat();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &flags);
    let others = others(&redis);
    let ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let used_up = ann.reconnect_token.clone();
    let left_over = until_cached(&*others, &used_up).await;
    drop(ann);
    let back = Player::resume(&server.url, "Ann", &used_up, Encoding::Json, None).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
    bob.walk_somewhere().await;
    until(async || others.token(&hash(&used_up)).await.unwrap().is_none()).await;
    server.kill();

    // As if Redis had missed that it was used up; and somebody has written what never was.
    let says = |session: CachedSession, token: &str| TokenChange {
        session,
        good: vec![hash(token)],
        used_up: Vec::new(),
        lifetime: Duration::from_secs(60),
    };
    let wrong = CachedSession { session_id: bob.session_id(), ..left_over.clone() };
    let made_up = "made up";
    let good = &bob.reconnect_token;
    let of_bob = CachedSession { user_id: bob.bootstrap.session.user_id.clone(), ..left_over.clone() };
    let lies = [says(left_over.clone(), &used_up), says(wrong, made_up), says(of_bob, good)];
    others.change_tokens(&lies).await.unwrap();

    let server = Process::start(data.path(), &flags);
    for nothing in [&used_up, made_up] {
        let fresh = bootstrap(&server.url, "Ann", Some(nothing)).await.session;
        assert!(![back.session_id(), bob.session_id()].contains(&fresh.session_id), "{nothing}");
    }
    assert_eq!(metric(&server.url, "cache_hits_total").await, 2.0, "Redis was asked and knew them");
    // A good token leads to what the store says, whatever Redis says.
    let again = bootstrap(&server.url, "Bob", Some(good)).await;
    assert_eq!(again.session.session_id, bob.session_id());
    assert_eq!(again.session.last_sequence_number, bob.seq - 1);
    let stands: Position = again.state.character.state.position.expect("always given");
    assert_eq!(stands, bob.position);
    let again = bootstrap(&server.url, "Ann", Some(&back.reconnect_token)).await;
    assert_eq!(again.session.session_id, back.session_id());
}
