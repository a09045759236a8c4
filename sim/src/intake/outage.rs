//! Refuses intents while no tick may run because the durable store is away: their numbers are
//! consumed, nothing else happens. Works on the sessions between ticks; connections and departures
//! wait for the next tick.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use tilemud_schema::{ErrorCode, Seq};

use crate::api::{Answer, Input, Outcome, PendingIntent, Refusal, SessionKey};
use crate::intake::pending::take;
use crate::limits::REPEATS_WAITING_MAX;
use crate::world::numbers::{Numbers, Verdict};
use crate::world::session::{DirtySessions, Session, Sessions};

/// Answers the intents among `inputs` with `refusal` (or the edge's own) under the sequence rules
/// and removes them; everything else stays, in order. The full delta that follows a gap comes with
/// the next tick. A repeat stays too, because its original may be on its way to the store and must
/// be answered first.
pub fn refuse(world: &mut World, inputs: &mut Vec<Input>, refusal: &Refusal) -> Vec<Answer> {
    let mut intents: Vec<PendingIntent> = Vec::new();
    // Sessions whose character still waits to join.
    let mut joining: BTreeMap<SessionKey, Numbers> = BTreeMap::new();
    inputs.retain_mut(|input| match input {
        Input::Intent(_) => {
            if let Input::Intent(intent) = take(input) {
                intents.push(intent);
            }
            false
        }
        Input::Join { session, last_seq, .. } => {
            joining.entry(*session).or_insert(Numbers::after(*last_seq));
            true
        }
        Input::Attach { session, connection, oldest_unanswered_seq, next_seq, .. } => {
            // The tick comes to it again, which has no effect.
            if let Some(mut session) = session_of(world, *session) {
                session.numbers.attach(*connection, *oldest_unanswered_seq, *next_seq);
            } else if let Some(numbers) = joining.get_mut(session) {
                numbers.attach(*connection, *oldest_unanswered_seq, *next_seq);
            }
            true
        }
        Input::Presence { .. } | Input::Hearing { .. } | Input::Resync { .. } | Input::Leave { .. } => true,
    });
    intents.sort_by_key(|intent| (intent.session, intent.seq));
    let mut answers = Vec::new();
    let mut repeats = (SessionKey(0), 0);
    for mut intent in intents {
        let (session, seq) = (intent.session, intent.seq);
        let outcome = match judge(world, session, intent.connection, seq, &mut joining) {
            Some(Verdict::Consumed) => intent.outcome.take().unwrap_or_else(|| Outcome::Refused(refusal.clone())),
            Some(Verdict::Duplicate) => {
                if repeats.0 != session {
                    repeats = (session, 0);
                }
                repeats.1 += 1;
                if repeats.1 <= REPEATS_WAITING_MAX {
                    inputs.push(Input::Intent(intent));
                }
                continue;
            }
            Some(Verdict::OutOfOrder { expected }) => Outcome::OutOfOrder { expected },
            Some(Verdict::Late) => continue,
            None => Outcome::Refused(ErrorCode::SessionNotFound.into()),
        };
        answers.push(Answer { session, seq, outcome });
    }
    for input in inputs {
        if let Input::Join { session, last_seq, .. } = input
            && let Some(numbers) = joining.get(session)
        {
            *last_seq = numbers.last;
        }
    }
    answers
}

fn judge(
    world: &mut World,
    key: SessionKey,
    connection: u64,
    seq: Seq,
    joining: &mut BTreeMap<SessionKey, Numbers>,
) -> Option<Verdict> {
    let Some(mut session) = session_of(world, key) else {
        return joining.get_mut(&key).map(|numbers| numbers.judge(connection, seq));
    };
    let verdict = session.numbers.judge(connection, seq);
    if matches!(verdict, Verdict::OutOfOrder { .. }) {
        want_all(world, key);
    }
    Some(verdict)
}

fn session_of(world: &mut World, key: SessionKey) -> Option<Mut<'_, Session>> {
    let entity = world.resource::<Sessions>().get(key)?;
    world.get_mut::<Session>(entity)
}

fn want_all(world: &mut World, key: SessionKey) {
    let Some(entity) = world.resource::<Sessions>().get(key) else { return };
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        session.wants_all = true;
        world.resource_mut::<DirtySessions>().notice(entity);
    }
}
