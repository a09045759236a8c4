//! What one measured point gave: the same for every server, so that tables, plots and ratios need
//! not know which it was. Filled by the runners, read by the reports.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

/// One point: a scenario at a size, on one server.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// `tilemud`, `colyseus`, ...
    pub system: String,
    /// `steady`, `crowd`, ...
    pub scenario: String,
    /// Sessions that were connected.
    pub sessions: usize,
    /// Seconds that were measured.
    pub seconds: f64,
    /// Intended send of an intent to its acknowledgement, microseconds.
    pub ack_us: Histogram<u64>,
    /// Further histograms in microseconds, by name: `freshness`, `resume`, `connect`,
    /// `generator_lag`.
    pub more_us: BTreeMap<String, Histogram<u64>>,
    /// Acknowledged in the measured time.
    pub acks: u64,
    /// Frames received in the measured time, all sessions together.
    pub frames: u64,
    /// Their bytes on the wire, headers included.
    pub bytes: u64,
    /// CPU seconds in the measured time.
    pub cpu_s: Cpu,
    /// Resident memory of the server, bytes.
    pub server_memory: Memory,
    /// What was wrong; empty for a good point.
    pub faults: Vec<String>,
    /// What only some scenarios have, by name with its unit: `back_in_s`,
    /// `frames_per_client_s_min`, ...
    pub figures: BTreeMap<String, f64>,
}

/// CPU time of each part, user and system together, seconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Cpu {
    pub server: f64,
    /// The database, all its processes.
    pub database: f64,
    pub generator: f64,
}

/// Resident memory, bytes.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Memory {
    pub before: u64,
    /// With all sessions connected, at the end of the measured time.
    pub with_sessions: u64,
}

impl Outcome {
    /// Milliseconds within which this share (0 to 1) of the intents was acknowledged.
    #[must_use]
    pub fn ack_ms(&self, quantile: f64) -> f64 {
        self.ack_us.value_at_quantile(quantile) as f64 / 1e3
    }

    /// CPU seconds as a share of one core over the measured time, percent.
    #[must_use]
    pub fn percent(&self, cpu_s: f64) -> f64 {
        cpu_s / self.seconds * 100.0
    }

    /// A count of all clients, per second and client.
    #[must_use]
    pub fn a_client(&self, count: u64) -> f64 {
        count as f64 / self.seconds / (self.sessions.max(1) as f64)
    }

    /// Server memory with all sessions, MiB.
    #[must_use]
    pub fn server_mib(&self) -> f64 {
        self.server_memory.with_sessions as f64 / f64::from(1 << 20)
    }

    /// Server CPU per delivered frame, microseconds.
    #[must_use]
    pub fn server_us_per_frame(&self) -> f64 {
        self.cpu_s.server * 1e6 / (self.frames.max(1) as f64)
    }

    /// Server memory per session, KiB. Not a number when sessions fit into what the start had used
    /// and freed: then it is unknown.
    #[must_use]
    pub fn server_kib_per_session(&self) -> f64 {
        let grown = self.server_memory.with_sessions.checked_sub(self.server_memory.before);
        grown.map_or(f64::NAN, |grown| grown as f64 / 1024.0 / (self.sessions.max(1) as f64))
    }
}
