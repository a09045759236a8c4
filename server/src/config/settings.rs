//! The table of everything that can be set. One row makes a flag, its help, its environment twin and its key in the file.

use std::sync::LazyLock;

use tilemud_schema::IntentClass;

/// One thing that can be set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// The flag without its dashes; the environment twin and the file's key follow from it.
    pub(super) name: &'static str,
    /// Which heading of the help it stands under.
    pub(super) group: &'static str,
    /// What kind of value.
    pub(super) shape: Shape,
    /// What the help calls the value.
    pub(super) value: &'static str,
    /// What the help says.
    pub(super) help: &'static str,
    /// What it is when nobody sets it.
    pub(super) default: Unset,
}

/// What kind of value a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any text.
    Text,
    /// Text that may hold a password: never repeated in a message.
    Secret,
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// Several texts: the flag repeated, the variable separated by commas, an array in the file.
    List,
    /// On, off, or a number of seconds.
    Patience,
}

/// What a setting is when nobody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unset {
    /// This text, read as if it had been given.
    Text(&'static str),
    /// Nothing, which means this.
    Means(&'static str),
}

impl Setting {
    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('-', "_").to_ascii_uppercase())
    }

    /// Its key in the file; dashes are read as well.
    pub(super) fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// What the variables of this program begin with.
pub(super) const PREFIX: &str = "TILEMUD_";

/// Variables of the developer commands, which may start a server with them still set.
pub(super) const FOREIGN: [&str; 4] = ["TILEMUD_BIN", "TILEMUD_CLIENT_BIN", "TILEMUD_SCREENSHOTS", "TILEMUD_LONG"];

/// What the name of a setting ends in that names the file of a secret.
pub(super) const FILE_SUFFIX: &str = "-file";

/// Prefix of variables that only tests read.
pub(super) const FOREIGN_PREFIX: &str = "TILEMUD_TEST_";

/// The setting of this name.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

const fn setting(
    group: &'static str,
    name: &'static str,
    shape: Shape,
    value: &'static str,
    default: Unset,
    help: &'static str,
) -> Setting {
    Setting { name, group, shape, value, help, default }
}

const NETWORK: &str = "Network";
const STORAGE: &str = "Storage";
const WORLD: &str = "World";
const SESSIONS: &str = "Sessions and limits";
const SIGN_IN: &str = "Sign-in (at least one issuer is needed)";
const LOGS: &str = "Logs";

/// [`tilemud_names::RESERVED_NAMES`], for the help.
const RESERVED: &str = "admin, administrator, gamemaster, gm, moderator, operator, root, server, system, tilemud";

use Shape::{List, Number, Patience, Secret, Switch, Text};
use Unset::{Means, Text as Is};

/// All of it, in the order of the help.
pub(super) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let limits = IntentClass::ALL.map(|class| {
        let limit = class.limit();
        setting(SESSIONS, limit.flag, Number, "COUNT", Is(limit.per_s), limit.help)
    });
    [BEFORE_LIMITS, &limits, AFTER_LIMITS].concat()
});

#[rustfmt::skip]
const BEFORE_LIMITS: &[Setting] = &[
    setting(NETWORK, "listen", Text, "IP:PORT", Is("127.0.0.1:8080"),
        "Where to listen; port 0 lets the system choose"),
    setting(NETWORK, "tls-cert", Text, "FILE", Means("none, plain HTTP"),
        "Certificate chain, PEM; taken up again when it changes"),
    setting(NETWORK, "tls-key", Text, "FILE", Means("none"),
        "Private key of the certificate, PEM"),
    setting(NETWORK, "allowed-origin", List, "ORIGIN", Means("same origin only"),
        "Another origin whose pages may play, e.g. https://play.example.org; repeatable"),
    setting(NETWORK, "public-url", Text, "URL", Means("as the request says"),
        "The address players use, when a proxy stands in front, with its path if any, e.g. https://example.org/game/"),
    setting(NETWORK, "trusted-proxy", List, "ADDR|RANGE", Means("nobody is believed"),
        "A proxy whose Forwarded, X-Forwarded-* and PROXY headers are believed, e.g. 127.0.0.1 or 10.0.0.0/8; repeatable"),
    setting(NETWORK, "forwarded-header", Text, "forwarded|x-forwarded|either", Is("either"),
        "Which headers the trusted proxies write; the others may be a player's own and are not read. With either, two that disagree \
         about a player's address count as none"),
    setting(NETWORK, "metrics-listen", Text, "IP:PORT", Means("none, GET /metrics answers where players are"),
        "Where GET /metrics answers instead, for whoever measures; 404 on the port of the players then"),
    setting(NETWORK, "tls-ca", List, "PATH", Means("the system's, and those of SSL_CERT_FILE and SSL_CERT_DIR"),
        "Further certificate authorities, PEM file or folder, for the identity provider, Postgres and Redis; repeatable"),
    setting(STORAGE, "data-dir", Text, "DIR", Is("./tilemud-data"),
        "Folder of the embedded store; made when missing"),
    setting(STORAGE, "database-url", Secret, "URL", Means("sqlite:<data-dir>/tilemud.db"),
        "Durable store, sqlite:PATH or postgres://USER@HOST/DATABASE?sslmode=...&sslrootcert=...; migrations run at start"),
    setting(STORAGE, "database-url-file", Text, "FILE", Means("none"),
        "File that holds --database-url"),
    setting(STORAGE, "database-password", Secret, "PASSWORD", Means("as in --database-url"),
        "Password of the database user; better from a file, since other users of the machine can read a command line"),
    setting(STORAGE, "database-password-file", Text, "FILE", Means("none"),
        "File that holds --database-password"),
    setting(STORAGE, "keep-days", Number, "DAYS", Is("30"),
        "Days the log of actions is kept"),
    setting(STORAGE, "redis-url", Secret, "URL", Means("none, in-process cache"),
        "Cache, redis://USER@HOST:PORT/DB, rediss://... (TLS) or redis+unix:///SOCKET"),
    setting(STORAGE, "cache-timeout-ms", Number, "MS", Is("100"),
        "What one call to the cache may take before play goes on without it"),
    setting(STORAGE, "redis-url-file", Text, "FILE", Means("none"),
        "File that holds --redis-url"),
    setting(STORAGE, "redis-password", Secret, "PASSWORD", Means("as in --redis-url"),
        "Password of the cache; better from a file"),
    setting(STORAGE, "redis-password-file", Text, "FILE", Means("none"),
        "File that holds --redis-password"),
    setting(STORAGE, "wait", Patience, "[SECONDS]", Means("off, the start ends with 1"),
        "Waits for a database or identity provider that is away at the start, for ever or this long; answers /livez with 200 and \
         all else with 503 meanwhile"),
    setting(WORLD, "world", Text, "FILE", Means("the built-in world"),
        "A Tiled map, .tmx"),
    setting(WORLD, "world-id", Text, "ID", Means("the name of the map"),
        "Which world of the store this is, whatever its map is called"),
    setting(WORLD, "must-exist", Switch, "BOOL", Is("false"),
        "Refuses to begin a new world where the store has none of this name"),
    setting(WORLD, "tick-hz", Number, "HZ", Is("20"),
        "Ticks per second, 1 to 100"),
    setting(WORLD, "delta-hz", Number, "HZ", Means("as --tick-hz"),
        "Public deltas per second; divides --tick-hz; acks leave every tick all the same"),
    setting(WORLD, "gifts", Switch, "BOOL", Is("true"),
        "Players may give things to others who did not ask; without it, things are laid down and picked up"),
    setting(SESSIONS, "max-sessions", Number, "COUNT", Is("1000"),
        "Sessions at most"),
    setting(SESSIONS, "inactivity-timeout-s", Number, "SECONDS", Is("600"),
        "A session ends after this long without action or heartbeat"),
    setting(SESSIONS, "reconnect-window-s", Number, "SECONDS", Is("60"),
        "A lost connection may come back to its session this long"),
    setting(SESSIONS, "ticket-ttl-s", Number, "SECONDS", Is("30"),
        "A ticket for the realtime channel is good this long"),
];

#[rustfmt::skip]
const AFTER_LIMITS: &[Setting] = &[
    setting(SESSIONS, "whisper-per-s", Number, "COUNT", Is("3"),
        "Whispers per second of one player to one other; five seconds' worth may come at once"),
    setting(SESSIONS, "sign-in-per-s", Number, "COUNT", Is("200"),
        "Sign-ins per second and network address; five seconds' worth may come at once"),
    setting(SESSIONS, "connect-per-s", Number, "COUNT", Is("200"),
        "Realtime connections per second and network address; five seconds' worth may come at once"),
    setting(SESSIONS, "call-per-s", Number, "COUNT", Is("300"),
        "Other HTTP calls per second and network address, files of the client ten times as many; five seconds' worth may come at \
         once"),
    setting(SESSIONS, "user-call-per-s", Number, "COUNT", Is("10"),
        "HTTP calls per second of one player, bootstraps among them; six seconds' worth may come at once"),
    setting(SESSIONS, "new-characters-per-hour", Number, "COUNT", Is("3000"),
        "New characters per hour and network address, all of which may come at once"),
    setting(SESSIONS, "accept-version", Text, "VERSION", Means("the server's own"),
        "The version a client must have; set in the file, it is read again on SIGHUP, and players with another are told"),
    setting(SIGN_IN, "dev-issuer", Switch, "BOOL", Is("false"),
        "POST /dev/token signs anyone in: for local play only, refused unless listening on loopback"),
    setting(SIGN_IN, "dev-issuer-anywhere", Switch, "BOOL", Is("false"),
        "Lets --dev-issuer listen on any address, and answer under any name and through proxies"),
    setting(SIGN_IN, "oidc-issuer", Text, "URL", Means("none"),
        "OpenID Connect provider, exactly as in its tokens' iss"),
    setting(SIGN_IN, "oidc-issuer-alias", List, "URL", Means("none"),
        "What the provider was known as before it moved: its users stay who they are; repeatable"),
    setting(SIGN_IN, "oidc-audience", Text, "AUDIENCE", Means("none"),
        "What the tokens' aud must name"),
    setting(SIGN_IN, "oidc-jwks-file", Text, "FILE", Means("discovery from the issuer"),
        "The provider's keys from a file"),
    setting(SIGN_IN, "oidc-client-id", Text, "ID", Means("none, players bring their own tokens"),
        "The public client that players sign in as at the provider, by authorization code with PKCE"),
    setting(SIGN_IN, "oidc-scope", Text, "SCOPE", Is("openid"),
        "What players' clients ask the provider for"),
    setting(SIGN_IN, "oidc-resource", Text, "URI", Means("none"),
        "The resource players' clients name to the provider (RFC 8707), where it wants one"),
    setting(SIGN_IN, "reserved-name", List, "NAME", Means(RESERVED),
        "A name that no player may take, nor one that looks like it; repeatable, replaces the default"),
    setting(LOGS, "log-format", Text, "FORMAT", Is("auto"),
        "text, json, or auto: text on a terminal, json otherwise"),
    setting(LOGS, "log-dir", Text, "DIR", Means("none, standard error only"),
        "Also write daily files here, kept 30 days; SIGUSR1 opens them anew"),
    setting(LOGS, "log-dir-max-mib", Number, "MIB", Is("1024"),
        "All files of --log-dir together at most; then the oldest are deleted, with a warning"),
    setting(LOGS, "log-filter", Text, "FILTER", Is("info"),
        "A level, or target=level pairs such as info,tilemud_net=debug"),
];
