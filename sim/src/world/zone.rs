//! What is said to all.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::Effect;

/// What everybody in the world hears in this tick.
#[derive(Resource, Debug, Default)]
pub struct Zone {
    pub lines: Vec<Arc<Effect>>,
}
