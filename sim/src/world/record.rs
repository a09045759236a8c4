//! Who came into the world and who left it in a tick, in order: the part of a tick that a replay needs and that is no
//! numbered intent. Filled at intake, given out with the tick.

use bevy_ecs::prelude::*;
use tilemud_schema::{Arrival, CharacterId};

/// The comings and goings of the tick.
#[derive(Resource, Debug, Default)]
pub struct Record {
    /// As they were loaded, in the order they came.
    pub arrivals: Vec<Arrival>,
    /// In the order they left. Whoever only went to another session is an arrival, no departure.
    pub departures: Vec<CharacterId>,
}
