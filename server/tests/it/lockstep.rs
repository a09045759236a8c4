//! S10, T015, T087, FR-009: the operator changes the accepted version while players are in.

use std::path::Path;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::{ClientMessage, Encoding, ServerMessage};
use tilemud_support::player::{Closed, Connection, DEADLINE, Player, bootstrap, call, hello, token};
use tilemud_support::process::{Process, command};

const NEXT: &str = "9.9.9+0badc0de";

fn write_config(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}

async fn version(url: &str) -> Value {
    call(url, Method::GET, "/api/version", None, None).await.1
}

#[tokio::test]
async fn s10_on_sighup_players_with_another_version_are_told_and_nobody_else_gets_in() {
    let data = tempfile::tempdir().unwrap();
    let config = data.path().join("tilemud.toml");
    write_config(&config, "");
    let server = Process::run(command(data.path(), &["--config", config.to_str().unwrap()]));
    let url = &server.url;
    let own = tilemud_schema::version();
    let before = version(url).await;
    assert_eq!(before["version"], json!(own));
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    let late = bootstrap(url, "Late", None).await;

    // Nothing changes with a file that cannot be used, or one that says what holds already.
    write_config(&config, "accept_version = 7");
    server.reload();
    ann.heartbeat(1).await;
    write_config(&config, &format!("accept_version = \"{own}\""));
    server.reload();
    bob.heartbeat(1).await;

    write_config(&config, &format!("accept_version = \"{NEXT}\""));
    server.reload();
    for player in [&mut ann, &mut bob] {
        let (messages, closed) = player.connection.drain().await;
        assert_eq!(closed, Closed(4002));
        let mut last = messages.iter().rev();
        assert!(matches!(last.next(), Some(ServerMessage::Disconnect(event))
            if u16::from(event.code) == 4002 && event.at.is_some() && event.message.is_some()));
        assert!(
            matches!(last.next(), Some(ServerMessage::VersionMismatch { expected, received, message, disconnect_at })
            if expected == NEXT && received == own && message.is_some() && disconnect_at.is_some())
        );
    }

    let after = version(url).await;
    assert_eq!(after["version"], json!(NEXT));
    assert!(after["updated_at"].as_str() > before["updated_at"].as_str(), "{before} {after}");
    let body = json!({ "client_version": own, "reconnect_token": ann.reconnect_token });
    let bearer = token(url, "Ann").await;
    let (status, refusal) = call(url, Method::POST, "/api/session/bootstrap", Some(&bearer), Some(body)).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::UPGRADE_REQUIRED, &json!("UPDATE_REQUIRED")));
    assert_eq!((&refusal["category"], &refusal["retryable"]), (&json!("VERSION"), &json!(false)));
    assert_eq!(refusal["details"], json!({ "expected": NEXT, "received": own }));
    // A ticket from before the change does not help.
    let mut connection = Connection::open(url, Encoding::Json).await;
    let hello = hello(late.session.session_id, &late.realtime.ticket);
    connection.send(&ClientMessage::Hello(hello)).await;
    let (messages, closed) = connection.drain().await;
    assert_eq!(closed, Closed(4002));
    assert!(matches!(&messages[0], ServerMessage::VersionMismatch { expected, .. } if expected == NEXT));

    // Taken back, everybody may return to where they were.
    write_config(&config, &format!("accept_version = \"{own}\""));
    server.reload();
    let started = std::time::Instant::now();
    while version(url).await["version"] != json!(own) {
        assert!(started.elapsed() < DEADLINE);
    }
    let back = Player::resume(url, "Ann", &ann.reconnect_token, Encoding::Json, None).await;
    assert_eq!(back.session_id(), ann.session_id());
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test]
async fn a_server_may_be_started_for_another_version() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--accept-version", NEXT]);
    assert_eq!(version(&server.url).await["version"], json!(NEXT));
    let bearer = token(&server.url, "Ann").await;
    let body = json!({ "client_version": NEXT });
    let path = "/api/session/bootstrap";
    let (status, body) = call(&server.url, Method::POST, path, Some(&bearer), Some(body)).await;
    assert_eq!((status, &body["version"]), (StatusCode::OK, &json!(NEXT)));
}
