//! FR-014, NFR-007: whatever strangers, one connection or one player do, as fast as they can, the
//! log stays small, and the sum of what they did is in it.

use std::sync::Arc;
use std::time::Instant;

use hyper::{Method, StatusCode};
use rustls::pki_types::ServerName;
use tilemud_persist::testing::CertificateAuthority;
use tilemud_support::player::{exchange, token};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::hostile::{HEARTBEAT, PING, Raw, TEXT, frame};
use crate::logs::Desk;

/// What one connection may add in an interval of ten seconds, bytes: its first lines are written at
/// once, so a short flood is measured as if it had filled its interval.
const INTERVAL: u64 = 1_000_000 / 6;

/// Stops the server and holds its log against a megabyte a minute, which is what one connection may
/// add, and `at_once` bytes.
fn assert_small(desk: &mut Desk, begun: Instant, floods: u64, at_once: u64) {
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    desk.stop();
    let (bytes, allowed) = (desk.text().len() as u64, (1_000_000.0 * minutes) as u64 + at_once);
    println!("{bytes} bytes of log for {floods} in {minutes:.2} minutes");
    assert!(bytes < allowed, "{bytes} bytes for {floods} in {minutes:.2} minutes");
    assert!(floods > 1_000, "that was no flood: {floods}");
}

#[tokio::test]
async fn strangers_cannot_fill_the_log_and_the_sum_of_what_they_did_is_there() {
    const REQUESTS: u64 = 600;
    let mut desk = Desk::start(&[]);
    let url = desk.url.clone();
    let path = format!("/api/character/{}", uuid::Uuid::nil());
    for _ in 0..REQUESTS {
        let (status, ..) = exchange(&url, Method::GET, &path, Some("not.a.token"), None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let lines = desk.stop();
    let refused = lines.iter().filter(|line| line["message"] == "request refused").count() as u64;
    let sums: Vec<_> = lines.iter().filter(|line| line["repeats"].is_u64()).collect();
    let summed: u64 = sums.iter().map(|line| line["repeats"].as_u64().unwrap()).sum();
    assert_eq!(refused + summed, REQUESTS, "{sums:?}");
    assert!(refused <= 20 * (sums.len() as u64 + 1), "{refused} lines in {} intervals", sums.len());
    assert!(sums.iter().all(|line| line["code"] == "AUTH_TOKEN_INVALID" && line["interval_s"].is_u64()), "{sums:?}");
    let said = sums[0]["message"].as_str().unwrap();
    assert!(said.contains(" more in ") && said.ends_with(" s: request refused"), "{said}");
}

/// Asks the same again and again on one connection without waiting, up to so many answers or a few
/// refusals for the rate.
async fn flood(url: &str, request: &str) -> usize {
    const ANSWERS: usize = 300;
    let mut socket = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let (mut read, mut write) = socket.split();
    let writing = async {
        while write.write_all(request.as_bytes()).await.is_ok() {}
        std::future::pending::<()>().await;
    };
    let reading = async {
        let (mut text, mut answers, mut limited) = (Vec::new(), 0, 0);
        while answers < ANSWERS && limited < 3 {
            if read.read_buf(&mut text).await.unwrap_or(0) == 0 {
                break;
            }
            let received = String::from_utf8_lossy(&text);
            answers += received.matches("HTTP/1.1 ").count();
            limited += received.matches("HTTP/1.1 429").count();
            // An answer that has begun is counted when it is whole.
            let rest = received.rfind("HTTP/1.1 ").filter(|at| received.len() - at < "HTTP/1.1 429".len());
            answers -= usize::from(rest.is_some());
            text = rest.map_or_else(Vec::new, |at| received.as_bytes()[at..].to_vec());
        }
        answers
    };
    tokio::select! {
        answers = reading => answers,
        () = writing => unreachable!(),
    }
}

#[tokio::test]
async fn one_connection_adds_less_than_a_megabyte_a_minute_to_the_log_whatever_it_asks() {
    let mut desk = Desk::start(&[]);
    let url = desk.url.clone();
    let good = token(&url, "Ann").await;
    let wrong = "Authorization: Bearer not.a.token\r\n";
    let own = format!("Authorization: Bearer {good}\r\n");
    let call = |line: &str, headers: &str| format!("{line} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
    let post = |path: &str, headers: &str, body: &str| {
        let length = body.len();
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
    };
    let begun = Instant::now();
    let mut floods = 0_u64;
    for request in [
        call("GET /api/character/0190a5d0-0000-7000-8000-000000000001", wrong),
        call("GET /api/character/0190a5d0-0000-7000-8000-000000000001", ""),
        call("GET /api/character/0190a5d0-0000-7000-8000-000000000001", &own),
        post("/api/session/logout", wrong, "{}"),
        post("/api/session/logout", &own, "[1]"),
        post("/api/session/bootstrap", wrong, "{}"),
        post("/api/session/bootstrap", &own, "{\"client_version\": \"0\"}"),
        post("/dev/token", "", "nonsense"),
        call("GET /ws", ""),
        call("GET /ws", "Origin: https://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"),
        call("DELETE /api/version", ""),
        call("OPTIONS /api/version", "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET\r\n"),
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(),
    ] {
        floods += flood(&url, &request).await as u64;
    }
    assert_small(&mut desk, begun, floods, INTERVAL);
}

#[tokio::test]
async fn faults_of_tls_add_less_than_a_megabyte_a_minute_to_the_log() {
    let authority = CertificateAuthority::new();
    let files = authority.issue("localhost", 30);
    let (cert, key) = (files.cert.to_str().unwrap(), files.key.to_str().unwrap());
    let mut desk = Desk::start(&["--tls-cert", cert, "--tls-key", key]);
    let address = desk.url.strip_prefix("https://").expect("encrypted").to_owned();
    let begun = Instant::now();
    let mut floods = 0;
    let faults: [&[u8]; 6] = [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\xff\xff\x01",
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        b"\x15\x03\x03\x00\x02\x02\x28",
        &[0xff; 2_000],
    ];
    for fault in faults {
        for _ in 0..200 {
            let mut socket = TcpStream::connect(&address).await.unwrap();
            // One that has had enough is found out by reading.
            let _ = socket.write_all(fault).await;
            let _ = socket.shutdown().await;
            let _ = socket.read_to_end(&mut Vec::new()).await;
            floods += 1;
        }
    }
    // Whoever does not believe the server says so, which is an alert at its end.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = Arc::new(client.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth());
    for _ in 0..100 {
        let socket = TcpStream::connect(&address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        assert!(tokio_rustls::TlsConnector::from(Arc::clone(&client)).connect(name, socket).await.is_err());
        floods += 1;
    }
    assert_small(&mut desk, begun, floods, INTERVAL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_adds_less_than_a_megabyte_a_minute_to_the_log_whatever_it_sends() {
    /// Messages of each kind: some seconds' worth of what is read of one player.
    const MESSAGES: u64 = 300;
    /// Lines of one kind and player that an interval of the log has at most, before they are summed
    /// (docs/logs.md).
    const LINES: u64 = 60;
    /// Such a line, at most.
    const LINE_BYTES: u64 = 450;
    /// Connections of a kind that ends its connection.
    const CONNECTIONS: u64 = 20;
    let mut desk = Desk::start(&[]);
    let say = |seq: u64, to: &str| format!(r#"{{"type":"intent.chat","payload":{{"seq":{seq},{to}}}}}"#);
    let text = |text: String| frame(true, TEXT, text.as_bytes());
    type Message<'a> = Box<dyn Fn(u64) -> Vec<u8> + 'a>;
    let kinds: Vec<(&str, Message<'_>)> = vec![
        ("nonsense", Box::new(|_| text("nonsense".to_owned()))),
        ("a type there is not", Box::new(|_| text(r#"{"type":"dance","payload":{}}"#.to_owned()))),
        (
            "steps too fast",
            Box::new(|seq| text(format!(r#"{{"type":"intent.move","payload":{{"seq":{seq},"direction":"north"}}}}"#))),
        ),
        ("words too fast", Box::new(|seq| text(say(seq, r#""channel":"say","text":"a""#)))),
        ("words that are none", Box::new(|seq| text(say(seq, r#""channel":"say","text":" ""#)))),
        ("whispers to nobody", Box::new(|seq| text(say(seq, r#""channel":"whisper","to":"Nobody","text":"a""#)))),
        ("a gap", Box::new(|_| text(say(1_000_000, r#""channel":"say","text":"a""#)))),
        ("a repeat", Box::new(|_| text(say(1, r#""channel":"say","text":"a""#)))),
        (
            "actions without steps",
            Box::new(|seq| text(format!(r#"{{"type":"intent.action","payload":{{"seq":{seq},"steps":[]}}}}"#))),
        ),
        ("resyncs", Box::new(|_| text(r#"{"type":"resync","payload":{}}"#.to_owned()))),
        ("pings", Box::new(|_| frame(true, PING, b"a"))),
        ("reserved bits", Box::new(|_| vec![0xf1, 0x80, 1, 2, 3, 4])),
        ("no mask", Box::new(|_| vec![0x81, 1, b'a'])),
        ("logouts", Box::new(|_| text(r#"{"type":"logout","payload":{}}"#.to_owned()))),
    ];
    let begun = Instant::now();
    let mut sending = JoinSet::new();
    for (kind, message) in kinds {
        let messages: Vec<u8> = (1..=MESSAGES).flat_map(message).chain(frame(true, TEXT, HEARTBEAT)).collect();
        let url = desk.url.clone();
        sending.spawn(async move {
            for _ in 0..CONNECTIONS {
                let mut raw = Raw::join(&url, kind).await;
                raw.send(&messages).await;
                if raw.hears("\"nonce\":7").await {
                    break;
                }
            }
        });
    }
    let kinds = sending.len() as u64;
    sending.join_all().await;
    // All of them together stay below what one of them may add, once the first lines of each are
    // written.
    assert_small(&mut desk, begun, kinds * MESSAGES, kinds * LINES * LINE_BYTES);
}
