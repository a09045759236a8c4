//! The way from a configuration to a running server, stage by stage. Every stage can be ended by a
//! signal, reports what it waits for, and names the setting that caused a failure. With `--wait`, a
//! database or provider that is away is waited for, and the port answers meanwhile.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tilemud_net::auth::ProviderAway;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::StoreError;
use tilemud_persist::{Backend, OpenMode};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Span;

use super::opening::{access, check_world};
use super::preparation::{Prepared, until_there};
use super::progress::Progress;
use super::recovering::Opened;
use super::server::{Server, settings};
use super::several::{Chosen, chosen};
use crate::config::{Config, SetWrong, Sources};
use crate::failure::NOT_OPENED;
use crate::logging;

/// Logs the notices of the configuration.
pub fn log_notices(sources: &Sources) {
    for notice in &sources.notices {
        tracing::warn!("{notice}");
    }
    for path in &sources.secret_files {
        if is_open_to_all(path) {
            tracing::warn!(path = %path.display(), "a secret stands in a file that everybody can read; chmod 600 it");
        }
    }
}

/// Docker, Kubernetes and systemd protect what they put under /run.
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_or(0, |file| file.permissions().mode());
    mode & 0o004 != 0 && !path.starts_with("/run") && !path.starts_with("/var/run")
}

/// Starts a server on a thread of its own, because a replay blocks the thread for seconds and a
/// signal must end the start without waiting for it.
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
    let chosen = chosen(config)?;
    progress.begin("taking the port");
    let mut prepared = Prepared::prepare(config)?;
    if prepared.deadline.is_some() || config.world.standby {
        prepared.port_state.open(|tls| settings(config, tls))?;
    }
    if let Some(deadline) = prepared.deadline {
        progress.begin("waiting for the identity provider");
        prepared.port_state.say("waiting for the identity provider");
        match until_there(deadline, async || prepared.auth.fetch_keys().await, ProviderAway::may_mend).await {
            Err(error) if !error.may_mend() => {
                let remedy = "write it exactly as the provider's discovery document has it";
                return Err(SetWrong::new(config.sources.place("oidc-issuer"), in_one_line(&error), remedy).into());
            }
            there => there.with_context(|| {
                format!("the identity provider {} is away", config.sign_in.oidc_issuer.as_deref().unwrap_or_default())
            })?,
        }
    }
    progress.begin("opening the database");
    prepared.port_state.say("waiting for the database");
    let mode = if config.world.must_exist { OpenMode::Migrate } else { OpenMode::Create };
    let access = access(config, &prepared.authorities, mode);
    let place = Backend::of(access.url).context(NOT_OPENED)?.to_string();
    let worlds: Vec<&str> = chosen.iter().map(Chosen::id).collect();
    let opening = async || {
        let stores = tilemud_persist::open_all(&access, &worlds).await?;
        stores.iter().for_each(|store| progress.note_store(store));
        for (store, world) in stores.iter().zip(&worlds) {
            check_world(&**store, world, &place, config.world.must_exist).await?;
        }
        Ok(stores)
    };
    let stores = match prepared.deadline {
        None => opening().await,
        Some(deadline) => until_there(deadline, opening, |error| matches!(error, StoreError::Unavailable(_))).await,
    };
    let stores = stores.context(NOT_OPENED)?;
    let opened = chosen.into_iter().zip(stores).map(|(chosen, store)| {
        let span = config.world.several.as_ref().map_or_else(Span::none, |_| logging::of_world(chosen.id()));
        Opened { chosen, store, span }
    });
    let opened = opened.collect();
    Box::pin(Server::begin(config, opened, prepared, progress)).await
}
