//! Rules that only decide what is accepted now, beyond what is possible at all. A replay does what was accepted when it was
//! done, so it knows none of them, and they may change with a setting or a new program.

use bevy_ecs::prelude::*;

/// The rules of a world.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customs {
    /// Players may give each other things without asking. Otherwise things change hands by being laid down and picked up, which
    /// takes both.
    pub gifts: bool,
    /// What blocks or hurts is not built close to where new characters appear.
    pub keeps_spawn_open: bool,
}

impl Customs {
    /// Everything that is possible.
    pub const NONE: Self = Self { gifts: true, keeps_spawn_open: false };
}

impl Default for Customs {
    fn default() -> Self {
        Self { gifts: true, keeps_spawn_open: true }
    }
}
