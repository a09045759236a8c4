//! What happens: what intents do, and what the world does by itself.

pub mod action;
pub mod chat;
pub mod emote;
pub mod hands;
pub mod hazard;
pub mod intents;
pub mod movement;
pub mod outcomes;
pub mod simulate;
pub mod staged;
pub mod voices;
pub mod wander;

use bevy_ecs::entity::Entity;
use tilemud_schema::{Intent, IntentOutcome};

use crate::api::Refusal;
use action::Turnover;
use hands::Hands;

/// Does what an intent wants, by the rule for it. What cannot be done at once because it changes which entities there are
/// comes back with the outcome, and has to be done before the next intent.
///
/// # Errors
/// The refusal; nothing happened then.
pub fn perform(
    hands: &mut Hands,
    actor: Entity,
    intent: &Intent,
) -> Result<(IntentOutcome, Option<Turnover>), Refusal> {
    match intent {
        Intent::Move { direction } => movement::step(hands, actor, *direction).map(at_once),
        Intent::Chat { channel, text, to } => chat::speak(hands, actor, *channel, text, to.as_deref()).map(at_once),
        Intent::Action { steps } => action::act(hands, actor, steps),
        Intent::Emote { emote } => emote::perform(hands, actor, *emote).map(at_once),
    }
}

fn at_once(outcome: IntentOutcome) -> (IntentOutcome, Option<Turnover>) {
    (outcome, None)
}
