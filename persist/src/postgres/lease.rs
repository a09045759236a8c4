//! The lease in Postgres. The time in it comes from the clock of the database and only shows that
//! there was a renewal: it never goes back, and is never compared with a clock.

use parking_lot::Mutex;
use sqlx::PgConnection;
use sqlx::Row;
use sqlx::postgres::PgRow;
use tilemud_schema::Timestamp;

use super::rows::Timestamptz;
use crate::store::{LeaseRequest, LeaseState, StoreError};

/// What this store knows of the lease it holds.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The newest renewal that is surely stored.
    renewed: Mutex<Option<Timestamp>>,
}

impl Own {
    /// Notes a renewal that is stored.
    pub(super) fn note(&self, renewed: Option<Timestamp>) {
        let mut own = self.renewed.lock();
        *own = renewed.max(*own);
    }

    /// The newest renewal that is surely stored.
    pub(super) fn renewed(&self) -> Option<Timestamp> {
        *self.renewed.lock()
    }
}

/// The current row of the lease.
pub(super) const STATE: &str = "SELECT holder, epoch, renewed_at FROM world_leases WHERE world_id = $1";

/// Takes the lease if it is free. Returns its epoch.
pub(super) async fn acquire(
    connection: &mut PgConnection,
    world: &str,
    request: &LeaseRequest,
) -> Result<Option<i64>, StoreError> {
    let superseded = request.supersedes;
    let row = sqlx::query(
        "INSERT INTO world_leases AS held (world_id, epoch, holder, renewed_at) VALUES ($1, 1, $2, clock_timestamp())
         ON CONFLICT (world_id) DO UPDATE SET
             epoch = held.epoch + 1, holder = excluded.holder,
             renewed_at = GREATEST(clock_timestamp(), held.renewed_at + interval '1 microsecond')
         WHERE held.holder IS NULL OR held.holder = excluded.holder
             OR (held.epoch = $3 AND ($4::timestamptz IS NULL OR held.renewed_at = $4))
         RETURNING epoch",
    )
    .bind(world)
    .bind(&request.holder)
    .bind(superseded.map(|superseded| superseded.epoch))
    .bind(superseded.and_then(|superseded| superseded.renewed).map(Timestamptz))
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(row.try_get("epoch")?)).transpose()
}

/// A row of [`STATE`], if somebody has the lease.
pub(super) fn state(row: &PgRow) -> Result<Option<LeaseState>, StoreError> {
    let Some(holder) = row.try_get("holder")? else { return Ok(None) };
    Ok(Some(LeaseState {
        holder,
        epoch: row.try_get("epoch")?,
        renewed: row.try_get::<Timestamptz, _>("renewed_at")?.0,
    }))
}

/// Makes sure inside a transaction that the world may be written by the holder of `epoch`, renews
/// its lease, and waits for the commit of another connection that is under way: commits hold the
/// same row. Without an epoch the world may be written only if it never had a lease. A lease older
/// than this store left it means that the database was replaced.
pub(super) async fn check(
    connection: &mut PgConnection,
    world: &str,
    epoch: Option<i64>,
    own: &Own,
) -> Result<(), StoreError> {
    let Some(epoch) = epoch else {
        let row = sqlx::query("SELECT epoch FROM world_leases WHERE world_id = $1").bind(world);
        return if row.fetch_optional(connection).await?.is_none() { Ok(()) } else { Err(StoreError::Fenced) };
    };
    let renewed = sqlx::query(
        "WITH held AS (SELECT epoch, renewed_at FROM world_leases WHERE world_id = $1 FOR UPDATE), renewed AS (
             UPDATE world_leases AS lease
             SET renewed_at = GREATEST(clock_timestamp(), lease.renewed_at + interval '1 microsecond')
             FROM held WHERE lease.world_id = $1 AND held.epoch = $2 AND held.renewed_at >= COALESCE($3, held.renewed_at)
             RETURNING lease.renewed_at)
         SELECT held.epoch, held.renewed_at AS before, renewed.renewed_at FROM held LEFT JOIN renewed ON true",
    );
    let known = own.renewed();
    let row = renewed.bind(world).bind(epoch).bind(known.map(Timestamptz)).fetch_optional(connection).await?;
    let (stored, before, after) = match &row {
        None => (0, None, None),
        Some(row) => (
            row.try_get::<i64, _>("epoch")?,
            Some(row.try_get::<Timestamptz, _>("before")?.0),
            row.try_get::<Option<Timestamptz>, _>("renewed_at")?.map(|renewed| renewed.0),
        ),
    };
    if stored < epoch || (stored == epoch && before < known) {
        let what = "the database was restored to an older state while this server was using it".to_owned();
        return Err(StoreError::Gone { what });
    }
    // What this becomes if the transaction is not committed is not known; what was there before is
    // stored.
    own.note(before);
    if after.is_some() { Ok(()) } else { Err(StoreError::Fenced) }
}
