//! Emotes: gestures, perceived by everyone who sees the place. Sitting down sets the camp of the
//! character.

use bevy_ecs::prelude::*;
use tilemud_schema::{Effect, Emote, ErrorCode, IntentOutcome};

use crate::api::Refusal;
use crate::rules::context::Context;

/// Makes a gesture.
///
/// # Errors
/// Only when the actor is not in the world.
pub fn perform(context: &mut Context, actor: Entity, emote: Emote) -> Result<IntentOutcome, Refusal> {
    let (id, place) = context.scene.body(actor).ok_or(ErrorCode::SessionNotFound)?;
    context.audience.perceive(&context.scene, place, Effect::Emote { id, emote });
    if emote == Emote::Sit {
        context.change(actor, |own, changed, tick| {
            own.camp = Some(place);
            changed.camp = tick;
        });
    }
    Ok(IntentOutcome::Emote {})
}
