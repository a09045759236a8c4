//! The session against scripted answers: every player-visible state is reached and left.

use tilemud_schema::rest::DevTokenResponse;
use tilemud_schema::{
    ClientMessage, CloseCode, Dependency, DependencyChange, Details, EntityId, ErrorCode, Resume, Seq, ServerMessage,
    StateDelta, WireError, codec,
};
use uuid::Uuid;

use super::*;
use crate::http::HttpAnswer;

mod away;
mod bench;
mod provider;

use bench::{Bench, acks, dependency};

#[test]
fn sign_in_leads_through_token_bootstrap_and_handshake_to_active() {
    let mut bench = Bench::new();
    assert_eq!(bench.state(), SessionState::SignIn { problem: None });
    bench.session.sign_in("Mira", 0.0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
    bench.token();
    let asked = bench.asked();
    assert_eq!(asked.client_version, tilemud_schema::version());
    assert_eq!(asked.display_name.as_deref(), Some("Mira"));
    assert_eq!(asked.reconnect_token, None);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt");
    bench.bootstrap(1, 0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::Opening });
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!((hello.ticket.as_str(), hello.last_tick, hello.oldest_unanswered_seq), ("ticket", None, None));
    assert_eq!(bench.state(), SessionState::Active);
    assert_eq!(bench.session.entity_id(), Some(EntityId(7)));
}

#[test]
fn a_cut_resumes_the_same_session_and_sends_again_what_was_not_answered() {
    let mut bench = Bench::live();
    for _ in 0..3 {
        assert!(bench.walk());
    }
    bench.message(&acks(&[1]));
    bench.message(&ServerMessage::StateDelta(StateDelta { tick: 51, ..StateDelta::default() }));
    bench.cut();
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: Some(1.0) });
    assert!(!bench.walk(), "nothing is sent while the connection is gone");

    bench.wait(1.0);
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: None });
    assert_eq!(bench.asked().reconnect_token.as_deref(), Some("reconnect-2"));
    bench.bootstrap(1, 2);
    let hello = bench.handshake(2, Resume::Delta);
    assert_eq!((hello.last_tick, hello.oldest_unanswered_seq), (Some(51), Some(2)));
    assert_eq!(bench.sent_seqs(), [2, 3]);
    assert_eq!(bench.state(), SessionState::Active);
    assert_eq!(bench.session.reconnects(), 1);
    bench.message(&acks(&[2, 3]));
    assert!(bench.walk());
    assert_eq!(bench.sent_seqs(), [4]);
}

#[test]
fn a_fresh_session_after_a_cut_forgets_what_was_in_flight() {
    let mut bench = Bench::live();
    bench.walk();
    bench.cut();
    bench.wait(1.0);
    bench.bootstrap(2, 0);
    assert!(bench.commands.contains(&Command::Forget));
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!((hello.last_tick, hello.oldest_unanswered_seq), (None, None));
    assert_eq!(bench.sent_seqs(), Vec::<Seq>::new());
    bench.walk();
    assert_eq!(bench.sent_seqs(), [1]);
}

#[test]
fn five_failed_attempts_with_doubling_waits_reach_the_retry_limit() {
    let mut bench = Bench::live();
    bench.cut();
    for (attempt, wait_s) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0)] {
        let retry_at_s = Some(bench.now_s + wait_s);
        assert_eq!(bench.state(), SessionState::Reconnecting { attempt, retry_at_s });
        bench.wait(wait_s - 0.05);
        assert_eq!(bench.commands.iter().filter(|it| matches!(it, Command::Http { .. })).count(), 0);
        bench.wait(0.1);
        bench.unreachable();
    }
    assert_eq!(bench.state(), SessionState::RetryLimitReached { retry_at_s: Some(bench.now_s + 30.0) });

    bench.session.retry(bench.now_s);
    assert!(matches!(bench.state(), SessionState::Connecting { .. }));
    bench.token_or_bootstrap();
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Snapshot);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_connection_that_keeps_breaking_at_once_uses_up_its_attempts() {
    let mut bench = Bench::live();
    bench.wait(7.0);
    for (attempt, wait_s) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0)] {
        bench.cut();
        assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: n, .. } if n == attempt));
        bench.wait(wait_s);
        bench.bootstrap(1, 0);
        bench.handshake(0, Resume::Delta);
    }
    bench.cut();
    assert!(matches!(bench.state(), SessionState::RetryLimitReached { .. }));
}

#[test]
fn silence_asks_for_the_full_state_and_then_counts_as_a_cut() {
    let mut bench = Bench::live();
    bench.wait(2.9);
    assert!(!bench.commands.contains(&Command::Send(ClientMessage::Resync {})));
    bench.wait(0.5);
    assert!(bench.commands.contains(&Command::Send(ClientMessage::Resync {})));
    bench.wait(5.0);
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 1, .. }));
}

#[test]
fn having_slept_is_not_taken_for_silence() {
    let mut bench = Bench::live();
    bench.wait(1.0);
    bench.now_s += 600.0;
    bench.session.tick(bench.now_s);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn heartbeats_go_out_and_their_round_trip_is_measured() {
    let mut bench = Bench::live();
    bench.wait(0.1);
    let Some(Command::Send(ClientMessage::Heartbeat { nonce })) = bench.commands.first() else {
        panic!("no heartbeat")
    };
    let answer = ServerMessage::Heartbeat { nonce: *nonce, tick: 60 };
    let rtt_s = bench.session.heartbeat_rtt_s(&answer, bench.now_s + 0.025).expect("the round trip");
    assert!((rtt_s - 0.025).abs() < 1e-9);
    assert_eq!(bench.session.heartbeat_rtt_s(&ServerMessage::Heartbeat { nonce: 99, tick: 60 }, 1.0), None);
}

#[test]
fn a_lost_cache_degrades_and_a_lost_store_pauses_until_they_recover() {
    let mut bench = Bench::live();
    bench.message(&dependency(Dependency::Cache, DependencyChange::Unavailable));
    assert_eq!(bench.state(), SessionState::Degraded);
    assert!(bench.walk());
    bench.message(&dependency(Dependency::Database, DependencyChange::Unavailable));
    assert_eq!(bench.state(), SessionState::Unavailable { retry_at_s: None });
    assert!(!bench.walk(), "actions pause while the store is offline");
    bench.message(&dependency(Dependency::Database, DependencyChange::Recovered));
    assert_eq!(bench.state(), SessionState::Degraded);
    bench.message(&dependency(Dependency::Cache, DependencyChange::Recovered));
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_full_server_is_asked_again_when_it_said() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    bench.refuse(ErrorCode::CapacityFull, Some(Details::Retry { retry_after_ms: 7_000 }));
    assert_eq!(bench.state(), SessionState::Capacity { retry_at_s: Some(8.0) });
    bench.wait(8.0);
    assert_eq!(bench.state(), SessionState::Capacity { retry_at_s: None });
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn an_offline_store_at_sign_in_is_waited_for_without_end() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    for _ in 0..20 {
        bench.refuse(ErrorCode::Unavailable, None);
        assert!(matches!(bench.state(), SessionState::Unavailable { retry_at_s: Some(_) }));
        bench.wait(5.1);
    }
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn another_build_must_update_at_bootstrap_and_in_the_middle_of_play() {
    let expected = SessionState::UpdateRequired { expected: "2.0.0+0".to_owned() };
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    let received = "1.0.0+0".to_owned();
    bench.refuse(
        ErrorCode::UpdateRequired,
        Some(Details::Version { expected: "2.0.0+0".to_owned(), received: received.clone() }),
    );
    assert_eq!(bench.state(), expected);

    let mut bench = Bench::live();
    bench.message(&ServerMessage::VersionMismatch {
        expected: "2.0.0+0".to_owned(),
        received,
        message: None,
        disconnect_at: None,
    });
    assert_eq!(bench.state(), expected);
    bench.session.on_closed(bench.socket, Some(4002), 1.0);
    assert_eq!(bench.state(), expected, "the close that follows changes nothing");
    bench.wait(60.0);
    assert_eq!(bench.commands, []);
}

#[test]
fn a_refused_token_is_fetched_anew_once_and_then_fails() {
    let mut bench = Bench::live();
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    bench.token();
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    assert!(matches!(bench.state(), SessionState::AuthFailed { .. }));
}

#[test]
fn an_expired_reconnect_token_is_dropped_for_a_fresh_session() {
    let mut bench = Bench::live();
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::ReconnectTokenInvalid, None);
    assert_eq!(bench.asked().reconnect_token, None);
    bench.bootstrap(2, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_taken_name_goes_back_to_the_form_with_the_reason() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    bench.refuse(ErrorCode::NameTaken, None);
    assert_eq!(bench.state(), SessionState::SignIn { problem: Some("This name is taken.".to_owned()) });
}

#[test]
fn every_close_code_leads_to_its_state() {
    use SessionState as S;
    let ended = |reason| S::SessionEnded { reason };
    let again = || S::Reconnecting { attempt: 1, retry_at_s: Some(1.0) };
    let auth = S::AuthFailed { message: "The server ended the session.".to_owned() };
    for (code, state) in [
        (CloseCode::Authentication, auth),
        (CloseCode::Version, S::UpdateRequired { expected: String::new() }),
        (CloseCode::Capacity, S::Capacity { retry_at_s: Some(5.0) }),
        (CloseCode::Inactivity, ended(EndReason::Inactivity)),
        (CloseCode::Replaced, ended(EndReason::Replaced)),
        (CloseCode::LoggedOut, ended(EndReason::LoggedOut)),
        (CloseCode::ShuttingDown, again()),
        (CloseCode::Protocol, again()),
        (CloseCode::TooSlow, again()),
        (CloseCode::HandshakeTimeout, again()),
    ] {
        let mut by_close = Bench::live();
        by_close.session.on_closed(by_close.socket, Some(code.into()), 0.0);
        assert_eq!(by_close.state(), state, "close frame {code:?}");
        let mut by_message = Bench::live();
        by_message.message(&ServerMessage::Disconnect(code.into()));
        assert_eq!(by_message.state(), state, "event.disconnect {code:?}");
    }
}

#[test]
fn after_the_session_ended_playing_again_starts_clean() {
    let mut bench = Bench::live();
    bench.walk();
    bench.message(&ServerMessage::Disconnect(CloseCode::Inactivity.into()));
    bench.session.retry(bench.now_s);
    assert_eq!(bench.asked().reconnect_token, None);
    bench.bootstrap(2, 0);
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!(hello.oldest_unanswered_seq, None);
    bench.walk();
    assert_eq!(bench.sent_seqs(), [1]);
}

#[test]
fn a_gap_in_the_sequence_is_repaired_by_sending_again() {
    let mut bench = Bench::live();
    for _ in 0..3 {
        bench.walk();
    }
    let out_of_order = ServerMessage::Error {
        seq: Some(3),
        error: WireError::new(
            ErrorCode::SeqOutOfOrder,
            Uuid::nil(),
            Some(Details::Sequence { expected: 2, received: 3 }),
        ),
    };
    bench.message(&acks(&[1]));
    assert!(bench.message(&out_of_order).is_empty(), "it answers no intent");
    assert_eq!(bench.sent_seqs(), [2, 3]);
    bench.message(&out_of_order);
    assert_eq!(bench.sent_seqs(), Vec::<Seq>::new(), "one repair at a time");
}

#[test]
fn a_refused_intent_is_answered_and_not_sent_again() {
    let mut bench = Bench::live();
    bench.walk();
    let error = WireError::new(ErrorCode::MoveBlocked, Uuid::nil(), None);
    let answered = bench.message(&ServerMessage::Error { seq: Some(1), error });
    assert_eq!(answered.len(), 1);
    assert!(bench.session.outbox().is_empty());
}

#[test]
fn answers_to_earlier_attempts_are_ignored() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    let (stale, _) = bench.call();
    bench.session.leave();
    bench.session.sign_in("Tom", 0.0);
    let token = codec::to_json(&DevTokenResponse { access_token: "mira's".to_owned(), expires_in: 60 });
    bench.session.on_http(stale, Ok(HttpAnswer { status: 200, etag: None, body: token }), 0.0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
}

#[test]
fn logging_out_tells_the_server_and_ends_the_session() {
    let mut bench = Bench::live();
    bench.session.log_out();
    bench.collect();
    assert_eq!(bench.commands, [Command::Send(ClientMessage::Logout {}), Command::CloseSocket]);
    assert_eq!(bench.state(), SessionState::SessionEnded { reason: EndReason::LoggedOut });
}
