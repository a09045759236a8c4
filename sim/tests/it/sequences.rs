//! The sequence rules against a simple model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tilemud_schema::{ChatChannel, Details, Direction, ErrorCode, Intent, Seq};
use tilemud_sim::Map;
use tilemud_sim::api::{Input, Outcome, Refusal, SessionKey};
use tilemud_sim::limits::INTENTS_PER_SESSION_MAX;

use crate::players::{attach, intent, join, own_view, walk};
use crate::{cases, outcomes, sim, tick};

#[derive(Debug, Clone)]
enum Sent {
    /// A number relative to the last one consumed, refused by the edge or not, of the newest connection or the one before.
    Intent(i64, bool, bool),
    /// A new connection with an oldest unanswered number, and maybe a next one, relative to the last one consumed.
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
        for (sent, is_outage) in ticks {
            let mut inputs = Vec::new();
            let mut intents = Vec::new();
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
                let refusal = refused.then(|| ErrorCode::RateLimited.into());
                let intent = Intent::Chat { channel: ChatChannel::Say, text: "hi".into(), to: None };
                inputs.push(Input::Intent { session: SessionKey(session), connection, seq, intent, refusal });
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
                prop_assert!(rest.answers.is_empty() && rest.events.is_empty());
                check_full(&rest, &gaps);
                answers
            } else {
                let output = tick(&mut sim, inputs);
                check_full(&output, &gaps);
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

/// Everyone with a gap gets everything in the same output.
fn check_full(output: &tilemud_sim::TickOutput, gaps: &[u64]) {
    for session in gaps {
        let private =
            output.private.iter().find(|private| private.session.0 == *session).expect("something of its own");
        assert!(own_view(output, private).full);
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
    assert_eq!(output.private[0].attached.map(|attached| attached.last_seq), Some(1));
}

#[test]
fn intents_of_sessions_that_are_not_in_the_world_are_answered() {
    let mut sim = sim(Map::open("field", 64, 64));
    let output = tick(&mut sim, [walk(7, 1, Direction::East), attach(7, None)]);
    assert_eq!(outcomes(&output), [Outcome::Refused(ErrorCode::SessionNotFound.into())]);
    assert!(output.private.is_empty());
}
