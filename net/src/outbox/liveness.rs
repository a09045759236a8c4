//! Liveness of one peer: when it was last heard, and up to which tick its answers to pings prove
//! that frames arrived. Written by the connection's reader; read by the task that checks sessions
//! and by the fan-out. Has no clock of its own and ends nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_schema::Tick;
use tokio::time::Instant;

/// What one connection has shown.
#[derive(Debug)]
pub struct Liveness {
    opened: Instant,
    /// Milliseconds since it was opened.
    heard_ms: AtomicU64,
    pinged_ms: AtomicU64,
    questions: Mutex<Questions>,
    /// The newest tick that an answer came to.
    arrived: AtomicU64,
}

/// The pings about arrival. One is on its way at a time.
#[derive(Debug, Default)]
struct Questions {
    /// The newest tick that a ping asked about.
    asked: Tick,
    /// The newest tick whose frame left while another ping was on its way. The next ping asks about
    /// it.
    left: Tick,
}

impl Liveness {
    /// Of a connection that was opened just now.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        let zero = AtomicU64::default;
        Self { opened: now, heard_ms: zero(), pinged_ms: zero(), questions: Mutex::default(), arrived: zero() }
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

    /// Whether a ping is due: nothing was heard and no ping was sent for this long. Notes that it
    /// is sent.
    pub fn wants_ping(&self, now: Instant, after: Duration) -> bool {
        let pinged = self.opened + Duration::from_millis(self.pinged_ms.load(Ordering::Relaxed));
        let is_due = self.silence(now) >= after && now.saturating_duration_since(pinged) >= after;
        if is_due {
            self.pinged_ms.store(self.since_opened(now), Ordering::Relaxed);
        }
        is_due
    }

    /// The payload of a ping that asks about the arrival of a tick's frame, unless one is on its
    /// way. It must follow that frame.
    #[must_use]
    pub fn ask(&self, tick: Tick) -> Option<[u8; 8]> {
        self.ask_now(&mut self.questions.lock(), tick)
    }

    /// The frame of a tick was queued without a ping, because one was on its way: the next ping
    /// asks about it. Returns its payload if the other was answered meanwhile.
    #[must_use]
    pub fn ask_later(&self, tick: Tick) -> Option<[u8; 8]> {
        let mut questions = self.questions.lock();
        let question = self.ask_now(&mut questions, tick);
        if question.is_none() {
            questions.left = tick;
        }
        question
    }

    /// The frames from `since` on were dropped, with the pings about them.
    pub fn take_back(&self, since: Tick) {
        let mut questions = self.questions.lock();
        if questions.asked >= since {
            questions.asked = self.arrived();
        }
        if questions.left >= since {
            questions.left = 0;
        }
    }

    /// A pong came. Returns the payload of the next ping, about frames that left since.
    #[must_use]
    pub fn note_answer(&self, payload: &[u8]) -> Option<[u8; 8]> {
        let tick = payload.try_into().map(Tick::from_be_bytes).ok()?;
        let mut questions = self.questions.lock();
        // One that was not asked for says nothing; whoever makes one up only deceives itself.
        if tick > questions.asked {
            return None;
        }
        self.arrived.fetch_max(tick, Ordering::Relaxed);
        let left = questions.left;
        (left > questions.asked).then(|| self.ask_now(&mut questions, left)).flatten()
    }

    fn ask_now(&self, questions: &mut Questions, tick: Tick) -> Option<[u8; 8]> {
        (questions.asked <= self.arrived()).then(|| {
            questions.asked = tick;
            tick.to_be_bytes()
        })
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
        let (liveness, after) = (Liveness::new(opened), Duration::from_secs(3));
        assert_eq!(liveness.silence(at(2_500)).as_millis(), 2_500);
        let pings = (0..40).filter(|step| liveness.wants_ping(at(step * 250), after));
        assert_eq!(pings.collect::<Vec<_>>(), [12, 24, 36]);
        liveness.note_heard(at(10_000));
        assert_eq!(liveness.silence(at(10_250)).as_millis(), 250);
        assert!(!liveness.wants_ping(at(12_750), after));
        assert!(liveness.wants_ping(at(13_000), after));
    }

    #[test]
    fn one_question_is_on_its_way_at_a_time_and_only_its_answer_counts() {
        let liveness = Liveness::new(Instant::now());
        assert_eq!(liveness.ask(7), Some(7_u64.to_be_bytes()));
        assert_eq!(liveness.ask(8), None);
        for made_up in [&b""[..], b"1234567", &9_u64.to_be_bytes()] {
            assert_eq!(liveness.note_answer(made_up), None);
        }
        assert_eq!(liveness.arrived(), 0);
        assert_eq!(liveness.note_answer(&7_u64.to_be_bytes()), None);
        assert_eq!((liveness.arrived(), liveness.ask(9).is_some()), (7, true));
        liveness.take_back(9);
        assert!(liveness.ask(10).is_some(), "the question went with the frame");
    }

    #[test]
    fn words_that_left_while_a_question_was_on_its_way_are_asked_about_when_it_is_answered() {
        let liveness = Liveness::new(Instant::now());
        assert!(liveness.ask(7).is_some());
        for tick in [8, 9] {
            assert_eq!((liveness.ask(tick), liveness.ask_later(tick)), (None, None));
        }
        assert_eq!(liveness.note_answer(&7_u64.to_be_bytes()), Some(9_u64.to_be_bytes()), "without any later words");
        assert_eq!(liveness.note_answer(&7_u64.to_be_bytes()), None, "once");
        assert_eq!(liveness.note_answer(&9_u64.to_be_bytes()), None);
        assert_eq!(liveness.arrived(), 9);
        // The answer came between the two.
        assert_eq!((liveness.ask(10).is_some(), liveness.ask(11)), (true, None));
        assert_eq!(liveness.note_answer(&10_u64.to_be_bytes()), None);
        assert_eq!(liveness.ask_later(11), Some(11_u64.to_be_bytes()));
        // What was dropped is asked about no more.
        assert_eq!(liveness.ask_later(12), None);
        liveness.take_back(12);
        assert_eq!(liveness.note_answer(&11_u64.to_be_bytes()), None);
        assert_eq!(liveness.arrived(), 11);
    }
}
