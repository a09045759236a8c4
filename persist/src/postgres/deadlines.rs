//! How long a call to Postgres may take.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;

use crate::connections::unavailable;
use crate::store::StoreError;

pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) const COMMIT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// For calls that move much data outside of play: the log, snapshots, retention.
pub(super) const SLOW_TIMEOUT: Duration = Duration::from_secs(60);

/// The statement timeout of the database. A little shorter than the deadlines, so that its error
/// arrives before ours.
pub(super) const STATEMENT_TIMEOUT_MS: &str = "4500";

pub(super) const COMMIT_STATEMENT_TIMEOUT_MS: &str = "9500";

pub(super) const SLOW_STATEMENT_TIMEOUT_MS: &str = "59500";

pub(super) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(limit, call).await.map_err(unavailable)?
}
