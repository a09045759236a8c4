//! What is written of much, and what is said of the rest.

use tracing_subscriber::layer::SubscriberExt as _;

use super::super::tests::Sink;
use super::super::{Writers, json};
use super::*;

/// What is logged by `say`, which ends the intervals itself.
fn lines(say: impl FnOnce(&Sums)) -> Vec<serde_json::Value> {
    let (sink, sums) = (Sink::default(), std::sync::Arc::<Sums>::default());
    let written = sink.clone();
    let writers = Writers::new(vec![json(move || sink.clone())], std::sync::Arc::clone(&sums));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(writers), || say(&sums));
    written.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(code: &str, user_id: Option<&str>) {
    tracing::info!(code, user_id, correlation_id = "c", "request refused");
}

fn count(lines: &[serde_json::Value], is: impl Fn(&serde_json::Value) -> bool) -> u64 {
    lines.iter().filter(|line| is(line)).count() as u64
}

#[test]
fn of_many_refusals_of_strangers_the_first_are_written_and_the_rest_is_one_line() {
    let lines = lines(|sums| {
        for _ in 0..4_332 {
            refused("AUTH_TOKEN_INVALID", None);
        }
        refused("RATE_LIMITED", None);
        sums.turn(INTERVAL);
    });
    assert_eq!(lines.len() as u64, STRANGERS_MAX + 2);
    let sum = lines.last().unwrap();
    assert_eq!(sum["message"], "4,312 more in 10 s: request refused");
    assert_eq!((&sum["code"], &sum["repeats"]), (&"AUTH_TOKEN_INVALID".into(), &4_312.into()));
    assert_eq!((&sum["interval_s"], &sum["level"]), (&10.into(), &"INFO".into()));
}

#[test]
fn the_next_interval_begins_anew_and_a_quiet_one_says_nothing() {
    let lines = lines(|sums| {
        for _ in 0..3 {
            (0..30).for_each(|_| refused("MALFORMED", None));
            sums.turn(INTERVAL);
        }
        sums.turn(INTERVAL);
        refused("MALFORMED", None);
        sums.turn(INTERVAL);
    });
    assert_eq!(count(&lines, |line| line["message"] == "request refused"), 3 * STRANGERS_MAX + 1);
    assert_eq!(count(&lines, |line| line["repeats"] == 10), 3);
    assert_eq!(lines.len() as u64, 3 * STRANGERS_MAX + 4);
}

#[test]
fn what_one_user_repeats_hides_nothing_of_another() {
    let lines = lines(|sums| {
        for _ in 0..500 {
            refused("RATE_LIMITED", Some("mallory"));
        }
        for user in 0..400 {
            let user_id = format!("user {user}");
            tracing::info!(event = "connect", user_id, reason = "fresh", "session live");
            tracing::info!(event = "disconnect", user_id, reason = "connection_lost", "session disconnected");
            refused("RATE_LIMITED", Some(&user_id));
        }
        sums.turn(INTERVAL);
    });
    for message in ["session live", "session disconnected"] {
        assert_eq!(count(&lines, |line| line["message"] == message), 400, "{message}");
    }
    assert_eq!(count(&lines, |line| line["message"] == "request refused"), 400 + USER_MAX);
    let sum = lines.last().unwrap();
    assert_eq!((&sum["user_id"], &sum["repeats"]), (&"mallory".into(), &440.into()));
}

#[test]
fn the_crowd_counts_together_and_is_summed_without_a_user() {
    let lines = lines(|sums| {
        for user in 0..1_000 {
            tracing::info!(target: CROWD, event = "bootstrap", user_id = %user, reason = "fresh", "session admitted");
        }
        sums.turn(INTERVAL);
    });
    assert_eq!(lines.len() as u64, CROWD_MAX + 1);
    let sum = lines.last().unwrap();
    assert_eq!((&sum["repeats"], sum.get("user_id")), (&(1_000 - CROWD_MAX).into(), None));
}

#[test]
fn kinds_are_told_apart_by_place_code_reason_event_and_limit() {
    let lines = lines(|sums| {
        for number in 0..STRANGERS_MAX {
            for code in ["A", "B"] {
                refused(code, None);
            }
            for limit in ["move", "chat"] {
                tracing::info!(code = "RATE_LIMITED", limit, number, "request refused");
            }
            for reason in ["x", "y"] {
                tracing::warn!(reason, number, "another place");
            }
        }
        sums.turn(INTERVAL);
    });
    assert_eq!(lines.len() as u64, 6 * STRANGERS_MAX);
}

#[test]
fn warnings_and_errors_are_summed_at_their_level_and_what_is_asked_for_at_debug_is_not() {
    let lines = lines(|sums| {
        for _ in 0..100 {
            tracing::warn!(error = "out of descriptors", "a connection could not be accepted");
            tracing::error!("worse");
            tracing::debug!("asked for");
        }
        sums.turn(Duration::from_millis(2_500));
    });
    assert_eq!(count(&lines, |line| line["level"] == "DEBUG"), 100);
    for level in ["WARN", "ERROR"] {
        assert_eq!(count(&lines, |line| line["level"] == level), STRANGERS_MAX + 1, "{level}");
        assert_eq!(count(&lines, |line| line["level"] == level && line["interval_s"] == 2), 1, "{level}");
    }
}

#[test]
fn no_more_kinds_are_counted_than_there_is_room_for_and_no_line_of_a_player_is_lost_by_that() {
    let lines = lines(|sums| {
        for user in 0..KINDS_MAX + 100 {
            tracing::info!(event = "connect", user_id = %user, "session live");
        }
        assert_eq!(sums.kinds().len(), KINDS_MAX);
    });
    assert_eq!(lines.len(), KINDS_MAX + 100);
}

#[test]
fn numbers_are_grouped_for_people() {
    assert_eq!([0, 999, 1_000, 4_312, 1_234_567].map(grouped), ["0", "999", "1,000", "4,312", "1,234,567"]);
}
