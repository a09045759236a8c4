//! What a browser said of its loads, put together: a distribution for each step of the way to the
//! world.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::generate::tally::times;
use crate::report::{Spread, Table, figure};

/// The steps in their order; each is counted from the start of the navigation. Names as in
/// `perf/browser/cold_load.mjs`.
const STEPS: [Step; 7] = [
    Step { name: "downloaded", what: "the program is here, compiled as it comes" },
    Step { name: "started", what: "the client has drawn a frame" },
    Step { name: "offered", what: "the sign-in form can be used" },
    Step { name: "entered", what: "Enter is pressed behind the name" },
    Step { name: "bootstrapped", what: "the server has opened the session" },
    Step { name: "drawn", what: "ACTIVE, and the world around the player is drawn" },
    Step { name: PLAYABLE, what: "that frame is on the screen, the canvas opaque" },
];

/// The last step, which the goal is about.
const PLAYABLE: &str = "playable";

/// NFR-002: within this time 95 of 100 visitors can play.
const PLAYABLE_P95_MS_MAX: f64 = 3_000.0;

struct Step {
    name: &'static str,
    what: &'static str,
}

/// The line behind `LOAD`.
#[derive(Debug, Deserialize)]
struct Load {
    browser: String,
    bytes: u64,
    at_ms: BTreeMap<String, f64>,
}

/// All loads in one network.
#[derive(Debug)]
pub struct Loads {
    network: &'static str,
    browser: String,
    /// Of the largest load, by the browser's count of each file and its headers.
    bytes_max: u64,
    /// By step, microseconds.
    times_us: [Histogram<u64>; STEPS.len()],
    /// What was wrong apart from the times.
    pub faults: Vec<String>,
}

/// The loads as JSON.
#[derive(Serialize)]
struct Point<'a> {
    version: &'static str,
    scenario: &'static str,
    network: &'a str,
    browser: &'a str,
    loads: u64,
    bytes_max: u64,
    steps: BTreeMap<&'static str, Spread>,
    faults: Vec<String>,
}

impl Loads {
    pub fn new(network: &'static str) -> Self {
        Self {
            network,
            browser: String::new(),
            bytes_max: 0,
            times_us: std::array::from_fn(|_| times()),
            faults: Vec::new(),
        }
    }

    /// Adds the load that a line tells of; milliseconds until it was playable.
    ///
    /// # Errors
    /// When it is none, or its steps are not all there and in their order.
    pub fn add(&mut self, line: &str) -> Result<f64> {
        let load: Load = serde_json::from_str(line).context("the browser's script answers in a form of its own")?;
        let mut last_ms = 0.0;
        for (Step { name, .. }, times) in STEPS.iter().zip(&mut self.times_us) {
            let at_ms = *load.at_ms.get(*name).with_context(|| format!("a load that was never {name}: {line}"))?;
            ensure!(at_ms >= last_ms, "a load that was {name} too early: {line}");
            times.saturating_record((at_ms * 1e3).round() as u64);
            last_ms = at_ms;
        }
        self.bytes_max = self.bytes_max.max(load.bytes);
        self.browser = load.browser;
        Ok(last_ms)
    }

    fn playable(&self) -> Spread {
        Spread::of(&self.times_us[STEPS.len() - 1])
    }

    /// What was wrong, the goal included.
    pub fn all_faults(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        let p95_ms = self.playable().p95_ms;
        if p95_ms > PLAYABLE_P95_MS_MAX {
            faults.push(format!("playable within {p95_ms:.0} ms p95; {PLAYABLE_P95_MS_MAX:.0} are allowed"));
        }
        faults
    }

    /// Each step with its distribution.
    pub fn distributions(&self) -> impl Iterator<Item = (String, &Histogram<u64>)> {
        STEPS.iter().zip(&self.times_us).map(|(step, times)| (format!("{}-{}", self.network, step.name), times))
    }
}

/// A row for each step in each network, and what was wrong below.
pub fn table(networks: &[Loads]) -> String {
    let mut table = Table::new(2);
    table.heading(["network", "until", "loads", "p50", "p95", "max"]);
    table.heading(["", "", "", "ms", "ms", "ms"]);
    let mut notes = String::new();
    for loads in networks {
        for (step, times) in STEPS.iter().zip(&loads.times_us) {
            let Spread { count, p50_ms, p95_ms, max_ms, .. } = Spread::of(times);
            let until = format!("{}: {}", step.name, step.what);
            table.row([
                loads.network.to_owned(),
                until,
                count.to_string(),
                figure(p50_ms),
                figure(p95_ms),
                figure(max_ms),
            ]);
        }
        let megabytes = loads.bytes_max as f64 / 1e6;
        notes += &format!("{}: Chromium {}, {megabytes:.2} MB a load\n", loads.network, loads.browser);
        for fault in loads.all_faults() {
            notes += &format!("FAULT in {}: {fault}\n", loads.network);
        }
    }
    table.to_string() + &notes
}

/// An array with an object for each network.
///
/// # Errors
/// When a figure is not a number.
pub fn json(networks: &[Loads]) -> Result<String> {
    let points: Vec<Point> = networks.iter().map(point).collect();
    Ok(serde_json::to_string_pretty(&points)? + "\n")
}

fn point(loads: &Loads) -> Point<'_> {
    Point {
        version: tilemud_schema::version(),
        scenario: "cold-load",
        network: loads.network,
        browser: &loads.browser,
        loads: loads.playable().count,
        bytes_max: loads.bytes_max,
        steps: STEPS.iter().zip(&loads.times_us).map(|(step, times)| (step.name, Spread::of(times))).collect(),
        faults: loads.all_faults(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A load whose steps end at 100, 200, ... ms, stretched.
    fn line(stretch: f64) -> String {
        let at_ms: BTreeMap<_, _> =
            STEPS.iter().zip(1..).map(|(step, number)| (step.name, f64::from(number) * 100.0 * stretch)).collect();
        serde_json::json!({ "browser": "148.0", "bytes": 1_200_000, "at_ms": at_ms }).to_string()
    }

    fn loads(stretches: impl IntoIterator<Item = f64>) -> Loads {
        let mut loads = Loads::new("loopback");
        for stretch in stretches {
            loads.add(&line(stretch)).unwrap();
        }
        loads
    }

    #[test]
    fn each_step_is_a_row_with_its_quantiles() {
        // 20 loads: the 19th of them is at 95 %.
        let loads = loads((1..=20).map(|number| f64::from(number) / 10.0));
        let text = table(&[loads]);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        let downloaded = rows.iter().find(|row| row.get(1) == Some(&"downloaded:")).unwrap();
        assert_eq!(downloaded[downloaded.len() - 4..], ["20", "100", "190", "200"]);
        assert!(text.contains("loopback: Chromium 148.0, 1.20 MB a load\n"), "{text}");
    }

    #[test]
    fn a_p95_past_the_goal_is_a_fault_and_one_slow_load_of_twenty_is_none() {
        let quick = || (0..19).map(|_| 1.0);
        assert_eq!(loads(quick().chain([9.0])).all_faults(), Vec::<String>::new());
        let faults = loads(quick().chain([9.0, 9.0])).all_faults();
        assert!(faults.len() == 1 && faults[0].contains("3000 are allowed"), "{faults:?}");
    }

    #[test]
    fn a_load_without_a_step_or_with_steps_out_of_order_is_refused() {
        let refused = |line: String| Loads::new("loopback").add(&line).unwrap_err().to_string();
        assert!(refused(line(1.0).replace("bootstrapped", "other")).contains("never bootstrapped"));
        assert!(refused(line(1.0).replace("700.0", "7.0")).contains("playable too early"));
        assert!(refused("{}".to_owned()).contains("a form of its own"));
    }

    #[test]
    fn a_program_finds_the_distribution_of_each_step() {
        let read: serde_json::Value = serde_json::from_str(&json(&[loads([1.0, 2.0])]).unwrap()).unwrap();
        assert_eq!((&read[0]["network"], &read[0]["loads"]), (&"loopback".into(), &2.into()));
        assert!((read[0]["steps"]["playable"]["max_ms"].as_f64().unwrap() - 1_400.0).abs() < 2.0);
        assert_eq!(read[0]["steps"].as_object().unwrap().len(), STEPS.len());
    }
}
