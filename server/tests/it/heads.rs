//! Heads of requests that do not say what they must: codings of bodies that are not understood, and
//! targets that are none (RFC 9112, 3.2 and 6.1).

use serde_json::json;
use tilemud_support::process::Local;

use crate::http::{Answer, ask, ask_on, connect, exchange};
use crate::world::meadow;

/// Asks the development issuer, with a body in chunks.
async fn in_chunks(url: &str, headers: &str) -> Answer {
    let body = json!({ "user": "Ann" }).to_string();
    let request =
        format!("POST /dev/token HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    exchange(&mut connect(url).await, "POST", request).await
}

#[tokio::test]
async fn a_body_in_a_coding_that_is_not_understood_is_refused_and_ends_the_connection() {
    let server = Local::plain(meadow(), &[]).await;
    for (codings, status) in [
        ("Transfer-Encoding: chunked\r\n", 200),
        ("Transfer-Encoding: Chunked\r\n", 200),
        ("Transfer-Encoding: , chunked\r\n", 200),
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: foo, chunked\r\n", 501),
        ("Transfer-Encoding: identity, chunked\r\n", 501),
        ("Transfer-Encoding: gzip;q=1, chunked\r\n", 501),
        ("Transfer-Encoding: \"x\", chunked\r\n", 501),
        ("Transfer-Encoding: foo\r\nTransfer-Encoding: chunked\r\n", 501),
        ("Transfer-Encoding: chunked, chunked\r\n", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
    ] {
        let answer = in_chunks(&server.url, codings).await;
        assert_eq!(answer.status, status, "{codings}");
        if status != 200 {
            let error = answer.json();
            let said = (&error["code"], &error["details"]["field"], answer.header("connection"));
            assert_eq!(said, (&json!("MALFORMED"), &json!("Transfer-Encoding"), "close".to_owned()), "{codings}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_compressed_is_refused_with_the_way_it_must_be() {
    let server = Local::plain(meadow(), &[]).await;
    for (coding, status) in [("gzip", 415), ("br, gzip", 415), ("nonsense", 415), ("identity", 200), ("", 200)] {
        let headers = [("Host", "localhost"), ("Content-Encoding", coding)];
        let body = json!({ "user": "Ann" }).to_string();
        let answer = ask_on(&mut connect(&server.url).await, "POST", "/dev/token", &headers, &body).await;
        assert_eq!(answer.status, status, "{coding}");
        if status != 200 {
            let error = answer.json();
            assert_eq!((&error["code"], &error["details"]["field"]), (&json!("MALFORMED"), &json!("Content-Encoding")));
        }
    }
}

#[tokio::test]
async fn a_target_is_a_path_or_an_address_of_the_web() {
    let server = Local::plain(meadow(), &["--metrics-listen", "127.0.0.1:0"]).await;
    for (target, status) in [
        ("/livez", 200),
        ("http://127.0.0.1/livez", 200),
        ("HTTPS://127.0.0.1/livez", 200),
        ("livez", 400),
        ("127.0.0.1:80", 400),
        ("localhost", 400),
        ("ftp://127.0.0.1/livez", 400),
        ("ws://127.0.0.1/livez", 400),
    ] {
        let answer = ask(&server.url, "GET", target, &[]).await;
        assert_eq!(answer.status, status, "{target}");
        if status != 200 {
            assert_eq!(answer.json()["details"]["field"], "target", "{target}");
        }
    }
    assert_eq!(ask(server.metrics_url().unwrap(), "GET", "ftp://127.0.0.1/metrics", &[]).await.status, 400);
}
