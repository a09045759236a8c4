//! How many instructions the ticks of two small worlds take, counted by valgrind's callgrind,
//! beside what is recorded: a change that makes a tick a good deal more expensive shows here,
//! however busy the machine is. The build is the one of the tests, so the figures say nothing of
//! the time that a tick takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Percent by which a count may be above the recorded one.
const RISE_PERCENT_MAX: u64 = 10;

/// Says to write the file anew instead of comparing.
const RECORD: &str = "TILEMUD_RECORD_INSTRUCTIONS";

/// What is counted; all else of the program is not.
const COUNTED: &str = "perf::sim_only::measure::measured_tick";

/// The runs, each by its name in the file and what is given to `perf sim-only`.
const RUNS: [(&str, &[&str]); 2] = [
    ("spread", &["--players", "800", "--entities", "8000", "--warmup", "10", "--ticks", "30"]),
    ("crowd", &["--players", "800", "--entities", "800", "--warmup", "10", "--ticks", "30", "--crowd"]),
];

#[test]
fn a_tick_takes_no_more_instructions_than_recorded() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt");
    let counted: BTreeMap<&str, u64> = RUNS.iter().map(|(name, options)| (*name, count(name, options))).collect();
    if std::env::var_os(RECORD).is_some() {
        let lines: String = counted.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
        std::fs::write(&file, lines).expect("the file can be written");
        return;
    }
    let text = std::fs::read_to_string(&file).expect("the recorded counts are there");
    let recorded: BTreeMap<&str, u64> = text
        .lines()
        .map(|line| line.split_once(' ').expect("a name and a count"))
        .map(|(name, count)| (name, count.parse().expect("a count")))
        .collect();
    for (name, count) in counted {
        let before = recorded[name];
        let percent = count as f64 / before as f64 * 100.0;
        println!("{name}: {count} instructions, {percent:.1} % of the {before} recorded");
        assert!(
            count <= before + before * RISE_PERCENT_MAX / 100,
            "{name}: {count} instructions, {percent:.1} % of the {before} recorded in {}.\n\
             To see where they go: callgrind_annotate {}\n\
             If they are worth it: {RECORD}=1 cargo test --package tilemud-perf --test it instructions",
            file.display(),
            profile(name).display(),
        );
    }
}

fn count(name: &str, options: &[&str]) -> u64 {
    let profile = profile(name);
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--toggle-collect={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .args([env!("CARGO_BIN_EXE_perf"), "sim-only"])
        .args(options)
        .output()
        .expect("valgrind is installed (`cargo xtask doctor` says how)");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = std::fs::read_to_string(&profile).expect("callgrind wrote what it counted");
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).expect("a sum");
    let total: u64 = total.trim().parse().expect("a number");
    assert!(total > 0, "nothing was counted: is {COUNTED} still the name of a tick?");
    total
}

fn profile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.callgrind"))
}
