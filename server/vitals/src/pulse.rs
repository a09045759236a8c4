//! Whether the threads of the engine move. Each says when it begins with something, in proportion
//! to the work it does, and that it would go on while it waits for the store; a watchdog that is
//! told how much time has gone by says which of them has been at the same thing for too long. Knows
//! nothing of what the threads do.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// A thread without a beat for this long is stuck: the server is not ready any more.
pub const STUCK_AFTER: Duration = Duration::from_secs(5);

/// A thread without a beat for this long hangs for good: a supervisor should restart the process.
pub const DEAD_AFTER: Duration = Duration::from_secs(30);

/// An idle thread beats at least this often.
pub const BEAT_EVERY: Duration = Duration::from_secs(1);

/// Most time between two checks that counts, because a pause of the whole process does not mean
/// that a thread is stuck.
const LOOK_MAX: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The thread of the world.
    Tick,
    /// The persistence stage; the store it waits for has a state of its own.
    Persistence,
    Fanout,
    /// The threads that read from sockets and answer requests.
    Net,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Tick, Self::Persistence, Self::Fanout, Self::Net];
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tick => "the tick thread",
            Self::Persistence => "the persistence thread",
            Self::Fanout => "the fan-out thread",
            Self::Net => "the network threads",
        })
    }
}

/// The signs of life of one part.
#[derive(Debug, Default)]
pub struct Pulse {
    beats: AtomicU64,
    waits: AtomicBool,
}

impl Pulse {
    /// It begins with the next thing: the next of many in one turn, too, so that a machine on which
    /// a turn takes long does not pass for one on which it never ends. Costs some nanoseconds.
    pub fn beat(&self) {
        self.waits.store(false, Ordering::Relaxed);
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for something outside the process, which is judged by itself, and says every
    /// [`BEAT_EVERY`] that it would go on.
    pub async fn beat_until<T>(&self, done: impl Future<Output = T>) -> T {
        let mut done = pin!(done);
        loop {
            self.beat();
            if let Ok(done) = tokio::time::timeout(BEAT_EVERY, done.as_mut()).await {
                self.beat();
                return done;
            }
        }
    }

    /// From here to the next beat it takes as long as it takes: it waits for another part, which is
    /// judged by itself. Who waits for work does not: it wakes up every [`BEAT_EVERY`] to say that
    /// it could work.
    pub fn wait(&self) {
        self.waits.store(true, Ordering::Relaxed);
    }

    /// How often it has moved.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }
}

/// The signs of life of all parts.
#[derive(Debug, Default)]
pub struct Pulses([Pulse; Part::ALL.len()]);

impl Pulses {
    #[must_use]
    pub const fn of(&self, part: Part) -> &Pulse {
        &self.0[part as usize]
    }
}

/// Looks at the pulses at a pace of its own.
#[derive(Debug, Default)]
pub struct Watchdog([Seen; Part::ALL.len()]);

#[derive(Debug, Default)]
struct Seen {
    beats: u64,
    silent: Duration,
}

impl Watchdog {
    /// Adds the elapsed time. Returns for how long each part has not beaten.
    pub fn look(&mut self, after: Duration, pulses: &Pulses) -> [(Part, Duration); Part::ALL.len()] {
        Part::ALL.map(|part| {
            let (pulse, seen) = (pulses.of(part), &mut self.0[part as usize]);
            let beats = pulse.beats();
            if pulse.waits.load(Ordering::Relaxed) || seen.beats != beats {
                *seen = Seen { beats, silent: Duration::ZERO };
            } else {
                seen.silent += after.min(LOOK_MAX);
            }
            (part, seen.silent)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_millis(250);

    fn silent(watchdog: &mut Watchdog, pulses: &Pulses, looks: u32) -> [Duration; 4] {
        let mut last = [Duration::ZERO; 4];
        for _ in 0..looks {
            pulses.of(Part::Net).beat();
            last = watchdog.look(LOOK, pulses).map(|(_, silent)| silent);
        }
        last
    }

    #[test]
    fn a_thread_that_neither_moves_nor_waits_is_silent_until_it_moves() {
        let (pulses, mut watchdog) = (Pulses::default(), Watchdog::default());
        for part in Part::ALL {
            pulses.of(part).beat();
        }
        pulses.of(Part::Persistence).wait();
        watchdog.look(LOOK, &pulses);
        let (long, none) = (LOOK * 40, Duration::ZERO);
        assert_eq!(silent(&mut watchdog, &pulses, 40), [long, none, long, none]);
        pulses.of(Part::Tick).beat();
        pulses.of(Part::Persistence).beat();
        assert_eq!(silent(&mut watchdog, &pulses, 1), [none, none, long + LOOK, none]);
        assert_eq!(silent(&mut watchdog, &pulses, 1), [LOOK, LOOK, long + LOOK * 2, none]);
        pulses.of(Part::Fanout).wait();
        assert_eq!(silent(&mut watchdog, &pulses, 1), [LOOK * 2, LOOK * 2, none, none]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_something_outside_moves_for_as_long_as_it_takes() {
        let (pulses, mut watchdog) = (Pulses::default(), Watchdog::default());
        let waiting = pulses.of(Part::Persistence).beat_until(tokio::time::sleep(Duration::from_secs(60)));
        let looking = async {
            loop {
                tokio::time::sleep(LOOK).await;
                let silent = watchdog.look(LOOK, &pulses)[Part::Persistence as usize].1;
                assert!(silent <= BEAT_EVERY, "{silent:?}");
            }
        };
        tokio::select! {
            () = waiting => {}
            () = looking => {}
        }
        assert!(silent(&mut watchdog, &pulses, 40)[Part::Persistence as usize] >= STUCK_AFTER, "not of itself");
    }

    #[test]
    fn time_in_which_nobody_looked_is_nobodys_silence() {
        let (pulses, mut watchdog) = (Pulses::default(), Watchdog::default());
        watchdog.look(Duration::from_secs(3_600), &pulses);
        assert!(watchdog.look(LOOK, &pulses).iter().all(|(_, silent)| *silent < STUCK_AFTER));
    }
}
