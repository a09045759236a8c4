//! The letter of RFC 6455 at the real server: what opens a WebSocket, what text and closes may
//! hold, and with which code each fault is answered. The table of all cases of frames is beside the
//! reader in `net`.

use serde_json::json;
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::hostile::{CLOSE, CONTINUATION, HEARTBEAT, PING, Raw, TEXT, frame};
use crate::http::{Answer, ask_on, connect, upgrade};
use crate::world::meadow;

const BINARY: u8 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_that_is_not_utf_8_fails_the_connection_with_1007() {
    let server = Local::plain(meadow(), &[]).await;
    let mut witness = Player::join(&server.url, "Witness", tilemud_schema::Encoding::Json).await;
    let within =
        [br#"{"type":"intent.chat","payload":{"seq":1,"channel":"say","text":""#, &b"\xed\xa0\x80\"}}"[..]].concat();
    let rows: [(&str, Vec<u8>); 9] = [
        ("a byte that never occurs", frame(true, TEXT, b"\xff")),
        ("an overlong slash", frame(true, TEXT, b"\xc0\xaf")),
        ("a surrogate within a message", frame(true, TEXT, &within)),
        ("beyond Unicode", frame(true, TEXT, b"\xf4\x90\x80\x80")),
        ("cut within a character", frame(true, TEXT, b"{}\xe2\x82")),
        (
            "a string that is skipped",
            frame(true, TEXT, b"{\"type\":\"heartbeat\",\"payload\":{\"nonce\":1},\"x\":\"\xfe\"}"),
        ),
        (
            "bad in the second fragment",
            [frame(false, TEXT, b"{\"a\":\""), frame(true, CONTINUATION, b"\x80\"}")].concat(),
        ),
        (
            "bad before the end has come",
            [frame(false, TEXT, b"\xe2\x28"), frame(false, CONTINUATION, b"\xa1")].concat(),
        ),
        (
            "a character that is never finished",
            [frame(false, TEXT, b"\xe2"), frame(true, PING, b""), frame(true, CONTINUATION, b"\x82")].concat(),
        ),
    ];
    for (number, (what, bytes)) in rows.into_iter().enumerate() {
        // Before hello and after it.
        for joined in [false, true] {
            let mut raw = if joined {
                Raw::join(&server.url, &format!("Bad text {number}")).await
            } else {
                Raw::open(&server.url).await
            };
            raw.send(&bytes).await;
            assert_eq!(raw.close_code().await, Some(1007), "{what}, joined: {joined}");
        }
        witness
            .walk(if number % 2 == 0 { tilemud_schema::Direction::East } else { tilemud_schema::Direction::West })
            .await;
    }
    // A character in two fragments is whole.
    let mut raw = Raw::join(&server.url, "Whole").await;
    let said = "{\"type\":\"heartbeat\",\"payload\":{\"nonce\":7},\"x\":\"\u{20ac}\"}".as_bytes();
    let cut = said.iter().position(|byte| *byte == 0xe2).unwrap() + 1;
    raw.send(&[frame(false, TEXT, &said[..cut]), frame(true, CONTINUATION, &said[cut..])].concat()).await;
    raw.until("\"nonce\":7").await;
    // Bytes are no text.
    raw.send(&frame(true, BINARY, b"\xff")).await;
    raw.until("MALFORMED").await;
    raw.send(&frame(true, TEXT, HEARTBEAT)).await;
    raw.until("\"nonce\":7").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_that_may_not_be_sent_is_answered_1002_and_any_other_with_its_code() {
    let server = Local::plain(meadow(), &[]).await;
    let close = |code: u16, reason: &[u8]| frame(true, CLOSE, &[&code.to_be_bytes()[..], reason].concat());
    let mut rows = vec![
        ("one byte".to_owned(), frame(true, CLOSE, b"\x03"), 1002),
        ("nothing".to_owned(), frame(true, CLOSE, b""), 1000),
        ("a reason that is not UTF-8".to_owned(), close(1000, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80"), 1002),
        ("a reason cut within a character".to_owned(), close(1000, b"\xe2\x82"), 1002),
        ("the longest reason".to_owned(), close(1000, &[b'*'; 123]), 1000),
        ("while a message has begun".to_owned(), [frame(false, TEXT, b"{"), close(1001, b"")].concat(), 1001),
        ("with more behind it".to_owned(), [close(1001, b""), frame(true, TEXT, HEARTBEAT)].concat(), 1001),
    ];
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, u16::MAX] {
        rows.push((code.to_string(), close(code, b""), 1002));
        rows.push((format!("{code} with a reason"), close(code, b"bye"), 1002));
    }
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999] {
        rows.push((code.to_string(), close(code, "tsch\u{fc}ss".as_bytes()), code));
    }
    for (number, (what, bytes, answer)) in rows.into_iter().enumerate() {
        let mut raw = match number % 3 {
            0 => Raw::join(&server.url, &format!("Closing {number}")).await,
            _ => Raw::open(&server.url).await,
        };
        raw.send(&bytes).await;
        assert_eq!(raw.close_code().await, Some(answer), "{what}");
    }
}

/// The right request with these headers in place of those of the same name.
async fn open_with(url: &str, http: &str, without: &str, with: &[(&str, &str)]) -> Answer {
    let host = url.strip_prefix("http://").unwrap();
    let mut headers = upgrade(url).to_vec();
    headers.retain(|(name, _)| *name != without);
    let headers = [&[("Host", host)], &headers[..], with].concat();
    let mut stream = connect(url).await;
    if http == "HTTP/1.1" {
        return ask_on(&mut stream, "GET", "/ws", &headers, "").await;
    }
    crate::http::ask_in(&mut stream, http, "GET", "/ws", &headers).await
}

#[tokio::test]
async fn a_request_for_a_websocket_is_held_to_the_letter() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    assert_eq!(open_with(url, "HTTP/1.1", "", &[]).await.status, 101);
    for version in [None, Some("0"), Some("8"), Some("12"), Some("14"), Some("13, 8"), Some("x")] {
        let with: Vec<_> = version.iter().map(|version| ("Sec-WebSocket-Version", *version)).collect();
        let refused = open_with(url, "HTTP/1.1", "Sec-WebSocket-Version", &with).await;
        assert_eq!((refused.status, refused.header("sec-websocket-version").as_str()), (426, "13"), "{version:?}");
        assert_eq!(refused.header("upgrade"), "websocket");
        assert_eq!(refused.json()["details"]["field"], json!("Sec-WebSocket-Version"));
    }
    let twice = open_with(url, "HTTP/1.1", "", &[("Sec-WebSocket-Version", "13")]).await;
    assert_eq!((twice.status, twice.header("sec-websocket-version").as_str()), (426, "13"));
    for key in ["", "AAAA", "dGhlIHNhbXBsZSBub25jZQ", "not base64 at all!!!!!!!", "dGhlIHNhbXBsZSBub25jZSBsb25nZXI="] {
        let refused = open_with(url, "HTTP/1.1", "Sec-WebSocket-Key", &[("Sec-WebSocket-Key", key)]).await;
        assert_eq!((refused.status, &refused.json()["details"]["field"]), (400, &json!("Sec-WebSocket-Key")), "{key}");
    }
    for (without, with, status) in [
        ("Sec-WebSocket-Key", None, 400),
        ("", Some(("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")), 400),
        ("Upgrade", None, 400),
        ("Upgrade", Some(("Upgrade", "h2c")), 400),
        ("Connection", None, 400),
        ("Connection", Some(("Connection", "keep-alive")), 400),
        ("Sec-WebSocket-Protocol", None, 400),
        ("Sec-WebSocket-Protocol", Some(("Sec-WebSocket-Protocol", "chat")), 400),
        ("Upgrade", Some(("Upgrade", "h2c, WebSocket")), 101),
        ("Connection", Some(("Connection", "keep-alive, upgrade")), 101),
        ("", Some(("Sec-WebSocket-Extensions", "permessage-deflate")), 101),
    ] {
        let answer = open_with(url, "HTTP/1.1", without, with.as_slice()).await;
        assert_eq!(answer.status, status, "without {without:?}, with {with:?}");
        assert_eq!(answer.header("sec-websocket-extensions"), "", "none is agreed on");
    }
    let refused = open_with(url, "HTTP/1.0", "", &[]).await;
    assert_eq!((refused.status, &refused.json()["details"]["field"]), (400, &json!("Upgrade")));
}
