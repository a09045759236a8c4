//! The durable action log: one row per thing a player did (ActionEvent of the specification).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Action, ActionId, CharacterId, ChatChannel, Direction, ItemStack, Position, Seq, SessionId, Tick, Timestamp, UserId,
};

/// One row of the log. `tick` and `tick_order` give its place in the order of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionEvent {
    /// Its id.
    pub action_id: ActionId,
    /// Who did it, in which session.
    pub session_id: SessionId,
    /// Whose session.
    pub user_id: UserId,
    /// With which character.
    pub character_id: CharacterId,
    /// Which intent of the session.
    pub sequence_number: Seq,
    /// What was done.
    pub payload: EventPayload,
    /// When the commit was made.
    pub persisted_at: Timestamp,
    /// The tick it took effect in.
    pub tick: Tick,
    /// Its place within the tick, from 0.
    pub tick_order: u32,
}

/// The four kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionType {
    /// A step.
    Move,
    /// Words.
    Chat,
    /// An action.
    Ability,
    /// What the world itself did.
    System,
}

impl ActionType {
    /// As in the `action_type` column.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Chat => "chat",
            Self::Ability => "ability",
            Self::System => "system",
        }
    }
}

impl fmt::Display for ActionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ActionType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Move, Self::Chat, Self::Ability, Self::System]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("unknown action type {text:?}"))
    }
}

/// What was done, with what is needed to do it again in a replay. Stored as a JSON object; fields
/// are only ever added, each with a default, so that old rows stay readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EventPayload {
    /// A step and where it led.
    Move {
        /// Where to.
        direction: Direction,
        /// The tile stood on afterwards.
        to: Position,
    },
    /// Words.
    Chat {
        /// How they were said.
        channel: ChatChannel,
        /// What was said.
        text: Arc<str>,
        /// To whom a whisper went.
        #[serde(default)]
        to: Option<Arc<str>>,
    },
    /// An action, all of whose steps happened.
    Ability {
        /// The steps.
        steps: Vec<Action>,
    },
}

impl EventPayload {
    /// The `action_type` that goes with it.
    #[must_use]
    pub const fn action_type(&self) -> ActionType {
        match self {
            Self::Move { .. } => ActionType::Move,
            Self::Chat { .. } => ActionType::Chat,
            Self::Ability { .. } => ActionType::Ability,
        }
    }
}

/// What a tick did beside its numbered intents, and the hashes of the world after it. Written for every tick with
/// something durable in it; together with the tick's ActionEvents it is all a replay needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TickRecord {
    /// Which tick.
    pub tick: Tick,
    /// The state of the world after it.
    pub hashes: WorldHashes,
    /// Characters that came into the world, in order; before any intent of the tick.
    pub arrivals: Vec<Arrival>,
    /// Characters that left it, in order; after all intents of the tick.
    pub departures: Vec<CharacterId>,
}

/// Hashes over the parts of the world's state, so that a replay that goes wrong can say where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorldHashes {
    /// Characters of players and all that is theirs.
    pub characters: u64,
    /// NPCs, items and doors, with their timers and random streams.
    pub objects: u64,
    /// Tiles that are not as on the map.
    pub tiles: u64,
}

/// A character on its way into the world, as it was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// In which session.
    pub session_id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Its id.
    pub character_id: CharacterId,
    /// What people call it.
    pub display_name: Arc<str>,
    /// Sprite.
    pub look: Arc<str>,
    /// Where it stood; `None` for a new character, for which the world chooses.
    pub position: Option<Position>,
    /// Health points.
    pub health: i32,
    /// Named numbers.
    pub stats: Arc<BTreeMap<Arc<str>, i32>>,
    /// What it carries, sorted by kind.
    pub inventory: Arc<Vec<ItemStack>>,
}

/// A tick as read back from the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoggedTick {
    /// The record of the tick.
    pub record: TickRecord,
    /// Its ActionEvents, in order.
    pub events: Vec<LoggedEvent>,
}

/// The part of an ActionEvent that a replay needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Which session did it.
    pub session_id: SessionId,
    /// Which intent.
    pub sequence_number: Seq,
    /// What was done.
    pub payload: EventPayload,
}
