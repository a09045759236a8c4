//! From texts to values: what each may be, and the rules between them. The only place that builds a [`Config`].

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use tilemud_net::auth::{OidcConfig, PlayerClient};
use tilemud_persist::Backend;
use tilemud_schema::{IntentClass, PerClass};

use super::chosen::{Config, LinkUsers, LogConfig, LogFormat, Sources, StoreConfig, TlsFiles};
use super::error::ConfigError;
use super::place::Imprint;
use super::reader::{Reader, SECONDS_MAX};
use super::source::Merged;
use super::{front, log_filter};

/// Highest rate per address that can be set: in effect no limit.
const ADDRESS_PER_S_MAX: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not 0");

/// Longest time the log can be kept, days.
const KEEP_DAYS_MAX: u16 = 3_650;

/// Most room for log files that can be set, MiB.
const LOG_DIR_MIB_MAX: u64 = 16 * 1024 * 1024;

/// Longest name of a world in a store, characters.
const WORLD_ID_CHARS_MAX: usize = 100;

/// Longest version that can be set, bytes.
const VERSION_BYTES_MAX: usize = 64;

/// Checks everything.
pub(super) fn config(merged: &Merged) -> Result<Config, ConfigError> {
    let read = Reader { values: &merged.values };
    let data_dir = data_dir(&read)?;
    let database_url = database_url(&read, &data_dir)?;
    let listen = read.address("listen")?.ok_or_else(|| ConfigError::rule("--listen has no value", "give it one"))?;
    let metrics_listen = metrics_listen(&read, listen)?;
    let (tick_hz, delta_hz) = rates(&read)?;
    let config = Config {
        listen,
        metrics_listen,
        data_dir,
        database_password: database_password(&read, &database_url)?,
        database_url,
        keep_days: keep_days(&read)?,
        cache_timeout_ms: read.number("cache-timeout-ms", 10..=60_000)?,
        redis_password: redis_password(&read)?,
        redis_url: redis_url(&read)?,
        wait: read.patience("wait")?,
        tls_ca: read.paths("tls-ca")?,
        world: world(&read)?,
        world_id: world_id(&read)?,
        must_exist: read.switch("must-exist")?,
        tick_hz,
        delta_hz,
        max_sessions: read.number("max-sessions", 1..=100_000)?,
        inactivity_timeout_s: read.number("inactivity-timeout-s", 1..=SECONDS_MAX)?,
        reconnect_window_s: read.number("reconnect-window-s", 1..=SECONDS_MAX)?,
        ticket_ttl_s: read.number("ticket-ttl-s", 1..=SECONDS_MAX)?,
        intents_per_s: intents_per_s(&read)?,
        whisper_per_s: read.number("whisper-per-s", 1..=1_000)?,
        sign_in_per_s: read.number("sign-in-per-s", NonZeroU32::MIN..=ADDRESS_PER_S_MAX)?,
        connect_per_s: read.number("connect-per-s", NonZeroU32::MIN..=ADDRESS_PER_S_MAX)?,
        call_per_s: read.number("call-per-s", NonZeroU32::MIN..=ADDRESS_PER_S_MAX)?,
        user_call_per_s: read.number("user-call-per-s", 1..=1_000)?,
        new_characters_per_hour: read.number("new-characters-per-hour", NonZeroU32::MIN..=ADDRESS_PER_S_MAX)?,
        gifts: read.switch("gifts")?,
        accept_version: accept_version(&read)?,
        dev_issuer: false,
        dev_issuer_anywhere: read.switch("dev-issuer-anywhere")?,
        oidc: None,
        player_client: None,
        tls: tls(&read)?,
        allowed_origins: front::origins(&read)?,
        proxies: front::proxies(&read)?,
        issuer_aliases: Vec::new(),
        reserved_names: reserved_names(&read)?,
        log: log(&read)?,
        imprint: Imprint::of(&merged.values),
        sources: sources(&read, merged),
    };
    // Last: a bad value is told before what is missing.
    let (dev_issuer, oidc) = sign_in(&read, listen)?;
    let player_client = player_client(&read, oidc.as_ref())?;
    let issuer_aliases = issuer_aliases(&read, oidc.as_ref())?;
    Ok(Config { dev_issuer, oidc, player_client, issuer_aliases, ..config })
}

fn intents_per_s(read: &Reader<'_>) -> Result<PerClass<u32>, ConfigError> {
    let mut rates = PerClass::of(|_| 0);
    for class in IntentClass::ALL {
        rates[class] = read.number(class.limit().flag, 1..=1_000)?;
    }
    Ok(rates)
}

/// Checks what the commands that look after a store need.
pub(super) fn store(merged: &Merged) -> Result<StoreConfig, ConfigError> {
    let read = Reader { values: &merged.values };
    let database_url = database_url(&read, &data_dir(&read)?)?;
    Ok(StoreConfig {
        database_password: database_password(&read, &database_url)?,
        database_url,
        tls_ca: read.paths("tls-ca")?,
        world: world(&read)?,
        world_id: world_id(&read)?,
        keep_days: keep_days(&read)?,
        log: log(&read)?,
        sources: sources(&read, merged),
    })
}

fn sources(read: &Reader<'_>, merged: &Merged) -> Sources {
    let mut notices = merged.notices.clone();
    notices.extend(read.given("log-filter").into_iter().flat_map(|given| log_filter::doubts(&given.texts.join(","))));
    let places = merged.values.iter().map(|(name, given)| (*name, given.place.clone())).collect();
    Sources { notices, secret_files: merged.secret_files.clone(), places }
}

/// Checks what links the users of two issuers.
pub(super) fn link(link: LinkUsers) -> Result<LinkUsers, ConfigError> {
    for (flag, issuer) in [("--from-issuer", &link.from), ("--to-issuer", &link.to)] {
        if issuer.trim().is_empty() {
            return Err(ConfigError::rule(format!("{flag} is empty"), "give what stands in the tokens' iss"));
        }
    }
    if link.from == link.to {
        let problem = "--from-issuer and --to-issuer are the same";
        return Err(ConfigError::rule(problem, "give what stood in the tokens' iss before and what stands there now"));
    }
    Ok(link)
}

fn metrics_listen(read: &Reader<'_>, listen: SocketAddr) -> Result<Option<SocketAddr>, ConfigError> {
    let address = read.address("metrics-listen")?;
    if address == Some(listen) && listen.port() != 0 {
        let problem = "is the port of the players";
        return Err(ConfigError::value(&read.place("metrics-listen"), problem, "give another port, or leave it out"));
    }
    Ok(address)
}

fn data_dir(read: &Reader<'_>) -> Result<PathBuf, ConfigError> {
    Ok(read.path("data-dir")?.unwrap_or_else(|| PathBuf::from("./tilemud-data")))
}

fn database_url(read: &Reader<'_>, data_dir: &Path) -> Result<SecretString, ConfigError> {
    let url = read.url("database-url", &tilemud_persist::BEGINNINGS)?;
    Ok(url.unwrap_or_else(|| SecretString::from(format!("sqlite:{}", data_dir.join("tilemud.db").display()))))
}

fn database_password(read: &Reader<'_>, url: &SecretString) -> Result<Option<SecretString>, ConfigError> {
    let password = read.secret("database-password")?;
    if password.is_some() && !Backend::of(url.expose_secret()).is_ok_and(Backend::takes_password) {
        let problem = "means nothing without Postgres";
        let remedy = "set --database-url postgres://... as well, or remove it";
        return Err(ConfigError::value(&read.place("database-password"), problem, remedy));
    }
    Ok(password)
}

fn redis_url(read: &Reader<'_>) -> Result<Option<SecretString>, ConfigError> {
    let url = read.url("redis-url", &["redis://", "rediss://", "redis+unix://", "unix://"])?;
    if url.as_ref().is_some_and(|url| url.expose_secret().contains('#')) {
        let problem = "has something behind a #, such as #insecure, and a certificate is never left unchecked";
        let remedy = "leave that out, and name the authority of the certificate with --tls-ca";
        return Err(ConfigError::value(&read.place("redis-url"), problem, remedy));
    }
    Ok(url)
}

fn redis_password(read: &Reader<'_>) -> Result<Option<SecretString>, ConfigError> {
    let password = read.secret("redis-password")?;
    if password.is_some() && read.given("redis-url").is_none() {
        let problem = "means nothing without a Redis";
        let remedy = "set --redis-url as well, or remove it";
        return Err(ConfigError::value(&read.place("redis-password"), problem, remedy));
    }
    Ok(password)
}

fn keep_days(read: &Reader<'_>) -> Result<u16, ConfigError> {
    read.number("keep-days", 1..=KEEP_DAYS_MAX)
}

fn player_client(read: &Reader<'_>, oidc: Option<&OidcConfig>) -> Result<Option<PlayerClient>, ConfigError> {
    let client_id = read.text("oidc-client-id")?;
    let resource = read.text("oidc-resource")?;
    let scope = read.text("oidc-scope")?.unwrap_or_default();
    let Some(client_id) = client_id else {
        if resource.is_some() {
            let problem = "means nothing without a client for players";
            let remedy = "set --oidc-client-id as well, or remove it";
            return Err(ConfigError::value(&read.place("oidc-resource"), problem, remedy));
        }
        return Ok(None);
    };
    match oidc {
        None => Err(ConfigError::value(
            &read.place("oidc-client-id"),
            "means nothing without an OIDC issuer",
            "set --oidc-issuer as well, or remove it",
        )),
        Some(oidc) if oidc.jwks_file.is_some() => Err(ConfigError::value(
            &read.place("oidc-client-id"),
            "needs the provider's discovery document, which is not read when its keys come from a file",
            "remove --oidc-jwks-file, or remove it",
        )),
        Some(_) => Ok(Some(PlayerClient { client_id, scope, resource })),
    }
}

fn sign_in(read: &Reader<'_>, listen: SocketAddr) -> Result<(bool, Option<OidcConfig>), ConfigError> {
    let dev_issuer = read.switch("dev-issuer")?;
    let anywhere = read.switch("dev-issuer-anywhere")?;
    let issuer = read.text("oidc-issuer")?;
    let audience = read.text("oidc-audience")?;
    let jwks_file = read.path("oidc-jwks-file")?;
    if dev_issuer && !anywhere && !listen.ip().is_loopback() {
        return Err(ConfigError::value(
            &read.place("dev-issuer"),
            format!("the development issuer signs anyone in, and {listen} is not a loopback address"),
            "listen on 127.0.0.1, use --oidc-issuer instead, or say --dev-issuer-anywhere if that is what you want",
        ));
    }
    let oidc = match (issuer, audience) {
        (Some(issuer), Some(audience)) => Some(OidcConfig { issuer, audience, jwks_file }),
        (Some(_), None) => {
            let problem = "an OIDC issuer needs an audience";
            return Err(ConfigError::value(&read.place("oidc-issuer"), problem, "set --oidc-audience as well"));
        }
        (None, audience) => {
            let orphan = audience.map(|_| "oidc-audience").or(jwks_file.map(|_| "oidc-jwks-file"));
            if let Some(orphan) = orphan {
                let problem = "means nothing without an OIDC issuer";
                return Err(ConfigError::value(
                    &read.place(orphan),
                    problem,
                    "set --oidc-issuer as well, or remove it",
                ));
            }
            None
        }
    };
    if oidc.is_none() && !dev_issuer {
        return Err(ConfigError::rule(
            "no token issuer is configured, so nobody could sign in",
            "set --oidc-issuer and --oidc-audience, or --dev-issuer for local play (TILEMUD_OIDC_ISSUER, \
             TILEMUD_OIDC_AUDIENCE, TILEMUD_DEV_ISSUER in the environment)",
        ));
    }
    Ok((dev_issuer, oidc))
}

fn issuer_aliases(read: &Reader<'_>, oidc: Option<&OidcConfig>) -> Result<Vec<String>, ConfigError> {
    let Some(given) = read.given("oidc-issuer-alias") else { return Ok(Vec::new()) };
    for alias in &given.texts {
        let (problem, remedy) = match oidc {
            None => ("means nothing without an OIDC issuer", "set --oidc-issuer as well, or remove it"),
            Some(_) if alias.trim().is_empty() => ("is empty", "give what stood in iss before the provider moved"),
            Some(oidc) if oidc.issuer == *alias => {
                ("is the issuer of today", "give what stood in iss before the provider moved, or remove it")
            }
            Some(_) => continue,
        };
        return Err(ConfigError::value(&given.place, problem, remedy));
    }
    Ok(given.texts.clone())
}

fn reserved_names(read: &Reader<'_>) -> Result<Vec<String>, ConfigError> {
    let Some(given) = read.given("reserved-name") else {
        return Ok(tilemud_names::RESERVED_NAMES.map(str::to_owned).to_vec());
    };
    if let Some(name) = given.texts.iter().find(|name| !name.chars().any(char::is_alphanumeric)) {
        let problem = format!("{name:?} has no letter");
        return Err(ConfigError::value(&given.place, problem, "give the name as a player would write it"));
    }
    Ok(given.texts.clone())
}

fn rates(read: &Reader<'_>) -> Result<(u32, u32), ConfigError> {
    let tick_hz = read.number("tick-hz", 1..=100)?;
    if read.given("delta-hz").is_none() {
        return Ok((tick_hz, tick_hz));
    }
    let delta_hz: u32 = read.number("delta-hz", 1..=100)?;
    if delta_hz > tick_hz || !tick_hz.is_multiple_of(delta_hz) {
        let fitting: Vec<_> = (1..=tick_hz).filter(|hz| tick_hz.is_multiple_of(*hz)).map(|hz| hz.to_string()).collect();
        return Err(ConfigError::value(
            &read.place("delta-hz"),
            format!("{delta_hz} does not divide the {tick_hz} ticks per second"),
            format!("give one of {}", fitting.join(", ")),
        ));
    }
    Ok((tick_hz, delta_hz))
}

fn accept_version(read: &Reader<'_>) -> Result<String, ConfigError> {
    let Some(version) = read.text("accept-version")? else { return Ok(tilemud_schema::version().to_owned()) };
    if version.len() <= VERSION_BYTES_MAX && version.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(version);
    }
    let remedy = format!("write it as GET /api/version shows it, e.g. {}", tilemud_schema::version());
    Err(ConfigError::value(&read.place("accept-version"), format!("{version:?} is not a version"), remedy))
}

fn world(read: &Reader<'_>) -> Result<Option<PathBuf>, ConfigError> {
    let world = read.path("world")?;
    if let Some(path) = &world
        && path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("tmx"))
    {
        let problem = format!("{} is not a Tiled map", path.display());
        return Err(ConfigError::value(&read.place("world"), problem, "name a .tmx file, or leave it out"));
    }
    Ok(world)
}

fn world_id(read: &Reader<'_>) -> Result<Option<String>, ConfigError> {
    let id = read.text("world-id")?;
    let fits = |id: &String| id.chars().count() <= WORLD_ID_CHARS_MAX && !id.chars().any(char::is_control);
    if id.as_ref().is_none_or(fits) {
        return Ok(id);
    }
    let remedy = format!("give at most {WORLD_ID_CHARS_MAX} characters that can be seen");
    Err(ConfigError::value(&read.place("world-id"), "is not the name of a world", remedy))
}

fn tls(read: &Reader<'_>) -> Result<Option<TlsFiles>, ConfigError> {
    let alone = |given: &'static str, missing: &str| {
        let problem = "certificate and key go together";
        Err(ConfigError::value(&read.place(given), problem, format!("set --{missing} as well, or remove it")))
    };
    match (read.path("tls-cert")?, read.path("tls-key")?) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (Some(_), None) => alone("tls-cert", "tls-key"),
        (None, Some(_)) => alone("tls-key", "tls-cert"),
        (None, None) => Ok(None),
    }
}

fn log(read: &Reader<'_>) -> Result<LogConfig, ConfigError> {
    let format = match read.text("log-format")?.as_deref() {
        None | Some("auto") => LogFormat::Auto,
        Some("text") => LogFormat::Text,
        Some("json") => LogFormat::Json,
        Some(other) => {
            let problem = format!("{other:?} is not a log format");
            return Err(ConfigError::value(&read.place("log-format"), problem, "give text, json or auto"));
        }
    };
    let filter = read.text("log-filter")?.unwrap_or_else(|| "info".to_owned());
    if let Err(problem) = log_filter::check(&filter) {
        return Err(ConfigError::value(&read.place("log-filter"), problem, log_filter::REMEDY));
    }
    let dir_bytes_max = read.number("log-dir-max-mib", 1..=LOG_DIR_MIB_MAX)? << 20;
    Ok(LogConfig { format, dir: read.path("log-dir")?, dir_bytes_max, filter })
}
