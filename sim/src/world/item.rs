//! Items that lie in the world. What they are is their look; how many there are is here.

use bevy_ecs::prelude::*;

/// How many of its kind an item entity is; at least 1.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack(pub u32);
