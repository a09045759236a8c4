//! The way from a configuration to a running server, stage by stage. Every stage can be ended by a signal, says what it waits
//! for, and when it fails, which setting is to blame. With `--wait`, a database or provider that is away is waited for, and
//! the port answers meanwhile.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::ExposeSecret as _;
use tilemud_net::alerts::Pace;
use tilemud_net::auth::{AuthConfig, AuthSetupError, Authenticator, DevIssuer, ProviderAway};
use tilemud_net::http::{Listener, Waiting};
use tilemud_net::tls::{self, TlsAcceptor};
use tilemud_persist::advice::{Advice, in_one_line, system_words};
use tilemud_persist::cache::{self, Cache, CallTimeout};
use tilemud_persist::store::{Store, StoreError};
use tilemud_persist::{Access, Authorities};
use tilemud_sim::Map;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::field::display;

use crate::config::{Config, Sources};
use crate::failure::SetWrong;
use crate::port::Port;
use crate::serve::Server;
use crate::{descriptors, upkeep, world};

/// From one look at something that is away to the next.
const AWAY_POLL: Duration = Duration::from_secs(1);

/// Time to close the store when a start is ended.
const CLOSE_GRACE: Duration = Duration::from_millis(500);

/// Time to give the lease back when a start is ended. With what else is to be done it is less than two seconds.
const LEASE_GRACE: Duration = Duration::from_secs(1);

const _: () = assert!(LEASE_GRACE.as_millis() + CLOSE_GRACE.as_millis() < 2_000);

/// Says what was noticed in the configuration, now that there is a log.
pub fn tell(sources: &Sources) {
    for notice in &sources.notices {
        tracing::warn!("{notice}");
    }
    for path in &sources.secret_files {
        if is_open_to_all(path) {
            tracing::warn!(path = %path.display(), "a secret stands in a file that everybody can read; chmod 600 it");
        }
    }
}

/// What Docker, Kubernetes and systemd put under /run is theirs to protect.
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_or(0, |file| file.permissions().mode());
    mode & 0o004 != 0 && !path.starts_with("/run") && !path.starts_with("/var/run")
}

/// What a start is doing, for whoever ends it.
#[derive(Default)]
pub(crate) struct Progress {
    stage: Mutex<&'static str>,
    store: Mutex<Option<Arc<dyn Store>>>,
    /// Cancelled when nobody wants the server any more.
    ended: CancellationToken,
    /// Whether the server was running and cannot go on.
    lost: AtomicBool,
}

impl Progress {
    pub(crate) fn begin(&self, stage: &'static str) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        tracing::debug!(stage, "starting");
    }

    /// The server that came of it cannot go on.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Closes the store, when it was opened. After a start that was ended it is not waited for long. Who `failed` gives the
    /// lease back if it still has it, so that the next start need not wait for it to run out.
    pub(crate) async fn close(&self, failed: bool) {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(store) = store else { return };
        if self.ended.is_cancelled() {
            let _ = tokio::time::timeout(CLOSE_GRACE, store.close()).await;
        } else {
            if failed {
                let _ = tokio::time::timeout(CLOSE_GRACE / 4, store.release_lease()).await;
            }
            store.close().await;
        }
    }

    /// Ends a start that is under way. The server, if it was ready at that very moment.
    pub(crate) async fn end(&self, mut starting: JoinHandle<Result<Server>>, signal: &'static str) -> Option<Server> {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        self.ended.cancel();
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let put_back = async {
            if let Ok(Ok(server)) = (&mut starting).await {
                return Some(server);
            }
            if let Some(store) = store {
                // The next start would wait for it; a store that hangs keeps it until it runs out.
                let _ = store.release_lease().await;
            }
            None
        };
        let server = tokio::time::timeout(LEASE_GRACE, put_back).await.ok().flatten();
        if server.is_none() {
            tracing::warn!(signal, stage, "ended during the start; nobody had come in");
        }
        server
    }
}

/// What a server stands on before it has a store.
pub(crate) struct Ground {
    pub(crate) door: Door,
    /// For the metrics alone, where they have one.
    pub(crate) metrics_port: Option<Port>,
    pub(crate) auth: Authenticator,
    pub(crate) authorities: Authorities,
    pub(crate) connections_max: usize,
    /// How alerts are judged.
    pub(crate) pace: Pace,
    /// With `--wait`, until when what is away is waited for, if not for ever.
    pub(crate) deadline: Option<Option<Instant>>,
}

/// Why a world could not be brought back.
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

impl Ground {
    /// Takes the port, reads keys and certificates, and looks at the limits of the process.
    ///
    /// # Errors
    /// What was set wrong.
    pub(crate) fn prepare(config: &Config) -> Result<Self> {
        let place = |name| config.sources.place(name);
        let authorities = authorities(&config.tls_ca, &config.sources)?;
        let tls = match &config.tls {
            Some(files) => {
                let acceptor = tls::acceptor(&files.cert, &files.key);
                let named = || format!("{} and {}", place("tls-cert"), place("tls-key"));
                Some(acceptor.with_context(named)?)
            }
            None => None,
        };
        let auth = authenticator(config, &authorities)?;
        // Connects to nothing; whether the address can be used is to be known before a world is made.
        drop(open_cache(config, &authorities, "")?);
        let connections_max = descriptors::fit(&place("max-sessions"), config.max_sessions)?;
        let port = Port::take(place("listen"), config.listen)?;
        let metrics_port =
            config.metrics_listen.map(|address| Port::take(place("metrics-listen"), address)).transpose()?;
        let door = Door::Closed(port, tls);
        let deadline = config.wait.map(|wait| Instant::now().checked_add(wait));
        Ok(Self { door, metrics_port, auth, authorities, connections_max, pace: Pace::clock(), deadline })
    }
}

/// The cache of a world, which connects when it is first used.
///
/// # Errors
/// An address that cannot be used.
pub(crate) fn open_cache(config: &Config, authorities: &Authorities, world: &str) -> Result<Arc<dyn Cache>> {
    let redis = config.redis_url.as_ref().map(|url| Access {
        url: url.expose_secret(),
        password: config.redis_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(authorities),
        must_exist: false,
    });
    let timeout = CallTimeout::new(Duration::from_millis(config.cache_timeout_ms));
    cache::open_with(redis.as_ref(), world, timeout).with_context(|| config.sources.place("redis-url"))
}

/// Whom to believe.
pub(crate) fn authorities(paths: &[std::path::PathBuf], sources: &Sources) -> Result<Authorities> {
    Authorities::with(paths).map_err(|error| {
        SetWrong::new(sources.place("tls-ca"), error, "name PEM files of certificates, or folders of such").into()
    })
}

/// Starts a server on a thread of its own: playing the log again takes the thread for seconds at a time, and whoever ends the
/// start does not wait for that.
pub(crate) fn begin(config: Config, progress: Arc<Progress>) -> JoinHandle<Result<Server>> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = progress.ended.cancelled() => anyhow::bail!("the start was ended"),
                started = start(&config, &progress) => started,
            }
        })
    })
}

/// From the configuration to a server that players can come into.
///
/// # Errors
/// What keeps it from starting.
async fn start(config: &Config, progress: &Progress) -> Result<Server> {
    progress.begin("reading the world");
    let map = load_world(config.world.as_deref(), &config.sources)?;
    progress.begin("taking the port");
    let mut ground = Ground::prepare(config)?;
    if let Some(deadline) = ground.deadline {
        ground.door.open()?;
        progress.begin("waiting for the identity provider");
        ground.door.say("waiting for the identity provider");
        match until_there(deadline, async || ground.auth.fetch_keys().await, ProviderAway::may_mend).await {
            Err(error) if !error.may_mend() => {
                let remedy = "write it exactly as the provider's discovery document has it";
                return Err(SetWrong::new(config.sources.place("oidc-issuer"), in_one_line(&error), remedy).into());
            }
            there => there.with_context(|| format!("the identity provider {} is away", config.oidc_issuer()))?,
        }
    }
    progress.begin("opening the database");
    ground.door.say("waiting for the database");
    let access = Access {
        url: config.database_url.expose_secret(),
        password: config.database_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(&ground.authorities),
        must_exist: config.must_exist,
    };
    let world = config.world_id.as_deref().unwrap_or(&map.name);
    let opening = async || tilemud_persist::open_with(&access, world).await;
    let store = match ground.deadline {
        None => opening().await,
        Some(deadline) => until_there(deadline, opening, |error| matches!(error, StoreError::Unavailable(_))).await,
    };
    let store = store.context(upkeep::NOT_OPENED)?;
    *progress.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&store));
    let place = upkeep::place(&config.database_url);
    upkeep::welcome(&*store, world, &place, config.must_exist).await.context(upkeep::NOT_OPENED)?;
    ground.door.say("bringing the world back");
    Server::begin(config, map, store, ground, progress).await
}

/// The world, or which setting names none.
pub(crate) fn load_world(path: Option<&Path>, sources: &Sources) -> Result<Arc<Map>> {
    world::load(path).map_err(|error| {
        let remedy = "name a Tiled map (.tmx) that can be read, or leave it out for the built-in world";
        SetWrong::new(sources.place("world"), in_one_line(&error), remedy).into()
    })
}

/// Tries until it is there, or until the deadline, or until the error is one that waiting does not mend.
pub(crate) async fn until_there<T, E: std::error::Error + 'static>(
    deadline: Option<Instant>,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
    is_away: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let mut told = String::new();
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
        if words != told {
            let remedy = Advice::within(&error).map(|advice| display(&advice.remedy));
            tracing::warn!(failure = %words, remedy, "waiting (--wait)");
            told = words;
        }
        let next = Instant::now() + AWAY_POLL;
        tokio::time::sleep_until(deadline.map_or(next, |deadline| next.min(deadline))).await;
    }
}

/// The port on its way from taken to serving.
pub(crate) enum Door {
    /// Nobody is answered.
    Closed(Port, Option<TlsAcceptor>),
    /// Everybody is told to wait.
    Waiting(Waiting),
    /// Nothing; only while it changes.
    Gone,
}

impl Door {
    fn open(&mut self) -> Result<()> {
        if let Self::Closed(port, tls) = std::mem::replace(self, Self::Gone) {
            *self = Self::Waiting(Waiting::begin(Listener { tcp: port.listen()?, tls }));
        }
        Ok(())
    }

    pub(crate) fn say(&self, words: &'static str) {
        if let Self::Waiting(waiting) = self {
            waiting.say(words);
        }
    }

    /// A listener that nobody else answers on.
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

fn authenticator(config: &Config, authorities: &Authorities) -> Result<Authenticator> {
    let place = |name| config.sources.place(name);
    let dev_issuer = if config.dev_issuer {
        let folder = &config.data_dir;
        std::fs::create_dir_all(folder).map_err(|error| {
            let problem = format!("cannot make the folder {}: {}", folder.display(), system_words(&error));
            SetWrong::new(place("data-dir"), problem, "name another, or give this user the right to write there")
        })?;
        let key_file = folder.join("dev-issuer.key");
        Some(DevIssuer::open(&key_file).map_err(|error| {
            let problem = format!("{}: {}", key_file.display(), in_one_line(&error));
            let remedy =
                "give this user the right to read and write the folder, or remove the file to have another key made";
            SetWrong::new(place("data-dir"), problem, remedy)
        })?)
    } else {
        None
    };
    let client = authorities.client_config().context("TLS towards the provider cannot be set up")?;
    let auth = AuthConfig { oidc: config.oidc.clone(), dev_issuer };
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
    Ok(authenticator.with_player_client(config.player_client.clone()))
}

#[cfg(test)]
mod tests {
    use tilemud_persist::testing::PostgresServer;

    use super::*;

    /// From the signal to the end of the process.
    const END_MAX: Duration = Duration::from_secs(2);

    #[tokio::test]
    async fn a_start_that_is_ended_waits_for_nothing_for_longer_than_two_seconds() {
        let postgres = PostgresServer::start();
        let url = postgres.create_database().await;
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        crate::lease::take(&*store).await.unwrap();
        let progress = Progress::default();
        progress.begin("playing the log of the world again");
        *progress.store.lock().unwrap() = Some(Arc::clone(&store));
        // From here on nothing answers, the start hears of nothing, and time passes as fast as it is waited for.
        postgres.pause();
        tokio::time::pause();
        let asked = Instant::now();
        let starting = tokio::spawn(std::future::pending());
        assert!(progress.end(starting, "SIGTERM").await.is_none());
        progress.close(true).await;
        let took = asked.elapsed();
        assert!(took >= LEASE_GRACE, "it has waited for the store: {took:?}");
        assert!(took < END_MAX, "{took:?}");
        postgres.resume();
    }
}
