//! What a start prepares before there is a world: certificates, sign-in, the port, connections; and
//! the wait for a database or provider that is away. An error names the setting that caused it.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::ExposeSecret as _;
use tilemud_net::auth::{AuthConfig, AuthSetupError, Authenticator, DevIssuer};
use tilemud_net::http::{Listener, Waiting};
use tilemud_net::settings::Settings;
use tilemud_net::tls::{self, TlsAcceptor};
use tilemud_persist::cache::{self, Cache, CallTimeout};
use tilemud_persist::diagnostic::{Diagnostic, in_one_line, system_words};
use tilemud_persist::store::StoreError;
use tilemud_persist::{Access, Authorities, OpenMode};
use tilemud_sim::Map;
use tilemud_vitals::alerts::Pace;
use tokio::time::Instant;
use tracing::field::display;

use super::descriptors;
use super::port::Port;
use crate::config::{Config, SetWrong, Sources};
use crate::engine::world;

/// Time between two attempts to reach what is away.
const AWAY_POLL: Duration = Duration::from_secs(1);

/// What a server stands on before it has a store.
pub(crate) struct Prepared {
    pub(crate) port_state: PortState,
    /// For the metrics alone, where they have one.
    pub(crate) metrics_port: Option<Port>,
    pub(crate) auth: Authenticator,
    pub(crate) authorities: Authorities,
    pub(crate) connections_max: usize,
    /// How alerts are judged.
    pub(crate) pace: Pace,
    /// With `--wait`, the end of the wait, if it has one.
    pub(crate) deadline: Option<Option<Instant>>,
}

/// Why a world could not be recovered.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Failed(pub(crate) anyhow::Error);

impl Failed {
    /// Whether the store went away.
    pub(crate) fn may_mend(&self) -> bool {
        let is_away = |cause: &(dyn std::error::Error + 'static)| {
            matches!(cause.downcast_ref::<StoreError>(), Some(StoreError::Unavailable(_)))
        };
        self.0.chain().any(is_away)
    }
}

impl Prepared {
    /// Binds the port, reads keys and certificates, and checks the limits of the process.
    ///
    /// # Errors
    /// What was set wrong.
    pub(crate) fn prepare(config: &Config) -> Result<Self> {
        let place = |name| config.sources.place(name);
        let authorities = authorities(&config.network.tls_ca, &config.sources)?;
        let tls = match config.network.tls() {
            Some(files) => {
                let acceptor = tls::acceptor(&files.cert, &files.key);
                let named = || format!("{} and {}", place("tls-cert"), place("tls-key"));
                Some(acceptor.with_context(named)?)
            }
            None => None,
        };
        let auth = authenticator(config, &authorities)?;
        // Connects to nothing; whether the address can be used is to be known before a world is
        // made.
        drop(open_cache(config, &authorities, "")?);
        let connections_max = descriptors::fit(&place("max-sessions"), config.sessions.max)?;
        let port = Port::take(place("listen"), config.network.listen)?;
        let metrics_port =
            config.network.metrics_listen.map(|address| Port::take(place("metrics-listen"), address)).transpose()?;
        let port_state = PortState::Closed(port, tls);
        let deadline = config.storage.wait.map(|wait| Instant::now().checked_add(wait));
        Ok(Self { port_state, metrics_port, auth, authorities, connections_max, pace: Pace::clock(), deadline })
    }
}

/// The port on its way from taken to serving.
pub(crate) enum PortState {
    /// Nobody is answered.
    Closed(Port, Option<TlsAcceptor>),
    /// Everybody is told to wait.
    Waiting(Waiting),
    /// Nothing; only while it changes.
    Gone,
}

impl PortState {
    /// Begins to answer that one has to wait, as the server with these settings (with or without
    /// TLS) will answer.
    pub(super) fn open(&mut self, settings: impl FnOnce(bool) -> Settings) -> Result<()> {
        if let Self::Closed(port, tls) = std::mem::replace(self, Self::Gone) {
            let settings = settings(tls.is_some());
            *self = Self::Waiting(Waiting::begin(Listener { tcp: port.listen()?, tls }, settings));
        }
        Ok(())
    }

    pub(crate) fn say(&self, words: &'static str) {
        if let Self::Waiting(waiting) = self {
            waiting.say(words);
        }
    }

    /// A listener of a port of its own.
    ///
    /// # Errors
    /// [`SetWrong`] when the port cannot be listened to.
    pub(crate) async fn listener(self) -> Result<Listener> {
        match self {
            Self::Closed(port, tls) => Ok(Listener { tcp: port.listen()?, tls }),
            Self::Waiting(waiting) => waiting.end().await.context("the port could not be taken over"),
            Self::Gone => anyhow::bail!("there is no port"),
        }
    }
}

/// The cache of a world, which connects when it is first used.
///
/// # Errors
/// An address that cannot be used.
pub(crate) fn open_cache(config: &Config, authorities: &Authorities, world: &str) -> Result<Arc<dyn Cache>> {
    let redis = config.storage.redis_url.as_ref().map(|url| Access {
        url: url.expose_secret(),
        password: config.storage.redis_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(authorities),
        mode: OpenMode::Create,
    });
    let timeout = CallTimeout::new(Duration::from_millis(config.storage.cache_timeout_ms));
    cache::open_with(redis.as_ref(), world, timeout).with_context(|| config.sources.place("redis-url"))
}

/// Whom to believe.
pub(crate) fn authorities(paths: &[std::path::PathBuf], sources: &Sources) -> Result<Authorities> {
    Authorities::with(paths).map_err(|error| {
        SetWrong::new(sources.place("tls-ca"), error, "name PEM files of certificates, or folders of such").into()
    })
}

fn authenticator(config: &Config, authorities: &Authorities) -> Result<Authenticator> {
    let place = |name| config.sources.place(name);
    let dev_issuer = if config.sign_in.dev_issuer {
        let folder = &config.storage.data_dir;
        std::fs::create_dir_all(folder).map_err(|error| {
            let problem = format!("cannot make the folder {}", folder.display());
            not_kept(&place("data-dir"), &problem, &error, "name another, or give this user the right to write there")
        })?;
        let key_file = folder.join("dev-issuer.key");
        Some(DevIssuer::open(&key_file).map_err(|error| {
            let remedy =
                "give this user the right to read and write the folder, or remove the file to have another key made";
            not_kept(&place("data-dir"), &key_file.display().to_string(), &error, remedy)
        })?)
    } else {
        None
    };
    let client = authorities.client_config().context("TLS towards the provider cannot be set up")?;
    let auth = AuthConfig { oidc: config.sign_in.oidc(), dev_issuer };
    let authenticator = Authenticator::over(auth, client).map_err(|error| {
        let (name, remedy) = match &error {
            AuthSetupError::KeyFile { .. } => ("oidc-jwks-file", "name a readable file that holds a JWK Set"),
            AuthSetupError::NoAudience => ("oidc-audience", "name what the tokens' aud holds"),
            _ => (
                "oidc-issuer",
                "write it exactly as in the iss of the provider's tokens, e.g. https://id.example.org/realms/game",
            ),
        };
        SetWrong::new(place(name), in_one_line(&error), remedy)
    })?;
    Ok(authenticator.with_player_client(config.sign_in.player_client()))
}

/// Something could not be written to the data folder. A full disk is nobody's setting.
fn not_kept(place: &str, what: &str, error: &std::io::Error, remedy: &str) -> anyhow::Error {
    let problem = format!("{what}: {}", system_words(error));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Diagnostic::new(format!("{place}: {problem}"), "make room on its disk, and start again").into()
        }
        _ => SetWrong::new(place, problem, remedy).into(),
    }
}

/// Where in the data folder baked maps are kept.
const KEPT_MAPS: &str = "baked-maps";

/// The world, or which setting names none.
pub(crate) fn load_world(config: &Config) -> Result<Arc<Map>> {
    let (chosen, sources) = (&config.world, &config.sources);
    // A folder that is not there is made by whoever needs it, or is a mistake.
    let folder = Some(&config.storage.data_dir).filter(|folder| folder.is_dir());
    let kept = folder.map(|folder| folder.join(KEPT_MAPS));
    world::load(chosen.map.as_deref(), chosen.world_root.as_deref(), &chosen.options(), kept).map_err(|error| {
        let remedy = "name a Tiled map (.tmx) that can be read, or leave it out for the built-in world";
        SetWrong::new(sources.place("world"), in_one_line(&error), remedy).into()
    })
}

/// Retries until success, the deadline, or an error that waiting does not resolve.
pub(crate) async fn until_there<T, E: std::error::Error + 'static>(
    deadline: Option<Instant>,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
    is_away: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let mut logged = String::new();
    loop {
        let error = match attempt().await {
            Ok(there) => return Ok(there),
            Err(error) if is_away(&error) => error,
            Err(error) => return Err(error),
        };
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(error);
        }
        let words = in_one_line(&error);
        if words != logged {
            let remedy = Diagnostic::within(&error).map(|diagnostic| display(&diagnostic.remedy));
            tracing::warn!(failure = %words, remedy, "waiting (--wait)");
            logged = words;
        }
        let next = Instant::now() + AWAY_POLL;
        tokio::time::sleep_until(deadline.map_or(next, |deadline| next.min(deadline))).await;
    }
}
