//! One world that runs: its realm, its engine and its tasks; how it is begun, and taken apart in
//! the order that loses nothing. Of several, each may end alone.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use parking_lot::Mutex;
use tilemud_names::Reserved;
use tilemud_net::edge::Edge;
use tilemud_net::limits::MAILBOX_LEN_MAX;
use tilemud_net::mailbox::{MailboxDrain, mailbox};
use tilemud_net::session::{self, Capacity, Realm, Registry, Stores, Vitals};
use tilemud_net::settings::WorldSettings;
use tilemud_net::versions::Versions;
use tilemud_persist::Authorities;
use tilemud_persist::cache::{Cache, CacheError};
use tilemud_persist::store::Store;
use tilemud_schema::ServerMessage;
use tilemud_vitals::health::{Health, watch_cache};
use tilemud_vitals::metrics::WorldMetrics;
use tilemud_vitals::process::{Cause, Process};
use tilemud_vitals::tenure::Tenure;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span};

use super::map_reload::MapReload;
use super::patience::{LOST_GRACE, LOST_PATIENCE};
use super::preparation::open_cache;
use super::recovering::{Back, Opened};
use crate::config::Config;
use crate::engine::{Engine, StopError, lease, maintenance, retention, watchdog, world};

/// Inputs that may wait for each of several worlds at least.
const MAILBOX_LEN_MIN: usize = 4_096;

/// A world whose parts are made and do not run yet.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) realm: Arc<Realm>,
    pub(super) span: Span,
    drain: MailboxDrain,
    back: Back,
    store: Arc<dyn Store>,
    config: Config,
    etag: String,
    cache: Arc<dyn Cache>,
    pinged: Result<(), CacheError>,
}

/// What the worlds of a process share, and which of how many it is.
pub(super) struct Shared<'a> {
    pub(super) authorities: &'a Authorities,
    pub(super) process: &'a Process,
    pub(super) capacity: &'a Capacity,
    pub(super) reserved_names: &'a Arc<Reserved>,
    pub(super) worlds: usize,
}

impl Made {
    /// What is needed to run a world that is back.
    ///
    /// # Errors
    /// A cache whose address cannot be used.
    pub(super) async fn of(opened: Opened, back: Back, metrics: WorldMetrics, shared: &Shared<'_>) -> Result<Self> {
        let Opened { chosen, store, span } = opened;
        let config = chosen.config.clone();
        let cache = open_cache(&config, shared.authorities, chosen.id())?;
        let pinged = cache.ping().await;
        if let Err(error) = &pinged {
            tracing::warn!(reason = error.causes(), "the cache does not work; play goes on without it");
        }
        let (mailbox, drain) = mailbox((MAILBOX_LEN_MAX / shared.worlds).max(MAILBOX_LEN_MIN));
        let registry = Arc::new(Registry::new(session_settings(&config), shared.capacity.clone()));
        let process = if shared.worlds > 1 { shared.process.of_world(chosen.id()) } else { shared.process.clone() };
        let health = Arc::new(Health::notifying(process, Tenure::of_lease(config.world.lease_ttl()), {
            let registry = Arc::clone(&registry);
            move |news| registry.broadcast(&ServerMessage::Degraded(news))
        }));
        let stores = Stores { store: Arc::clone(&store), cache: Arc::clone(&cache) };
        let served = world::serve(&back.recovery.map.load_full());
        let etag = served.summary.etag.clone();
        let (reserved, vitals) = (Arc::clone(shared.reserved_names), Vitals { metrics, health });
        let realm =
            Realm::new(registry, mailbox, stores, served, reserved, world_settings(&config, shared.worlds), vitals);
        Ok(Self {
            id: chosen.id().to_owned(),
            realm: Arc::new(realm),
            span,
            drain,
            back,
            store,
            config,
            etag,
            cache,
            pinged,
        })
    }

    /// Starts its threads and tasks.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn run(self, versions: Arc<Versions>) -> Result<Running> {
        let span = self.span.clone();
        span.in_scope(|| self.run_here(versions))
    }

    fn run_here(self, versions: Arc<Versions>) -> Result<Running> {
        let Self { realm, span, drain, back, store, config, etag, cache, pinged, .. } = self;
        let Back { recovery, sim, .. } = back;
        let (tasks, health) = (TaskTracker::new(), Arc::clone(&realm.health));
        let process = &health.process;
        let map = Arc::clone(&recovery.map);
        let engine = Engine::start(sim, recovery, &realm, versions, drain)?;
        let maps = Arc::new(MapReload::new(&config, store.clone(), map, etag, engine.map_changes().clone()));
        if config.world.watch {
            tasks.spawn(process.watched("the watch over the map", Arc::clone(&maps).watch(process.stop_token())));
        }
        let retained = retention::run(store.clone(), config.storage.keep_days, process.stop_token());
        tasks.spawn(process.watched("retention", retained));
        tasks.spawn(process.watched("the renewal of the lease", lease::keep(store.clone(), Arc::clone(&health))));
        let maintained = maintenance::maintain(store.clone(), Arc::clone(&health));
        tasks.spawn(process.watched("the care of the store", maintained));
        tasks.spawn(process.watched("the expiry of sessions", session::run_expiry(Arc::clone(&realm))));
        tasks.spawn(process.watched("the presence of players", session::run_presence(Arc::clone(&realm))));
        tasks.spawn(process.watched("the watch over the cache", watch_cache(Arc::clone(&health), cache, pinged)));
        tasks.spawn(process.watched("the network pulse", watchdog::net_pulse(Arc::clone(&health))));
        tasks.close();
        Ok(Running { realm, maps, span, store, engine: Mutex::new(Some(engine)), tasks })
    }
}

/// A world that runs.
pub(super) struct Running {
    pub(super) realm: Arc<Realm>,
    pub(super) maps: Arc<MapReload>,
    span: Span,
    store: Arc<dyn Store>,
    /// Until it is stopped.
    engine: Mutex<Option<Engine>>,
    tasks: TaskTracker,
}

impl Running {
    /// Commits what the world has done, sends what is committed, and says goodbye. Nothing when it
    /// has been done before.
    ///
    /// # Errors
    /// [`StopError`].
    pub(super) async fn stop(&self, patience: Duration) -> Result<(), StopError> {
        let Some(engine) = self.engine.lock().take() else { return Ok(()) };
        let (runtime, span) = (Handle::current(), self.span.clone());
        let stopping = tokio::task::spawn_blocking(move || span.in_scope(|| engine.stop(&runtime)));
        let outcome = match tokio::time::timeout(patience, stopping).await {
            Ok(Ok(stopped)) => stopped,
            Ok(Err(_)) => Err(StopError::Panicked("the end of the world")),
            Err(_) => Err(StopError::Hangs),
        };
        // Everything committed has been queued; now the goodbyes may follow it.
        self.realm.say_goodbye();
        outcome
    }

    /// Completes when its tasks have ended.
    pub(super) async fn ended(&self) {
        self.tasks.wait().await;
    }

    /// Ends it alone when it cannot go on, while the others do. Returns why.
    async fn end_alone(&self) -> Option<Cause> {
        let process = &self.realm.health.process;
        tokio::select! {
            () = process.failed() => {}
            () = process.stopping() => return None,
        }
        process.stop();
        let outcome = self.stop(LOST_PATIENCE).await;
        let _ = tokio::time::timeout(LOST_GRACE, self.ended()).await;
        self.realm.forget_all();
        // Whoever is to go on with it need not wait.
        let _ = tokio::time::timeout(LOST_GRACE, self.store.release_lease()).await;
        if let Err(error) = outcome {
            tracing::error!(%error, "the world could not be left as it should be; nothing that was acknowledged is lost");
        }
        process.cause().cloned()
    }
}

/// Ends each world that cannot go on; with the last one, the process cannot.
pub(super) async fn watch_over(worlds: Arc<[Running]>, edge: Arc<Edge>) {
    let left = Mutex::new(worlds.len());
    let watching = worlds.iter().map(|world| {
        let ending = async {
            let Some(cause) = world.end_alone().await else { return };
            let left = {
                let mut left = left.lock();
                *left -= 1;
                *left
            };
            tracing::error!(%cause, left, "this world has ended");
            if left == 0 {
                edge.process.fail(cause);
            }
        };
        Box::pin(ending.instrument(world.span.clone()))
    });
    futures_util::future::join_all(watching.collect::<Vec<_>>()).await;
    // It must not end before the process does.
    edge.process.stopping().await;
}

fn session_settings(config: &Config) -> session::Settings {
    session::Settings {
        max_sessions: config.sessions.max,
        inactivity_timeout: Duration::from_secs(config.sessions.inactivity_timeout_s),
        reconnect_window: Duration::from_secs(config.sessions.reconnect_window_s),
        ticket_ttl: Duration::from_secs(config.sessions.ticket_ttl_s),
    }
}

fn world_settings(config: &Config, worlds: usize) -> WorldSettings {
    let sleeps_after = Duration::from_secs(config.world.sleep_after_s);
    WorldSettings {
        tick_hz: config.world.tick_hz,
        sleeps_after: (worlds > 1 && !sleeps_after.is_zero()).then_some(sleeps_after),
        intents_per_s: config.sessions.intents.per_s,
        whisper_per_s: config.sessions.whisper_per_s,
        user_call_per_s: config.sessions.user_call_per_s,
    }
}
