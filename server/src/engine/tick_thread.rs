//! The tick thread: the only one that touches the world (rule 2).
//!
//! At a fixed rate it drains the mailbox, runs one tick and hands the output to the persistence
//! stage. The world may run ahead of the store by [`RUN_AHEAD_TICKS_MAX`] ticks. Beyond that it
//! stops: with a slow store the mailbox waits (back pressure); when the health says that the store
//! is away, intents are refused with UNAVAILABLE. When the store refuses a tick for good, the world
//! rolls back to its last committed tick, with everybody who is in it. In a world of several that
//! sleeps no ticks run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use tilemud_net::committed::Release;
use tilemud_net::limits::MAILBOX_LEN_MAX;
use tilemud_net::mailbox::MailboxDrain;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::StoreError;
use tilemud_schema::{ErrorCode, Tick};
use tilemud_sim::Numbers;
use tilemud_sim::TickProbe;
use tilemud_sim::WorldSnapshot;
use tilemud_sim::api::{Identity, Input, Refusal, SessionKey, TickPhase};
use tilemud_sim::{RecycledOutput, Sim};
use tilemud_vitals::health::Health;
use tilemud_vitals::metrics::EngineMetrics;
use tilemud_vitals::process::Cause;
use tilemud_vitals::pulse::Part;
use tokio::runtime::Handle;

use super::map_change::{MapChange, MapTaken, bring};
use super::recovery::{Recovered, Recovery, RecoveryError};
use super::sleep::{self, Look, Sleep};
use super::slowness::Slowness;
use super::stage::{FromWorld, Ticked};

/// Ticks the world may be ahead of the store.
pub const RUN_AHEAD_TICKS_MAX: usize = 8;

/// Most ticks that are caught up one after the other; further due ones are skipped.
const CATCH_UP_TICKS_MAX: u32 = 4;

/// Most recycled outputs in the queue; further ones are dropped.
pub const RECYCLED_OUTPUTS_MAX: usize = RUN_AHEAD_TICKS_MAX;

/// Seconds of ticks from one world snapshot to the next: what a recovery has to replay at most.
const SNAPSHOT_EVERY_S: u64 = 60;

/// Wait between attempts to roll back while the store is away.
const ROLLBACK_RETRY: Duration = Duration::from_millis(250);

/// The world and its two ends.
pub struct TickThread {
    pub sim: Sim,
    /// Where inputs come from.
    pub mailbox: MailboxDrain,
    /// To the persistence stage; bounded by [`RUN_AHEAD_TICKS_MAX`].
    pub outputs: Sender<FromWorld>,
    /// Recycled outputs, from the fan-out; bounded by [`RECYCLED_OUTPUTS_MAX`].
    pub recycled: Receiver<RecycledOutput>,
    /// Directly to the fan-out, for refusals, which need no commit.
    pub refusals: Sender<Release>,
    /// Maps to go on with; bounded by [`MAP_CHANGES_MAX`](super::map_change::MAP_CHANGES_MAX).
    pub maps: Receiver<MapChange>,
    /// Set by the persistence stage to make the world roll back to its last committed tick.
    pub rollback: Arc<AtomicBool>,
    /// Ends the loop after one last tick.
    pub stop: Arc<AtomicBool>,
    /// Brings the world back.
    pub recovery: Arc<Recovery>,
    /// Drives the store's futures while the world rolls back.
    pub runtime: Handle,
    /// Told of every tick.
    pub health: Arc<Health>,
    pub metrics: Arc<EngineMetrics>,
    /// Says which ticks were slow.
    pub slowness: Arc<Slowness>,
    pub tick_hz: u32,
    /// Whether ticks run at all.
    pub sleep: Sleep,
    /// What has been drained and is in no tick yet.
    pub inputs: Vec<Input>,
    /// The tick that the stage had no room for.
    pub held: Option<FromWorld>,
}

impl TickThread {
    /// Runs until stopped or until the stage is gone. Returns the world.
    #[must_use]
    pub fn run(&mut self) -> Box<WorldSnapshot> {
        // The stage, once gone, has said why itself.
        let _ = self.go_on();
        Box::new(self.sim.snapshot())
    }

    fn go_on(&mut self) -> Result<(), StageGone> {
        self.watch_phases();
        let period = self.period();
        let runtime = self.runtime.clone();
        let mut due = Instant::now() + period;
        loop {
            self.health.pulses.of(Part::Tick).beat();
            let stopping = self.stop.load(Ordering::Acquire);
            if !stopping {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            if self.is_to_roll_back() {
                runtime.block_on(self.roll_back())?;
            }
            if !self.is_awake(stopping) {
                due = Instant::now() + sleep::LOOK_EVERY;
                continue;
            }
            if self.turn(stopping)? == Turn::Last {
                return Ok(());
            }
            due = self.next_due(due, period);
        }
    }

    /// Whether ticks run. What a world that sleeps does by itself is made up for meanwhile.
    fn is_awake(&mut self, stopping: bool) -> bool {
        let waits = self.held.is_some() || !self.inputs.is_empty() || !self.mailbox.is_empty() || !self.maps.is_empty();
        let sim = &self.sim;
        let owed = match self.sleep.look(Instant::now(), stopping || waits, || sim.sessions().is_empty()) {
            Look::Awake => return true,
            Look::Asleep(ticks) | Look::Wakes(ticks) => ticks,
        };
        if owed > 0 {
            let tick = self.sim.last_tick() + owed;
            self.sim.pass_until(tick);
            self.health.note_tick(tick);
        }
        let is_asleep = self.sleep.is_asleep();
        self.metrics.world_asleep.set(i64::from(is_asleep));
        !is_asleep
    }

    fn period(&self) -> Duration {
        Duration::from_secs(1) / self.tick_hz
    }

    /// One round: runs the due tick, or none while the stage has no room for the previous one.
    ///
    /// # Errors
    /// [`StageGone`].
    pub fn turn(&mut self, stopping: bool) -> Result<Turn, StageGone> {
        if let Some(output) = self.held.take() {
            self.held = self.hand_over(output)?;
        }
        if self.held.is_none() {
            self.held = match self.maps.try_recv() {
                // The last tick is for those who play.
                Ok(change) if !stopping => self.go_on_with(change)?,
                _ => self.tick()?,
            };
            if stopping && self.held.is_none() {
                return Ok(Turn::Last);
            }
        } else {
            self.stand_still();
            if stopping {
                // The stage is trying to commit what is before this; it ends the wait by its own
                // rules.
                self.health.pulses.of(Part::Tick).wait();
                let last = self.held.take().map_or(Ok(()), |output| self.outputs.send(output));
                return last.map(|()| Turn::Last).map_err(|_| StageGone);
            }
        }
        Ok(Turn::Another)
    }

    /// Another map, between two ticks. If only its pictures are others, no tick is made of it.
    fn go_on_with(&mut self, change: MapChange) -> Result<Option<FromWorld>, StageGone> {
        let started = Instant::now();
        let (output, report) = if self.sim.map_id() == change.map.id() {
            (self.sim.tick(&mut self.inputs), None)
        } else {
            let (output, report) = self.sim.edit(Arc::clone(&change.map));
            self.watch_phases();
            (output, Some(report))
        };
        self.note_tick(output.tick, started);
        let map = Some(Box::new(MapTaken { change, report, bring: bring(&self.sim) }));
        self.hand_over(FromWorld::Tick(Box::new(Ticked { output, snapshot: None, map })))
    }

    fn note_tick(&self, tick: Tick, started: Instant) {
        let (took, period) = (started.elapsed(), self.period());
        self.health.pulses.of(Part::Tick).beat();
        self.health.note_tick(tick);
        self.metrics.tick(took, took > period);
        if took > period {
            self.slowness.overrun(took);
        }
    }

    fn tick(&mut self) -> Result<Option<FromWorld>, StageGone> {
        let started = Instant::now();
        self.metrics.mailbox_depth.set(self.mailbox.len() as i64);
        self.mailbox.drain_into(&mut self.inputs);
        if let Ok(recycled) = self.recycled.try_recv() {
            self.sim.recycle(recycled);
        }
        let output = self.sim.tick(&mut self.inputs);
        self.health.pulses.of(Part::Tick).beat();
        let snapshot = self.is_snapshot_due(output.tick).then(|| Box::new(self.sim.snapshot()));
        self.note_tick(output.tick, started);
        self.metrics.pipeline_depth.set(self.outputs.len() as i64);
        self.hand_over(FromWorld::Tick(Box::new(Ticked { output, snapshot, map: None })))
    }

    /// Sets the probe of the world that measures the phases of a tick.
    fn watch_phases(&mut self) {
        let (health, metrics) = (Arc::clone(&self.health), Arc::clone(&self.metrics));
        self.sim.set_probe(Box::new(PhaseClock { health, metrics, ended: Instant::now() }));
    }

    fn is_snapshot_due(&self, tick: Tick) -> bool {
        tick.is_multiple_of(SNAPSHOT_EVERY_S * u64::from(self.tick_hz))
    }

    /// Gives an output to the stage, or returns it when the world is too far ahead.
    fn hand_over(&self, output: FromWorld) -> Result<Option<FromWorld>, StageGone> {
        match self.outputs.try_send(output) {
            Ok(()) => Ok(None),
            Err(TrySendError::Full(output)) => Ok(Some(output)),
            Err(TrySendError::Disconnected(_)) => Err(StageGone),
        }
    }

    /// A tick in which the world stands still.
    fn stand_still(&mut self) {
        if !self.health.is_store_away() {
            return;
        }
        // What is not an intent stays in `inputs` for the next real tick; when that gets long, the
        // mailbox is left to fill up, and readers wait.
        if self.inputs.len() < MAILBOX_LEN_MAX {
            self.mailbox.drain_into(&mut self.inputs);
        }
        let answers = self.sim.refuse(&mut self.inputs, &Refusal::from(ErrorCode::Unavailable));
        if !answers.is_empty() {
            // The fan-out may be waiting for the store.
            self.health.pulses.of(Part::Tick).wait();
            let _ = self.refusals.send(Release::Refused(answers));
        }
    }

    /// Takes the stage's request to roll back, if there is one.
    pub fn is_to_roll_back(&self) -> bool {
        self.rollback.swap(false, Ordering::AcqRel)
    }

    /// Rolls back to the last committed tick. Everybody in the world joins again as they were then,
    /// with the numbers they have used since; the waiting `inputs` come after that.
    ///
    /// # Errors
    /// [`StageGone`].
    pub async fn roll_back(&mut self) -> Result<(), StageGone> {
        if let Some(held) = self.held.take() {
            // Void, like all since the last commit; the stage collects what has to be said of it.
            self.health.pulses.of(Part::Tick).wait();
            self.outputs.send(held).map_err(|_| StageGone)?;
        }
        let present = self.sim.sessions();
        let (sim, mut joins) = loop {
            // The store may take its time; that is no standstill.
            self.health.pulses.of(Part::Tick).wait();
            match self.recover_with_players(&present).await {
                Ok(recovered) => break recovered,
                Err(RecoveryError::Store(StoreError::Unavailable(error))) if !self.stop.load(Ordering::Acquire) => {
                    tracing::warn!(%error, "the world cannot go back yet");
                    self.health.pulses.of(Part::Tick).beat();
                    tokio::time::sleep(ROLLBACK_RETRY).await;
                }
                Err(error) => {
                    let why = format!("the world cannot go back to its last committed tick: {}", in_one_line(&error));
                    self.health.process.fail(Cause::WorldLost(why));
                    return Err(StageGone);
                }
            }
        };
        self.sim = sim;
        self.watch_phases();
        joins.append(&mut self.inputs);
        self.inputs = joins;
        self.outputs.send(FromWorld::RolledBack).map_err(|_| StageGone)
    }

    async fn recover_with_players(&self, present: &[Presence]) -> Result<(Sim, Vec<Input>), RecoveryError> {
        let Recovered { sim, mut characters } = self.recovery.recover().await?;
        let mut joins = Vec::new();
        for (session, identity, numbers) in present {
            let character = match characters.remove(&identity.character_id) {
                Some(character) => Some(character),
                // It came in one of the void ticks.
                None => self.recovery.store.load_character(identity.character_id).await?.map(|profile| profile.state),
            };
            let Some(character) = character else { continue };
            let (session, identity) = (*session, Arc::clone(identity));
            joins.push(Input::Join { session, identity, character: Box::new(character), last_seq: numbers.last });
            // The connections of before are told to come back; one whose handshake was not answered
            // yet goes on, with what it said of its numbers.
            let (connection, next_seq) = numbers.attached();
            let (last_tick, oldest_unanswered_seq, next_seq) = (None, None, Some(next_seq));
            joins.push(Input::Attach { session, connection, last_tick, oldest_unanswered_seq, next_seq });
        }
        Ok((sim, joins))
    }

    fn next_due(&self, due: Instant, period: Duration) -> Instant {
        let now = Instant::now();
        let next = due + period;
        if now > next + period * CATCH_UP_TICKS_MAX {
            self.metrics.ticks_skipped.inc();
            self.slowness.skipped(now - next);
            now
        } else {
            next
        }
    }
}

/// Measures the phases of ticks, and says with each that the thread moves.
struct PhaseClock {
    health: Arc<Health>,
    metrics: Arc<EngineMetrics>,
    ended: Instant,
}

impl TickProbe for PhaseClock {
    fn tick_begins(&mut self) {
        self.ended = Instant::now();
    }

    fn phase_ended(&mut self, phase: TickPhase) {
        let now = Instant::now();
        self.health.pulses.of(Part::Tick).beat();
        self.metrics.tick_phase(phase, now - self.ended);
        self.ended = now;
    }
}

/// A session in the world and what its numbers are judged by.
type Presence = (SessionKey, Arc<Identity>, Numbers);

/// What comes after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Another,
    /// Nothing: the world was stopped.
    Last,
}

/// The persistence stage has ended, or cannot be served any more.
#[derive(Debug)]
pub struct StageGone;

#[cfg(test)]
mod tests {
    use tilemud_persist::store::LEASE_LASTS;
    use tilemud_vitals::metrics::Metrics;
    use tilemud_vitals::process::Process;
    use tilemud_vitals::tenure::Tenure;

    use super::*;

    #[test]
    fn each_phase_of_a_tick_is_a_sign_of_life() {
        let health = Arc::new(Health::notifying(Process::default(), Tenure::of_lease(LEASE_LASTS), |_| ()));
        let metrics = Arc::clone(&Metrics::default().world(0).engine);
        let mut clock = PhaseClock { health: Arc::clone(&health), metrics, ended: Instant::now() };
        TickPhase::ALL.iter().for_each(|phase| clock.phase_ended(*phase));
        assert_eq!(health.pulses.of(Part::Tick).beats(), TickPhase::ALL.len() as u64);
    }
}
