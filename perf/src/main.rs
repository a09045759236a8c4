//! What the server costs, measured. `perf load` is open-loop load over real WebSockets against a running server: sessions sign in with development tokens, then each sends its
//! moves at times fixed in advance, whatever the server does. Latency counts from the intended time, so a stall of the server
//! (or of this program, see `generator_lag`) shows in every move it delayed instead of hiding in fewer of them.
//!
//! `perf commit` measures the store beside a bare bulk insert, `perf recovery` the way back from a long log; both start what
//! they need.
//!
//! Under load, data flows sign-in -> socket -> schedule (sends) / answers (receives) -> tally -> report. Nothing here knows the world: a move
//! that is blocked is an answer like any other.

mod answers;
mod commit;
mod cpu;
mod recovery;
mod report;
mod schedule;
mod sign_in;
mod socket;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::{Args, Parser};
use tokio::time::Instant;

use schedule::{Plan, Seat};
use tally::Tally;

/// What the server costs, measured.
#[derive(Debug, Parser)]
#[command(version = tilemud_schema::version())]
enum Command {
    Load(Options),
    Commit(commit::Options),
    Recovery(recovery::Options),
}

/// Load on a running tilemud server with the development issuer on
#[derive(Debug, Clone, Args)]
struct Options {
    /// Address of the server, http only
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Sessions
    #[arg(long, default_value_t = 500)]
    sessions: usize,
    /// Moves per second and session
    #[arg(long, default_value_t = 5.0)]
    moves_per_s: f64,
    /// Seconds that are measured
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Seconds of the same load before, not measured; players spread out meanwhile
    #[arg(long, default_value_t = 5)]
    warmup_s: u64,
    /// Chooses the ways the players go and the users they sign in as
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Sign-ins under way at once
    #[arg(long, default_value_t = 16)]
    connectors: usize,
    /// Threads of this program
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Folder for the reports
    #[arg(long, default_value = "perf/out")]
    out: PathBuf,
    /// Name of the reports; made from the options when absent
    #[arg(long)]
    label: Option<String>,
}

/// Time for answers that are still due after the last move.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

fn main() -> Result<ExitCode> {
    let runtime = |threads| tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    match Command::parse() {
        Command::Load(options) => load(options),
        Command::Commit(options) => {
            runtime(2)?.block_on(commit::run(&options))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Recovery(options) => {
            runtime(2)?.block_on(recovery::run(&options))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn load(options: Options) -> Result<ExitCode> {
    ensure!(options.sessions > 0 && options.connectors > 0 && options.threads > 0, "counts must be above 0");
    ensure!(
        options.moves_per_s > 0.0 && options.moves_per_s <= 1_000.0,
        "--moves-per-s must be above 0 and at most 1000"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(options.threads).enable_all().build()?;
    runtime.block_on(run(options))
}

async fn run(options: Options) -> Result<ExitCode> {
    let tally = Arc::new(Tally::default());
    let plan = Arc::new(Plan::new(&options));
    let before = Instant::now();
    let seats = sign_in::all(&options, &plan, &tally).await?;
    let connected_in = before.elapsed();
    eprintln!("{} sessions in {:.1} s; {} s of load", seats.len(), connected_in.as_secs_f64(), plan.total().as_secs());

    plan.begin(Instant::now() + Duration::from_millis(200));
    let seats = schedule::drive(&plan, seats, options.threads, &tally).await;
    let deadline = Instant::now() + LAST_ANSWERS;
    while Instant::now() < deadline && seats.iter().any(Seat::is_waiting) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let health = sign_in::health(&options.server).await.ok();
    let report = report::Report::new(&options, &tally, &seats, connected_in, health.as_ref());
    println!("{report}");
    let files = report.write(&options, &tally)?;
    println!("written: {}", files.join(", "));
    let faults = report.faults();
    for fault in &faults {
        println!("FAULT: {fault}");
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
