//! Who leaves the world in this tick.

use std::sync::Arc;

use bevy_ecs::prelude::*;

use crate::api::{Identity, SessionKey};

/// Sessions that leave at the end of the tick.
#[derive(Resource, Debug, Default)]
pub struct Leaving {
    /// In the order they said so.
    pub sessions: Vec<SessionKey>,
}

/// Sessions that left in this tick.
#[derive(Resource, Debug, Default)]
pub struct Departed {
    /// In the order they left.
    pub sessions: Vec<(SessionKey, Arc<Identity>)>,
}
