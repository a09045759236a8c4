//! The REST calls and the error shape (T079, FR-013, FR-020).

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::Encoding;
use tilemud_support::player::{Player, bootstrap, call, token};
use tilemud_support::process::{Local, Process};

use crate::world::meadow;

fn assert_error(body: &Value, code: &str, category: &str, retryable: bool) {
    assert_eq!(
        (&body["code"], &body["category"], &body["retryable"]),
        (&json!(code), &json!(category), &json!(retryable)),
        "{body}"
    );
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    assert!(body["correlation_id"].as_str().is_some_and(|id| id.len() == 36), "{body}");
}

#[tokio::test]
async fn bootstrap_refusals_have_the_error_shape_and_their_status() {
    let server = Local::plain(meadow(), &["--max-sessions", "1"]).await;
    let url = &server.url;
    let version = tilemud_schema::version();
    let path = "/api/session/bootstrap";
    let bearer = token(url, "Ann").await;
    let post = async |bearer: Option<&str>, body: Value| call(url, Method::POST, path, bearer, Some(body)).await;

    let (status, body) = post(None, json!({ "client_version": version })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_error(&body, "AUTH_TOKEN_MISSING", "AUTH", false);

    let (status, body) = post(Some("not.a.token"), json!({ "client_version": version })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_error(&body, "AUTH_TOKEN_INVALID", "AUTH", false);

    let (status, body) = post(Some(&bearer), json!({ "client_version": "0.0.1+00000000" })).await;
    assert_eq!(status, StatusCode::UPGRADE_REQUIRED);
    assert_error(&body, "UPDATE_REQUIRED", "VERSION", false);
    assert_eq!(body["details"], json!({ "expected": version, "received": "0.0.1+00000000" }));

    let (status, body) = post(Some(&bearer), json!({ "display_name": "Ann" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_error(&body, "MALFORMED", "VALIDATION", false);

    let long = "n".repeat(25);
    let (status, body) = post(Some(&bearer), json!({ "client_version": version, "display_name": long })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_error(&body, "INTENT_INVALID", "VALIDATION", false);

    let (status, body) =
        post(Some(&bearer), json!({ "client_version": version, "display_name": "n".repeat(20_000) })).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_error(&body, "PAYLOAD_TOO_LARGE", "VALIDATION", false);

    bootstrap(url, "Ann", None).await;
    let other = token(url, "Bob").await;
    let (status, body) = post(Some(&other), json!({ "client_version": version, "display_name": "ANN" })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_error(&body, "NAME_TAKEN", "VALIDATION", false);

    let (status, body) = post(Some(&other), json!({ "client_version": version, "display_name": "Bob" })).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_error(&body, "CAPACITY_FULL", "CAPACITY", true);
    assert!(body["details"]["retry_after_ms"].as_u64().is_some_and(|ms| ms > 0));
    // Somebody who is in already does not need a second place.
    bootstrap(url, "Ann", None).await;
}

#[tokio::test]
async fn t077_another_players_character_and_session_are_forbidden() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let ann = Player::join(url, "Ann", Encoding::Json).await;
    let (ann_token, bob_token) = (token(url, "Ann").await, token(url, "Bob").await);
    let path = format!("/api/character/{}", ann.bootstrap.state.character.character_id);
    let (status, body) = call(url, Method::GET, &path, Some(&ann_token), None).await;
    assert_eq!((status, &body["display_name"]), (StatusCode::OK, &json!("Ann")));
    let (status, body) = call(url, Method::GET, &path, Some(&bob_token), None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_error(&body, "FORBIDDEN", "AUTH", false);
    let logout = json!({ "session_id": ann.bootstrap.session.session_id });
    let (status, body) = call(url, Method::POST, "/api/session/logout", Some(&bob_token), Some(logout.clone())).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_error(&body, "FORBIDDEN", "AUTH", false);
    let log_out = async || call(url, Method::POST, "/api/session/logout", Some(&ann_token), Some(logout.clone())).await;
    assert_eq!(log_out().await.0, StatusCode::NO_CONTENT);
    // Whether or not the world has let go of the character yet.
    let (status, body) = log_out().await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_error(&body, "SESSION_NOT_FOUND", "AUTH", false);
}

#[tokio::test]
async fn health_version_world_and_metrics_answer_as_documented() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let get = async |path: &str| call(&server.url, Method::GET, path, None, None).await;
    let (status, health) = get("/api/health").await;
    assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("ok")));
    assert_eq!(health["dependencies"]["database"]["status"], json!("available"));
    assert_eq!((&health["capacity"]["max_sessions"], &health["tick"]["rate_hz"]), (&json!(1000), &json!(20)));
    let (_, version) = get("/api/version").await;
    assert_eq!(version["version"], json!(tilemud_schema::version()));
    let (_, world) = get("/api/world").await;
    let area = world["width"].as_u64().unwrap() * world["height"].as_u64().unwrap();
    assert!(area >= 128 * 128);
    assert_eq!(world["tiles"].as_array().unwrap().len() as u64, area);
    for probe in ["/livez", "/readyz", "/metrics", world["tileset"]["image"].as_str().unwrap()] {
        assert_eq!(get(probe).await.0, StatusCode::OK, "{probe}");
    }
    let (status, body) = get("/no/such/page").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_error(&body, "MALFORMED", "VALIDATION", false);
}

#[tokio::test]
async fn bad_configuration_ends_with_code_2_and_names_the_place() {
    let data = tempfile::tempdir().unwrap();
    let no_map = data.path().join("nowhere.tmx");
    let no_map = no_map.to_str().unwrap();
    for (flags, place) in [
        (vec!["--tick-hz", "0"], "--tick-hz"),
        (vec!["--world", no_map], "nowhere.tmx"),
        (vec!["--tls-cert", no_map, "--tls-key", no_map], "nowhere.tmx"),
    ] {
        let output = tilemud_support::process::command(data.path(), &flags).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(place), "{said}");
    }
}
