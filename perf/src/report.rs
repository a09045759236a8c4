//! What a run has shown: a table for people, JSON for programs, and the latency distribution as `.hgrm` for HdrHistogram plotters.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use serde::Serialize;
use tilemud_schema::rest::Health;

use crate::Options;
use crate::schedule::Seat;
use crate::tally::Tally;

/// Steps of the `.hgrm` distribution in each half of what is left to 100 %.
const TICKS_PER_HALF: u32 = 5;

/// Everything a run has shown.
#[derive(Debug, Serialize)]
pub struct Report {
    server: String,
    version: &'static str,
    sessions: usize,
    moves_per_s: f64,
    seconds: u64,
    warmup_s: u64,
    seed: u64,
    connected_in_s: f64,
    sent: u64,
    unanswered: u64,
    applied: u64,
    refused: BTreeMap<String, u64>,
    duplicate: u64,
    answered_twice: u64,
    out_of_order: u64,
    closed: BTreeMap<u16, u64>,
    stalled_sends: u64,
    frames_per_s: f64,
    bytes_per_s: f64,
    ack_latency: Spread,
    generator_lag: Spread,
    connect: Spread,
    server_tick_p99_us: Option<u64>,
    server_tick_overruns: Option<u64>,
}

/// A distribution of times, milliseconds.
#[derive(Debug, Serialize)]
struct Spread {
    count: u64,
    mean_ms: f64,
    p50_ms: f64,
    p90_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    max_ms: f64,
}

impl Spread {
    fn of(times: &Histogram<u64>) -> Self {
        let at = |percentile| times.value_at_percentile(percentile) as f64 / 1_000.0;
        Self {
            count: times.len(),
            mean_ms: times.mean() / 1_000.0,
            p50_ms: at(50.0),
            p90_ms: at(90.0),
            p95_ms: at(95.0),
            p99_ms: at(99.0),
            p999_ms: at(99.9),
            max_ms: times.max() as f64 / 1_000.0,
        }
    }
}

impl Report {
    /// Reads everything off.
    pub fn new(
        options: &Options,
        tally: &Tally,
        seats: &[Seat],
        connected_in: Duration,
        health: Option<&Health>,
    ) -> Self {
        let load = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let sent: u64 = seats.iter().map(|seat| load(&seat.progress.sent)).sum();
        let answered: u64 = seats.iter().map(|seat| load(&seat.progress.answered)).sum();
        let seconds = options.seconds.max(1) as f64;
        Self {
            server: options.server.clone(),
            version: tilemud_schema::version(),
            sessions: options.sessions,
            moves_per_s: options.moves_per_s,
            seconds: options.seconds,
            warmup_s: options.warmup_s,
            seed: options.seed,
            connected_in_s: connected_in.as_secs_f64(),
            sent,
            unanswered: sent.saturating_sub(answered),
            applied: load(&tally.applied),
            refused: tally.refusals(),
            duplicate: load(&tally.duplicate),
            answered_twice: load(&tally.answered_twice),
            out_of_order: load(&tally.out_of_order),
            closed: tally.closes(),
            stalled_sends: load(&tally.stalled_sends),
            frames_per_s: load(&tally.frames) as f64 / seconds,
            bytes_per_s: load(&tally.bytes) as f64 / seconds,
            ack_latency: Spread::of(&tally.latencies()),
            generator_lag: Spread::of(&tally.lags()),
            connect: Spread::of(&tally.connects()),
            server_tick_p99_us: health.map(|health| health.tick.p99_us),
            server_tick_overruns: health.map(|health| health.tick.overruns),
        }
    }

    /// What must not happen, whatever the load.
    pub fn faults(&self) -> Vec<String> {
        let counted = [
            (self.unanswered, "moves without an answer"),
            (self.answered_twice, "moves answered twice"),
            (self.out_of_order, "acknowledgements out of order"),
            (self.duplicate, "moves acknowledged as duplicates though sent once"),
            (self.closed.values().sum(), "connections that ended early"),
        ];
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }

    /// Writes the JSON and the distribution; the files' names.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&self, options: &Options, tally: &Tally) -> Result<Vec<String>> {
        let label = options
            .label
            .clone()
            .unwrap_or_else(|| format!("{}-sessions-{}-per-s-seed-{}", self.sessions, self.moves_per_s, self.seed));
        std::fs::create_dir_all(&options.out).with_context(|| format!("cannot make {}", options.out.display()))?;
        let write = |extension: &str, content: String| {
            let path = options.out.join(format!("{label}.{extension}"));
            std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
            anyhow::Ok(path.display().to_string())
        };
        Ok(vec![
            write("json", serde_json::to_string_pretty(self)?)?,
            write("hgrm", percentile_distribution(&tally.latencies()))?,
        ])
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sessions, {} moves/s each, {} s after {} s of warm-up, seed {}, server {}",
            self.sessions, self.moves_per_s, self.seconds, self.warmup_s, self.seed, self.version
        )?;
        writeln!(
            f,
            "{:>16} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "milliseconds", "p50", "p90", "p95", "p99", "p99.9", "max"
        )?;
        for (name, times) in
            [("ack latency", &self.ack_latency), ("generator lag", &self.generator_lag), ("connect", &self.connect)]
        {
            writeln!(
                f,
                "{name:>16} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
                times.p50_ms, times.p90_ms, times.p95_ms, times.p99_ms, times.p999_ms, times.max_ms
            )?;
        }
        writeln!(f, "sent {}, acknowledged {} of the measured, refused {:?}", self.sent, self.applied, self.refused)?;
        writeln!(
            f,
            "unanswered {}, answered twice {}, out of order {}, duplicate {}, closed early {:?}, stalled sends {}",
            self.unanswered, self.answered_twice, self.out_of_order, self.duplicate, self.closed, self.stalled_sends
        )?;
        let megabytes = self.bytes_per_s / 1_000_000.0;
        writeln!(f, "received {:.0} frames/s, {megabytes:.2} MB/s", self.frames_per_s)?;
        if let (Some(p99), Some(overruns)) = (self.server_tick_p99_us, self.server_tick_overruns) {
            writeln!(f, "server: tick p99 {p99} us, {overruns} overruns since its start")?;
        }
        Ok(())
    }
}

/// The text form HdrHistogram's plotters read, in milliseconds.
fn percentile_distribution(times: &Histogram<u64>) -> String {
    let mut text = format!("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    let mut total = 0;
    for step in times.iter_quantiles(TICKS_PER_HALF) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (step.value_iterated_to() as f64 / 1_000.0, step.quantile_iterated_to());
        let rest = if quantile < 1.0 { format!("{:14.2}", 1.0 / (1.0 - quantile)) } else { String::new() };
        // A String takes everything.
        let _ = writeln!(text, "{value:12.3} {quantile:2.12} {total:10} {rest}");
    }
    let (mean, deviation, max) = (times.mean() / 1_000.0, times.stdev() / 1_000.0, times.max() as f64 / 1_000.0);
    let _ = writeln!(text, "#[Mean    = {mean:12.3}, StdDeviation   = {deviation:12.3}]");
    let _ = writeln!(text, "#[Max     = {max:12.3}, Total count    = {:12}]", times.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_ends_with_all_values() {
        let mut times = Histogram::new_with_bounds(1, 1_000_000, 3).unwrap();
        for micros in 1..=1_000 {
            times.record(micros).unwrap();
        }
        let text = percentile_distribution(&times);
        let last = text.lines().rfind(|line| !line.starts_with('#')).unwrap();
        let fields: Vec<_> = last.split_whitespace().collect();
        assert_eq!((fields[0], fields[1], fields[2]), ("1.000", "1.000000000000", "1000"));
        assert!(text.contains("Total count    =         1000]"));
    }
}
