//! What pages of other origins may do, and how they are refused.

use super::*;
use crate::proxy::{self, Arrival};

pub fn settings(allowed: &[&str]) -> Settings {
    Settings {
        version: String::new(),
        allowed_origins: allowed.iter().map(|origin| origin.parse().unwrap()).collect(),
        proxies: proxy::Settings::default(),
        tls: false,
        dev_issuer_anywhere: false,
        metrics_good_for: std::time::Duration::ZERO,
        metrics_apart: false,
    }
}

fn page(settings: &Settings, origins: &[&[u8]]) -> From {
    let mut headers = HeaderMap::new();
    for origin in origins {
        headers.append(ORIGIN, HeaderValue::from_bytes(origin).unwrap());
    }
    let peer = "192.0.2.1".parse().unwrap();
    let arrival = Arrival { peer, local: "192.0.2.9".parse().unwrap(), tls: false, preamble: Default::default() };
    let visitor = Visitor::of(&settings.proxies, &arrival, "localhost".parse().unwrap(), &headers);
    From::of(settings, &visitor, &headers)
}

#[test]
fn one_origin_is_judged_and_two_are_refused() {
    let settings = settings(&["https://other.example:443"]);
    assert_eq!(page(&settings, &[]), From::Unsaid);
    assert_eq!(page(&settings, &[b"https://localhost:443"]), From::Here);
    assert!(matches!(page(&settings, &[b"https://other.example"]), From::Allowed(_)));
    for foreign in [&b"https://evil.example"[..], b"null", b"", b"http://other.example", b"https://other.example.evil"]
    {
        assert!(matches!(page(&settings, &[foreign]), From::Foreign(_)), "{foreign:?}");
    }
    let two: [&[u8]; 2] = [b"https://localhost", b"https://evil.example"];
    assert!(matches!(page(&settings, &two), From::Foreign(_)));
    assert!(matches!(page(&settings, &[two[0], two[0]]), From::Foreign(_)));
}

#[test]
fn a_refusal_names_the_origin_cut_and_clean_and_the_remedy() {
    let refused = |origin: &[u8]| {
        let error = page(&settings(&[]), &[origin]).check(|| NonZeroU64::MIN).unwrap_err();
        assert_eq!(error.code, ErrorCode::Forbidden);
        error.into_wire().message
    };
    let said = refused(b"https://evil.example:9000");
    assert!(said.contains("https://evil.example:9000") && said.contains("--allowed-origin"), "{said}");
    assert!(!said.contains("another player"), "{said}");
    assert!(refused(b"null").contains("null"));
    let said = refused(b"https://<script>\"\xff\tx");
    assert!(said.contains("https://?script????x"), "{said}");
    assert!(refused(&[b'a'; 5_000]).len() < 400);
}

fn preflight(page: &From) -> Result<Reply, ApiError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
    page.answer_to_options("POST, OPTIONS", &headers, || NonZeroU64::MIN)
}

#[test]
fn allowed_pages_are_told_what_they_may_and_foreign_ones_that_they_may_not() {
    let settings = settings(&["https://other.example"]);
    let other = page(&settings, &[b"https://other.example"]);
    let mut reply = preflight(&other).unwrap();
    other.open(&settings, &mut reply);
    assert_eq!(reply.status(), StatusCode::NO_CONTENT);
    let header =
        |reply: &Reply, name| reply.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or("-").to_owned();
    assert_eq!(header(&reply, ACCESS_CONTROL_ALLOW_ORIGIN), "https://other.example");
    assert_eq!(header(&reply, ACCESS_CONTROL_ALLOW_METHODS), "POST, OPTIONS");
    assert_eq!(header(&reply, ACCESS_CONTROL_ALLOW_HEADERS), REQUEST_HEADERS);
    assert_eq!(header(&reply, ACCESS_CONTROL_MAX_AGE), REMEMBERED_S);
    assert_eq!(header(&reply, VARY), "origin");

    let evil = page(&settings, &[b"https://evil.example"]);
    let mut reply = reply::error(preflight(&evil).unwrap_err());
    evil.open(&settings, &mut reply);
    assert_eq!((reply.status(), header(&reply, ACCESS_CONTROL_ALLOW_ORIGIN).as_str()), (StatusCode::FORBIDDEN, "-"));
    assert_eq!(header(&reply, VARY), "origin");

    // Just asked what there is.
    let reply = From::Unsaid.answer_to_options("POST, OPTIONS", &HeaderMap::new(), || NonZeroU64::MIN).unwrap();
    assert_eq!((reply.status(), header(&reply, ALLOW).as_str()), (StatusCode::NO_CONTENT, "POST, OPTIONS"));
    assert_eq!(header(&reply, ACCESS_CONTROL_ALLOW_METHODS), "-");
}
