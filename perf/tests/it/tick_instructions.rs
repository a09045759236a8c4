//! The guard of the tick budget (T019, T068): a fixed run of the world alone under callgrind, which counts instructions and so
//! gives the same figure on a busy machine as on a quiet one. Fails on a jump above the recorded figure.

use std::path::Path;
use std::process::Command;

/// Instructions of all ticks of [`RUN`], in the test profile.
const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tick_instructions.txt");

const RUN: [&str; 9] = ["sim-only", "--players", "400", "--entities", "2000", "--warmup", "40", "--ticks", "40"];

/// How much more than the record may pass.
const GROWTH_PERCENT_MAX: u64 = 10;

/// With this in the environment the record is written instead of read.
const RENEW: &str = "TILEMUD_RECORD_INSTRUCTIONS";

fn instructions(out: &Path) -> u64 {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=tilemud_sim::sim::Sim::tick"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env!("CARGO_BIN_EXE_perf"))
        .args(RUN)
        .output()
        .expect("valgrind is there; `cargo xtask doctor` says how to install it");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    collected.unwrap_or_else(|| panic!("callgrind counted nothing: {said}"))
}

/// What is wrong with a figure, if anything.
fn complaint(counted: u64, recorded: u64) -> Option<String> {
    let allowed = recorded + recorded * GROWTH_PERCENT_MAX / 100;
    (counted > allowed).then(|| {
        format!(
            "the ticks take {counted} instructions, {allowed} are allowed ({recorded} recorded). If that is meant to be, \
             record it with {RENEW}=1 cargo test -p tilemud-perf --test it"
        )
    })
}

#[test]
fn a_tick_takes_no_more_instructions_than_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let counted = instructions(&folder.path().join("callgrind.out"));
    assert!(counted > 1_000_000, "{counted} instructions are none: the ticks were not found by their name");
    if std::env::var_os(RENEW).is_some() {
        std::fs::write(RECORD, format!("{counted}\n")).unwrap();
    }
    let recorded = std::fs::read_to_string(RECORD).unwrap().trim().parse().unwrap();
    if let Some(complaint) = complaint(counted, recorded) {
        panic!("{complaint}");
    }
}

#[test]
fn a_tenth_more_passes_and_more_than_that_does_not() {
    assert_eq!(complaint(1_100, 1_000), None);
    assert!(complaint(1_101, 1_000).is_some_and(|complaint| complaint.contains(RENEW)));
}
