//! `perf sim-only`: the world alone, without sockets and store: what a tick costs in time and allocations.

mod walkers;

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;
use hdrhistogram::Histogram;
use tilemud_sim::{Sim, SimConfig};

use crate::allocations;
use walkers::Walkers;

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
    /// Ticks of a second in which neighbours' deltas are made
    #[arg(long)]
    delta_hz: Option<u32>,
    /// Chooses the world and the ways of the players
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    players: usize,
    entities: usize,
    is_crowd: bool,
    moves_per_s: f64,
    tick_hz: u32,
    delta_every: u32,
    seed: u64,
}

/// Measures and prints.
///
/// # Errors
/// Options that make no sense.
pub fn run(options: &Options) -> Result<()> {
    let size = Size {
        players: options.players,
        entities: options.entities,
        is_crowd: options.crowd,
        moves_per_s: options.moves_per_s,
        tick_hz: options.tick_hz,
        delta_every: options.tick_hz / options.delta_hz.unwrap_or(options.tick_hz),
        seed: options.seed,
    };
    ensure!(size.moves_per_s > 0.0 && size.tick_hz > 0, "rates must be above 0");
    measure(size, options.warmup, options.ticks)
}

fn measure(size: Size, warmup: u64, ticks: u64) -> Result<()> {
    let config = SimConfig { seed: size.seed, delta_every: size.delta_every, ..SimConfig::default() };
    let mut sim = Sim::new(Arc::new(walkers::map(size)), config);
    sim.set_ticks_per_second(size.tick_hz);
    let mut walkers = Walkers::new(size);
    let mut inputs = walkers.joins();
    let joined = sim.tick(&mut inputs);
    sim.reuse(joined.spend());
    let mut took = Histogram::<u64>::new(3)?;
    let mut asked = Histogram::<u64>::new(3)?;
    for tick in 0..warmup + ticks {
        walkers.moves(&mut inputs);
        let (began, before) = (Instant::now(), allocations::of_this_thread());
        let output = sim.tick(&mut inputs);
        if tick >= warmup {
            took.record(began.elapsed().as_nanos() as u64)?;
            asked.record(allocations::of_this_thread() - before)?;
        }
        sim.reuse(output.spend());
    }
    println!(
        "{size:?}: tick us p50 {} p99 {} max {} mean {:.0}; allocations p50 {} p99 {} max {}; cpu {:?}",
        took.value_at_quantile(0.5) / 1000,
        took.value_at_quantile(0.99) / 1000,
        took.max() / 1000,
        took.mean() / 1000.,
        asked.value_at_quantile(0.5),
        asked.value_at_quantile(0.99),
        asked.max(),
        0
    );
    Ok(())
}
