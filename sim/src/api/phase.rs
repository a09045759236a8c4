//! The phases of a tick.

use bevy_ecs::prelude::*;

/// The phases of a tick, in run order. A system names its phase and is ordered by nothing else;
/// only in Simulate a few stand in a fixed order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TickPhase {
    /// The mailbox is emptied: characters join, connections attach, intents are put in order.
    Ingest,
    /// Each intent is judged by the rules that need no world: sequence, limits, shape.
    Validate,
    /// The judged intents take effect, one after the other.
    Apply,
    /// What the world does by itself.
    Simulate,
    /// Those who leave are taken out.
    Depart,
    /// Who sees which chunks from now on.
    Observe,
    /// What changed, for each cell and for each session.
    Diff,
    /// Durable values are collected and the record of changes is brought up to date.
    Emit,
}

impl TickPhase {
    /// All of them, in run order.
    pub const ALL: [Self; 8] = [
        Self::Ingest,
        Self::Validate,
        Self::Apply,
        Self::Simulate,
        Self::Depart,
        Self::Observe,
        Self::Diff,
        Self::Emit,
    ];

    /// Its name, as in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Validate => "validate",
            Self::Apply => "apply",
            Self::Simulate => "simulate",
            Self::Depart => "depart",
            Self::Observe => "observe",
            Self::Diff => "diff",
            Self::Emit => "emit",
        }
    }
}
