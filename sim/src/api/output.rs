//! What comes out of a tick: plain data that the persistence stage and the fan-out consume.

use std::sync::Arc;

use smallvec::SmallVec;
use tilemud_schema::{CharacterState, Effect, EntityId, Performed, SelfState, Seq, Tick, TickRecord};

use super::deltas::Deltas;
use super::input::{CellId, Identity};
use super::intent::{Outcome, SessionKey};

/// Everything one tick made true. Nothing of it may leave the server before its events are committed.
#[derive(Debug, Clone, Default)]
pub struct TickOutput {
    /// The tick that made it true.
    pub tick: Tick,
    /// One hash of the three in `record`.
    pub state_hash: u64,
    /// What a replay needs beside the events, and the hashes of the world after the tick. To be stored when the tick
    /// [is durable](Self::is_durable).
    pub record: TickRecord,
    /// What must be durable, in order.
    pub events: Vec<Event>,
    /// Characters whose durable state changed, at most one entry each.
    pub profiles: Vec<ProfileChange>,
    /// The answer to every intent of the tick, in order of (session, seq).
    pub answers: Vec<Answer>,
    /// What changed, per cell in which a session stands, ascending; cells without change are absent.
    pub cells: Deltas,
    /// What some sessions get instead of the delta of their cell: a full delta, a delta resume, or the change of view of
    /// those that went to another cell. Sessions that look from the same cell and held the same before share one.
    pub views: Deltas,
    /// What only one session gets, ascending by session.
    pub private: Vec<PrivateDelta>,
    /// What every session in the world hears, in order.
    pub zone: Vec<Arc<Effect>>,
    /// Sessions that are no longer in the world.
    pub departed: Vec<(SessionKey, Arc<Identity>)>,
}

impl TickOutput {
    /// Whether the tick needs a transaction: something was done, somebody came or left, or a character changed.
    /// What the world does by itself is done again by a replay and needs none.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        !self.events.is_empty()
            || !self.profiles.is_empty()
            || !self.departed.is_empty()
            || !self.record.arrivals.is_empty()
            || !self.record.departures.is_empty()
    }
}

/// One thing that happened, on its way to an ActionEvent row; the persistence stage gives it its
/// id and time. Its index in [`TickOutput::events`] is the order within the tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who did it.
    pub identity: Arc<Identity>,
    /// The number of the intent.
    pub seq: Seq,
    /// What was done.
    pub performed: Performed,
}

/// The new durable state of a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChange {
    /// Its session.
    pub identity: Arc<Identity>,
    /// All of it; the position is always given.
    pub state: CharacterState,
}

/// What became of one intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The session that asked.
    pub session: SessionKey,
    /// The number of the intent.
    pub seq: Seq,
    /// What became of it.
    pub outcome: Outcome,
}

/// What one session gets beside, or instead of, its cell's delta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateDelta {
    /// The session it is for.
    pub session: SessionKey,
    /// The cell the session is in from this tick on.
    pub cell: CellId,
    /// Changes of the private state; goes out even when no deltas are due this tick.
    pub own: Option<SelfState>,
    /// Where the public part comes from.
    pub view: View,
    /// What happened once in this tick and this session perceives, in order, beside [`TickOutput::zone`]. As many as the inputs
    /// of the tick bring about; what is kept of it for how long is the fan-out's matter.
    pub effects: Vec<Arc<Effect>>,
    /// Of each of these, how many of the lines of [`TickOutput::zone`] came before it.
    pub after_lines: SmallVec<[u32; 4]>,
    /// Set when this answers an [`crate::api::Input::Attach`].
    pub attached: Option<Attached>,
}

/// The public part of a session's delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The cell's shared delta of this tick, if any.
    Shared,
    /// The one of [`TickOutput::views`] that has this number.
    Own(usize),
}

/// The answer to an attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached {
    /// The player's entity.
    pub entity_id: EntityId,
    /// The last sequence number consumed.
    pub last_seq: Seq,
    /// The newest tick the client holds, as it says.
    pub last_tick: Option<Tick>,
    /// Whether the deltas since `last_tick` are given instead of everything.
    pub is_delta: bool,
}
