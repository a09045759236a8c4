//! Deeds: the steps of an `intent.action`. None is allowed in this world yet.

use bevy_ecs::prelude::*;
use tilemud_schema::{Action, ErrorCode, EventPayload};

use crate::api::Refusal;
use crate::body::Scene;

/// Does all steps or none.
///
/// # Errors
/// ACTION_NOT_ALLOWED.
pub fn act(_scene: &mut Scene, _actor: Entity, _steps: Vec<Action>) -> Result<EventPayload, Refusal> {
    Err(ErrorCode::ActionNotAllowed.into())
}
