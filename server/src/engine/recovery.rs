//! Recovers a world from its store: the newest intact snapshot, and a replay of the log after it
//! (FR-016). Also takes everyone out of the world, because their connections are gone; they come
//! back by joining, as they were.
//!
//! A recovered world is exactly as it was after its last committed tick, characters included; every
//! replayed tick is compared with its recorded hashes. Reads the store; its world goes to the tick
//! thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tilemud_persist::diagnostic::{Diagnostic, in_one_line};
use tilemud_persist::store::{Batch, Store, StoreError, StoredSnapshot};
use tilemud_schema::{CharacterId, CharacterState, LoggedTick, Tick};
use tilemud_sim::Divergence;
use tilemud_sim::{Map, Sim, SimConfig};
use tilemud_sim::{RestoreError, WorldSnapshot};
use tilemud_vitals::clock;
use tokio::time::Instant;

use super::edits;
use super::high_water_mark::{HighWaterMark, HighWaterMarkError, PUT_BACK};
use super::maps::{self, StoredMapError};
use super::projection::Projection;
use super::repairs::{RepairError, Repairs};
use super::stamps::Stamps;
use super::world;

/// Events read from the log at a time.
pub const PAGE_EVENTS_MAX: usize = 20_000;

/// Why a world could not be recovered. Nothing has been changed in the store.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The store does not answer or does not allow it.
    #[error("the durable store could not be read")]
    Store(#[from] StoreError),
    /// A snapshot cannot be used.
    #[error("the world snapshot of tick {tick} cannot be used")]
    Snapshot { tick: Tick, source: RestoreError },
    /// Neither the newest snapshot nor an earlier one can be used.
    #[error("there is no whole world snapshot")]
    NoneWhole(#[source] Diagnostic),
    /// The log does not lead to what was recorded.
    #[error("the log does not lead to what was recorded with it")]
    Divergence(#[from] Divergence),
    /// The store has rows of ticks that the world cannot have reached.
    #[error(transparent)]
    Implausible(HighWaterMarkError),
    /// A row was changed by hand to what cannot be.
    #[error(transparent)]
    Repairs(#[from] RepairError),
    /// A map that the world was played on cannot be had.
    #[error("the map that the world was played on is not to be had")]
    Map(#[from] StoredMapError),
    /// The map has nothing in common with the one of the world, which nobody has named.
    #[error(
        "the world {world:?} of this store was played on another map, with which this one has nothing in common; --world-id, or the \
         property world_id of the map, says which world is meant: {world:?} to go on with that one on this map, or another name \
         for a world of its own"
    )]
    AnotherMap { world: String },
    /// The map differs from the one the log was recorded on, which an earlier version of this
    /// program did not keep, and there was no clean stop.
    #[error(
        "the map has changed while the world was not stopped cleanly, and the version of this program that stored it kept no \
         map: start once with the earlier map, stop the server with SIGTERM, then change the map"
    )]
    MapChanged,
}

impl From<HighWaterMarkError> for RecoveryError {
    fn from(error: HighWaterMarkError) -> Self {
        match error {
            HighWaterMarkError::Store(error) => Self::Store(error),
            implausible @ HighWaterMarkError::Implausible(_) => Self::Implausible(implausible),
        }
    }
}

impl RecoveryError {
    /// Whether a snapshot was changed since it was written, or not written to its end.
    fn is_of_a_damaged_snapshot(&self) -> bool {
        matches!(self, Self::Snapshot { source: RestoreError::Empty | RestoreError::Damaged, .. })
    }

    /// With the store's error in other words.
    pub(crate) fn map_store(self, words: impl FnOnce(StoreError) -> StoreError) -> Self {
        match self {
            Self::Store(error) | Self::Map(StoredMapError::Store(error)) | Self::Repairs(RepairError::Store(error)) => {
                Self::Store(words(error))
            }
            other => other,
        }
    }
}

/// What a world is recovered with.
#[derive(Clone)]
pub struct Recovery {
    pub store: Arc<dyn Store>,
    /// What the world goes on with; another one once an edit of it is committed.
    pub map: Arc<ArcSwap<Map>>,
    /// Without the first tick, which the store has.
    pub config: SimConfig,
    /// Ticks per second of the world from now on.
    pub ticks_per_second: u32,
    /// The times of rows.
    pub stamps: Arc<Stamps>,
    /// Whether the world goes by a name of its own, and not by that of its map.
    pub is_named: bool,
}

/// A recovered world: nobody is in it, and everybody's last state is stored.
pub struct Recovered {
    /// The world; its next tick is above all that any player has seen.
    pub sim: Sim,
    /// Who was in it after its last committed tick.
    pub characters: BTreeMap<CharacterId, CharacterState>,
}

impl Recovery {
    /// For whoever only reads: nothing is begun, so the rate does not matter, that of each snapshot
    /// is used.
    #[must_use]
    pub fn for_reading(store: &Arc<dyn Store>, map: Arc<Map>) -> Self {
        Self {
            store: Arc::clone(store),
            config: world::config(&map, 1, true),
            map: Arc::new(map.into()),
            ticks_per_second: 1,
            stamps: Arc::new(Stamps::default()),
            is_named: true,
        }
    }

    /// Recovers the world and takes everyone out of it; their profiles and departures are
    /// committed.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub async fn recover(&self) -> Result<Recovered, RecoveryError> {
        self.recover_with(false).await
    }

    /// The same at a start, with the profiles that were changed by hand meanwhile.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub async fn recover_at_start(&self) -> Result<Recovered, RecoveryError> {
        self.recover_with(true).await
    }

    async fn recover_with(&self, is_start: bool) -> Result<Recovered, RecoveryError> {
        let started = Instant::now();
        let mut mark = HighWaterMark::of(&self.store).await?;
        let (mut sim, replayed) = self.replay_newest(&mut mark).await?;
        self.check_map(&sim)?;
        let mut repairs = Repairs::default();
        if is_start {
            let map = self.map.load_full();
            repairs = Repairs::find(&*self.store, &map, sim.shifted_on(&map)).await?;
        }
        let committed = sim.last_tick();
        mark.check_reserved(committed, sim.ticks_per_second())?;
        let everyone = sim.characters().into_iter();
        let characters: BTreeMap<_, _> = everyone.map(|(identity, state)| (identity.character_id, state)).collect();
        let seen = mark.reserved();
        let mut batch = Batch { tick: seen.max(committed), ..Batch::default() };
        if !characters.is_empty() {
            let left = sim.clear_characters();
            let mut projection = Projection::default();
            let now = Instant::now();
            projection.merge(&left, now);
            projection.finish();
            batch.tick = seen.max(left.tick);
            batch.profiles = projection.take_due(now);
            batch.records.push(left.record);
        }
        batch.profiles.iter_mut().for_each(|profile| repairs.apply(profile));
        batch.profiles.extend(repairs.rest(sim.last_tick()));
        if !batch.profiles.is_empty() || !batch.records.is_empty() {
            batch.persisted_at = Some(self.stamps.next());
            self.store.commit(&batch).await?;
        }
        // The ticks that players may have seen go by without anybody in the world, as a later
        // replay will have it.
        sim.pass_until(seen);
        // Before the world is said to be on it: until then it is not.
        let map = self.map.load_full();
        maps::save(&*self.store, &map).await?;
        if sim.map_id() != map.id() {
            self.take_edited_map(&mut sim, map).await?;
        }
        sim.set_ticks_per_second(self.ticks_per_second);
        sim.renew_spawners();
        self.save(&sim.snapshot()).await?;
        tracing::info!(
            tick = sim.last_tick(),
            committed,
            replayed_ticks = replayed.ticks,
            replayed_events = replayed.events,
            characters = characters.len(),
            took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "world brought back"
        );
        Ok(Recovered { sim, characters })
    }

    /// Whether the map can be that of the world.
    ///
    /// # Errors
    /// [`RecoveryError::AnotherMap`].
    pub(crate) fn check_map(&self, sim: &Sim) -> Result<(), RecoveryError> {
        let map = self.map.load();
        if self.is_named || sim.map_id() == map.id() || sim.can_be_edited_to(&map) {
            return Ok(());
        }
        Err(RecoveryError::AnotherMap { world: self.config.world_name.clone() })
    }

    /// The world as it would be recovered, with everybody who was in it; changes nothing.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub(crate) async fn peek(&self) -> Result<Sim, RecoveryError> {
        let mut mark = HighWaterMark::of(&self.store).await?;
        Ok(self.replay_newest(&mut mark).await?.0)
    }

    /// Goes on with the map as its builder has it now: an event of the log, in a tick of its own.
    async fn take_edited_map(&self, sim: &mut Sim, map: Arc<Map>) -> Result<(), RecoveryError> {
        let (output, report) = sim.edit(map);
        let batch = Batch {
            tick: output.tick,
            persisted_at: Some(self.stamps.next()),
            records: vec![output.record],
            ..Batch::default()
        };
        self.store.commit(&batch).await?;
        edits::log(&report, output.tick);
        Ok(())
    }

    /// Stores a snapshot.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn save(&self, world: &WorldSnapshot) -> Result<(), StoreError> {
        self.store
            .save_snapshot(&StoredSnapshot { tick: world.tick, taken_at: clock::now(), data: world.encode() })
            .await
    }

    /// The world after its last committed tick.
    async fn replay_newest(&self, mark: &mut HighWaterMark) -> Result<(Sim, Replayed), RecoveryError> {
        let mut sim = match self.store.newest_snapshot().await? {
            None => Sim::new(self.map.load_full(), SimConfig { first_tick: 1, ..self.config.clone() }),
            Some(newest) => match self.open(&newest, mark).await {
                Err(RecoveryError::Snapshot { source: RestoreError::OtherMap, tick }) => {
                    return self.on_another_map(tick).await;
                }
                Err(damaged) if damaged.is_of_a_damaged_snapshot() => {
                    Box::pin(self.open_earlier(newest.tick, damaged, mark)).await?
                }
                restored => restored?,
            },
        };
        let mut replayed = Replayed::default();
        let mut after = sim.last_tick();
        let mut next = self.read_ahead(after);
        loop {
            let page = next.await.map_err(|_| StoreError::Unavailable("the reading task ended".into()))??;
            let Some(last) = page.last() else { return Ok((sim, replayed)) };
            after = last.record.tick;
            // The next page is read while this one is played.
            next = self.read_ahead(after);
            for tick in &page {
                mark.check_record(tick.record.tick).await?;
                self.replay(&mut sim, tick).await?;
                replayed.count(tick);
            }
        }
    }

    /// Replays a recorded tick, on whichever map the world went on with in it.
    ///
    /// # Errors
    /// [`RecoveryError::Divergence`], or that the map is not to be had.
    pub(super) async fn replay(&self, sim: &mut Sim, tick: &LoggedTick) -> Result<(), RecoveryError> {
        match tick.record.map_change {
            None => sim.replay(tick)?,
            Some(change) => sim.replay_edit(tick, maps::load(&*self.store, change.to, &self.map.load_full()).await?)?,
        }
        Ok(())
    }

    /// The world of a stored snapshot.
    ///
    /// # Errors
    /// [`RecoveryError::Snapshot`], or that it cannot be of its tick.
    pub(super) async fn open(&self, stored: &StoredSnapshot, mark: &mut HighWaterMark) -> Result<Sim, RecoveryError> {
        let world = WorldSnapshot::decode(&stored.data);
        mark.check_snapshot(stored.tick, world.as_ref().ok().map(|world| world.tick)).await?;
        let unusable = |source| RecoveryError::Snapshot { tick: stored.tick, source };
        let world = world.map_err(unusable)?;
        let map = match world.provenance.map {
            Some(id) => maps::load(&*self.store, id, &self.map.load_full()).await?,
            None => self.map.load_full(),
        };
        Sim::restore(map, self.config.clone(), &world).map_err(unusable)
    }

    /// The world of the newest intact snapshot before a damaged one. The log is complete from
    /// there, because snapshots are deleted before the log after them.
    async fn open_earlier(
        &self,
        tick: Tick,
        damaged: RecoveryError,
        mark: &mut HighWaterMark,
    ) -> Result<Sim, RecoveryError> {
        for earlier in self.store.snapshot_ticks().await?.into_iter().rev().filter(|earlier| *earlier < tick) {
            let Some(stored) = self.store.snapshot(earlier).await? else { continue };
            match self.open(&stored, mark).await {
                Ok(sim) => {
                    let error = in_one_line(&damaged);
                    tracing::warn!(error, earlier, "the world is brought back from an earlier snapshot");
                    return Ok(sim);
                }
                Err(error) if error.is_of_a_damaged_snapshot() => {}
                Err(error @ RecoveryError::Store(_)) => return Err(error),
                // A whole one is there: the log is to be played on its map first.
                Err(RecoveryError::Snapshot { source: RestoreError::OtherMap, .. }) => {
                    return Err(RecoveryError::MapChanged);
                }
                Err(_) => break,
            }
        }
        Err(RecoveryError::NoneWhole(Diagnostic::new(in_one_line(&damaged), PUT_BACK)))
    }

    fn read_ahead(&self, after: Tick) -> tokio::task::JoinHandle<Result<Vec<LoggedTick>, StoreError>> {
        let store = Arc::clone(&self.store);
        tokio::spawn(async move { store.read_log(after, PAGE_EVENTS_MAX).await })
    }

    /// Handles a changed map of a world that was stored without its map. Objects of the old map are
    /// dropped; characters are kept, once nothing is left to be replayed on the old map.
    async fn on_another_map(&self, tick: Tick) -> Result<(Sim, Replayed), RecoveryError> {
        if !self.store.read_log(tick, 1).await?.is_empty() {
            return Err(RecoveryError::MapChanged);
        }
        tracing::warn!(
            "the map has changed, and the version of this program that stored the world kept no map to compare it with: its \
             things and doors begin anew, characters keep what they have; from now on an edited map is merged into the world"
        );
        let fresh = SimConfig { first_tick: tick + 1, ..self.config.clone() };
        Ok((Sim::new(self.map.load_full(), fresh), Replayed::default()))
    }
}

/// How much was played again.
#[derive(Debug, Default, Clone, Copy)]
pub struct Replayed {
    pub ticks: u64,
    pub events: u64,
}

impl Replayed {
    pub fn count(&mut self, tick: &LoggedTick) {
        self.ticks += 1;
        self.events += tick.events.len() as u64;
    }
}
