//! Worlds on their way from their store: the lease is taken and the world is brought back. All
//! accesses of a start to a store are here, so that one that goes away in between is waited for at
//! any point.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::future::try_join_all;
use secrecy::ExposeSecret as _;
use tilemud_persist::store::{Store, StoreError};
use tilemud_sim::{Map, Sim};
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument as _, Span};

use super::opening::{is_named, same_world};
use super::people;
use super::preparation::{Failed, Prepared, load_world, until_there};
use super::progress::Progress;
use super::several::Chosen;
use crate::engine::lease::{Candidate, LeaseError};
use crate::engine::recovery::{Recovered, Recovery};
use crate::engine::retention;
use crate::engine::stamps::Stamps;
use crate::engine::world;

/// How often a world that waits for the others to be brought back says that it is held.
const HELD_EVERY: Duration = Duration::from_secs(1);

/// A world that is to run, its store, and what is logged of it.
pub(crate) struct Opened {
    pub(crate) chosen: Chosen,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) span: Span,
}

/// What a world begins with of what is stored.
pub(super) struct Back {
    pub(super) recovery: Arc<Recovery>,
    pub(super) sim: Sim,
    /// Issuers whose users are those of the provider.
    pub(super) former_issuers: Vec<String>,
    /// Renews the lease until the world does so itself; not where there is nobody to wait for.
    _held: Option<AbortOnDropHandle<()>>,
}

/// Brings all of them back, side by side: most of the time may be a wait for another server.
///
/// # Errors
/// Of the first that cannot be.
pub(super) async fn back(opened: &[Opened], prepared: &Prepared, progress: &Progress) -> Result<Vec<Back>> {
    let several = opened.len() > 1;
    let each = opened.iter().map(|opened| {
        let span = opened.span.clone();
        Box::pin(one_back(opened, several, prepared, progress).instrument(span))
    });
    try_join_all(each.collect::<Vec<_>>()).await
}

async fn one_back(opened: &Opened, several: bool, prepared: &Prepared, progress: &Progress) -> Result<Back> {
    let attempt = async || {
        let outcome = recovered(opened, prepared, progress).await.map_err(Failed);
        if outcome.as_ref().is_err_and(Failed::may_mend) {
            progress.begin("waiting for the database");
            prepared.port_state.say("waiting for the database");
        }
        outcome
    };
    let named = |failed| {
        let error = anyhow::Error::from(failed);
        if several { error.context(format!("the world {:?}", opened.chosen.id())) } else { error }
    };
    let back = match prepared.deadline {
        None => attempt().await,
        // All of it again: another server may have had the world meanwhile.
        Some(deadline) => until_there(deadline, attempt, Failed::may_mend).await,
    };
    let back = back.map_err(named)?;
    Ok(Back { _held: several.then(|| held(Arc::clone(&opened.store))), ..back })
}

/// Renews the lease until dropped. Whoever has lost it finds out with the first commit.
fn held(store: Arc<dyn Store>) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            tokio::time::sleep(HELD_EVERY).await;
            let _ = store.renew_lease().await;
        }
    }))
}

/// Takes the lease and recovers the world.
async fn recovered(opened: &Opened, prepared: &Prepared, progress: &Progress) -> Result<Back> {
    let Opened { chosen: Chosen { config, map }, store, .. } = opened;
    let port_state = &prepared.port_state;
    let url = config.storage.database_url.expose_secret();
    let explained = |error| tilemud_persist::explained(error, url);
    let mut candidate = Candidate::new(config.world.lease_ttl());
    let mut map = Arc::clone(map);
    let signs = loop {
        if config.world.standby && stand_by(&mut candidate, &**store, prepared, progress).await.map_err(explained)? {
            // The server before may have taken an edit meanwhile, which is not to be undone.
            map = same_world(config, &map, load_world(config)?)?;
        }
        let signs = store.clock_signs().await.map_err(explained).context("the store could not be read")?;
        port_state.say("bringing the world back");
        progress.begin("waiting for the lease of the world");
        match candidate.take(&**store).await {
            Ok(()) => break signs,
            // Another one that stands by was faster.
            Err(LeaseError::Held { .. }) if config.world.standby => {}
            Err(error) => return Err(error.map_store(explained)).context("this world cannot be written"),
        }
    };
    let map: &Arc<Map> = &map;
    retention::judge_clock(&**store, config.storage.keep_days, &signs).await.context("the store cannot be written")?;
    let stamps = Arc::new(Stamps::default());
    signs.newest_row.into_iter().for_each(|newest| stamps.begin_after(newest));
    let recovery = Arc::new(Recovery {
        store: Arc::clone(store),
        map: Arc::new(Arc::clone(map).into()),
        config: world::config(map, config.world.delta_every_ticks(), config.world.gifts),
        ticks_per_second: config.world.tick_hz,
        stamps,
        is_named: is_named(config, map),
    });
    progress.begin("playing the log of the world again");
    let recovered = Box::pin(recovery.recover_at_start()).await.map_err(|error| error.map_store(explained));
    let Recovered { sim, .. } = recovered.context("the world could not be brought back")?;
    let former_issuers = people::former_issuers(&**store, config).await?;
    Ok(Back { recovery, sim, former_issuers, _held: None })
}

/// Waits while another server has the world. True when there was one.
async fn stand_by(
    candidate: &mut Candidate,
    store: &dyn Store,
    prepared: &Prepared,
    progress: &Progress,
) -> Result<bool, StoreError> {
    progress.begin("standing by");
    let mut is_told = false;
    let waited = candidate.stand_by(store, |held| {
        if !std::mem::replace(&mut is_told, true) {
            prepared.port_state.say("another server runs this world; standing by");
            tracing::info!(%held, "standing by: this server goes on with the world when that one ends or falls silent");
        }
    });
    let waited = waited.await?;
    if waited {
        tracing::warn!("the server that ran this world has ended or fallen silent; this one goes on with it");
    }
    Ok(waited)
}
