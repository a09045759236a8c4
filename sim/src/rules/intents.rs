//! Apply: gives each judged intent to the rules of its kind, in order, and collects the answers and events.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemState;
use tilemud_schema::{ErrorCode, Performed, Seq};

use crate::api::{Answer, Event, Outcome, PendingIntent, TickPhase};
use crate::intake::pending::PendingIntents;
use crate::room::make_room;
use crate::rules::hands::Hands;
use crate::rules::outcomes::Outcomes;
use crate::rules::perform;

/// Adds the applying of intents to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Outcomes>();
    schedule.add_systems(apply_intents.in_set(TickPhase::Apply));
}

/// Performs one after the other; what one defers is done before the next.
pub fn perform_all<T>(
    world: &mut World,
    hands: &mut SystemState<Hands>,
    mut items: impl Iterator<Item = T>,
    mut perform: impl FnMut(&mut Hands, T),
) {
    let mut is_deferred = true;
    // The parameters are resources and components that every world has.
    while is_deferred && let Ok(mut lent) = hands.get_mut(world) {
        is_deferred = items.by_ref().any(|item| {
            perform(&mut lent, item);
            lent.take_deferred()
        });
        hands.apply(world);
    }
}

fn apply_intents(world: &mut World, hands: &mut SystemState<Hands>) {
    let mut intents = std::mem::take(&mut world.resource_mut::<PendingIntents>().intents);
    let Outcomes { mut answers, mut events } = std::mem::take(&mut *world.resource_mut::<Outcomes>());
    perform_all(world, hands, intents.drain(..), |hands, PendingIntent { session, seq, intent, outcome, .. }| {
        let outcome = outcome.unwrap_or_else(|| {
            let performed = match hands.index.get(session) {
                Some(actor) => perform(hands, actor, &intent).map(|outcome| (actor, outcome)),
                None => Err(ErrorCode::SessionNotFound.into()),
            };
            match performed {
                Ok((actor, outcome)) => record(hands, &mut events, actor, seq, Performed { intent, outcome }),
                Err(refusal) => Outcome::Refused(refusal),
            }
        });
        answers.push(Answer { session, seq, outcome });
    });
    if !answers.is_empty() {
        make_room(&mut answers);
        make_room(&mut events);
    }
    *world.resource_mut::<Outcomes>() = Outcomes { answers, events };
    world.resource_mut::<PendingIntents>().intents = intents;
}

fn record(hands: &Hands, events: &mut Vec<Event>, actor: Entity, seq: Seq, performed: Performed) -> Outcome {
    let Ok(character) = hands.characters.get(actor) else {
        return Outcome::Refused(ErrorCode::SessionNotFound.into());
    };
    let event = events.len();
    events.push(Event { identity: character.identity.clone(), seq, performed });
    Outcome::Applied { event }
}
