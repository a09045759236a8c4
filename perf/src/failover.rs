//! `perf failover`: how long nobody can play when the server of a world is gone and another one
//! stands by: from the moment it is gone to the first acknowledged step at the other (FR-016).
//! Servers are processes of their own on one durable Postgres; each stands by for the one before.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use rustix::process::Signal;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{Ack, ClientMessage, Direction, Intent, ServerMessage};

use crate::client::{Channel, Way};
use crate::program::Program;
use crate::server;

/// How long nobody can play when a server is gone and another one stands by
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How often
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    times: u32,
    /// What becomes of the server that runs the world
    #[arg(long, value_enum, default_value_t = Fate::Silent)]
    fate: Fate,
    /// Its --lease-ttl, seconds
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(3..=60))]
    lease_ttl: u64,
}

/// What becomes of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fate {
    /// It stands still, as with its machine.
    Silent,
    /// Its process is killed, and the other one sees it.
    Killed,
    /// It is asked to end.
    Ended,
}

const NAME: &str = "Ann";
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Longest wait for a server that starts or takes over beside its lease.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures and prints one line.
///
/// # Errors
/// A server that does not start or take over, or a step that is not acknowledged.
pub fn run(options: &Options) -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let postgres = PostgresServer::start_durable();
    let database = runtime.block_on(postgres.create_database());
    let mut owner = begin(folder.path(), &database, options)?;
    let mut way = ready(&mut owner)?;
    let token = way.token(NAME)?;
    let mut steps = Steps::begin(way, &token)?;
    let mut samples = Vec::new();
    for _ in 0..options.times {
        let mut standby = begin(folder.path(), &database, options)?;
        while !standby.complaints().iter().any(|line| line.contains("standing by: ")) {
            steps.step().context("beside one that stands by")?;
        }
        let gone = Instant::now();
        owner.signal(match options.fate {
            Fate::Silent => Signal::STOP,
            Fate::Killed => Signal::KILL,
            Fate::Ended => Signal::TERM,
        })?;
        way = ready(&mut standby)?;
        steps = Steps::begin(way, &token)?;
        steps.step().context("at the one that stood by")?;
        samples.push(gone.elapsed().saturating_sub(REST));
        owner = standby;
    }
    drop(owner);
    samples.sort_unstable();
    let at = |share: f64| samples[((samples.len() as f64 * share).ceil() as usize).max(1) - 1].as_secs_f64();
    println!(
        "{:?}, lease of {} s, {} times: first acknowledgement again after {:.2} s (median), {:.2} s (p95), {:.2} s (longest)",
        options.fate,
        options.lease_ttl,
        samples.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    Ok(ExitCode::SUCCESS)
}

/// A server that stands by, or runs the world if nobody does.
fn begin(data: &Path, database: &str, options: &Options) -> Result<Program> {
    let mut command = server::command_logging(None, data, None, "info")?;
    command.args(["--database-url", database, "--standby", "--lease-ttl", &options.lease_ttl.to_string()]);
    Program::start("the server", command)
}

/// Waits until it runs the world.
fn ready(server: &mut Program) -> Result<Way> {
    let address = server.said("tilemud ready http://", PATIENCE)?;
    Ok(Way { from: LOOPBACK, to: address.parse().context("the server's address")? })
}

/// Between two steps, so that they are within the limit.
const REST: Duration = Duration::from_millis(60);

/// Somebody who walks about.
struct Steps {
    channel: Channel,
    seq: u64,
}

impl Steps {
    fn begin(way: Way, token: &str) -> Result<Self> {
        Ok(Self { channel: way.join(token, NAME)?, seq: 0 })
    }

    /// One step, wherever there is room, and its acknowledgement.
    fn step(&mut self) -> Result<()> {
        loop {
            self.seq += 1;
            let seq = self.seq;
            let direction = Direction::ALL[seq as usize % Direction::ALL.len()];
            self.channel.send(&ClientMessage::Intent { seq, intent: Intent::Move { direction } })?;
            let is_acknowledged = loop {
                match self.channel.next()? {
                    ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| ack.seq == seq) => {
                        break true;
                    }
                    // Something stands there, or it was a step too many.
                    ServerMessage::Error { seq: Some(answered), .. } if answered == seq => break false,
                    _ => {}
                }
            };
            std::thread::sleep(REST);
            if is_acknowledged {
                return Ok(());
            }
        }
    }
}
