//! Runs the server: from the start until a signal or a fatal error, and to the end.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::patience::LOST_GRACE;
use super::progress::Progress;
use super::shutdown::Signals;
use super::{reload, start};
use crate::config::{Config, ConfigError};

/// How long closing the store may take; it may include a long checkpoint.
const CLOSE_PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server until a signal or a fatal error. `reload` reads the configuration again, on
/// SIGHUP.
///
/// # Errors
/// Anything that keeps it from starting, or a store that refuses what the world has done.
pub async fn serve(
    config: Config,
    reload: impl Fn() -> Result<Config, ConfigError> + Send + Sync + 'static,
) -> Result<()> {
    // Before the ready line: whoever reads it may ask for the end at once, and gets a drain.
    let mut signals = Signals::listen().context("SIGTERM and SIGINT cannot be listened to")?;
    let reload_requests = reload::requests().context("SIGHUP, SIGUSR1 and SIGUSR2 cannot be listened to")?;
    let progress = Arc::new(Progress::default());
    let outcome = serve_through(config, &progress, &mut signals, reload_requests, reload).await;
    // Whatever came of it: what is left behind can be copied. A store that hangs does not hold up
    // the end of a server that cannot go on.
    let patience = if progress.is_lost() { LOST_GRACE } else { CLOSE_PATIENCE };
    let _ = tokio::time::timeout(patience, progress.close(outcome.is_err())).await;
    outcome
}

async fn serve_through(
    config: Config,
    progress: &Arc<Progress>,
    signals: &mut Signals,
    reload_requests: reload::Requests,
    reload: impl Fn() -> Result<Config, ConfigError> + Send + Sync + 'static,
) -> Result<()> {
    let imprint = config.imprint.clone();
    let mut starting = start::begin(config, Arc::clone(progress));
    let server = tokio::select! {
        biased;
        started = &mut starting => started.context("the start has panicked")??,
        signal = signals.next() => match progress.end(starting, signal).await {
            Some(server) => return server.stop().await,
            None => return Ok(()),
        },
    };
    tokio::spawn(reload::follow(reload_requests, Arc::clone(&server.edge), server.maps(), imprint, reload));

    let mut stdout = std::io::stdout();
    if let Err(error) = writeln!(stdout, "tilemud ready {}", server.url()).and_then(|()| stdout.flush()) {
        server.stop().await?;
        return Err(error).context("standard output is closed");
    }
    tokio::select! {
        signal = signals.next() => tracing::info!(signal, "draining"),
        () = server.failed() => progress.lose(),
    }
    server.stop().await?;
    tracing::info!("drained");
    Ok(())
}
