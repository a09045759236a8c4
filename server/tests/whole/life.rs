//! One process of the server: the real recovery, lease, edge, tick thread, persistence stage and
//! fan-out over a simulated store, stepped by tasks of one thread in place of their threads. It can
//! die at any moment, or drain.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use crossbeam_channel::TryRecvError;
use tilemud_names::Reserved;
use tilemud_net::assets::{Asset, Assets};
use tilemud_net::auth::{AddressLimitConfig, AddressLimiter};
use tilemud_net::committed::Release;
use tilemud_net::edge::{Edge, Gate};
use tilemud_net::fanout::Standing;
use tilemud_net::limits::{COMMITTED_TICKS_MAX, CONNECTIONS_BESIDES, CONNECTIONS_PER_SESSION};
use tilemud_net::mailbox::mailbox;
use tilemud_net::places::Bounds;
use tilemud_net::session::{self, Realm, Registry, Stores, Vitals};
use tilemud_net::settings::{Settings, WorldSettings};
use tilemud_net::versions::Versions;
use tilemud_net::visitors::Visitors;
use tilemud_net::worlds::Worlds;
use tilemud_persist::store::{LEASE_LASTS, Retention as _, Store};
use tilemud_schema::{IntentClass, PerClass, ServerMessage};
use tilemud_server::engine::Parts;
use tilemud_server::engine::recovery::{Recovered, Recovery};
use tilemud_server::engine::stage::Ending;
use tilemud_server::engine::stamps::Stamps;
use tilemud_server::engine::tick_thread::{RUN_AHEAD_TICKS_MAX, TickThread, Turn};
use tilemud_server::engine::{close, lease, maintenance};
use tilemud_sim::WorldSnapshot;
use tilemud_vitals::health::{Health, Provider};
use tilemud_vitals::metrics::Metrics;
use tilemud_vitals::process::Process;
use tilemud_vitals::pulse::Part;
use tilemud_vitals::tenure::Tenure;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, sleep_until};

use crate::plan::{Dice, Mutant, Point};
use crate::store::{SimStore, pass};
use crate::world::World;

pub const TICK_HZ: u32 = 20;

/// Players at most: one more than ever play, so that the bound is never in their way.
const SESSIONS_MAX: usize = 16;

/// Inputs that may wait for a tick: few, so that it happens that readers wait.
const MAILBOX_LEN: usize = 64;

struct NoAssets;

impl Assets for NoAssets {
    fn find(&self, _path: &str, _accept_encoding: &str) -> Option<Asset> {
        None
    }
}

pub struct Life {
    pub number: u32,
    pub edge: Arc<Edge>,
    pub store: Arc<SimStore>,
    recovery: Arc<Recovery>,
    tasks: RefCell<Vec<AbortHandle>>,
    stop: Arc<AtomicBool>,
    is_over: Cell<bool>,
    is_draining: Cell<bool>,
    /// Of the three threads.
    threads_ended: Cell<u8>,
    /// Of the persistence stage.
    pub ending: Cell<Option<Ending>>,
    /// Its store was away at some time.
    pub had_outage: Cell<bool>,
    /// A tick was refused for good.
    pub had_undo: Cell<bool>,
    /// It is no more.
    pub ended: Notify,
    last: Rc<RefCell<Option<Box<WorldSnapshot>>>>,
}

impl Life {
    /// Starts a process on the store, as a real one starts.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub async fn start(world: &Rc<World>, number: u32, store: Arc<SimStore>) -> Result<Rc<Self>> {
        lease::Candidate::new(LEASE_LASTS).take(&*store).await?;
        let stamps = Arc::new(Stamps::default());
        store.clock_signs().await?.newest_row.into_iter().for_each(|newest| stamps.begin_after(newest));
        let recovery = Arc::new(Recovery {
            store: Arc::clone(&store) as Arc<dyn Store>,
            map: Arc::new(Arc::clone(&world.ground.map).into()),
            config: tilemud_server::engine::world::config(&world.ground.map, 1, true),
            ticks_per_second: TICK_HZ,
            stamps,
            is_named: true,
        });
        let Recovered { sim, .. } = recovery.recover().await?;
        let (mailbox, drain) = mailbox(MAILBOX_LEN);
        let cache = tilemud_persist::cache::open(None, "world", Default::default())?;
        let limiter = |_| AddressLimiter::new(AddressLimitConfig { per_second: NonZeroU32::MAX, ..Default::default() });
        let sessions = session::Settings {
            max_sessions: SESSIONS_MAX,
            inactivity_timeout: Duration::from_secs(600),
            reconnect_window: Duration::from_secs(60),
            ticket_ttl: Duration::from_secs(30),
        };
        let registry = Arc::new(Registry::new(sessions, session::Capacity::default()));
        let metrics = Arc::<Metrics>::default();
        let process = Process::default();
        let health = Arc::new(Health::notifying(process.clone(), Tenure::of_lease(LEASE_LASTS), {
            let registry = Arc::clone(&registry);
            move |news| registry.broadcast(&ServerMessage::Degraded(news))
        }));
        let stores = Stores { store: Arc::clone(&store) as Arc<dyn Store>, cache };
        let vitals = Vitals { metrics: metrics.world(0).clone(), health };
        // No name is kept from players.
        let (map, reserved) = (world.ground.served(), Arc::new(Reserved::new([])));
        let realm = Arc::new(Realm::new(registry, mailbox, stores, map, reserved, world_settings(), vitals));
        let version = tilemud_schema::version().to_owned();
        let edge = Arc::new(Edge {
            worlds: Worlds::only("world", Arc::clone(&realm)),
            auth: world.ground.authenticator(),
            provider: Arc::<Provider>::default(),
            visitors: Visitors::new(limiter, Arc::clone(&metrics.network)),
            versions: Arc::new(Versions::new(version, Arc::clone(&metrics.network))),
            process,
            metrics,
            assets: Arc::new(NoAssets),
            settings: settings(),
            gate: Gate::new(Bounds::of(SESSIONS_MAX * CONNECTIONS_PER_SESSION + CONNECTIONS_BESIDES)),
        });
        let parts = Parts::join(sim, Arc::clone(&recovery), &realm, Arc::clone(&edge.versions), drain);
        let life = Rc::new(Self {
            number,
            edge: Arc::clone(&edge),
            store,
            recovery,
            tasks: RefCell::default(),
            stop: Arc::clone(&parts.ticks.stop),
            is_over: Cell::new(false),
            is_draining: Cell::new(false),
            threads_ended: Cell::new(0),
            ending: Cell::new(None),
            had_outage: Cell::new(false),
            had_undo: Cell::new(false),
            ended: Notify::new(),
            last: Rc::default(),
        });
        life.run(world, parts);
        Ok(life)
    }

    fn run(self: &Rc<Self>, world: &Rc<World>, parts: Parts) {
        let Parts { ticks, stage, ticked, release, fanout, released, recycled, map_changes: _ } = parts;
        let dice = |stream| Dice::new(world.plan.seed, 1_000 * u64::from(self.number) + stream);
        let (to_stage, to_fanout) = (Rc::new(Notify::new()), Rc::new(Notify::new()));
        let ticking = tick(ticks, Rc::clone(self), dice(1), [Rc::clone(&to_stage), Rc::clone(&to_fanout)]);
        let staging = {
            let (mut dice, life, to_fanout) = (dice(2), Rc::clone(self), Rc::clone(&to_fanout));
            let mut stage = stage;
            async move {
                loop {
                    match ticked.try_recv() {
                        Ok(first) => {
                            pass(dice.below(12)).await;
                            let (taken, beats) = (ticked.len(), life.beats(Part::Persistence));
                            // What is void takes no work.
                            let is_void = stage.undone.is_some();
                            let outcome = stage.turn(first, &ticked, &release).await;
                            let taken = 1 + taken.saturating_sub(ticked.len());
                            let has_moved = life.beats(Part::Persistence) - beats;
                            ensure!(
                                is_void || has_moved >= taken as u64,
                                "{has_moved} signs of life with {taken} ticks"
                            );
                            life.had_undo.set(life.had_undo.get() | stage.undone.is_some());
                            outcome?;
                            to_fanout.notify_one();
                        }
                        Err(TryRecvError::Empty) => to_stage.notified().await,
                        Err(TryRecvError::Disconnected) => break,
                    }
                }
                life.ending.set(Some(stage.finish(&release).await?));
                drop(release);
                to_fanout.notify_one();
                Ok(())
            }
        };
        let fanning = {
            let (mut dice, world, life) = (dice(3), Rc::clone(world), Rc::clone(self));
            let mut fanout = fanout;
            async move {
                loop {
                    let next = match released.try_recv() {
                        Ok(next) => next,
                        Err(TryRecvError::Empty) => {
                            to_fanout.notified().await;
                            continue;
                        }
                        Err(TryRecvError::Disconnected) => return Ok(()),
                    };
                    ensure!(released.len() < COMMITTED_TICKS_MAX, "too much waits for the fan-out");
                    pass(dice.below(10)).await;
                    if life.dies_before_the_next_release(&world) {
                        return std::future::pending().await;
                    }
                    if world.plan.mutant == Mutant::ReleaseLost && dice.once_in(12) {
                        continue;
                    }
                    while matches!(next, Release::Tick(_)) && fanout.standing() == Standing::Waits {
                        pass(1).await;
                    }
                    if fanout.standing() == Standing::Over {
                        return Ok(());
                    }
                    world.check_release(&next);
                    let (told, beats) = (told_in(&next), life.beats(Part::Fanout));
                    fanout.take(next, &released, &recycled);
                    let has_moved = life.beats(Part::Fanout) - beats;
                    ensure!(has_moved >= told as u64, "{has_moved} signs of life with {told} who are told something");
                    while !fanout.send_some() {}
                }
            }
        };
        self.thread(world, "the tick thread", ticking);
        self.thread(world, "the persistence thread", staging);
        self.thread(world, "the fan-out thread", fanning);
        let realm = &self.edge.worlds.first().realm;
        let (store, health, process) = (&realm.store, &realm.health, &self.edge.process);
        let leased = lease::keep(store.clone(), Arc::clone(health));
        let maintained = maintenance::maintain(store.clone(), Arc::clone(health));
        for task in [
            tokio::spawn(process.watched("the lease", leased)),
            tokio::spawn(process.watched("the care of the store", maintained)),
            tokio::spawn(process.watched("expiry", session::run_expiry(Arc::clone(realm)))),
            tokio::spawn(process.watched("presence", session::run_presence(Arc::clone(realm)))),
        ] {
            self.tasks.borrow_mut().push(task.abort_handle());
        }
        // Where the store says that the process dies, or the edge that it cannot go on.
        let (life, world) = (Rc::clone(self), Rc::clone(world));
        let watch = spawn_local(async move {
            tokio::select! {
                biased;
                () = life.store.dies.notified() => world.note(|| format!("---- life {} dies", life.number)),
                () = life.edge.process.failed() => world.lost(&life, &format!("{:?}", life.edge.process.cause())),
            }
            life.kill();
        });
        self.tasks.borrow_mut().push(watch.abort_handle());
    }

    /// How often a part has said that it moves.
    fn beats(&self, part: Part) -> u64 {
        self.edge.worlds.first().realm.health.pulses.of(part).beats()
    }

    /// Runs what is a thread of its own in the server.
    fn thread(
        self: &Rc<Self>,
        world: &Rc<World>,
        name: &'static str,
        body: impl Future<Output = Result<()>> + 'static,
    ) {
        let (life, world) = (Rc::clone(self), Rc::clone(world));
        let thread = spawn_local(async move {
            let outcome = body.await;
            life.threads_ended.set(life.threads_ended.get() + 1);
            match outcome {
                Ok(()) if life.is_draining.get() => {}
                Ok(()) => world.fail(format!("{name} has ended by itself")),
                Err(error) => {
                    world.lost(&life, &format!("{name}: {error:#}"));
                    life.kill();
                }
            }
        });
        self.tasks.borrow_mut().push(thread.abort_handle());
    }

    fn dies_before_the_next_release(&self, world: &World) -> bool {
        let mut weather = world.database.weather.lock();
        match weather.crash {
            Some(Point::Released(0)) => {
                weather.crash = None;
                drop(weather);
                self.store.kill();
                self.store.dies.notify_one();
                true
            }
            Some(Point::Released(more)) => {
                weather.crash = Some(Point::Released(more - 1));
                false
            }
            _ => false,
        }
    }

    /// Whether it is no more.
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// The process is gone, as by SIGKILL.
    pub fn kill(&self) {
        self.is_over.set(true);
        self.store.kill();
        self.tasks.borrow_mut().drain(..).for_each(|task| task.abort());
        self.ended.notify_waiters();
    }

    /// Ends as a server that is told to: everything committed and sent, the world kept, the lease
    /// given back.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn drain(&self) -> Result<()> {
        self.edge.process.stop();
        self.is_draining.set(true);
        self.stop.store(true, Ordering::Release);
        let ends_by = Instant::now() + Duration::from_secs(30);
        while self.threads_ended.get() < 3 {
            ensure!(!self.is_over(), "it died while it drained");
            ensure!(Instant::now() < ends_by, "a drain takes longer than 30 s");
            pass(5).await;
        }
        let last = self.last.borrow_mut().take().context("the tick thread has not left the world")?;
        let ending = self.ending.get().context("the stage has not said how it ended")?;
        close(&self.recovery, &last, ending).await?;
        self.edge.worlds.first().realm.say_goodbye();
        Ok(())
    }

    /// What the world is brought back with.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }
}

fn settings() -> Settings {
    Settings {
        version: tilemud_schema::version().to_owned(),
        allowed_origins: Vec::new(),
        proxies: Default::default(),
        tls: false,
        dev_issuer_anywhere: false,
        metrics_good_for: Duration::ZERO,
        metrics_apart: false,
    }
}

fn world_settings() -> WorldSettings {
    WorldSettings {
        sleeps_after: None,
        tick_hz: TICK_HZ,
        intents_per_s: PerClass::of(|class| if class == IntentClass::Move { 1_000 } else { 100 }),
        whisper_per_s: 100,
        user_call_per_s: 1_000,
    }
}

/// How many players a release tells something of their own.
fn told_in(release: &Release) -> usize {
    match release {
        Release::Tick(tick) => tick.output.sessions.len(),
        Release::Refused(_) | Release::Undone(_) => 0,
    }
}

/// In place of the tick thread.
async fn tick(
    mut ticks: TickThread,
    life: Rc<Life>,
    mut dice: Dice,
    [to_stage, to_fanout]: [Rc<Notify>; 2],
) -> Result<()> {
    let period = Duration::from_secs(1) / TICK_HZ;
    let mut due = Instant::now();
    loop {
        due += period;
        sleep_until(due + Duration::from_millis(dice.below(8))).await;
        let stopping = ticks.stop.load(Ordering::Acquire);
        if ticks.is_to_roll_back() {
            // On threads of their own, the stage makes room meanwhile.
            while !ticks.outputs.is_empty() {
                to_stage.notify_one();
                pass(1).await;
            }
            if ticks.roll_back().await.is_err() {
                // A world that is to stop does not wait for a store that is away: the stage ends
                // with what is undone.
                ensure!(ticks.stop.load(Ordering::Acquire), "the world could not go back");
                *life.last.borrow_mut() = Some(Box::new(ticks.sim.snapshot()));
                to_stage.notify_one();
                to_fanout.notify_one();
                return Ok(());
            }
        }
        // On a thread of its own the last turn waits for room.
        while stopping && ticks.outputs.is_full() {
            to_stage.notify_one();
            pass(1).await;
        }
        life.had_outage.set(life.had_outage.get() || life.edge.worlds.first().realm.health.is_store_away());
        let beats = life.beats(Part::Tick);
        let turn = ticks.turn(stopping);
        ensure!(life.beats(Part::Tick) > beats || ticks.held.is_some(), "a tick is a sign of life");
        ensure!(ticks.outputs.len() <= RUN_AHEAD_TICKS_MAX, "the world is too far ahead");
        ensure!(ticks.mailbox.len() <= MAILBOX_LEN, "too much waits in the mailbox");
        let ends = match turn {
            Ok(Turn::Another) => false,
            Ok(Turn::Last) => true,
            Err(_) => bail!("the stage is gone"),
        };
        if ends {
            *life.last.borrow_mut() = Some(Box::new(ticks.sim.snapshot()));
        }
        to_stage.notify_one();
        to_fanout.notify_one();
        if ends {
            return Ok(());
        }
    }
}
