//! Which names the server knows as its own, and whom the development issuer serves (rule 6,
//! NFR-006): a page that gives its own name to the server's address (DNS rebinding), or that
//! reaches it through something in between, gets nowhere.

use serde_json::json;
use tilemud_support::process::Local;

use crate::http::{Answer, ask_in, ask_on, connect, upgrade};
use crate::world::meadow;

async fn open(url: &str, host: &str, origin: &str, more: &[(&str, &str)]) -> Answer {
    let headers = [&[("Host", host)], &upgrade(origin)[..], more].concat();
    ask_on(&mut connect(url).await, "GET", "/ws", &headers, "").await
}

async fn post(url: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask_on(&mut connect(url).await, "POST", path, headers, body).await
}

#[tokio::test]
async fn a_page_that_gives_its_own_name_to_the_servers_address_is_not_the_servers() {
    let plain = Local::plain(meadow(), &[]).await;
    let trusting = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1"]).await;
    let named = Local::plain(meadow(), &["--public-url", "https://play.example/game/"]).await;
    for url in [&plain.url, &trusting.url, &named.url] {
        for (host, origin) in [
            ("evil.example", "http://evil.example"),
            ("evil.example:8080", "http://evil.example:8080"),
            ("EVIL.example.:8080", "http://evil.example:8080"),
            ("localhost.evil.example", "http://localhost.evil.example"),
            ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
            ("play.example.evil.example", "https://play.example.evil.example"),
            ("evil", "https://evil"),
            ("192.0.2.7:8080", "http://192.0.2.7:8080"),
            ("[2001:db8::7]", "http://[2001:db8::7]"),
        ] {
            let refused = open(url, host, origin, &[]).await;
            let message = refused.json()["message"].as_str().unwrap().to_owned();
            assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("FORBIDDEN")), "{origin} at {host}");
            assert!(message.contains("--public-url") && message.contains("--allowed-origin"), "{message}");
            for (path, body) in [
                ("/dev/token", json!({ "user": "Ann" })),
                ("/api/session/bootstrap", json!({ "client_version": tilemud_schema::version() })),
                ("/api/session/logout", json!({ "session_id": uuid::Uuid::nil() })),
            ] {
                let headers = [("Host", host), ("Origin", origin), ("Authorization", "Bearer a.b.c")];
                assert_eq!(post(url, path, &headers, &body.to_string()).await.status, 403, "{origin} to {path}");
            }
        }
        let port = url.rsplit(':').next().unwrap();
        for name in ["localhost", "127.0.0.1", "[::1]", "game.localhost", "LOCALHOST", "127.0.0.2", "0.0.0.0"] {
            let host = format!("{name}:{port}");
            assert_eq!(open(url, &host, &format!("http://{host}"), &[]).await.status, 101, "{host}");
        }
    }
    // The public address, whatever the proxy before it makes of the name.
    assert_eq!(open(&named.url, "play.example", "https://play.example", &[]).await.status, 101);
    assert_eq!(open(&named.url, "inner:9", "https://play.example", &[]).await.status, 101);
    // A trusted proxy that says that it is one vouches for the name it passes on.
    let said = [("X-Forwarded-For", "203.0.113.9")];
    assert_eq!(open(&trusting.url, "shop.example", "https://shop.example", &said).await.status, 101);
    assert_eq!(open(&plain.url, "shop.example", "https://shop.example", &said).await.status, 403);
}

#[tokio::test]
async fn the_development_issuer_serves_this_machine_and_says_which_setting_opens_it() {
    let server = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.2"]).await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let body = json!({ "user": "Ann" }).to_string();
    for host in ["localhost", "127.0.0.1", "[::1]", "tilemud.localhost", "127.1.2.3"] {
        let host = format!("{host}:{port}");
        assert_eq!(post(&server.url, "/dev/token", &[("Host", &host)], &body).await.status, 200, "{host}");
    }
    for host in ["evil.example", "evil.example:8080", "0.0.0.0", "192.168.1.5", "localhost.evil.example", "x", "[::]"] {
        let refused = post(&server.url, "/dev/token", &[("Host", host)], &body).await;
        let error = refused.json();
        assert_eq!((refused.status, &error["code"]), (403, &json!("FORBIDDEN")), "{host}: {error}");
        assert!(error["message"].as_str().unwrap().contains("--dev-issuer-anywhere"), "{error}");
    }
    for (name, value) in [
        ("Forwarded", "for=203.0.113.9"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-Host", "localhost"),
        ("X-Forwarded-Port", "80"),
        ("X-Forwarded-Prefix", "/game"),
        ("X-Forwarded-Server", "a"),
        ("X-Forwarded", "1"),
        ("Via", "1.1 squid"),
        ("X-Real-IP", "127.0.0.1"),
        ("X-Client-IP", "127.0.0.1"),
        ("True-Client-IP", "127.0.0.1"),
        ("CF-Connecting-IP", "127.0.0.1"),
        ("X-Envoy-External-Address", "127.0.0.1"),
        ("X-Original-Host", "localhost"),
        ("X-Originating-IP", "127.0.0.1"),
        ("X-Remote-IP", "127.0.0.1"),
        ("X-Remote-Addr", "127.0.0.1"),
        ("WL-Proxy-Client-IP", "127.0.0.1"),
        ("Proxy-Client-IP", "127.0.0.1"),
        ("X-Azure-ClientIP", "127.0.0.1"),
        ("X-Coming-From", "127.0.0.1"),
        ("X-Scheme", "http"),
        ("X-Original-URI", "/dev/token"),
        ("X-Original-URL", "/dev/token"),
        ("X-NginX-Proxy", "true"),
        ("X-ARR-LOG-ID", "1"),
        ("X-Varnish", "1"),
        ("CDN-Loop", "cdn.example"),
        ("Surrogate-Capability", "a=ESI/1.0"),
        ("Proxy-Connection", "keep-alive"),
        ("Max-Forwards", "9"),
        ("X-Amzn-Trace-Id", "Root=1"),
        ("Fly-Client-IP", "127.0.0.1"),
        ("Tailscale-User-Login", "ann@example.test"),
        // A page that is not the server's.
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "nonsense"),
    ] {
        let refused = post(&server.url, "/dev/token", &[("Host", "localhost"), (name, value)], &body).await;
        assert_eq!(refused.status, 403, "{name}: {value}");
        assert!(refused.json()["message"].as_str().unwrap().contains("--dev-issuer-anywhere"), "{name}");
    }
    for site in ["same-origin", "none"] {
        let asked = post(&server.url, "/dev/token", &[("Host", "localhost"), ("Sec-Fetch-Site", site)], &body).await;
        assert_eq!(asked.status, 200, "{site}");
    }
    // A page that the operator allows comes from another site.
    let allowing = Local::plain(meadow(), &["--allowed-origin", "http://other.test"]).await;
    let page = [("Host", "localhost"), ("Origin", "http://other.test"), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(post(&allowing.url, "/dev/token", &page, &body).await.status, 200);
    // As nginx forwards when it is not told otherwise.
    let host = format!("127.0.0.1:{port}");
    let old = ask_in(&mut connect(&server.url).await, "HTTP/1.0", "POST", "/dev/token", &[("Host", &host)]).await;
    assert_eq!(old.status, 403, "{old:?}");
    // Only this call: everything else goes through proxies as before.
    assert_eq!(post(&server.url, "/api/session/bootstrap", &[("Host", "x"), ("Via", "1.1 a")], "{}").await.status, 401);
}

#[tokio::test]
async fn the_development_issuer_serves_everybody_when_that_is_asked_for() {
    let server = Local::plain(meadow(), &["--dev-issuer-anywhere"]).await;
    let body = json!({ "user": "Ann" }).to_string();
    for headers in [
        &[("Host", "play.example")][..],
        &[("Host", "192.168.1.5:8080")],
        &[("Host", "localhost"), ("X-Forwarded-For", "203.0.113.9")],
    ] {
        assert_eq!(post(&server.url, "/dev/token", headers, &body).await.status, 200, "{headers:?}");
    }
    // That is no reason to take a stranger's page for one's own.
    let rebound = [("Host", "evil.example"), ("Origin", "http://evil.example")];
    assert_eq!(post(&server.url, "/dev/token", &rebound, &body).await.status, 403);
}
