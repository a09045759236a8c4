//! What the server costs, measured. `perf run SCENARIO` starts a database, a server and a load
//! generator of their own, and says how long acknowledgements took and what they cost;
//! `perf generate` is that load generator. `perf compare` measures a rival beside it.
//!
//! `perf commit` measures the store beside a bare bulk insert, `perf recovery` the way back from a
//! long log, `perf failover` the way to a server that stands by; all start what they need.
//! `perf hostile` floods a server beside an honest player.
//! `perf sim-only` measures ticks alone, `perf bare-send` what of a frame is the kernel's.

mod allocations;
mod bare_send;
mod client;
mod cold_load;
mod commit;
mod commits;
mod compare;
mod cores;
mod course;
mod failover;
mod furniture;
mod generate;
mod hostile;
mod outcome;
mod processes;
mod program;
mod recovery;
mod report;
mod rival;
mod run;
mod server;
mod sim_only;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

/// What the server costs, measured.
#[derive(Debug, Parser)]
#[command(version = tilemud_schema::version())]
enum Command {
    Run(run::Options),
    Compare(compare::Options),
    Generate(generate::Options),
    Commit(commit::Options),
    Recovery(recovery::Options),
    ColdLoad(cold_load::Options),
    Hostile(hostile::Options),
    Failover(failover::Options),
    SimOnly(sim_only::Options),
    BareSend(bare_send::Options),
}

fn main() -> Result<ExitCode> {
    let runtime = |threads| tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    match Command::parse() {
        Command::Run(options) => return run::run(&options),
        Command::Compare(options) => return compare::run(&options),
        Command::ColdLoad(options) => return cold_load::run(&options),
        Command::Hostile(options) => return hostile::run(&options),
        Command::Failover(options) => return failover::run(&options),
        Command::Generate(options) => generate::run(&options)?,
        Command::Commit(options) => runtime(2)?.block_on(commit::run(&options))?,
        Command::Recovery(options) => runtime(2)?.block_on(recovery::run(&options))?,
        Command::SimOnly(options) => sim_only::run(&options)?,
        Command::BareSend(options) => bare_send::run(&options)?,
    }
    Ok(ExitCode::SUCCESS)
}
