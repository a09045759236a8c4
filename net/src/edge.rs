//! What every connection and request handler shares.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use tilemud_names::Reserved;
use tilemud_persist::cache::{Cache, ProfileReader, ProfileSource};
use tilemud_persist::store::{CharacterProfile, Store};
use tilemud_schema::rest::WorldSummary;
use tilemud_schema::{CharacterId, CloseCode, Details, ErrorCode, PerClass, Tick, Timestamp};
use tilemud_sim::SpawnTiles;
use tilemud_sim::api::Identity;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::alerts;
use crate::assets::Assets;
use crate::auth::AddressLimiter;
use crate::auth::Authenticator;
use crate::authority::Origin;
use crate::clock;
use crate::connection::{self, outbox::Outbox};
use crate::error::ApiError;
use crate::health::Health;
use crate::journal::Outdated;
use crate::limits;
use crate::mailbox::Mailbox;
use crate::metrics::{self, Metrics};
use crate::once::Once;
use crate::places::{Bounds, Places};
use crate::proxy;
use crate::session::{Allowances, Ledger, Registry, TokenCache};
use crate::vitals::Vitals;

/// The edge of the server: everything between the sockets and the mailbox.
pub struct Edge {
    /// Who is in.
    pub registry: Registry,
    /// The way into the world.
    pub mailbox: Mailbox,
    /// The durable store.
    pub store: Arc<dyn Store>,
    /// The cache; never the truth.
    pub cache: Arc<dyn Cache>,
    /// Reads profiles of characters that are not in the world.
    profiles: ProfileReader,
    /// Who may come in.
    pub auth: Authenticator,
    /// How often from one address.
    pub address_limits: AddressLimits,
    /// What addresses are called in the log.
    pub(crate) visitor_marks: proxy::Marks,
    /// How often one user.
    pub(crate) allowances: Allowances,
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    pub(crate) metrics_page: metrics::Page,
    /// What the dependencies and the tick loop are doing.
    pub health: Arc<Health>,
    /// What must not be lost.
    pub vitals: Vitals,
    /// The static world.
    pub world: World,
    /// The web client.
    pub assets: Arc<dyn Assets>,
    /// What the operator chose.
    pub settings: Settings,
    /// Places for connections, and who has to wait or to give way.
    pub places: Arc<Places>,
    /// Connections beyond those, on which only probes are answered.
    pub(crate) probes: Arc<Semaphore>,
    /// Ends the listener and the background tasks.
    pub shutdown: CancellationToken,
    /// Every realtime connection: they outlive the request that opened them.
    pub connection_tasks: TaskTracker,
    /// The newest committed tick.
    released: AtomicU64,
    accepted: ArcSwap<Accepted>,
    pub(crate) ledger: Ledger,
    pub(crate) token_cache: TokenCache,
    /// Users who were refused for their version, as far as alerts count them.
    pub(crate) outdated: Once,
    /// Users who are coming back, as far as alerts count them.
    pub(crate) returning: Once,
}

/// The version a client must have (FR-009).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Exactly this one.
    pub version: String,
    /// When it became the accepted one.
    pub since: Timestamp,
}

/// What the operator chose for the edge.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The version of this server.
    pub version: String,
    /// The version a client must have at first; [`Edge::accept_version`] changes it.
    pub accept_version: String,
    /// Ticks per second.
    pub tick_hz: u32,
    /// Intents per second and player, by class.
    pub intents_per_s: PerClass<u32>,
    /// Whispers per second of one player to one other.
    pub whisper_per_s: u32,
    /// HTTP calls with a good token per second and player.
    pub user_call_per_s: u32,
    /// Origins besides the server's own whose pages may play.
    pub allowed_origins: Vec<Origin>,
    /// What stands in front of the server.
    pub proxies: proxy::Settings,
    /// Names that no player may take.
    pub reserved_names: Arc<Reserved>,
    /// Whether connections are encrypted at our own end.
    pub tls: bool,
    /// Whether the development issuer serves whoever reaches it, and not this machine alone.
    pub dev_issuer_anywhere: bool,
    /// How old the figures of GET /metrics may be: they are not gathered more often.
    pub metrics_good_for: Duration,
    /// Whether metrics have a port of their own, and are not to be had here.
    pub metrics_apart: bool,
}

impl Settings {
    /// Inbound messages per second a player may send before what they send is read more slowly.
    pub(crate) fn inbound_per_s(&self) -> u32 {
        2 * self.intents_per_s.values().sum::<u32>() + 20
    }
}

/// How often one network address may do what costs us before we know who it is.
pub struct AddressLimits {
    /// Bootstraps with a good token.
    pub sign_in: AddressLimiter,
    /// Bootstraps with a token that is none, or not good: apart, so that they cost nobody else at the address anything.
    pub bad_sign_in: AddressLimiter,
    /// The same of other calls that take a token.
    pub bad_call: AddressLimiter,
    /// Realtime connections.
    pub connect: AddressLimiter,
    /// Files of the web client and of the world.
    pub file: AddressLimiter,
    /// Questions how the server is, apart from all else so that a flood does not make it look dead.
    pub probe: AddressLimiter,
    /// All other calls.
    pub call: AddressLimiter,
    /// Characters of users who had none.
    pub new_character: AddressLimiter,
}

/// The static world, ready to be served.
pub struct World {
    /// For bootstrap answers.
    pub summary: WorldSummary,
    /// Body of GET /api/world.
    pub json: Bytes,
    /// The same, gzipped.
    pub json_gz: Bytes,
    /// The tileset picture.
    pub tileset_png: Bytes,
    /// Its path.
    pub tileset_path: String,
    /// Where new characters appear.
    pub spawn: SpawnTiles,
}

/// What an [`Edge`] is made of.
pub struct EdgeParts {
    /// See [`Edge::registry`].
    pub registry: Registry,
    /// See [`Edge::mailbox`].
    pub mailbox: Mailbox,
    /// See [`Edge::store`].
    pub store: Arc<dyn Store>,
    /// See [`Edge::cache`].
    pub cache: Arc<dyn Cache>,
    /// See [`Edge::auth`].
    pub auth: Authenticator,
    /// See [`Edge::address_limits`].
    pub address_limits: AddressLimits,
    /// See [`Edge::metrics`].
    pub metrics: Arc<Metrics>,
    /// See [`Edge::health`].
    pub health: Arc<Health>,
    /// See [`Edge::world`].
    pub world: World,
    /// See [`Edge::assets`].
    pub assets: Arc<dyn Assets>,
    /// See [`Edge::settings`].
    pub settings: Settings,
}

impl Edge {
    /// Puts the parts together. To be called inside a runtime.
    #[must_use]
    pub fn new(parts: EdgeParts) -> Self {
        let connections_max =
            parts.registry.settings().max_sessions * limits::CONNECTIONS_PER_SESSION + limits::CONNECTIONS_BESIDES;
        let accepted = Accepted { version: parts.settings.accept_version.clone(), since: clock::now() };
        let vitals = Vitals::default();
        Self {
            accepted: ArcSwap::from_pointee(accepted),
            allowances: Allowances::new(&parts.settings),
            outdated: Once::per(alerts::VERSION_REJECTS_WINDOW),
            returning: Once::per(alerts::RECONNECTS_WINDOW),
            ledger: Ledger::new(Arc::clone(&parts.store), &vitals),
            token_cache: TokenCache::new(Arc::clone(&parts.cache), &vitals),
            vitals,
            registry: parts.registry,
            mailbox: parts.mailbox,
            profiles: ProfileReader::new(Arc::clone(&parts.store), Arc::clone(&parts.cache)),
            store: parts.store,
            cache: parts.cache,
            auth: parts.auth,
            address_limits: parts.address_limits,
            visitor_marks: proxy::Marks::default(),
            metrics: parts.metrics,
            metrics_page: metrics::Page::default(),
            health: parts.health,
            world: parts.world,
            assets: parts.assets,
            settings: parts.settings,
            places: Arc::new(Places::new(Bounds::of(connections_max))),
            probes: Arc::new(Semaphore::new(limits::PROBE_CONNECTIONS_MAX)),
            shutdown: CancellationToken::new(),
            connection_tasks: TaskTracker::new(),
            released: AtomicU64::new(0),
        }
    }

    /// With other bounds of connections, because of what the system allows and the operator chose. To be called before anybody is
    /// connected.
    #[must_use]
    pub fn with_places(self, bounds: Bounds) -> Self {
        Self { places: Arc::new(Places::new(bounds)), ..self }
    }

    /// A connection was ended, or slowed down, for what its address did: counted, and logged in sums.
    pub(crate) fn ended_early(&self, cause: &'static str, address: IpAddr) {
        self.metrics.ended_early(cause);
        let visitor = self.visitor_marks.of(address);
        tracing::info!(
            event = "ended_early",
            reason = cause,
            visitor,
            "connection ended for what it takes from others"
        );
    }

    /// The profile of a character, at most 100 ms behind the store (FR-005).
    ///
    /// # Errors
    /// UNAVAILABLE, INTERNAL.
    pub(crate) async fn profile(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, ApiError> {
        let (profile, source) = self.profiles.read(character_id).await.map_err(ApiError::from)?;
        match source {
            ProfileSource::Cache => self.metrics.cache_hit(),
            ProfileSource::Store => self.metrics.cache_miss(),
            ProfileSource::ForcedRefresh => {
                self.metrics.cache_miss();
                self.metrics.state_refresh_forced();
            }
        }
        Ok(profile)
    }

    /// Counts something that a network address does against a limit.
    ///
    /// # Errors
    /// RATE_LIMITED, with when to come again.
    pub(crate) fn count(&self, limiter: &AddressLimiter, limit: &'static str, address: IpAddr) -> Result<(), ApiError> {
        limiter.check(address).map_err(|retry_after_ms| {
            self.metrics.rate_limited(limit);
            let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
            ApiError::with_details(ErrorCode::RateLimited, details).at(self.visitor_marks.of(address))
        })
    }

    /// The newest committed tick.
    pub fn released_tick(&self) -> Tick {
        self.released.load(Ordering::Relaxed)
    }

    pub(crate) fn note_released(&self, tick: Tick) {
        self.released.store(tick, Ordering::Relaxed);
    }

    /// The version a client must have.
    pub fn accepted(&self) -> Arc<Accepted> {
        self.accepted.load_full()
    }

    /// Changes the version a client must have, and ends every connection that has another one (T087). False when it was
    /// that one already.
    pub fn accept_version(&self, version: &str) -> bool {
        let before = self.accepted();
        if before.version == version {
            return false;
        }
        self.accepted.store(Arc::new(Accepted { version: version.to_owned(), since: clock::now() }));
        // A handshake that passed the check before looks again once its connection can be seen here.
        for session in self.registry.all() {
            let outbox = session.wire.lock().outbox.clone();
            if let Some(outbox) = outbox {
                self.end_if_outdated(&session.identity, &outbox, &before.version);
            }
        }
        true
    }

    /// Tells a connection to update, and ends it, if its version is not the accepted one.
    pub(crate) fn end_if_outdated(&self, identity: &Identity, outbox: &Outbox, has: &str) {
        let accepted = self.accepted();
        if accepted.version != has && !outbox.is_closing() {
            self.reject_version(Outdated::Session(identity), has);
            outbox.send(connection::version_mismatch(outbox, &accepted.version, has.to_owned()));
            outbox.close(CloseCode::Version);
        }
    }

    /// Tells every connection that the server is shutting down, after all that is queued for it.
    pub fn say_goodbye(&self) {
        for session in self.registry.all() {
            if let Some(outbox) = session.wire.lock().outbox.take() {
                outbox.close(CloseCode::ShuttingDown);
            }
        }
    }

    /// Ticks a session's deltas may wait.
    pub(crate) fn backlog_ticks_max(&self) -> u64 {
        crate::limits::BACKLOG_SECONDS_MAX * u64::from(self.settings.tick_hz)
    }
}

/// Time within which an HTTP request must be answered.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
