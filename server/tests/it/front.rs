//! The front of the server: methods, hosts, origins, paths with nothing behind them, and whose
//! address counts (FR-032, FR-020).

use std::path::Path;

use serde_json::json;
use tilemud_support::player::token;
use tilemud_support::process::{Local, Process};

use crate::http::{Answer, ask, ask_on, connect, upgrade};
use crate::world::meadow;

const READ: [&str; 9] =
    ["/", "/livez", "/readyz", "/metrics", "/api/version", "/api/health", "/api/sign-in", "/api/world", "/api/map"];
const DONE: [&str; 3] = ["/api/session/bootstrap", "/api/session/logout", "/dev/token"];

#[tokio::test]
async fn head_is_answered_wherever_get_is_with_the_same_headers_and_no_body() {
    let server = Local::plain(meadow(), &[]).await;
    let map = ask(&server.url, "GET", "/api/map", &[]).await.json();
    let [tileset, section] =
        ["/tileset/image", "/sections/paths/0"].map(|it| map.pointer(it).unwrap().as_str().unwrap());
    let others = [tileset, section, "/api/character/1", "/ws", "/no/such/page", "/world/sections/none.json"];
    for path in READ.into_iter().chain(others) {
        let mut stream = connect(&server.url).await;
        let host = [("Host", "x")];
        let head = ask_on(&mut stream, "HEAD", path, &host, "").await;
        // On the same connection: a body would be taken for the next answer.
        let get = ask_on(&mut stream, "GET", path, &host, "").await;
        assert_eq!(head.status, get.status, "{path}");
        for name in ["content-type", "cache-control", "etag", "vary", "content-security-policy", "www-authenticate"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
        // Figures and times differ from one answer to the next.
        if !["/metrics", "/api/health"].contains(&path) {
            assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
        }
        assert!(!head.header("content-length").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn every_path_says_which_methods_it_takes_and_refuses_the_others() {
    let server = Local::plain(meadow(), &[]).await;
    let paths = READ.map(|path| (path, "GET, HEAD, OPTIONS")).into_iter();
    for (path, allow) in paths.chain(DONE.map(|path| (path, "POST, OPTIONS"))).chain([("/ws", "GET, HEAD, OPTIONS")]) {
        let options = ask(&server.url, "OPTIONS", path, &[]).await;
        assert_eq!((options.status, options.header("allow").as_str()), (204, allow), "{path}");
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            if allow.split(", ").any(|it| it == method) {
                continue;
            }
            let refused = ask(&server.url, method, path, &[]).await;
            assert_eq!((refused.status, refused.header("allow").as_str()), (405, allow), "{method} {path}");
            if method != "HEAD" {
                assert!(refused.json()["message"].as_str().unwrap().contains(method), "{refused:?}");
            }
        }
    }
    let mut stream = connect(&server.url).await;
    let other = ask_on(&mut stream, "CONNECT", "a.example:443", &[("Host", "a.example:443")], "").await;
    assert_eq!((other.status, other.header("allow").as_str()), (405, "GET, HEAD, POST, OPTIONS"));
    let whole = ask(&server.url, "OPTIONS", "*", &[]).await;
    assert_eq!((whole.status, whole.header("allow").as_str()), (204, "GET, HEAD, POST, OPTIONS"));
}

#[tokio::test]
async fn a_path_with_nothing_behind_it_is_a_page_for_people_and_the_error_shape_for_programs() {
    let server = Local::plain(meadow(), &[]).await;
    let browser = [("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    for (path, home) in
        [("/nowhere", "href=\"./\""), ("/api/nothing/here", "href=\"../../\""), ("/dev/", "href=\"../\"")]
    {
        let page = ask(&server.url, "GET", path, &browser).await;
        assert_eq!((page.status, page.header("content-type").as_str()), (404, "text/html; charset=utf-8"), "{path}");
        assert!(
            page.text().contains(home) && page.header("content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
        for method in ["GET", "POST", "OPTIONS", "DELETE"] {
            let program = ask(&server.url, method, path, &[("Accept", "*/*")]).await;
            assert_eq!(
                (program.status, &program.json()["message"]),
                (404, &json!("There is nothing at this address."))
            );
        }
    }
}

#[tokio::test]
async fn a_request_names_exactly_one_host() {
    let server = Local::plain(meadow(), &[]).await;
    for (hosts, status) in [
        (&[][..], 400),
        (&[("Host", "a.example"), ("Host", "a.example")], 400),
        (&[("Host", "a.example, b.example")], 400),
        (&[("Host", "a.example/b")], 400),
        (&[("Host", "user@a.example")], 400),
        (&[("Host", "")], 400),
        (&[("Host", "a.example:8080")], 200),
        (&[("Host", "[::1]:80")], 200),
    ] {
        let answer = ask_on(&mut connect(&server.url).await, "GET", "/api/version", hosts, "").await;
        assert_eq!(answer.status, status, "{hosts:?}");
        assert!(status == 200 || answer.json()["message"].as_str().unwrap().contains("one host"), "{answer:?}");
    }
    // A whole address in the request line does not excuse the header.
    for (host, status) in [("a.example/b", 400), ("", 400), ("b.example", 200)] {
        let target = "http://a.example/api/version";
        let answer = ask_on(&mut connect(&server.url).await, "GET", target, &[("Host", host)], "").await;
        assert_eq!(answer.status, status, "{host:?} beside an address");
    }
}

async fn open(url: &str, host: &str, origin: &str) -> Answer {
    let headers = [&[("Host", host)], &upgrade(origin)[..]].concat();
    ask_on(&mut connect(url).await, "GET", "/ws", &headers, "").await
}

#[tokio::test]
async fn the_realtime_channel_opens_for_this_site_and_allowed_ones_and_tells_others_what_to_do() {
    let flags = ["--allowed-origin", "https://other.example", "--public-url", "https://public.example/game/"];
    let server = Local::plain(meadow(), &[&flags[..], &["--trusted-proxy", "127.0.0.1"]].concat()).await;
    // A trusted proxy that passes on the name it was asked for, and says that it is one.
    let open = async |url: &str, host: &str, origin: &str| {
        let headers = [&[("Host", host), ("X-Forwarded-For", "203.0.113.9")], &upgrade(origin)[..]].concat();
        ask_on(&mut connect(url).await, "GET", "/ws", &headers, "").await
    };
    for (host, origin) in [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("inner", "https://other.example:443"),
        ("inner", "https://public.example"),
        ("PUBLIC.example", "https://Public.Example:443"),
    ] {
        assert_eq!(open(&server.url, host, origin).await.status, 101, "{origin} at {host}");
    }
    for (host, origin) in [
        ("play.example", "https://play.example"),
        ("play.example", "http://play.example"),
        ("play.example", "https://evil.example"),
        ("play.example", "null"),
        ("inner", "http://other.example"),
        ("inner", "https://public.example:8443"),
    ] {
        let refused = open(&server.url, host, origin).await;
        let (error, message) = (refused.json(), refused.json()["message"].as_str().unwrap().to_owned());
        assert_eq!((refused.status, &error["code"]), (403, &json!("FORBIDDEN")), "{origin} at {host}");
        assert!(message.contains(origin) && message.contains("--allowed-origin"), "{message}");
    }
    // Where the operator has named no address, the proxy does.
    let unnamed = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1"]).await;
    for (host, origin, status) in [
        ("play.example", "https://play.example", 101),
        ("play.example", "http://play.example:80", 101),
        ("play.example:443", "https://play.example", 101),
        ("PLAY.example", "https://Play.Example:443", 101),
        ("play.example:8080", "http://play.example:8081", 403),
    ] {
        assert_eq!(open(&unnamed.url, host, origin).await.status, status, "{origin} at {host}");
    }
    let two =
        [&[("Host", "inner"), ("Origin", "https://other.example")], &upgrade("https://other.example")[..]].concat();
    assert_eq!(ask_on(&mut connect(&server.url).await, "GET", "/ws", &two, "").await.status, 403);
}

#[tokio::test]
async fn a_refused_upgrade_leaves_the_connection_its_place() {
    let server = Local::plain(meadow(), &[]).await;
    let mut stream = connect(&server.url).await;
    let foreign = [&[("Host", "localhost")], &upgrade("https://evil.example")[..]].concat();
    assert_eq!(ask_on(&mut stream, "GET", "/ws", &foreign, "").await.status, 403);
    assert_eq!(ask_on(&mut stream, "GET", "/ws", &[("Host", "localhost")], "").await.status, 400);
    let right = [&[("Host", "localhost")], &upgrade("http://localhost")[..]].concat();
    assert_eq!(ask_on(&mut stream, "GET", "/ws", &right, "").await.status, 101);
}

#[tokio::test]
async fn pages_of_an_allowed_origin_read_answers_and_refusals_and_no_others_do() {
    let server = Local::plain(meadow(), &["--allowed-origin", "http://other.test:9000"]).await;
    let other = ("Origin", "http://other.test:9000");
    let asks = |path| {
        let headers =
            [other, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")];
        let url = server.url.clone();
        async move { ask(&url, "OPTIONS", path, &headers).await }
    };
    let preflight = asks("/api/session/bootstrap").await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), other.1);
    assert_eq!(preflight.header("access-control-allow-methods"), "POST, OPTIONS");
    assert!(preflight.header("access-control-allow-headers").contains("authorization, content-type"));
    assert_eq!((preflight.header("access-control-max-age"), preflight.header("vary")), ("600".into(), "origin".into()));
    assert_eq!(asks("/api/version").await.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");

    // 200, 401, 404, 405 and 304 alike.
    let etag = ask(&server.url, "GET", "/api/world", &[]).await.header("etag");
    for (method, path, status) in [
        ("GET", "/api/version", 200),
        ("HEAD", "/api/health", 200),
        ("POST", "/api/session/bootstrap", 401),
        ("GET", "/nowhere", 404),
        ("POST", "/api/version", 405),
        ("GET", "/api/world", 304),
    ] {
        let answer = ask(&server.url, method, path, &[other, ("If-None-Match", &etag)]).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin").as_str()), (status, other.1), "{path}");
        assert!(answer.header("vary").contains("origin"), "{path}");
        assert!(answer.header("access-control-expose-headers").contains("retry-after"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        let same = ask(&server.url, method, path, &[("If-None-Match", &etag)]).await;
        assert_eq!(same.header("access-control-allow-origin"), "", "{path}");
        assert!(same.header("vary").contains("origin"), "{path}");
    }
    for evil in ["http://other.test", "https://other.test:9000", "null"] {
        let answer = ask(&server.url, "GET", "/api/version", &[("Origin", evil)]).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin").as_str()), (200, ""), "{evil}");
        let asked = [("Origin", evil), ("Access-Control-Request-Method", "POST")];
        let preflight = ask(&server.url, "OPTIONS", "/api/session/bootstrap", &asked).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin").as_str()), (403, ""), "{evil}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_what_to_bring() {
    let server = Local::plain(meadow(), &[]).await;
    for (authorization, challenge) in [(None, "Bearer"), (Some("Bearer not.a.token"), "Bearer error=\"invalid_token\"")]
    {
        let headers: Vec<_> = authorization.iter().map(|it| ("Authorization", *it)).collect();
        for (method, path) in [("POST", "/api/session/bootstrap"), ("GET", "/api/character/1")] {
            let answer = ask(&server.url, method, path, &headers).await;
            assert_eq!((answer.status, answer.header("www-authenticate").as_str()), (401, challenge), "{path}");
        }
    }
}

/// A bootstrap of this player, as a proxy passes it on for this address.
async fn sign_in(url: &str, user: &str, forwarded: &[(&str, &str)]) -> Answer {
    let authorization = format!("Bearer {}", token(url, user).await);
    let headers = [&[("Host", "x"), ("Authorization", &authorization)], forwarded].concat();
    let body = json!({ "client_version": tilemud_schema::version(), "display_name": user }).to_string();
    ask_on(&mut connect(url).await, "POST", "/api/session/bootstrap", &headers, &body).await
}

#[tokio::test]
async fn players_behind_a_trusted_proxy_have_a_limit_each_and_behind_another_share_one() {
    let flags = ["--sign-in-per-s", "1", "--trusted-proxy", "127.0.0.0/8"];
    let trusting = Local::plain(meadow(), &flags).await;
    for player in 0..30 {
        let (address, user) = (format!("198.51.100.7, 203.0.113.{player}"), format!("Player {player}"));
        assert_eq!(sign_in(&trusting.url, &user, &[("X-Forwarded-For", &address)]).await.status, 200, "{user}");
        let element = format!("for=\"[2001:db8:{player:x}::1]:4711\";proto=https");
        assert_eq!(sign_in(&trusting.url, &user, &[("Forwarded", &element)]).await.status, 200, "{user}");
    }
    // One of them alone: five at once, and then one a second. The addresses of a v6 subscriber are
    // one.
    let one = async |host: u32| {
        let list = format!("2001:db8:ffff:1::{host:x}");
        sign_in(&trusting.url, "Greedy", &[("X-Forwarded-For", &list)]).await
    };
    let mut answers = Vec::new();
    for host in 0..40 {
        answers.push(one(host).await);
    }
    let refused = answers.iter().find(|it| it.status == 429).expect("a limit");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1), "{refused:?}");
    assert_eq!(
        (&refused.json()["code"], &refused.json()["details"]["limit"]),
        (&json!("RATE_LIMITED"), &json!("sign_in"))
    );
    let metrics = ask(&trusting.url, "GET", "/metrics", &[]).await.text();
    let count =
        metrics.lines().find_map(|line| line.strip_prefix("rate_limited_total{limit=\"sign_in\"} ")).expect("a count");
    let limited = answers.iter().filter(|it| it.status == 429).count();
    assert_eq!(count.parse(), Ok(limited));

    let plain = Local::plain(meadow(), &["--sign-in-per-s", "1"]).await;
    let mut limited = 0;
    for player in 0..40 {
        let answer = sign_in(&plain.url, "Ann", &[("X-Forwarded-For", &format!("203.0.113.{player}"))]).await;
        limited += usize::from(answer.status == 429);
    }
    assert!(limited > 0, "whoever is not trusted speaks for nobody");
}

#[tokio::test]
async fn two_thousand_five_hundred_players_sign_in_through_one_proxy_at_once() {
    let server = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1", "--sign-in-per-s", "1"]).await;
    let mut stream = connect(&server.url).await;
    // With a token that is no good: what counts is that each gets as far as having it looked at.
    let mut ask = async |address: String| {
        let headers = [("Host", "x"), ("Authorization", "Bearer a.b.c"), ("X-Forwarded-For", address.as_str())];
        ask_on(&mut stream, "POST", "/api/session/bootstrap", &headers, "").await.status
    };
    for player in 0..2_500 {
        assert_eq!(ask(format!("100.64.{}.{}", player / 256, player % 256)).await, 401, "player {player}");
    }
    // And whoever comes again and again is one of them: faster than once a second, on any machine.
    let mut passed = 0;
    while ask("203.0.113.1".to_owned()).await != 429 {
        passed += 1;
        assert!(passed < 2_500, "never limited");
    }
}

#[tokio::test]
async fn the_realtime_address_follows_the_public_one_then_a_trusted_proxy_then_the_host() {
    let of = |answer: Answer| answer.json()["realtime"]["url"].as_str().unwrap().to_owned();
    let said = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "play.example"), ("X-Forwarded-Prefix", "/game")];
    let plain = Local::plain(meadow(), &[]).await;
    assert_eq!(of(sign_in(&plain.url, "Ann", &said).await), "ws://x/ws");
    let trusting = Local::plain(meadow(), &["--trusted-proxy", "127.0.0.1"]).await;
    assert_eq!(of(sign_in(&trusting.url, "Ann", &said).await), "wss://play.example/game/ws");
    assert_eq!(of(sign_in(&trusting.url, "Ann", &[]).await), "ws://x/ws");
    let flags = ["--trusted-proxy", "127.0.0.1", "--public-url", "https://public.example:443/a/b/"];
    let public = Local::plain(meadow(), &flags).await;
    assert_eq!(of(sign_in(&public.url, "Ann", &said).await), "wss://public.example/a/b/ws");
}

#[tokio::test]
async fn under_a_path_everything_answers_with_and_without_it() {
    let server = Local::plain(meadow(), &["--public-url", "https://play.example/game/"]).await;
    for path in READ {
        for path in [path.to_owned(), format!("/game{path}")] {
            assert_eq!(ask(&server.url, "GET", &path, &[]).await.status, 200, "{path}");
        }
    }
    let bare = ask(&server.url, "GET", "/game?code=1&state=2", &[]).await;
    assert_eq!((bare.status, bare.header("location").as_str()), (308, "./game/?code=1&state=2"));
    assert_eq!(ask(&server.url, "GET", "/gamer", &[]).await.status, 404);
    assert_eq!(ask(&server.url, "GET", "/game/game/livez", &[]).await.status, 404);
    let page = ask(&server.url, "GET", "/game/no/where", &[("Accept", "text/html")]).await;
    assert!(page.text().contains("href=\"../\""), "{page:?}");
    let headers = [&[("Host", "inner")], &upgrade("https://play.example")[..]].concat();
    for path in ["/ws", "/game/ws"] {
        assert_eq!(ask_on(&mut connect(&server.url).await, "GET", path, &headers, "").await.status, 101, "{path}");
    }
}

/// The real binary with its log in a folder.
pub fn logging(data: &Path, logs: &Path, flags: &[&str]) -> Process {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-format", "json"]).args(flags);
    command.arg("--data-dir").arg(data).arg("--log-dir").arg(logs).stderr(std::process::Stdio::null());
    Process::run(command)
}

/// What a server has logged that has ended.
fn logged(logs: &Path) -> Vec<serde_json::Value> {
    let files = std::fs::read_dir(logs).unwrap().map(|entry| entry.unwrap().path());
    let text: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many lines say all of this.
fn lines_with(lines: &[serde_json::Value], words: &[&str]) -> usize {
    lines.iter().map(ToString::to_string).filter(|line| words.iter().all(|word| line.contains(word))).count()
}

#[tokio::test]
async fn a_proxy_that_nobody_named_is_noticed_once_and_refusals_leave_lines_without_addresses() {
    let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = logging(data.path(), logs.path(), &["--sign-in-per-s", "1"]);
    for _ in 0..20 {
        sign_in(&server.url, "Ann", &[("X-Forwarded-For", "203.0.113.77")]).await;
    }
    assert_eq!(open(&server.url, "x", "https://evil.example").await.status, 403);
    assert!(server.terminate().success());
    let lines = logged(logs.path());
    assert_eq!(lines_with(&lines, &["--trusted-proxy"]), 1);
    assert!(lines_with(&lines, &["https://evil.example", "--allowed-origin", "visitor", "correlation_id"]) >= 1);
    assert!(lines_with(&lines, &["RATE_LIMITED", "\"sign_in\"", "visitor", "correlation_id"]) >= 1);
    assert_eq!(lines_with(&lines, &["203.0.113.77"]) + lines_with(&lines, &["another player"]), 0);
}

#[tokio::test]
async fn a_trusted_proxy_that_names_no_player_is_told_once_how_to_and_its_own_probes_say_nothing() {
    let own = [("Host", "localhost")];
    for (headers, lines) in [(own.to_vec(), 0), ([&own[..], &[("X-Real-IP", "203.0.113.77")]].concat(), 1)] {
        let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let server = logging(data.path(), logs.path(), &["--trusted-proxy", "127.0.0.1"]);
        for _ in 0..5 {
            ask_on(&mut connect(&server.url).await, "GET", "/livez", &headers, "").await;
        }
        assert!(server.terminate().success());
        let logged = logged(logs.path());
        assert_eq!(lines_with(&logged, &["X-Forwarded-For", "said once"]), lines, "{headers:?}");
        assert_eq!(lines_with(&logged, &["203.0.113.77"]), 0);
    }
}

#[tokio::test]
async fn forwarded_rubbish_is_noticed_once_and_harms_nobody() {
    let (data, logs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = logging(data.path(), logs.path(), &["--trusted-proxy", "127.0.0.1"]);
    for rubbish in ["\"", "for=", ";;;", "for=\"[::1", "\u{7f}", "999.999.999.999", "a,b,c,,,,", "%00"] {
        for header in [
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
        ] {
            // A character that no header may hold is refused before anything is read.
            let status = ask(&server.url, "GET", "/api/version", &[(header, rubbish)]).await.status;
            assert!(status == 200 || (rubbish == "\u{7f}" && status == 400), "{header}: {rubbish}: {status}");
        }
    }
    assert!(server.terminate().success());
    let lines = logged(logs.path());
    assert_eq!(lines_with(&lines, &["forwarded header", "said once"]), 1);
    assert_eq!(lines_with(&lines, &["panicked"]), 0);
}
