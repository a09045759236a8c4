//! Why tests failed, picked out of what their runner prints, so that the end of a long run says it.

/// Lines of one reason that are kept: a message of several lines, or the two sides of a comparison.
const LINES_MAX: usize = 6;

/// Reasons of one run that are kept; the rest is in what was printed before.
const REASONS_MAX: usize = 20;

/// Reads a runner's lines one by one.
#[derive(Default)]
pub struct Reasons {
    kept: Vec<String>,
    /// Lines of the newest one that may still come.
    left: usize,
    count: usize,
}

impl Reasons {
    /// Takes in the next line. A panic that a test expects is never printed, so each one that is
    /// belongs to a failure.
    pub fn read(&mut self, line: &str) {
        if line.starts_with("thread '") && line.contains(" panicked at ") {
            self.count += 1;
            self.left = if self.count <= REASONS_MAX { LINES_MAX } else { 0 };
        } else if line.starts_with("note: ") || line.is_empty() {
            self.left = 0;
        }
        if self.left > 0 {
            self.left -= 1;
            self.kept.push(line.to_owned());
        }
    }

    /// The lines that are kept.
    pub fn lines(self) -> Vec<String> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_of_each_panic_are_kept_and_nothing_else() {
        let mut reasons = Reasons::default();
        let panic = |test: &str| format!("thread '{test}' (17) panicked at server/tests/it/places.rs:114:5:");
        let printed = [
            "test places::one ... FAILED",
            "---- places::one stdout ----",
            "",
            &panic("places::one"),
            "assertion `left == right` failed",
            "  left: 1",
            " right: 2",
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            "a line of the log",
            &panic("places::two"),
            "it becomes so in time: Elapsed(())",
            "",
            "failures:",
        ];
        for line in printed {
            reasons.read(line);
        }
        assert_eq!(reasons.lines(), [&printed[3..7], &printed[9..11]].concat());
    }

    #[test]
    fn a_long_message_and_a_run_in_which_everything_fails_are_cut() {
        let mut reasons = Reasons::default();
        for _ in 0..100 {
            reasons.read("thread 'main' panicked at src/lib.rs:1:1:");
            for _ in 0..100 {
                reasons.read("and so on");
            }
        }
        assert_eq!(reasons.lines().len(), LINES_MAX * REASONS_MAX);
    }
}
