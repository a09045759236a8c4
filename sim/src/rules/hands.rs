//! What the rules work with: all that an intent may read and change.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;

use crate::rules::voices::Voices;
use crate::world::character::Character;
use crate::world::customs::Customs;
use crate::world::item::Stack;
use crate::world::scene::Scene;
use crate::world::session::Sessions;
use crate::world::spawn::SpawnTiles;
use crate::world::unsaved::Unsaved;

/// All that intents work on.
#[derive(SystemParam)]
pub struct Hands<'w, 's> {
    /// Faces, tiles and chunks.
    pub scene: Scene<'w, 's>,
    pub voices: Voices<'w, 's>,
    /// Whose durable state changed.
    pub unsaved: ResMut<'w, Unsaved>,
    /// Who acts for which session.
    pub index: Res<'w, Sessions>,
    pub characters: Query<'w, 's, &'static mut Character>,
    /// How many items lie where some do.
    pub stacks: Query<'w, 's, &'static mut Stack>,
    /// Where new characters appear.
    pub spawn: Res<'w, SpawnTiles>,
    customs: Res<'w, Customs>,
}

impl Hands<'_, '_> {
    /// What is asked of deeds now; nothing while a replay runs.
    #[must_use]
    pub fn customs(&self) -> Customs {
        if self.voices.is_unheard() { Customs::NONE } else { *self.customs }
    }

    /// Sees to it that a character is saved and its player told.
    pub fn note_own_change(&mut self, entity: Entity) {
        if let Ok(mut character) = self.characters.get_mut(entity) {
            self.unsaved.note(&mut character, entity);
        }
        self.voices.notice(entity);
    }
}
