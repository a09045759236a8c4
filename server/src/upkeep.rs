//! Looking after a store: opening it with words, `tilemud replay`, `tilemud retain`, and keeping it in order while a server runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::{ExposeSecret as _, SecretString};
use tilemud_net::edge::Edge;
use tilemud_net::vitals::Cause;
use tilemud_persist::Access;
use tilemud_persist::store::{Store, StoreError, Unfit};
use tilemud_sim::Map;
use tokio::time::MissedTickBehavior;

use crate::config::StoreConfig;
use crate::recovery::Recovery;
use crate::stamps::Stamps;
use crate::{lease, replay as verification, retention, start, world};

/// How often a store is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// `tilemud replay`.
///
/// # Errors
/// The first tick that differs, or what keeps the log from being read.
pub async fn replay(config: &StoreConfig) -> Result<()> {
    let (store, map) = open(config).await?;
    // Nothing is begun here, so the rate does not matter: that of each snapshot is used.
    let recovery = Recovery {
        store: Arc::clone(&store),
        config: world::config(&map, 1, true),
        map,
        ticks_per_second: 1,
        stamps: Arc::new(Stamps::default()),
    };
    let verified = verification::verify(&recovery, &mut std::io::stderr()).await;
    store.close().await;
    let verified = verified?;
    println!(
        "ticks {} to {}: {} recorded ticks with {} events replayed in {:.2} s; everything is as recorded{}",
        verified.from,
        verified.to,
        verified.replayed.ticks,
        verified.replayed.events,
        verified.took.as_secs_f64(),
        if verified.compared { ", the newest snapshot too" } else { "" },
    );
    Ok(())
}

/// `tilemud retain`.
///
/// # Errors
/// A clock that is doubted, or what the store answers.
pub async fn retain(config: &StoreConfig, order: retention::Order) -> Result<()> {
    let (store, _) = open(config).await?;
    let said = retention::retain(&*store, config.keep_days, order).await;
    store.close().await;
    println!("{}", said?);
    Ok(())
}

/// Says so when the world is not in the store yet, or refuses to make it. `place` names the store without a password.
///
/// # Errors
/// [`StoreError::Unfit`] when it is not there and must be.
pub(crate) async fn welcome(store: &dyn Store, world: &str, place: &str, must_exist: bool) -> Result<(), StoreError> {
    let worlds = store.worlds().await?;
    if worlds.iter().any(|stored| stored == world) {
        return Ok(());
    }
    let others = if worlds.is_empty() { "none".to_owned() } else { worlds.join(", ") };
    if must_exist {
        let what = format!(
            "--must-exist: there is no world {world:?} in {place}; worlds stored there: {others}; --world-id NAME goes on with \
             one of them"
        );
        return Err(StoreError::Unfit { reason: Unfit::Missing, what });
    }
    if worlds.is_empty() {
        tracing::warn!(world, place, "made a new world, because the store was empty; --must-exist refuses to");
    } else {
        tracing::warn!(
            world,
            place,
            stored = others,
            "made a new world, everybody begins anew in it; the worlds stored there already are named here, and --world-id NAME \
             goes on with one of them"
        );
    }
    Ok(())
}

/// Where a store is, in words without a password.
pub(crate) fn place(url: &SecretString) -> String {
    let url = url.expose_secret();
    match url.strip_prefix("sqlite:") {
        Some(path) => path.strip_prefix("//").unwrap_or(path).to_owned(),
        None => {
            let url = url.split('?').next().unwrap_or_default();
            let end = url.rsplit_once('@').map_or(url, |(_, end)| end);
            let end = end.split_once("://").map_or(end, |(_, end)| end);
            format!("Postgres at {end}")
        }
    }
}

/// Keeps the store in order until shutdown, and ends the server when it is lost: what players do could not be kept any more.
pub async fn look_after(store: Arc<dyn Store>, edge: Arc<Edge>) {
    let mut interval = tokio::time::interval(LOOK_EVERY);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        match store.look_after().await {
            Ok(()) => {}
            Err(error) if is_lost(&error) => {
                edge.vitals.fail(Cause::WorldLost(lease::lost_words(&error)));
                return;
            }
            // The commits tell everyone.
            Err(error) => tracing::debug!(%error, "the store could not be looked after"),
        }
    }
}

/// Whether no later call can succeed.
pub(crate) fn is_lost(error: &StoreError) -> bool {
    matches!(error, StoreError::Gone { .. } | StoreError::Unfit { .. })
}

pub(crate) async fn open(config: &StoreConfig) -> Result<(Arc<dyn Store>, Arc<Map>)> {
    let map = start::load_world(config.world.as_deref(), &config.sources)?;
    let authorities = start::authorities(&config.tls_ca, &config.sources)?;
    let access = Access {
        url: config.database_url.expose_secret(),
        password: config.database_password.as_ref().map(|password| password.expose_secret()),
        authorities: Some(&authorities),
        // Looking after a store makes none.
        must_exist: true,
    };
    let world = config.world_id.as_deref().unwrap_or(&map.name);
    Ok((tilemud_persist::open_with(&access, world).await.context(NOT_OPENED)?, map))
}

/// What stands before the reason.
pub(crate) const NOT_OPENED: &str = "the durable store could not be opened";
