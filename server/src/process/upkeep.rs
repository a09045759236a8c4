//! `tilemud replay` and `tilemud retain`.

use anyhow::Result;
use tilemud_persist::OpenMode;

use super::opening::open;
use crate::config::{Config, Order};
use crate::engine::recovery::Recovery;
use crate::engine::{replay as verification, retention};

/// `tilemud replay`.
///
/// # Errors
/// The first tick that differs, or what keeps the log from being read.
pub async fn replay(config: &Config) -> Result<()> {
    let (store, map) = open(config, OpenMode::Read).await?;
    let recovery = Recovery::for_reading(&store, map);
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
pub async fn retain(config: &Config, order: Order) -> Result<()> {
    let mode = if order.dry_run { OpenMode::Read } else { OpenMode::Write };
    let (store, _) = open(config, mode).await?;
    let said = retention::retain(&*store, config.storage.keep_days, order).await;
    store.close().await;
    println!("{}", said?);
    Ok(())
}
