//! A checkpoint of the write-ahead log, when the last one was made, and under which mark.

use sqlx::{Row as _, SqliteConnection};
use tokio::time::Instant;

use crate::store::StoreError;

/// What a look at the log needs to know.
#[derive(Clone, Copy, Default)]
pub(super) struct State {
    /// `None` until the first time.
    pub(super) last: Option<Instant>,
    pub(super) mark: u32,
    /// The mark is on its way into the file.
    pub(super) is_pending: bool,
}

/// Whether all of the log is in the database now.
pub(super) async fn checkpoint(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    Ok(row.try_get::<i64, _>(0)? == 0)
}
