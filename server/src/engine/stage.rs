//! The persistence stage: commits ticks in order, then releases them (FR-004).
//!
//! It takes as many ticks as are waiting into one transaction (group commit), and hands a tick to
//! the fan-out only after the transaction that holds its events has been made durable. Ticks with
//! nothing durable pass through in order without a transaction. While the store is away, what is
//! uncommitted stays here and is tried again; whether an attempt without an answer was committed is
//! read back first.
//!
//! A tick that the store refuses for good is rolled back: everything before it is committed, and
//! the world rolls back to there. Intents in it and since are answered with ACTION_ATOMIC_ROLLBACK.
//! A stopping world may have ended by then; the code that closes it recovers it
//! ([`Ending::Undone`]).

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use crossbeam_channel::{Receiver, RecvError, RecvTimeoutError, Sender};
use tilemud_net::committed::{CommittedTick, Release, Undone};
use tilemud_net::session::{Bring, ServedMap};
use tilemud_persist::store::{Batch, CommitLog, ProfileWrite, StoreError};
use tilemud_schema::{ActionEvent, Tick, Timestamp};
use tilemud_sim::api::TickOutput;
#[cfg(feature = "flaws")]
use tilemud_sim::flaws::{self, Flaw};
use tilemud_sim::{Map, WorldSnapshot};
use tilemud_vitals::clock;
use tilemud_vitals::health::Health;
use tilemud_vitals::metrics::EngineMetrics;
use tilemud_vitals::pulse::{BEAT_EVERY, Part};
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::action_ids::action_id;
use super::loss;
use super::map_change::MapTaken;
use super::projection::Projection;
use super::slowness::Slowness;
use super::snapshots::Snapshots;
use super::stamps::Stamps;

/// Events of one transaction at most; the tick that reaches it is the last of its batch.
const BATCH_EVENTS_MAX: usize = 20_000;

/// Ticks that are reserved in the store beyond the newest one. A tick with nothing durable is
/// released without a transaction, so a restarted server could use its number again, and a client
/// that holds the earlier tick would be taken to hold the later one. So no tick above the
/// reservation is released.
const TICKS_RESERVED: Tick = 6_000;

/// What is released is shown within this time, or waits for the store in the fan-out, and with it
/// what is refused meanwhile.
const SHOWN_WITHIN: Duration = Duration::from_secs(1);

/// Waits between attempts while the store is away, milliseconds.
const RETRY_MS: [u64; 3] = [50, 100, 250];

/// How long a shutdown waits for a store that is away.
pub const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(10);

/// What the tick thread hands on, in order.
pub enum FromWorld {
    /// A tick has run.
    Tick(Box<Ticked>),
    /// The world has rolled back to its last committed tick; all ticks since then are void.
    RolledBack,
}

/// A tick on its way to the store.
pub struct Ticked {
    /// What became true in it.
    pub output: TickOutput,
    /// The world after it, when a snapshot was due.
    pub snapshot: Option<Box<WorldSnapshot>>,
    /// The map that the world goes on with since, when it is another one.
    pub map: Option<Box<MapTaken>>,
}

/// The stage and what it works on.
pub struct Stage {
    pub store: Arc<dyn CommitLog>,
    /// The times of rows.
    pub stamps: Arc<Stamps>,
    /// Told of every attempt to write.
    pub health: Arc<Health>,
    pub metrics: Arc<EngineMetrics>,
    /// Drives the store's futures.
    pub runtime: Handle,
    /// Set to make the tick thread roll back to the last committed tick; it answers with
    /// [`FromWorld::RolledBack`].
    pub rollback: Arc<AtomicBool>,
    /// The map of the newest committed tick.
    pub map: Arc<ArcSwap<Map>>,
    /// Where snapshots go once their tick is committed.
    pub snapshots: Snapshots,
    /// The profiles that follow from committed ticks.
    pub projection: Projection,
    /// Says which commits were slow.
    pub slowness: Arc<Slowness>,
    /// The newest reserved tick; 0 until the first reservation.
    pub reserved: Tick,
    /// The answers for ticks that were refused for good, while the world rolls back.
    pub undone: Option<Undone>,
}

/// How the stage ended, once no more ticks come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All that the world did is committed.
    Committed,
    /// The last ticks were refused for good while the world was stopping: its last state never
    /// became true.
    Undone,
}

/// Why the stage gave up. The process must end: the world is ahead of the store.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The store refuses a batch for good, and a rollback would not help.
    #[error("the durable store refused a batch")]
    Rejected(#[source] StoreError),
    /// Another server has taken the world over, or its store is no more.
    #[error("the world is no longer this server's")]
    Lost(#[source] StoreError),
    /// Shutting down, and the store did not come back.
    #[error("the durable store did not come back before the shutdown")]
    Away(#[source] StoreError),
    /// The world could not roll back to its last committed tick.
    #[error("the world could not be brought back to its last committed tick")]
    WorldGone,
}

impl Stage {
    /// Runs until `world` is closed and everything in it is committed and released.
    ///
    /// # Errors
    /// [`StageError`]; nothing of the failed batch or after it has been released.
    pub fn run(mut self, world: &Receiver<FromWorld>, released: &Sender<Release>) -> Result<Ending, StageError> {
        let runtime = self.runtime.clone();
        while let Ok(first) = self.next(world) {
            runtime.block_on(self.turn(first, world, released))?;
        }
        runtime.block_on(self.finish(released))
    }

    /// Commits and releases one group of ticks: this one and those that wait behind it.
    ///
    /// # Errors
    /// As [`Stage::run`].
    ///
    /// # Cancel safety
    /// Not cancel safe: the ticks of a dropped call may be committed, and are lost.
    pub async fn turn(
        &mut self,
        first: FromWorld,
        world: &Receiver<FromWorld>,
        released: &Sender<Release>,
    ) -> Result<(), StageError> {
        if let Some(undone) = self.undone.take() {
            self.collect_void(undone, first, released);
            return Ok(());
        }
        let mut group = Vec::new();
        let mut events = 0;
        let mut next = Some(first);
        while let Some(FromWorld::Tick(ticked)) = next {
            events += ticked.output.events.len();
            group.push(*ticked);
            next = if events < BATCH_EVENTS_MAX { world.try_recv().ok() } else { None };
        }
        let now = Instant::now();
        for ticked in &group {
            self.health.pulses.of(Part::Persistence).beat();
            self.projection.merge(&ticked.output, now);
        }
        let profiles = self.projection.take_due(now);
        let batch = self.batch(&group, profiles);
        #[cfg(feature = "flaws")]
        if flaws::is_in(Flaw::AckBeforeCommit) {
            self.release(group, &batch, released);
            return self.commit(&batch).await;
        }
        match self.commit(&batch).await {
            Ok(()) => self.release(group, &batch, released),
            Err(StageError::Rejected(error)) => self.roll_back_from_rejected(group, error, released).await?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Commits what is left when no more ticks come.
    ///
    /// # Errors
    /// As [`Stage::run`].
    pub async fn finish(&mut self, released: &Sender<Release>) -> Result<Ending, StageError> {
        if let Some(undone) = self.undone.take() {
            if !self.health.process.is_stopping() {
                return Err(StageError::WorldGone);
            }
            let _ = released.send(Release::Undone(undone));
            return Ok(Ending::Undone);
        }
        self.projection.finish();
        let profiles = self.projection.take_due(Instant::now());
        self.commit(&self.batch(&[], profiles)).await?;
        Ok(Ending::Committed)
    }

    fn next(&self, world: &Receiver<FromWorld>) -> Result<FromWorld, RecvError> {
        loop {
            let next = world.recv_timeout(BEAT_EVERY);
            self.health.pulses.of(Part::Persistence).beat();
            match next {
                Ok(next) => return Ok(next),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(RecvError),
            }
        }
    }

    /// Builds one transaction of these ticks. Times and ids are made here, outside the world.
    fn batch(&self, group: &[Ticked], profiles: Vec<ProfileWrite>) -> Batch {
        let persisted_at = self.stamps.next();
        let newest = group.last().map_or(0, |ticked| ticked.output.tick);
        let mut batch = Batch { persisted_at: Some(persisted_at), tick: self.reserved, profiles, ..Batch::default() };
        for Ticked { output, .. } in group {
            self.health.pulses.of(Part::Persistence).beat();
            append_events(&mut batch.events, output, persisted_at);
            if output.is_durable() {
                batch.records.push(output.record.clone());
            }
        }
        if newest > self.reserved {
            batch.tick = newest + TICKS_RESERVED;
        }
        batch
    }

    /// Makes a batch durable, if there is anything in it, and sure that the world is this server's:
    /// one that has not heard of its lease in time shows nothing, not even that nothing happened.
    async fn commit(&mut self, batch: &Batch) -> Result<(), StageError> {
        let is_empty = batch.events.is_empty() && batch.profiles.is_empty() && batch.records.is_empty();
        if !is_empty || batch.tick != self.reserved {
            self.write(batch).await?;
            self.reserved = batch.tick;
        }
        while !self.health.tenure.holds_for(SHOWN_WITHIN) {
            match self.write(&self.batch(&[], Vec::new())).await {
                // What is before it is committed, and stays so.
                Err(StageError::Rejected(error)) => return Err(StageError::Lost(error)),
                written => written?,
            }
        }
        Ok(())
    }

    /// Releases committed ticks. `batch` is the one they were committed in.
    fn release(&self, group: Vec<Ticked>, batch: &Batch, released: &Sender<Release>) {
        let mut ids = batch.events.iter().map(|event| event.action_id);
        let ticks = group.into_iter().map(|Ticked { output, snapshot, map }| {
            let action_ids: Vec<_> = ids.by_ref().take(output.events.len()).collect();
            if let Some(snapshot) = snapshot {
                self.snapshots.save_soon(snapshot);
            }
            let persisted_at = batch.persisted_at.unwrap_or_else(clock::now);
            let map = map.map(|taken| self.change_map(output.tick, *taken));
            Release::Tick(Box::new(CommittedTick { output, action_ids, persisted_at, map }))
        });
        #[cfg(feature = "flaws")]
        let ticks = flaws::turned_if_in(ticks);
        // The fan-out only ends after this stage, so there is always somebody to take it. When it
        // has no room it is the fan-out that may not move, and not this.
        let pulse = self.health.pulses.of(Part::Persistence);
        for tick in ticks {
            pulse.wait();
            let _ = released.send(tick);
            pulse.beat();
        }
    }

    /// A world that has to go back goes back to no map before this one any more.
    fn change_map(&self, tick: Tick, taken: MapTaken) -> (Arc<ServedMap>, Bring) {
        let MapTaken { change, report, bring } = taken;
        self.map.store(change.map);
        // Whoever asked for it may be gone.
        let _ = change.done.send((tick, report));
        (change.served, bring)
    }

    /// Tries until the batch is durable.
    async fn write(&self, batch: &Batch) -> Result<(), StageError> {
        let pulse = self.health.pulses.of(Part::Persistence);
        let began = Instant::now();
        let mut attempt = 0;
        let mut patience_ends = None;
        loop {
            let started = Instant::now();
            self.health.note_store(None, |store| {
                store.commit_begins(started);
                None
            });
            let asked = self.health.tenure.asks();
            match pulse.beat_until(self.attempt(batch, attempt > 0)).await {
                Ok(()) => {
                    self.health.tenure.confirmed(asked);
                    self.metrics.commit(started.elapsed(), batch.events.len() as u64);
                    if let Some(newest) = batch.records.last() {
                        tracing::debug!(tick = newest.tick, committed_at_us = clock::now().as_micros(), "committed");
                    }
                    self.health.note_store(None, |store| store.commit_succeeded(Instant::now()));
                    self.slowness.commit(began.elapsed());
                    return Ok(());
                }
                Err(error @ StoreError::Unavailable(_)) => {
                    let causes = error.causes();
                    tracing::debug!(error = causes, attempt, "commit failed");
                    let now = Instant::now();
                    self.health.note_store(Some(&causes), |store| store.commit_failed(now, error.reason().into()));
                    self.metrics.commit_failures.inc();
                    if self.health.process.is_stopping() {
                        let ends = *patience_ends.get_or_insert_with(|| Instant::now() + SHUTDOWN_PATIENCE);
                        if Instant::now() >= ends {
                            return Err(StageError::Away(error));
                        }
                    }
                    let pause = Duration::from_millis(RETRY_MS[attempt.min(RETRY_MS.len() - 1)]);
                    pulse.beat_until(tokio::time::sleep(pause)).await;
                    attempt += 1;
                }
                #[cfg(feature = "flaws")]
                Err(StoreError::Fenced) if flaws::is_in(Flaw::LeaseUnchecked) => {
                    self.health.tenure.confirmed(asked);
                    return Ok(());
                }
                Err(error @ StoreError::Fenced) => return Err(StageError::Lost(error)),
                Err(error) if loss::is_lost(&error) => return Err(StageError::Lost(error)),
                Err(error) => {
                    self.health.note_store(None, |store| {
                        store.commit_refused();
                        None
                    });
                    return Err(StageError::Rejected(error));
                }
            }
        }
    }

    /// One attempt. An earlier attempt without an answer may have been committed, so the store is
    /// read first.
    async fn attempt(&self, batch: &Batch, is_repeated: bool) -> Result<(), StoreError> {
        if is_repeated && self.store.settled(batch).await? {
            return Ok(());
        }
        let report = self.store.commit(batch).await?;
        for character in report.profiles_changed_elsewhere {
            tracing::warn!(%character, "a profile was changed by hand while its character was in the world, which knows better; \
                stop the server to change it");
            // Whoever sees the count finds the line.
            self.metrics.profiles_overruled.inc();
        }
        Ok(())
    }

    /// Commits a refused group tick by tick; from the tick at fault on, everything is undone.
    async fn roll_back_from_rejected(
        &mut self,
        group: Vec<Ticked>,
        mut error: StoreError,
        released: &Sender<Release>,
    ) -> Result<(), StageError> {
        let mut group = VecDeque::from(group);
        while let Some(ticked) = group.pop_front() {
            // Who leaves in it has nobody else to write their last words; those who stay are
            // written when the world is back.
            let mut last_words = Projection::default();
            let now = Instant::now();
            last_words.merge(&ticked.output, now);
            last_words.finish();
            let one = [ticked];
            let batch = self.batch(&one, last_words.take_due(now));
            match self.commit(&batch).await {
                Ok(()) => self.release(one.into(), &batch, released),
                Err(StageError::Rejected(again)) => {
                    error = again;
                    group.extend(one);
                    group.rotate_right(1);
                    break;
                }
                Err(other) => return Err(other),
            }
        }
        // Without an action at fault (profiles, say) the same would be refused again and again.
        if group.front().is_none_or(|ticked| ticked.output.events.is_empty()) {
            return Err(StageError::Rejected(error));
        }
        self.begin_rollback(group, &error);
        Ok(())
    }

    /// Makes the world roll back to before these ticks.
    fn begin_rollback(&mut self, stale: VecDeque<Ticked>, error: &StoreError) {
        let source = std::error::Error::source(error).map(ToString::to_string);
        tracing::error!(%error, source, tick = stale[0].output.tick, "a tick is refused for good; the world goes back");
        self.rollback.store(true, Ordering::Release);
        let mut undone = Undone::default();
        stale.into_iter().for_each(|ticked| undone.add(ticked.output));
        self.undone = Some(undone);
    }

    /// Drops ticks until the world has rolled back.
    fn collect_void(&mut self, mut undone: Undone, next: FromWorld, released: &Sender<Release>) {
        match next {
            FromWorld::Tick(ticked) => {
                undone.add(ticked.output);
                self.undone = Some(undone);
            }
            FromWorld::RolledBack => {
                self.projection = Projection::default();
                let _ = released.send(Release::Undone(undone));
            }
        }
    }
}

/// Gives the events of a tick their ids and puts them into the batch.
pub fn append_events(events: &mut Vec<ActionEvent>, output: &TickOutput, persisted_at: Timestamp) {
    for (order, event) in output.events.iter().enumerate() {
        events.push(ActionEvent {
            action_id: action_id(persisted_at),
            session_id: event.identity.session_id,
            user_id: event.identity.user_id.clone(),
            character_id: event.identity.character_id,
            sequence_number: event.seq,
            performed: event.performed.clone(),
            persisted_at,
            tick: output.tick,
            tick_order: u32::try_from(order).unwrap_or(u32::MAX),
        });
    }
}

#[cfg(test)]
mod tests;
