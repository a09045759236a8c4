//! Chat lines to the whole world.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::Effect;

/// The lines that everybody in the world hears in this tick.
#[derive(Resource, Debug, Default)]
pub struct Zone {
    pub lines: Vec<Arc<Effect>>,
}
