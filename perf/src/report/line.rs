//! A point in one line: what a person reads while the next is still being measured.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

use super::table::figure;
use crate::outcome::Outcome;

/// The usual quantiles of a distribution in milliseconds.
fn spread(times: &Histogram<u64>) -> String {
    let at = |quantile| times.value_at_quantile(quantile) as f64 / 1e3;
    format!("p50 {:.1} p95 {:.1} p99 {:.1} max {:.0} ms", at(0.5), at(0.95), at(0.99), times.max() as f64 / 1e3)
}

#[must_use]
pub fn line(outcome: &Outcome) -> String {
    let cpu = outcome.cpu_s;
    let mut line = format!(
        "{} {}, {} sessions: ack {} ({} in {:.0} s, {:.0}/s); CPU server {:.1} % database {:.1} % generator {:.1} %; \
         {:.2} us/frame; per client {:.1} frames/s {:.0} bytes/s; memory {} KiB/session, {:.0} MiB",
        outcome.system,
        outcome.scenario,
        outcome.sessions,
        spread(&outcome.ack_us),
        outcome.acks,
        outcome.seconds,
        outcome.acks as f64 / outcome.seconds,
        outcome.percent(cpu.server),
        outcome.percent(cpu.database),
        outcome.percent(cpu.generator),
        outcome.server_us_per_frame(),
        outcome.a_client(outcome.frames),
        outcome.a_client(outcome.bytes),
        figure(outcome.server_kib_per_session()),
        outcome.server_mib(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_a_dash() {
        let mut outcome = crate::report::tests::outcome("tilemud", 500);
        outcome.server_memory.before = outcome.server_memory.with_sessions + 1;
        let line = line(&outcome);
        assert!(line.contains("memory - KiB/session") && !line.contains("NaN"), "{line}");
    }
}
