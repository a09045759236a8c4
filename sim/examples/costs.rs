//! What the world costs: ticks with people walking, a replay, a snapshot. Prints figures; nothing depends on them.
//! `cargo run --release -p tilemud-sim --example costs [PEOPLE] [TICKS]`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tilemud_schema::{CharacterId, Direction, Intent, ItemStack, LoggedEvent, LoggedTick, Position, SessionId, UserId};
use tilemud_sim::api::{CharacterState, Identity, Input, SessionKey, TickOutput};
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};
use uuid::Uuid;

const EDGE: i32 = 512;

fn main() {
    let argument = |index, default| std::env::args().nth(index).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (people, ticks) = (argument(1, 1_000), argument(2, 1_000));
    let map = Arc::new(Map::open("field", EDGE, EDGE));
    let mut sim = Sim::new(map.clone(), SimConfig::default());
    let mut log = Vec::new();
    log.extend(logged(&sim.tick(&mut (0..people).map(join).collect())));
    let start = sim.snapshot();
    let mut durations = Vec::new();
    for tick in 1..=ticks {
        let mut inputs: Vec<Input> = (0..people).map(|person| walk(person, tick)).collect();
        let started = Instant::now();
        let output = sim.tick(&mut inputs);
        durations.push(started.elapsed());
        log.extend(logged(&output));
    }
    durations.sort_unstable();
    let of = |part: f64| durations[((durations.len() - 1) as f64 * part) as usize];
    println!("{people} people walking: a tick takes {:?} (p50), {:?} (p99)", of(0.5), of(0.99));
    replay("from the first tick", &mut Sim::new(map.clone(), SimConfig::default()), &log);
    let mut restored = Sim::restore(map.clone(), SimConfig::default(), &start).expect("its own snapshot");
    replay("from a snapshot", &mut restored, &log[1..]);
    idle(&map, people, &log);
    snapshot(&map);
}

fn replay(what: &str, sim: &mut Sim, log: &[LoggedTick]) {
    let events: usize = log.iter().map(|tick| tick.events.len()).sum();
    let started = Instant::now();
    for tick in log {
        sim.replay(tick).expect("the same world");
    }
    let took = started.elapsed();
    println!(
        "replay {what}: {events} events in {} ticks in {took:?}, {:?} each",
        log.len(),
        took / events.max(1) as u32
    );
}

/// A world left alone for a day.
fn idle(map: &Arc<Map>, people: u64, log: &[LoggedTick]) {
    let mut sim = Sim::new(map.clone(), SimConfig::default());
    sim.replay(&log[0]).expect("the same world");
    let ticks = 20 * 60 * 60 * 24;
    let mut last = sim.snapshot();
    last.tick += ticks;
    let quiet = LoggedTick {
        record: tilemud_schema::TickRecord { tick: last.tick, hashes: last.hashes, ..Default::default() },
        events: Vec::new(),
    };
    let started = Instant::now();
    sim.replay(&quiet).expect("nothing happens");
    println!("replay of {ticks} quiet ticks with {people} people: {:?}", started.elapsed());
}

fn snapshot(map: &Arc<Map>) {
    let mut sim = Sim::new(map.clone(), SimConfig::default());
    sim.tick(&mut (0..50_000).map(join).collect());
    let mut snapshots: Vec<(Duration, WorldSnapshot)> = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let snapshot = sim.snapshot();
        snapshots.push((started.elapsed(), snapshot));
    }
    let took: Vec<Duration> = snapshots.iter().map(|(took, _)| *took).collect();
    let started = Instant::now();
    let bytes = snapshots[0].1.encode();
    let encoded = started.elapsed();
    let started = Instant::now();
    let restored = Sim::restore(map.clone(), SimConfig::default(), &WorldSnapshot::decode(&bytes).expect("encoded"));
    restored.expect("its own snapshot");
    println!(
        "snapshot of 50000 characters: {took:?}; encoded in {encoded:?} to {} bytes; decoded and restored in {:?}",
        bytes.len(),
        started.elapsed()
    );
}

fn join(person: u64) -> Input {
    let side = 250;
    let (column, row) = ((person % side) as i32, (person / side) as i32);
    let spread = if person < 10_000 { 10 } else { 2 };
    let position = Position { x: (column * spread) % EDGE, y: (row * spread + column * spread / EDGE) % EDGE };
    Input::Join {
        session: SessionKey(person + 1),
        identity: Arc::new(Identity {
            session_id: SessionId(Uuid::from_u64_pair(1, person)),
            user_id: UserId(format!("user-{person}").into()),
            character_id: CharacterId(Uuid::from_u64_pair(2, person)),
        }),
        character: Box::new(CharacterState {
            display_name: format!("Person {person}").into(),
            look: "traveller_1".into(),
            position: Some(position),
            health: 100,
            stats: Arc::new(BTreeMap::from([("strength".into(), 5)])),
            inventory: Arc::new(vec![ItemStack { item: "apple".into(), quantity: 3 }]),
        }),
        last_seq: 0,
    }
}

/// Everyone walks back and forth over a few tiles.
fn walk(person: u64, tick: u64) -> Input {
    let direction = if (tick / 12 + person).is_multiple_of(2) { Direction::East } else { Direction::West };
    Input::Intent { session: SessionKey(person + 1), seq: tick, intent: Intent::Move { direction }, refusal: None }
}

fn logged(output: &TickOutput) -> Option<LoggedTick> {
    let events = output.events.iter().map(|event| LoggedEvent {
        session_id: event.identity.session_id,
        sequence_number: event.seq,
        payload: event.payload.clone(),
    });
    output.is_durable().then(|| LoggedTick { record: output.record.clone(), events: events.collect() })
}
