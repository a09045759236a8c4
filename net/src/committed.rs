//! What the persistence stage releases: a tick whose events are durable.

use std::sync::Arc;

use tilemud_schema::{ActionId, Details, ErrorCode, Timestamp};
use tilemud_sim::api::{Answer, Outcome, Refusal, SessionKey, TickOutput};

use crate::session::{Bring, ServedMap};

/// A released tick. Only the persistence stage makes one, and only after the commit (rule 1).
pub struct CommittedTick {
    pub output: TickOutput,
    /// One id per event of the output.
    pub action_ids: Vec<ActionId>,
    /// When the commit was made.
    pub persisted_at: Timestamp,
    /// What is served from this tick on, when it is another map, and how stored characters come
    /// onto it.
    pub map: Option<(Arc<ServedMap>, Bring)>,
}

/// What the fan-out consumes, in order.
pub enum Release {
    Tick(Box<CommittedTick>),
    /// Intents refused while the store is down: nothing became true, so there is nothing to commit.
    Refused(Vec<Answer>),
    /// Ticks that the store has refused for good. The world was rolled back to before them.
    Undone(Undone),
}

/// The answers that rolled-back ticks need.
#[derive(Debug, Default)]
pub struct Undone {
    /// The answers of the ticks; applied intents are refused with ACTION_ATOMIC_ROLLBACK.
    pub answers: Vec<Answer>,
    /// Sessions that left in them, and stay gone.
    pub departed: Vec<SessionKey>,
}

impl Undone {
    /// Takes in the next tick.
    pub fn add(&mut self, output: TickOutput) {
        self.answers.extend(output.answers.into_iter().map(|answer| match answer.outcome {
            Outcome::Applied { .. } => {
                let details = Details::Rollback { failed_step: 0, cause: ErrorCode::Internal };
                let refusal = Refusal { code: ErrorCode::ActionAtomicRollback, details: Some(details) };
                Answer { outcome: Outcome::Refused(refusal), ..answer }
            }
            Outcome::Refused(_) | Outcome::Duplicate | Outcome::OutOfOrder { .. } => answer,
        }));
        self.departed.extend(output.departed.into_iter().map(|(session, _)| session));
    }
}
