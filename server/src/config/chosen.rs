//! Everything that can be set. A field is a setting: its comment is the help, its attributes say
//! what it is called, what it may be and what it is when nobody sets it; flag, variable and key in
//! the file follow ([`settings`](super::settings)). What may hold a password is a `SecretString`,
//! and may stand in a file of its own. `Debug` is fit for a log.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};
use secrecy::SecretString;
use tilemud_maps::bake::Options;
use tilemud_maps::dialect::Dialect;
use tilemud_net::auth::{OidcConfig, PlayerClient};
use tilemud_net::authority::Origin;
use tilemud_net::proxy::{self, AddressRange, ForwardedHeader, PublicUrl};
use tilemud_schema::Timestamp;

use super::intent_limits::IntentLimits;
use super::log_filter;
use super::place::{Imprint, Place};
use super::values::{self, LogFormat, number, per_address, seconds, switch};

/// What the operator chose, checked.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub storage: Storage,
    #[command(flatten)]
    pub world: World,
    #[command(flatten)]
    pub sessions: Sessions,
    #[command(flatten)]
    pub sign_in: SignIn,
    #[command(flatten)]
    pub log: LogConfig,
    /// Hashes of what was set, for comparison with a later reading.
    #[arg(skip)]
    pub imprint: Imprint,
    /// Where each value came from, and notices for the operator.
    #[arg(skip)]
    pub sources: Sources,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub struct Network {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "IP:PORT", value_parser = values::address, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Certificate chain, PEM; taken up again when it changes [default: none, plain HTTP]
    #[arg(long, value_name = "FILE")]
    pub(super) tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM [default: none]
    #[arg(long, value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
    /// Another origin whose pages may play, e.g. https://play.example.org; repeatable [default:
    /// same origin only]
    #[arg(long = "allowed-origin", value_name = "ORIGIN", value_parser = values::origin())]
    pub allowed_origins: Vec<Origin>,
    /// The address players use, when a proxy stands in front, with its path if any, e.g.
    /// https://example.org/game/ [default: as the request says]
    #[arg(long, value_name = "URL", value_parser = values::public_url())]
    pub(super) public_url: Option<PublicUrl>,
    /// A proxy whose Forwarded, X-Forwarded-* and PROXY headers are believed, e.g. 127.0.0.1 or
    /// 10.0.0.0/8; repeatable [default: nobody is believed]
    #[arg(long, value_name = "ADDR|RANGE", value_parser = values::address_range())]
    pub(super) trusted_proxy: Vec<AddressRange>,
    /// Which headers the trusted proxies write; the others may be a player's own and are not read.
    /// With either, two that disagree about a player's address count as none
    #[arg(long, value_name = "forwarded|x-forwarded|either", value_parser = values::forwarded_header, default_value = "either")]
    pub(super) forwarded_header: ForwardedHeader,
    /// Where GET /metrics answers instead, for whoever measures; 404 on the port of the players
    /// then [default: none, GET /metrics answers where players are]
    #[arg(long, value_name = "IP:PORT", value_parser = values::address)]
    pub metrics_listen: Option<SocketAddr>,
    /// Further certificate authorities, PEM file or folder, for the identity provider, Postgres and
    /// Redis; repeatable [default: the system's, and those of SSL_CERT_FILE and SSL_CERT_DIR]
    #[arg(long, value_name = "PATH", value_parser = values::path)]
    pub tls_ca: Vec<PathBuf>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Storage")]
pub struct Storage {
    /// Folder of the embedded store; made when missing
    #[arg(long, value_name = "DIR", default_value = "./tilemud-data")]
    pub data_dir: PathBuf,
    /// Durable store, sqlite:PATH or postgres://USER@HOST/DATABASE?sslmode=...&sslrootcert=...;
    /// migrations run at start [default: sqlite:<data-dir>/tilemud.db]
    #[arg(long, value_name = "URL", value_parser = values::url(&tilemud_persist::BEGINNINGS))]
    pub database_url: SecretString,
    /// Password of the database user; better from a file, since other users of the machine can read
    /// a command line [default: as in --database-url]
    #[arg(long, value_name = "PASSWORD")]
    pub database_password: Option<SecretString>,
    /// Days the log of actions is kept
    #[arg(long, value_name = "DAYS", value_parser = number(1..=3_650_u16), default_value = "30")]
    pub keep_days: u16,
    /// Cache, redis://USER@HOST:PORT/DB, rediss://... (TLS) or redis+unix:///SOCKET [default: none,
    /// in-process cache]
    #[arg(long, value_name = "URL", value_parser = values::redis_url)]
    pub redis_url: Option<SecretString>,
    /// What one call to the cache may take before play goes on without it
    #[arg(long, value_name = "MS", value_parser = number(10..=60_000_u64), default_value = "100")]
    pub cache_timeout_ms: u64,
    /// Password of the cache; better from a file [default: as in --redis-url]
    #[arg(long, value_name = "PASSWORD")]
    pub redis_password: Option<SecretString>,
    /// Waits for a database or identity provider that is away at the start, for ever or this long;
    /// answers /livez with 200 and all else with 503 meanwhile [default: off, the start ends with
    /// 1]
    #[arg(long, value_name = "[SECONDS]", value_parser = values::patience)]
    pub wait: Option<Duration>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "World")]
pub struct World {
    /// A Tiled map, .tmx, .tmj or either with .gz [default: the built-in world]
    #[arg(long = "world", value_name = "FILE", value_parser = values::map)]
    pub map: Option<PathBuf>,
    /// Runs several worlds: each Tiled map in this folder, or each that a .world file of Tiled
    /// names [default: none, one world]
    #[arg(long = "worlds", value_name = "FOLDER|FILE", value_parser = values::path)]
    pub several: Option<PathBuf>,
    /// File name of the map of --worlds that is played at the address of the game itself [default:
    /// the first by name]
    #[arg(long = "first-world", value_name = "NAME", value_parser = values::path)]
    pub first: Option<PathBuf>,
    /// A world of several in which nobody has been for so long takes next to no time of the
    /// processor until somebody comes; 0 is never
    #[arg(long = "sleep-after", value_name = "SECONDS", value_parser = number(0..=86_400_u64), default_value = "30")]
    pub sleep_after_s: u64,
    /// Folder from which the map may use files, besides the one that it is in [default: none]
    #[arg(long, value_name = "DIR", value_parser = values::path)]
    pub world_root: Option<PathBuf>,
    /// Whose conventions the map keeps, for its layers, walls, objects and warps; auto finds out
    #[arg(long, value_name = "auto|tilemud|tmw|stendhal|tuxemon|som", value_parser = values::dialect, default_value = "auto")]
    pub dialect: Dialect,
    /// Where new characters appear if no object of the map says so, column and row, e.g. 12,30
    /// [default: the middle of its largest area]
    #[arg(long, value_name = "X,Y", value_parser = values::cell)]
    pub spawn: Option<(i32, i32)>,
    /// Which world of the store this is, whatever its map is called [default: the property world_id
    /// of the map, else its name]
    #[arg(long = "world-id", value_name = "ID", value_parser = values::world_id)]
    pub id: Option<String>,
    /// Refuses to begin a new world where the store has none of this name
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "false")]
    pub must_exist: bool,
    /// While another server runs this world, waits for it to end or fall silent, and then goes on
    /// with the world; answers as with --wait meanwhile
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "false")]
    pub standby: bool,
    /// Silence of a server after which another one may take its world; shorter is a faster
    /// failover, longer forgives slower machines
    #[arg(long = "lease-ttl", value_name = "SECONDS", value_parser = number(3..=60_u64), default_value = "10")]
    pub lease_ttl_s: u64,
    /// Reads the map again whenever a file in its folder changes, and goes on with it while people
    /// play; without it, SIGHUP does
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "false")]
    pub watch: bool,
    /// Ticks per second, 1 to 100
    #[arg(long, value_name = "HZ", value_parser = number(1..=100_u32), default_value = "20")]
    pub tick_hz: u32,
    /// Public deltas per second; divides --tick-hz; acks leave every tick all the same [default: as
    /// --tick-hz]
    #[arg(long, value_name = "HZ", value_parser = number(1..=100_u32))]
    pub delta_hz: u32,
    /// Players may give things to others who did not ask; without it, things are laid down and
    /// picked up
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "true")]
    pub gifts: bool,
}

impl World {
    /// The same for one map of several.
    #[must_use]
    pub fn on(&self, map: PathBuf) -> Self {
        Self { map: Some(map), several: None, first: None, ..self.clone() }
    }

    /// How a map that is not one of our own is read.
    #[must_use]
    pub fn options(&self) -> Options {
        Options { dialect: self.dialect, spawn: self.spawn }
    }
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sessions and limits")]
pub struct Sessions {
    /// Sessions at most
    #[arg(long = "max-sessions", value_name = "COUNT", value_parser = number(1..=100_000_usize), default_value = "1000")]
    pub max: usize,
    /// A session ends after this long without action or heartbeat
    #[arg(long, value_name = "SECONDS", value_parser = seconds(), default_value = "600")]
    pub inactivity_timeout_s: u64,
    /// A lost connection may come back to its session this long
    #[arg(long, value_name = "SECONDS", value_parser = seconds(), default_value = "60")]
    pub reconnect_window_s: u64,
    /// A ticket for the realtime channel is good this long
    #[arg(long, value_name = "SECONDS", value_parser = seconds(), default_value = "30")]
    pub ticket_ttl_s: u64,
    #[command(flatten)]
    pub intents: IntentLimits,
    /// Whispers per second of one player to one other; five seconds' worth may come at once
    #[arg(long, value_name = "COUNT", value_parser = number(1..=1_000_u32), default_value = "3")]
    pub whisper_per_s: u32,
    /// Sign-ins per second and network address; five seconds' worth may come at once
    #[arg(long, value_name = "COUNT", value_parser = per_address(), default_value = "200")]
    pub sign_in_per_s: NonZeroU32,
    /// Realtime connections per second and network address; five seconds' worth may come at once
    #[arg(long, value_name = "COUNT", value_parser = per_address(), default_value = "200")]
    pub connect_per_s: NonZeroU32,
    /// Other HTTP calls per second and network address, files of the client ten times as many; five
    /// seconds' worth may come at once
    #[arg(long, value_name = "COUNT", value_parser = per_address(), default_value = "300")]
    pub call_per_s: NonZeroU32,
    /// HTTP calls per second of one player, bootstraps among them; six seconds' worth may come at
    /// once
    #[arg(long, value_name = "COUNT", value_parser = number(1..=1_000_u32), default_value = "10")]
    pub user_call_per_s: u32,
    /// New characters per hour and network address, all of which may come at once
    #[arg(long, value_name = "COUNT", value_parser = per_address(), default_value = "3000")]
    pub new_characters_per_hour: NonZeroU32,
    /// The version a client must have; set in the file, it is read again on SIGHUP, and players
    /// with another are told [default: the server's own]
    #[arg(long, value_name = "VERSION", value_parser = values::version, default_value = tilemud_schema::version())]
    pub accept_version: String,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sign-in (at least one issuer is needed)")]
pub struct SignIn {
    /// POST /dev/token signs anyone in: for local play only, refused unless listening on loopback
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "false")]
    pub dev_issuer: bool,
    /// Lets --dev-issuer listen on any address, and answer under any name and through proxies
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, value_parser = switch, default_value = "false")]
    pub dev_issuer_anywhere: bool,
    /// OpenID Connect provider, exactly as in its tokens' iss [default: none]
    #[arg(long, value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// What the provider was known as before it moved: its users stay who they are; repeatable
    /// [default: none]
    #[arg(long = "oidc-issuer-alias", value_name = "URL")]
    pub oidc_issuer_aliases: Vec<String>,
    /// What the tokens' aud must name [default: none]
    #[arg(long, value_name = "AUDIENCE")]
    pub(super) oidc_audience: Option<String>,
    /// The provider's keys from a file [default: discovery from the issuer]
    #[arg(long, value_name = "FILE")]
    pub(super) oidc_jwks_file: Option<PathBuf>,
    /// The public client that players sign in as at the provider, by authorization code with PKCE
    /// [default: none, players bring their own tokens]
    #[arg(long, value_name = "ID")]
    pub(super) oidc_client_id: Option<String>,
    /// What players' clients ask the provider for
    #[arg(long, value_name = "SCOPE", default_value = "openid")]
    pub(super) oidc_scope: String,
    /// The resource players' clients name to the provider (RFC 8707), where it wants one [default:
    /// none]
    #[arg(long, value_name = "URI")]
    pub(super) oidc_resource: Option<String>,
    /// A name that no player may take, nor one that looks like it; repeatable, replaces the default
    /// but for "server"
    #[arg(long = "reserved-name", value_name = "NAME", value_parser = values::reserved_name,
          default_values = tilemud_names::RESERVED_NAMES)]
    pub reserved_names: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Logs")]
pub struct LogConfig {
    /// text, json, or auto: text on a terminal, json otherwise
    #[arg(long = "log-format", value_name = "FORMAT", value_parser = values::log_format, default_value = "auto")]
    pub format: LogFormat,
    /// Also write daily files here, kept 30 days; SIGUSR1 opens them anew [default: none, standard
    /// error only]
    #[arg(long = "log-dir", value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// All files of --log-dir together at most; then the oldest are deleted, with a warning
    #[arg(long = "log-dir-max-mib", value_name = "MIB", value_parser = number(1..=16 * 1024 * 1024_u64),
          default_value = "1024")]
    pub dir_mib_max: u64,
    /// A level, or target=level pairs such as info,tilemud_net=debug
    #[arg(long = "log-filter", value_name = "FILTER", value_parser = log_filter::filter, default_value = "info")]
    pub filter: String,
}

impl Network {
    /// Certificate and key; `None` is plain HTTP.
    #[must_use]
    pub fn tls(&self) -> Option<TlsFiles> {
        Some(TlsFiles { cert: self.tls_cert.clone()?, key: self.tls_key.clone()? })
    }

    /// The trusted proxies, and the address players use (FR-032).
    #[must_use]
    pub fn proxies(&self) -> proxy::Settings {
        let (trusted, public_url) = (self.trusted_proxy.clone(), self.public_url.clone());
        proxy::Settings { trusted, header: self.forwarded_header, public_url }
    }
}

impl World {
    /// How long the lease of the world lasts.
    #[must_use]
    pub fn lease_ttl(&self) -> Duration {
        Duration::from_secs(self.lease_ttl_s)
    }

    /// Ticks from one public delta to the next.
    #[must_use]
    pub fn delta_every_ticks(&self) -> u32 {
        self.tick_hz / self.delta_hz
    }
}

impl SignIn {
    /// The external provider; at least one of this and [`SignIn::dev_issuer`] is set.
    #[must_use]
    pub fn oidc(&self) -> Option<OidcConfig> {
        let (issuer, audience) = (self.oidc_issuer.clone()?, self.oidc_audience.clone()?);
        Some(OidcConfig { issuer, audience, jwks_file: self.oidc_jwks_file.clone() })
    }

    /// The public client that players sign in as at the provider; `None` when they do not sign in
    /// through the game.
    #[must_use]
    pub fn player_client(&self) -> Option<PlayerClient> {
        let (scope, resource) = (self.oidc_scope.clone(), self.oidc_resource.clone());
        self.oidc_client_id.clone().map(|client_id| PlayerClient { client_id, scope, resource })
    }
}

/// Where values came from, and notices for the operator, to be logged once there is a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// Notices that do not stop the start.
    pub notices: Vec<String>,
    /// Files that secrets were read from, so that their permissions can be checked.
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
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// What `tilemud map plan` was asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanOrder {
    /// The edited map; that of `--world` if absent.
    pub file: Option<PathBuf>,
    /// For programs.
    pub json: bool,
}

/// What `tilemud retain` was asked to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    /// Only say what would be deleted.
    pub dry_run: bool,
    /// Believe the clock.
    pub force: bool,
}

/// What `tilemud backup` was asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupOrder {
    /// Where to.
    pub file: PathBuf,
    /// The backup before, if only what is new is wanted.
    pub since: Option<PathBuf>,
}

/// What `tilemud restore` was asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoreOrder {
    /// The backups, the whole one first.
    pub files: Vec<PathBuf>,
    /// The time as of which the world is wanted; its end if absent.
    pub until: Option<Timestamp>,
}

/// What `tilemud config` was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigOrder {
    /// Write a file to choose from, to standard output if it has no name.
    Init(Option<PathBuf>),
    /// Say whether the settings go together.
    Check,
    /// Show what comes of all sources.
    Show,
}
