//! What the rival's load generator prints at its end, and what of it must not be.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use serde::Deserialize;

/// Longest time told apart, microseconds.
const MICROS_MAX: u64 = 600_000_000;

/// The line behind `RESULT`. Times are pairs of microseconds and how many took them.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Sessions that were let in.
    pub ready: usize,
    /// Moves sent, the time before the measured one included.
    pub sent: u64,
    acked: u64,
    missing: u64,
    dead: u64,
    connect_errors: u64,
    protocol_errors: u64,
    order_breaks: u64,
    /// Acknowledged in the measured time.
    pub acks: u64,
    /// Frames in the measured time.
    pub frames: u64,
    /// Those of the session that got the fewest.
    frames_min: u64,
    /// Bytes in the measured time, headers included.
    pub bytes: u64,
    /// CPU of the generator in the measured time, seconds.
    pub cpu_s: f64,
    ack_us: Vec<(u64, u64)>,
    generator_lag_us: Vec<(u64, u64)>,
    connect_us: Vec<(u64, u64)>,
}

impl Answer {
    /// Reads the line.
    ///
    /// # Errors
    /// When it is not what the generator prints.
    pub fn parse(line: &str) -> Result<Self> {
        serde_json::from_str(line).context("the rival's load generator answers in a form of its own")
    }

    /// Intended send to acknowledgement, microseconds; what was never acknowledged counts with the
    /// time it waited.
    pub fn acks_us(&self) -> Histogram<u64> {
        histogram(&self.ack_us)
    }

    /// The other times, by name.
    pub fn more_us(&self) -> BTreeMap<String, Histogram<u64>> {
        let named = [("generator_lag", &self.generator_lag_us), ("connect", &self.connect_us)];
        named.into_iter().map(|(name, pairs)| (name.to_owned(), histogram(pairs))).collect()
    }

    /// What spoils the point, when so many sessions were meant and the table holds so many rows at
    /// the end.
    pub fn faults(&self, sessions: usize, rows: u64) -> Vec<String> {
        let absent = sessions.saturating_sub(self.ready) as u64;
        let silent = u64::from(self.frames_min == 0);
        let counted = [
            (absent, "sessions were not let in"),
            (self.missing, "moves without an acknowledgement"),
            (self.dead, "connections that ended early"),
            (self.connect_errors, "connections that failed"),
            (self.protocol_errors, "frames that are not of the protocol"),
            (self.order_breaks, "acknowledgements twice or out of order"),
            (silent, "or more sessions without a single frame"),
            (rows.abs_diff(self.sent), "rows more or fewer in the database than moves sent"),
            (self.acked.saturating_sub(rows), "acknowledgements without a row"),
        ];
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

fn histogram(pairs: &[(u64, u64)]) -> Histogram<u64> {
    let mut times = Histogram::new_with_bounds(1, MICROS_MAX, 3).expect("the bounds are constants that fit");
    for &(micros, count) in pairs {
        times.saturating_record_n(micros, count);
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"ready":4,"sent":80,"acked":80,"missing":0,"dead":0,"connect_errors":0,"protocol_errors":0,
        "order_breaks":0,"acks":40,"frames":160,"frames_min":38,"bytes":4000,"cpu_s":0.25,
        "ack_us":[[900,1],[28000,30],[49000,9]],"generator_lag_us":[[12,40]],"connect_us":[[1500,4]]}"#;

    #[test]
    fn times_come_through_with_their_counts() {
        let answer = Answer::parse(LINE).unwrap();
        let acks = answer.acks_us();
        assert_eq!(acks.len(), 40);
        assert!(acks.equivalent(acks.value_at_quantile(0.5), 28_000));
        assert!(acks.equivalent(acks.value_at_quantile(0.99), 49_000));
        assert_eq!(answer.more_us()["generator_lag"].len(), 40);
        assert_eq!(answer.more_us()["connect"].len(), 4);
    }

    #[test]
    fn a_good_point_has_no_faults_and_each_wrong_count_is_one() {
        let answer = Answer::parse(LINE).unwrap();
        assert_eq!(answer.faults(4, 80), Vec::<String>::new());
        assert_eq!(answer.faults(5, 80), ["1 sessions were not let in"]);
        assert_eq!(
            answer.faults(4, 78),
            ["2 rows more or fewer in the database than moves sent", "2 acknowledgements without a row"]
        );
        for field in ["missing", "dead", "connect_errors", "protocol_errors", "order_breaks"] {
            let spoilt = LINE.replace(&format!("\"{field}\":0"), &format!("\"{field}\":3"));
            assert_eq!(Answer::parse(&spoilt).unwrap().faults(4, 80).len(), 1, "{field}");
        }
    }

    #[test]
    fn another_form_is_refused() {
        assert!(Answer::parse("{\"ready\":1}").is_err());
    }
}
