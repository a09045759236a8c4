//! The sequence rules against a simple model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tilemud_schema::{ChatChannel, Details, Direction, ErrorCode, Intent, Seq, Tick};
use tilemud_sim::api::{Input, Outcome, PendingIntent, Refusal, SessionKey, View};
use tilemud_sim::limits::INTENTS_PER_SESSION_MAX;
use tilemud_sim::{Map, TickOutput};

use crate::players::{attach, intent, join, own_view, resync, walk};
use crate::{SECOND, cases, outcomes, sim, tick};

#[derive(Debug, Clone)]
enum Sent {
    /// A number relative to the last one consumed, refused by the edge or not, of the newest
    /// connection or the one before.
    Intent(i64, bool, bool),
    /// A new connection with an oldest unanswered number, and maybe a next one, relative to the
    /// last one consumed.
    Attach(i64, Option<i64>),
}

fn sent() -> impl Strategy<Value = (u64, Sent)> {
    let sent = prop_oneof![
        8 => (-2..4i64, any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(number, refused, is_late)| Sent::Intent(number, refused, is_late)),
        1 => (-2..4i64, prop::option::of(0..5i64)).prop_map(|(oldest, next)| Sent::Attach(oldest, next)),
    ];
    (1..=3u64, sent)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_number_is_judged_as_the_protocol_says(
        ticks in prop::collection::vec((prop::collection::vec(sent(), 0..12), prop::bool::weighted(0.2)), 1..20)
    ) {
        let mut sim = sim(Map::open("field", 64, 64));
        tick(&mut sim, [join(1, 30, 30), join(2, 31, 30), join(3, 32, 30)]);
        let mut last: BTreeMap<u64, Seq> = BTreeMap::from([(1, 0), (2, 0), (3, 0)]);
        let mut newest = last.clone();
        let mut resent_to = last.clone();
        let mut wishes: BTreeMap<u64, Wish> = last.keys().map(|session| (*session, Wish::default())).collect();
        for (sent, is_outage) in ticks {
            let mut inputs = Vec::new();
            let mut intents = Vec::new();
            let mut attached = BTreeSet::new();
            for (session, sent) in sent {
                let at = |offset: i64| (last[&session] as i64 + offset).max(1) as Seq;
                match sent {
                    Sent::Intent(offset, refused, is_late) => {
                        let connection = newest[&session].saturating_sub(u64::from(is_late));
                        intents.push((session, at(offset), connection, refused));
                    }
                    Sent::Attach(offset, next) => {
                        let (oldest, next_seq) = (at(offset), next.map(at));
                        let connection = newest[&session] + 1;
                        attached.insert(session);
                        newest.insert(session, connection);
                        resent_to.insert(session, next_seq.unwrap_or_default());
                        inputs.push(Input::Attach {
                            session: SessionKey(session),
                            connection,
                            last_tick: None,
                            oldest_unanswered_seq: Some(oldest),
                            next_seq,
                        });
                        last.entry(session).and_modify(|last| *last = (*last).max(oldest - 1));
                    }
                }
            }
            for &(session, seq, connection, refused) in &intents {
                let outcome = refused.then(|| Outcome::Refused(ErrorCode::RateLimited.into()));
                let intent = Intent::Chat { channel: ChatChannel::Say, text: "hi".into(), to: None };
                let session = SessionKey(session);
                inputs.push(Input::Intent(PendingIntent { session, connection, seq, intent, outcome }));
            }
            intents.sort_by_key(|(session, seq, ..)| (*session, *seq));
            let mut gaps = Vec::new();
            let expected: Vec<(u64, Seq, Outcome)> = intents.iter().filter_map(|(session, seq, connection, refused)| {
                let last = last.get_mut(session).expect("one of the three");
                let is_late = *connection != newest[session];
                let outcome = if *seq <= *last {
                    Outcome::Duplicate
                } else if *seq == *last + 1 || !is_late && *seq <= resent_to[session] {
                    *last = *seq;
                    match (*refused, is_outage) {
                        (true, _) => Outcome::Refused(ErrorCode::RateLimited.into()),
                        (false, true) => Outcome::Refused(ErrorCode::Unavailable.into()),
                        (false, false) => Outcome::Applied { event: 0 },
                    }
                } else if is_late {
                    return None;
                } else {
                    gaps.push(*session);
                    Outcome::OutOfOrder { expected: *last + 1 }
                };
                Some((*session, *seq, outcome))
            }).collect();
            let answers = if is_outage {
                let answers = sim.refuse(&mut inputs, &ErrorCode::Unavailable.into());
                let rest = tick(&mut sim, inputs);
                prop_assert!(rest.events.is_empty());
                prop_assert!(rest.answers.iter().all(|answer| answer.outcome == Outcome::Duplicate));
                check_full(&rest, &gaps, &attached, &mut wishes);
                let mut answers = [answers, rest.answers].concat();
                answers.sort_by_key(|answer| (answer.session, answer.seq));
                answers
            } else {
                let output = tick(&mut sim, inputs);
                check_full(&output, &gaps, &attached, &mut wishes);
                output.answers
            };
            let judged: Vec<_> = answers.into_iter().map(|answer| match answer.outcome {
                Outcome::Applied { .. } => (answer.session.0, answer.seq, Outcome::Applied { event: 0 }),
                other => (answer.session.0, answer.seq, other),
            }).collect();
            prop_assert_eq!(judged, expected);
        }
    }
}

/// A session that is to be told everything after a gap.
#[derive(Default)]
struct Wish {
    full_sent: Option<Tick>,
    is_open: bool,
}

/// Everyone with a gap gets everything in the same output, or when a second has passed since the
/// last time; who attaches does at once.
fn check_full(output: &TickOutput, gaps: &[u64], attached: &BTreeSet<u64>, wishes: &mut BTreeMap<u64, Wish>) {
    for (session, wish) in wishes {
        wish.is_open |= gaps.contains(session);
        let session_delta = output.sessions.iter().find(|delta| delta.session.0 == *session);
        let is_full = session_delta.is_some_and(|delta| delta.view != View::Cell && own_view(output, delta).full);
        let is_turn = wish.full_sent.is_none_or(|full_sent| output.tick >= full_sent + u64::from(SECOND));
        assert_eq!(is_full, attached.contains(session) || wish.is_open && is_turn);
        if is_full && wish.is_open {
            *wish = Wish { full_sent: Some(output.tick), is_open: false };
        }
    }
}

#[test]
fn everything_is_told_once_a_second_however_often_it_is_asked_for_and_the_last_wish_is_not_lost() {
    let mut sim = sim(Map::open("field", 64, 64));
    let joined = tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]).tick;
    let second = u64::from(SECOND);
    let mut told = Vec::new();
    for number in 0..5 * second {
        // Wishes of both kinds, every tick, for two and a half seconds; then silence.
        let wishes = [resync(1), walk(1, 100 + number, Direction::East), resync(1)];
        let output = tick(&mut sim, if number < 5 * second / 2 { wishes.to_vec() } else { Vec::new() });
        let mut mine = output.sessions.iter().filter(|delta| delta.session.0 == 1 && delta.view != View::Cell);
        if mine.any(|delta| own_view(&output, delta).full) {
            told.push(output.tick - joined);
        }
        assert!(output.sessions.iter().all(|delta| delta.session.0 == 1), "nobody else is told anything");
    }
    assert_eq!(told, [1, 1 + second, 1 + 2 * second, 1 + 3 * second]);
    // After a quiet time a wish is fulfilled at once.
    let output = tick(&mut sim, [resync(1)]);
    assert!(own_view(&output, &output.sessions[0]).full);
}

#[test]
fn a_connection_that_attaches_does_not_wait_for_the_second_and_fulfils_the_wish_that_did() {
    let mut sim = sim(Map::open("field", 64, 64));
    let last = tick(&mut sim, [join(1, 10, 10)]).tick;
    tick(&mut sim, [resync(1)]);
    assert!(tick(&mut sim, [resync(1)]).sessions.is_empty());
    let output = tick(&mut sim, [attach(1, Some(last))]);
    assert!(own_view(&output, &output.sessions[0]).full);
    for _ in 0..2 * SECOND {
        assert!(tick(&mut sim, []).sessions.is_empty());
    }
}

#[test]
fn numbers_that_arrive_in_the_wrong_order_within_a_tick_are_put_right() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let output = tick(&mut sim, [walk(1, 2, Direction::East), walk(1, 1, Direction::South)]);
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }, Outcome::Applied { event: 1 }]);
    assert_eq!(output.answers[0].seq, 1);
}

#[test]
fn intents_of_an_earlier_session_come_first() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]);
    let output = tick(&mut sim, [walk(2, 1, Direction::East), walk(1, 1, Direction::South)]);
    let order: Vec<_> = output.answers.iter().map(|answer| answer.session.0).collect();
    assert_eq!(order, [1, 2]);
}

#[test]
fn the_same_number_twice_in_a_tick_takes_effect_once() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let output = tick(&mut sim, [walk(1, 1, Direction::East), walk(1, 1, Direction::West)]);
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }, Outcome::Duplicate]);
    assert_eq!(sim.profile(SessionKey(1)).and_then(|state| state.position).map(|at| at.x), Some(11));
}

#[test]
fn a_malformed_intent_is_consumed_and_refused_with_the_field() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let empty = Intent::Chat { channel: ChatChannel::Say, text: " ".into(), to: None };
    let output = tick(&mut sim, [intent(1, 1, empty)]);
    let [Outcome::Refused(Refusal { code: ErrorCode::IntentInvalid, details: Some(Details::Field { field, .. }) })] =
        &outcomes(&output)[..]
    else {
        panic!("refused with the field")
    };
    assert_eq!(field, "text");
}

#[test]
fn beyond_the_bound_of_a_tick_intents_are_consumed_and_refused() {
    let mut sim = sim(Map::open("field", 200, 20));
    tick(&mut sim, [join(1, 10, 10), join(2, 10, 10)]);
    let bound = u64::from(INTENTS_PER_SESSION_MAX);
    let mut inputs: Vec<_> = (1..=bound + 2).map(|seq| walk(1, seq, Direction::East)).collect();
    inputs.push(walk(2, 1, Direction::East));
    let output = tick(&mut sim, inputs);
    assert_eq!(output.events.len(), INTENTS_PER_SESSION_MAX as usize + 1, "others are not touched by it");
    let refused = output
        .answers
        .iter()
        .filter(|answer| matches!(&answer.outcome, Outcome::Refused(Refusal { code: ErrorCode::RateLimited, .. })));
    assert_eq!(refused.map(|answer| answer.seq).collect::<Vec<_>>(), [bound + 1, bound + 2]);
    let output = tick(&mut sim, [walk(1, bound + 3, Direction::East)]);
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }], "the next tick starts anew");
}

#[test]
fn an_attach_tells_the_last_number_after_the_intents_of_its_tick() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let output = tick(&mut sim, [attach(1, None), walk(1, 1, Direction::East)]);
    assert_eq!(output.sessions[0].attached.map(|attached| attached.last_seq), Some(1));
}

#[test]
fn intents_of_sessions_that_are_not_in_the_world_are_answered() {
    let mut sim = sim(Map::open("field", 64, 64));
    let output = tick(&mut sim, [walk(7, 1, Direction::East), attach(7, None)]);
    assert_eq!(outcomes(&output), [Outcome::Refused(ErrorCode::SessionNotFound.into())]);
    assert!(output.sessions.is_empty());
}
