//! The world as the rest of the server uses it: inputs in, output out.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterState, EntityKind, MapId, Tick, TickRecord};

use crate::api::{Answer, Identity, Input, Refusal, SessionKey, TickOutput};
use crate::history::replay::Replayer;
use crate::history::state_hash;
use crate::intake::outage;
use crate::intake::pending::Mailbox;
use crate::map::Map;
use crate::probe::{self, Probe, TickProbe};
use crate::rules::outcomes::Outcomes;
use crate::rules::restock;
use crate::schedule;
use crate::views::cell_deltas::CellDeltas;
use crate::views::session_deltas::SessionDeltas;
use crate::world::body::{Appearance, Body, EntityIds};
use crate::world::character::{Character, CharacterPartsItem};
use crate::world::character_index::CharacterIndex;
use crate::world::chunks::Chunks;
use crate::world::clock::{self, Clock, SECOND_DEFAULT};
use crate::world::customs::Customs;
use crate::world::grid::Grid;
use crate::world::hashes::{Edits, StateHash, combined};
use crate::world::numbers::Numbers;
use crate::world::origins::Origins;
use crate::world::record::{Leave, Record};
use crate::world::scene;
use crate::world::session::{DirtySessions, Session, Sessions};
use crate::world::shifted::Shifted;
use crate::world::spawn::SpawnTiles;
use crate::world::spawners::Spawners;
use crate::world::terrain::Terrain;
use crate::world::unsaved::Profiles;
use crate::world::wanderers::{Wander, Wanderers};
use crate::world::zone::Zone;

/// What a world is made with, beside its map.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Its name, for people.
    pub world_name: String,
    /// Where all its chances come from.
    pub seed: u64,
    /// Cell deltas are made in every n-th tick; 1 is every tick. Answers and session deltas are
    /// made in every tick.
    pub delta_every: u32,
    /// The number of the first tick, at least 1.
    pub first_tick: Tick,
    /// The customs that actions must keep.
    pub customs: Customs,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self { world_name: "world".to_owned(), seed: 0, delta_every: 1, first_tick: 1, customs: Customs::default() }
    }
}

/// A world. Owned by one thread, which calls [`Sim::tick`] at its own pace.
pub struct Sim {
    config: SimConfig,
    world: World,
    schedule: Schedule,
    pub(crate) replayer: Option<Box<Replayer>>,
}

impl Sim {
    /// A world with the objects of its map and nobody in it.
    #[must_use]
    pub fn new(map: Arc<Map>, config: SimConfig) -> Self {
        let mut sim = Self::bare(map.clone(), config);
        for object in &map.objects {
            let id = sim.world.resource_mut::<EntityIds>().draw();
            let (kind, position) = (object.kind, object.position);
            let appearance = Appearance { kind, name: object.name.clone(), look: object.look.clone() };
            sim.world.resource_mut::<Origins>().insert(id, object.id);
            let (world, body) = (&mut sim.world, Body::new(id, appearance, position));
            match kind {
                EntityKind::Door => scene::put_door(world, body, object.open),
                EntityKind::Item => scene::put_item(world, body, object.quantity),
                EntityKind::Npc => scene::put_npc(world, body, Some(Wander { home: position, reach: object.wander })),
                EntityKind::Player => {}
            }
        }
        sim.renew_spawners();
        state_hash::renew(&mut sim.world);
        sim
    }

    /// A world with nothing in it.
    pub(crate) fn bare(map: Arc<Map>, config: SimConfig) -> Self {
        let mut world = World::new();
        world.insert_resource(Clock::new(config.first_tick, config.delta_every));
        world.insert_resource(Chunks::new(Grid::of_map(map.width, map.height)));
        world.insert_resource(Wanderers::new(config.seed, SECOND_DEFAULT));
        world.insert_resource(SpawnTiles::of_map(&map, config.seed));
        world.insert_resource(Spawners::new(config.seed));
        world.insert_resource(Terrain::new(map));
        world.insert_resource(config.customs);
        world.init_resource::<EntityIds>();
        world.init_resource::<Origins>();
        world.init_resource::<Edits>();
        world.init_resource::<Shifted>();
        let schedule = schedule::schedule(&mut world);
        Self { config, world, schedule, replayer: None }
    }

    /// Sets the ticks per second (20 by default): the pace of NPCs, hazards and recovery. A replay
    /// needs the same value, so a snapshot keeps it. To change it for a world that goes on, restore
    /// and replay at the old pace, call this, and take a snapshot to recover from.
    pub fn set_ticks_per_second(&mut self, ticks: u32) {
        let mut clock = self.world.resource_mut::<Clock>();
        let before = clock.second();
        clock.set_second(ticks);
        let (tick, second) = (clock.tick, clock.second());
        self.world.resource_mut::<Wanderers>().set_second(ticks);
        self.world.resource_scope(|world, mut spawners: Mut<Spawners>| {
            spawners.set_second(tick, before, second, &mut world.resource_mut::<StateHash>());
        });
    }

    /// Lets the map say from now on what comes back. A world has what it began with, from a
    /// snapshot too, and none if that is of a program without it; a replay needs the same. So for a
    /// world that goes on, restore and replay, call this, and take a snapshot to recover from.
    pub fn renew_spawners(&mut self) {
        restock::renew(&mut self.world);
    }

    /// How many ticks a second has.
    #[must_use]
    pub fn ticks_per_second(&self) -> u32 {
        self.world.resource::<Clock>().second()
    }

    /// Runs one tick over `inputs` and leaves them empty. Allocates nothing in a tick like the ones
    /// before, when each output is given back with [`Sim::recycle`].
    pub fn tick(&mut self, inputs: &mut Vec<Input>) -> TickOutput {
        probe::say_begin(&mut self.world);
        clock::advance(&mut self.world);
        self.world.resource_mut::<DirtySessions>().is_off = false;
        std::mem::swap(&mut self.world.resource_mut::<Mailbox>().inputs, inputs);
        self.schedule.run(&mut self.world);
        self.world.clear_trackers();
        std::mem::swap(&mut self.world.resource_mut::<Mailbox>().inputs, inputs);
        let mut outcomes = self.world.resource_mut::<Outcomes>();
        let Outcomes { answers, events } = std::mem::take(&mut *outcomes);
        let Record { arrivals, departures, departed } = std::mem::take(&mut *self.world.resource_mut::<Record>());
        let hashes = self.world.resource::<StateHash>().hashes();
        let SessionDeltas { deltas: sessions, views, .. } = &mut *self.world.resource_mut::<SessionDeltas>();
        let (sessions, views) = (std::mem::take(sessions), std::mem::take(views));
        let tick = self.last_tick();
        TickOutput {
            tick,
            state_hash: combined(&hashes),
            record: TickRecord { tick, hashes, arrivals, departures, map_change: None },
            events,
            profiles: std::mem::take(&mut self.world.resource_mut::<Profiles>().changes),
            answers,
            cells: std::mem::take(&mut self.world.resource_mut::<CellDeltas>().deltas),
            views,
            sessions,
            zone: std::mem::take(&mut self.world.resource_mut::<Zone>().lines),
            departed,
        }
    }

    /// Takes every character out of the world in a tick of its own. Its output has their last
    /// profiles and departures, to be stored like those of any other tick. To be called after a
    /// recovery, when no session has a connection.
    pub fn clear_characters(&mut self) -> TickOutput {
        let everyone: Vec<Entity> = self.world.resource::<CharacterIndex>().everyone().collect();
        let leaves = everyone.iter().filter_map(|entity| Some(Leave(self.world.get::<Session>(*entity)?.key)));
        let leaves: Vec<Leave> = leaves.collect();
        self.world.write_message_batch(leaves);
        let mut output = self.tick(&mut Vec::new());
        // No connection knows of these sessions.
        output.departed.clear();
        output
    }

    /// Answers the intents among `inputs` with `refusal` (or the edge's own) while no tick may run;
    /// see [`outage::refuse`].
    pub fn refuse(&mut self, inputs: &mut Vec<Input>, refusal: &Refusal) -> Vec<Answer> {
        outage::refuse(&mut self.world, inputs, refusal)
    }

    /// Sets the probe that is called as each phase ends. The output of a tick does not depend on
    /// it.
    pub fn set_probe(&mut self, probe: Box<dyn TickProbe>) {
        self.world.resource_mut::<Probe>().0 = Some(probe);
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// What it was made with, and is made with again on another map.
    pub(crate) fn config(&self) -> &SimConfig {
        &self.config
    }

    /// The map it is on.
    #[must_use]
    pub fn map(&self) -> &Map {
        self.world.resource::<Terrain>().map()
    }

    /// The content of the map it is on.
    #[must_use]
    pub fn map_id(&self) -> MapId {
        self.world.resource::<Terrain>().map_id()
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.config.world_name
    }

    /// The last tick that ran; before the first, the number before it.
    #[must_use]
    pub fn last_tick(&self) -> Tick {
        self.world.resource::<Clock>().tick
    }

    /// The sessions in the world in order of their handles, each with who it is and what its
    /// numbers are judged by.
    #[must_use]
    pub fn sessions(&self) -> Vec<(SessionKey, Arc<Identity>, Numbers)> {
        let everyone = self.world.resource::<CharacterIndex>().everyone();
        let sessions = everyone.filter_map(|entity| {
            let (session, character) = (self.world.get::<Session>(entity)?, self.world.get::<Character>(entity)?);
            Some((session.key, character.identity.clone(), session.numbers))
        });
        let mut sessions: Vec<_> = sessions.collect();
        sessions.sort_unstable_by_key(|(key, ..)| *key);
        sessions
    }

    /// Everyone who is in the world, by character id, as a store keeps them.
    #[must_use]
    pub fn characters(&self) -> Vec<(Arc<Identity>, CharacterState)> {
        let everyone = self.world.resource::<CharacterIndex>().everyone();
        let parts = everyone.filter_map(|entity| CharacterPartsItem::of(&self.world, entity));
        let shifted = *self.world.resource::<Shifted>();
        parts.map(|parts| (parts.character.identity.clone(), shifted.stored(parts.state()))).collect()
    }

    /// The character of a session that is in the world, as it is now.
    #[must_use]
    pub fn profile(&self, session: SessionKey) -> Option<CharacterState> {
        let entity = self.world.resource::<Sessions>().get(session)?;
        Some(CharacterPartsItem::of(&self.world, entity)?.state())
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::{CharacterId, Position, SessionId, TileChange, UserId};
    use uuid::Uuid;

    use super::*;
    use crate::api::TickPhase;
    use crate::api::{Delta, Identity, View};
    use crate::map_art::{FLOOR, WALL};
    use crate::world::scene::Scene;

    /// The tile at (10, 10) in the tick that is about to run.
    #[derive(Resource)]
    struct Wanted(u16);

    fn build(wanted: Res<Wanted>, mut scene: Scene) {
        scene.set_tile(Position { x: 10, y: 10 }, wanted.0);
    }

    fn building_site() -> Sim {
        let mut sim = Sim::new(Arc::new(Map::open("field", 64, 64)), SimConfig::default());
        sim.world.insert_resource(Wanted(FLOOR));
        sim.schedule.add_systems(build.in_set(TickPhase::Apply).ambiguous_with_all());
        sim
    }

    fn join(session: u64) -> Input {
        let identity = Identity {
            session_id: SessionId(Uuid::from_u128(1)),
            user_id: UserId("user".into()),
            character_id: CharacterId(Uuid::from_u128(2)),
        };
        let character = CharacterState {
            display_name: "Anna".into(),
            look: "hero".into(),
            position: Some(Position { x: 12, y: 12 }),
            health: 100,
            ..CharacterState::default()
        };
        let (session, identity) = (SessionKey(session), Arc::new(identity));
        Input::Join { session, identity, character: Box::new(character), last_seq: 0 }
    }

    fn tick_with(sim: &mut Sim, tile: u16, inputs: Vec<Input>) -> TickOutput {
        sim.world.insert_resource(Wanted(tile));
        sim.tick(&mut { inputs })
    }

    fn own_view(output: &TickOutput) -> Delta<'_> {
        let View::Own(number) = output.sessions[0].view else { panic!("a view of its own") };
        output.views.get(number)
    }

    fn full_tiles(output: &TickOutput) -> &[TileChange] {
        let view = own_view(output);
        assert!(view.full);
        view.tiles
    }

    #[test]
    fn a_tile_that_changes_is_told_once_and_to_newcomers_as_long_as_it_differs_from_the_map() {
        let mut sim = building_site();
        let before = tick_with(&mut sim, FLOOR, vec![join(1)]);
        assert!(full_tiles(&before).is_empty());
        let built = tick_with(&mut sim, WALL, Vec::new());
        let change = |tile| [TileChange { x: 10, y: 10, tile }];
        assert_eq!(built.cells.get(0).tiles, change(WALL));
        assert_ne!(built.state_hash, before.state_hash);
        assert!(tick_with(&mut sim, WALL, Vec::new()).cells.is_empty());
        let resync = Input::Resync { session: SessionKey(1) };
        // Everything is told at most once a second.
        let pass =
            |sim: &mut Sim, tile| (0..sim.ticks_per_second()).for_each(|_| drop(tick_with(sim, tile, Vec::new())));
        pass(&mut sim, WALL);
        assert_eq!(full_tiles(&tick_with(&mut sim, WALL, vec![resync.clone()])), change(WALL));
        let removed = tick_with(&mut sim, FLOOR, Vec::new());
        assert_eq!(removed.cells.get(0).tiles, change(FLOOR));
        assert_eq!(removed.state_hash, before.state_hash);
        pass(&mut sim, FLOOR);
        assert!(full_tiles(&tick_with(&mut sim, FLOOR, vec![resync])).is_empty());
    }

    #[test]
    fn a_built_wall_blocks_and_a_removed_one_does_not() {
        let mut sim = building_site();
        let place = Position { x: 10, y: 10 };
        for (tile, is_free) in [(WALL, false), (FLOOR, true)] {
            tick_with(&mut sim, tile, Vec::new());
            assert_eq!(sim.world.resource::<Terrain>().is_free(place), is_free);
        }
    }

    #[test]
    fn a_resume_tells_of_tiles_that_changed_meanwhile() {
        let mut sim = building_site();
        let last_tick = Some(tick_with(&mut sim, FLOOR, vec![join(1)]).tick);
        tick_with(&mut sim, WALL, Vec::new());
        let attach = Input::Attach {
            session: SessionKey(1),
            connection: 0,
            last_tick,
            oldest_unanswered_seq: None,
            next_seq: None,
        };
        let output = tick_with(&mut sim, WALL, vec![attach]);
        let view = own_view(&output);
        assert!(!view.full);
        assert_eq!(view.tiles, [TileChange { x: 10, y: 10, tile: WALL }]);
    }
}
