//! Which characters have durable state that is not yet in the output of the tick.

use bevy_ecs::prelude::*;

use crate::api::ProfileChange;
use crate::world::character::Character;

/// Characters whose durable state is not yet in the output of the tick.
#[derive(Resource, Debug, Default)]
pub struct Unsaved {
    pub(crate) entities: Vec<Entity>,
}

impl Unsaved {
    /// Notes that a character's durable state changed.
    pub fn note(&mut self, character: &mut Character, entity: Entity) {
        if !character.is_unsaved {
            character.is_unsaved = true;
            self.entities.push(entity);
        }
    }

    /// Empties the list; `each` gets those that were in it.
    pub fn forget(&mut self, each: impl FnMut(Entity)) {
        self.entities.drain(..).for_each(each);
    }
}

/// The changes of the tick.
#[derive(Resource, Debug, Default)]
pub struct Profiles {
    /// At most one a character.
    pub changes: Vec<ProfileChange>,
}
