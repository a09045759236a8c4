//! Signs of life of one peer: when anything was last heard from it, and up to which tick the answers to our pings prove that
//! what was sent has arrived. Written by the connection's reader; read by the sweep over the sessions and by the fan-out.
//! Has no clock of its own and ends nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tilemud_schema::Tick;
use tokio::time::Instant;

/// What one connection has shown.
#[derive(Debug)]
pub struct Signs {
    opened: Instant,
    /// Milliseconds since it was opened.
    heard_ms: AtomicU64,
    pinged_ms: AtomicU64,
    /// The newest tick that a ping asked about, and that an answer came to.
    asked: AtomicU64,
    arrived: AtomicU64,
}

impl Signs {
    /// Of a connection that was opened just now.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        let zero = AtomicU64::default;
        Self { opened: now, heard_ms: zero(), pinged_ms: zero(), asked: zero(), arrived: zero() }
    }

    /// Something came from the peer.
    pub fn note_heard(&self, now: Instant) {
        self.heard_ms.fetch_max(self.since_opened(now), Ordering::Relaxed);
    }

    /// For how long nothing has come.
    #[must_use]
    pub fn silence(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.opened + Duration::from_millis(self.heard_ms.load(Ordering::Relaxed)))
    }

    /// Whether it is time for a ping: nothing has come for as long, nor has one been sent. Notes that it is sent.
    pub fn wants_ping(&self, now: Instant, after: Duration) -> bool {
        let pinged = self.opened + Duration::from_millis(self.pinged_ms.load(Ordering::Relaxed));
        let is_due = self.silence(now) >= after && now.saturating_duration_since(pinged) >= after;
        if is_due {
            self.pinged_ms.store(self.since_opened(now), Ordering::Relaxed);
        }
        is_due
    }

    /// The payload of a ping that asks whether the frame of a tick has arrived, unless one is on its way.
    #[must_use]
    pub fn ask(&self, tick: Tick) -> Option<[u8; 8]> {
        let is_answered = self.asked.load(Ordering::Relaxed) <= self.arrived();
        is_answered.then(|| {
            self.asked.store(tick, Ordering::Relaxed);
            tick.to_be_bytes()
        })
    }

    /// The frames from `since` on, and what was asked about them, were dropped.
    pub fn take_back(&self, since: Tick) {
        if self.asked.load(Ordering::Relaxed) >= since {
            self.asked.store(self.arrived(), Ordering::Relaxed);
        }
    }

    /// A pong came.
    pub fn note_answer(&self, payload: &[u8]) {
        // One that was not asked for says nothing; whoever makes one up only deceives itself.
        if let Ok(tick) = payload.try_into().map(Tick::from_be_bytes)
            && tick <= self.asked.load(Ordering::Relaxed)
        {
            self.arrived.fetch_max(tick, Ordering::Relaxed);
        }
    }

    /// Frames up to this tick are known to have arrived.
    #[must_use]
    pub fn arrived(&self) -> Tick {
        self.arrived.load(Ordering::Relaxed)
    }

    fn since_opened(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.opened).as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_counted_from_the_last_sign_and_a_ping_is_sent_once_a_while() {
        let opened = Instant::now();
        let at = |ms| opened + Duration::from_millis(ms);
        let (signs, after) = (Signs::new(opened), Duration::from_secs(3));
        assert_eq!(signs.silence(at(2_500)).as_millis(), 2_500);
        let pings = (0..40).filter(|step| signs.wants_ping(at(step * 250), after));
        assert_eq!(pings.collect::<Vec<_>>(), [12, 24, 36]);
        signs.note_heard(at(10_000));
        assert_eq!(signs.silence(at(10_250)).as_millis(), 250);
        assert!(!signs.wants_ping(at(12_750), after));
        assert!(signs.wants_ping(at(13_000), after));
    }

    #[test]
    fn one_question_is_on_its_way_at_a_time_and_only_its_answer_counts() {
        let signs = Signs::new(Instant::now());
        assert_eq!(signs.ask(7), Some(7_u64.to_be_bytes()));
        assert_eq!(signs.ask(8), None);
        for made_up in [&b""[..], b"1234567", &9_u64.to_be_bytes()] {
            signs.note_answer(made_up);
        }
        assert_eq!(signs.arrived(), 0);
        signs.note_answer(&7_u64.to_be_bytes());
        assert_eq!((signs.arrived(), signs.ask(9).is_some()), (7, true));
        signs.take_back(9);
        assert!(signs.ask(10).is_some(), "the question went with the frame");
    }
}
