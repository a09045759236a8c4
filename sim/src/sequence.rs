//! Validate: the rules that need no world. Sequence numbers are consumed one by one, repeats and gaps are told
//! apart, and what the edge, a limit or the shape of an intent refuses is refused here.

use bevy_ecs::prelude::*;
use tilemud_schema::{Details, ErrorCode, Seq, Tick};

use crate::api::{Outcome, Refusal};
use crate::ingest::{PendingIntent, PendingIntents};
use crate::limits::{INTENTS_PER_SESSION_MAX, SEQ_MAX};
use crate::session::{Attention, Session, Sessions};
use crate::tick::{Clock, TickPhase};

/// What the sequence rules say of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was the next one and is consumed now.
    Consumed,
    /// It was consumed before.
    Duplicate,
    /// Numbers before it are missing; it is not consumed.
    OutOfOrder {
        /// The next one.
        expected: Seq,
    },
}

/// Judges a number and, if it is the next one, consumes it. Up to `resent_to` it is the next one although others are left out:
/// those were answered, and the process that did so has not written it down.
pub fn consume(last_seq: &mut Seq, resent_to: Seq, seq: Seq) -> Verdict {
    if seq <= *last_seq {
        Verdict::Duplicate
    } else if (seq == *last_seq + 1 || seq <= resent_to) && seq <= SEQ_MAX {
        *last_seq = seq;
        Verdict::Consumed
    } else {
        Verdict::OutOfOrder { expected: *last_seq + 1 }
    }
}

/// Adds the judging of intents to a world.
pub fn install(_world: &mut World, schedule: &mut Schedule) {
    schedule.add_systems(judge_intents.in_set(TickPhase::Validate));
}

fn judge_intents(
    clock: Res<Clock>,
    index: Res<Sessions>,
    mut pending: ResMut<PendingIntents>,
    mut attention: ResMut<Attention>,
    mut sessions: Query<&mut Session>,
) {
    for intent in &mut pending.intents {
        let session = index.get(intent.session).and_then(|entity| Some((entity, sessions.get_mut(entity).ok()?)));
        let Some((entity, mut session)) = session else {
            intent.outcome = Some(Outcome::Refused(ErrorCode::SessionNotFound.into()));
            continue;
        };
        intent.outcome = match consume(&mut session.last_seq, intent.resent_to, intent.seq) {
            Verdict::Consumed => refusal(intent, &mut session, clock.tick).map(Outcome::Refused),
            Verdict::Duplicate => Some(Outcome::Duplicate),
            Verdict::OutOfOrder { expected } => {
                session.wants_all = true;
                attention.notice(&mut session, entity);
                Some(Outcome::OutOfOrder { expected })
            }
        };
    }
}

fn refusal(intent: &mut PendingIntent, session: &mut Session, tick: Tick) -> Option<Refusal> {
    if session.intents_tick != tick {
        session.intents_tick = tick;
        session.intents = 0;
    }
    session.intents += 1;
    if intent.refusal.is_some() {
        return intent.refusal.take();
    }
    if session.intents > INTENTS_PER_SESSION_MAX {
        let details = Details::Limit { limit: "intents_per_tick".to_owned(), retry_after_ms: 0 };
        return Some(Refusal { code: ErrorCode::RateLimited, details: Some(details) });
    }
    let (code, details) = intent.intent.check().err()?;
    Some(Refusal { code, details: Some(details) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_is_consumed_once() {
        let mut last = 4;
        assert_eq!(consume(&mut last, 0, 5), Verdict::Consumed);
        assert_eq!(consume(&mut last, 0, 5), Verdict::Duplicate);
        assert_eq!(last, 5);
    }

    #[test]
    fn a_gap_consumes_nothing_and_names_the_next_number() {
        let mut last = 4;
        assert_eq!(consume(&mut last, 0, 6), Verdict::OutOfOrder { expected: 5 });
        assert_eq!(consume(&mut last, 5, 6), Verdict::OutOfOrder { expected: 5 });
        assert_eq!(consume(&mut last, 0, Seq::MAX), Verdict::OutOfOrder { expected: 5 });
        assert_eq!(last, 4);
    }

    #[test]
    fn numbers_that_no_store_can_hold_are_never_consumed() {
        let mut last = SEQ_MAX;
        assert_eq!(consume(&mut last, Seq::MAX, SEQ_MAX + 1), Verdict::OutOfOrder { expected: SEQ_MAX + 1 });
        assert_eq!(last, SEQ_MAX);
    }

    #[test]
    fn what_is_left_out_of_what_is_sent_again_is_no_gap_and_stays_consumed() {
        let mut last = 4;
        let verdicts = [5, 8, 8, 7, 11, 13, 12].map(|seq| consume(&mut last, 11, seq));
        let (consumed, duplicate) = (Verdict::Consumed, Verdict::Duplicate);
        let gap = Verdict::OutOfOrder { expected: 12 };
        assert_eq!(verdicts, [consumed, consumed, duplicate, duplicate, consumed, gap, consumed]);
    }
}
