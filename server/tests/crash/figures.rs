//! What a run reached, as it is printed.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::schedule::Target;

/// The goal for the first acknowledgement after Postgres accepts connections again.
pub const OUTAGE_GOAL: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub struct Figures {
    pub seed: u64,
    pub hits: BTreeMap<Target, u32>,
    /// Of those, how many hit a server that was starting, or had only some of its players back.
    pub starting: u32,
    pub returning: u32,
    pub recoveries_hit: u32,
    pub checks: u32,
    /// Restarts after which everything was found as it had been left.
    pub rests: u32,
    pub intents: u64,
    pub acks: u64,
    pub refusals: u64,
    pub sightings: u64,
    pub words: u64,
    pub repeats: u64,
    pub reconnects: u64,
    pub delta_resumes: u64,
    pub lost: usize,
    pub doubled: usize,
    pub otherwise_wrong: usize,
    /// From the start of a server's process to the first acknowledgement of that server.
    pub restarts: Vec<Duration>,
    /// From the moment Postgres accepts connections to the next acknowledgement, with the server
    /// still there.
    pub outages: Vec<Duration>,
    pub refused_with: BTreeMap<String, u64>,
    pub took: Duration,
}

impl Figures {
    /// Kills of any kind; a drain is none.
    pub fn kills(&self) -> u32 {
        self.hits.iter().filter(|(target, _)| **target != Target::Drain).map(|(_, count)| count).sum()
    }
}

struct Spread<'a>(&'a [Duration]);

impl fmt::Display for Spread<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.0.to_vec();
        sorted.sort_unstable();
        let Some(longest) = sorted.last() else { return write!(out, "none") };
        write!(out, "median {:.0?}, max {longest:.0?} of {}", sorted[(sorted.len() - 1) / 2], sorted.len())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} kills in {:.0?}: {:?}; {} hit a server that was starting, {} one with only some players back, \
             {} Postgres in its recovery",
            self.kills(),
            self.took,
            self.hits,
            self.starting,
            self.returning,
            self.recoveries_hit
        )?;
        writeln!(
            out,
            "{} intents, {} acknowledgements checked, lost {}, doubled {}, otherwise wrong {}; \
             {} refusals checked: {:?}",
            self.intents, self.acks, self.lost, self.doubled, self.otherwise_wrong, self.refusals, self.refused_with
        )?;
        writeln!(
            out,
            "{} checks, {} worlds found as they were left; {} repeats told as before; \
             {} sightings and {} words found in the log; {} reconnects, {} by deltas",
            self.checks, self.rests, self.repeats, self.sightings, self.words, self.reconnects, self.delta_resumes
        )?;
        writeln!(out, "start of a server to its first acknowledgement: {}", Spread(&self.restarts))?;
        writeln!(out, "Postgres back to the next acknowledgement (goal {OUTAGE_GOAL:?}): {}", Spread(&self.outages))?;
        write!(out, "TILEMUD_TEST_SEED={} plays the same schedule again", self.seed)
    }
}
