//! The floor: what must hold with as many sessions as a node must at least carry. Judges a measured
//! point, and measures nothing. The goals in docs/performance.md are higher.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::scenario::{Point, Scenario};

/// Sessions that a node must carry (NFR-005).
const SESSIONS: usize = 500;

/// Milliseconds within which 95 % of the actions are acknowledged (NFR-001, T067, T068).
const ACK_P95_MS_MAX: f64 = 200.0;

/// Milliseconds after their commit within which 95 % of what others did is seen (FR-005).
const FRESHNESS_P95_MS_MAX: f64 = 100.0;

/// The figures that are below the floor, in words. With more sessions than the floor asks for there
/// is none.
pub(super) fn faults(
    point: &Point,
    ack_us: &Histogram<u64>,
    more_us: &BTreeMap<String, Histogram<u64>>,
) -> Vec<String> {
    if !matches!(point.scenario, Scenario::Steady | Scenario::Crowd) || point.sessions > SESSIONS {
        return Vec::new();
    }
    let judged = [("action", ack_us, ACK_P95_MS_MAX)].into_iter();
    let judged = judged.chain(more_us.get("freshness").map(|times| ("freshness", times, FRESHNESS_P95_MS_MAX)));
    judged
        .filter_map(|(name, times_us, max_ms)| {
            let p95_ms = times_us.value_at_quantile(0.95) as f64 / 1e3;
            (p95_ms > max_ms).then(|| format!("{name} p95 {p95_ms:.1} ms, {max_ms} allowed with {SESSIONS} sessions"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::run::Options;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn judged(scenario: &str, sessions: usize, ack_ms: u64, freshness_ms: u64) -> Vec<String> {
        let times = |ms: u64| {
            let mut times = Histogram::new(3).unwrap();
            times.record_n(1_000, 94).unwrap();
            times.record_n(ms * 1_000, 6).unwrap();
            times
        };
        let point = Point::of(&Line::parse_from(["perf", scenario]).options, sessions);
        faults(&point, &times(ack_ms), &[("freshness".to_owned(), times(freshness_ms))].into())
    }

    #[test]
    fn five_hundred_sessions_fail_above_200_ms_to_the_ack_and_100_ms_to_other_eyes() {
        for scenario in ["steady", "crowd"] {
            assert_eq!(judged(scenario, 500, 199, 99), Vec::<String>::new());
            let late = judged(scenario, 500, 202, 99);
            assert!(late.len() == 1 && late[0].starts_with("action p95 20"), "{late:?}");
            let stale = judged(scenario, 500, 199, 102);
            assert!(stale.len() == 1 && stale[0].starts_with("freshness p95 10"), "{stale:?}");
        }
    }

    #[test]
    fn beyond_the_floor_nothing_is_judged() {
        assert_eq!(judged("steady", 501, 1_000, 1_000), Vec::<String>::new());
        assert_eq!(judged("burst", 500, 1_000, 1_000), Vec::<String>::new());
    }
}
