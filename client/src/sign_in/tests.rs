//! The flow without a network: what is sent to a provider, and what each of its answers means.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tilemud_schema::sign_in::ProviderSignIn;

use super::secret::challenge;
use super::*;
use crate::http::{Bearer, HttpAnswer, HttpRequest};

const BACK: &str = "http://127.0.0.1:49152/";

fn provider() -> ProviderSignIn {
    ProviderSignIn {
        issuer: "https://id.example/realm".to_owned(),
        authorization_endpoint: "https://id.example/realm/auth".to_owned(),
        token_endpoint: "https://id.example/realm/token".to_owned(),
        client_id: "the game".to_owned(),
        scope: "openid play".to_owned(),
        resource: None,
    }
}

fn wish() -> Wish {
    Wish { name: "Mira".to_owned(), silent: false }
}

fn pending() -> Pending {
    Pending::new(provider(), wish(), BACK.to_owned(), &Entropy::from_bytes([7; 48])).expect("a safe address")
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn form(request: HttpRequest) -> BTreeMap<String, String> {
    let body = request.body.expect("a body");
    assert_eq!(body.content_type, "application/x-www-form-urlencoded");
    pairs(&String::from_utf8(body.bytes).expect("text"))
}

fn answer(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, etag: None, body: body.as_bytes().to_vec() }
}

fn is(expected: &[(&str, &str)]) -> BTreeMap<String, String> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_challenge_is_the_one_of_the_rfc() {
    // RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn verifiers_and_states_are_never_the_same_twice_and_long_enough() {
    let (one, other) = (Entropy::fresh(), Entropy::fresh());
    assert!(one.verifier() != other.verifier() && one.state() != other.state());
    assert_eq!(one.verifier().len(), 43);
    assert_eq!(one.state().len(), 22);
    for half in [one.verifier(), one.state()] {
        let letters: std::collections::BTreeSet<char> = half.chars().collect();
        assert!(letters.len() > 8, "{half} is not random");
    }
}

#[test]
fn the_players_browser_is_sent_with_everything_the_provider_needs_and_no_secret() {
    let page = pending().page();
    let (endpoint, query) = page.split_once('?').expect("a query");
    assert_eq!(endpoint, "https://id.example/realm/auth");
    let asked = pairs(query);
    assert_eq!(
        asked,
        is(&[
            ("response_type", "code"),
            ("client_id", "the game"),
            ("redirect_uri", BACK),
            ("scope", "openid play"),
            ("state", pending().state()),
            ("code_challenge", &challenge(&Entropy::from_bytes([7; 48]).verifier())),
            ("code_challenge_method", "S256"),
        ])
    );
    assert!(!page.contains(&Entropy::from_bytes([7; 48]).verifier()));
    assert!(!format!("{:?}", pending()).contains(pending().state()), "secrets are never printed");
}

#[test]
fn a_resource_a_silent_wish_and_parameters_of_the_endpoint_are_in_the_address() {
    let provider = ProviderSignIn {
        authorization_endpoint: "https://id.example/auth?tenant=a%20b".to_owned(),
        resource: Some("urn:tilemud:es256".to_owned()),
        ..provider()
    };
    let wish = Wish { silent: true, ..wish() };
    let pending = Pending::new(provider, wish, BACK.to_owned(), &Entropy::fresh()).expect("a safe address");
    let page = pending.page();
    let asked = pairs(page.split_once('?').expect("a query").1);
    for (name, value) in [("tenant", "a b"), ("resource", "urn:tilemud:es256"), ("prompt", "none")] {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    let code = pending.code_in(&format!("code=c&state={}", pending.state())).expect("a code");
    assert_eq!(form(pending.exchange(&code))["resource"], "urn:tilemud:es256");
}

#[test]
fn the_code_is_exchanged_with_the_verifier_and_without_a_client_secret() {
    let pending = pending();
    let code = pending.code_in(&format!("?code=a%2Fb+c&state={}", pending.state())).expect("a code");
    let request = pending.exchange(&code);
    assert_eq!(request.path, "https://id.example/realm/token");
    assert_eq!(request.bearer, None);
    assert!(!format!("{request:?} {code:?}").contains("a/b"), "codes are never printed");
    let verifier = Entropy::from_bytes([7; 48]).verifier();
    assert_eq!(
        form(request),
        is(&[
            ("grant_type", "authorization_code"),
            ("code", "a/b c"),
            ("redirect_uri", BACK),
            ("code_verifier", &verifier),
            ("client_id", "the game"),
        ])
    );
    let renewed = form(flow::renewal(&provider(), &Bearer("again".to_owned())));
    assert_eq!(renewed, is(&[("grant_type", "refresh_token"), ("refresh_token", "again"), ("client_id", "the game")]));
}

#[test]
fn only_the_answer_to_this_sign_in_is_taken() {
    let pending = pending();
    let state = pending.state();
    let refused = |error: &str, description: &str| Err(Problem::refused(error, description));
    for (query, expected) in [
        (format!("code=c&state={state}"), Ok(())),
        (format!("state={state}&code=c&iss=https%3A%2F%2Fid.example%2Frealm"), Ok(())),
        (format!("code=c&state={state}&iss=https%3A%2F%2Fevil.example"), Err(Problem::OtherIssuer)),
        ("code=c&state=another".to_owned(), Err(Problem::OtherState)),
        ("code=c".to_owned(), Err(Problem::OtherState)),
        (format!("code=c&state={state}&state={state}"), Err(Problem::OtherState)),
        ("error=access_denied&error_description=You+won&state=x".to_owned(), Err(Problem::OtherState)),
        (String::new(), Err(Problem::OtherState)),
        (format!("state={state}"), Err(Problem::Unreadable)),
        (format!("code=&state={state}"), Err(Problem::Unreadable)),
        (format!("code=a&code=b&state={state}"), Err(Problem::Unreadable)),
        (format!("error=access_denied&state={state}"), refused("access_denied", "")),
        (
            format!("error=server_error&error_description=On+fire&code=c&state={state}"),
            refused("server_error", "On fire"),
        ),
    ] {
        assert_eq!(pending.code_in(&query).map(|_| ()), expected, "{query}");
    }
}

#[test]
fn token_answers_are_read_with_their_age_and_refusals_with_their_reason() {
    let token = |body: &str| flow::access_in(&answer(200, body));
    let given =
        token(r#"{"access_token":"t","token_type":"bearer","expires_in":60,"refresh_token":"r","id_token":"i"}"#);
    let expected = Access { token: Bearer("t".to_owned()), lifetime_s: 60.0, refresh: Some(Bearer("r".to_owned())) };
    assert_eq!(given, Ok(expected.clone()));
    let plain = token(r#"{"access_token":"t","token_type":"Bearer"}"#);
    assert_eq!(plain, Ok(Access { lifetime_s: 3_600.0, refresh: None, ..expected }));
    for body in
        ["", "{}", "[]", r#"{"access_token":"","token_type":"Bearer"}"#, r#"{"access_token":"t","token_type":"mac"}"#]
    {
        assert_eq!(token(body), Err(Problem::Unreadable), "{body:?}");
    }
    for (status, body, expected) in [
        (400, r#"{"error":"invalid_grant","error_description":"used"}"#, Problem::refused("invalid_grant", "used")),
        (401, r#"{"error":"invalid_client"}"#, Problem::refused("invalid_client", "")),
        (404, "<html>", Problem::Unreadable),
        (502, "<html>", Problem::Unreachable),
        (503, r#"{"error":"invalid_grant"}"#, Problem::Unreachable),
        (429, "", Problem::Unreachable),
        (429, r#"{"error":"slow_down"}"#, Problem::Unreachable),
        (400, r#"{"error":"temporarily_unavailable"}"#, Problem::Unreachable),
        (400, r#"{"error":"server_error","error_description":"oops"}"#, Problem::Unreachable),
    ] {
        assert_eq!(flow::access_in(&answer(status, body)), Err(expected), "{status} {body}");
    }
}

#[test]
fn every_problem_is_told_in_a_sentence_that_names_the_provider_or_what_to_do() {
    for (problem, says) in [
        (Problem::refused("access_denied", ""), "id.example did not let you through"),
        (Problem::refused("access_denied", "Not on the list."), "\u{201c}Not on the list.\u{201d}"),
        (Problem::refused("temporarily_unavailable", ""), "id.example cannot sign anyone in right now"),
        (Problem::refused("invalid_grant", "x"), "it took too long"),
        (Problem::refused("invalid_scope", "no such"), "(invalid_scope)"),
        (Problem::refused("surprise", ""), "id.example refused the sign-in (surprise)"),
        (Problem::OtherState, "another sign-in"),
        (Problem::OtherIssuer, "did not come from id.example"),
        (Problem::Unreadable, "does not understand"),
        (Problem::Unreachable, "id.example could not be reached"),
        (Problem::Late, "in time"),
        (Problem::NoWayBack, "no free port"),
        (Problem::BadAddress, "not safe"),
        (Problem::NotAsked, "not started here"),
        (Problem::Expired, "Sign in again"),
    ] {
        let sentence = problem.sentence("id.example");
        assert!(sentence.contains(says), "{problem:?} is told as {sentence:?}");
    }
    let long = Problem::refused("access_denied", &format!("a\u{1b}[31m\n{}", "x".repeat(5_000))).sentence("id.example");
    assert!(long.len() < 400 && !long.contains('\u{1b}'), "a provider's words stay within bounds");
}

#[test]
fn players_are_only_sent_to_https_or_to_this_machine() {
    for (address, safe) in [
        ("https://id.example/auth", true),
        ("https://id.example:8443/auth?x=1", true),
        ("http://127.0.0.1:9000/auth", true),
        ("http://[::1]:9000/auth", true),
        ("http://localhost/auth", true),
        ("http://id.example/auth", false),
        ("http://localhost.evil.example/auth", false),
        ("http://127.0.0.1@evil.example/auth", false),
        ("http://evil.example\\@127.0.0.1/auth", false),
        ("javascript:alert(1)//://", false),
        ("file:///etc/passwd", false),
        ("https:///auth", false),
        ("https://id.example/auth#x", false),
        ("https://id.example/a b", false),
        ("", false),
    ] {
        assert_eq!(may_visit(address), safe, "{address}");
        for provider in [
            ProviderSignIn { authorization_endpoint: address.to_owned(), ..provider() },
            ProviderSignIn { token_endpoint: address.to_owned(), ..provider() },
        ] {
            let made = Pending::new(provider, wish(), BACK.to_owned(), &Entropy::fresh());
            assert_eq!(made.is_ok(), safe, "{address}");
        }
    }
}

#[test]
fn a_provider_is_known_by_its_host() {
    for (address, host) in [
        ("https://id.example/realm", "id.example"),
        ("https://id.example:8443", "id.example:8443"),
        ("https://good.example@evil.example/", "evil.example"),
        ("https://id.example?x", "id.example"),
    ] {
        assert_eq!(host_of(address), host);
    }
}

#[test]
fn a_sign_in_survives_the_absence_of_its_page() {
    let text = serde_json::to_string(&pending()).expect("JSON");
    let back: Pending = serde_json::from_str(&text).expect("a sign-in");
    assert_eq!(back, pending());
    assert!(flow::is_answer("?code=c&state=s") && flow::is_answer("error=x&state=s"));
    assert!(!flow::is_answer("") && !flow::is_answer("?code=c") && !flow::is_answer("?state=s"));
}

#[test]
fn the_server_is_asked_for_its_ways_in_until_it_says_them() {
    let mut offers = Offers::default();
    let (id, request) = offers.next_request(0.0).expect("a request");
    assert_eq!(request, HttpRequest::get("/api/sign-in"));
    assert_eq!(offers.next_request(50.0), None, "one at a time");
    assert!(offers.on_http(1_001, Ok(answer(200, "{}")), 0.0).is_err(), "somebody else's answer");
    let mut say = |answer: Option<(u16, &str)>, now_s: f64| {
        let outcome = match answer {
            Some((status, body)) => Ok(self::answer(status, body)),
            None => Err(crate::http::Unreachable("gone".to_owned())),
        };
        offers.on_http(id, outcome, now_s).expect("its own answer");
        let seen = (offers.known().is_some(), offers.is_unreachable(), offers.provider_host().map(str::to_owned));
        let mut wait_s = 0.0;
        while offers.next_request(now_s + wait_s).is_none() {
            wait_s += 1.0;
        }
        (seen, wait_s)
    };
    let id_example = Some("id.example".to_owned());
    assert_eq!(say(None, 0.0), ((false, true, None), 2.0));
    assert_eq!(say(Some((503, "")), 10.0), ((false, true, None), 2.0));
    let waiting = r#"{"development":false,"provider_unavailable":true}"#;
    assert_eq!(say(Some((200, waiting)), 20.0), ((true, false, None), 4.0));
    let known = r#"{"development":true,"provider":{"issuer":"https://id.example","authorization_endpoint":"a",
        "token_endpoint":"t","client_id":"c","scope":"s"},"what_comes_later":1}"#;
    assert_eq!(say(Some((200, known)), 30.0), ((true, false, id_example.clone()), 60.0));
    assert_eq!(say(None, 90.0), ((true, true, id_example), 2.0), "what was known stays");
    assert_eq!(say(Some((404, "")), 99.0), ((true, false, None), 60.0));
    assert!(offers.known().is_some_and(|known| known.development), "a server from before signs in by name");
}

proptest! {
    #[test]
    fn no_query_whatever_passes_without_the_state(query in "[a-z=&%+?0-9]{0,60}", name in "(code|error|state)=[a-z]{1,9}") {
        let query = format!("{query}&{name}");
        prop_assert_eq!(pending().code_in(&query), Err(Problem::OtherState));
    }
}
