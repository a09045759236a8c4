//! The private and durable side of a player's entity. What others see of it is its [`Face`].

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterMarks, CharacterState, SelfState, Tick};

use crate::api::Identity;
use crate::world::body::{Face, Stamps};

#[derive(Component, Debug)]
pub struct Character {
    /// Who plays it, in which session.
    pub identity: Arc<Identity>,
    /// What it has. Where it stands and its health are in its face; here they are as it came in.
    pub own: CharacterState,
    /// When the parts of `own` last changed.
    pub changed: CharacterMarks,
    /// Waits in the list of [`Unsaved`](crate::world::unsaved::Unsaved).
    pub is_unsaved: bool,
}

impl Character {
    /// All of the character, as stored.
    #[must_use]
    pub fn state(&self, face: &Face) -> CharacterState {
        CharacterState {
            position: Some(face.position()),
            health: face.0.health.unwrap_or_default(),
            ..self.own.clone()
        }
    }

    /// All of what its player sees of it.
    #[must_use]
    pub fn own_state(&self, face: &Face) -> SelfState {
        let character_id = Some(self.identity.character_id);
        // Tick 0 is before everything.
        SelfState { character_id, ..self.state(face).since(&CharacterMarks::all(1), 0) }
    }

    /// What of it changed after `since`, `None` when nothing did.
    #[must_use]
    pub fn own_changes(&self, face: &Face, stamps: &Stamps, since: Tick) -> Option<SelfState> {
        if stamps.moved.max(stamps.hurt).max(self.changed.newest()) <= since {
            return None;
        }
        Some(SelfState {
            position: (stamps.moved > since).then(|| face.position()),
            health: if stamps.hurt > since { face.0.health } else { None },
            ..self.own.since(&self.changed, since)
        })
    }
}
