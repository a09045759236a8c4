//! A running server: puts the parts together, and takes them apart in the order that loses nothing.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::ExposeSecret as _;
use tilemud_names::Reserved;
use tilemud_net::auth::{AddressLimitConfig, AddressLimiter, watch_keys};
use tilemud_net::edge::{Edge, Gate};
use tilemud_net::http;
use tilemud_net::limits::MAILBOX_LEN_MAX;
use tilemud_net::mailbox::mailbox;
use tilemud_net::places::Bounds;
use tilemud_net::session::{self, Realm, Registry, Stores, Vitals};
use tilemud_net::settings::{Settings, WorldSettings};
use tilemud_net::tls::{self, TlsAcceptor};
use tilemud_net::versions::Versions;
use tilemud_net::visitors::{Class, Visitors};
use tilemud_persist::store::{Store, StoreError};
use tilemud_schema::ServerMessage;
use tilemud_sim::{Map, Sim};
use tilemud_vitals::alerts::{self, Pace};
use tilemud_vitals::health::{Health, Provider, watch_cache};
use tilemud_vitals::metrics::Metrics;
use tilemud_vitals::process::{Cause, Process};
use tilemud_vitals::tenure::Tenure;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::map_reload::MapReload;
use super::opening::{is_named, same_world, world_id};
use super::people;
use super::preparation::{Failed, PortState, Prepared, load_world, open_cache, until_there};
use super::progress::Progress;
use crate::assets::EmbeddedAssets;
use crate::config::Config;
use crate::engine::lease::{self, Candidate, LeaseError};
use crate::engine::recovery::{Recovered, Recovery};
use crate::engine::stamps::Stamps;
use crate::engine::{Engine, StopError, maintenance, retention, watchdog, world};
use crate::logging;

/// How long a drain may take: longer than a commit and the wait for a store that is away. A longer
/// drain counts as hanging.
const DRAIN_PATIENCE: Duration = Duration::from_secs(30);

/// The same for a server that cannot go on; with the grace, which the store has too, well within a
/// second.
const LOST_PATIENCE: Duration = Duration::from_millis(250);
pub(super) const LOST_GRACE: Duration = Duration::from_millis(150);
const _: () = assert!(LOST_PATIENCE.as_millis() + 2 * LOST_GRACE.as_millis() < 1_000);

/// How long connections have to take their goodbye.
const GOODBYE_GRACE: Duration = Duration::from_secs(3);

/// Burst of sign-ins and connects of one address, as seconds' worth.
const ADDRESS_BURST_S: NonZeroU32 = NonZeroU32::new(5).expect("5 is not 0");

/// Requests per second that one address may ask for at least, however few of them may be sign-ins.
const REQUESTS_PER_S_MIN: u32 = 200;

/// A page consists of several files, which cost little to send.
const FILES_PER_CALL: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");

pub struct Server {
    url: String,
    metrics_url: Option<String>,
    pub(super) edge: Arc<Edge>,
    pub(super) maps: Arc<MapReload>,
    engine: Engine,
    tasks: TaskTracker,
}

impl Server {
    /// Starts everything; when it returns, players can come in.
    ///
    /// # Errors
    /// Anything that keeps it from starting.
    pub async fn start(config: &Config, map: Arc<Map>, store: Arc<dyn Store>) -> Result<Self> {
        Self::start_judged(config, map, store, Pace::clock()).await
    }

    /// The same, with alerts judged at another pace.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_judged(config: &Config, map: Arc<Map>, store: Arc<dyn Store>, pace: Pace) -> Result<Self> {
        Self::begin(config, map, store, Prepared { pace, ..Prepared::prepare(config)? }, &Progress::default()).await
    }

    /// [`Self::start`] on what has been prepared.
    pub(crate) async fn begin(
        config: &Config,
        map: Arc<Map>,
        store: Arc<dyn Store>,
        prepared: Prepared,
        progress: &Progress,
    ) -> Result<Self> {
        // Before the world is taken: nobody renews its lease while a provider takes its time.
        progress.begin("fetching the keys of the identity provider");
        prepared.auth.warm_up().await;
        let back = async || {
            let outcome = recover_world(config, &map, &store, &prepared.port_state, progress).await.map_err(Failed);
            if outcome.as_ref().is_err_and(Failed::may_mend) {
                progress.begin("waiting for the database");
                prepared.port_state.say("waiting for the database");
            }
            outcome
        };
        let RecoveredWorld { map, recovery, sim, former_issuers } = match prepared.deadline {
            None => back().await?,
            // All of it again: another server may have had the world meanwhile.
            Some(deadline) => until_there(deadline, back, Failed::may_mend).await?,
        };
        let Prepared { port_state, metrics_port, auth, authorities, connections_max, pace, .. } = prepared;
        let cache = open_cache(config, &authorities, world_id(config, &map))?;
        let pinged = cache.ping().await;
        if let Err(error) = &pinged {
            tracing::warn!(reason = error.causes(), "the cache does not work; play goes on without it");
        }

        let listener = port_state.listener().await?;
        let address = listener.tcp.local_addr().context("the address of the listener is unknown")?;
        let has_tls = listener.tls.is_some();
        let url = format!("{}://{address}", if has_tls { "https" } else { "http" });

        let (mailbox, drain) = mailbox(MAILBOX_LEN_MAX);
        let registry = Arc::new(Registry::new(session::Settings {
            max_sessions: config.sessions.max,
            inactivity_timeout: Duration::from_secs(config.sessions.inactivity_timeout_s),
            reconnect_window: Duration::from_secs(config.sessions.reconnect_window_s),
            ticket_ttl: Duration::from_secs(config.sessions.ticket_ttl_s),
        }));
        let settings = Settings { metrics_good_for: pace.figures_good_for(), ..settings(config, has_tls) };
        let metrics = Arc::new(metrics(listener.tls.as_ref()));
        let (process, provider) = (Process::default(), Arc::<Provider>::default());
        let health = Arc::new(Health::notifying(process.clone(), Tenure::of_lease(config.world.lease_ttl()), {
            let registry = Arc::clone(&registry);
            move |news| registry.broadcast(&ServerMessage::Degraded(news))
        }));
        let reserved_names = Reserved::new(config.sign_in.reserved_names.iter().map(String::as_str));
        let stores = Stores { store: Arc::clone(&store), cache: Arc::clone(&cache) };
        let vitals = Vitals { metrics: metrics.world.clone(), health: Arc::clone(&health) };
        let of_world = world_settings(config);
        let served = world::serve(&map);
        let etag = served.summary.etag.clone();
        let realm = Arc::new(Realm::new(registry, mailbox, stores, served, Arc::new(reserved_names), of_world, vitals));
        let auth = auth.with_former_issuers(former_issuers).context("sign-in cannot be set up")?;
        let edge = Arc::new(Edge {
            realm: Arc::clone(&realm),
            auth,
            provider: Arc::clone(&provider),
            visitors: Visitors::new(|class| address_limiter(config, class), Arc::clone(&metrics.network)),
            versions: Arc::new(Versions::new(config.sessions.accept_version.clone(), Arc::clone(&metrics.network))),
            process: process.clone(),
            metrics: Arc::clone(&metrics),
            assets: Arc::new(EmbeddedAssets),
            settings,
            gate: Gate::new(bounds(config, connections_max)),
        });
        let tasks = TaskTracker::new();
        let map = Arc::clone(&recovery.map);
        let engine = Engine::start(sim, recovery, &realm, Arc::clone(&edge.versions), drain)?;
        let maps = Arc::new(MapReload::new(config, store.clone(), map, etag, engine.map_changes().clone()));
        if config.world.watch {
            tasks.spawn(process.watched("the watch over the map", Arc::clone(&maps).watch(process.stop_token())));
        }
        let mut metrics_url = None;
        let retained = retention::run(store.clone(), config.storage.keep_days, process.stop_token());
        tasks.spawn(process.watched("retention", retained));
        tasks.spawn(process.watched("the renewal of the lease", lease::keep(store.clone(), Arc::clone(&health))));
        tasks.spawn(process.watched("the care of the store", maintenance::maintain(store, Arc::clone(&health))));
        tasks.spawn(process.watched("the expiry of sessions", session::run_expiry(Arc::clone(&realm))));
        tasks.spawn(process.watched("the presence of players", session::run_presence(realm)));
        tasks.spawn(process.watched("the watch over the cache", watch_cache(Arc::clone(&health), cache, pinged)));
        if edge.auth.has_provider() {
            let watch = watch_keys(edge.auth.clone(), provider, process.stop_token());
            tasks.spawn(process.watched("the watch over the keys", watch));
        }
        tasks.spawn(process.watched("the alerts", alerts::watch(metrics, pace, process.stop_token())));
        if let Some(tls) = listener.tls.clone() {
            tls.warn_of_expiry();
            tasks.spawn(tls::watch_expiry(tls, process.stop_token()));
        }
        tasks.spawn(process.watched("the network pulse", watchdog::net_pulse(Arc::clone(&health))));
        if let Some(port) = metrics_port {
            let port = port.listen()?;
            let address = port.local_addr().context("the address of the metrics is unknown")?;
            tracing::info!(%address, "GET /metrics has a port of its own");
            metrics_url = Some(format!("http://{address}"));
            tasks.spawn(process.watched("the metrics", http::serve_metrics(Arc::clone(&edge), port)));
        }
        tasks.spawn(process.watched("the listener", http::serve(Arc::clone(&edge), listener)));
        tasks.close();
        Ok(Self { url, metrics_url, edge, maps, engine, tasks })
    }

    /// Where it listens, `http://ADDRESS` or `https://ADDRESS`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where GET /metrics answers, if it has a port of its own.
    #[must_use]
    pub fn metrics_url(&self) -> Option<&str> {
        self.metrics_url.as_deref()
    }

    /// Completes when the server cannot go on; [`Server::stop`] then says why.
    pub async fn failed(&self) {
        self.edge.process.failed().await;
    }

    /// Drains: commits what the world has done, sends what is committed, closes connections, ends.
    /// A server that cannot go on does what it still can of that within a second.
    ///
    /// # Errors
    /// Why the server could not go on; or a store that refused, did not come back or hangs. Nothing
    /// that failed to commit was acknowledged.
    pub async fn stop(self) -> Result<()> {
        let Self { edge, engine, tasks, .. } = self;
        let cause = edge.process.cause().cloned();
        let (patience, grace) =
            if cause.is_some() { (LOST_PATIENCE, LOST_GRACE) } else { (DRAIN_PATIENCE, GOODBYE_GRACE) };
        edge.process.stop();
        let runtime = Handle::current();
        let stopping = tokio::task::spawn_blocking(move || engine.stop(&runtime));
        let outcome = match tokio::time::timeout(patience, stopping).await {
            Ok(stopped) => stopped.context("the engine could not be stopped")?,
            Err(_) => Err(StopError::Hangs),
        };
        // Everything committed has been queued; now the goodbyes may follow it.
        edge.realm.say_goodbye();
        let drained = async {
            tasks.wait().await;
            edge.gate.realtime.close();
            edge.gate.realtime.wait().await;
        };
        // Whoever does not read does not hold up the end.
        let _ = tokio::time::timeout(grace, drained).await;
        // Also what has panicked on the way.
        let panicked = || edge.process.cause().filter(|cause| matches!(cause, Cause::Panicked(_))).cloned();
        if let Some(cause) = cause.or_else(panicked) {
            anyhow::bail!("the server could not go on: {cause}");
        }
        outcome.context("the world could not be left as it should be; nothing that was acknowledged is lost")
    }
}

/// What a server begins with of what is stored.
struct RecoveredWorld {
    /// As its files are now.
    map: Arc<Map>,
    recovery: Arc<Recovery>,
    sim: Sim,
    /// Issuers whose users are those of the provider.
    former_issuers: Vec<String>,
}

/// Takes the lease and recovers the world. All accesses of a start to the store are here, so that a
/// store that goes away in between is waited for at any point.
async fn recover_world(
    config: &Config,
    map: &Arc<Map>,
    store: &Arc<dyn Store>,
    port_state: &PortState,
    progress: &Progress,
) -> Result<RecoveredWorld> {
    let url = config.storage.database_url.expose_secret();
    let explained = |error| tilemud_persist::explained(error, url);
    let mut candidate = Candidate::new(config.world.lease_ttl());
    let mut map = Arc::clone(map);
    let signs = loop {
        if config.world.standby && stand_by(&mut candidate, &**store, port_state, progress).await.map_err(explained)? {
            // The server before may have taken an edit meanwhile, which is not to be undone.
            map = same_world(config, &map, load_world(config)?)?;
        }
        let signs = store.clock_signs().await.map_err(explained).context("the store could not be read")?;
        port_state.say("bringing the world back");
        progress.begin("waiting for the lease of the world");
        match candidate.take(&**store).await {
            Ok(()) => break signs,
            // Another one that stands by was faster.
            Err(LeaseError::Held { .. }) if config.world.standby => {}
            Err(error) => return Err(error.map_store(explained)).context("this world cannot be written"),
        }
    };
    let map = &map;
    retention::judge_clock(&**store, config.storage.keep_days, &signs).await.context("the store cannot be written")?;
    let stamps = Arc::new(Stamps::default());
    signs.newest_row.into_iter().for_each(|newest| stamps.begin_after(newest));
    let recovery = Arc::new(Recovery {
        store: Arc::clone(store),
        map: Arc::new(Arc::clone(map).into()),
        config: world::config(map, config.world.delta_every_ticks(), config.world.gifts),
        ticks_per_second: config.world.tick_hz,
        stamps,
        is_named: is_named(config, map),
    });
    progress.begin("playing the log of the world again");
    let recovered = Box::pin(recovery.recover_at_start()).await.map_err(|error| error.map_store(explained));
    let Recovered { sim, .. } = recovered.context("the world could not be brought back")?;
    let former_issuers = people::former_issuers(&**store, config).await?;
    Ok(RecoveredWorld { map: Arc::clone(map), recovery, sim, former_issuers })
}

/// Waits while another server has the world. True when there was one.
async fn stand_by(
    candidate: &mut Candidate,
    store: &dyn Store,
    port_state: &PortState,
    progress: &Progress,
) -> Result<bool, StoreError> {
    progress.begin("standing by");
    let mut is_told = false;
    let waited = candidate.stand_by(store, |held| {
        if !std::mem::replace(&mut is_told, true) {
            port_state.say("another server runs this world; standing by");
            tracing::info!(%held, "standing by: this server goes on with the world when that one ends or falls silent");
        }
    });
    let waited = waited.await?;
    if waited {
        tracing::warn!("the server that ran this world has ended or fallen silent; this one goes on with it");
    }
    Ok(waited)
}

fn metrics(tls: Option<&TlsAcceptor>) -> Metrics {
    let metrics = Metrics::default();
    if let Some(tls) = tls.cloned() {
        metrics.watched.certificate(move || tls.expires_in_s());
    }
    metrics.watched.log_lines_dropped(logging::lines_dropped);
    metrics
}

pub(super) fn settings(config: &Config, tls: bool) -> Settings {
    Settings {
        version: tilemud_schema::version().to_owned(),
        allowed_origins: config.network.allowed_origins.clone(),
        proxies: config.network.proxies(),
        tls,
        dev_issuer_anywhere: config.sign_in.dev_issuer_anywhere,
        metrics_good_for: Duration::ZERO,
        metrics_apart: config.network.metrics_listen.is_some(),
    }
}

fn world_settings(config: &Config) -> WorldSettings {
    WorldSettings {
        tick_hz: config.world.tick_hz,
        intents_per_s: config.sessions.intents.per_s,
        whisper_per_s: config.sessions.whisper_per_s,
        user_call_per_s: config.sessions.user_call_per_s,
    }
}

/// Requests of an address above this rate wait. It is higher than its sign-ins and connects
/// together, so that no page load waits.
fn bounds(config: &Config, connections: usize) -> Bounds {
    let (sign_in_per_s, connects_per_s) = (config.sessions.sign_in_per_s.get(), config.sessions.connect_per_s.get());
    Bounds {
        requests_per_s: sign_in_per_s.saturating_add(connects_per_s).saturating_mul(2).max(REQUESTS_PER_S_MIN),
        connects_per_s,
        known_for: Duration::from_secs(config.sessions.reconnect_window_s),
        ..Bounds::of(connections)
    }
}

/// The burst is five seconds' worth, because pages reload and a household or a campus may share an
/// address.
fn address_limiter(config: &Config, class: Class) -> AddressLimiter {
    let per_second = match class {
        Class::SignIn | Class::BadSignIn => config.sessions.sign_in_per_s,
        Class::Connect => config.sessions.connect_per_s,
        Class::File => config.sessions.call_per_s.saturating_mul(FILES_PER_CALL),
        Class::Probe | Class::Call | Class::BadCall => config.sessions.call_per_s,
        Class::NewCharacter => return AddressLimiter::per_hour(config.sessions.new_characters_per_hour),
    };
    let burst = per_second.saturating_mul(ADDRESS_BURST_S);
    AddressLimiter::new(AddressLimitConfig { per_second, burst, ..AddressLimitConfig::default() })
}
