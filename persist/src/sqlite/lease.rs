//! The lease in SQLite. Its time is the clock of the machine, on which all users of the file are.

use std::time::Duration;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use tilemud_schema::Timestamp;

use super::rows::parsed;
use crate::column::now;
use crate::store::{LEASE_LASTS, LeaseRequest, LeaseState, StoreError};

/// Takes the lease if it is free; the epoch it was taken with.
pub(super) async fn acquire(
    connection: &mut SqliteConnection,
    world: &str,
    request: &LeaseRequest,
) -> Result<Option<i64>, StoreError> {
    let now = now();
    // A time to come is one of before the clock was set back.
    let row = sqlx::query(
        "INSERT INTO world_leases AS held (world_id, epoch, holder, renewed_at) VALUES (?1, 1, ?2, ?3)
         ON CONFLICT (world_id) DO UPDATE SET
             epoch = held.epoch + 1, holder = excluded.holder, renewed_at = excluded.renewed_at
         WHERE held.holder IS NULL OR held.holder = excluded.holder OR held.epoch = ?4
             OR held.renewed_at < ?5 OR held.renewed_at > ?6
         RETURNING epoch",
    )
    .bind(world)
    .bind(&request.holder)
    .bind(now.to_string())
    .bind(request.supersedes)
    .bind(now.plus_millis(-millis(LEASE_LASTS)).to_string())
    .bind(now.plus_millis(millis(LEASE_LASTS)).to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(row.try_get("epoch")?)).transpose()
}

/// The row of the lease, if somebody has it.
pub(super) fn state(row: &SqliteRow) -> Result<Option<LeaseState>, StoreError> {
    let Some(holder) = row.try_get("holder")? else { return Ok(None) };
    let age_us = now().as_micros().saturating_sub(parsed::<Timestamp>(row, "renewed_at")?.as_micros());
    let renewed_ms_ago = u64::try_from(age_us / 1_000).unwrap_or(0);
    Ok(Some(LeaseState { holder, epoch: row.try_get("epoch")?, renewed_ms_ago }))
}

/// Makes sure inside a transaction that the world may be written by the holder of `epoch`, and renews its lease. Without an
/// epoch it may be written only if it never had a lease.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    world: &str,
    epoch: Option<i64>,
) -> Result<(), StoreError> {
    let may_write = if let Some(epoch) = epoch {
        let renewed = sqlx::query("UPDATE world_leases SET renewed_at = ?3 WHERE world_id = ?1 AND epoch = ?2")
            .bind(world)
            .bind(epoch)
            .bind(now().to_string());
        renewed.execute(connection).await?.rows_affected() > 0
    } else {
        let row = sqlx::query("SELECT epoch FROM world_leases WHERE world_id = ?1").bind(world);
        row.fetch_optional(connection).await?.is_none()
    };
    if may_write { Ok(()) } else { Err(StoreError::Fenced) }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
