//! What a copy of a world is, and what goes into one. Only data.

pub(crate) mod columns;

use tilemud_schema::{CharacterId, Tick, Timestamp};
use uuid::Uuid;

/// How much of a world is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of it, of the log what is not older than this tick.
    World { from: Tick },
    /// What is of one character.
    Character(CharacterId),
}

/// What an image is a copy of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Of this copy.
    pub id: Uuid,
    /// The copy whose log this one goes on from; `None` where all of the log is there.
    pub base: Option<Uuid>,
    pub world: String,
    /// The newest recorded tick, and the hashes of the world after it.
    pub recorded: Tick,
    pub hashes: Option<[i64; 3]>,
    /// When the copy was begun.
    pub made_at: Timestamp,
}

/// Where an image can be cut back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The last tick that stays.
    pub tick: Tick,
    /// The newest snapshot that stays.
    pub snapshot: Tick,
    /// What is newer goes.
    pub until: Timestamp,
}
