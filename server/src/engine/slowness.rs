//! Log lines about slow commits, slow ticks, and skipped ticks. The first is logged at once,
//! further ones within ten seconds together in one line, with their number and the worst. Metrics
//! count elsewhere.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// A commit that took this long is logged.
pub const SLOW_COMMIT: Duration = Duration::from_millis(250);

/// Least time between two lines of a kind.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// What was slow. Shared by the threads of the engine.
#[derive(Debug, Default)]
pub struct Slowness {
    commits: Mutex<Sum>,
    overruns: Mutex<Sum>,
    skips: Mutex<Sum>,
}

impl Slowness {
    /// A commit took this long, its repetitions included.
    pub fn commit(&self, took: Duration) {
        if took >= SLOW_COMMIT {
            self.commits.lock().note(took);
            self.log_due();
        }
    }

    /// A tick took this long, more than its budget.
    pub fn overrun(&self, took: Duration) {
        self.overruns.lock().note(took);
        self.log_due();
    }

    /// The tick loop was this far behind and skipped ticks.
    pub fn skipped(&self, behind: Duration) {
        self.skips.lock().note(behind);
        self.log_due();
    }

    /// Logs what is due. Also to be called now and then without anything new.
    pub fn log_due(&self) {
        let now = Instant::now();
        if let Some((count, worst)) = self.commits.lock().due(now) {
            tracing::warn!(count, worst_ms = millis(worst), "slow commits");
        }
        if let Some((count, worst)) = self.overruns.lock().due(now) {
            tracing::warn!(count, worst_ms = millis(worst), "ticks took longer than their share");
        }
        if let Some((count, worst)) = self.skips.lock().due(now) {
            tracing::warn!(count, worst_behind_ms = millis(worst), "ticks were skipped: the world was too far behind");
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What has not been logged yet, of one kind.
#[derive(Debug, Default)]
struct Sum {
    count: u64,
    worst: Duration,
    logged_at: Option<Instant>,
}

impl Sum {
    fn note(&mut self, took: Duration) {
        self.count += 1;
        self.worst = self.worst.max(took);
    }

    fn due(&mut self, now: Instant) -> Option<(u64, Duration)> {
        let is_soon = self.logged_at.is_some_and(|at| now.saturating_duration_since(at) < LINE_EVERY);
        if self.count == 0 || is_soon {
            return None;
        }
        self.logged_at = Some(now);
        Some((std::mem::take(&mut self.count), std::mem::take(&mut self.worst)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_together_after_ten_seconds() {
        let (mut sum, start) = (Sum::default(), Instant::now());
        let second = Duration::from_secs(1);
        assert_eq!(sum.due(start), None);
        sum.note(second);
        assert_eq!(sum.due(start), Some((1, second)));
        for number in 1..=40 {
            sum.note(second * (number % 7));
            assert_eq!(sum.due(start + second * 9), None);
        }
        assert_eq!(sum.due(start + second * 10), Some((40, second * 6)));
        assert_eq!(sum.due(start + second * 60), None, "nothing new");
    }
}
