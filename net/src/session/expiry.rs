//! Ends sessions: those that log out, and those whose ticket, reconnect window or inactivity
//! timeout has run out (FR-017). Before that it finds connections that were lost without a close
//! (the network is gone, or a middlebox dropped them): a silent connection shows its character as
//! away, and its session ends after the reconnect window. Pongs count as heard.

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::rest::SessionStatus;
use tilemud_sim::api::{Input, SessionKey};
use tokio::time::{Instant, MissedTickBehavior};

use super::realm::Realm;
use super::registry::{Departure, SilenceChange};
use super::state::Session;
use super::status::End;
use crate::journal;
use crate::mailbox::WorldStopped;
use crate::outbox::frame::OutFrame;

/// How often the table is looked through.
const SWEEP: Duration = Duration::from_millis(250);

/// When the sweep is late by as much, the whole process stood still.
const STOOD_STILL: Duration = Duration::from_secs(1);

/// Most of the lost time that players get once more.
const LENIENT_MAX: Duration = Duration::from_secs(60);

/// Time between attempts to forget a stored session while the store is away.
const FORGET_RETRY: Duration = Duration::from_secs(1);

/// Notices that the process stood still: nobody could be heard then, nor come back.
#[derive(Debug)]
struct Standstills {
    looked: Instant,
    lenient_until: Instant,
}

impl Standstills {
    fn from(now: Instant) -> Self {
        Self { looked: now, lenient_until: now }
    }

    /// Whether it stood still since the last look.
    fn look(&mut self, now: Instant) -> bool {
        let lost = now.saturating_duration_since(std::mem::replace(&mut self.looked, now)).saturating_sub(SWEEP);
        let stood_still = lost >= STOOD_STILL;
        if stood_still {
            self.lenient_until = now + lost.min(LENIENT_MAX);
        }
        stood_still
    }

    /// Whether anybody's time may be up.
    fn may_expire(&self, now: Instant) -> bool {
        now >= self.lenient_until
    }
}

pub async fn run(realm: Arc<Realm>) {
    let mut standstills = Standstills::from(Instant::now());
    let mut interval = tokio::time::interval(SWEEP);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = interval.tick() => {}
            () = realm.health.process.stopping() => return,
        }
        let now = Instant::now();
        if standstills.look(now) {
            realm.registry.hear_all(now);
        }
        if realm.look_after_connections(now).await.is_err() {
            return;
        }
        if !standstills.may_expire(now) {
            continue;
        }
        for departure in realm.registry.expire(now) {
            let reason = match departure.from {
                SessionStatus::Connecting => journal::NEVER_CONNECTED,
                SessionStatus::Active | SessionStatus::Terminating => "inactivity",
                SessionStatus::Reconnecting => "did_not_come_back",
            };
            if realm.depart(&departure, End::TimeUp, reason).await.is_err() {
                return;
            }
        }
    }
}

impl Realm {
    /// Ends a session because its player said so. False when it had ended already.
    ///
    /// # Errors
    /// [`WorldStopped`].
    pub(crate) async fn log_out(self: &Arc<Self>, key: SessionKey) -> Result<bool, WorldStopped> {
        let Some(departure) = self.registry.end(key, End::LoggedOut, Instant::now()) else { return Ok(false) };
        if !departure.must_leave && departure.session.is_stored() {
            // It was about to come back after a restart; with a session in the world, the fan-out
            // does this.
            self.forget_session(&departure.session);
        }
        self.depart(&departure, End::LoggedOut, End::LoggedOut.code().reason()).await?;
        Ok(true)
    }

    /// Sends pings on silent connections, and sends to the world who is away and who is back.
    async fn look_after_connections(&self, now: Instant) -> Result<(), WorldStopped> {
        let (to_ask, changes) = self.registry.look_after(now);
        for outbox in to_ask {
            outbox.send(OutFrame::ping(&[]));
        }
        for SilenceChange { session, connection, is_silent: away } in changes {
            if away {
                journal::disconnected(&session.identity, None, "no_sign_of_life");
            } else {
                journal::heard_again(&session.identity);
            }
            self.mailbox.push(Input::Presence { session: session.key, connection, away }).await?;
        }
        Ok(())
    }

    /// A connection has ended: its session may come back, and is shown as away until then.
    pub(crate) async fn lose_connection(&self, session: &Session, connection: u64) {
        if self.registry.disconnected(session.key, connection, Instant::now()) {
            // A stopped world shows nobody anything.
            let _ = self.mailbox.push(Input::Presence { session: session.key, connection, away: true }).await;
        }
    }

    async fn depart(&self, departure: &Departure, end: End, reason: &str) -> Result<(), WorldStopped> {
        let session = &departure.session;
        journal::ended(&session.identity, end.code(), reason);
        if departure.must_leave {
            self.mailbox.push(Input::Leave { session: session.key }).await?;
        }
        Ok(())
    }

    /// Deletes the stored record of a session that has ended; tries until it is done or the process
    /// ends. To be called on the network runtime.
    pub(crate) fn forget_session(self: &Arc<Self>, session: &Session) {
        self.tokens.forget(session);
        let (realm, session_id) = (Arc::clone(self), session.identity.session_id);
        tokio::spawn(async move {
            while let Err(error) = realm.store.end_session(session_id).await {
                tracing::warn!(%error, "a session that has ended is still stored");
                tokio::select! {
                    () = tokio::time::sleep(FORGET_RETRY) => {}
                    () = realm.health.process.stopping() => return,
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_standstill_players_get_the_lost_time_once_more_and_a_late_sweep_is_none() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut standstills = Standstills::from(start);
        assert!(!standstills.look(at(250)) && !standstills.look(at(1_000)) && standstills.may_expire(at(1_000)));
        assert!(standstills.look(at(31_250)));
        assert!(!standstills.look(at(31_500)), "once");
        assert!(!standstills.may_expire(at(61_249)) && standstills.may_expire(at(61_250)));
        assert!(standstills.look(at(3_600_000)));
        assert!(!standstills.may_expire(at(3_659_999)) && standstills.may_expire(at(3_660_000)));
    }
}
