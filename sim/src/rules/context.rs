//! The context of a rule: all that an intent may read and change.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{CharacterMarks, CharacterState, Stats, Tick};

use crate::rules::audience::Audience;
use crate::world::body::{Appearance, Stack};
use crate::world::character::Character;
use crate::world::customs::Customs;
use crate::world::inventory::Inventory;
use crate::world::scene::Scene;
use crate::world::session::Sessions;
use crate::world::spawn::SpawnTiles;
use crate::world::unsaved::Unsaved;

/// All that intents work on.
#[derive(SystemParam)]
pub struct Context<'w, 's> {
    /// Entities, tiles and chunks.
    pub scene: Scene<'w, 's>,
    pub audience: Audience<'w, 's>,
    /// Whose durable state changed.
    pub unsaved: ResMut<'w, Unsaved>,
    /// Who acts for which session.
    pub index: Res<'w, Sessions>,
    pub characters: Query<'w, 's, &'static mut Character>,
    pub inventories: Query<'w, 's, &'static mut Inventory>,
    /// Kind and number of items that lie somewhere.
    pub stacks: Query<'w, 's, (&'static Appearance, &'static mut Stack)>,
    /// Where new characters appear.
    pub spawn: Res<'w, SpawnTiles>,
    customs: Res<'w, Customs>,
    commands: Commands<'w, 's>,
    is_deferred: Local<'s, bool>,
}

impl Context<'_, '_> {
    /// The customs that actions must keep; none while a replay runs.
    #[must_use]
    pub fn customs(&self) -> Customs {
        if self.audience.is_unheard() { Customs::NONE } else { *self.customs }
    }

    /// Queues a change of which entities there are. It runs before the next intent; for a rule that
    /// is no intent, at the end of the system.
    pub fn defer(&mut self, command: impl FnOnce(&mut World) + Send + 'static) {
        *self.is_deferred = true;
        self.commands.queue(command);
    }

    /// Whether something is queued, and forgets it: the caller runs it before the next intent.
    pub(super) fn take_deferred(&mut self) -> bool {
        std::mem::take(&mut *self.is_deferred)
    }

    /// Marks a character to be saved and its session to get the change.
    pub fn note_own_change(&mut self, entity: Entity) {
        self.unsaved.0.insert(entity);
        self.audience.notice(entity);
    }

    /// Changes the state of a character; the caller marks which field it was. The rest is as in
    /// [`Self::note_own_change`].
    pub fn change(&mut self, entity: Entity, change: impl FnOnce(&mut CharacterState, &mut CharacterMarks, Tick)) {
        if let Ok(mut character) = self.characters.get_mut(entity) {
            let Character { own, changed, .. } = &mut *character;
            change(own, changed, self.scene.clock.tick);
            self.note_own_change(entity);
        }
    }

    /// Counts something that a character did, or that happened to it.
    pub fn count(&mut self, entity: Entity, counter: impl FnOnce(&mut Stats) -> &mut u32) {
        self.change(entity, |own, changed, tick| {
            let counter = counter(&mut own.stats);
            *counter = counter.saturating_add(1);
            changed.stats = tick;
        });
    }
}
