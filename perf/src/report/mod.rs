//! What points have shown, for people and for programs: a table, JSON, the distributions as
//! `.hgrm`, and a picture of them. Reads [`Outcome`]s and knows nothing of how they came about.

mod hgrm;
mod json;
mod line;
mod plot;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use self::hgrm::text as hgrm;
pub use self::json::Spread;
pub use self::line::line;
use self::plot::{Curve, Plot};
pub use self::table::{Table, figure, of_outcomes as table};
use crate::outcome::Outcome;

/// A folder for the reports of one run.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes `out`, or below `target/perf` one named after the run and the present time.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(out: Option<&Path>, name: &str) -> Result<Self> {
        let folder = out.map_or_else(
            || Path::new("target/perf").join(format!("{name}-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ"))),
            Path::to_path_buf,
        );
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.0.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Writes all there is to say of these points: `table.txt` (`text` stands there),
    /// `points.json`, an `.hgrm` file for each distribution and `latency.svg` with a curve for each
    /// system and size.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_all(&self, title: &str, text: &str, outcomes: &[Outcome]) -> Result<()> {
        self.write("table.txt", text)?;
        self.write("points.json", &json::text(outcomes)?)?;
        for (label, outcome) in labels(outcomes).into_iter().zip(outcomes) {
            self.write(&format!("{label}-ack.hgrm"), &hgrm::text(&outcome.ack_us))?;
            for (name, times) in outcome.more_us.iter().filter(|(_, times)| !times.is_empty()) {
                self.write(&format!("{label}-{name}.hgrm"), &hgrm::text(times))?;
            }
        }
        self.write("latency.svg", &latency(title, outcomes).svg())
    }
}

/// A name for each point that no other has: system, scenario, sessions, and the round where there
/// are several.
fn labels(outcomes: &[Outcome]) -> Vec<String> {
    let names: Vec<String> =
        outcomes.iter().map(|point| format!("{}-{}-{}", point.system, point.scenario, point.sessions)).collect();
    let count = |names: &[String], name: &String| names.iter().filter(|other| *other == name).count();
    let label = |(at, name)| match count(&names, name) {
        1 => name.clone(),
        _ => format!("{name}-round-{}", count(&names[..=at], name)),
    };
    names.iter().enumerate().map(label).collect()
}

/// A curve for each system and size, all rounds together.
fn latency(title: &str, outcomes: &[Outcome]) -> Plot {
    let mut curves: Vec<Curve> = Vec::new();
    for outcome in outcomes {
        let label = format!("{}, {} sessions", outcome.system, outcome.sessions);
        match curves.iter_mut().find(|curve| curve.label == label) {
            Some(curve) => curve.add(&outcome.ack_us),
            None => curves.push(Curve { label, times_us: outcome.ack_us.clone() }),
        }
    }
    Plot { title: title.to_owned(), curves }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use hdrhistogram::Histogram;

    use super::*;
    use crate::outcome::{Cpu, Memory};

    /// 20 s with acknowledgements spread evenly over 50 ms.
    pub(crate) fn outcome(system: &str, sessions: usize) -> Outcome {
        let histogram = || Histogram::new_with_bounds(1, 10_000_000, 3).unwrap();
        let (mut ack_us, mut connect) = (histogram(), histogram());
        for number in 1..=1_000 {
            ack_us.record(number * 50).unwrap();
        }
        connect.record(1_000).unwrap();
        Outcome {
            system: system.to_owned(),
            scenario: "steady".to_owned(),
            sessions,
            seconds: 20.0,
            ack_us,
            more_us: BTreeMap::from([("connect".to_owned(), connect)]),
            acks: 1_600,
            frames: 16_000,
            bytes: 800_000,
            cpu_s: Cpu { server: 5.0, database: 1.0, generator: 2.0 },
            server_memory: Memory { before: 1 << 20, with_sessions: 3 << 20 },
            faults: Vec::new(),
            figures: BTreeMap::from([("back_in_s".to_owned(), 1.5)]),
        }
    }

    #[test]
    fn rounds_are_numbered_where_there_are_several() {
        let outcomes = [outcome("a", 5), outcome("b", 5), outcome("a", 5), outcome("a", 6)];
        assert_eq!(labels(&outcomes), ["a-steady-5-round-1", "b-steady-5", "a-steady-5-round-2", "a-steady-6"]);
    }

    #[test]
    fn rounds_share_a_curve() {
        let plot = latency("title", &[outcome("a", 5), outcome("b", 5), outcome("a", 5)]);
        let counts: Vec<_> = plot.curves.iter().map(|curve| (curve.label.as_str(), curve.times_us.len())).collect();
        assert_eq!(counts, [("a, 5 sessions", 2_000), ("b, 5 sessions", 1_000)]);
    }

    #[test]
    fn all_files_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let reports = Folder::make(Some(&folder.path().join("run")), "steady").unwrap();
        reports.write_all("title", "a table", &[outcome("a", 5), outcome("b", 5)]).unwrap();
        let mut names: Vec<_> =
            std::fs::read_dir(reports.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let expected = [
            "a-steady-5-ack.hgrm",
            "a-steady-5-connect.hgrm",
            "b-steady-5-ack.hgrm",
            "b-steady-5-connect.hgrm",
            "latency.svg",
            "points.json",
            "table.txt",
        ];
        assert_eq!(names, expected);
    }
}
