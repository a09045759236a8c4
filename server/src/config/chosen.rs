//! What the operator chose, checked; plain data.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use tilemud_net::auth::{OidcConfig, PlayerClient};
use tilemud_net::authority::Origin;
use tilemud_net::proxy;
use tilemud_schema::PerClass;

use super::place::{Imprint, Place};

/// Everything `tilemud serve` was told, checked. `Debug` is fit for a log: addresses that may hold passwords do not print.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Where GET /metrics answers instead of there; `None` is there.
    pub metrics_listen: Option<SocketAddr>,
    /// The embedded store lives here.
    pub data_dir: PathBuf,
    /// `sqlite:...` or `postgres://...`; may hold a password.
    pub database_url: SecretString,
    /// Password of the database user, when it does not stand in the URL.
    pub database_password: Option<SecretString>,
    /// Days the log of actions is kept.
    pub keep_days: u16,
    /// `redis://...`; `None` is the in-process cache. May hold a password.
    pub redis_url: Option<SecretString>,
    /// Milliseconds that one call to the cache may take.
    pub cache_timeout_ms: u64,
    /// Password of the cache, when it does not stand in the URL.
    pub redis_password: Option<SecretString>,
    /// How long a database or provider that is away at the start is waited for; `None` is not at all.
    pub wait: Option<Duration>,
    /// Authorities besides the system's, files or folders.
    pub tls_ca: Vec<PathBuf>,
    /// A Tiled map; `None` is the built-in world.
    pub world: Option<PathBuf>,
    /// The identity of the world in the store; `None` is the name of the map.
    pub world_id: Option<String>,
    /// Whether the world must be in the store already.
    pub must_exist: bool,
    /// Ticks per second, 1 to 100.
    pub tick_hz: u32,
    /// Public deltas per second; divides [`Config::tick_hz`].
    pub delta_hz: u32,
    /// Sessions at most.
    pub max_sessions: usize,
    /// Seconds without a validated action or heartbeat after which a session ends (FR-017).
    pub inactivity_timeout_s: u64,
    /// Seconds in which a lost connection may come back to its session (FR-008).
    pub reconnect_window_s: u64,
    /// Seconds a ticket for the realtime channel is good.
    pub ticket_ttl_s: u64,
    /// Intents per second and player, by class.
    pub intents_per_s: PerClass<u32>,
    /// Whispers per second of one player to one other.
    pub whisper_per_s: u32,
    /// Bootstraps per second and network address.
    pub sign_in_per_s: NonZeroU32,
    /// Realtime connections per second and network address.
    pub connect_per_s: NonZeroU32,
    /// Other HTTP calls per second and network address.
    pub call_per_s: NonZeroU32,
    /// HTTP calls with a good token per second and player.
    pub user_call_per_s: u32,
    /// New characters per hour and network address.
    pub new_characters_per_hour: NonZeroU32,
    /// Whether players may give each other things without asking.
    pub gifts: bool,
    /// The version a client must have (FR-009); read again on SIGHUP.
    pub accept_version: String,
    /// Whether POST /dev/token works and its tokens are accepted (FR-001).
    pub dev_issuer: bool,
    /// Whether it also answers those who are not at this machine.
    pub dev_issuer_anywhere: bool,
    /// The external provider; at least one of this and [`Config::dev_issuer`] is set.
    pub oidc: Option<OidcConfig>,
    /// What the provider was known as before it moved.
    pub issuer_aliases: Vec<String>,
    /// Names that no player may take (FR-031).
    pub reserved_names: Vec<String>,
    /// The public client that players sign in as at the provider; `None` when they do not sign in through the game.
    pub player_client: Option<PlayerClient>,
    /// Certificate and key; `None` is plain HTTP.
    pub tls: Option<TlsFiles>,
    /// Origins besides the server's own whose pages may play.
    pub allowed_origins: Vec<Origin>,
    /// Whose word about players' addresses is believed, and the address players use (FR-032).
    pub proxies: proxy::Settings,
    /// How logs are written.
    pub log: LogConfig,
    /// What was set, to be compared with a later reading.
    pub imprint: Imprint,
    /// Where it came from, and what was noticed on the way.
    pub sources: Sources,
}

impl Config {
    /// The identity provider, for people.
    #[must_use]
    pub fn oidc_issuer(&self) -> &str {
        self.oidc.as_ref().map_or("", |oidc| &oidc.issuer)
    }

    /// Ticks from one public delta to the next.
    #[must_use]
    pub fn delta_every_ticks(&self) -> u32 {
        self.tick_hz / self.delta_hz
    }
}

/// What the commands that look after a store were told, checked.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `sqlite:...` or `postgres://...`; may hold a password.
    pub database_url: SecretString,
    /// Password of the database user, when it does not stand in the URL.
    pub database_password: Option<SecretString>,
    /// Authorities besides the system's, files or folders.
    pub tls_ca: Vec<PathBuf>,
    /// A Tiled map; `None` is the built-in world.
    pub world: Option<PathBuf>,
    /// The identity of the world in the store; `None` is the name of the map.
    pub world_id: Option<String>,
    /// Days the log of actions is kept.
    pub keep_days: u16,
    /// How logs are written.
    pub log: LogConfig,
    /// Where it came from, and what was noticed on the way.
    pub sources: Sources,
}

/// Where values came from, and what the operator should hear of once there is a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// What was noticed and is no reason to stop, in words.
    pub notices: Vec<String>,
    /// Files that secrets were read from, to be looked at by whoever may.
    pub secret_files: Vec<PathBuf>,
    pub(super) places: BTreeMap<&'static str, Place>,
}

impl Sources {
    /// Where the setting of this name was given: the flag, the variable, or the file with its line.
    #[must_use]
    pub fn place(&self, name: &'static str) -> String {
        self.places.get(name).map_or_else(|| format!("--{name}"), ToString::to_string)
    }
}

/// Which issuer's users are whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUsers {
    /// Where they signed in.
    pub from: String,
    /// Where they sign in now.
    pub to: String,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// The two halves of a TLS identity, PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate chain.
    pub cert: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

/// How logs are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// The form of a line.
    pub format: LogFormat,
    /// Daily files go here, beside standard error.
    pub dir: Option<PathBuf>,
    /// All of those files together at most, bytes.
    pub dir_bytes_max: u64,
    /// What is logged: a level, or `target=level` pairs (tracing's `EnvFilter`); known to parse.
    pub filter: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// What `tilemud retain` was asked to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    /// Only say what would be deleted.
    pub dry_run: bool,
    /// Believe the clock.
    pub force: bool,
}
