//! The world as the rest of the server uses it: inputs in, output out.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{EntityKind, Tick};

use crate::api::{CharacterState, Input, SessionKey, TickOutput};
use crate::body::{self, EntityIds, Face, NewBody};
use crate::character::Character;
use crate::departure::Departed;
use crate::grid::Grid;
use crate::ingest::Mailbox;
use crate::intents::{Answers, Events};
use crate::map::Map;
use crate::presence::Chunks;
use crate::private::PrivateDeltas;
use crate::profile::Profiles;
use crate::session::Sessions;
use crate::shared::CellDeltas;
use crate::spawn::SpawnTiles;
use crate::state_hash::StateHash;
use crate::terrain::Terrain;
use crate::tick::{self, Clock};

/// What a world is made with, beside its map.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Its name, for people.
    pub world_name: String,
    /// Where all its chances come from.
    pub seed: u64,
    /// Cell deltas are made in every n-th tick; 1 is every tick. Answers and private state come in every tick.
    pub delta_every: u32,
    /// The number of the first tick, at least 1.
    pub first_tick: Tick,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self { world_name: "world".to_owned(), seed: 0, delta_every: 1, first_tick: 1 }
    }
}

/// A world. Owned by one thread, which calls [`Sim::tick`] at its own pace.
pub struct Sim {
    name: String,
    world: World,
    schedule: Schedule,
}

impl Sim {
    /// A world with the objects of its map and nobody in it.
    #[must_use]
    pub fn new(map: Arc<Map>, config: SimConfig) -> Self {
        let mut world = World::new();
        world.insert_resource(Clock::new(config.first_tick, config.delta_every));
        world.insert_resource(Chunks::new(Grid::of_map(map.width, map.height)));
        world.insert_resource(SpawnTiles::of_map(&map, config.seed));
        world.insert_resource(Terrain::new(map.clone()));
        world.init_resource::<EntityIds>();
        let schedule = tick::schedule(&mut world);
        for object in &map.objects {
            let body = NewBody {
                kind: object.kind,
                name: object.name.clone(),
                position: object.position,
                look: object.look.clone(),
                health: None,
                open: (object.kind == EntityKind::Door).then_some(object.open),
            };
            body::spawn(&mut world, body);
        }
        Self { name: config.world_name, world, schedule }
    }

    /// Runs one tick over `inputs` and leaves them empty.
    pub fn tick(&mut self, inputs: &mut Vec<Input>) -> TickOutput {
        self.world.resource_mut::<Clock>().advance();
        std::mem::swap(&mut self.world.resource_mut::<Mailbox>().inputs, inputs);
        self.schedule.run(&mut self.world);
        self.world.clear_trackers();
        std::mem::swap(&mut self.world.resource_mut::<Mailbox>().inputs, inputs);
        TickOutput {
            tick: self.last_tick(),
            state_hash: self.world.resource::<StateHash>().value(),
            events: std::mem::take(&mut self.world.resource_mut::<Events>().events),
            profiles: std::mem::take(&mut self.world.resource_mut::<Profiles>().changes),
            answers: std::mem::take(&mut self.world.resource_mut::<Answers>().answers),
            cells: std::mem::take(&mut self.world.resource_mut::<CellDeltas>().deltas),
            private: std::mem::take(&mut self.world.resource_mut::<PrivateDeltas>().deltas),
            departed: std::mem::take(&mut self.world.resource_mut::<Departed>().sessions),
        }
    }

    pub(crate) fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last tick that ran; before the first, the number before it.
    #[must_use]
    pub fn last_tick(&self) -> Tick {
        self.world.resource::<Clock>().tick
    }

    /// How many sessions are in it.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.world.resource::<Sessions>().len()
    }

    /// The character of a session that is in the world, as it is now.
    #[must_use]
    pub fn profile(&self, session: SessionKey) -> Option<CharacterState> {
        let entity = self.world.resource::<Sessions>().get(session)?;
        Some(self.world.get::<Character>(entity)?.state(self.world.get::<Face>(entity)?))
    }
}
