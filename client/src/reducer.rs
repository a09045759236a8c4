//! Holds what the server says is around the player, by applying its state deltas in order.
//!
//! Pure data: no prediction, no animation. Effects are not state; the game plays them once.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::{Entity, EntityId, EntityUpdate, ItemStack, Position, SelfState, StateDelta, Tick};

/// What one delta did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It changed what is held.
    Yes,
    /// It was older than what is held, and was left out.
    Stale,
    /// It spoke of an entity that is not held: something was missed, ask for the full state.
    Gap,
}

/// The player's own private state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnState {
    /// Where the server says the player stands.
    pub position: Option<Position>,
    /// Health points.
    pub health: Option<i32>,
    /// Named numbers.
    pub stats: BTreeMap<Arc<str>, i32>,
    /// What is carried, sorted by kind.
    pub inventory: Vec<ItemStack>,
}

/// Everything the server has shown of the player's surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Newest tick covered.
    pub tick: Tick,
    /// Entities in view.
    pub entities: BTreeMap<EntityId, Entity>,
    /// Tiles that differ from the static world, by (x, y).
    pub tiles: BTreeMap<(i32, i32), u16>,
    /// The player's own private state.
    pub own: OwnState,
}

impl Surroundings {
    /// Applies one delta. A full one replaces everything; an older one changes nothing.
    pub fn apply(&mut self, delta: &StateDelta) -> Applied {
        if delta.full {
            *self = Self::default();
        } else if delta.tick < self.tick {
            return Applied::Stale;
        }
        self.tick = delta.tick;
        if let Some(own) = &delta.own {
            self.own.apply(own);
        }
        for entity in &delta.enter {
            self.entities.insert(entity.id, entity.clone());
        }
        let mut missed = false;
        for update in &delta.update {
            match self.entities.get_mut(&update.id) {
                Some(entity) => apply_update(entity, update),
                None => missed = true,
            }
        }
        for id in &delta.leave {
            self.entities.remove(id);
        }
        for change in &delta.tiles {
            self.tiles.insert((change.x, change.y), change.tile);
        }
        if missed { Applied::Gap } else { Applied::Yes }
    }
}

impl OwnState {
    fn apply(&mut self, change: &SelfState) {
        if change.position.is_some() {
            self.position = change.position;
        }
        if change.health.is_some() {
            self.health = change.health;
        }
        if let Some(stats) = &change.stats {
            self.stats.clone_from(stats);
        }
        if let Some(inventory) = &change.inventory {
            self.inventory.clone_from(inventory);
        }
    }
}

fn apply_update(entity: &mut Entity, update: &EntityUpdate) {
    entity.x = update.x.unwrap_or(entity.x);
    entity.y = update.y.unwrap_or(entity.y);
    if let Some(name) = &update.name {
        entity.name = name.clone();
    }
    if let Some(look) = &update.look {
        entity.look = look.clone();
    }
    entity.health = update.health.or(entity.health);
    entity.open = update.open.or(entity.open);
}
