//! Apply: gives each judged intent to the rules of its kind, in order, and collects the answers and events.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemState;
use tilemud_schema::{ErrorCode, Performed, Seq};

use crate::api::{Answer, Event, Outcome, PendingIntent, TickPhase};
use crate::intake::pending::PendingIntents;
use crate::room::make_room;
use crate::rules::action::Turnover;
use crate::rules::hands::Hands;
use crate::rules::outcomes::Outcomes;
use crate::rules::perform;

/// Adds the applying of intents to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Outcomes>();
    schedule.add_systems(apply_intents.in_set(TickPhase::Apply));
}

/// Lets `next` perform intents until it has no more. Whenever it returns a turnover, that is done before it is
/// called again.
pub fn perform_all(
    world: &mut World,
    hands: &mut SystemState<Hands>,
    mut next: impl FnMut(&mut Hands) -> Option<Turnover>,
) {
    // The parameters are resources and components that every world has.
    while let Ok(mut lent) = hands.get_mut(world)
        && let Some(turnover) = next(&mut lent)
    {
        turnover.carry_out(world);
    }
}

fn apply_intents(world: &mut World, hands: &mut SystemState<Hands>) {
    let mut intents = std::mem::take(&mut world.resource_mut::<PendingIntents>().intents);
    let Outcomes { mut answers, mut events } = std::mem::take(&mut *world.resource_mut::<Outcomes>());
    let mut queue = intents.drain(..);
    perform_all(world, hands, |hands| {
        for PendingIntent { session, seq, intent, outcome, .. } in queue.by_ref() {
            let mut turnover = None;
            let outcome = outcome.unwrap_or_else(|| {
                let entity = hands.index.get(session);
                entity.map_or(Outcome::Refused(ErrorCode::SessionNotFound.into()), |entity| {
                    match perform(hands, entity, &intent) {
                        Ok((outcome, structural)) => {
                            turnover = structural;
                            record(hands, &mut events, entity, seq, Performed { intent, outcome })
                        }
                        Err(refusal) => Outcome::Refused(refusal),
                    }
                })
            });
            answers.push(Answer { session, seq, outcome });
            if turnover.is_some() {
                return turnover;
            }
        }
        None
    });
    drop(queue);
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
