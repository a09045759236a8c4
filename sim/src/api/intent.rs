//! An intent on its way from the edge through a tick, and what becomes of it.

use tilemud_schema::{Details, ErrorCode, Intent, Seq};

/// Compact handle of a session while it is in a world. Handed out by `net` in order of arrival,
/// never used twice in the life of a process; the order of sessions within a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey(pub u64);

/// A numbered intent.
#[derive(Debug, Clone)]
pub struct PendingIntent {
    /// Handle of the session.
    pub session: SessionKey,
    /// Number of its connection.
    pub connection: u64,
    /// Its number.
    pub seq: Seq,
    /// What is wanted.
    pub intent: Intent,
    /// What became of it, once that is known. Set by the edge when a limit already refuses it: the
    /// number is consumed, nothing else happens.
    pub outcome: Option<Outcome>,
}

/// The fate of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Took effect; the index of its event in [`TickOutput::events`].
    Applied {
        /// Index into the events.
        event: usize,
    },
    /// Consumed without effect.
    Refused(Refusal),
    /// Was consumed before; answered from the record of the original.
    Duplicate,
    /// Not consumed: `expected` is the next number. A full delta follows as after
    /// [`crate::api::Input::Resync`].
    OutOfOrder {
        /// The number the world takes next.
        expected: Seq,
    },
}

/// Why an intent has no effect. Becomes a wire error at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: ErrorCode,
    /// For programs.
    pub details: Option<Details>,
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self { code, details: None }
    }
}
