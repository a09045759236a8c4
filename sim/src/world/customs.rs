//! Customs: rules that decide what is accepted, beyond what is possible at all. A replay repeats
//! what was accepted before and ignores them, so they may change with a setting or a new program.

use bevy_ecs::prelude::*;

/// The rules of a world.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customs {
    /// Players may give each other things without consent. Otherwise one lays a thing down and the
    /// other picks it up.
    pub gifts: bool,
    /// What blocks or hurts is not built close to where new characters appear.
    pub keeps_spawn_open: bool,
    /// What was built over a tile of the map that hurts is not taken away from under anybody.
    pub keeps_covers: bool,
}

impl Customs {
    /// Everything that is possible.
    pub const NONE: Self = Self { gifts: true, keeps_spawn_open: false, keeps_covers: false };
}

impl Default for Customs {
    fn default() -> Self {
        Self { gifts: true, keeps_spawn_open: true, keeps_covers: true }
    }
}
