//! The lease in Postgres. Its time is the clock of the database, which all servers share.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::Row;
use sqlx::postgres::PgRow;

use crate::store::{LEASE_LASTS, LeaseRequest, LeaseState, StoreError};

/// The current row of the lease.
pub(super) const STATE: &str = "
    SELECT holder, epoch, (EXTRACT(EPOCH FROM clock_timestamp() - renewed_at) * 1000)::bigint AS age_ms
    FROM world_leases WHERE world_id = $1";

/// Takes the lease if it is free; the epoch it was taken with. `clock_timestamp` because the statement may have waited for
/// a commit of the holder.
pub(super) async fn acquire(
    connection: &mut PgConnection,
    world: &str,
    request: &LeaseRequest,
) -> Result<Option<i64>, StoreError> {
    // A time to come is one of before the clock was set back.
    let row = sqlx::query(
        "INSERT INTO world_leases AS held (world_id, epoch, holder, renewed_at) VALUES ($1, 1, $2, clock_timestamp())
         ON CONFLICT (world_id) DO UPDATE SET
             epoch = held.epoch + 1, holder = excluded.holder, renewed_at = clock_timestamp()
         WHERE held.holder IS NULL OR held.holder = excluded.holder OR held.epoch = $3
             OR abs(EXTRACT(EPOCH FROM clock_timestamp() - held.renewed_at)) * 1000 > $4
         RETURNING epoch",
    )
    .bind(world)
    .bind(&request.holder)
    .bind(request.supersedes)
    .bind(millis(LEASE_LASTS))
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(row.try_get("epoch")?)).transpose()
}

/// A row of [`STATE`], if somebody has the lease.
pub(super) fn state(row: &PgRow) -> Result<Option<LeaseState>, StoreError> {
    let Some(holder) = row.try_get("holder")? else { return Ok(None) };
    let renewed_ms_ago = u64::try_from(row.try_get::<i64, _>("age_ms")?).unwrap_or(0);
    Ok(Some(LeaseState { holder, epoch: row.try_get("epoch")?, renewed_ms_ago }))
}

/// Makes sure inside a transaction that the world may be written by the holder of `epoch`, renews its lease, and waits for
/// the commit of another connection that is under way: commits hold the same row. Without an epoch the world may be
/// written only if it never had a lease.
pub(super) async fn check(connection: &mut PgConnection, world: &str, epoch: Option<i64>) -> Result<(), StoreError> {
    let may_write = if let Some(epoch) = epoch {
        let renewed =
            sqlx::query("UPDATE world_leases SET renewed_at = clock_timestamp() WHERE world_id = $1 AND epoch = $2");
        renewed.bind(world).bind(epoch).execute(connection).await?.rows_affected() > 0
    } else {
        let row = sqlx::query("SELECT epoch FROM world_leases WHERE world_id = $1").bind(world);
        row.fetch_optional(connection).await?.is_none()
    };
    if may_write { Ok(()) } else { Err(StoreError::Fenced) }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
