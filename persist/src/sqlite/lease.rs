//! The lease in SQLite. The time in it comes from the clock of its holder and only shows that there
//! was a renewal: it never goes back, and is never compared with a clock.

use parking_lot::Mutex;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use tilemud_schema::Timestamp;

use super::rows::parsed;
use crate::column::now;
use crate::store::{LeaseRequest, LeaseState, StoreError};

/// What this store knows of the lease it holds.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The newest renewal that is surely stored.
    renewed: Mutex<Option<Timestamp>>,
}

impl Own {
    /// Notes what a transaction wrote that is committed now.
    pub(super) fn note(&self, renewed: Option<Timestamp>) {
        let mut own = self.renewed.lock();
        *own = renewed.max(*own);
    }

    /// Whether this store left the lease of its epoch newer than what is stored.
    pub(super) fn is_newer_than(&self, epoch: i64, (stored, renewed): (i64, Timestamp)) -> bool {
        stored < epoch || (stored == epoch && self.renewed.lock().is_some_and(|known| renewed < known))
    }
}

/// Takes the lease if it is free. Returns its epoch and time.
pub(super) async fn acquire(
    connection: &mut SqliteConnection,
    world: &str,
    request: &LeaseRequest,
) -> Result<Option<(i64, Timestamp)>, StoreError> {
    let stored = row(connection, world).await?;
    let renewed = next(stored.as_ref().map(|(_, renewed)| *renewed));
    let superseded = request.supersedes;
    let row = sqlx::query(
        "INSERT INTO world_leases AS held (world_id, epoch, holder, renewed_at) VALUES (?1, 1, ?2, ?3)
         ON CONFLICT (world_id) DO UPDATE SET
             epoch = held.epoch + 1, holder = excluded.holder, renewed_at = excluded.renewed_at
         WHERE held.holder IS NULL OR held.holder = excluded.holder
             OR (held.epoch = ?4 AND (?5 IS NULL OR held.renewed_at = ?5))
         RETURNING epoch",
    )
    .bind(world)
    .bind(&request.holder)
    .bind(renewed.to_string())
    .bind(superseded.map(|superseded| superseded.epoch))
    .bind(superseded.and_then(|superseded| superseded.renewed).map(|renewed| renewed.to_string()))
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.try_get("epoch")?, renewed))).transpose()
}

/// The row of the lease, if somebody has it.
pub(super) fn state(row: &SqliteRow) -> Result<Option<LeaseState>, StoreError> {
    let Some(holder) = row.try_get("holder")? else { return Ok(None) };
    Ok(Some(LeaseState { holder, epoch: row.try_get("epoch")?, renewed: parsed(row, "renewed_at")? }))
}

/// Makes sure inside a transaction that the world may be written by the holder of `epoch`, and
/// renews its lease: the time it then has. Without an epoch it may be written only if it never had
/// a lease. A lease older than this store left it means that the database was replaced.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    world: &str,
    epoch: Option<i64>,
    own: &Own,
) -> Result<Option<Timestamp>, StoreError> {
    let stored = row(connection, world).await?;
    let Some(epoch) = epoch else {
        return if stored.is_none() { Ok(None) } else { Err(StoreError::Fenced) };
    };
    if stored.is_none_or(|stored| own.is_newer_than(epoch, stored)) {
        let what = "the database was restored to an older state while this server was using it".to_owned();
        return Err(StoreError::Gone { what });
    }
    let renewed = next(stored.map(|(_, renewed)| renewed));
    let update = sqlx::query("UPDATE world_leases SET renewed_at = ?3 WHERE world_id = ?1 AND epoch = ?2")
        .bind(world)
        .bind(epoch)
        .bind(renewed.to_string());
    if update.execute(connection).await?.rows_affected() > 0 { Ok(Some(renewed)) } else { Err(StoreError::Fenced) }
}

async fn row(connection: &mut SqliteConnection, world: &str) -> Result<Option<(i64, Timestamp)>, StoreError> {
    let query = sqlx::query("SELECT epoch, renewed_at FROM world_leases WHERE world_id = ?1").bind(world);
    let row = query.fetch_optional(connection).await?;
    row.as_ref().map(stored).transpose()
}

/// Epoch and time of a row.
pub(super) fn stored(row: &SqliteRow) -> Result<(i64, Timestamp), StoreError> {
    Ok((row.try_get("epoch")?, parsed(row, "renewed_at")?))
}

/// Now, or right after `before` when the clock has gone back.
fn next(before: Option<Timestamp>) -> Timestamp {
    let least = before.map_or(i64::MIN, |before| before.as_micros().saturating_add(1));
    Timestamp::from_micros(now().as_micros().max(least))
}
