//! What all sessions count together, and the form in which it goes to the runner.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::freshness::Sighting;

/// Longest time told apart, microseconds.
const MICROS_MAX: u64 = 600_000_000;

/// Examples kept of each kind of fault.
const EXAMPLES_MAX: u64 = 3;

/// An empty histogram of microseconds.
#[must_use]
pub fn times() -> Histogram<u64> {
    Histogram::new_with_bounds(1, MICROS_MAX, 3).expect("the bounds are constants that fit")
}

/// Counts and times of one run.
#[derive(Debug)]
pub struct Tally {
    /// Intended send to acknowledgement.
    pub ack_us: Histogram<u64>,
    /// Intended send to the real one.
    pub lag_us: Histogram<u64>,
    /// First request of a session to its handshake answer.
    pub connect_us: Histogram<u64>,
    /// `hello` to its answer, of sessions that came back.
    pub resume_us: Histogram<u64>,
    /// The same of those alone that were sent only what they had missed.
    pub resume_delta_us: Histogram<u64>,
    /// Cut of all connections to the handshake answer.
    pub back_us: Histogram<u64>,
    /// Everything that is a plain number.
    pub counts: Counts,
    faults: BTreeMap<&'static str, (u64, Vec<String>)>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Counts {
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    pub sent: u64,
    /// Acknowledged as applied for the first time.
    pub acks: u64,
    /// Sends that the socket did not take at once.
    pub stalled: u64,
    /// Requests that were to be tried again later.
    pub put_off: u64,
    /// Sessions that came back with the deltas they missed.
    pub by_delta: u64,
    /// With a full delta.
    pub by_snapshot: u64,
    /// As a fresh session.
    pub by_fresh: u64,
}

impl Counts {
    /// What came since then.
    #[must_use]
    pub fn since(&self, then: &Self) -> Self {
        Self {
            frames: self.frames - then.frames,
            bytes: self.bytes - then.bytes,
            sent: self.sent - then.sent,
            acks: self.acks - then.acks,
            stalled: self.stalled - then.stalled,
            put_off: self.put_off - then.put_off,
            by_delta: self.by_delta - then.by_delta,
            by_snapshot: self.by_snapshot - then.by_snapshot,
            by_fresh: self.by_fresh - then.by_fresh,
        }
    }
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            ack_us: times(),
            lag_us: times(),
            connect_us: times(),
            resume_us: times(),
            resume_delta_us: times(),
            back_us: times(),
            counts: Counts::default(),
            faults: BTreeMap::new(),
        }
    }
}

impl Tally {
    /// Something that must not happen; `example` says what exactly, for the first few of a kind.
    pub fn fault(&mut self, kind: &'static str, example: impl FnOnce() -> String) {
        let (count, examples) = self.faults.entry(kind).or_default();
        *count += 1;
        if *count <= EXAMPLES_MAX {
            examples.push(example());
        }
    }

    /// A line for each kind of fault.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let line = |(kind, (count, examples)): (&&str, &(u64, Vec<String>))| {
            format!("{kind}: {count}, such as {}", examples.join("; "))
        };
        self.faults.iter().map(line).collect()
    }
}

/// What the generator hands to the runner, as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub struct Results {
    /// Seconds that were measured.
    pub seconds: f64,
    /// Sessions that were live.
    pub sessions: usize,
    /// Of the whole run.
    pub total: Counts,
    /// Of the measured time.
    pub measured: Counts,
    /// Fewest and most frames a second that one session got in the measured time.
    pub frames_per_s: (f64, f64),
    /// Time until all were live, seconds: at first, and in a storm all again.
    pub connected_in_s: f64,
    /// From the cut of all connections until all were live again.
    pub back_in_s: Option<f64>,
    /// Histograms by name: pairs of value and count.
    pub times_us: BTreeMap<String, Vec<(u64, u64)>>,
    /// Moves of others that the sampled sessions were shown in the measured time.
    pub sightings: Vec<Sighting>,
    pub faults: Vec<String>,
}

impl Results {
    /// Takes a histogram out, empty when there is none of that name.
    ///
    /// # Errors
    /// A value out of range.
    pub fn take_times(&mut self, name: &str) -> Result<Histogram<u64>> {
        let mut histogram = times();
        for (value, count) in self.times_us.remove(name).unwrap_or_default() {
            histogram.record_n(value, count).with_context(|| format!("{name} holds {value} us"))?;
        }
        Ok(histogram)
    }
}

/// A histogram as pairs of value and count.
#[must_use]
pub fn pairs(histogram: &Histogram<u64>) -> Vec<(u64, u64)> {
    histogram.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_comes_out_as_it_went_in() {
        let mut histogram = times();
        for value in [1, 5, 5, 1_999, 2_001, 123_456, 599_999_999] {
            histogram.record(value).unwrap();
        }
        let mut results = Results {
            seconds: 1.0,
            sessions: 1,
            total: Counts::default(),
            measured: Counts::default(),
            frames_per_s: (0.0, 0.0),
            connected_in_s: 0.0,
            back_in_s: None,
            times_us: BTreeMap::from([("ack".to_owned(), pairs(&histogram))]),
            sightings: Vec::new(),
            faults: Vec::new(),
        };
        assert_eq!(results.take_times("ack").unwrap(), histogram);
        assert!(results.take_times("ack").unwrap().is_empty());
    }

    #[test]
    fn faults_are_counted_and_the_first_are_told() {
        let mut tally = Tally::default();
        for number in 1..=5 {
            tally.fault("late", || number.to_string());
        }
        assert_eq!(tally.faults(), ["late: 5, such as 1; 2; 3"]);
    }
}
