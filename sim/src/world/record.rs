//! Who comes into the world and who leaves it in a tick, in order. What came of it is filled in at
//! intake and part of the output; a replay needs it beside the numbered intents.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{Arrival, CharacterId};

use crate::api::{Identity, SessionKey};

/// A session leaves at the end of the tick. Sent at intake, read when everything else happened.
#[derive(Message, Debug)]
pub struct Leave(pub SessionKey);

/// The comings and goings of the tick.
#[derive(Resource, Debug, Default)]
pub struct Record {
    /// As they were loaded, in the order they came.
    pub arrivals: Vec<Arrival>,
    /// In the order they left. A character that only went to another session is an arrival, not a
    /// departure.
    pub departures: Vec<CharacterId>,
    /// The sessions that are no longer in the world, in the order they left.
    pub departed: Vec<(SessionKey, Arc<Identity>)>,
}
