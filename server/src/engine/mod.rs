//! One running world: its threads (tick, persistence stage, fan-out, watchdog), how they are
//! connected, started, and ended in the order of the data. A simulation connects the same parts and
//! steps them itself. The process ends when a thread is lost.

pub mod action_ids;
mod clock_watch;
mod digest;
pub mod edits;
mod high_water_mark;
pub mod lease;
mod loss;
pub mod maintenance;
pub mod map_change;
pub mod maps;
mod projection;
pub mod recovery;
pub mod repairs;
pub mod replay;
pub mod retention;
pub mod rewind;
mod sections;
mod sleep;
mod slowness;
mod snapshots;
pub mod stage;
pub mod stamps;
pub mod tick_thread;
pub mod watchdog;
pub mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use crossbeam_channel::{Receiver, Sender};
use tilemud_net::committed::Release;
use tilemud_net::fanout::Fanout;
use tilemud_net::limits::COMMITTED_TICKS_MAX;
use tilemud_net::mailbox::MailboxDrain;
use tilemud_net::session::Realm;
use tilemud_net::versions::Versions;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::StoreError;
use tilemud_sim::WorldSnapshot;
use tilemud_sim::{RecycledOutput, Sim};
use tilemud_vitals::process::Cause;
use tokio::runtime::Handle;
use tracing::Span;

use self::map_change::{MAP_CHANGES_MAX, MapChange};
use self::projection::Projection;
use self::recovery::{Recovery, RecoveryError};
use self::sleep::Sleep;
use self::slowness::Slowness;
use self::snapshots::Snapshots;
use self::stage::{Ending, FromWorld, SHUTDOWN_PATIENCE, Stage, StageError};
use self::tick_thread::{RECYCLED_OUTPUTS_MAX, RUN_AHEAD_TICKS_MAX, TickThread};
use self::watchdog::Watchdog;

/// Why an engine did not end as it should.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// The persistence stage failed.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Everything is committed, but the store was away when the world was to be closed.
    #[error("the durable store was away when the world was to be closed; the next start plays the log again")]
    NotClosed(#[source] StoreError),
    /// The last ticks were refused for good, and the world could not be recovered to before them.
    #[error("the world could not be brought back to its last committed tick; the next start plays the log again")]
    NotBroughtBack(#[source] RecoveryError),
    /// Something does not end.
    #[error("the durable store or a thread hangs")]
    Hangs,
    /// A thread panicked on the way.
    #[error("{0} has panicked")]
    Panicked(&'static str),
}

pub struct Engine {
    recovery: Arc<Recovery>,
    map_changes: Sender<MapChange>,
    stop: Stop,
    ticks: JoinHandle<Box<WorldSnapshot>>,
    stage: JoinHandle<Result<Ending, StageError>>,
    fanout: JoinHandle<()>,
    watchdog: JoinHandle<()>,
}

/// Stops the threads, also when it is dropped, because they would otherwise run for as long as the
/// process.
struct Stop(Arc<AtomicBool>);

impl Stop {
    fn request(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.request();
    }
}

/// The parts that the threads run, connected by queues.
pub struct Parts {
    pub ticks: TickThread,
    /// The persistence stage, its input queue, and its output queue.
    pub stage: Stage,
    pub ticked: Receiver<FromWorld>,
    pub release: Sender<Release>,
    /// The fan-out, its input queue, and the queue for recycled outputs.
    pub fanout: Fanout,
    pub released: Receiver<Release>,
    pub recycled: Sender<RecycledOutput>,
    /// Where other maps for the world go in.
    pub map_changes: Sender<MapChange>,
}

impl Parts {
    /// Joins them up. To be called inside a runtime.
    #[must_use]
    pub fn join(
        sim: Sim,
        recovery: Arc<Recovery>,
        realm: &Arc<Realm>,
        versions: Arc<Versions>,
        drain: MailboxDrain,
    ) -> Self {
        let (outputs, ticked) = crossbeam_channel::bounded(RUN_AHEAD_TICKS_MAX);
        let (recycled, recycled_outputs) = crossbeam_channel::bounded(RECYCLED_OUTPUTS_MAX);
        let (release, released) = crossbeam_channel::bounded(COMMITTED_TICKS_MAX);
        let (map_changes, maps) = crossbeam_channel::bounded(MAP_CHANGES_MAX);
        let rollback = Arc::new(AtomicBool::new(false));
        realm.note_bring(map_change::bring(&sim));
        let slowness = Arc::new(Slowness::default());
        let runtime = Handle::current();
        let stage = Stage {
            store: recovery.store.clone(),
            stamps: Arc::clone(&recovery.stamps),
            health: Arc::clone(&realm.health),
            metrics: Arc::clone(&realm.metrics.engine),
            runtime: runtime.clone(),
            rollback: Arc::clone(&rollback),
            map: Arc::clone(&recovery.map),
            snapshots: Snapshots::new(Arc::clone(&recovery), runtime.clone(), realm.health.process.clone()),
            projection: Projection::default(),
            slowness: Arc::clone(&slowness),
            reserved: 0,
            undone: None,
        };
        let ticks = TickThread {
            sim,
            mailbox: drain,
            outputs,
            recycled: recycled_outputs,
            refusals: release.clone(),
            maps,
            rollback,
            stop: Arc::new(AtomicBool::new(false)),
            recovery,
            runtime: runtime.clone(),
            health: Arc::clone(&realm.health),
            metrics: Arc::clone(&realm.metrics.engine),
            slowness,
            tick_hz: realm.settings.tick_hz,
            sleep: Sleep::new(realm.settings.sleeps_after, Duration::from_secs(1) / realm.settings.tick_hz),
            inputs: Vec::new(),
            held: None,
        };
        let fanout = Fanout::new(Arc::clone(realm), versions, runtime);
        Self { ticks, stage, ticked, release, fanout, released, recycled, map_changes }
    }
}

impl Engine {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        sim: Sim,
        recovery: Arc<Recovery>,
        realm: &Arc<Realm>,
        versions: Arc<Versions>,
        drain: MailboxDrain,
    ) -> Result<Self> {
        let parts = Parts::join(sim, Arc::clone(&recovery), realm, versions, drain);
        let Parts { mut ticks, stage, ticked, release, fanout, released, recycled, map_changes } = parts;
        let (stop, slowness) = (Arc::clone(&ticks.stop), Arc::clone(&ticks.slowness));
        let watchdog = Watchdog {
            health: Arc::clone(&realm.health),
            metrics: Arc::clone(&realm.metrics.engine),
            slowness,
            stop: Arc::clone(&stop),
        };
        let [of_fanout, of_stage, of_ticks, of_watchdog] = [(); 4].map(|()| realm.health.process.clone());
        Ok(Self {
            recovery,
            map_changes,
            stop: Stop(stop),
            fanout: thread("fan-out", move || {
                let _missed = of_fanout.guard("the fan-out thread");
                fanout.run(&released, &recycled);
            })?,
            stage: thread("persistence", move || {
                let _missed = of_stage.guard("the persistence thread");
                let outcome = stage.run(&ticked, &release);
                match &outcome {
                    Err(StageError::Lost(error)) => of_stage.fail(Cause::WorldLost(loss::in_words(error))),
                    Err(error) => of_stage.fail(Cause::WorldLost(in_one_line(error))),
                    Ok(_) => {}
                }
                outcome
            })?,
            ticks: thread("tick", move || {
                let _missed = of_ticks.guard("the tick thread");
                ticks.run()
            })?,
            watchdog: thread("watchdog", move || {
                let _missed = of_watchdog.guard("the watchdog");
                watchdog.run();
            })?,
        })
    }

    /// Where other maps for the world go in.
    #[must_use]
    pub fn map_changes(&self) -> &Sender<MapChange> {
        &self.map_changes
    }

    /// Ends the threads in the order of the data: everything the world has done is committed and
    /// queued first. Then a last snapshot is stored, so that the next start has nothing to replay,
    /// and the lease is given back.
    ///
    /// # Errors
    /// [`StopError`].
    pub fn stop(self, runtime: &Handle) -> Result<(), StopError> {
        self.stop.request();
        let ticks = self.ticks.join();
        let stage = self.stage.join();
        let fanout = self.fanout.join();
        self.watchdog.thread().unpark();
        drop(self.watchdog.join());
        let ending = stage.map_err(|_| StopError::Panicked("the persistence thread"))??;
        fanout.map_err(|_| StopError::Panicked("the fan-out thread"))?;
        let world = ticks.map_err(|_| StopError::Panicked("the tick thread"))?;
        let closed = tokio::time::timeout(SHUTDOWN_PATIENCE, close(&self.recovery, &world, ending));
        match runtime.block_on(closed) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(RecoveryError::Store(error))) if matches!(error, StoreError::Fenced) || loss::is_lost(&error) => {
                Err(StageError::Lost(error).into())
            }
            Ok(Err(RecoveryError::Store(error))) => Err(StopError::NotClosed(error)),
            Ok(Err(error)) => Err(StopError::NotBroughtBack(error)),
            Err(_) => Err(StopError::Hangs),
        }
    }
}

/// Stores a snapshot of the world that the threads have left, and gives the lease back.
///
/// # Errors
/// [`RecoveryError`].
pub async fn close(recovery: &Recovery, left: &WorldSnapshot, ending: Ending) -> Result<(), RecoveryError> {
    recovery.store.renew_lease().await?;
    match ending {
        Ending::Committed => recovery.save(left).await?,
        Ending::Undone => drop(recovery.recover().await?),
    }
    Ok(recovery.store.release_lease().await?)
}

/// What the thread logs stands in the span of whoever starts it.
fn thread<T: Send + 'static>(name: &str, body: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>> {
    let span = Span::current();
    std::thread::Builder::new()
        .name(format!("tilemud-{name}"))
        .spawn(move || span.in_scope(body))
        .with_context(|| format!("the {name} thread could not be started"))
}
