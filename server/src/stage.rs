//! The persistence stage: commits ticks in order, then releases them (FR-004).
//!
//! It takes as many ticks as are waiting into one transaction (group commit), and hands a tick to
//! the fan-out only after the transaction that holds its events has been made durable. Ticks with
//! nothing durable pass through in order without a transaction. While the store is away, what is
//! uncommitted stays here and is tried again; a repeat is harmless because the store is idempotent
//! by action id.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use tilemud_net::clock;
use tilemud_net::committed::{CommittedTick, Release};
use tilemud_net::edge::Edge;
use tilemud_persist::store::{Batch, ProfileWrite, Store, StoreError};
use tilemud_schema::rest::{DependencyHealth, DependencyStatus};
use tilemud_schema::{ActionEvent, ActionId, CharacterId, Dependency, Tick, Timestamp};
use tilemud_sim::api::TickOutput;
use tokio::runtime::Handle;
use uuid::Uuid;

/// Events of one transaction at most; the tick that reaches it is the last of its batch.
const BATCH_EVENTS_MAX: usize = 20_000;

/// Ticks that are reserved in the store beyond the newest one. A tick with nothing durable is released without a
/// transaction, so a server that starts again would count such ticks a second time, and a player who was shown one of
/// the old life could pass for one who holds the new: no tick above the reservation is released.
const TICKS_RESERVED: Tick = 6_000;

/// Profiles are written at least this often.
const PROFILE_INTERVAL: Duration = Duration::from_secs(1);

/// Waits between attempts while the store is away, milliseconds.
const RETRY_MS: [u64; 4] = [50, 100, 250, 500];

/// How long a shutdown waits for a store that is away.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(10);

/// The stage and what it works on.
pub struct Stage {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The edge, for health and metrics.
    pub edge: Arc<Edge>,
    /// Drives the store's futures.
    pub runtime: Handle,
    /// Set while the store is away; the tick thread refuses intents meanwhile.
    pub store_away: Arc<AtomicBool>,
}

/// Why the stage gave up. The process must end: the world is ahead of the store.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The store refuses a batch for good.
    #[error("the durable store refused a batch")]
    Rejected(#[source] StoreError),
    /// Shutting down, and the store did not come back.
    #[error("the durable store did not come back before the shutdown")]
    Away(#[source] StoreError),
}

impl Stage {
    /// Runs until `ticks` is closed and everything in it is committed and released.
    ///
    /// # Errors
    /// [`StageError`]; nothing of the failed batch or after it has been released.
    pub fn run(self, ticks: &Receiver<TickOutput>, released: &Sender<Release>) -> Result<(), StageError> {
        let mut profiles = Profiles::default();
        let mut reserved = 0;
        while let Ok(first) = ticks.recv() {
            let mut group = vec![first];
            let mut events = group[0].events.len();
            while events < BATCH_EVENTS_MAX
                && let Ok(next) = ticks.try_recv()
            {
                events += next.events.len();
                group.push(next);
            }
            let group = self.commit(group, &mut profiles, &mut reserved)?;
            for tick in group {
                // The fan-out only ends after this stage, so there is always somebody to take it.
                let _ = released.send(Release::Tick(Box::new(tick)));
            }
        }
        profiles.due = true;
        self.commit(Vec::new(), &mut profiles, &mut reserved)?;
        Ok(())
    }

    fn commit(
        &self,
        group: Vec<TickOutput>,
        profiles: &mut Profiles,
        reserved: &mut Tick,
    ) -> Result<Vec<CommittedTick>, StageError> {
        let persisted_at = clock::now();
        let newest = group.last().map_or(0, |output| output.tick);
        let mut batch = Batch { persisted_at: Some(persisted_at), ..Batch::default() };
        let mut committed = Vec::with_capacity(group.len());
        for output in group {
            let action_ids = append_events(&mut batch.events, &output, persisted_at);
            profiles.merge(&output);
            committed.push(CommittedTick { output, action_ids, persisted_at });
        }
        batch.profiles = profiles.take_due();
        if !batch.events.is_empty() || !batch.profiles.is_empty() || newest > *reserved {
            batch.tick = (*reserved).max(newest + TICKS_RESERVED);
            self.write(&batch)?;
            *reserved = batch.tick;
        }
        Ok(committed)
    }

    /// Tries until the batch is durable.
    fn write(&self, batch: &Batch) -> Result<(), StageError> {
        let mut attempt = 0;
        let mut patience_ends = None;
        loop {
            let started = Instant::now();
            match self.runtime.block_on(self.store.commit(batch)) {
                Ok(_) => {
                    self.edge.metrics.commit(started.elapsed(), batch.events.len() as u64);
                    if attempt > 0 {
                        self.report(DependencyStatus::Available, started.elapsed());
                        self.store_away.store(false, Ordering::Release);
                    }
                    return Ok(());
                }
                Err(error @ StoreError::Unavailable(_)) => {
                    tracing::warn!(%error, source = ?std::error::Error::source(&error).map(ToString::to_string), attempt, "commit failed");
                    self.store_away.store(true, Ordering::Release);
                    self.report(DependencyStatus::Unavailable, started.elapsed());
                    if self.edge.shutdown.is_cancelled() {
                        let ends = *patience_ends.get_or_insert_with(|| Instant::now() + SHUTDOWN_PATIENCE);
                        if Instant::now() >= ends {
                            return Err(StageError::Away(error));
                        }
                    }
                    std::thread::sleep(Duration::from_millis(RETRY_MS[attempt.min(RETRY_MS.len() - 1)]));
                    attempt += 1;
                }
                Err(error) => return Err(StageError::Rejected(error)),
            }
        }
    }

    fn report(&self, status: DependencyStatus, latency: Duration) {
        let message = (status == DependencyStatus::Unavailable).then(|| "the durable store does not answer".to_owned());
        let latency_ms = latency.as_secs_f64() * 1_000.0;
        let seen = DependencyHealth { status, latency_ms, checked_at: clock::now(), message };
        self.edge.observe(Dependency::Database, seen);
    }
}

/// Gives the events of a tick their ids and puts them into the batch.
fn append_events(events: &mut Vec<ActionEvent>, output: &TickOutput, persisted_at: Timestamp) -> Vec<ActionId> {
    let mut action_ids = Vec::with_capacity(output.events.len());
    for (order, event) in output.events.iter().enumerate() {
        let action_id = ActionId(Uuid::now_v7());
        action_ids.push(action_id);
        events.push(ActionEvent {
            action_id,
            session_id: event.identity.session_id,
            user_id: event.identity.user_id.clone(),
            character_id: event.identity.character_id,
            sequence_number: event.seq,
            payload: event.payload.clone(),
            persisted_at,
            tick: output.tick,
            tick_order: u32::try_from(order).unwrap_or(u32::MAX),
        });
    }
    action_ids
}

/// The projection: newest values of changed characters, written every second and when one leaves.
#[derive(Default)]
struct Profiles {
    pending: BTreeMap<CharacterId, ProfileWrite>,
    due: bool,
    written: Option<Instant>,
}

impl Profiles {
    fn merge(&mut self, output: &TickOutput) {
        for change in &output.profiles {
            let character_id = change.identity.character_id;
            let write = ProfileWrite {
                character_id,
                position: change.position,
                health: change.health,
                stats: change.stats.clone(),
                inventory: change.inventory.clone(),
                tick: output.tick,
            };
            self.pending
                .entry(character_id)
                .and_modify(|pending| {
                    let (stats, inventory) = (pending.stats.take(), pending.inventory.take());
                    *pending = write.clone();
                    pending.stats = pending.stats.take().or(stats);
                    pending.inventory = pending.inventory.take().or(inventory);
                })
                .or_insert(write);
        }
        self.due |= !output.departed.is_empty();
    }

    fn take_due(&mut self) -> Vec<ProfileWrite> {
        let now = Instant::now();
        let interval_over = self.written.is_none_or(|at| now - at >= PROFILE_INTERVAL);
        if !self.due && !interval_over {
            return Vec::new();
        }
        self.due = false;
        self.written = Some(now);
        std::mem::take(&mut self.pending).into_values().collect()
    }
}
