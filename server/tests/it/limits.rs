//! T013, T059: every limit refuses with the error shape and says when to come again.

use hyper::header::{CONNECTION, HOST, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::{Action, ActionIntent, ClientMessage, Details, Encoding, ErrorCategory, ErrorCode, ServerMessage};

use crate::player::{Player, exchange, token};
use crate::process::Local;
use crate::world::meadow;

/// Sends intents of one kind, more than one second's worth; how many of them were refused by the limit.
async fn refused(
    player: &mut Player,
    limit: &str,
    per_s: u32,
    count: u64,
    send: impl Fn(u64) -> ClientMessage,
) -> usize {
    let first = player.seq;
    for seq in first..first + count {
        player.connection.send(&send(seq)).await;
    }
    player.seq += count;
    let (mut answered, mut refused) = (0, 0);
    while answered < count {
        match player.next().await {
            ServerMessage::Ack(tilemud_schema::Ack::Intents { acks, .. }) => answered += acks.len() as u64,
            ServerMessage::Error { seq: Some(_), error } => {
                answered += 1;
                if error.code != ErrorCode::RateLimited {
                    continue;
                }
                refused += 1;
                assert_eq!((error.category, error.retryable), (ErrorCategory::RateLimit, true));
                let Some(Details::Limit { limit: which, retry_after_ms }) = error.details else { panic!("no details") };
                assert_eq!(which, limit);
                assert!((1..=u64::from(1_000 / per_s)).contains(&retry_after_ms), "{retry_after_ms}");
            }
            _ => {}
        }
    }
    refused
}

#[tokio::test]
async fn t013_chat_and_actions_beyond_their_limits_are_refused_and_the_numbers_are_consumed() {
    let server = Local::plain(meadow(), &["--chat-per-s", "2", "--action-per-s", "4"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let chat = |seq| {
        ClientMessage::Chat(tilemud_schema::ChatIntent {
            seq,
            channel: tilemud_schema::ChatChannel::Say,
            text: "Hello".into(),
            to: None,
        })
    };
    let action = |seq| ClientMessage::Action(ActionIntent { seq, steps: vec![Action::Open { x: 0, y: 0 }] });
    let chats = refused(&mut ann, "chat", 2, 5, chat).await;
    assert!((2..=3).contains(&chats), "{chats} of 5");
    let (_, _, metrics) = exchange(&server.url, Method::GET, "/metrics", None, None).await;
    let count = format!("rate_limited_total{{limit=\"chat\"}} {chats}\n");
    assert!(String::from_utf8_lossy(&metrics).contains(&count), "no {count}");
    let actions = refused(&mut ann, "action", 4, 9, action).await;
    assert!((4..=5).contains(&actions), "{actions} of 9");
    // One limit does not eat into another, and the numbers go on.
    ann.walk(tilemud_schema::Direction::East).await;
}

/// The refusal of an address: status, header and body say the same.
fn assert_refused(status: StatusCode, headers: &hyper::HeaderMap, body: &[u8], limit: &str) {
    let body: Value = serde_json::from_slice(body).expect("JSON");
    assert_eq!((status, &body["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("RATE_LIMITED")));
    assert_eq!((&body["category"], &body["retryable"]), (&json!("RATE_LIMIT"), &json!(true)));
    assert_eq!(body["details"]["limit"], json!(limit));
    let retry_after_ms = body["details"]["retry_after_ms"].as_u64().expect("when to come again");
    assert!((1..=1_000).contains(&retry_after_ms), "{retry_after_ms}");
    assert_eq!(headers["retry-after"], "1");
}

#[tokio::test]
async fn sign_ins_of_one_address_beyond_the_limit_are_refused_before_their_token_is_looked_at() {
    let server = Local::plain(meadow(), &["--sign-in-per-s", "1"]).await;
    let url = &server.url;
    let bearer = token(url, "Ann").await;
    let body = json!({ "client_version": tilemud_schema::version() });
    let mut statuses = Vec::new();
    for attempt in 0..7 {
        let bearer = if attempt < 5 { &*bearer } else { "not.a.token" };
        let (status, headers, answer) =
            exchange(url, Method::POST, "/api/session/bootstrap", Some(bearer), Some(body.clone())).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            assert_refused(status, &headers, &answer, "sign_in");
        }
        statuses.push(status);
    }
    assert_eq!(statuses[..5], [StatusCode::OK; 5]);
    assert!(statuses[5..].contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    // Other calls, and those who are in, are not held up by it.
    let (status, _, _) = exchange(url, Method::GET, "/api/version", None, None).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn connects_of_one_address_beyond_the_limit_are_refused() {
    let server = Local::plain(meadow(), &["--connect-per-s", "1"]).await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let (status, headers, body) = upgrade(&server.url).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            assert_refused(status, &headers, &body, "connect");
        }
        statuses.push(status);
    }
    assert_eq!(statuses[..5], [StatusCode::SWITCHING_PROTOCOLS; 5]);
    assert!(statuses[5..].contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
}

/// Asks for an upgrade; what comes back when there is none.
async fn upgrade(url: &str) -> (StatusCode, hyper::HeaderMap, Vec<u8>) {
    use http_body_util::BodyExt as _;
    let authority = url.strip_prefix("http://").unwrap();
    let stream = tokio::net::TcpStream::connect(authority).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    let driver = tokio::spawn(connection.with_upgrades());
    let request = Request::get("/ws")
        .header(HOST, authority)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "Upgrade")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_PROTOCOL, Encoding::Json.subprotocol())
        .body(http_body_util::Empty::<bytes::Bytes>::new())
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = if status == StatusCode::SWITCHING_PROTOCOLS {
        Vec::new()
    } else {
        answer.into_body().collect().await.unwrap().to_bytes().to_vec()
    };
    driver.abort();
    (status, headers, body)
}
