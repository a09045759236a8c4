//! Whether a world of several sleeps. One in which nobody has been for a while takes next to no
//! time of the processor: no ticks run, and what it does by itself (NPCs that wander, things that
//! come back) is made up for now and then, and when somebody comes. So it is never behind, and a
//! replay, which passes ticks without anybody in them in the same way, leads to the same world.

use std::time::{Duration, Instant};

/// From one look whether somebody comes to the next, in a world that sleeps.
pub const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How often somebody who is in the world is looked for while it is awake: this reads the list of
/// all.
const ROLL_CALL_EVERY: Duration = Duration::from_secs(1);

/// How often it makes up for the ticks that did not run, so that who comes does not wait for it.
const MAKES_UP_EVERY: Duration = Duration::from_secs(5);

/// The sleep of one world.
#[derive(Debug)]
pub struct Sleep {
    /// Nobody is in it for so long before it sleeps; `None` never does.
    after: Option<Duration>,
    period: Duration,
    called: Option<Instant>,
    empty_since: Option<Instant>,
    /// Since when ticks have been left out.
    asleep_since: Option<Instant>,
}

/// What a look has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Ticks run.
    Awake,
    /// None runs, and so many are to be made up for; 0 is none yet.
    Asleep(u64),
    /// It wakes up, and so many are to be made up for first.
    Wakes(u64),
}

impl Sleep {
    /// Of a world that is awake.
    #[must_use]
    pub fn new(after: Option<Duration>, period: Duration) -> Self {
        Self { after, period, called: None, empty_since: None, asleep_since: None }
    }

    /// Looks at the world before a tick is due. `is_wanted`: somebody wants to come in, or
    /// something else is to be done; `is_empty` is asked for whether nobody is in it.
    pub fn look(&mut self, now: Instant, is_wanted: bool, is_empty: impl FnOnce() -> bool) -> Look {
        let Some(after) = self.after else { return Look::Awake };
        if let Some(since) = self.asleep_since {
            let owed = now.saturating_duration_since(since);
            if !is_wanted && owed < MAKES_UP_EVERY {
                return Look::Asleep(0);
            }
            let ticks = u64::try_from(owed.as_nanos() / self.period.as_nanos().max(1)).unwrap_or(0);
            if is_wanted {
                *self = Self::new(self.after, self.period);
                return Look::Wakes(ticks);
            }
            self.asleep_since = Some(now);
            return Look::Asleep(ticks);
        }
        if is_wanted {
            self.empty_since = None;
        } else if self.called.is_none_or(|called| now.saturating_duration_since(called) >= ROLL_CALL_EVERY) {
            self.called = Some(now);
            self.empty_since = is_empty().then(|| self.empty_since.unwrap_or(now));
        }
        if self.empty_since.is_some_and(|since| now.saturating_duration_since(since) >= after) {
            self.asleep_since = Some(now);
            return Look::Asleep(0);
        }
        Look::Awake
    }

    /// Whether no ticks run.
    #[must_use]
    pub fn is_asleep(&self) -> bool {
        self.asleep_since.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_millis(50);

    #[test]
    fn a_world_sleeps_when_nobody_was_in_it_for_long_and_owes_the_ticks_until_somebody_comes() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut sleep = Sleep::new(Some(Duration::from_secs(30)), PERIOD);
        assert_eq!(sleep.look(at(0), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(29_999), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(29_999), true, || unreachable!("somebody comes")), Look::Awake);
        assert_eq!(sleep.look(at(40_000), false, || false), Look::Awake, "and is there");
        assert_eq!(sleep.look(at(50_000), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(79_000), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(80_000), false, || true), Look::Asleep(0));
        assert!(sleep.is_asleep());
        assert_eq!(sleep.look(at(84_999), false, || unreachable!("it sleeps")), Look::Asleep(0));
        assert_eq!(sleep.look(at(85_000), false, || unreachable!("it sleeps")), Look::Asleep(100));
        assert_eq!(sleep.look(at(86_020), true, || unreachable!("it sleeps")), Look::Wakes(20));
        assert!(!sleep.is_asleep());
        assert_eq!(sleep.look(at(86_050), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(116_000), false, || true), Look::Awake);
        assert_eq!(sleep.look(at(116_050), false, || true), Look::Asleep(0));
    }

    #[test]
    fn who_is_in_the_world_is_asked_for_once_a_second_and_never_where_no_world_sleeps() {
        let start = Instant::now();
        let mut asked = 0;
        let mut sleep = Sleep::new(Some(Duration::from_secs(30)), PERIOD);
        for tick in 0..100 {
            let look = sleep.look(start + PERIOD * tick, false, || {
                asked += 1;
                false
            });
            assert_eq!(look, Look::Awake);
        }
        assert_eq!(asked, 5);
        let mut never = Sleep::new(None, PERIOD);
        for tick in 0..100_000 {
            assert_eq!(never.look(start + PERIOD * tick, false, || unreachable!("it never sleeps")), Look::Awake);
        }
    }
}
