//! Brings a world back from its store: the newest snapshot that is whole, and the log after it played again (FR-016). Also lets
//! everyone out who was in it, because their connections are gone; they come back by joining, as they were.
//!
//! A recovered world is exactly as it was after its last committed tick, characters included; every replayed tick is held
//! against the hashes that were recorded with it. What it reads comes from the store, what it makes goes to the tick thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_persist::advice::{Advice, in_one_line};
use tilemud_persist::store::{Batch, Store, StoreError, StoredSnapshot};
use tilemud_schema::{CharacterId, CharacterState, LoggedTick, Tick};
use tilemud_sim::Divergence;
use tilemud_sim::{Map, Sim, SimConfig};
use tilemud_sim::{RestoreError, WorldSnapshot};
use tilemud_vitals::clock;
use tokio::time::Instant;

use super::projection::Projection;
use super::reach::{PUT_BACK, Reach, ReachError};
use super::repairs::Repairs;
use super::stamps::Stamps;

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
    /// Neither the newest snapshot can be used nor one before it.
    #[error("there is no whole world snapshot")]
    NoneWhole(#[source] Advice),
    /// The log does not lead to what was recorded.
    #[error("the log does not lead to what was recorded with it")]
    Divergence(#[from] Divergence),
    /// The store speaks of ticks to which the world cannot have come.
    #[error(transparent)]
    Implausible(ReachError),
    /// The map is another one than the log was played on, and the log has not been closed by a clean stop.
    #[error(
        "the map has changed while the world was not stopped cleanly: start once with the earlier map, stop the server with \
         SIGTERM, then change the map"
    )]
    MapChanged,
}

impl From<ReachError> for RecoveryError {
    fn from(error: ReachError) -> Self {
        match error {
            ReachError::Store(error) => Self::Store(error),
            implausible @ ReachError::Implausible(_) => Self::Implausible(implausible),
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
            Self::Store(error) => Self::Store(words(error)),
            other => other,
        }
    }
}

/// What a world is recovered with.
#[derive(Clone)]
pub struct Recovery {
    pub store: Arc<dyn Store>,
    pub map: Arc<Map>,
    /// Without the first tick, which the store tells.
    pub config: SimConfig,
    /// How many ticks the world takes for a second from now on.
    pub ticks_per_second: u32,
    /// The times of rows.
    pub stamps: Arc<Stamps>,
}

/// A world that was recovered: nobody is in it, everybody's last state is known.
pub struct Recovered {
    /// The world; its next tick is above all that any player has seen.
    pub sim: Sim,
    /// Who was in it after its last committed tick.
    pub characters: BTreeMap<CharacterId, CharacterState>,
}

impl Recovery {
    /// Recovers the world and lets everyone out: their profiles and their leaving are committed.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub async fn recover(&self) -> Result<Recovered, RecoveryError> {
        self.recover_with(Repairs::default()).await
    }

    /// The same at a start, with what was changed by hand meanwhile.
    ///
    /// # Errors
    /// [`RecoveryError`].
    pub async fn recover_with(&self, mut repairs: Repairs) -> Result<Recovered, RecoveryError> {
        let started = Instant::now();
        let mut reach = Reach::of(&self.store).await?;
        let (mut sim, replayed) = self.replay_newest(&mut reach).await?;
        let committed = sim.last_tick();
        reach.check_reserved(committed, sim.ticks_per_second())?;
        let everyone = sim.characters().into_iter();
        let characters: BTreeMap<_, _> = everyone.map(|(identity, state)| (identity.character_id, state)).collect();
        let seen = reach.reserved();
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
        // The ticks that players may have seen go by without anybody in the world, as a later replay will have it.
        sim.pass_until(seen);
        sim.set_ticks_per_second(self.ticks_per_second);
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
    async fn replay_newest(&self, reach: &mut Reach) -> Result<(Sim, Replayed), RecoveryError> {
        let mut sim = match self.store.newest_snapshot().await? {
            None => Sim::new(Arc::clone(&self.map), SimConfig { first_tick: 1, ..self.config.clone() }),
            Some(newest) => match self.open(&newest, reach).await {
                Err(RecoveryError::Snapshot { source: RestoreError::OtherMap, tick }) => {
                    return self.on_another_map(tick).await;
                }
                Err(damaged) if damaged.is_of_a_damaged_snapshot() => {
                    Box::pin(self.open_earlier(newest.tick, damaged, reach)).await?
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
                reach.check_record(tick.record.tick).await?;
                sim.replay(tick)?;
                replayed.count(tick);
            }
        }
    }

    /// The world of a stored snapshot.
    ///
    /// # Errors
    /// [`RecoveryError::Snapshot`], or that it cannot be of its tick.
    pub(super) async fn open(&self, stored: &StoredSnapshot, reach: &mut Reach) -> Result<Sim, RecoveryError> {
        let world = WorldSnapshot::decode(&stored.data);
        reach.check_snapshot(stored.tick, world.as_ref().ok().map(|world| world.tick)).await?;
        world
            .and_then(|world| Sim::restore(Arc::clone(&self.map), self.config.clone(), &world))
            .map_err(|source| RecoveryError::Snapshot { tick: stored.tick, source })
    }

    /// The world of the newest whole snapshot before a damaged one. The log leads on from there: one from which it does not is
    /// deleted before the log is.
    async fn open_earlier(&self, tick: Tick, damaged: RecoveryError, reach: &mut Reach) -> Result<Sim, RecoveryError> {
        for earlier in self.store.snapshot_ticks().await?.into_iter().rev().filter(|earlier| *earlier < tick) {
            let Some(stored) = self.store.snapshot(earlier).await? else { continue };
            match self.open(&stored, reach).await {
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
        Err(RecoveryError::NoneWhole(Advice::new(in_one_line(&damaged), PUT_BACK)))
    }

    fn read_ahead(&self, after: Tick) -> tokio::task::JoinHandle<Result<Vec<LoggedTick>, StoreError>> {
        let store = Arc::clone(&self.store);
        tokio::spawn(async move { store.read_log(after, PAGE_EVENTS_MAX).await })
    }

    /// Builders change maps. What lay on the old one cannot be carried over; who walked on it can, once nothing is left to
    /// be replayed on it.
    async fn on_another_map(&self, tick: Tick) -> Result<(Sim, Replayed), RecoveryError> {
        if !self.store.read_log(tick, 1).await?.is_empty() {
            return Err(RecoveryError::MapChanged);
        }
        tracing::warn!("the map has changed: its things and doors begin anew, characters keep what they have");
        let fresh = SimConfig { first_tick: tick + 1, ..self.config.clone() };
        Ok((Sim::new(Arc::clone(&self.map), fresh), Replayed::default()))
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
