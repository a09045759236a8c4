//! What comes out of a tick: plain data that the persistence stage and the fan-out consume.

use std::sync::Arc;

use smallvec::SmallVec;
use tilemud_schema::{CharacterState, Effect, EntityId, Performed, SelfState, Seq, Tick, TickRecord};

use super::deltas::Deltas;
use super::input::{CellId, Identity};
use super::intent::{Outcome, SessionKey};

/// Everything one tick made true. Nothing of it may leave the server before its events are
/// committed.
#[derive(Debug, Clone, Default)]
pub struct TickOutput {
    /// The tick that made it true.
    pub tick: Tick,
    /// One hash of the three in `record`.
    pub state_hash: u64,
    /// What a replay needs beside the events, and the hashes of the world after the tick. To be
    /// stored when the tick [is durable](Self::is_durable).
    pub record: TickRecord,
    /// What must be durable, in order.
    pub events: Vec<Event>,
    /// Characters whose durable state changed, at most one entry each.
    pub profiles: Vec<ProfileChange>,
    /// The answer to every intent of the tick, in order of (session, seq).
    pub answers: Vec<Answer>,
    /// What changed, per cell in which a session stands, ascending; cells without change are
    /// absent.
    pub cells: Deltas,
    /// What some sessions get instead of the delta of their cell: a full delta, a delta resume, or
    /// the change of view of those that went to another cell. Sessions that look from the same cell
    /// and held the same before share one.
    pub views: Deltas,
    /// What only one session gets, ascending by session.
    pub sessions: Vec<SessionDelta>,
    /// What every session in the world hears, in order.
    pub zone: Vec<Arc<Effect>>,
    /// Sessions that are no longer in the world.
    pub departed: Vec<(SessionKey, Arc<Identity>)>,
}

impl TickOutput {
    /// Whether the tick needs a transaction: something was done, somebody came or left, or a
    /// character changed. What the world does by itself needs none: a replay does it again.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        !self.events.is_empty()
            || !self.profiles.is_empty()
            || !self.departed.is_empty()
            || !self.record.arrivals.is_empty()
            || !self.record.departures.is_empty()
            || self.record.map_change.is_some()
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
    /// All of it, as a store keeps it; the position is always given.
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

/// What one session gets in addition to its cell's delta, or instead of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionDelta {
    /// The session it is for.
    pub session: SessionKey,
    /// The cell the session is in from this tick on.
    pub cell: CellId,
    /// Changes of the session's own state. Sent even when no cell deltas are due in this tick.
    pub own: Option<SelfState>,
    /// Which delta of the surroundings belongs to it.
    pub view: View,
    /// Effects of this tick that the session perceives, in order, without those of
    /// [`TickOutput::zone`]. The inputs of the tick bound their number; the fan-out decides how
    /// long they are kept.
    pub effects: Vec<Arc<Effect>>,
    /// For each of these, how many of the lines of [`TickOutput::zone`] came before it.
    pub after_lines: SmallVec<[u32; 4]>,
    /// Set when this answers an [`crate::api::Input::Attach`].
    pub attached: Option<Attached>,
}

/// The part of a session's delta that describes its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The delta of its cell in this tick, if there is one.
    Cell,
    /// The delta of [`TickOutput::views`] with this number.
    Own(usize),
}

/// The answer to an attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached {
    /// The player's entity.
    pub entity_id: EntityId,
    /// The last sequence number consumed.
    pub last_seq: Seq,
    /// The newest tick that the client says it holds.
    pub last_tick: Option<Tick>,
    /// Whether the deltas since `last_tick` are given instead of everything.
    pub is_delta: bool,
}
