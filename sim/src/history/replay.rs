//! Replay: from the world it was recorded on, the log of committed ticks makes the same world. The
//! first difference is reported. Sessions get nothing meanwhile.
//!
//! The caller reads the [`LoggedTick`]s from the log. A replay runs the rules that ran when they
//! were recorded, except those that only decide what is accepted (sequence numbers, limits), and
//! makes nothing for connections.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::system::{SystemId, SystemState};
use tilemud_schema::{
    CharacterId, ErrorCode, IntentOutcome, LoggedEvent, LoggedTick, MapChange, MapId, Performed, Seq, SessionId, Tick,
    WorldHashes,
};

use crate::api::Identity;
use crate::history::state_hash;
use crate::intake::{departure, ingest};
use crate::limits::STALE_ENTITIES_MAX;
use crate::rules::context::Context;
use crate::rules::{intents, perform, simulate};
use crate::world::character_index::CharacterIndex;
use crate::world::chunks::Chunks;
use crate::world::clock::{self, Clock};
use crate::world::hashes::StateHash;
use crate::world::record::Record;
use crate::world::session::Sessions;
use crate::world::unsaved::{Profiles, Unsaved};

/// What a replay runs, prepared once.
pub(crate) struct Replayer {
    /// What the world does by itself.
    simulate: Schedule,
    context: SystemState<Context<'static, 'static>>,
    renew_hashes: SystemId,
    next_due: SystemId<(), Option<Tick>>,
}

/// Where a replay came out differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the replay of tick {tick} differs: {what}")]
pub struct Divergence {
    pub tick: Tick,
    pub what: Difference,
}

/// What a replay did differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The tick is not after the last one of the world.
    #[error("the world is at tick {world} already")]
    Past {
        /// The last tick of the world.
        world: Tick,
    },
    /// Events of the tick are missing in the log, or it has more.
    #[error(
        "{recorded} events were committed in it, and the log has {found}; somebody changed its rows, or part of them is lost"
    )]
    Events { recorded: usize, found: usize },
    /// An event of the log did not happen as recorded.
    #[error("event {order} (number {sequence_number} of session {session_id}, character {}): {why}", name(.character_id))]
    Event {
        order: usize,
        session_id: SessionId,
        sequence_number: Seq,
        /// With which character; `None` when the session is not in the world.
        character_id: Option<CharacterId>,
        why: EventDifference,
    },
    /// The tick says of the map what cannot be.
    #[error(
        "it has the map change {recorded:?}, which does not lead from the map of this world, {world}, to the one that was read"
    )]
    Map {
        /// What the log says.
        recorded: Option<MapChange>,
        /// The map of this world.
        world: MapId,
    },
    /// A character that left was not there.
    #[error("character {character_id} left but is not in the world")]
    Departure { character_id: CharacterId },
    /// Everything happened, but the world is another.
    #[error("another state of {}", parts(.recorded, .replayed))]
    State {
        /// The hashes of the log.
        recorded: WorldHashes,
        /// The hashes of this world.
        replayed: WorldHashes,
    },
}

/// What was different about an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventDifference {
    /// Its session is not in the world.
    #[error("its session is not in the world")]
    NoSession,
    /// It is refused now.
    #[error("refused with {0}")]
    Refused(ErrorCode),
    /// It comes to something else.
    #[error("{}", otherwise(.recorded, .replayed))]
    Outcome {
        /// What came of it.
        recorded: IntentOutcome,
        /// What comes of it now.
        replayed: IntentOutcome,
    },
}

fn otherwise(recorded: &IntentOutcome, replayed: &IntentOutcome) -> String {
    match (recorded, replayed) {
        (IntentOutcome::Move { to: recorded }, IntentOutcome::Move { to: replayed }) => {
            format!("the step led to {}, {} and now leads to {}, {}", recorded.x, recorded.y, replayed.x, replayed.y)
        }
        _ => format!("it came to {recorded:?} and now comes to {replayed:?}"),
    }
}

fn name(character: &Option<CharacterId>) -> String {
    character.map_or_else(|| "unknown".to_owned(), |id| id.to_string())
}

fn parts(recorded: &WorldHashes, replayed: &WorldHashes) -> String {
    let parts = [
        ("characters", recorded.characters != replayed.characters),
        ("objects", recorded.objects != replayed.objects),
        ("tiles", recorded.tiles != replayed.tiles),
    ];
    parts.iter().filter(|(_, differs)| *differs).map(|(part, _)| *part).collect::<Vec<_>>().join(", ")
}

impl Replayer {
    /// For a world that has a schedule.
    pub fn new(world: &mut World) -> Self {
        Self {
            simulate: simulate::alone(),
            context: SystemState::new(world),
            renew_hashes: world.register_system(state_hash::renew_fingerprints),
            next_due: world.register_system(simulate::next_due),
        }
    }

    /// Runs the ticks up to this one, in which only the world itself acts. Ticks in which nothing
    /// has its turn are skipped, because most worlds are left alone for long.
    pub fn pass_until(&mut self, world: &mut World, tick: Tick) {
        while world.resource::<Clock>().tick < tick {
            // The system's parameters are resources that every world has.
            let due = world.run_system(self.next_due).ok().flatten();
            let Some(due) = due.filter(|due| *due <= tick) else {
                clock::advance_unseen(world, tick);
                return;
            };
            clock::advance_unseen(world, due);
            self.simulate.run(world);
            self.forget_changes(world);
            if world.resource::<StateHash>().stale_len() >= STALE_ENTITIES_MAX {
                self.renew(world);
            }
        }
    }

    /// Does a recorded tick again, the next of the world.
    ///
    /// # Errors
    /// The first thing that comes out differently.
    pub fn redo(&mut self, world: &mut World, logged: &LoggedTick) -> Result<(), Difference> {
        let tick = logged.record.tick;
        let (recorded, found) = (logged.events_recorded, logged.events.len());
        if recorded != found {
            return Err(Difference::Events { recorded, found });
        }
        clock::advance_unseen(world, tick);
        for arrival in &logged.record.arrivals {
            let key = world.resource_mut::<Sessions>().unconnected_key();
            ingest::join(world, key, Arc::new(Identity::of(arrival)), arrival.state.clone(), 0, false);
        }
        self.redo_events(world, &logged.events)?;
        self.simulate.run(world);
        for &character_id in &logged.record.departures {
            let entity =
                world.resource::<CharacterIndex>().get(character_id).ok_or(Difference::Departure { character_id })?;
            departure::take_out(world, entity);
        }
        self.forget_changes(world);
        self.renew(world);
        world.clear_trackers();
        let (recorded, replayed) = (logged.record.hashes, world.resource::<StateHash>().hashes());
        if recorded == replayed { Ok(()) } else { Err(Difference::State { recorded, replayed }) }
    }

    fn redo_events(&mut self, world: &mut World, events: &[LoggedEvent]) -> Result<(), Difference> {
        let mut result = Ok(());
        intents::perform_all(world, &mut self.context, events.iter().enumerate(), |context, (order, event)| {
            if result.is_ok() {
                result = redo_event(context, event).map_err(|why| {
                    let actor = context.index.find(event.session_id);
                    let character = actor.and_then(|actor| context.characters.get(actor).ok());
                    Difference::Event {
                        order,
                        session_id: event.session_id,
                        sequence_number: event.sequence_number,
                        character_id: character.map(|character| character.identity.character_id),
                        why,
                    }
                });
            }
        });
        result
    }

    /// Drops what was noted for deltas and for the store, because a replay makes neither.
    fn forget_changes(&mut self, world: &mut World) {
        let tick = world.resource::<Clock>().tick;
        world.resource_mut::<Chunks>().forget_all(tick);
        world.resource_mut::<Unsaved>().0.clear();
        world.resource_mut::<Profiles>().changes.clear();
        let mut record = world.resource_mut::<Record>();
        record.arrivals.clear();
        record.departures.clear();
        record.departed.clear();
    }

    /// Brings the hashes up to date.
    pub fn renew(&mut self, world: &mut World) {
        // The system's parameters are resources that every world has.
        let _ = world.run_system(self.renew_hashes);
    }
}

fn redo_event(context: &mut Context, event: &LoggedEvent) -> Result<(), EventDifference> {
    let actor = context.index.find(event.session_id).ok_or(EventDifference::NoSession)?;
    let Performed { intent, outcome: recorded } = &event.performed;
    let replayed = perform(context, actor, intent).map_err(|refusal| EventDifference::Refused(refusal.code))?;
    if *recorded == replayed { Ok(()) } else { Err(EventDifference::Outcome { recorded: recorded.clone(), replayed }) }
}
