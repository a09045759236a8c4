//! What every answer carries so that browsers and caches do nothing with it that they should not,
//! requests that are not quite what they must be, and how much of them is said again (rules 4 and
//! 6).

use serde_json::json;
use tilemud_support::player::token;
use tilemud_support::process::{Local, Process};

use crate::http::{Answer, ask, ask_on, connect, upgrade};
use crate::world::meadow;

/// Method, path, headers besides the host, and the status of the answer.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], u16);

fn assert_guarded(answer: &Answer, what: &str) {
    let header = |name: &str| answer.header(name);
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(!header("cache-control").is_empty(), "{what}: nothing about caching");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    let loose = policy.split([' ', ';']).any(|source| ["*", "ws:", "wss:", "http:", "https:"].contains(&source));
    assert!(!loose && policy.matches("connect-src").count() <= 1, "{what}: {policy}");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let server = Local::plain(meadow(), &["--public-url", "https://play.example/game/"]).await;
    let url = &server.url;
    let world = ask(url, "GET", "/api/world", &[]).await;
    let tileset = world.json()["tileset"]["image"].as_str().unwrap().to_owned();
    let map = ask(url, "GET", "/api/map", &[]).await.json();
    let section = map["sections"]["paths"][0].as_str().unwrap().to_owned();
    let etag = world.header("etag");
    let page = ("Accept", "text/html");
    let rows: [Row<'_>; 31] = [
        ("GET", "/", &[], 200),
        ("HEAD", "/", &[], 200),
        ("GET", "/game/", &[], 200),
        ("GET", "/game", &[], 308),
        ("GET", "/livez", &[], 200),
        ("GET", "/readyz", &[], 200),
        ("GET", "/metrics", &[], 200),
        ("GET", "/api/version", &[], 200),
        ("GET", "/api/health", &[], 200),
        ("GET", "/api/sign-in", &[], 200),
        ("GET", "/api/world", &[], 200),
        ("GET", "/api/world", &[("Accept-Encoding", "gzip")], 200),
        ("GET", "/api/world", &[("If-None-Match", &etag)], 304),
        ("GET", "/api/map", &[("If-None-Match", &etag)], 304),
        ("GET", &section, &[("Accept-Encoding", "gzip")], 200),
        ("GET", "/world/sections/none.json", &[], 404),
        ("GET", &tileset, &[], 200),
        ("GET", "/nowhere", &[], 404),
        ("GET", "/nowhere", &[page], 404),
        ("GET", "/api/character/1", &[], 401),
        ("POST", "/api/session/bootstrap", &[], 401),
        ("POST", "/api/session/logout", &[], 401),
        ("POST", "/dev/token", &[], 400),
        ("POST", "/api/version", &[], 405),
        ("BREW", "/", &[], 405),
        ("OPTIONS", "/api/version", &[], 204),
        ("OPTIONS", "*", &[], 204),
        ("GET", "/ws", &[], 400),
        ("HEAD", "/ws", &[], 400),
        ("GET", "/api/version", &[("Host", "b")], 400),
        ("POST", "/dev/token", &[("Via", "1.1 a")], 403),
    ];
    for (method, path, headers, status) in rows {
        let answer = ask(url, method, path, headers).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_guarded(&answer, &format!("{method} {path} {status}"));
    }
    let host = url.strip_prefix("http://").unwrap();
    let opening = [&[("Host", host)], &upgrade(url)[..]].concat();
    let opened = ask_on(&mut connect(url).await, "GET", "/ws", &opening, "").await;
    assert_eq!(opened.status, 101);
    assert_guarded(&opened, "the upgrade");
    let refused = [&[("Host", host)], &upgrade("https://evil.example")[..]].concat();
    assert_guarded(&ask_on(&mut connect(url).await, "GET", "/ws", &refused, "").await, "a refused upgrade");
}

#[tokio::test]
async fn the_page_may_connect_to_where_it_came_from_and_nowhere_else() {
    let plain = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1"]).await;
    let public = Local::plain(meadow(), &["--public-url", "https://play.example:8443/game/"]).await;
    let connects = async |url: &str, headers: &[(&str, &str)]| {
        let answer = ask_on(&mut connect(url).await, "GET", "/", headers, "").await;
        let policy = answer.header("content-security-policy");
        policy.split("; ").find_map(|part| part.strip_prefix("connect-src ")).unwrap().to_owned()
    };
    for (headers, sources) in [
        (&[("Host", "localhost:8080")][..], "'self' ws://localhost:8080 wss://localhost:8080"),
        (&[("Host", "[::1]:8080")], "'self'"),
        (&[("Host", "a_b")], "'self'"),
        (
            &[("Host", "inner"), ("X-Forwarded-Host", "play.example"), ("X-Forwarded-Proto", "https")],
            "'self' wss://play.example",
        ),
    ] {
        assert_eq!(connects(&plain.url, headers).await, sources, "{headers:?}");
    }
    let sources = "'self' wss://play.example:8443 ws://inner:1 wss://inner:1";
    assert_eq!(connects(&public.url, &[("Host", "inner:1")]).await, sources);
}

#[tokio::test]
async fn metrics_have_a_port_of_their_own_where_that_is_set_and_players_do_not_see_them() {
    let server = Local::plain(meadow(), &["--metrics-listen", "127.0.0.1:0"]).await;
    let apart = server.metrics_url().unwrap().to_owned();
    for path in ["/metrics", "/metrics?a=b"] {
        assert_eq!(ask(&server.url, "GET", path, &[]).await.status, 404, "{path}");
        let metrics = ask(&apart, "GET", path, &[]).await;
        assert_eq!(metrics.status, 200, "{path}");
        assert!(metrics.text().contains("active_sessions_gauge") && metrics.text().ends_with("# EOF\n"), "{metrics:?}");
        assert_guarded(&metrics, path);
    }
    for hosts in [&[][..], &[("Host", "a"), ("Host", "b")], &[("Host", "a/b")], &[("Host", "")]] {
        let answer = ask_on(&mut connect(&apart).await, "GET", "/metrics", hosts, "").await;
        assert_eq!((answer.status, &answer.json()["details"]["field"]), (400, &json!("Host")), "{hosts:?}");
    }
    let head = ask(&apart, "HEAD", "/metrics", &[]).await;
    assert!(head.status == 200 && head.body.is_empty(), "{head:?}");
    for (method, path, status) in
        [("POST", "/metrics", 405), ("GET", "/", 404), ("GET", "/api/version", 404), ("POST", "/dev/token", 404)]
    {
        let answer = ask(&apart, method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_guarded(&answer, path);
    }
}

#[tokio::test]
async fn metrics_asked_for_again_within_a_second_are_the_same_bytes() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--connect-per-s", "1000"]);
    let started = std::time::Instant::now();
    let mut pages = Vec::new();
    // So many that no machine makes them all anew within a second, and few enough to be sent in it.
    while started.elapsed() < std::time::Duration::from_millis(2_500) {
        // One that is kept is ended when the machine stands still.
        let mut stream = connect(&server.url).await;
        pages.push(ask_on(&mut stream, "GET", "/metrics", &[("Host", "localhost")], "").await.body);
        ask_on(&mut stream, "POST", "/api/session/bootstrap", &[("Host", "localhost")], "").await;
    }
    let (asked, took) = (pages.len(), started.elapsed());
    pages.dedup();
    assert!(pages.len() as u64 <= took.as_secs() + 2, "{} different pages of {asked} in {took:?}", pages.len());
}

#[tokio::test]
async fn a_header_that_decides_something_is_there_once() {
    let server = Local::plain(meadow(), &[]).await;
    let bearer = format!("Bearer {}", token(&server.url, "Ann").await);
    let body = json!({ "client_version": tilemud_schema::version(), "display_name": "Ann" }).to_string();
    let post = async |headers: &[(&str, &str)]| {
        let headers = [&[("Host", "localhost")], headers].concat();
        ask_on(&mut connect(&server.url).await, "POST", "/api/session/bootstrap", &headers, &body).await
    };
    let (one, other) = (("Authorization", bearer.as_str()), ("Authorization", "Bearer a.b.c"));
    for headers in [[one, other], [other, one], [one, one]] {
        let refused = post(&headers).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("MALFORMED")), "{headers:?}");
        assert_eq!(refused.json()["details"]["field"], json!("Authorization"));
    }
    for (name, value, status) in
        [("Content-Length", "3", 400), ("Origin", "https://evil.example", 403), ("Host", "localhost", 400)]
    {
        assert_eq!(post(&[one, (name, value)]).await.status, status, "{name}");
    }
    assert_eq!(post(&[one, ("Origin", &server.url), ("Origin", &server.url)]).await.status, 403);
    assert_eq!(post(&[one]).await.status, 200);
}

#[tokio::test]
async fn a_body_is_one_object_with_each_field_once() {
    let server = Local::plain(meadow(), &[]).await;
    let bearer = format!("Bearer {}", token(&server.url, "Ann").await);
    let version = tilemud_schema::version();
    let whole = json!({ "client_version": version, "display_name": "Ann" }).to_string();
    let mut stream = connect(&server.url).await;
    let mut post = async |body: &str| {
        let headers = [("Host", "localhost"), ("Authorization", bearer.as_str())];
        ask_on(&mut stream, "POST", "/api/session/bootstrap", &headers, body).await
    };
    for body in [
        format!("[\"{version}\", \"Ann\", null]"),
        format!("[{whole}]"),
        format!("{whole}{whole}"),
        format!("{whole} x"),
        format!("{whole},"),
        format!("{{\"client_version\": \"{version}\", \"client_version\": \"{version}\"}}"),
        format!("{{\"client_version\": \"{version}\", \"display_name\": \"Ann\", \"display_name\": \"Ben\"}}"),
        format!("{{\"client_version\": [\"{version}\"]}}"),
        format!("{{'client_version': '{version}'}}"),
        format!("client_version={version}"),
        format!("\u{feff}{whole}"),
        "null".to_owned(),
        "\"\"".to_owned(),
        "7".to_owned(),
    ] {
        let refused = post(&body).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("MALFORMED")), "{body}");
    }
    // Whoever asks with more is from a later time.
    let more = json!({ "client_version": version, "display_name": "Ann", "later": [1] }).to_string();
    assert_eq!(post(&more).await.status, 200);
}

#[tokio::test]
async fn little_of_what_a_request_says_is_said_again_or_logged() {
    let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = crate::front::logging(data.path(), logs.path(), &["--log-filter", "trace"]);
    let url = &server.url;
    let long = "\u{1f431}x".repeat(1_500);
    let ascii = "y".repeat(6_000);
    let bearer = format!("Bearer {}", token(url, "Ann").await);
    let version = tilemud_schema::version();
    let mut answers = Vec::new();
    for body in [
        json!({ "client_version": long }),
        json!({ "client_version": version, "display_name": long }),
        json!({ "client_version": version, "display_name": { &ascii: 1 } }),
        json!({ "client_version": { &ascii: 1 } }),
        json!({ "client_version": 1, &ascii: ascii }),
        json!({ "client_version": version, "reconnect_token": [ascii] }),
        json!(ascii),
    ] {
        let headers = [("Host", "localhost"), ("Authorization", bearer.as_str())];
        answers
            .push(ask_on(&mut connect(url).await, "POST", "/api/session/bootstrap", &headers, &body.to_string()).await);
    }
    let logout = json!({ "session_id": long }).to_string();
    let headers = [("Host", "localhost"), ("Authorization", bearer.as_str())];
    answers.push(ask_on(&mut connect(url).await, "POST", "/api/session/logout", &headers, &logout).await);
    answers.push(ask(url, "GET", &format!("/{ascii}"), &[("Accept", "text/html")]).await);
    answers.push(ask(url, "GET", &format!("/api/character/{ascii}"), &[("Authorization", &bearer)]).await);
    answers.push(ask(url, &"Y".repeat(6_000), "/api/version", &[]).await);
    answers.push(ask_on(&mut connect(url).await, "GET", "/ws", &[("Host", &ascii)], "").await);
    for name in ["Sec-WebSocket-Version", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Origin"] {
        let mut headers = upgrade(url).to_vec();
        headers.retain(|(it, _)| *it != name);
        headers.extend([("Host", "localhost"), (name, ascii.as_str())]);
        answers.push(ask_on(&mut connect(url).await, "GET", "/ws", &headers, "").await);
    }
    for answer in &answers {
        assert!(answer.status >= 400, "{answer:?}");
        let said = answer.text().to_lowercase();
        assert!(!said.contains(&"y".repeat(350)) && !said.contains(&"\u{1f431}x".repeat(80)), "{said}");
    }
    assert!(server.terminate().success());
    for entry in std::fs::read_dir(logs.path()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap().to_lowercase();
        assert!(text.contains("request refused"), "something was logged");
        assert!(!text.contains(&"y".repeat(350)), "much of a request is in the log");
    }
}
