//! The developer commands: one line each for what a person or CI wants to do with this repository.
//!
//! Owns how the project is built, started and tested; never holds game or server logic. Everything
//! it does is done by running cargo, the built binaries and Debian's packages, so each step can
//! also be typed by hand.

mod bundle;
mod cargo;
mod doctor;
mod fuzz;
mod install;
mod needs;
mod perf;
mod play;
mod progress;
mod protocol;
mod test;
mod toolchain;
mod workspace;

use clap::{Parser, Subcommand};

/// Developer commands of TileMUD.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything in release, start the server and print the address where the game is
    /// played.
    Play(play::Options),
    /// Set up what the tests need, then run every check and every test.
    Test(test::Options),
    /// Say what is reachable and what is missing on this machine, with the command that mends it.
    Doctor(doctor::Options),
    /// Measure: load on a server, a rival by turns, or parts alone. `cargo xtask perf --help` lists
    /// what there is.
    Perf(perf::Options),
    /// Give any bytes to whatever reads bytes from elsewhere, guided by coverage (libFuzzer).
    Fuzz(fuzz::Options),
    /// Build only the web client into client/dist and check its size against the recorded one.
    Web(bundle::Options),
    /// Write the tables of docs/protocol.md anew from the schema.
    Protocol,
}

fn main() -> std::process::ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Play(options) => play::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Doctor(options) => doctor::run(&options),
        Command::Perf(options) => perf::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Web(options) => bundle::run(&options),
        Command::Protocol => protocol::run(workspace::root()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
