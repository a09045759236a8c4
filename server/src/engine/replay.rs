//! `tilemud replay`: replays the log of a world, from the oldest usable snapshot (a month old at
//! most) to its end, and compares every tick with its recorded hashes. Only reads; may run beside a
//! live server. Stops at the first tick that differs, and names the difference.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tilemud_schema::Tick;
use tilemud_sim::Sim;
use tilemud_sim::{RestoreError, WorldSnapshot};

use super::high_water_mark::HighWaterMark;
use super::recovery::{PAGE_EVENTS_MAX, Recovery, Replayed};

/// From one line of progress to the next.
const PROGRESS: Duration = Duration::from_secs(1);

/// The error when the progress cannot be written.
const UNWRITTEN: &str = "progress cannot be told";

#[derive(Debug)]
pub struct Verified {
    /// The tick of the snapshot it began with; 0 for an empty world.
    pub from: Tick,
    pub to: Tick,
    /// How much was played.
    pub replayed: Replayed,
    /// Whether the replay passed the newest snapshot and was equal to it.
    pub compared: bool,
    pub took: Duration,
}

/// Verifies the log of a world; writes its progress to `out`.
///
/// # Errors
/// The first tick that differs and what differs in it, or what keeps the log from being read.
pub async fn verify(recovery: &Recovery, out: &mut impl Write) -> Result<Verified> {
    let started = Instant::now();
    let mut mark = HighWaterMark::of(&recovery.store).await.context("the log could not be read")?;
    let (mut sim, mut ahead) = begin(recovery, &mut mark, out).await?;
    let from = sim.last_tick();
    let end = recovery.store.committed_tick().await.context("the log could not be read")?;
    let mut verified =
        Verified { from, to: from, replayed: Replayed::default(), compared: false, took: Duration::ZERO };
    let mut last_progress = started;
    loop {
        let page =
            recovery.store.read_log(sim.last_tick(), PAGE_EVENTS_MAX).await.context("the log could not be read")?;
        if page.is_empty() {
            break;
        }
        for tick in &page {
            mark.check_record(tick.record.tick).await?;
            verified.compared |= compare(&mut sim, &mut ahead, tick.record.tick - 1)?;
            sim.replay(tick)?;
            verified.replayed.count(tick);
        }
        if last_progress.elapsed() >= PROGRESS {
            last_progress = Instant::now();
            progress(out, &sim, end, verified.replayed, started.elapsed())?;
        }
    }
    verified.compared |= compare(&mut sim, &mut ahead, Tick::MAX)?;
    verified.to = sim.last_tick();
    verified.took = started.elapsed();
    Ok(verified)
}

/// The world to begin with, and the newest snapshot, if it is later. The replay begins with the
/// oldest snapshot of the same map, tick rate, spawners and program as the newest one.
async fn begin(
    recovery: &Recovery,
    mark: &mut HighWaterMark,
    out: &mut impl Write,
) -> Result<(Sim, Option<WorldSnapshot>)> {
    let unread = "the snapshots could not be read";
    let Some(newest) = recovery.store.newest_snapshot().await.context(unread)? else {
        bail!("there is no snapshot of this world to begin with")
    };
    let mut first = newest.clone();
    let world = WorldSnapshot::decode(&newest.data);
    let world = world.with_context(|| format!("the snapshot of tick {}", newest.tick))?;
    for tick in recovery.store.snapshot_ticks().await.context(unread)?.into_iter().rev() {
        if tick >= newest.tick {
            continue;
        }
        // A running server may just have forgotten it.
        let Some(earlier) = recovery.store.snapshot(tick).await.context(unread)? else { continue };
        let rules = |world: &WorldSnapshot| {
            let spawners: Vec<_> = world.spawners.iter().map(|state| state.spawner.clone()).collect();
            (world.map, world.ticks_per_second, world.version.clone(), spawners)
        };
        match WorldSnapshot::decode(&earlier.data) {
            Ok(earlier_world) if rules(&earlier_world) == rules(&world) => first = earlier,
            Ok(_) | Err(RestoreError::Format { .. }) => break,
            // A start makes do without it too.
            Err(source) => writeln!(out, "the snapshot of tick {tick} is left out: {source}").context(UNWRITTEN)?,
        }
    }
    mark.check_snapshot(newest.tick, Some(world.tick)).await?;
    Ok((recovery.open(&first, mark).await?, (first.tick < newest.tick).then_some(world)))
}

/// Compares the world with a snapshot at its tick. Returns whether it was compared.
fn compare(sim: &mut Sim, ahead: &mut Option<WorldSnapshot>, until: Tick) -> Result<bool> {
    let Some(snapshot) = ahead.take_if(|snapshot| snapshot.tick <= until) else { return Ok(false) };
    sim.pass_until(snapshot.tick);
    let replayed = sim.snapshot().hashes;
    ensure!(
        replayed == snapshot.hashes,
        "the replay of tick {} differs from its snapshot: recorded {:?}, replayed {replayed:?}",
        snapshot.tick,
        snapshot.hashes,
    );
    Ok(true)
}

fn progress(out: &mut impl Write, sim: &Sim, end: Tick, replayed: Replayed, took: Duration) -> Result<()> {
    let rate = replayed.events as f64 / took.as_secs_f64();
    writeln!(out, "tick {} of {end}, {} events, {rate:.0} events/s", sim.last_tick(), replayed.events)
        .context(UNWRITTEN)
}
