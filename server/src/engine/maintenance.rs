//! Maintains the store while a server runs.

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::store::Maintenance;
use tilemud_vitals::health::Health;
use tilemud_vitals::process::Cause;
use tokio::time::MissedTickBehavior;

use super::loss;

/// How often a store is maintained.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Maintains the store until shutdown, and ends the server when the store is lost, because nothing
/// could be committed any more.
pub async fn maintain(store: Arc<dyn Maintenance>, health: Arc<Health>) {
    let mut interval = tokio::time::interval(LOOK_EVERY);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = interval.tick() => {}
            () = health.process.stopping() => return,
        }
        match store.maintain().await {
            Ok(()) => {}
            Err(error) if loss::is_lost(&error) => {
                health.process.fail(Cause::WorldLost(loss::in_words(&error)));
                return;
            }
            // The commits tell everyone.
            Err(error) => tracing::debug!(%error, "the store could not be looked after"),
        }
    }
}
