//! What happens: what intents do, and what the world does by itself.

pub mod action;
pub mod audience;
pub mod chat;
pub mod context;
pub mod emote;
pub mod hazard;
pub mod intents;
pub mod movement;
pub mod outcomes;
pub mod restock;
pub mod simulate;
pub mod staged;
pub mod wander;

use bevy_ecs::entity::Entity;
use tilemud_schema::{Intent, IntentOutcome};

use crate::api::Refusal;
use context::Context;

/// Performs an intent by its rule. Changes of which entities there are are queued; they run before
/// the next intent.
///
/// # Errors
/// The refusal; nothing happened then.
pub fn perform(context: &mut Context, actor: Entity, intent: &Intent) -> Result<IntentOutcome, Refusal> {
    match intent {
        Intent::Move { direction } => movement::step(context, actor, *direction),
        Intent::Chat { channel, text, to } => chat::speak(context, actor, *channel, text, to.as_deref()),
        Intent::Action { steps } => action::act(context, actor, steps),
        Intent::Emote { emote } => emote::perform(context, actor, *emote),
    }
}
