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

/// When the timer of the sweep is late by as much, the whole process stood still.
const STOOD_STILL: Duration = Duration::from_secs(1);

/// Most time in a row in which nobody's time is up. Afterwards standstills are not forgiven for as
/// long, so that on a host that is always late those who are lost are still found.
const LENIENT_MAX: Duration = Duration::from_secs(60);

/// Time between attempts to forget a stored session while the store is away.
const FORGET_RETRY: Duration = Duration::from_secs(1);

/// Notices that the process stood still: nobody could be heard then, nor come back.
#[derive(Debug)]
struct Standstills {
    lenient_from: Instant,
    lenient_until: Instant,
}

impl Standstills {
    fn from(now: Instant) -> Self {
        Self { lenient_from: now, lenient_until: now }
    }

    /// Whether it stood still, and players get that time once more. `waited` is how long the timer
    /// took, which does not count what the sweep itself waits for, such as a full mailbox.
    fn look(&mut self, now: Instant, waited: Duration) -> bool {
        let lost = waited.saturating_sub(SWEEP);
        if lost < STOOD_STILL {
            return false;
        }
        if now >= self.lenient_until + (self.lenient_until - self.lenient_from) {
            self.lenient_from = now;
        }
        let until = (now + lost).min(self.lenient_from + LENIENT_MAX);
        let is_forgiven = until > now;
        self.lenient_until = self.lenient_until.max(until);
        is_forgiven
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
        let before = Instant::now();
        tokio::select! {
            biased;
            _ = interval.tick() => {}
            () = realm.health.process.stopping() => return,
        }
        let now = Instant::now();
        if standstills.look(now, now - before) {
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
        let ms = Duration::from_millis;
        let mut standstills = Standstills::from(start);
        assert!(!standstills.look(at(250), ms(250)) && !standstills.look(at(1_000), ms(750)));
        assert!(standstills.may_expire(at(1_000)));
        assert!(standstills.look(at(31_250), ms(30_250)));
        assert!(!standstills.look(at(31_500), ms(250)), "once");
        assert!(!standstills.may_expire(at(61_249)) && standstills.may_expire(at(61_250)));
        assert!(standstills.look(at(3_600_000), ms(3_538_750)));
        assert!(!standstills.may_expire(at(3_659_999)) && standstills.may_expire(at(3_660_000)));
    }

    #[test]
    fn on_a_host_that_is_always_late_those_who_are_lost_are_still_found() {
        let start = Instant::now();
        let mut standstills = Standstills::from(start);
        let (mut strict_ms, mut longest_ms, mut all_ms) = (0, 0, 0);
        for _ in 0..1_000 {
            all_ms += 2_000;
            let now = start + Duration::from_millis(all_ms);
            let is_strict = !standstills.look(now, Duration::from_secs(2)) && standstills.may_expire(now);
            strict_ms = if is_strict { strict_ms + 2_000 } else { 0 };
            longest_ms = longest_ms.max(strict_ms);
        }
        assert!((50_000..=62_000).contains(&longest_ms), "{longest_ms} ms in a row without leniency");
    }

    #[test]
    fn what_the_sweep_itself_waits_for_is_no_standstill() {
        let start = Instant::now();
        let mut standstills = Standstills::from(start);
        // The store was away for an hour and the mailbox full; the timer was due long ago.
        assert!(!standstills.look(start + Duration::from_secs(3_600), Duration::ZERO));
    }
}
