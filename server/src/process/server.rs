//! A running server: puts the parts together, and takes them apart in the order that loses nothing.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::future::join_all;
use tilemud_names::Reserved;
use tilemud_net::auth::{AddressLimitConfig, AddressLimiter, watch_keys};
use tilemud_net::edge::{Edge, Gate};
use tilemud_net::http;
use tilemud_net::places::Bounds;
use tilemud_net::session::Capacity;
use tilemud_net::settings::Settings;
use tilemud_net::tls::{self, TlsAcceptor};
use tilemud_net::versions::Versions;
use tilemud_net::visitors::{Class, Visitors};
use tilemud_net::worlds::Worlds;
use tilemud_persist::Authorities;
use tilemud_persist::store::Store;
use tilemud_sim::Map;
use tilemud_vitals::alerts::{self, Pace};
use tilemud_vitals::health::Provider;
use tilemud_vitals::metrics::Metrics;
use tilemud_vitals::process::{Cause, Process};
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span};

use super::map_reload::MapReload;
use super::patience::{DRAIN_PATIENCE, GOODBYE_GRACE, LOST_GRACE, LOST_PATIENCE};
use super::preparation::Prepared;
use super::progress::Progress;
use super::recovering::{self, Back, Opened};
use super::running::{Made, Running, Shared, watch_over};
use super::several::Chosen;
use crate::assets::EmbeddedAssets;
use crate::config::Config;
use crate::engine::StopError;
use crate::logging;

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
    worlds: Arc<[Running]>,
    tasks: TaskTracker,
}

impl Server {
    /// Starts everything for one world; when it returns, players can come in.
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
        let opened = Opened { chosen: Chosen { config: config.clone(), map }, store, span: Span::none() };
        let prepared = Prepared { pace, ..Prepared::prepare(config)? };
        Box::pin(Self::begin(config, vec![opened], prepared, &Progress::default())).await
    }

    /// The same for what has been opened, on what has been prepared.
    pub(crate) async fn begin(
        config: &Config,
        opened: Vec<Opened>,
        prepared: Prepared,
        progress: &Progress,
    ) -> Result<Self> {
        // Before a world is taken: nobody renews its lease while a provider takes its time.
        progress.begin("fetching the keys of the identity provider");
        prepared.auth.warm_up().await;
        let back = Box::pin(recovering::back(&opened, &prepared, progress)).await?;
        let Prepared { port_state, metrics_port, auth, authorities, connections_max, pace, .. } = prepared;
        let (process, metrics) = (Process::default(), metrics(&opened));
        let auth = auth.with_former_issuers(former_issuers(&back)).context("sign-in cannot be set up")?;
        let made = make(config, opened.into_iter().zip(back), &authorities, &process, &metrics).await?;

        let listener = port_state.listener().await?;
        let address = listener.tcp.local_addr().context("the address of the listener is unknown")?;
        let has_tls = listener.tls.is_some();
        let url = format!("{}://{address}", if has_tls { "https" } else { "http" });
        watch_figures(&metrics, listener.tls.as_ref());
        let each = made.iter().map(|made| (made.id.clone(), Arc::clone(&made.realm), made.span.clone()));
        let worlds = match (&config.world.several, &made[..]) {
            (None, [only]) => Worlds::only(&only.id, Arc::clone(&only.realm)),
            _ => Worlds::several(each),
        };
        let provider = Arc::<Provider>::default();
        let edge = Arc::new(Edge {
            worlds,
            auth,
            provider: Arc::clone(&provider),
            visitors: Visitors::new(|class| address_limiter(config, class), Arc::clone(&metrics.network)),
            versions: Arc::new(Versions::new(config.sessions.accept_version.clone(), Arc::clone(&metrics.network))),
            process: process.clone(),
            metrics: Arc::clone(&metrics),
            assets: Arc::new(EmbeddedAssets),
            settings: Settings { metrics_good_for: pace.figures_good_for(), ..settings(config, has_tls) },
            gate: Gate::new(bounds(config, connections_max)),
        });
        let run = made.into_iter().map(|made| made.run(Arc::clone(&edge.versions)));
        let worlds: Arc<[Running]> = run.collect::<Result<_>>()?;
        let tasks = TaskTracker::new();
        if worlds.len() > 1 {
            let watch = watch_over(Arc::clone(&worlds), Arc::clone(&edge));
            tasks.spawn(process.watched("the watch over the worlds", watch));
        }
        let mut metrics_url = None;
        if edge.auth.has_provider() {
            let watch = watch_keys(edge.auth.clone(), provider, process.stop_token());
            tasks.spawn(process.watched("the watch over the keys", watch));
        }
        judge(&tasks, &edge, pace);
        if let Some(tls) = listener.tls.clone() {
            tls.warn_of_expiry();
            tasks.spawn(tls::watch_expiry(tls, process.stop_token()));
        }
        if let Some(port) = metrics_port {
            let port = port.listen()?;
            let address = port.local_addr().context("the address of the metrics is unknown")?;
            tracing::info!(listening = %address, "GET /metrics has a port of its own");
            metrics_url = Some(format!("http://{address}"));
            tasks.spawn(process.watched("the metrics", http::serve_metrics(Arc::clone(&edge), port)));
        }
        tasks.spawn(process.watched("the listener", http::serve(Arc::clone(&edge), listener)));
        tasks.close();
        Ok(Self { url, metrics_url, edge, worlds, tasks })
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

    /// What reads the maps again.
    pub(super) fn maps(&self) -> Vec<Arc<MapReload>> {
        self.worlds.iter().map(|world| Arc::clone(&world.maps)).collect()
    }

    /// Completes when the server cannot go on; [`Server::stop`] then says why.
    pub async fn failed(&self) {
        self.edge.process.failed().await;
    }

    /// Drains: commits what the worlds have done, sends what is committed, closes connections,
    /// ends. A server that cannot go on does what it still can of that within a second.
    ///
    /// # Errors
    /// Why the server could not go on; or a store that refused, did not come back or hangs. Nothing
    /// that failed to commit was acknowledged.
    pub async fn stop(self) -> Result<()> {
        let Self { edge, worlds, tasks, .. } = self;
        let cause = edge.process.cause().cloned();
        let (patience, grace) =
            if cause.is_some() { (LOST_PATIENCE, LOST_GRACE) } else { (DRAIN_PATIENCE, GOODBYE_GRACE) };
        edge.process.stop();
        // Side by side, each within the patience.
        let stopped = join_all(worlds.iter().map(|world| world.stop(patience))).await;
        let drained = async {
            tasks.wait().await;
            join_all(worlds.iter().map(Running::ended)).await;
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
        outcome(&edge.worlds, stopped)
    }
}

/// Makes what runs next.
async fn make(
    config: &Config,
    worlds: impl ExactSizeIterator<Item = (Opened, Back)>,
    authorities: &Authorities,
    process: &Process,
    metrics: &Metrics,
) -> Result<Vec<Made>> {
    let shared = Shared {
        authorities,
        process,
        capacity: &Capacity::default(),
        reserved_names: &Arc::new(Reserved::new(config.sign_in.reserved_names.iter().map(String::as_str))),
        worlds: worlds.len(),
    };
    let mut made = Vec::new();
    for (number, (opened, back)) in worlds.enumerate() {
        let span = opened.span.clone();
        made.push(Made::of(opened, back, metrics.world(number).clone(), &shared).instrument(span).await?);
    }
    Ok(made)
}

/// That of the first world that could not be left as it should be.
fn outcome(worlds: &Worlds, stopped: Vec<Result<(), StopError>>) -> Result<()> {
    let several = stopped.len() > 1;
    for (world, stopped) in worlds.all().iter().zip(stopped) {
        let left = "the world could not be left as it should be; nothing that was acknowledged is lost";
        let left = if several { format!("{left} ({:?})", world.id) } else { left.to_owned() };
        stopped.context(left)?;
    }
    Ok(())
}

/// The issuers of all worlds whose users are those of the provider, each once.
fn former_issuers(back: &[Back]) -> Vec<String> {
    let mut issuers: Vec<String> = Vec::new();
    for issuer in back.iter().flat_map(|back| &back.former_issuers) {
        if !issuers.contains(issuer) {
            issuers.push(issuer.clone());
        }
    }
    issuers
}

/// Judges the alerts of each world, and of the process where these are several.
fn judge(tasks: &TaskTracker, edge: &Edge, pace: Pace) {
    let mut paces = std::iter::once(pace).chain(std::iter::repeat_with(Pace::clock));
    let mut judged = |judged, process: &Process| {
        let pace = paces.next().unwrap_or_else(Pace::clock);
        process.watched("the alerts", alerts::watch(Arc::clone(judged), pace, process.stop_token()))
    };
    for (world, subject) in edge.worlds.all().iter().zip(edge.metrics.judged_worlds()) {
        let watch = judged(subject, &world.realm.health.process);
        tasks.spawn(watch.instrument(world.span.clone()));
    }
    if let Some(subject) = edge.metrics.judged() {
        tasks.spawn(judged(subject, &edge.process));
    }
}

fn metrics(opened: &[Opened]) -> Arc<Metrics> {
    Arc::new(match opened {
        [_] => Metrics::default(),
        several => Metrics::of_worlds(several.iter().map(|opened| opened.chosen.id())),
    })
}

fn watch_figures(metrics: &Metrics, tls: Option<&TlsAcceptor>) {
    if let Some(tls) = tls.cloned() {
        metrics.watched.certificate(move || tls.expires_in_s());
    }
    metrics.watched.log_lines_dropped(logging::lines_dropped);
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
