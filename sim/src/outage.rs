//! Refusing intents while no tick may run, because the durable store is away: their numbers are consumed, nothing
//! else happens. Works on the sessions between ticks; connections and departures wait for the next tick.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use tilemud_schema::{ErrorCode, Seq};

use crate::api::{Answer, Input, Outcome, Refusal, SessionKey};
use crate::sequence::{Verdict, consume};
use crate::session::{Attention, Session, Sessions, raised};
use crate::sim::Sim;

impl Sim {
    /// Answers the intents among `inputs` with `refusal` (or the edge's own) under the sequence rules and takes them
    /// out; everything else stays, in order. The full delta that follows a gap comes with the next tick.
    pub fn refuse(&mut self, inputs: &mut Vec<Input>, refusal: &Refusal) -> Vec<Answer> {
        let mut intents: Vec<(SessionKey, Seq, Seq, Refusal)> = Vec::new();
        // The last numbers of sessions whose character still waits to join.
        let mut joining: BTreeMap<SessionKey, Seq> = BTreeMap::new();
        inputs.retain_mut(|input| match input {
            Input::Intent { session, seq, resent_to, refusal: own, .. } => {
                intents.push((*session, *seq, *resent_to, own.take().unwrap_or_else(|| refusal.clone())));
                false
            }
            Input::Join { session, last_seq, .. } => {
                joining.entry(*session).or_insert(*last_seq);
                true
            }
            Input::Attach { session, oldest_unanswered_seq: Some(oldest), .. } => {
                // Has no effect a second time, when the tick comes to it.
                if let Some(mut session) = session_of(self.world_mut(), *session) {
                    session.raise_seq(*oldest);
                } else if let Some(last_seq) = joining.get_mut(session) {
                    *last_seq = raised(*last_seq, *oldest);
                }
                true
            }
            Input::Attach { .. } | Input::Resync { .. } | Input::Leave { .. } => true,
        });
        intents.sort_by_key(|(session, seq, ..)| (*session, *seq));
        let answers = intents
            .into_iter()
            .map(|(session, seq, resent_to, refusal)| {
                let outcome = match self.consume_seq(session, seq, resent_to, &mut joining) {
                    Some(Verdict::Consumed) => Outcome::Refused(refusal),
                    Some(Verdict::Duplicate) => Outcome::Duplicate,
                    Some(Verdict::OutOfOrder { expected }) => Outcome::OutOfOrder { expected },
                    None => Outcome::Refused(ErrorCode::SessionNotFound.into()),
                };
                Answer { session, seq, outcome }
            })
            .collect();
        for input in inputs {
            if let Input::Join { session, last_seq, .. } = input
                && let Some(consumed) = joining.get(session)
            {
                *last_seq = *consumed;
            }
        }
        answers
    }

    fn consume_seq(
        &mut self,
        key: SessionKey,
        seq: Seq,
        resent_to: Seq,
        joining: &mut BTreeMap<SessionKey, Seq>,
    ) -> Option<Verdict> {
        let world = self.world_mut();
        let Some(mut session) = session_of(world, key) else {
            return joining.get_mut(&key).map(|last_seq| consume(last_seq, resent_to, seq));
        };
        let verdict = consume(&mut session.last_seq, resent_to, seq);
        if matches!(verdict, Verdict::OutOfOrder { .. }) {
            want_all(world, key);
        }
        Some(verdict)
    }
}

fn session_of(world: &mut World, key: SessionKey) -> Option<Mut<'_, Session>> {
    let entity = world.resource::<Sessions>().get(key)?;
    world.get_mut::<Session>(entity)
}

fn want_all(world: &mut World, key: SessionKey) {
    let Some(entity) = world.resource::<Sessions>().get(key) else { return };
    world.resource_scope(|world, mut attention: Mut<Attention>| {
        if let Some(mut session) = world.get_mut::<Session>(entity) {
            session.wants_all = true;
            attention.notice(&mut session, entity);
        }
    });
}
