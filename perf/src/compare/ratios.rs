//! How two systems compare: the figures of each round set against each other in that round, and the
//! median of these ratios. What else the machine did in a round then weighs on both.

use crate::outcome::Outcome;
use crate::report::{Table, figure};

/// A name, a unit, and the figure of a point. Less is better in all but the last.
type Figure = (&'static str, &'static str, fn(&Outcome) -> f64);

const FIGURES: &[Figure] = &[
    ("ack p50", "ms", |point| point.ack_ms(0.5)),
    ("ack p95", "ms", |point| point.ack_ms(0.95)),
    ("ack p99", "ms", |point| point.ack_ms(0.99)),
    ("CPU of the server", "%", |point| point.percent(point.cpu_s.server)),
    ("CPU of the database", "%", |point| point.percent(point.cpu_s.database)),
    ("server CPU a frame", "us", Outcome::server_us_per_frame),
    ("memory of the server", "MiB", Outcome::server_mib),
    ("memory a session", "KiB", Outcome::server_kib_per_session),
    ("frames a client", "/s", |point| point.a_client(point.frames)),
];

/// A row for each figure: the median of ours, the median of theirs, the median of the ratios, and
/// the ratio of each round.
pub fn table(ours: &[Outcome], theirs: &[Outcome]) -> Table {
    let (Some(us), Some(them)) = (ours.first(), theirs.first()) else { return Table::default() };
    let mut table = Table::new(2);
    table.heading(["", "", us.system.as_str(), them.system.as_str(), "ratio", "of each round"]);
    for (name, unit, figure_of) in FIGURES {
        let [mine, other] = [ours, theirs].map(|rounds| rounds.iter().map(figure_of).collect::<Vec<f64>>());
        let ratios: Vec<f64> = mine.iter().zip(&other).map(|(mine, other)| mine / other).collect();
        let each: Vec<String> = ratios.iter().copied().map(ratio).collect();
        table.row([
            (*name).to_owned(),
            (*unit).to_owned(),
            figure(median(&mine)),
            figure(median(&other)),
            ratio(median(&ratios)),
            each.join(" "),
        ]);
    }
    table
}

/// The middle one; between the two in the middle of an even number. Not a number where there is
/// none.
pub fn median(values: &[f64]) -> f64 {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => f64::NAN,
        (len, middle) if len % 2 == 1 => values[middle],
        (_, middle) => f64::midpoint(values[middle - 1], values[middle]),
    }
}

fn ratio(value: f64) -> String {
    if value.is_finite() { format!("{value:.2}") } else { "-".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::outcome;

    #[test]
    fn the_median_is_the_middle_one_and_passes_over_what_is_no_number() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[f64::NAN, 7.0, f64::INFINITY]), 7.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn ratios_are_of_rounds_and_not_of_medians() {
        let with_cpu = |system, server| {
            let mut point = outcome(system, 40);
            point.cpu_s.server = server;
            point
        };
        // The machine was half as fast in the second round: the ratios are 0.5 throughout, that of
        // the medians is not.
        let ours = [with_cpu("tilemud", 2.0), with_cpu("tilemud", 8.0), with_cpu("tilemud", 2.0)];
        let theirs = [with_cpu("colyseus", 4.0), with_cpu("colyseus", 16.0), with_cpu("colyseus", 0.0)];
        let text = table(&ours, &theirs).to_string();
        let row = text.lines().find(|line| line.starts_with("CPU of the server")).unwrap();
        assert_eq!(
            row.split_whitespace().collect::<Vec<_>>(),
            ["CPU", "of", "the", "server", "%", "10.0", "20.0", "0.50", "0.50", "0.50", "-"]
        );
    }

    #[test]
    fn nothing_is_compared_with_nothing() {
        assert_eq!(table(&[outcome("tilemud", 1)], &[]).to_string(), "");
    }
}
