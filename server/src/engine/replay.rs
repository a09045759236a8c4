//! `tilemud replay`: plays the log of a world again, from the oldest usable snapshot (a month old at
//! most) to its end, and holds every tick against the hashes recorded with it. Only reads; may run beside a live server. Stops at the first tick that differs, and names
//! what differs.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tilemud_schema::Tick;
use tilemud_sim::Sim;
use tilemud_sim::{RestoreError, WorldSnapshot};

use super::reach::Reach;
use super::recovery::{PAGE_EVENTS_MAX, Recovery, Replayed};

/// From one line of progress to the next.
const PROGRESS: Duration = Duration::from_secs(1);

/// What is said when nobody takes what is told.
const UNTOLD: &str = "progress cannot be told";

#[derive(Debug)]
pub struct Verified {
    /// The tick of the snapshot it began with; 0 for an empty world.
    pub from: Tick,
    pub to: Tick,
    /// How much was played.
    pub replayed: Replayed,
    /// Whether the newest snapshot lay on the way and is what was replayed.
    pub compared: bool,
    pub took: Duration,
}

/// Verifies the log of a world; tells its progress on `told`.
///
/// # Errors
/// The first tick that differs and what differs in it, or what keeps the log from being read.
pub async fn verify(recovery: &Recovery, told: &mut impl Write) -> Result<Verified> {
    let started = Instant::now();
    let mut reach = Reach::of(&recovery.store).await.context("the log could not be read")?;
    let (mut sim, mut ahead) = begin(recovery, &mut reach, told).await?;
    let from = sim.last_tick();
    let end = recovery.store.committed_tick().await.context("the log could not be read")?;
    let mut verified =
        Verified { from, to: from, replayed: Replayed::default(), compared: false, took: Duration::ZERO };
    let mut last_told = started;
    loop {
        let page =
            recovery.store.read_log(sim.last_tick(), PAGE_EVENTS_MAX).await.context("the log could not be read")?;
        if page.is_empty() {
            break;
        }
        for tick in &page {
            reach.check_record(tick.record.tick).await?;
            verified.compared |= compare(&mut sim, &mut ahead, tick.record.tick - 1)?;
            sim.replay(tick)?;
            verified.replayed.count(tick);
        }
        if last_told.elapsed() >= PROGRESS {
            last_told = Instant::now();
            progress(told, &sim, end, verified.replayed, started.elapsed())?;
        }
    }
    verified.compared |= compare(&mut sim, &mut ahead, Tick::MAX)?;
    verified.to = sim.last_tick();
    verified.took = started.elapsed();
    Ok(verified)
}

/// The world to begin with, and the newest snapshot, if that lies ahead of it. It begins as early as the log leads from there to
/// the newest snapshot under the same rules: a map, a tick rate or a program that was another one cannot be played on.
async fn begin(recovery: &Recovery, reach: &mut Reach, told: &mut impl Write) -> Result<(Sim, Option<WorldSnapshot>)> {
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
        let rules = |world: &WorldSnapshot| (world.map, world.ticks_per_second, world.version.clone());
        match WorldSnapshot::decode(&earlier.data) {
            Ok(earlier_world) if rules(&earlier_world) == rules(&world) => first = earlier,
            Ok(_) | Err(RestoreError::Format { .. }) => break,
            // A start makes do without it too.
            Err(source) => writeln!(told, "the snapshot of tick {tick} is left out: {source}").context(UNTOLD)?,
        }
    }
    reach.check_snapshot(newest.tick, Some(world.tick)).await?;
    Ok((recovery.open(&first, reach).await?, (first.tick < newest.tick).then_some(world)))
}

/// Holds the world against a snapshot once it gets there. Whether it did.
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

fn progress(told: &mut impl Write, sim: &Sim, end: Tick, replayed: Replayed, took: Duration) -> Result<()> {
    let rate = replayed.events as f64 / took.as_secs_f64();
    writeln!(told, "tick {} of {end}, {} events, {rate:.0} events/s", sim.last_tick(), replayed.events).context(UNTOLD)
}
