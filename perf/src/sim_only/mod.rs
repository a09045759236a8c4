//! `perf sim-only`: the world alone, without sockets and store: what a tick costs in time, by
//! phase, and in allocations. Outputs go back to the world as the server's do.

mod measure;
mod upkeep;
mod walkers;

use anyhow::{Result, ensure};
use clap::Args;

use self::measure::{Figures, measure};
use self::walkers::Size;

/// Time and allocations of a tick of the world alone
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Players, all of them walking
    #[arg(long, default_value_t = 5_000)]
    players: usize,
    /// Items, NPCs that wander, and doors
    #[arg(long, default_value_t = 50_000)]
    entities: usize,
    /// All players in one square of 32 x 32 tiles
    #[arg(long)]
    crowd: bool,
    /// Ticks that are measured
    #[arg(long, default_value_t = 4_000)]
    ticks: u64,
    /// Ticks before them
    #[arg(long, default_value_t = 1_000)]
    warmup: u64,
    /// Moves per second and player
    #[arg(long, default_value_t = 2.0)]
    moves_per_s: f64,
    /// Ticks of a second
    #[arg(long, default_value_t = 20)]
    tick_hz: u32,
    /// Ticks of a second in which neighbours' deltas are made; all of them if absent
    #[arg(long)]
    delta_hz: Option<u32>,
    /// Chooses the world and the ways of the players
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A table of how the cost grows with players, entities and the size of a crowd, instead of one
    /// run
    #[arg(long, conflicts_with_all = ["players", "entities", "crowd"])]
    growth: bool,
    /// Replays and snapshots instead of ticks
    #[arg(long, conflicts_with_all = ["crowd", "growth"])]
    upkeep: bool,
}

/// Players of the rows of the table, spread over the map beside 50,000 entities.
const PLAYERS: [usize; 6] = [500, 1_000, 2_000, 5_000, 8_000, 12_000];

/// Entities of the rows beside 5,000 players.
const ENTITIES: [usize; 4] = [0, 10_000, 50_000, 100_000];

/// Players of the rows in which all stand in one square.
const CROWDS: [usize; 4] = [500, 2_000, 5_000, 8_000];

/// Measures and prints.
///
/// # Errors
/// Options that make no sense.
pub fn run(options: &Options) -> Result<()> {
    let delta_hz = options.delta_hz.unwrap_or(options.tick_hz);
    ensure!(options.moves_per_s > 0.0 && options.tick_hz > 0 && options.ticks > 0, "rates and ticks must be above 0");
    ensure!(delta_hz > 0 && options.tick_hz.is_multiple_of(delta_hz), "--tick-hz must be a multiple of --delta-hz");
    let size = Size {
        players: options.players,
        entities: options.entities,
        is_crowd: options.crowd,
        moves_per_s: options.moves_per_s,
        tick_hz: options.tick_hz,
        delta_every: options.tick_hz / delta_hz,
        seed: options.seed,
    };
    if options.upkeep {
        return upkeep::run(size, options.ticks);
    }
    if !options.growth {
        println!("{}", measure(size, options.warmup, options.ticks)?);
        return Ok(());
    }
    let spread = PLAYERS.map(|players| Size { players, ..size });
    let furnished = ENTITIES.map(|entities| Size { entities, ..size });
    let crowds = CROWDS.map(|players| Size { players, is_crowd: true, ..size });
    println!("{}", Figures::HEADING);
    for size in spread.into_iter().chain(furnished).chain(crowds) {
        println!("{}", measure(size, options.warmup, options.ticks)?.row());
    }
    Ok(())
}
