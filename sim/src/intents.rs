//! Apply: gives each judged intent to the rules of its kind, in order, and collects the answers and events.

use bevy_ecs::prelude::*;
use tilemud_schema::{ErrorCode, EventPayload, Intent};

use crate::api::{Answer, Event, Outcome, Refusal};
use crate::body::Scene;
use crate::character::Character;
use crate::chat::Voices;
use crate::ingest::{PendingIntent, PendingIntents};
use crate::profile::Unsaved;
use crate::session::Sessions;
use crate::tick::TickPhase;
use crate::{action, chat, movement};

/// What became of the intents of the tick.
#[derive(Resource, Debug, Default)]
pub struct Outcomes {
    /// One for each intent, in order of (session, seq).
    pub answers: Vec<Answer>,
    /// One for each applied intent, in the same order.
    pub events: Vec<Event>,
}

/// Adds the applying of intents to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Outcomes>();
    schedule.add_systems(apply_intents.in_set(TickPhase::Apply));
}

fn apply_intents(
    mut pending: ResMut<PendingIntents>,
    mut outcomes: ResMut<Outcomes>,
    mut unsaved: ResMut<Unsaved>,
    index: Res<Sessions>,
    mut scene: Scene,
    mut voices: Voices,
    mut characters: Query<&mut Character>,
) {
    for PendingIntent { session, seq, intent, outcome, .. } in pending.intents.drain(..) {
        let outcome = outcome.unwrap_or_else(|| {
            let actor = index.get(session).and_then(|entity| Some((entity, characters.get_mut(entity).ok()?)));
            let Some((entity, mut character)) = actor else {
                return Outcome::Refused(ErrorCode::SessionNotFound.into());
            };
            match perform(&mut scene, &mut voices, entity, intent) {
                Ok(payload) => {
                    if matches!(payload, EventPayload::Move { .. }) {
                        unsaved.note(&mut character, entity);
                    }
                    let event = outcomes.events.len();
                    outcomes.events.push(Event { identity: character.identity.clone(), seq, payload });
                    Outcome::Applied { event }
                }
                Err(refusal) => Outcome::Refused(refusal),
            }
        });
        outcomes.answers.push(Answer { session, seq, outcome });
    }
}

fn perform(scene: &mut Scene, voices: &mut Voices, actor: Entity, intent: Intent) -> Result<EventPayload, Refusal> {
    match intent {
        Intent::Move { direction } => movement::step(scene, voices, actor, direction),
        Intent::Chat { channel, text, to } => chat::speak(scene, voices, actor, channel, text, to),
        Intent::Action { steps } => action::act(scene, actor, steps),
    }
}
