//! T013, T059: every limit refuses with the error shape and says when to come again.

use bytes::Bytes;
use hyper::header::{CONNECTION, HOST, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::{
    Ack, Action, ChatChannel, ClientMessage, Details, Direction, Emote, Encoding, ErrorCategory, ErrorCode, Intent,
    ServerMessage,
};
use tilemud_support::player::{DEADLINE, Player, bootstrap, bootstrap_as, exchange, token};
use tilemud_support::process::Local;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use crate::world::meadow;

/// Sends intents of one kind, more than one second's worth; how many of them were refused by the
/// limit, which are all but what was there at once and what has flowed in meanwhile.
async fn refused(player: &mut Player, limit: &str, per_s: u32, count: u64, send: impl Fn(u64) -> ClientMessage) -> u64 {
    let begun = Instant::now();
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
    let allowed = burst_and_inflow(per_s, per_s, begun);
    let passed = count - refused;
    assert!((u64::from(per_s)..=allowed).contains(&passed), "{limit}: {passed} of {count}, {allowed} allowed");
    refused
}

/// How many may have come since then where so many may come at once.
fn burst_and_inflow(at_once: u32, per_s: u32, begun: Instant) -> u64 {
    u64::from(at_once) + (begun.elapsed() * per_s).as_secs()
}

#[tokio::test]
async fn t013_chat_actions_and_emotes_beyond_their_limits_are_refused_and_the_numbers_are_consumed() {
    let server = Local::plain(meadow(), &["--chat-per-s", "2", "--action-per-s", "4"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let chat = |seq| ClientMessage::Intent {
        seq,
        intent: Intent::Chat { channel: tilemud_schema::ChatChannel::Say, text: "Hello".into(), to: None },
    };
    let action =
        |seq| ClientMessage::Intent { seq, intent: Intent::Action { steps: vec![Action::Open { x: 0, y: 0 }] } };
    let chats = refused(&mut ann, "chat", 2, 5, chat).await;
    let (_, _, metrics) = exchange(&server.url, Method::GET, "/metrics", None, None).await;
    let count = format!("rate_limited_total{{limit=\"chat\"}} {chats}\n");
    assert!(String::from_utf8_lossy(&metrics).contains(&count), "no {count}");
    refused(&mut ann, "action", 4, 9, action).await;
    let emote = |seq| ClientMessage::Intent { seq, intent: Intent::Emote { emote: Emote::Cheer } };
    refused(&mut ann, "emote", 2, 5, emote).await;
    // One limit does not eat into another, and the numbers go on.
    ann.walk(tilemud_schema::Direction::East).await;
}

/// The refusal of an address: status, header and body say the same.
fn assert_refused(status: StatusCode, headers: &HeaderMap, body: &[u8], limit: &str) {
    let body: Value = serde_json::from_slice(body).expect("JSON");
    assert_eq!((status, &body["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("RATE_LIMITED")));
    assert_eq!((&body["category"], &body["retryable"]), (&json!("RATE_LIMIT"), &json!(true)));
    assert_eq!(body["details"]["limit"], json!(limit));
    let retry_after_ms = body["details"]["retry_after_ms"].as_u64().expect("when to come again");
    assert!((1..=1_000).contains(&retry_after_ms), "{retry_after_ms}");
    assert_eq!(headers["retry-after"], "1");
}

/// Asks until it is refused: five come at once, and one more a second.
async fn assert_limited_to_one_per_s(
    limit: &str,
    granted: StatusCode,
    mut ask: impl AsyncFnMut() -> (StatusCode, HeaderMap, Bytes),
) {
    let (begun, mut passed) = (Instant::now(), 0);
    loop {
        let (status, headers, body) = ask().await;
        if status != granted {
            assert_refused(status, &headers, &body, limit);
            break;
        }
        passed += 1;
        let allowed = burst_and_inflow(5, 1, begun);
        assert!(passed <= allowed && begun.elapsed() < DEADLINE, "{limit}: {passed} passed, {allowed} allowed");
    }
    assert!(passed >= 5, "{limit}: only {passed} passed");
}

#[tokio::test]
async fn sign_ins_of_one_address_beyond_the_limit_are_refused() {
    let server = Local::plain(meadow(), &["--sign-in-per-s", "1"]).await;
    let url = &server.url;
    let bearer = token(url, "Ann").await;
    let body = json!({ "client_version": tilemud_schema::version() });
    assert_limited_to_one_per_s("sign_in", StatusCode::OK, async || {
        exchange(url, Method::POST, "/api/session/bootstrap", Some(&bearer), Some(body.clone())).await
    })
    .await;
    // Other calls, and those who are in, are not held up by it.
    let (status, _, _) = exchange(url, Method::GET, "/api/version", None, None).await;
    assert_eq!(status, StatusCode::OK);
}

/// What one connection is answered to this, sent so many times over.
async fn statuses(url: &str, request: &str, times: usize) -> Vec<String> {
    let mut socket = tokio::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let last = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    socket.write_all((request.repeat(times - 1) + &last).as_bytes()).await.unwrap();
    let mut answers = Vec::new();
    tokio::time::timeout(DEADLINE, socket.read_to_end(&mut answers)).await.expect("in time").unwrap();
    let answers = String::from_utf8(answers).unwrap();
    answers.split("HTTP/1.1 ").skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_thousand_bad_tokens_of_one_address_keep_nobody_there_from_signing_in() {
    const CONNECTIONS: usize = 100;
    let flags = ["--sign-in-per-s", "1", "--call-per-s", "1", "--connect-per-s", "1000"];
    let server = Local::plain(meadow(), &flags).await;
    let good = token(&server.url, "Ann").await;
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let begun = Instant::now();
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        let authorization = match number % 4 {
            0 => String::new(),
            1 => "Authorization: Bearer not.a.token\r\n".to_owned(),
            2 => format!("Authorization: Bearer {good}\r\nAuthorization: Bearer {good}\r\n"),
            _ => format!("Authorization: Bearer {forged}\r\n"),
        };
        let call = ["POST /api/session/bootstrap", "POST /api/session/logout", "GET /api/character/1"][number % 3];
        let request = format!("{call} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Length: 0\r\n\r\n");
        let url = server.url.clone();
        asking.spawn(async move { statuses(&url, &request, 10).await });
    }
    let answers: Vec<String> = asking.join_all().await.concat();
    let passed = answers.iter().filter(|answer| !answer.starts_with("429")).count() as u64;
    // Sign-ins and other calls are counted apart.
    let allowed = 2 * burst_and_inflow(5, 1, begun);
    assert_eq!(answers.len(), 10 * CONNECTIONS);
    assert!(answers.iter().all(|answer| ["400", "401", "429"].contains(&&answer[..3])), "{answers:?}");
    assert!(passed <= allowed, "{passed} passed, {allowed} allowed");
    assert!(answers.iter().all(|answer| !answer.starts_with("429") || answer.contains("\"bad_token\"")), "{answers:?}");
    for user in ["Ann", "Ben", "Clara"] {
        bootstrap(&server.url, user, None).await;
    }
}

#[tokio::test]
async fn connects_of_one_address_beyond_the_limit_are_refused() {
    let server = Local::plain(meadow(), &["--connect-per-s", "1"]).await;
    assert_limited_to_one_per_s("connect", StatusCode::SWITCHING_PROTOCOLS, async || upgrade(&server.url).await).await;
}

/// Asks for an upgrade; what comes back when there is none.
async fn upgrade(url: &str) -> (StatusCode, HeaderMap, Bytes) {
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
        .body(http_body_util::Empty::<Bytes>::new())
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = if status == StatusCode::SWITCHING_PROTOCOLS {
        Bytes::new()
    } else {
        answer.into_body().collect().await.unwrap().to_bytes()
    };
    driver.abort();
    (status, headers, body)
}

/// The statuses of the same request asked so many times on one connection, up to the first that is
/// refused for its rate.
async fn ask_on(url: &str, request: &str, times: usize) -> Vec<StatusCode> {
    let mut socket = tokio::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let (mut read, mut write) = socket.split();
    let requests = request.repeat(times);
    let reading = async {
        let (mut received, mut statuses) = (Vec::new(), Vec::new());
        while statuses.len() < times && statuses.last() != Some(&StatusCode::TOO_MANY_REQUESTS) {
            let count = read.read_buf(&mut received).await.unwrap_or(0);
            assert!(count > 0, "the connection ended after {statuses:?}");
            let text = String::from_utf8_lossy(&received);
            let heads = text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok());
            statuses = heads.collect();
            if let Some(refused) = statuses.iter().position(|status| *status == StatusCode::TOO_MANY_REQUESTS) {
                statuses.truncate(refused + 1);
            }
        }
        statuses
    };
    let writing = async {
        // It stops taking them once it is refused.
        let _ = write.write_all(requests.as_bytes()).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        statuses = tokio::time::timeout(DEADLINE, reading) => statuses.expect("answers in time"),
        () = writing => unreachable!(),
    }
}

fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

#[tokio::test]
async fn every_call_of_an_address_is_limited_and_none_uses_up_what_is_for_another_purpose() {
    let server = Local::plain(meadow(), &["--call-per-s", "1", "--sign-in-per-s", "1"]).await;
    let url = &server.url;
    let ann = bootstrap(url, "Ann", None).await;
    let ben = token(url, "Ben").await;
    let refused = |statuses: &[StatusCode]| statuses.last() == Some(&StatusCode::TOO_MANY_REQUESTS);
    let bearer = "Authorization: Bearer not.a.token\r\n";
    let logout = format!("{bearer}Content-Length: 2\r\n\r\n{{}}");
    let logout = format!("POST /api/session/logout HTTP/1.1\r\nHost: localhost\r\n{logout}");
    let one = ann.state.character.character_id;
    for call in [
        request(&format!("GET /api/character/{one}"), bearer),
        request("GET /api/character/1", ""),
        logout,
        request("GET /metrics", ""),
        request("HEAD /metrics", ""),
        request("GET /api/version", ""),
        request("GET /api/sign-in", ""),
        request("GET /nothing/here", ""),
        request("DELETE /api/version", ""),
        request("OPTIONS /api/world", ""),
        request("OPTIONS *", ""),
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(),
        request("GET /api/session/bootstrap", ""),
        request("DELETE /api/session/bootstrap", ""),
    ] {
        assert!(refused(&ask_on(url, &call, 100).await), "{call}");
    }
    // The last two have not used up any sign-ins, of which not many have flowed in since.
    bootstrap_as(url, &ben, "Ben", None).await;
    // How the server is, and what a page is made of, have limits of their own.
    for path in ["/livez", "/readyz", "/api/health"] {
        let statuses = ask_on(url, &request(&format!("GET {path}"), ""), 200).await;
        assert!(refused(&statuses), "{path}");
        assert!(path != "/livez" || statuses[..5].iter().all(|status| status.is_success()), "{path}: {statuses:?}");
    }
    for path in ["/api/world", "/"] {
        let statuses = ask_on(url, &request(&format!("GET {path}"), ""), 2_000).await;
        assert!(refused(&statuses), "{path}");
        assert!(path != "/api/world" || statuses.len() > 50, "{path}: {}", statuses.len());
    }
    loop {
        let (status, headers, body) = exchange(url, Method::GET, "/nothing/here", None, None).await;
        if status != StatusCode::NOT_FOUND {
            assert_refused(status, &headers, &body, "call");
            break;
        }
    }
    // Whoever wants to play can.
    let mut ann = Player::enter(url, ann, Encoding::Json, None, None).await;
    ann.walk(Direction::East).await;
    let (status, _, _) = exchange(url, Method::POST, "/api/session/bootstrap", None, None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn behind_a_trusted_proxy_calls_are_limited_by_the_address_of_the_player() {
    let server = Local::plain(meadow(), &["--call-per-s", "1", "--trusted-proxy", "127.0.0.1"]).await;
    let from = |address: &str| request("GET /api/version", &format!("X-Forwarded-For: {address}\r\n"));
    let statuses = ask_on(&server.url, &from("192.0.2.1"), 100).await;
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(ask_on(&server.url, &from("192.0.2.2"), 1).await, [StatusCode::OK]);
    let other_subscriber = from("2001:db8:0:1::7");
    assert_eq!(ask_on(&server.url, &other_subscriber, 1).await, [StatusCode::OK]);
}

#[tokio::test]
async fn calls_with_a_good_token_are_limited_by_the_user_wherever_they_come_from() {
    let server = Local::plain(meadow(), &["--user-call-per-s", "1", "--trusted-proxy", "127.0.0.1"]).await;
    let url = &server.url;
    let (ann, ben) = (token(url, "Ann").await, token(url, "Ben").await);
    let profile = |token: &str, address: &str| {
        let headers = format!("Authorization: Bearer {token}\r\nX-Forwarded-For: {address}\r\n");
        request("GET /api/character/0190a5d0-0000-7000-8000-000000000001", &headers)
    };
    let statuses = ask_on(url, &profile(&ann, "192.0.2.1"), 100).await;
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert!(statuses.len() > 6 && statuses[..6].iter().all(|status| *status == StatusCode::FORBIDDEN), "{statuses:?}");
    // From another address it is the same user; at the same address another user is somebody else.
    let again = ask_on(url, &profile(&ann, "192.0.2.2"), 100).await;
    assert_eq!(again.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(ask_on(url, &profile(&ben, "192.0.2.1"), 1).await, [StatusCode::FORBIDDEN]);
    let (_, _, metrics) = exchange(url, Method::GET, "/metrics", None, None).await;
    assert!(String::from_utf8_lossy(&metrics).contains("rate_limited_total{limit=\"user\"}"));
}

/// Sends `count` intents without waiting and says how many took effect.
async fn applied(player: &mut Player, count: u64, send: impl Fn(u64) -> ClientMessage) -> u64 {
    let first = player.seq;
    for seq in first..first + count {
        player.connection.send(&send(seq)).await;
    }
    player.seq += count;
    let (mut answered, mut applied) = (0, 0);
    while answered < count {
        match player.next().await {
            ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                answered += acks.len() as u64;
                applied += acks.len() as u64;
            }
            ServerMessage::Error { seq: Some(_), .. } => answered += 1,
            _ => {}
        }
    }
    applied
}

#[tokio::test]
async fn whoever_reconnects_again_and_again_may_do_no_more_than_whoever_stays() {
    let server = Local::plain(meadow(), &["--move-per-s", "1", "--chat-per-s", "1", "--action-per-s", "1"]).await;
    let url = &server.url;
    let begun = Instant::now();
    let (mut moves, mut chats, mut resume) = (0, 0, None);
    let mut turns = 0;
    while turns < 10 {
        // By turns a fresh session and the same one again.
        let boot = bootstrap(url, "Ann", resume.as_deref()).await;
        let mut ann = Player::enter(url, boot, Encoding::Postcard, None, None).await;
        let direction = if turns % 2 == 0 { Direction::East } else { Direction::West };
        moves += applied(&mut ann, 3, |seq| ClientMessage::Intent { seq, intent: Intent::Move { direction } }).await;
        let chat = |seq| ClientMessage::Intent {
            seq,
            intent: Intent::Chat { channel: ChatChannel::Say, text: "hi".into(), to: None },
        };
        chats += applied(&mut ann, 3, chat).await;
        resume = (turns % 2 == 0).then(|| ann.reconnect_token.clone());
        turns += 1;
    }
    let allowed = 1 + begun.elapsed().as_secs() + 1;
    assert!(moves <= allowed && chats <= allowed, "{moves} moves and {chats} chats, {allowed} allowed");
    // A limit is not a lock.
    assert!(moves >= 1 && chats >= 1);
}

#[tokio::test]
async fn one_player_can_whisper_only_so_much_to_another() {
    let server = Local::plain(meadow(), &["--chat-per-s", "100", "--whisper-per-s", "1"]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let _ben = Player::join(url, "Ben", Encoding::Json).await;
    let _cid = Player::join(url, "Cid", Encoding::Json).await;
    let whisper = |to: &'static str| {
        move |seq| {
            let (channel, text, to) = (ChatChannel::Whisper, "psst".into(), Some(to.into()));
            ClientMessage::Intent { seq, intent: Intent::Chat { channel, text, to } }
        }
    };
    let begun = Instant::now();
    let heard = applied(&mut ann, 30, whisper("Ben")).await;
    let allowed = 5 + begun.elapsed().as_secs() + 1;
    assert!((5..=allowed).contains(&heard), "{heard}, {allowed} allowed");
    assert_eq!(applied(&mut ann, 1, whisper("Cid")).await, 1, "others can be spoken to");
    let (_, _, metrics) = exchange(url, Method::GET, "/metrics", None, None).await;
    assert!(String::from_utf8_lossy(&metrics).contains("rate_limited_total{limit=\"whisper\"}"));
}

#[tokio::test]
async fn however_often_everything_is_asked_for_it_comes_once_a_second_and_once_after_the_last_wish() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut told = Vec::new();
    for _ in 0..3 {
        for _ in 0..20 {
            ann.connection.send(&ClientMessage::Resync {}).await;
            ann.connection
                .send(&ClientMessage::Intent { seq: 999, intent: Intent::Move { direction: Direction::East } })
                .await;
        }
        let full = ann.delta_where(|delta| delta.full).await;
        told.push(full.tick);
    }
    let second = 20;
    assert!(told.windows(2).all(|pair| pair[1] >= pair[0] + second), "{told:?}");
    // The wishes since the last one are still open, or have just been fulfilled by it.
    ann.connection.send(&ClientMessage::Resync {}).await;
    let full = ann.delta_where(|delta| delta.full).await;
    assert!(full.tick >= told[told.len() - 1] + second);
}

#[tokio::test]
async fn new_characters_of_one_address_are_limited_and_those_who_have_one_come_in() {
    let flags = ["--new-characters-per-hour", "3", "--trusted-proxy", "127.0.0.1"];
    let server = Local::plain(meadow(), &flags).await;
    let url = &server.url;
    let enter = |token: &str, address: &str| {
        let body = json!({ "client_version": tilemud_schema::version() }).to_string();
        let headers = format!(
            "Authorization: Bearer {token}\r\nX-Forwarded-For: {address}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        format!("POST /api/session/bootstrap HTTP/1.1\r\nHost: localhost\r\n{headers}")
    };
    let mut tokens = Vec::new();
    for number in 0..5 {
        tokens.push(token(url, &format!("user {number}")).await);
    }
    for (number, expected) in [(0, 200), (1, 200), (2, 200), (3, 429), (4, 429), (0, 200), (2, 200)] {
        let statuses = ask_on(url, &enter(&tokens[number], "192.0.2.1"), 1).await;
        assert_eq!(statuses[0].as_u16(), expected, "user {number}");
    }
    assert_eq!(ask_on(url, &enter(&tokens[3], "192.0.2.2"), 1).await, [StatusCode::OK], "from elsewhere");
    let (_, _, metrics) = exchange(url, Method::GET, "/metrics", None, None).await;
    assert!(String::from_utf8_lossy(&metrics).contains("rate_limited_total{limit=\"new_character\"} 2"));
}
