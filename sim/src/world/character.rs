//! The private and durable side of a player's entity. What others see of it is its [`Face`].

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{ItemStack, SelfState, Tick};

use crate::api::{CharacterState, Identity, ProfileChange};
use crate::world::body::{Face, Stamps};

#[derive(Component, Debug)]
pub struct Character {
    /// Who plays it, in which session.
    pub identity: Arc<Identity>,
    pub stats: Arc<BTreeMap<Arc<str>, i32>>,
    /// When they last changed.
    pub stats_changed: Tick,
    /// What it carries, sorted by kind.
    pub inventory: Arc<Vec<ItemStack>>,
    /// When that last changed.
    pub inventory_changed: Tick,
    /// Waits in the list of [`Unsaved`](crate::world::unsaved::Unsaved).
    pub is_unsaved: bool,
}

impl Character {
    /// All of the character, as stored.
    #[must_use]
    pub fn state(&self, face: &Face) -> CharacterState {
        CharacterState {
            display_name: face.0.name.clone(),
            look: face.0.look.clone(),
            position: Some(face.position()),
            health: face.0.health.unwrap_or_default(),
            stats: self.stats.clone(),
            inventory: self.inventory.clone(),
        }
    }

    /// All of what its player sees of it.
    #[must_use]
    pub fn own_state(&self, face: &Face) -> SelfState {
        SelfState {
            character_id: Some(self.identity.character_id),
            position: Some(face.position()),
            health: face.0.health,
            stats: Some(self.stats.as_ref().clone()),
            inventory: Some(self.inventory.as_ref().clone()),
        }
    }

    /// What of it changed after `since`, `None` when nothing did.
    #[must_use]
    pub fn own_changes(&self, face: &Face, stamps: &Stamps, since: Tick) -> Option<SelfState> {
        let own = SelfState {
            character_id: None,
            position: (stamps.moved > since).then(|| face.position()),
            health: if stamps.hurt > since { face.0.health } else { None },
            stats: (self.stats_changed > since).then(|| self.stats.as_ref().clone()),
            inventory: (self.inventory_changed > since).then(|| self.inventory.as_ref().clone()),
        };
        (own != SelfState::default()).then_some(own)
    }

    /// All of its durable values.
    #[must_use]
    pub fn last_change(&self, face: &Face) -> ProfileChange {
        ProfileChange {
            identity: self.identity.clone(),
            position: face.position(),
            health: face.0.health.unwrap_or_default(),
            stats: Some(self.stats.clone()),
            inventory: Some(self.inventory.clone()),
        }
    }
}
