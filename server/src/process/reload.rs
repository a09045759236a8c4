//! Signals to a running server: SIGHUP reads the configuration again and applies the accepted
//! version (T087), and reads the map again; SIGUSR1 reopens the log files. All other settings stay,
//! and changed ones are named in the log; a bad configuration changes nothing. SIGUSR2 does
//! nothing; it is caught, so that it does not kill the process.

use std::sync::Arc;

use tilemud_net::edge::Edge;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::map_reload::MapReload;
use crate::config::{Config, ConfigError, Imprint};
use crate::logging;

/// What a running server takes over.
const TAKEN_OVER: &str = "accept-version";

/// The caught signals. Without this each of them would kill the process.
pub struct Requests {
    hangup: Signal,
    reopen: Signal,
    unused: Signal,
}

/// Begins to catch them.
///
/// # Errors
/// When the system does not let us listen.
pub fn requests() -> std::io::Result<Requests> {
    Ok(Requests {
        hangup: signal(SignalKind::hangup())?,
        reopen: signal(SignalKind::user_defined1())?,
        unused: signal(SignalKind::user_defined2())?,
    })
}

/// Handles signals until shutdown. `load` reads the configuration again; `started_with` is the one
/// in use.
pub async fn follow(
    mut requests: Requests,
    edge: Arc<Edge>,
    maps: Vec<Arc<MapReload>>,
    started_with: Imprint,
    load: impl Fn() -> Result<Config, ConfigError>,
) {
    loop {
        tokio::select! {
            _ = requests.hangup.recv() => {
                read_again(&edge, &started_with, &load);
                // A large map takes its time; other signals do not wait for it.
                for map in &maps {
                    let map = Arc::clone(map);
                    tokio::spawn(async move { map.read_again().await });
                }
            }
            _ = requests.reopen.recv() => {
                if logging::reopen() {
                    tracing::info!(signal = "SIGUSR1", "log files opened anew");
                } else {
                    tracing::info!(signal = "SIGUSR1", "nothing to do: no log files are written; see --log-dir");
                }
            }
            _ = requests.unused.recv() => tracing::info!(signal = "SIGUSR2", "nothing to do: this signal has no meaning here"),
            () = edge.process.stopping() => return,
        }
    }
}

fn read_again(edge: &Edge, started_with: &Imprint, load: impl Fn() -> Result<Config, ConfigError>) {
    match load() {
        Ok(config) => {
            let taken = edge.accept_version(&config.sessions.accept_version);
            let accept_version = &config.sessions.accept_version;
            let waiting = waiting(started_with, &config.imprint);
            if waiting.is_empty() {
                tracing::info!(%accept_version, changed = taken, "configuration read again");
            } else {
                tracing::warn!(
                    %accept_version, changed = taken, needs_restart = waiting,
                    "configuration read again; some of what has changed is taken over by a restart only"
                );
            }
        }
        Err(error) => tracing::error!(%error, "the configuration cannot be used any more; nothing was changed"),
    }
}

/// The settings that have changed since the start and are not applied, as flags.
fn waiting(started_with: &Imprint, now: &Imprint) -> String {
    let differing = started_with.differing(now);
    let waiting = differing.iter().filter(|name| **name != TAKEN_OVER).map(|name| format!("--{name}"));
    waiting.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> Imprint {
        let args = ["tilemud", "serve", "--dev-issuer", "--config", "t.toml"].map(Into::into);
        Config::load(args, [], |_| Ok(file.to_owned())).unwrap().imprint
    }

    #[test]
    fn what_has_changed_and_is_not_taken_over_is_named() {
        let before = read("tick_hz = 20\nmax_sessions = 10");
        let accepted = "accept_version = \"9.9.9+0badc0de\"";
        assert_eq!(waiting(&before, &before), "");
        assert_eq!(waiting(&before, &read(&format!("max_sessions = 10\n{accepted}"))), "", "20 is the default");
        let after =
            read(&format!("max_sessions = 11\nchat_per_s = 9\nredis_url = \"redis://me:word@cache\"\n{accepted}"));
        assert_eq!(waiting(&before, &after), "--chat-per-s, --max-sessions, --redis-url");
        assert!(!format!("{after:?}").contains("word"));
    }
}
