//! State deltas: what changed around a player, and what they privately own.
//!
//! A client that applies every delta in tick order holds exactly what the server holds of its
//! surroundings. Within one delta no id is in more than one of `enter`, `update` and `leave`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::character::SelfState;
use super::client::{ChatChannel, Direction, Emote};
use crate::{EntityId, Tick};

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A character that a person plays.
    Player,
    /// A character the server plays.
    Npc,
    /// Something that can be taken.
    Item,
    /// A door, open or closed.
    Door,
}

/// The public face of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Stable while the entity lives.
    pub id: EntityId,
    /// What kind of thing it is.
    pub kind: EntityKind,
    /// What people call it.
    pub name: Arc<str>,
    /// The column it stands in.
    pub x: i32,
    /// The row it stands in.
    pub y: i32,
    /// The sprite it is drawn with.
    pub look: Arc<str>,
    /// Health points, for what can be hurt.
    #[serde(default)]
    pub health: Option<i32>,
    /// Of a door, whether it is open.
    #[serde(default)]
    pub open: Option<bool>,
    /// True for a player whose connection is lost and who may come back.
    #[serde(default)]
    pub away: Option<bool>,
}

/// The fields of a known entity that changed; the rest is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityUpdate {
    /// The entity that changed.
    pub id: EntityId,
    /// The column it stands in now.
    #[serde(default)]
    pub x: Option<i32>,
    /// The row it stands in now.
    #[serde(default)]
    pub y: Option<i32>,
    /// The health points it has now.
    #[serde(default)]
    pub health: Option<i32>,
    /// Whether the door is open now.
    #[serde(default)]
    pub open: Option<bool>,
    /// Whether the connection of a player is lost.
    #[serde(default)]
    pub away: Option<bool>,
    /// Set when all that changed is that it went one tile this way: binary frames say that instead
    /// of `x` and `y`.
    #[serde(skip)]
    pub step: Option<Direction>,
}

impl EntityUpdate {
    /// An update that changes nothing yet.
    #[must_use]
    pub const fn none(id: EntityId) -> Self {
        Self { id, x: None, y: None, health: None, open: None, away: None, step: None }
    }

    /// Changes what is held of the entity.
    pub fn apply(&self, entity: &mut Entity) {
        if let Some((dx, dy)) = self.step.map(Direction::step) {
            (entity.x, entity.y) = (entity.x.saturating_add(dx), entity.y.saturating_add(dy));
        } else {
            entity.x = self.x.unwrap_or(entity.x);
            entity.y = self.y.unwrap_or(entity.y);
        }
        entity.health = self.health.or(entity.health);
        entity.open = self.open.or(entity.open);
        if let Some(away) = self.away {
            entity.away = away.then_some(true);
        }
    }

    /// Whether the entity is on another tile than before.
    #[must_use]
    pub const fn is_move(&self) -> bool {
        self.x.is_some() || self.y.is_some() || self.step.is_some()
    }
}

/// A tile that is now another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileChange {
    /// The column of the tile.
    pub x: i32,
    /// The row of the tile.
    pub y: i32,
    /// The new tile id, as in `tiles` of GET /api/world.
    pub tile: u16,
}

json_shaped_enum! {
    /// What happens once and is not state.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Effect, "Effect", json(tag = "type") {
        /// Somebody has said something.
        Chat {
            /// How it was said.
            channel: ChatChannel,
            /// Display name of the speaker.
            from: Arc<str>,
            /// The speaker's entity, for speech bubbles.
            id: Option<EntityId>,
            /// The words as they are heard.
            text: Arc<str>,
        },
        /// Somebody has lost health points.
        Damage {
            /// The entity that was hurt.
            id: EntityId,
            /// How many health points it lost.
            amount: i32,
        },
        /// Somebody has got health points back.
        Heal {
            /// The entity that was healed.
            id: EntityId,
            /// How many health points it got.
            amount: i32,
        },
        /// Something made a noise.
        Sound {
            /// The column it comes from.
            x: i32,
            /// The row it comes from.
            y: i32,
            /// What is heard, for example `door_open`.
            name: Arc<str>,
        },
        /// More was said than could be kept for this player.
        Missed {
            /// How many lines it did not get.
            lines: u32,
        },
        /// Somebody made a gesture.
        Emote {
            /// Who.
            id: EntityId,
            /// Which.
            emote: Emote,
        },
    }
}

/// What changed in a player's surroundings up to and including `tick`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StateDelta {
    /// The newest tick this covers.
    pub tick: Tick,
    /// Replaces everything held before.
    pub full: bool,
    /// The player's own private state.
    #[serde(rename = "self", default)]
    pub own: Option<SelfState>,
    /// Entities that came into view.
    #[serde(default)]
    pub enter: Vec<Entity>,
    /// Entities in view that changed.
    #[serde(default)]
    pub update: Vec<EntityUpdate>,
    /// Entities that went out of view.
    #[serde(default)]
    pub leave: Vec<EntityId>,
    /// Tiles that changed; in a full delta, all in view that differ from the static world.
    #[serde(default)]
    pub tiles: Vec<TileChange>,
    /// What happened once, in order.
    #[serde(default)]
    pub effects: Vec<Effect>,
}
