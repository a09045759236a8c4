//! Ends sessions whose ticket, reconnect window or inactivity timeout has run out (FR-017).

use std::sync::Arc;
use std::time::Duration;

use tilemud_sim::api::Input;
use tokio::time::{Instant, MissedTickBehavior};

use crate::edge::Edge;

/// Runs until shutdown.
pub async fn run(edge: Arc<Edge>) {
    let mut interval = tokio::time::interval(Duration::from_millis(250));
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        for (departure, code) in edge.registry.expire(Instant::now()) {
            edge.log_session("session ended", &departure.session.identity, code.reason());
            if departure.in_world && edge.mailbox.push(Input::Leave { session: departure.session.key }).await.is_err() {
                return;
            }
        }
        edge.metrics.active_sessions(edge.registry.live() as u64);
    }
}
