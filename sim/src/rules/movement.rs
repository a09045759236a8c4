//! Walking: one tile a step, not out of the map, not into what is solid. Players do not block each
//! other, so that crowds can form. A step onto a warp ends where it leads, and is still one step:
//! one intent, one event with the tile it came to.

use bevy_ecs::prelude::*;
use tilemud_schema::{Direction, ErrorCode, IntentOutcome, Position};

use crate::api::Refusal;
use crate::rules::context::Context;

/// One step of a character.
///
/// # Errors
/// MOVE_BLOCKED when the tile, or the one that its warp leads to, cannot be stepped on.
pub fn step(context: &mut Context, walker: Entity, direction: Direction) -> Result<IntentOutcome, Refusal> {
    let scene = &mut context.scene;
    let from = scene.position(walker).ok_or(ErrorCode::SessionNotFound)?;
    let (dx, dy) = direction.step();
    let next = Position { x: from.x + dx, y: from.y + dy };
    let to = scene.terrain.landing(next).ok_or(ErrorCode::MoveBlocked)?;
    scene.place(walker, to);
    context.count(walker, |stats| &mut stats.steps);
    Ok(IntentOutcome::Move { to })
}
