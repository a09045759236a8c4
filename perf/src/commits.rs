//! From a commit to the eyes of another: what the server says of its commits, held against what the
//! generator says of what it was shown. Both read the same clock.

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use serde::Deserialize;
use tilemud_schema::Tick;

use crate::generate::freshness::Sighting;
use crate::generate::tally::times;

/// What the server is to log for this: one line a commit, and warnings.
pub const LOG_FILTER: &str = "warn,tilemud_server::engine::stage=debug,tilemud_server::engine::edits=info";

const COMMITTED: &str = "committed";

/// The commits of a run, in order.
#[derive(Debug, Default)]
pub struct Commits(Vec<Commit>);

/// Everything up to this tick was durable at this time.
#[derive(Debug, Deserialize)]
struct Commit {
    message: String,
    tick: Tick,
    /// Microseconds since the Unix epoch.
    committed_at_us: i64,
}

impl Commits {
    /// Takes the commits out of what the server logged; the other lines are left.
    pub fn take(log: &mut Vec<String>) -> Self {
        let commits = log.extract_if(.., |line| commit(line).is_some());
        Self(commits.filter_map(|line| commit(&line)).collect())
    }

    /// The time from each move's commit to when it was seen, microseconds.
    ///
    /// # Errors
    /// A move that was seen and never committed, or before it was: nobody may be shown what is not
    /// durable (NFR-004).
    pub fn until_seen(&self, sightings: &[Sighting]) -> Result<Histogram<u64>> {
        let mut fresh = times();
        for seen in sightings {
            let commit = self.0.get(self.0.partition_point(|commit| commit.tick < seen.tick));
            let commit =
                commit.with_context(|| format!("tick {} was seen and no commit of it is logged", seen.tick))?;
            let took_us = u64::try_from(seen.at_us - commit.committed_at_us);
            let took_us = took_us.with_context(|| format!("tick {} was seen before it was committed", seen.tick))?;
            fresh.saturating_record(took_us);
        }
        Ok(fresh)
    }
}

fn commit(line: &str) -> Option<Commit> {
    serde_json::from_str(line).ok().filter(|commit: &Commit| commit.message == COMMITTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: &str, tick: Tick, at_us: i64) -> String {
        format!(r#"{{"level":"DEBUG","message":"{message}","tick":{tick},"committed_at_us":{at_us}}}"#)
    }

    #[test]
    fn a_move_is_as_old_as_the_commit_that_its_tick_was_in() {
        let mut log =
            vec![line(COMMITTED, 10, 1_000), "panicked".to_owned(), line("slow", 11, 0), line(COMMITTED, 14, 5_000)];
        let commits = Commits::take(&mut log);
        assert_eq!(log, ["panicked".to_owned(), line("slow", 11, 0)]);
        let seen = |tick, at_us| Sighting { tick, at_us };
        let fresh = commits.until_seen(&[seen(10, 1_007), seen(12, 5_020), seen(14, 5_020)]).unwrap();
        assert_eq!((fresh.len(), fresh.min(), fresh.max()), (3, 7, 20));
        for bad in [seen(15, 9_000), seen(12, 4_999)] {
            assert!(commits.until_seen(&[bad]).is_err(), "{bad:?}");
        }
    }
}
