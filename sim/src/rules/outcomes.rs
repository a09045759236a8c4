//! What became of the intents of a tick.

use bevy_ecs::prelude::*;

use crate::api::{Answer, Event};

/// What became of the intents of the tick.
#[derive(Resource, Debug, Default)]
pub struct Outcomes {
    /// One for each intent, in order of (session, seq).
    pub answers: Vec<Answer>,
    /// One for each applied intent, in the same order.
    pub events: Vec<Event>,
}
