//! Deeds: the steps of an `intent.action`. None is allowed in this world yet.

use bevy_ecs::prelude::*;
use tilemud_schema::{Action, ErrorCode, EventPayload};

use crate::api::Refusal;
use crate::intents::Hands;

/// What an action changes in the set of entities.
#[derive(Debug, Default)]
pub struct Turnover {}

impl Turnover {
    /// Does it.
    pub fn carry_out(self, _world: &mut World) {}
}

/// Does all steps or none.
///
/// # Errors
/// ACTION_NOT_ALLOWED.
pub fn act(
    _hands: &mut Hands,
    _actor: Entity,
    _steps: Vec<Action>,
) -> Result<(EventPayload, Option<Turnover>), Refusal> {
    Err(ErrorCode::ActionNotAllowed.into())
}
