//! `perf compare`: this server and a rival on the same scenario, by turns in one run, each with a
//! private Postgres that waits for its disk, on the same cores. What counts are the ratios of one
//! run, not times of different days.

mod ratios;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::course::RIVALS_SEED;
use crate::outcome::Outcome;
use crate::report::{self, Folder};
use crate::rival::{self, Sight, Variant};
use crate::run;

/// This server and Colyseus with Postgres on the same scenario, by turns
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// What the sessions do
    scenario: Scenario,
    /// Sessions; several sizes, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [500])]
    sessions: Vec<usize>,
    /// How often each server has its turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds that are measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Seconds of the same load before, not measured
    #[arg(long, default_value_t = 10)]
    warmup_s: u64,
    /// The server has core 0 for itself, all else shares core 1
    #[arg(long)]
    pin: bool,
    /// How the rival persists
    #[arg(long, value_enum, default_value_t = Variant::Batched)]
    rival: Variant,
    /// Which of them; one alone is measured and compared with nothing
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [System::Tilemud, System::Colyseus])]
    systems: Vec<System>,
    /// What the rival shows in `steady`
    #[arg(long, value_enum, default_value_t = Sight::Exact)]
    rival_shows: Sight,
    /// Folder for the reports; below target/perf, named after the scenario and the time, when
    /// absent
    #[arg(long)]
    out: Option<PathBuf>,
    /// This server; beside this program when absent
    #[arg(long)]
    server_bin: Option<PathBuf>,
}

/// The scenarios that both can play: 20 ticks a second, two moves a second from each session.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scenario {
    /// 512 x 512 tiles, each sees the changes within 16 tiles; with this server, of the 3 x 3
    /// chunks around
    Steady,
    /// 32 x 32 tiles, everyone sees everyone
    Crowd,
}

impl Scenario {
    fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Crowd => "crowd",
        }
    }

    fn of_ours(self) -> run::Scenario {
        match self {
            Self::Steady => run::Scenario::Steady,
            Self::Crowd => run::Scenario::Crowd,
        }
    }
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum System {
    /// This server
    Tilemud,
    /// The rival
    Colyseus,
}

/// Measures by turns, prints a table of each round as it ends, and the medians with their ratios
/// for each size.
///
/// # Errors
/// When something does not start or breaks off. Faults in the figures make the exit code.
pub fn run(options: &Options) -> Result<ExitCode> {
    ensure!(options.rounds > 0 && !options.systems.is_empty(), "nothing is to be measured");
    check_sight(options)?;
    if options.systems.contains(&System::Colyseus) {
        rival::prepare()?;
    }
    let scenario = options.scenario.name();
    let folder = Folder::make(options.out.as_deref(), &format!("compare-{scenario}"))?;
    let mut text = String::new();
    let mut all = Vec::new();
    for &sessions in &options.sessions {
        let mut measured = Vec::new();
        for round in 1..=options.rounds {
            let mut outcomes = Vec::new();
            // Each has the other before it as often as behind it, should one leave the machine
            // warmer.
            for system in order(&options.systems, round) {
                outcomes.push(point(options, system, sessions)?);
            }
            let heading = format!("\n{scenario}, {sessions} sessions, round {round} of {}\n", options.rounds);
            tell(&mut text, &(heading + &report::table(&outcomes)));
            measured.append(&mut outcomes);
        }
        let (ours, theirs): (Vec<Outcome>, Vec<Outcome>) =
            measured.iter().cloned().partition(|outcome| outcome.system == run::SYSTEM);
        if !ours.is_empty() && !theirs.is_empty() {
            let heading = format!("\n{scenario}, {sessions} sessions: medians of {} rounds\n", options.rounds);
            tell(&mut text, &(heading + &ratios::table(&ours, &theirs).to_string()));
        }
        all.append(&mut measured);
    }
    folder.write_all(&format!("{scenario}: time to acknowledgement"), &text, &all)?;
    eprintln!("\nreports in {}", folder.path().display());
    Ok(if all.iter().all(|outcome| outcome.faults.is_empty()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// In a crowd the rival has but one way to show everyone to everyone; under another name it would
/// be the same.
fn check_sight(options: &Options) -> Result<()> {
    ensure!(
        matches!(options.scenario, Scenario::Steady) || options.rival_shows == Sight::Exact,
        "--rival-shows is for steady: in a crowd everyone sees everyone"
    );
    Ok(())
}

/// Shows it now and keeps it for the report.
fn tell(text: &mut String, more: &str) {
    print!("{more}");
    text.push_str(more);
}

/// As given in the first round, the other way about in the next.
fn order(systems: &[System], round: usize) -> Vec<System> {
    let mut order = systems.to_vec();
    if round.is_multiple_of(2) {
        order.reverse();
    }
    order
}

fn point(options: &Options, system: System, sessions: usize) -> Result<Outcome> {
    match system {
        System::Tilemud => run::point(&ours(options), sessions),
        System::Colyseus => rival::point(&rival::Point {
            scenario: options.scenario.name(),
            sessions,
            warmup_s: options.warmup_s,
            seconds: options.seconds,
            variant: options.rival,
            sight: options.rival_shows,
            pin: options.pin,
        }),
    }
}

/// What is not said here is the scenario's own: 20 ticks and two moves a second, as the rival has
/// it, from the same places at the same times.
fn ours(options: &Options) -> run::Options {
    run::Options {
        scenario: options.scenario.of_ours(),
        sessions: options.sessions.clone(),
        seconds: Some(options.seconds),
        warmup_s: options.warmup_s,
        pin: options.pin,
        tick_hz: None,
        delta_hz: None,
        entities: 0,
        moves_per_s: None,
        window: None,
        seed: RIVALS_SEED,
        out: None,
        server_bin: options.server_bin.clone(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn what_the_rival_shows_is_chosen_in_steady_only() {
        let check = |line: &[&str]| check_sight(&Line::parse_from([&["compare"], line].concat()).options);
        assert!(check(&["steady", "--rival-shows", "chunk"]).is_ok() && check(&["crowd"]).is_ok());
        let refusal = check(&["crowd", "--rival-shows", "chunk"]).unwrap_err().to_string();
        assert!(refusal.contains("for steady"), "{refusal}");
    }

    #[test]
    fn whoever_was_first_is_last_in_the_next_round() {
        let systems = [System::Tilemud, System::Colyseus];
        assert_eq!(order(&systems, 1), systems);
        assert_eq!(order(&systems, 2), [System::Colyseus, System::Tilemud]);
        assert_eq!(order(&systems, 3), systems);
    }
}
