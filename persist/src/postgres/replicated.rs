//! Writes that took long, where the database waits for its standbys. An operator who cancels a
//! commit that waits (`pg_cancel_backend`) lets it go: it is answered as done, with a warning that
//! the driver does not pass on, and is lost if a standby takes over. So a write that took long is
//! answered only when one after it has come through in time, because the standbys take what is
//! written in its order.

use std::time::Duration;

use tokio::time::Instant;

use super::deadlines::{CALL_TIMEOUT, within};
use super::{PostgresStore, lease};
use crate::store::StoreError;

/// A write that takes longer may have been let go.
const SUSPECT_AFTER: Duration = Duration::from_secs(1);

/// One that takes no longer has not: nobody who cancels by hand, or again and again, is as quick.
const QUICK: Duration = Duration::from_millis(100);

/// After so many writes the standbys are only slow, as nobody cancels as many one after the other.
const ENOUGH: usize = 10;

const STANDBYS: &str = "SELECT current_setting('synchronous_standby_names')";

impl PostgresStore {
    /// Writes something, within a limit, and returns when it is durable wherever it has to be.
    pub(super) async fn durably<T>(
        &self,
        limit: Duration,
        write: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let done = within(limit, write).await?;
        if began.elapsed() > SUSPECT_AFTER {
            self.settle().await?;
        }
        Ok(done)
    }

    /// Writes something until that is quick.
    async fn settle(&self) -> Result<(), StoreError> {
        for _ in 0..ENOUGH {
            // Without a lease nobody is told of what was written.
            let Some(epoch) = self.epoch() else { break };
            let began = within(CALL_TIMEOUT, async {
                let mut acquired = self.shard.others.acquire_tested().await?;
                let connection = &mut acquired.connection;
                let standbys: String = sqlx::query_scalar(STANDBYS).fetch_one(&mut *connection).await?;
                let began = Instant::now();
                if !standbys.is_empty() {
                    lease::check(connection, &self.world, Some(epoch), &self.lease).await?;
                }
                acquired.release();
                Ok(began)
            })
            .await?;
            if began.elapsed() <= QUICK {
                break;
            }
            tracing::debug!("the database takes long to reach its standbys");
        }
        Ok(())
    }
}
