//! Deletes what is too old from Postgres.

use tilemud_schema::Timestamp;

use super::PostgresStore;
use crate::store::{RetentionReport, StoreError};

impl PostgresStore {
    /// See [`crate::Store::retain`].
    #[allow(clippy::unused_async, reason = "written next")]
    pub(super) async fn delete_old(&self, _now: Timestamp, _keep_days: u16) -> Result<RetentionReport, StoreError> {
        Ok(RetentionReport::default())
    }
}
