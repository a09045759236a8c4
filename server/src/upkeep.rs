//! Looking after a store: `tilemud replay`, `tilemud retain`, and the daily retention of a running server (T088).

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::{ExposeSecret as _, SecretString};
use tilemud_net::clock;
use tilemud_persist::store::{RetentionReport, Store, StoreError};
use tilemud_sim::Map;
use tokio_util::sync::CancellationToken;

use crate::config::StoreConfig;
use crate::recovery::Recovery;
use crate::{replay as verification, world};

/// How often a running server looks for what is old.
const RETENTION_INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// From the start to the first time, and from a failure to the next attempt: a start has other things to do.
const RETENTION_DELAY: Duration = Duration::from_secs(10 * 60);

/// `tilemud replay`.
///
/// # Errors
/// The first tick that differs, or what keeps the log from being read.
pub async fn replay(config: &StoreConfig) -> Result<()> {
    let (store, map) = open(config).await?;
    // Nothing is begun here, so the rate does not matter: that of each snapshot is used.
    let recovery = Recovery { store, config: world::config(&map, 1), map, ticks_per_second: 1 };
    let verified = verification::verify(&recovery, &mut std::io::stderr()).await?;
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
/// What the store answers.
pub async fn retain(config: &StoreConfig) -> Result<()> {
    let (store, _) = open(config).await?;
    let report = store.retain(clock::now(), config.keep_days).await.context("the store could not be cleaned up")?;
    println!("{}", told(&report));
    Ok(())
}

/// Deletes what is old once a day until shutdown.
pub async fn run_retention(store: Arc<dyn Store>, keep_days: u16, shutdown: CancellationToken) {
    let mut wait = RETENTION_DELAY;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shutdown.cancelled() => return,
        }
        wait = match store.retain(clock::now(), keep_days).await {
            Ok(report) => {
                tracing::info!(report = told(&report), "retention");
                RETENTION_INTERVAL
            }
            Err(error) => {
                tracing::warn!(%error, "retention did not finish; it will be tried again");
                RETENTION_DELAY
            }
        };
    }
}

pub(crate) async fn open(config: &StoreConfig) -> Result<(Arc<dyn Store>, Arc<Map>)> {
    let map = world::load(config.world.as_deref()).context("the world could not be loaded")?;
    Ok((open_store(&config.database_url, &map.name).await?, map))
}

/// Opens the durable store of a world. A database that is gone or hangs is not waited for longer than a few seconds: whoever
/// starts the program, or the supervisor that does, is to know.
///
/// # Errors
/// What the store answers, with what to look at.
pub(crate) async fn open_store(url: &SecretString, world: &str) -> Result<Arc<dyn Store>> {
    let opened = tilemud_persist::open(url.expose_secret(), world).await;
    let is_away = matches!(opened, Err(StoreError::Unavailable(_))) && url.expose_secret().starts_with("postgres");
    opened.context(if is_away {
        "the durable store could not be opened; is the database running and reachable under its --database-url?"
    } else {
        "the durable store could not be opened"
    })
}

fn told(report: &RetentionReport) -> String {
    format!(
        "partitions: {} made, {} left out, {} dropped, {} in use; deleted: {} events, {} tick records, {} snapshots, {} sessions",
        report.partitions_made,
        report.partitions_left_out,
        report.partitions_dropped,
        report.partitions_in_use,
        report.rows_deleted,
        report.ticks_deleted,
        report.snapshots_deleted,
        report.sessions_deleted,
    )
}
