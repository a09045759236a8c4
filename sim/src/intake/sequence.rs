//! Validate: the rules that need no world. Sequence numbers are consumed one by one, repeats and
//! gaps are recognised, and intents that the edge, a limit or their shape refuses are refused here.

use bevy_ecs::prelude::*;
use tilemud_schema::{Details, ErrorCode, Intent, Tick};

use crate::api::{Outcome, Refusal, TickPhase};
use crate::intake::pending::PendingIntents;
use crate::limits::INTENTS_PER_SESSION_MAX;
use crate::world::clock::Clock;
use crate::world::numbers::Verdict;
use crate::world::session::{DirtySessions, Session, Sessions};

/// Adds the judging of intents to a world.
pub fn install(_world: &mut World, schedule: &mut Schedule) {
    schedule.add_systems(judge_intents.in_set(TickPhase::Validate));
}

fn judge_intents(
    clock: Res<Clock>,
    index: Res<Sessions>,
    mut pending: ResMut<PendingIntents>,
    mut dirty_sessions: ResMut<DirtySessions>,
    mut sessions: Query<&mut Session>,
) {
    pending.intents.retain_mut(|intent| {
        let session = index.get(intent.session).and_then(|entity| Some((entity, sessions.get_mut(entity).ok()?)));
        let Some((entity, mut session)) = session else {
            intent.outcome = Some(Outcome::Refused(ErrorCode::SessionNotFound.into()));
            return true;
        };
        intent.outcome = match session.numbers.judge(intent.connection, intent.seq) {
            Verdict::Consumed => {
                count(&mut session, clock.tick);
                intent.outcome.take().or_else(|| refusal(&intent.intent, &session).map(Outcome::Refused))
            }
            Verdict::Duplicate => Some(Outcome::Duplicate),
            Verdict::OutOfOrder { expected } => {
                session.wants_all = true;
                dirty_sessions.notice(entity);
                Some(Outcome::OutOfOrder { expected })
            }
            Verdict::Late => return false,
        };
        true
    });
}

fn count(session: &mut Session, tick: Tick) {
    if session.intents_tick != tick {
        session.intents_tick = tick;
        session.intents = 0;
    }
    session.intents += 1;
}

fn refusal(intent: &Intent, session: &Session) -> Option<Refusal> {
    if session.intents > INTENTS_PER_SESSION_MAX {
        let details = Details::Limit { limit: "intents_per_tick".to_owned(), retry_after_ms: 0 };
        return Some(Refusal { code: ErrorCode::RateLimited, details: Some(details) });
    }
    let (code, details) = intent.check().err()?;
    Some(Refusal { code, details: Some(details) })
}
