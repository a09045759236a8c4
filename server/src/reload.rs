//! What an operator can change on a running server: SIGHUP reads the configuration again and takes over the accepted
//! version (T087). Everything else stays as it was at the start; a configuration that is bad by now changes nothing.

use std::sync::Arc;

use tilemud_net::edge::Edge;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{Config, ConfigError};

/// The signal, listened to from now on. Without this a SIGHUP would end the process.
///
/// # Errors
/// When the system does not let us listen.
pub fn requests() -> std::io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// Follows requests until shutdown. `load` reads the configuration anew.
pub async fn follow(mut requests: Signal, edge: Arc<Edge>, load: impl Fn() -> Result<Config, ConfigError>) {
    loop {
        tokio::select! {
            _ = requests.recv() => {}
            () = edge.shutdown.cancelled() => return,
        }
        match load() {
            Ok(config) => {
                let changed = edge.accept_version(&config.accept_version);
                tracing::info!(accept_version = %config.accept_version, changed, "configuration read again");
            }
            Err(error) => tracing::error!(%error, "the configuration cannot be used any more; nothing was changed"),
        }
    }
}
