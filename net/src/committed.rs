//! What the persistence stage releases: a tick whose events are durable.

use tilemud_schema::{ActionId, Timestamp};
use tilemud_sim::api::{Answer, TickOutput};

/// A released tick. Only the persistence stage makes one, and only after the commit (rule 1).
#[derive(Debug)]
pub struct CommittedTick {
    /// What became true.
    pub output: TickOutput,
    /// One id per event of the output.
    pub action_ids: Vec<ActionId>,
    /// When the commit was made.
    pub persisted_at: Timestamp,
}

/// What the fan-out consumes, in order.
#[derive(Debug)]
pub enum Release {
    /// A committed tick.
    Tick(Box<CommittedTick>),
    /// Intents refused while the store is down: nothing became true, so there is nothing to commit.
    Refused(Vec<Answer>),
}
