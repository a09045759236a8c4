//! Runs a world and takes its figures. The clock is here: the world only says which phase has just
//! ended.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Result;
use hdrhistogram::Histogram;
use tilemud_sim::TickProbe;
use tilemud_sim::api::TickPhase;
use tilemud_sim::api::{Input, TickOutput};
use tilemud_sim::{Sim, SimConfig};

use super::walkers::{self, Size, Walkers};
use crate::allocations;

/// Times in nanoseconds.
type Times = Histogram<u64>;

pub(super) struct Figures {
    size: Size,
    tick_ns: Times,
    /// Without the time in which the machine did something else.
    tick_cpu_ns: Times,
    phases_ns: Vec<Times>,
    allocations: Histogram<u64>,
}

/// Lets so many ticks go by and measures so many more. Making the moves is not part of a tick,
/// neither is emptying its output: in the server other threads do both.
pub(super) fn measure(size: Size, warmup: u64, ticks: u64) -> Result<Figures> {
    let config = SimConfig { seed: size.seed, delta_every: size.delta_every, ..SimConfig::default() };
    let mut sim = Sim::new(Arc::new(walkers::map(size)), config);
    sim.set_ticks_per_second(size.tick_hz);
    let took_ns: Arc<[AtomicU64; TickPhase::ALL.len()]> = Arc::default();
    sim.set_probe(Box::new(PhaseClock { ended: Instant::now(), took_ns: Arc::clone(&took_ns) }));
    let mut walkers = Walkers::new(size);
    let mut inputs = walkers.joins();
    let joined = sim.tick(&mut inputs);
    sim.recycle(joined.recycled());
    let histogram = || Times::new(3);
    let phases_ns = TickPhase::ALL.iter().map(|_| histogram()).collect::<Result<Vec<_>, _>>()?;
    let mut figures =
        Figures { size, tick_ns: histogram()?, tick_cpu_ns: histogram()?, phases_ns, allocations: histogram()? };
    for tick in 0..warmup + ticks {
        walkers.moves(&mut inputs);
        let (began, cpu, before) = (Instant::now(), thread_cpu_ns(), allocations::of_this_thread());
        let output = if tick < warmup { sim.tick(&mut inputs) } else { measured_tick(&mut sim, &mut inputs) };
        let (took, allocations) = (began.elapsed(), allocations::of_this_thread() - before);
        let cpu = thread_cpu_ns() - cpu;
        sim.recycle(output.recycled());
        if tick >= warmup {
            figures.tick_ns.record(u64::try_from(took.as_nanos())?)?;
            figures.tick_cpu_ns.record(cpu)?;
            figures.allocations.record(allocations)?;
            for (phase, took_ns) in figures.phases_ns.iter_mut().zip(&*took_ns) {
                phase.record(took_ns.load(Ordering::Relaxed))?;
            }
        }
    }
    Ok(figures)
}

/// CPU time of this thread so far.
fn thread_cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    #[allow(unsafe_code, reason = "std has no such clock, and rustix finds it in a way that valgrind does not allow")]
    // SAFETY: the pointer is to a `timespec` of ours that lives until after the call.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    debug_assert_eq!(failed, 0, "every Linux has this clock");
    time.tv_sec.cast_unsigned() * 1_000_000_000 + time.tv_nsec.cast_unsigned()
}

/// A tick that is measured: the name by which the test of instructions tells it from those before.
#[inline(never)]
fn measured_tick(sim: &mut Sim, inputs: &mut Vec<Input>) -> TickOutput {
    sim.tick(inputs)
}

/// Notes how long each phase of the last tick took.
struct PhaseClock {
    ended: Instant,
    took_ns: Arc<[AtomicU64; TickPhase::ALL.len()]>,
}

impl TickProbe for PhaseClock {
    fn tick_begins(&mut self) {
        self.ended = Instant::now();
    }

    fn phase_ended(&mut self, phase: TickPhase) {
        let now = Instant::now();
        let took = u64::try_from((now - self.ended).as_nanos()).unwrap_or(u64::MAX);
        self.took_ns[phase as usize].store(took, Ordering::Relaxed);
        self.ended = now;
    }
}

impl Figures {
    /// Above the [rows](Self::row).
    pub(super) const HEADING: &str = "| players | entities | where | tick p50, us | p99 | max | CPU p50, us | p99 | share of a core | allocations a tick, mean | p99 |\n\
        |---|---|---|---|---|---|---|---|---|---|---|";

    /// One line of a table.
    pub(super) fn row(&self) -> String {
        let Size { players, entities, is_crowd, .. } = self.size;
        format!(
            "| {players} | {entities} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.2} % | {:.3} | {} |",
            if is_crowd { "crowd" } else { "spread" },
            us(self.tick_ns.value_at_quantile(0.5)),
            us(self.tick_ns.value_at_quantile(0.99)),
            us(self.tick_ns.max()),
            us(self.tick_cpu_ns.value_at_quantile(0.5)),
            us(self.tick_cpu_ns.value_at_quantile(0.99)),
            self.tick_cpu_ns.mean() * f64::from(self.size.tick_hz) / 1e9 * 100.0,
            self.allocations.mean(),
            self.allocations.value_at_quantile(0.99),
        )
    }

    /// Ticks in which nothing was allocated, percent.
    fn quiet_percent(&self) -> f64 {
        self.allocations.count_at(0) as f64 / self.allocations.len() as f64 * 100.0
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { moves_per_s, tick_hz, delta_every, seed, .. } = self.size;
        let ticks = self.tick_ns.len();
        writeln!(
            f,
            "{ticks} ticks, {moves_per_s} moves/s each, {tick_hz} Hz, deltas every {delta_every}, seed {seed}"
        )?;
        writeln!(f, "{}\n{}\n", Self::HEADING, self.row())?;
        writeln!(f, "| phase | mean, us | p50 | p99 | max |\n|---|---|---|---|---|")?;
        for (phase, ns) in TickPhase::ALL.iter().zip(&self.phases_ns) {
            let [p50, p99, max] = [ns.value_at_quantile(0.5), ns.value_at_quantile(0.99), ns.max()].map(us);
            writeln!(f, "| {} | {:.1} | {p50:.1} | {p99:.1} | {max:.1} |", phase.name(), ns.mean() / 1e3)?;
        }
        let quiet = self.quiet_percent();
        write!(f, "\n{quiet:.2} % of the ticks allocate nothing; the most in one is {}", self.allocations.max())
    }
}

fn us(ns: u64) -> f64 {
    ns as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough that lists which only now and then have to be longer than ever would show, and
    /// that what is remembered of the ticks before is as much as it will be.
    const WARMUP: u64 = 100;
    const TICKS: u64 = 400;

    fn allocations(players: usize, entities: usize, is_crowd: bool) -> u64 {
        let size = Size { players, entities, is_crowd, moves_per_s: 4.0, tick_hz: 20, delta_every: 1, seed: 1 };
        let figures = measure(size, WARMUP, TICKS).expect("a world that can be measured");
        figures.allocations.iter_recorded().map(|it| it.value_iterated_to() * it.count_at_value()).sum()
    }

    #[test]
    fn a_tick_like_those_before_allocates_nothing() {
        assert_eq!(allocations(600, 6_000, false), 0);
    }

    #[test]
    fn a_tick_of_a_crowd_like_those_before_allocates_nothing() {
        assert_eq!(allocations(600, 6_000, true), 0);
    }
}
