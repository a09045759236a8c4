//! What a world costs between its ticks: replays of its log, a day in which nothing happens,
//! snapshots.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tilemud_schema::{LoggedEvent, LoggedTick, TickRecord};
use tilemud_sim::api::TickOutput;
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};

use super::walkers::{self, Size, Walkers};

/// Players of the snapshot that is measured.
const SNAPSHOT_PLAYERS: usize = 50_000;

pub(super) fn run(size: Size, ticks: u64) -> Result<()> {
    let map = Arc::new(walkers::map(size));
    let mut sim = new_world(&map, size);
    let mut walkers = Walkers::new(size);
    let mut inputs = walkers.joins();
    let mut log = Vec::new();
    log.extend(logged(&sim.tick(&mut inputs)));
    let start = sim.snapshot();
    for _ in 0..ticks {
        walkers.moves(&mut inputs);
        log.extend(logged(&sim.tick(&mut inputs)));
    }
    replay("from the first tick", &mut new_world(&map, size), &log)?;
    let mut restored = Sim::restore(Arc::clone(&map), config(size), &start)?;
    replay("from a snapshot", &mut restored, &log[1..])?;
    leave_alone(size)?;
    snapshot(size)
}

fn config(size: Size) -> SimConfig {
    SimConfig { seed: size.seed, ..SimConfig::default() }
}

fn new_world(map: &Arc<Map>, size: Size) -> Sim {
    let mut sim = Sim::new(Arc::clone(map), config(size));
    sim.set_ticks_per_second(size.tick_hz);
    sim
}

fn replay(what: &str, sim: &mut Sim, log: &[LoggedTick]) -> Result<()> {
    let events: usize = log.iter().map(|tick| tick.events.len()).sum();
    let started = Instant::now();
    for tick in log {
        sim.replay(tick)?;
    }
    let took = started.elapsed();
    let each = took / u32::try_from(events.max(1))?;
    println!("replay {what}: {events} events in {} ticks in {took:?}, {each:?} an event", log.len());
    Ok(())
}

/// A day in which nobody does anything and there is nothing that moves by itself.
fn leave_alone(size: Size) -> Result<()> {
    let map = Arc::new(Map::open("field", 512, 512));
    let mut sim = new_world(&map, size);
    let joined = logged(&sim.tick(&mut Walkers::new(size).joins())).context("joining is logged")?;
    let mut sim = new_world(&map, size);
    sim.replay(&joined)?;
    let ticks = u64::from(size.tick_hz) * 60 * 60 * 24;
    let last = sim.snapshot();
    let record = TickRecord { tick: last.tick + ticks, hashes: last.hashes, ..TickRecord::default() };
    let started = Instant::now();
    sim.replay(&LoggedTick::whole(record, Vec::new()))?;
    println!("replay of {ticks} quiet ticks with {} players: {:?}", size.players, started.elapsed());
    Ok(())
}

fn snapshot(size: Size) -> Result<()> {
    let size = Size { players: SNAPSHOT_PLAYERS, entities: 0, ..size };
    let map = Arc::new(walkers::map(size));
    let mut sim = new_world(&map, size);
    drop(sim.tick(&mut Walkers::new(size).joins()));
    let taken: Vec<(Duration, WorldSnapshot)> = (0..5)
        .map(|_| {
            let started = Instant::now();
            let snapshot = sim.snapshot();
            (started.elapsed(), snapshot)
        })
        .collect();
    let started = Instant::now();
    let bytes = taken[0].1.encode();
    let encoded = started.elapsed();
    let started = Instant::now();
    drop(Sim::restore(map, config(size), &WorldSnapshot::decode(&bytes)?)?);
    println!(
        "snapshot of {SNAPSHOT_PLAYERS} characters: {:?}; encoded in {encoded:?} to {} bytes; decoded and restored in {:?}",
        taken.iter().map(|(took, _)| *took).collect::<Vec<_>>(),
        bytes.len(),
        started.elapsed()
    );
    Ok(())
}

fn logged(output: &TickOutput) -> Option<LoggedTick> {
    let events = output.events.iter().map(|event| LoggedEvent {
        session_id: event.identity.session_id,
        sequence_number: event.seq,
        performed: event.performed.clone(),
    });
    output.is_durable().then(|| LoggedTick::whole(output.record.clone(), events.collect()))
}
