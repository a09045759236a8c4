//! The progress of a start, and how it is ended half-way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use futures_util::future::join_all;
use tilemud_persist::store::Store;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Time to close the store when a start is ended.
const CLOSE_GRACE: Duration = Duration::from_millis(500);

/// Time to give the lease back when a start is ended. The whole end takes less than two seconds.
const LEASE_GRACE: Duration = Duration::from_secs(1);

const _: () = assert!(LEASE_GRACE.as_millis() + CLOSE_GRACE.as_millis() < 2_000);

/// What a start is doing, for the code that ends it.
#[derive(Default)]
pub(crate) struct Progress {
    stage: Mutex<&'static str>,
    stores: Mutex<Vec<Arc<dyn Store>>>,
    /// Cancelled when nobody wants the server any more.
    pub(super) ended: CancellationToken,
    /// Whether the server was running and cannot go on.
    lost: AtomicBool,
}

impl Progress {
    pub(crate) fn begin(&self, stage: &'static str) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        tracing::debug!(stage, "starting");
    }

    /// A store is open and must be closed, whether the start succeeds or not.
    pub(crate) fn note_store(&self, store: &Arc<dyn Store>) {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(store));
    }

    /// The server that came of it cannot go on.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Closes the stores that are open, with a short wait when the start was ended. A start that
    /// `failed` gives its leases back, so that the next start need not wait for them to expire.
    pub(crate) async fn close(&self, failed: bool) {
        let stores = std::mem::take(&mut *self.stores.lock().unwrap_or_else(PoisonError::into_inner));
        let closed = async |store: &Arc<dyn Store>| {
            if self.ended.is_cancelled() {
                let _ = tokio::time::timeout(CLOSE_GRACE, store.close()).await;
            } else {
                if failed {
                    let _ = tokio::time::timeout(CLOSE_GRACE / 4, store.release_lease()).await;
                }
                store.close().await;
            }
        };
        join_all(stores.iter().map(closed)).await;
    }

    /// Ends a running start. Returns the server if it was just ready.
    pub(crate) async fn end<T>(&self, mut starting: JoinHandle<Result<T>>, signal: &'static str) -> Option<T> {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        self.ended.cancel();
        let stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let put_back = async {
            if let Ok(Ok(server)) = (&mut starting).await {
                return Some(server);
            }
            // The next start would wait for them; a store that hangs keeps them until they run out.
            join_all(stores.iter().map(|store| store.release_lease())).await;
            None
        };
        let server = tokio::time::timeout(LEASE_GRACE, put_back).await.ok().flatten();
        if server.is_none() {
            tracing::warn!(signal, stage, "ended during the start; nobody had come in");
        }
        server
    }
}

#[cfg(test)]
mod tests {
    use tilemud_persist::store::LEASE_LASTS;
    use tilemud_persist::testing::PostgresServer;
    use tokio::time::Instant;

    use super::*;

    /// From the signal to the end of the process.
    const END_MAX: Duration = Duration::from_secs(2);

    #[tokio::test]
    async fn a_start_that_is_ended_waits_for_nothing_for_longer_than_two_seconds() {
        let postgres = PostgresServer::start();
        let url = postgres.create_database().await;
        let store = tilemud_persist::open(&url, "test").await.unwrap();
        crate::engine::lease::Candidate::new(LEASE_LASTS).take(&*store).await.unwrap();
        let progress = Progress::default();
        progress.begin("playing the log of the world again");
        progress.note_store(&store);
        // From here on nothing answers, the start hears of nothing, and time passes as fast as it
        // is waited for.
        postgres.pause();
        tokio::time::pause();
        let asked = Instant::now();
        let starting = tokio::spawn(std::future::pending::<Result<()>>());
        assert!(progress.end(starting, "SIGTERM").await.is_none());
        progress.close(true).await;
        let took = asked.elapsed();
        assert!(took >= LEASE_GRACE, "it has waited for the store: {took:?}");
        assert!(took < END_MAX, "{took:?}");
        postgres.resume();
    }
}
