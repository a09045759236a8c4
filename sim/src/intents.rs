//! Apply: gives each judged intent to the rules of its kind, in order, and collects the answers and events.

use bevy_ecs::prelude::*;
use bevy_ecs::system::{SystemParam, SystemState};
use tilemud_schema::{ErrorCode, EventPayload, Intent, Seq};

use crate::action::{self, Turnover};
use crate::api::{Answer, Event, Outcome, Refusal};
use crate::body::Scene;
use crate::character::Character;
use crate::chat::Voices;
use crate::customs::Customs;
use crate::ingest::{PendingIntent, PendingIntents};
use crate::item::Stack;
use crate::profile::Unsaved;
use crate::room::make_room;
use crate::session::Sessions;
use crate::spawn::SpawnTiles;
use crate::tick::TickPhase;
use crate::{chat, movement};

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

/// All that intents work on.
#[derive(SystemParam)]
pub struct Hands<'w, 's> {
    /// Faces, tiles and chunks.
    pub scene: Scene<'w, 's>,
    /// Who is told.
    pub voices: Voices<'w, 's>,
    /// Whose durable state changed.
    pub unsaved: ResMut<'w, Unsaved>,
    /// Who acts for which session.
    pub index: Res<'w, Sessions>,
    /// What players have.
    pub characters: Query<'w, 's, &'static mut Character>,
    /// How many items lie where some do.
    pub stacks: Query<'w, 's, &'static mut Stack>,
    /// Where new characters appear.
    pub spawn: Res<'w, SpawnTiles>,
    customs: Res<'w, Customs>,
}

impl Hands<'_, '_> {
    /// Does what an intent wants. What cannot be done at once because it changes which entities there are comes
    /// back with the event, and has to be done before the next intent.
    ///
    /// # Errors
    /// The refusal; nothing happened then.
    pub fn perform(&mut self, actor: Entity, intent: Intent) -> Result<(EventPayload, Option<Turnover>), Refusal> {
        match intent {
            Intent::Move { direction } => {
                let payload = movement::step(&mut self.scene, actor, direction)?;
                self.note_own_change(actor);
                Ok((payload, None))
            }
            Intent::Chat { channel, text, to } => {
                let payload = chat::speak(&mut self.scene, &mut self.voices, actor, channel, text, to)?;
                Ok((payload, None))
            }
            Intent::Action { steps } => action::act(self, actor, steps),
        }
    }

    /// What is asked of deeds now; nothing while a replay runs.
    #[must_use]
    pub fn customs(&self) -> Customs {
        if self.voices.is_unheard() { Customs::NONE } else { *self.customs }
    }

    /// Sees to it that a character is saved and its player told.
    pub fn note_own_change(&mut self, entity: Entity) {
        if let Ok(mut character) = self.characters.get_mut(entity) {
            self.unsaved.note(&mut character, entity);
        }
        self.voices.notice(entity);
    }
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
                    match hands.perform(entity, intent) {
                        Ok((payload, structural)) => {
                            turnover = structural;
                            record(hands, &mut events, entity, seq, payload)
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

fn record(hands: &Hands, events: &mut Vec<Event>, actor: Entity, seq: Seq, payload: EventPayload) -> Outcome {
    let Ok(character) = hands.characters.get(actor) else {
        return Outcome::Refused(ErrorCode::SessionNotFound.into());
    };
    let event = events.len();
    events.push(Event { identity: character.identity.clone(), seq, payload });
    Outcome::Applied { event }
}
