//! Ends sessions: those that log out, and those whose ticket, reconnect window or inactivity timeout has run out (FR-017).

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::rest::SessionStatus;
use tilemud_sim::api::{Input, SessionKey};
use tokio::time::{Instant, MissedTickBehavior};

use super::{Departure, End, Session};
use crate::edge::Edge;
use crate::journal;
use crate::mailbox::WorldStopped;

/// How often the table is looked through.
const SWEEP: Duration = Duration::from_millis(250);

/// Time between attempts to forget a stored session while the store is away.
const FORGET_RETRY: Duration = Duration::from_secs(1);

/// Runs until shutdown.
pub async fn run(edge: Arc<Edge>) {
    let mut interval = tokio::time::interval(SWEEP);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        for departure in edge.registry.expire(Instant::now()) {
            let reason = match departure.from {
                SessionStatus::Connecting => journal::NEVER_CONNECTED,
                SessionStatus::Active | SessionStatus::Terminating => "inactivity",
                SessionStatus::Reconnecting => "did_not_come_back",
            };
            if edge.depart(&departure, End::TimeUp, reason).await.is_err() {
                return;
            }
        }
    }
}

impl Edge {
    /// Ends a session because its player said so. False when it had ended already.
    ///
    /// # Errors
    /// [`WorldStopped`].
    pub(crate) async fn log_out(self: &Arc<Self>, key: SessionKey) -> Result<bool, WorldStopped> {
        let Some(departure) = self.registry.end(key, End::LoggedOut, Instant::now()) else { return Ok(false) };
        if !departure.must_leave && departure.session.is_stored() {
            // It was about to come back after a restart; with a session in the world, the fan-out does this.
            self.forget_session(&departure.session);
        }
        self.depart(&departure, End::LoggedOut, End::LoggedOut.code().reason()).await?;
        Ok(true)
    }

    async fn depart(&self, departure: &Departure, end: End, reason: &str) -> Result<(), WorldStopped> {
        let session = &departure.session;
        self.log_ended(&session.identity, end.code(), reason);
        if departure.must_leave {
            self.mailbox.push(Input::Leave { session: session.key }).await?;
        }
        Ok(())
    }

    /// Deletes the stored record of a session that has ended; tries until it is done or the process ends.
    /// To be called on the network runtime.
    pub(crate) fn forget_session(self: &Arc<Self>, session: &Session) {
        self.uncache_tokens(session);
        let (edge, session_id) = (Arc::clone(self), session.identity.session_id);
        tokio::spawn(async move {
            while let Err(error) = edge.store.end_session(session_id).await {
                tracing::warn!(%error, "a session that has ended is still stored");
                tokio::select! {
                    () = tokio::time::sleep(FORGET_RETRY) => {}
                    () = edge.shutdown.cancelled() => return,
                }
            }
        });
    }
}
