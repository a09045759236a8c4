//! Who perceives an effect. Effects of actions reach everyone who sees the place.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{Effect, Position};

use crate::world::character_index::CharacterIndex;
use crate::world::occupants::Occupant;
use crate::world::record::Leave;
use crate::world::scene::Scene;
use crate::world::session::{DirtySessions, Session};
use crate::world::zone::Zone;

/// The sessions that may hear and see something.
#[derive(SystemParam)]
pub struct Audience<'w, 's> {
    pub(super) character_index: Res<'w, CharacterIndex>,
    pub(super) leaving: Res<'w, Messages<Leave>>,
    pub(super) zone: ResMut<'w, Zone>,
    pub(super) dirty_sessions: ResMut<'w, DirtySessions>,
    pub(super) sessions: Query<'w, 's, &'static mut Session>,
}

impl Audience<'_, '_> {
    /// Whether nobody hears anything: a replay runs.
    #[must_use]
    pub fn is_unheard(&self) -> bool {
        self.dirty_sessions.is_off
    }

    /// Marks a session as dirty: it gets a session delta in this tick.
    pub fn notice(&mut self, entity: Entity) {
        self.dirty_sessions.notice(entity);
    }

    /// Lets everyone who sees the place perceive an effect.
    pub fn perceive(&mut self, scene: &Scene, place: Position, effect: Effect) {
        if self.dirty_sessions.is_off {
            return;
        }
        let (effect, grid) = (Arc::new(effect), scene.chunks.grid());
        for cell in grid.cells(grid.view(grid.cell_of(place))) {
            for Occupant { entity, .. } in scene.chunks.occupants(cell) {
                if let Ok(mut session) = self.sessions.get_mut(*entity) {
                    session.hear(&self.zone, effect.clone());
                    self.dirty_sessions.notice(*entity);
                }
            }
        }
    }
}
