//! What a flood did to the honest player, beside its control, and whether that is past the bar.

use super::floods::Flood;
use super::player::Felt;
use crate::report::figure;

/// How much later the slowest twentieth of the acknowledgements may come, milliseconds.
const ACK_P95_MORE_MS_MAX: f64 = 20.0;

/// How much longer half of the joins may take, milliseconds.
const JOIN_MORE_MS_MAX: f64 = 50.0;

/// One flood and its control.
#[derive(Debug)]
pub struct Row {
    flood_of: &'static Flood,
    /// While the attackers flood their sink.
    pub control: Felt,
    /// While they flood the server.
    pub flood: Felt,
    /// Of a core, in the worst turn.
    pub server_percent: f64,
    /// Written by the server while it was flooded.
    pub log_bytes: usize,
}

impl Row {
    /// With nothing measured yet.
    pub fn of(flood: &'static Flood) -> Self {
        Self { flood_of: flood, control: Felt::default(), flood: Felt::default(), server_percent: 0.0, log_bytes: 0 }
    }

    /// Whether the flood cost the player no more than it may.
    pub fn is_good(&self) -> bool {
        self.verdict() == "ok"
    }

    /// `ok`, or what is past the bar.
    pub fn verdict(&self) -> &'static str {
        let more = |of: fn(&Felt) -> Option<f64>| Some(of(&self.flood)? - of(&self.control)?);
        // No answer at all is the worst.
        if more(|felt| felt.ack_ms(0.95)).is_none_or(|more| more > ACK_P95_MORE_MS_MAX) {
            "ACKS TOO LATE"
        } else if more(|felt| felt.join_ms(0.5)).is_none_or(|more| more > JOIN_MORE_MS_MAX) {
            "JOINS TOO LATE"
        } else if self.flood.joins_failed > self.control.joins_failed {
            "JOINS FAILED"
        } else {
            "ok"
        }
    }

    pub fn cells(&self) -> Vec<String> {
        let shown = |value: Option<f64>| value.map_or("-".to_owned(), figure);
        let acks = |felt: &Felt| [0.5, 0.95, 0.99].map(|quantile| shown(felt.ack_ms(quantile))).join(" / ");
        let joins = |felt: &Felt| {
            let failed = if felt.joins_failed > 0 { format!(" ({} failed)", felt.joins_failed) } else { String::new() };
            shown(felt.join_ms(0.5)) + &failed
        };
        vec![
            self.flood_of.name.to_owned(),
            self.flood_of.by.to_owned(),
            acks(&self.control),
            acks(&self.flood),
            joins(&self.control),
            joins(&self.flood),
            figure(self.server_percent),
            (self.log_bytes / 1024).to_string(),
            self.verdict().to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::floods;
    use super::*;

    fn felt(ack_us: u64, join_us: u64) -> Felt {
        Felt { ack_us: vec![ack_us; 20], join_us: vec![join_us; 4], joins_failed: 0 }
    }

    fn row(control: Felt, flood: Felt) -> Row {
        Row { control, flood, ..Row::of(&floods::ALL[0]) }
    }

    #[test]
    fn the_bar_is_twenty_milliseconds_for_acknowledgements_and_fifty_for_joins_beside_the_control() {
        let control = || felt(50_000, 48_000);
        for (flood, verdict) in [
            (felt(70_000, 98_000), "ok"),
            (felt(70_100, 98_000), "ACKS TOO LATE"),
            (felt(70_000, 98_100), "JOINS TOO LATE"),
            (Felt { joins_failed: 1, ..control() }, "JOINS FAILED"),
            (Felt { ack_us: vec![], ..control() }, "ACKS TOO LATE"),
            (Felt { join_us: vec![], ..control() }, "JOINS TOO LATE"),
        ] {
            let row = row(control(), flood);
            assert_eq!((row.verdict(), row.is_good()), (verdict, verdict == "ok"));
        }
    }

    #[test]
    fn one_late_acknowledgement_in_twenty_does_not_make_the_verdict() {
        let mut flood = felt(50_000, 48_000);
        flood.ack_us[3] = 900_000;
        assert!(row(felt(50_000, 48_000), flood).is_good());
    }
}
