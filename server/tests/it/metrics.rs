//! FR-019, T007, T039, T057, T063: the counters of sessions count what happens, where it happens,
//! as GET /metrics shows.

use hyper::Method;
use serde_json::json;
use tilemud_schema::{ClientMessage, Direction, Encoding, Hello};
use tilemud_support::player::{Closed, Connection, Player, bootstrap, call, exchange, token};
use tilemud_support::process::Local;

use crate::world::meadow;

const COUNTED: [&str; 6] = [
    "connect_attempts_total",
    "connect_success_total",
    "reconnect_attempts_total",
    "reconnect_success_total",
    "version_reject_total",
    "active_sessions_gauge",
];

/// The values of [`COUNTED`], in that order.
async fn counted(url: &str) -> [u64; 6] {
    let (_, _, body) = exchange(url, Method::GET, "/metrics", None, None).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    COUNTED.map(|name| value(&text, name) as u64)
}

fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not there:\n{text}")).parse().unwrap()
}

#[tokio::test]
async fn connects_reconnects_and_rejects_are_counted_once_each() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    assert_eq!(counted(url).await, [0; 6]);
    // A bad token is an attempt.
    let path = "/api/session/bootstrap";
    let body = json!({ "client_version": tilemud_schema::version() });
    call(url, Method::POST, path, Some("not.a.token"), Some(body)).await;
    assert_eq!(counted(url).await, [1, 0, 0, 0, 0, 0]);
    // A bootstrap takes a place, and is no success yet.
    let boot = bootstrap(url, "Ann", None).await;
    assert_eq!(counted(url).await, [2, 0, 0, 0, 0, 1]);
    let ann = Player::enter(url, boot, Encoding::Json, None, None).await;
    assert_eq!(counted(url).await, [2, 1, 0, 0, 0, 1]);
    let used = ann.reconnect_token.clone();
    drop(ann);
    let mut ann = Player::resume(url, "Ann", &used, Encoding::Json, None).await;
    assert_eq!(counted(url).await, [3, 2, 1, 1, 0, 1]);
    // A replay is an attempt to reconnect that does not succeed, though a fresh session begins.
    let fresh = Player::resume(url, "Ann", &used, Encoding::Json, None).await;
    assert_eq!(counted(url).await, [4, 3, 2, 1, 0, 1]);
    assert_eq!(ann.connection.drain().await.1, Closed(4005));
    drop(fresh);

    let outdated = json!({ "client_version": "0.0.1+00000000" });
    call(url, Method::POST, path, Some(&token(url, "Bob").await), Some(outdated)).await;
    assert_eq!(counted(url).await[4], 1);
    let mut connection = Connection::open(url, Encoding::Json).await;
    let hello = Hello {
        session_id: tilemud_schema::SessionId(uuid::Uuid::nil()),
        ticket: String::new(),
        client_version: "0.0.1+00000000".to_owned(),
        last_tick: None,
        oldest_unanswered_seq: None,
        next_seq: None,
    };
    connection.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(connection.drain().await.1, Closed(4002));
    assert_eq!(counted(url).await[4], 2);
}

#[tokio::test]
async fn action_latency_and_forced_refreshes_are_counted() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    ann.walk(Direction::East).await;
    ann.walk(Direction::West).await;
    ann.connection.send(&ClientMessage::Resync {}).await;
    ann.delta_where(|delta| delta.full).await;
    let (_, headers, body) = exchange(url, Method::GET, "/metrics", None, None).await;
    assert!(headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert_eq!(value(&text, "action_latency_ms_count"), 2.0);
    assert!(value(&text, "latency_p95") > 0.0);
    assert_eq!(value(&text, "state_refresh_forced_total"), 1.0);
    assert!((0.0..=1.0).contains(&value(&text, "cache_hit_ratio")));
    assert!(!text.contains("Ann") && !text.contains(&*ann.bootstrap.session.user_id.0), "no player in a label");
}
