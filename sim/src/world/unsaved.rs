//! Which characters have durable state that is not yet in the output of the tick.

use bevy_ecs::prelude::*;

use crate::api::ProfileChange;
use crate::world::dirty::DirtySet;

/// Characters whose durable state is not yet in the output of the tick.
#[derive(Resource, Debug, Default)]
pub struct Unsaved(pub DirtySet);

/// The changes of the tick.
#[derive(Resource, Debug, Default)]
pub struct Profiles {
    /// At most one a character.
    pub changes: Vec<ProfileChange>,
}
