//! The own and durable state of a player's entity, and the state of a character put together from
//! its components.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use tilemud_schema::{CharacterMarks, CharacterState, SelfState};

use crate::api::Identity;
use crate::world::body::{Health, TilePosition};
use crate::world::clock::Since;
use crate::world::inventory::Inventory;

#[derive(Component, Debug)]
pub struct Character {
    /// Who plays it, in which session.
    pub identity: Arc<Identity>,
    /// Its state, without what is a component of its own: position, health and inventory.
    pub own: CharacterState,
    /// When the parts of `own` last changed.
    pub changed: CharacterMarks,
}

/// All that a character is made of.
#[derive(QueryData)]
pub struct CharacterParts {
    pub character: &'static Character,
    pub position: &'static TilePosition,
    pub health: Ref<'static, Health>,
    pub inventory: Ref<'static, Inventory>,
}

impl<'w> CharacterPartsItem<'w, '_> {
    /// Those of an entity, if it is a character.
    #[must_use]
    pub fn of(world: &'w World, entity: Entity) -> Option<CharacterPartsItem<'w, 'static>> {
        world.get_entity(entity).ok()?.get_components::<CharacterParts>().ok()
    }

    /// All of the character, as stored.
    #[must_use]
    pub fn state(&self) -> CharacterState {
        CharacterState {
            position: Some(self.position.tile),
            health: self.health.0,
            inventory: self.inventory.0.clone(),
            ..self.character.own.clone()
        }
    }

    /// All of what its player sees of it.
    #[must_use]
    pub fn own_state(&self) -> SelfState {
        let character_id = Some(self.character.identity.character_id);
        // Tick 0 is before everything.
        SelfState { character_id, ..self.state().since(&CharacterMarks::all(1), 0) }
    }

    /// What of it changed, `None` when nothing did.
    #[must_use]
    pub fn own_changes(&self, since: Since) -> Option<SelfState> {
        let Character { own, changed, .. } = self.character;
        let is_moved = self.position.moved > since.tick;
        let (is_hurt, is_laden) = (since.changed(&self.health), since.changed(&self.inventory));
        if !is_moved && !is_hurt && !is_laden && changed.newest() <= since.tick {
            return None;
        }
        Some(SelfState {
            position: is_moved.then_some(self.position.tile),
            health: is_hurt.then_some(self.health.0),
            inventory: is_laden.then(|| self.inventory.0.clone()),
            ..own.since(changed, since.tick)
        })
    }

    /// Whether anything of it changed that is stored.
    #[must_use]
    pub fn is_changed(&self, since: Since) -> bool {
        self.position.moved.max(self.character.changed.newest()) > since.tick
            || since.changed(&self.health)
            || since.changed(&self.inventory)
    }
}
