//! What all sessions count together: atomics and a few histograms behind locks that are spread over the sessions.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;

/// Locks the latencies are spread over.
const SHARDS: usize = 16;

/// Longest time told apart, microseconds.
const MICROS_MAX: u64 = 120_000_000;

/// Counts and times of one run.
pub struct Tally {
    latency_us: [Mutex<Histogram<u64>>; SHARDS],
    lag_us: Mutex<Histogram<u64>>,
    connect_us: Mutex<Histogram<u64>>,
    refused: Mutex<BTreeMap<String, u64>>,
    closed: Mutex<BTreeMap<u16, u64>>,
    /// Acknowledged as applied, in the measured time.
    pub applied: AtomicU64,
    /// Acknowledged as duplicates, which this program never sends.
    pub duplicate: AtomicU64,
    /// Answered a second time.
    pub answered_twice: AtomicU64,
    /// Acknowledged after a later one.
    pub out_of_order: AtomicU64,
    /// Frames received in the measured time.
    pub frames: AtomicU64,
    /// Their payload bytes.
    pub bytes: AtomicU64,
    /// Sends the socket did not take at once.
    pub stalled_sends: AtomicU64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            latency_us: std::array::from_fn(|_| Mutex::new(times())),
            lag_us: Mutex::new(times()),
            connect_us: Mutex::new(times()),
            refused: Mutex::default(),
            closed: Mutex::default(),
            applied: AtomicU64::new(0),
            duplicate: AtomicU64::new(0),
            answered_twice: AtomicU64::new(0),
            out_of_order: AtomicU64::new(0),
            frames: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            stalled_sends: AtomicU64::new(0),
        }
    }
}

impl Tally {
    /// From the intended time of a move to its acknowledgement.
    pub fn latency(&self, session: usize, took: Duration) {
        record(&self.latency_us[session % SHARDS], took);
    }

    /// From the intended time of a move to its send.
    pub fn lag(&self, took: Duration) {
        record(&self.lag_us, took);
    }

    /// From the first request of a session to its handshake answer.
    pub fn connected(&self, took: Duration) {
        record(&self.connect_us, took);
    }

    /// A move was refused.
    pub fn refused(&self, code: String) {
        *self.refused.lock().expect("no panic holds this lock").entry(code).or_default() += 1;
    }

    /// A connection ended before the run did.
    pub fn closed(&self, code: u16) {
        *self.closed.lock().expect("no panic holds this lock").entry(code).or_default() += 1;
    }

    /// All latencies.
    pub fn latencies(&self) -> Histogram<u64> {
        let mut all = times();
        for shard in &self.latency_us {
            // Same bounds throughout, so this cannot fail.
            let _ = all.add(&*shard.lock().expect("no panic holds this lock"));
        }
        all
    }

    /// All delays of this program.
    pub fn lags(&self) -> Histogram<u64> {
        self.lag_us.lock().expect("no panic holds this lock").clone()
    }

    /// All times to connect.
    pub fn connects(&self) -> Histogram<u64> {
        self.connect_us.lock().expect("no panic holds this lock").clone()
    }

    /// Refusals by code.
    pub fn refusals(&self) -> BTreeMap<String, u64> {
        self.refused.lock().expect("no panic holds this lock").clone()
    }

    /// Early ends by close code; 0 is none.
    pub fn closes(&self) -> BTreeMap<u16, u64> {
        self.closed.lock().expect("no panic holds this lock").clone()
    }

    /// Adds one.
    pub fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

fn times() -> Histogram<u64> {
    Histogram::new_with_bounds(1, MICROS_MAX, 3).expect("the bounds are constants that fit")
}

fn record(into: &Mutex<Histogram<u64>>, took: Duration) {
    let micros = u64::try_from(took.as_micros()).unwrap_or(MICROS_MAX);
    into.lock().expect("no panic holds this lock").saturating_record(micros);
}
