//! Apply: gives each judged intent to the rules of its kind, in order, and collects the answers and
//! events.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemState;
use tilemud_schema::{ErrorCode, Performed, Seq};

use crate::api::{Answer, Event, Outcome, PendingIntent, TickPhase};
use crate::intake::pending::PendingIntents;
use crate::reserve::reserve_ahead;
use crate::rules::context::Context;
use crate::rules::outcomes::Outcomes;
use crate::rules::perform;

/// Adds the applying of intents to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Outcomes>();
    schedule.add_systems(apply_intents.in_set(TickPhase::Apply));
}

/// Performs one intent after the other. What an intent queues runs before the next.
pub fn perform_all<T>(
    world: &mut World,
    context: &mut SystemState<Context>,
    mut items: impl Iterator<Item = T>,
    mut perform: impl FnMut(&mut Context, T),
) {
    let mut is_deferred = true;
    // The parameters are resources and components that every world has.
    while is_deferred && let Ok(mut lent) = context.get_mut(world) {
        is_deferred = items.by_ref().any(|item| {
            perform(&mut lent, item);
            lent.take_deferred()
        });
        context.apply(world);
    }
}

fn apply_intents(world: &mut World, context: &mut SystemState<Context>) {
    let mut intents = std::mem::take(&mut world.resource_mut::<PendingIntents>().intents);
    let Outcomes { mut answers, mut events } = std::mem::take(&mut *world.resource_mut::<Outcomes>());
    perform_all(world, context, intents.drain(..), |context, PendingIntent { session, seq, intent, outcome, .. }| {
        let outcome = outcome.unwrap_or_else(|| {
            let performed = match context.index.get(session) {
                Some(actor) => perform(context, actor, &intent).map(|outcome| (actor, outcome)),
                None => Err(ErrorCode::SessionNotFound.into()),
            };
            match performed {
                Ok((actor, outcome)) => record(context, &mut events, actor, seq, Performed { intent, outcome }),
                Err(refusal) => Outcome::Refused(refusal),
            }
        });
        answers.push(Answer { session, seq, outcome });
    });
    if !answers.is_empty() {
        reserve_ahead(&mut answers);
        reserve_ahead(&mut events);
    }
    *world.resource_mut::<Outcomes>() = Outcomes { answers, events };
    world.resource_mut::<PendingIntents>().intents = intents;
}

fn record(context: &Context, events: &mut Vec<Event>, actor: Entity, seq: Seq, performed: Performed) -> Outcome {
    let Ok(character) = context.characters.get(actor) else {
        return Outcome::Refused(ErrorCode::SessionNotFound.into());
    };
    let event = events.len();
    events.push(Event { identity: character.identity.clone(), seq, performed });
    Outcome::Applied { event }
}
