//! Recovery: a world goes on from a snapshot and the ticks recorded since.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterId, LoggedTick, MapChange, Position, Tick, TickRecord};

use crate::api::{ProfileChange, TickOutput};
use crate::edit::{self, EditReport, shift_between};
use crate::history::replay::{Difference, Divergence, Replayer};
use crate::history::snapshot::{CharacterSnapshot, RestoreError, WorldSnapshot};
use crate::intake::ingest;
use crate::map::Map;
use crate::sim::{Sim, SimConfig};
use crate::world::body::Away;
use crate::world::character::Character;
use crate::world::character_index::CharacterIndex;
use crate::world::hashes::{StateHash, combined};
use crate::world::scene;
use crate::world::session::{DirtySessions, Session, Sessions};
use crate::world::shifted::Shifted;

impl Sim {
    /// The world as it is, between two ticks. Costs a copy of plain data and shared pointers per
    /// entity.
    #[must_use]
    pub fn snapshot(&self) -> WorldSnapshot {
        WorldSnapshot::of(self.world())
    }

    /// The world of a snapshot, on the map and with the seed it was taken with. `first_tick` of the
    /// configuration is not used: the world goes on where it was.
    ///
    /// # Errors
    /// [`RestoreError`] when the snapshot is damaged or of another map.
    pub fn restore(map: Arc<Map>, config: SimConfig, snapshot: &WorldSnapshot) -> Result<Self, RestoreError> {
        snapshot.check(&map)?;
        let mut sim = Self::bare(map, SimConfig { first_tick: snapshot.tick + 1, ..config });
        sim.set_ticks_per_second(snapshot.ticks_per_second);
        snapshot.fill(sim.world_mut())?;
        Ok(sim)
    }

    /// Goes on with an edited map, in a tick of its own in which nothing else happens. Sessions go
    /// on; in the next tick each gets everything it sees, and is told if its character had to move.
    /// The output has the record of the tick, to be stored like that of any other, and the profiles
    /// of those who had to move.
    pub fn edit(&mut self, map: Arc<Map>) -> (TickOutput, EditReport) {
        let from = self.map_id();
        let (world, report) = edit::merge(self.map(), &map, &self.snapshot());
        let present = Present::take(self.world_mut());
        let mut edited = Self::bare(map, SimConfig { first_tick: world.tick + 1, ..self.config().clone() });
        edited.set_ticks_per_second(world.ticks_per_second);
        world.fill_unchecked(edited.world_mut());
        edited.renew_spawners();
        *self = edited;
        present.put(self.world_mut());
        for moved in &report.people_moved {
            ingest::tell_of_move(self.world_mut(), moved.character);
        }
        let hashes = self.world().resource::<StateHash>().hashes();
        let (tick, map_change) = (world.tick, Some(MapChange { from, to: self.map_id() }));
        let is_moved = |it: &&CharacterSnapshot| {
            report.people_moved.iter().any(|moved| moved.character == it.identity.character_id)
        };
        let moved = world.characters.iter().filter(is_moved);
        let shifted = Shifted(world.provenance.shifted);
        let profile = |it: &CharacterSnapshot| ProfileChange {
            identity: it.identity.clone(),
            state: shifted.stored(it.state.clone()),
        };
        let output = TickOutput {
            tick,
            state_hash: combined(&hashes),
            record: TickRecord { tick, hashes, map_change, ..TickRecord::default() },
            profiles: moved.map(profile).collect(),
            ..TickOutput::default()
        };
        (output, report)
    }

    /// Whether a map can be an edit of the one it is on, and is not another one altogether.
    #[must_use]
    pub fn can_be_edited_to(&self, map: &Map) -> bool {
        edit::is_edit_of(map, self.map())
    }

    /// Where a stored place is in the world, and where a character would be put that comes back and
    /// had stood there; `None` when it can stay.
    #[must_use]
    pub fn refuge(&self, stored: Position) -> (Position, Option<Position>) {
        let place = self.world().resource::<Shifted>().place(stored);
        (place, ingest::refuge(self.world(), place).map(|refuge| refuge.unwrap_or(self.map().spawn)))
    }

    /// Where stored places are in the world.
    #[must_use]
    pub fn shifted(&self) -> Shifted {
        *self.world().resource::<Shifted>()
    }

    /// Where they will be once the world goes on with this map.
    #[must_use]
    pub fn shifted_on(&self, map: &Map) -> Shifted {
        let now = self.shifted();
        if self.map_id() == map.id() { now } else { Shifted(now.place(shift_between(self.map(), map))) }
    }

    /// Replays a recorded edit of the map; `map` is the one that it went on with. After an error
    /// the world must not be used any more.
    ///
    /// # Errors
    /// [`Divergence`] when anything comes out differently.
    pub fn replay_edit(&mut self, logged: &LoggedTick, map: Arc<Map>) -> Result<(), Divergence> {
        let tick = logged.record.tick;
        self.check_ahead(tick)?;
        let replayed = MapChange { from: self.map_id(), to: map.id() };
        let recorded = logged.record.map_change;
        if recorded != Some(replayed) {
            return Err(Divergence { tick, what: Difference::Map { recorded, world: replayed.from } });
        }
        self.pass_until(tick - 1);
        let (output, _) = self.edit(map);
        let (recorded, replayed) = (logged.record.hashes, output.record.hashes);
        if recorded == replayed {
            Ok(())
        } else {
            Err(Divergence { tick, what: Difference::State { recorded, replayed } })
        }
    }

    fn check_ahead(&self, tick: Tick) -> Result<(), Divergence> {
        let world = self.last_tick();
        if tick > world { Ok(()) } else { Err(Divergence { tick, what: Difference::Past { world } }) }
    }

    /// Replays a recorded tick: first the ticks before it in which nothing was recorded, then its
    /// arrivals, its events in their order, its departures. An edit of the map is replayed by
    /// [`Sim::replay_edit`]. After an error the world must not be used any more.
    ///
    /// # Errors
    /// [`Divergence`] at the first thing that comes out differently.
    pub fn replay(&mut self, logged: &LoggedTick) -> Result<(), Divergence> {
        let tick = logged.record.tick;
        self.check_ahead(tick)?;
        if let recorded @ Some(_) = logged.record.map_change {
            return Err(Divergence { tick, what: Difference::Map { recorded, world: self.map_id() } });
        }
        self.with_replayer(|sim, replayer| {
            replayer.pass_until(sim.world_mut(), tick - 1);
            replayer.redo(sim.world_mut(), logged).map_err(|what| Divergence { tick, what })
        })
    }

    /// Runs ticks in which only the world itself acts, until `tick` has run; none if it has
    /// already.
    pub fn pass_until(&mut self, tick: Tick) {
        self.with_replayer(|sim, replayer| {
            replayer.pass_until(sim.world_mut(), tick);
            replayer.renew(sim.world_mut());
            sim.world_mut().clear_trackers();
        });
    }

    fn with_replayer<T>(&mut self, work: impl FnOnce(&mut Self, &mut Replayer) -> T) -> T {
        // Taken out while it works on the world beside it.
        let mut replayer = self.replayer.take().unwrap_or_else(|| Box::new(Replayer::new(self.world_mut())));
        self.world_mut().resource_mut::<DirtySessions>().is_off = true;
        let result = work(self, &mut replayer);
        self.replayer = Some(replayer);
        result
    }
}

/// The sessions of a world, and what belongs to their connections and is in no snapshot.
struct Present {
    players: Vec<(CharacterId, Session, Away)>,
    /// Handles given to sessions without a connection.
    unconnected: u64,
    /// Whether a replay runs, in which sessions get nothing.
    is_off: bool,
}

impl Present {
    fn take(world: &mut World) -> Self {
        let everyone: Vec<_> = world.resource::<CharacterIndex>().everyone().collect();
        let player = |entity: Entity| {
            let mut player = world.get_entity_mut(entity).ok()?;
            let character = player.get::<Character>()?.identity.character_id;
            let away = *player.get::<Away>()?;
            Some((character, player.take::<Session>()?, away))
        };
        let players = everyone.into_iter().filter_map(player).collect();
        let unconnected = world.resource::<Sessions>().unconnected();
        Self { players, unconnected, is_off: world.resource::<DirtySessions>().is_off }
    }

    /// Puts them back to their characters, in the world that goes on.
    fn put(self, world: &mut World) {
        world.resource_mut::<DirtySessions>().is_off = self.is_off;
        world.resource_mut::<Sessions>().skip_unconnected(self.unconnected);
        for (character, session, away) in self.players {
            let Some(entity) = world.resource::<CharacterIndex>().get(character) else { continue };
            scene::set_away(world, entity, away.0);
            let Some(mut place) = world.get_mut::<Session>(entity) else { continue };
            let key = session.key;
            let fresh = std::mem::replace(&mut *place, session.anew()).key;
            let Some(of) = world.get::<Character>(entity).map(|it| it.identity.session_id) else { continue };
            let mut sessions = world.resource_mut::<Sessions>();
            sessions.remove(fresh, of);
            sessions.insert(key, of, entity);
            world.resource_mut::<DirtySessions>().notice(entity);
        }
    }
}
