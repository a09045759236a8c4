//! The session and a scripted provider: there and back, every way it can fail, and what becomes of
//! an old token.

use tilemud_schema::sign_in::ProviderSignIn;
use tilemud_schema::{CloseCode, ErrorCode, Resume};

use super::super::*;
use super::bench::Bench;
use crate::connector::{RETURN_WAIT_S, WayBack};
use crate::http::Unreachable;
use crate::sign_in::{Entropy, Pending, Problem, Wish};

const HOST: &str = "id.example";

fn provider() -> ProviderSignIn {
    ProviderSignIn {
        issuer: "https://id.example".to_owned(),
        authorization_endpoint: "https://id.example/auth".to_owned(),
        token_endpoint: "https://id.example/token".to_owned(),
        client_id: "game".to_owned(),
        scope: "openid".to_owned(),
        resource: None,
    }
}

fn wish(silent: bool) -> Wish {
    Wish { name: "Mira".to_owned(), silent }
}

fn failed(problem: &Problem) -> SessionState {
    SessionState::AuthFailed { message: problem.sentence(HOST) }
}

const AT_PROVIDER: SessionState = SessionState::Connecting { step: ConnectStep::AtProvider };

impl Bench {
    /// On the way to the provider, before there is a way back.
    fn leaving(silent: bool) -> Self {
        let mut bench = Self::new();
        bench.session.sign_in_at(&provider(), &wish(silent), 0.0);
        bench.collect();
        bench
    }

    fn away(silent: bool) -> (Self, Pending) {
        let mut bench = Self::leaving(silent);
        let pending = bench.go();
        (bench, pending)
    }

    /// In the world after a sign-in at the provider, which gave a token for ten minutes.
    fn signed_in(refresh: Option<&str>) -> Self {
        let (mut bench, pending) = Self::away(false);
        bench.come_back(&format!("code=c&state={}", pending.state()));
        bench.tokens("jwt", 600, refresh);
        bench.bootstrap(1, 0);
        bench.handshake(0, Resume::Fresh);
        bench.commands.clear();
        bench
    }

    fn way_back_call(&self) -> u64 {
        let [Command::MakeWayBack { id }] = self.commands[..] else { panic!("{:?}", self.commands) };
        id
    }

    /// The visit at the provider that the client has begun by itself.
    fn visit(&mut self) -> Pending {
        self.commands.retain(|it| matches!(it, Command::MakeWayBack { .. }));
        self.go()
    }

    /// Makes the way back and takes the sign-in that goes to the browser.
    fn go(&mut self) -> Pending {
        let id = self.way_back_call();
        let way_back = WayBack {
            redirect_uri: "http://127.0.0.1:49152/".to_owned(),
            entropy: Entropy::from_bytes([u8::try_from(id % 251).expect("small"); 48]),
        };
        self.session.on_way_back(id, Ok(way_back));
        self.collect();
        let [Command::Visit { id: visited, pending }] = &self.commands[..] else { panic!("{:?}", self.commands) };
        assert_eq!(*visited, id);
        pending.clone()
    }

    fn come_back(&mut self, query: &str) {
        let Some(id) = self.commands.iter().find_map(|command| match command {
            Command::Visit { id, .. } => Some(*id),
            _ => None,
        }) else {
            panic!("nobody left: {:?}", self.commands)
        };
        self.session.on_returned(id, query, self.now_s);
        self.collect();
    }

    fn tokens(&mut self, token: &str, lifetime_s: u32, refresh: Option<&str>) {
        assert_eq!(self.call().1.path, "https://id.example/token");
        let refresh = refresh.map(|it| format!(r#","refresh_token":"{it}""#)).unwrap_or_default();
        let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{lifetime_s}{refresh}}}"#);
        self.answer(200, body.into_bytes());
    }

    fn form(&mut self) -> String {
        let (_, request) = self.call();
        assert_eq!(request.path, "https://id.example/token");
        String::from_utf8(request.body.expect("a body").bytes).expect("text")
    }
}

#[test]
fn a_player_goes_to_the_provider_and_comes_back_into_the_world() {
    let mut bench = Bench::leaving(false);
    assert_eq!(bench.state(), AT_PROVIDER);
    assert_eq!(bench.session.provider_page(), None, "there is no way back yet");
    let pending = bench.go();
    assert_eq!(bench.session.provider_page(), Some(pending.page()));
    assert_eq!(bench.session.provider_host(), Some(HOST));

    bench.come_back(&format!("code=abc&state={}", pending.state()));
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
    assert!(bench.form().contains("code=abc&"));
    bench.tokens("from the provider", 600, None);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "from the provider");
    assert_eq!(bench.asked().display_name.as_deref(), Some("Mira"));
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_name_is_asked_for_only_if_one_was_given_and_the_characters_own_is_shown() {
    let mut bench = Bench::new();
    bench.session.sign_in_at(&provider(), &Wish { name: String::new(), silent: false }, 0.0);
    bench.collect();
    let pending = bench.go();
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.tokens("jwt", 600, None);
    assert_eq!(bench.asked().display_name, None);
    bench.bootstrap(1, 0);
    assert_eq!(bench.session.name(), "Mira", "as the server says");
}

#[test]
fn every_bad_answer_ends_the_sign_in_with_its_reason() {
    type Answer = fn(&Pending) -> String;
    let cases: [(Answer, Problem); 5] = [
        (|_| "code=c&state=other".to_owned(), Problem::OtherState),
        (|_| String::new(), Problem::OtherState),
        (|it| format!("state={}", it.state()), Problem::Unreadable),
        (
            |it| format!("error=access_denied&error_description=Not+today&state={}", it.state()),
            Problem::refused("access_denied", "Not today"),
        ),
        (|it| format!("code=c&iss=https%3A%2F%2Fevil.example&state={}", it.state()), Problem::OtherIssuer),
    ];
    for (query, problem) in cases {
        let (mut bench, pending) = Bench::away(false);
        bench.come_back(&query(&pending));
        assert_eq!(bench.state(), failed(&problem));
        assert!(!bench.commands.iter().any(|it| matches!(it, Command::Http { .. })), "no code is sent anywhere");
        bench.wait(1_000.0);
        assert_eq!(bench.commands, [], "nothing happens by itself");
    }
}

#[test]
fn every_bad_answer_to_the_code_ends_the_sign_in_with_its_reason() {
    for (status, body, problem) in [
        (400, r#"{"error":"invalid_grant"}"#, Problem::refused("invalid_grant", "")),
        (200, "{}", Problem::Unreadable),
        (503, "", Problem::Unreachable),
    ] {
        let (mut bench, pending) = Bench::away(false);
        bench.come_back(&format!("code=c&state={}", pending.state()));
        bench.answer(status, body.as_bytes().to_vec());
        assert_eq!(bench.state(), failed(&problem));
    }
    let (mut bench, pending) = Bench::away(false);
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.unreachable();
    assert_eq!(bench.state(), failed(&Problem::Unreachable));

    let (mut bench, pending) = Bench::away(false);
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.wait(13.0);
    assert_eq!(bench.state(), failed(&Problem::Unreachable), "the answer that never comes");
}

#[test]
fn nobody_coming_back_is_waited_for_within_bounds_and_the_way_is_closed() {
    let (mut bench, _) = Bench::away(false);
    bench.wait(RETURN_WAIT_S as f64 - 1.0);
    assert_eq!(bench.state(), AT_PROVIDER);
    bench.wait(2.0);
    assert_eq!(bench.state(), failed(&Problem::Late));
    assert!(bench.commands.contains(&Command::StopWaiting));
}

#[test]
fn going_back_to_the_form_closes_the_way_and_late_answers_are_ignored() {
    let (mut bench, pending) = Bench::away(false);
    let visit = bench.commands.clone();
    bench.session.leave();
    bench.collect();
    assert!(bench.commands.contains(&Command::StopWaiting));
    bench.commands = visit;
    bench.come_back(&format!("code=c&state={}", pending.state()));
    assert_eq!(bench.state(), SessionState::SignIn { problem: None });
    assert_eq!(bench.commands, []);
}

#[test]
fn without_a_way_back_or_with_an_unsafe_address_nobody_is_sent_away() {
    let mut bench = Bench::leaving(false);
    let id = bench.way_back_call();
    bench.session.on_way_back(id, Err(Unreachable("no port".to_owned())));
    assert_eq!(bench.state(), failed(&Problem::NoWayBack));

    let mut bench = Bench::new();
    let unsafe_ = ProviderSignIn { authorization_endpoint: "file:///etc/passwd".to_owned(), ..provider() };
    bench.session.sign_in_at(&unsafe_, &wish(false), 0.0);
    bench.collect();
    let way_back = WayBack { redirect_uri: "http://127.0.0.1:1/".to_owned(), entropy: Entropy::from_bytes([1; 48]) };
    let id = bench.way_back_call();
    bench.session.on_way_back(id, Ok(way_back));
    bench.collect();
    assert_eq!(bench.state(), failed(&Problem::BadAddress));
    assert!(!bench.commands.iter().any(|it| matches!(it, Command::Visit { .. })));
}

#[test]
fn a_browser_that_does_not_open_is_known_for_this_sign_in_only() {
    let (mut bench, _) = Bench::away(false);
    bench.session.on_no_browser(1);
    assert!(!bench.session.has_no_browser(), "another sign-in's");
    let Command::Visit { id, .. } = bench.commands[0] else { panic!("{:?}", bench.commands) };
    bench.session.on_no_browser(id);
    assert!(bench.session.has_no_browser());
    assert_eq!(bench.state(), AT_PROVIDER, "the player may open it by hand");
    bench.session.leave();
    assert!(!bench.session.has_no_browser());
}

#[test]
fn the_page_that_the_player_comes_back_to_goes_on_where_the_other_one_stopped() {
    let (_, pending) = Bench::away(false);
    let mut bench = Bench::new();
    bench.session.resume_sign_in(&pending, &format!("?code=c&state={}", pending.state()), 0.0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
    bench.tokens("jwt", 600, None);
    assert_eq!(bench.asked().display_name.as_deref(), Some("Mira"));

    let mut stray = Bench::new();
    stray.session.refuse_stray_answer();
    assert_eq!(stray.state(), failed(&Problem::NotAsked));
}

#[test]
fn a_silent_sign_in_that_needs_the_player_only_shows_the_form() {
    for (error, state) in [
        ("login_required", SessionState::SignIn { problem: None }),
        ("interaction_required", SessionState::SignIn { problem: None }),
        ("access_denied", failed(&Problem::refused("access_denied", ""))),
    ] {
        let (mut bench, pending) = Bench::away(true);
        assert!(pending.page().contains("prompt=none"));
        bench.come_back(&format!("error={error}&state={}", pending.state()));
        assert_eq!(bench.state(), state, "{error}");
    }
    let (mut bench, pending) = Bench::away(false);
    bench.come_back(&format!("error=login_required&state={}", pending.state()));
    assert!(matches!(bench.state(), SessionState::AuthFailed { .. }), "a player who asked gets an answer");
}

#[test]
fn a_good_token_brings_a_cut_player_back_and_an_old_one_is_renewed_at_the_provider_without_a_form() {
    let mut bench = Bench::signed_in(None);
    bench.cut();
    bench.wait(1.0);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt");
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Delta);

    bench.now_s = 601.0;
    bench.cut();
    bench.wait(2.0);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt", "the server is asked first");
    bench.unreachable();
    assert!(matches!(bench.state(), SessionState::Reconnecting { .. }), "nobody is sent away while it is not there");
    bench.wait(4.0);
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    let pending = bench.visit();
    assert!(pending.page().contains("prompt=none"));
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.tokens("jwt-2", 600, None);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt-2");
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Delta);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_provider_that_wants_to_see_the_player_again_is_visited_when_they_say_so() {
    let mut bench = Bench::signed_in(None);
    bench.now_s = 601.0;
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    let pending = bench.visit();
    bench.come_back(&format!("error=login_required&state={}", pending.state()));
    assert_eq!(bench.state(), failed(&Problem::Expired));
    assert_eq!(bench.commands, [Command::StopWaiting, Command::CloseSocket], "no second visit by itself");
    bench.session.leave();
    bench.session.sign_in_at(&provider(), &wish(false), bench.now_s);
    bench.collect();
    assert!(!bench.visit().page().contains("prompt=none"));
}

#[test]
fn a_token_the_server_calls_old_is_replaced_and_a_fresh_one_it_refuses_ends_the_sign_in() {
    let mut bench = Bench::signed_in(None);
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    assert_eq!(bench.state(), AT_PROVIDER);

    let (mut bench, pending) = Bench::away(false);
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.tokens("jwt", 600, None);
    bench.refuse(ErrorCode::AuthTokenInvalid, None);
    assert!(matches!(bench.state(), SessionState::AuthFailed { .. }));
    assert_eq!(bench.commands, [Command::CloseSocket], "no second visit by itself");
}

#[test]
fn a_refresh_token_renews_an_old_token_without_the_player() {
    let mut bench = Bench::signed_in(Some("again-1"));
    bench.now_s = 700.0;
    bench.cut();
    bench.wait(1.0);
    assert!(bench.form().contains("refresh_token=again-1"));
    bench.unreachable();
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 2, .. }), "the provider is away for now");
    bench.wait(2.0);
    assert!(bench.form().contains("refresh_token=again-1"));
    bench.answer(429, br#"{"error":"slow_down"}"#.to_vec());
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 3, .. }), "or has too much to do");
    bench.wait(4.0);
    assert!(bench.form().contains("refresh_token=again-1"), "the token may be good still");
    bench.tokens("jwt-2", 600, Some("again-2"));
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt-2");
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Delta);

    bench.now_s = 1_400.0;
    bench.cut();
    bench.wait(4.0);
    assert!(bench.form().contains("refresh_token=again-2"), "the newest one");
    bench.answer(400, br#"{"error":"invalid_grant"}"#.to_vec());
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt-2", "the server is asked whether it is there");
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    assert!(bench.visit().page().contains("prompt=none"));
}

#[test]
fn a_taken_name_is_changed_without_another_visit() {
    let (mut bench, pending) = Bench::away(false);
    bench.come_back(&format!("code=c&state={}", pending.state()));
    bench.tokens("jwt", 600, None);
    bench.refuse(ErrorCode::NameTaken, None);
    assert_eq!(bench.state(), SessionState::SignIn { problem: Some("This name is taken.".to_owned()) });
    bench.session.sign_in_at(&provider(), &Wish { name: "Robin".to_owned(), silent: false }, 1.0);
    bench.collect();
    assert_eq!(bench.asked().display_name.as_deref(), Some("Robin"));
}

#[test]
fn who_leaves_is_forgotten_and_who_plays_again_signs_in_again() {
    for leave in [Session::log_out, Session::leave] {
        let mut bench = Bench::signed_in(Some("again"));
        leave(&mut bench.session);
        bench.collect();
        bench.session.sign_in_at(&provider(), &wish(false), bench.now_s);
        bench.collect();
        bench.way_back_call();
    }
    let mut bench = Bench::signed_in(None);
    bench.session.log_out();
    bench.collect();
    bench.session.retry(bench.now_s);
    bench.collect();
    bench.way_back_call();
}

#[test]
fn the_development_issuer_and_the_provider_share_no_token() {
    let mut bench = Bench::signed_in(None);
    bench.session.on_closed(bench.socket, Some(CloseCode::Inactivity.into()), 0.0);
    bench.session.sign_in("Mira", bench.now_s);
    bench.commands.clear();
    assert_eq!(bench.call().1.path, "/dev/token");
}
