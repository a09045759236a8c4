//! The inputs of the tick: the mailbox that the edge fills, and the intents from it on their way
//! through the tick.

use bevy_ecs::prelude::*;
use tilemud_schema::Seq;

use crate::api::{Input, PendingIntent, SessionKey};

/// The inputs of the tick.
#[derive(Resource, Debug, Default)]
pub struct Mailbox {
    /// In the order they came.
    pub inputs: Vec<Input>,
}

/// The intents of the tick, in order of (session, seq); equal numbers in the order they came.
#[derive(Resource, Debug, Default)]
pub struct PendingIntents {
    /// All of them.
    pub intents: Vec<PendingIntent>,
    /// Session, number and index among the inputs, for sorting.
    pub(super) order: Vec<(SessionKey, Seq, usize)>,
}

/// Takes an input out of the list and leaves a small one in its place.
pub(crate) fn take(input: &mut Input) -> Input {
    std::mem::replace(input, Input::Resync { session: SessionKey(0) })
}
