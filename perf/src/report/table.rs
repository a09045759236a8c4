//! Tables of plain text: columns as wide as they must be, words to the left and figures to the
//! right.

use std::fmt;

use crate::outcome::Outcome;

/// Rows under a heading of one or more lines.
#[derive(Debug, Default)]
pub struct Table {
    headings: Vec<Vec<String>>,
    rows: Vec<Vec<String>>,
    words: usize,
}

impl Table {
    /// The first `words` columns hold words, the others figures.
    pub fn new(words: usize) -> Self {
        Self { words, ..Self::default() }
    }

    /// Adds a line to the heading.
    pub fn heading(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.headings.push(cells.into_iter().map(Into::into).collect());
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        self.headings.iter().chain(&self.rows)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.lines().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.lines().filter_map(|line| line.get(column)).map(|cell: &String| cell.chars().count()).max()
        };
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for (number, line) in self.lines().enumerate() {
            let mut text = String::new();
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                if column < self.words {
                    text += &format!("{gap}{cell:<width$}");
                } else {
                    text += &format!("{gap}{cell:>width$}");
                }
            }
            writeln!(out, "{}", text.trim_end())?;
            if number + 1 == self.headings.len() {
                let gaps = 2 * columns.saturating_sub(1);
                writeln!(out, "{}", "-".repeat(widths.iter().sum::<usize>() + gaps))?;
            }
        }
        Ok(())
    }
}

/// Columns of a table of points: the name, its unit, and the figure.
type Column = (&'static str, &'static str, fn(&Outcome) -> String);

const COLUMNS: &[Column] = &[
    ("system", "", |point| point.system.clone()),
    ("scenario", "", |point| point.scenario.clone()),
    ("sessions", "", |point| point.sessions.to_string()),
    ("ack p50", "ms", |point| figure(point.ack_ms(0.5))),
    ("p95", "ms", |point| figure(point.ack_ms(0.95))),
    ("p99", "ms", |point| figure(point.ack_ms(0.99))),
    ("max", "ms", |point| figure(point.ack_ms(1.0))),
    ("acks", "/s", |point| format!("{:.0}", point.acks as f64 / point.seconds)),
    ("frames", "/s a client", |point| figure(point.a_client(point.frames))),
    ("bytes", "/s a client", |point| format!("{:.0}", point.a_client(point.bytes))),
    ("server", "CPU %", |point| figure(point.percent(point.cpu_s.server))),
    ("database", "CPU %", |point| figure(point.percent(point.cpu_s.database))),
    ("generator", "CPU %", |point| figure(point.percent(point.cpu_s.generator))),
    ("server CPU", "us a frame", |point| figure(point.server_us_per_frame())),
    ("memory", "KiB a session", |point| figure(point.server_kib_per_session())),
];

const WORDS: usize = 2;

/// A row for each point, and what was wrong with them below.
pub fn of_outcomes(outcomes: &[Outcome]) -> String {
    let mut table = Table::new(WORDS);
    table.heading(COLUMNS.iter().map(|(name, _, _)| *name));
    table.heading(COLUMNS.iter().map(|(_, unit, _)| *unit));
    for outcome in outcomes {
        table.row(COLUMNS.iter().map(|(_, _, cell)| cell(outcome)));
    }
    let mut text = table.to_string();
    for outcome in outcomes {
        for fault in &outcome.faults {
            text += &format!("FAULT of {} with {} sessions: {fault}\n", outcome.system, outcome.sessions);
        }
    }
    text
}

/// Three digits that count, and no more than a reader can use.
pub fn figure(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => "-".to_owned(),
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::outcome;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(1);
        table.heading(["what", "a", "b"]);
        table.row(["short", "1", "22.5"]);
        table.row(["a longer one", "1000", "é"]);
        assert_eq!(
            table.to_string(),
            "what             a     b\n------------------------\nshort            1  22.5\na longer one  1000     é\n"
        );
    }

    #[test]
    fn figures_keep_three_digits() {
        let figures = [0.0, 0.126, 9.994, 9.996, 12.34, 99.94, 99.96, 1_234.5, f64::NAN].map(figure);
        assert_eq!(figures, ["0.00", "0.13", "9.99", "10.0", "12.3", "99.9", "100", "1234", "-"]);
    }

    #[test]
    fn a_point_is_a_row_and_its_faults_are_told() {
        let mut point = outcome("colyseus", 40);
        point.faults = vec!["2 moves without an acknowledgement".to_owned()];
        let text = of_outcomes(&[outcome("tilemud", 40), point]);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            rows[3],
            [
                "tilemud", "steady", "40", "25.0", "47.5", "49.5", "50.0", "80", "20.0", "1000", "25.0", "5.00",
                "10.0", "312", "51.2"
            ]
        );
        assert!(text.ends_with("FAULT of colyseus with 40 sessions: 2 moves without an acknowledgement\n"), "{text}");
    }
}
