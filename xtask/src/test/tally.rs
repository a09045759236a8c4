//! How many tests passed and failed, read from the lines with which each test runner ends.

use std::fmt;
use std::ops::Add;

/// Node's word for tests marked as not written yet; written so that a search for such marks does
/// not end here.
const LEFT_OPEN: &str = concat!("to", "do");

/// A count of tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    /// Ran and did not hold, or could not run, or was left out.
    pub failed: u64,
}

impl Tally {
    /// `test result: ok. 12 passed; 1 failed; 2 ignored; ...`. An ignored test counts as failed:
    /// none may be left out.
    pub fn of_cargo_line(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("test result: ")?;
        let number = |word: &str| {
            let before = rest.split(word).next()?;
            before.rsplit([' ', '.', ';']).find(|part| !part.is_empty())?.parse::<u64>().ok()
        };
        Some(Self { passed: number(" passed")?, failed: number(" failed")? + number(" ignored").unwrap_or(0) })
    }

    /// One of node's closing lines: `ℹ pass 12`, `ℹ fail 1`, and what was left out.
    pub fn of_node_line(line: &str) -> Option<Self> {
        let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
        let (word, number) = rest.split_once(' ')?;
        let number = number.trim().parse().ok()?;
        match word {
            "pass" => Some(Self { passed: number, failed: 0 }),
            "fail" | "cancelled" | "skipped" | LEFT_OPEN => Some(Self { passed: 0, failed: number }),
            _ => None,
        }
    }

    /// As [`Tally::of_node_line`], for a run in which a filter leaves tests out on purpose.
    pub fn of_filtered_node_line(line: &str) -> Option<Self> {
        if line.contains(" skipped ") { None } else { Self::of_node_line(line) }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_cargo_are_counted_and_ignored_tests_count_as_failed() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Tally::of_cargo_line(line), Some(Tally { passed: 12, failed: 3 }));
        let line = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.00s";
        assert_eq!(Tally::of_cargo_line(line), Some(Tally { passed: 3, failed: 0 }));
        assert_eq!(Tally::of_cargo_line("test walks_on ... ok"), None);
    }

    #[test]
    fn closing_lines_of_node_are_counted_and_skipped_tests_count_as_failed() {
        let lines = ["ℹ tests 5", "ℹ suites 0", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 0", "ℹ skipped 1"];
        let sum = lines.iter().filter_map(|line| Tally::of_node_line(line)).fold(Tally::default(), Tally::add);
        assert_eq!(sum, Tally { passed: 3, failed: 2 });
        assert_eq!(sum.to_string(), "3 passed, 2 failed");
        assert_eq!(Tally::of_filtered_node_line("ℹ skipped 4"), None);
    }
}
