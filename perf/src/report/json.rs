//! The points as JSON, for programs: every figure of the table, the counts behind them, and the
//! usual percentiles.

use std::collections::BTreeMap;

use anyhow::Result;
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::outcome::{Cpu, Memory, Outcome};

#[derive(Serialize)]
struct Point<'a> {
    version: &'static str,
    system: &'a str,
    scenario: &'a str,
    sessions: usize,
    seconds: f64,
    ack: Spread,
    more: BTreeMap<&'a str, Spread>,
    acks: u64,
    frames: u64,
    bytes: u64,
    cpu_s: Cpu,
    server_us_per_frame: f64,
    server_memory_bytes: Memory,
    server_kib_per_session: f64,
    figures: &'a BTreeMap<String, f64>,
    faults: &'a [String],
}

/// A distribution of times, milliseconds.
#[derive(Debug, Serialize)]
pub struct Spread {
    pub count: u64,
    mean_ms: f64,
    /// Half of them are within it.
    pub p50_ms: f64,
    p90_ms: f64,
    /// 95 of 100 are within it.
    pub p95_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    pub max_ms: f64,
}

impl Spread {
    /// Of microseconds.
    pub fn of(times: &Histogram<u64>) -> Self {
        let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
        Self {
            count: times.len(),
            mean_ms: times.mean() / 1e3,
            p50_ms: at(0.5),
            p90_ms: at(0.9),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            p999_ms: at(0.999),
            max_ms: times.max() as f64 / 1e3,
        }
    }
}

/// An array with an object for each point.
///
/// # Errors
/// When a figure is not a number.
pub fn text(outcomes: &[Outcome]) -> Result<String> {
    let points: Vec<Point> = outcomes.iter().map(point).collect();
    Ok(serde_json::to_string_pretty(&points)? + "\n")
}

fn point(outcome: &Outcome) -> Point<'_> {
    Point {
        version: tilemud_schema::version(),
        system: &outcome.system,
        scenario: &outcome.scenario,
        sessions: outcome.sessions,
        seconds: outcome.seconds,
        ack: Spread::of(&outcome.ack_us),
        more: outcome.more_us.iter().map(|(name, times)| (name.as_str(), Spread::of(times))).collect(),
        acks: outcome.acks,
        frames: outcome.frames,
        bytes: outcome.bytes,
        cpu_s: outcome.cpu_s,
        server_us_per_frame: outcome.server_us_per_frame(),
        server_memory_bytes: outcome.server_memory,
        server_kib_per_session: outcome.server_kib_per_session(),
        figures: &outcome.figures,
        faults: &outcome.faults,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::outcome;

    #[test]
    fn a_program_finds_the_figures_of_a_point() {
        let text = text(&[outcome("tilemud", 40)]).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read[0]["system"], "tilemud");
        assert_eq!(read[0]["ack"]["count"], 1_000);
        assert!((read[0]["ack"]["p95_ms"].as_f64().unwrap() - 47.5).abs() < 0.1);
        assert_eq!(read[0]["cpu_s"]["server"], 5.0);
        assert_eq!(read[0]["more"]["connect"]["count"], 1);
    }
}
