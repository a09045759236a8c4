//! A point for people, one line, and for programs: JSON, and the distributions as `.hgrm`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use serde_json::json;

use crate::outcome::Outcome;

/// The usual quantiles of a distribution in milliseconds.
fn spread(times: &Histogram<u64>) -> String {
    let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
    format!("p50 {:.1} p95 {:.1} p99 {:.1} max {:.0} ms", at(0.5), at(0.95), at(0.99), times.max() as f64 / 1e3)
}

/// One line.
#[must_use]
pub fn line(outcome: &Outcome) -> String {
    let percent = |cpu_s: f64| cpu_s / outcome.seconds * 100.0;
    let per_client = |count: u64| count as f64 / outcome.seconds / (outcome.sessions.max(1) as f64);
    let cpu = outcome.cpu_s;
    let mut line = format!(
        "{} {}, {} sessions: ack {} ({} in {:.0} s, {:.0}/s); CPU server {:.1} % database {:.1} % generator {:.1} %; \
         {:.2} us/frame; per client {:.1} frames/s {:.0} bytes/s; memory {:.1} KiB/session, {:.0} MiB",
        outcome.system,
        outcome.scenario,
        outcome.sessions,
        spread(&outcome.ack_us),
        outcome.acks,
        outcome.seconds,
        outcome.acks as f64 / outcome.seconds,
        percent(cpu.server),
        percent(cpu.database),
        percent(cpu.generator),
        outcome.server_us_per_frame(),
        per_client(outcome.frames),
        per_client(outcome.bytes),
        outcome.server_kib_per_session(),
        outcome.server_memory.with_sessions as f64 / f64::from(1 << 20),
    );
    // A String takes everything.
    for (name, times) in outcome.more_us.iter().filter(|(_, times)| !times.is_empty()) {
        let _ = write!(line, "; {name} {}", spread(times));
    }
    for (name, value) in outcome.figures.iter().filter(|(name, _)| !name.starts_with("memory_mib_at")) {
        let _ = write!(line, "; {name} {value:.2}");
    }
    line
}

/// Writes a JSON file and a `.hgrm` for each distribution into the folder.
///
/// # Errors
/// When one cannot be written.
pub fn write(folder: &Path, outcome: &Outcome) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let label = format!("{}-{}-{}", outcome.system, outcome.scenario, outcome.sessions);
    let quantiles = |times: &Histogram<u64>| {
        let at = |quantile| times.value_at_quantile(quantile);
        json!({ "count": times.len(), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "p999": at(0.999), "max": times.max() })
    };
    let more: serde_json::Map<_, _> =
        outcome.more_us.iter().map(|(name, times)| (name.clone(), quantiles(times))).collect();
    let point = json!({
        "version": tilemud_schema::version(),
        "system": outcome.system,
        "scenario": outcome.scenario,
        "sessions": outcome.sessions,
        "seconds": outcome.seconds,
        "ack_p95_ms": outcome.ack_ms(0.95),
        "ack_us": quantiles(&outcome.ack_us),
        "more_us": more,
        "acks": outcome.acks,
        "frames": outcome.frames,
        "bytes": outcome.bytes,
        "cpu_s": outcome.cpu_s,
        "server_us_per_frame": outcome.server_us_per_frame(),
        "server_memory_bytes": outcome.server_memory,
        "server_kib_per_session": outcome.server_kib_per_session(),
        "figures": outcome.figures,
        "faults": outcome.faults,
    });
    std::fs::write(folder.join(format!("{label}.json")), serde_json::to_string_pretty(&point)? + "\n")?;
    std::fs::write(folder.join(format!("{label}-ack.hgrm")), hgrm(&outcome.ack_us))?;
    for (name, times) in outcome.more_us.iter().filter(|(_, times)| !times.is_empty()) {
        std::fs::write(folder.join(format!("{label}-{name}.hgrm")), hgrm(times))?;
    }
    Ok(())
}

/// The text form that HdrHistogram's plotters read, in milliseconds.
fn hgrm(times: &Histogram<u64>) -> String {
    let mut text = format!("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    let mut total = 0;
    for step in times.iter_quantiles(5) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (step.value_iterated_to() as f64 / 1e3, step.quantile_iterated_to());
        let rest = if quantile < 1.0 { format!("{:14.2}", 1.0 / (1.0 - quantile)) } else { String::new() };
        // A String takes everything.
        let _ = writeln!(text, "{value:12.3} {quantile:2.12} {total:10} {rest}");
    }
    let _ = writeln!(text, "#[Mean = {:.3}, StdDeviation = {:.3}]", times.mean() / 1e3, times.stdev() / 1e3);
    let _ = writeln!(text, "#[Max = {:.3}, Total count = {}]", times.max() as f64 / 1e3, times.len());
    text
}
