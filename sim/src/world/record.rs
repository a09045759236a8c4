//! Who came into the world and who left it in a tick, in order: what a replay needs beside the
//! numbered intents. Filled at intake, part of the output.

use bevy_ecs::prelude::*;
use tilemud_schema::{Arrival, CharacterId};

/// The comings and goings of the tick.
#[derive(Resource, Debug, Default)]
pub struct Record {
    /// As they were loaded, in the order they came.
    pub arrivals: Vec<Arrival>,
    /// In the order they left. A character that only went to another session is an arrival, not a
    /// departure.
    pub departures: Vec<CharacterId>,
}
