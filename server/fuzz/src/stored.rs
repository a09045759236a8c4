//! What is read back from the store: rows of the log and snapshots of the world.

use std::sync::{Arc, LazyLock};

use tilemud_persist::testing::logged_payload;
use tilemud_schema::{
    Arrival, CharacterId, CharacterState, ItemStack, LoggedEvent, LoggedTick, Performed, Position, SessionId,
    TickRecord, UserId, WorldHashes,
};
use tilemud_sim::Difference;
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};
use uuid::Uuid;

/// Most events that are replayed.
const EVENTS_MAX: usize = 12;

/// A small world with a bit of everything.
static MAP: LazyLock<Arc<Map>> =
    LazyLock::new(|| Arc::new(Map::from_art(&["########", "#..i..W#", "#.@.c.f#", "#.D.r.N#", "########"])));

/// One row a line, its type before its payload, done by turns by two characters in two ticks.
pub(crate) fn event_log(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut rows = Vec::new();
    for line in text.lines().take(EVENTS_MAX) {
        let Some((action_type, payload)) = line.split_once(' ') else { continue };
        let Ok(row) = logged_payload(action_type, payload) else { continue };
        let written = serde_json::to_string(&row).expect("a payload can be written");
        assert_eq!(logged_payload(row.action_type(), &written).expect("what was written can be read"), row);
        rows.push(row);
    }
    if !rows.is_empty() {
        replayed(&rows);
    }
}

/// Replays; each tick once to learn the hashes that it leads to, and then with them.
fn replayed(rows: &[Performed]) {
    let events = |at: usize, row: &Performed| LoggedEvent {
        session_id: SessionId(Uuid::from_u128(1 + at as u128 % 2)),
        sequence_number: 1 + at as u64 / 2,
        performed: row.clone(),
    };
    let all: Vec<LoggedEvent> = rows.iter().enumerate().map(|(at, row)| events(at, row)).collect();
    let (first, second) = all.split_at(all.len().div_ceil(2));
    let arrivals = vec![arrival(1, "Ann"), arrival(2, "Ben")];
    let mut ticks = vec![
        LoggedTick::whole(TickRecord { tick: 1, arrivals, ..TickRecord::default() }, first.to_vec()),
        LoggedTick::whole(TickRecord { tick: 3, ..TickRecord::default() }, second.to_vec()),
    ];
    for at in 0..ticks.len() {
        let mut sim = Sim::new(Arc::clone(&MAP), SimConfig::default());
        match ticks[..=at].iter().try_for_each(|tick| sim.replay(tick)) {
            Ok(()) => {}
            Err(divergence) => match divergence.what {
                Difference::State { replayed, .. } => ticks[at].record.hashes = replayed,
                _ => return,
            },
        }
    }
    let mut sim = Sim::new(Arc::clone(&MAP), SimConfig::default());
    for tick in &ticks {
        sim.replay(tick).expect("the same ticks lead to the same world");
    }
    assert_ne!(sim.snapshot().hashes, WorldHashes::default());
}

fn arrival(number: u128, name: &str) -> Arrival {
    let stack = |item: &str, quantity| ItemStack { item: item.into(), quantity };
    Arrival {
        session_id: SessionId(Uuid::from_u128(number)),
        user_id: UserId(name.into()),
        character_id: CharacterId(Uuid::from_u128(number)),
        state: CharacterState {
            display_name: name.into(),
            look: "adventurer".into(),
            position: Some(Position { x: 2, y: 2 }),
            health: 50,
            inventory: Arc::new(vec![stack("apple", 3), stack("crate", 2), stack("rug", 900)]),
            ..CharacterState::default()
        },
    }
}

/// A snapshot: as it is or, behind a 1, with the checksum that belongs to it and of the map at
/// hand.
pub(crate) fn snapshots(data: &[u8]) {
    let own_map = Sim::new(Arc::clone(&MAP), SimConfig::default()).snapshot().map;
    let (bytes, adopt) = match data {
        [1, written @ ..] => (WorldSnapshot::sealed(written.to_vec()), true),
        _ => (data.to_vec(), false),
    };
    let mut snapshot = match WorldSnapshot::decode(&bytes) {
        Ok(snapshot) => snapshot,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let written = snapshot.encode();
    let again = WorldSnapshot::decode(&written).expect("what was written can be read");
    assert_eq!(again.encode(), written);
    if adopt {
        snapshot.map = own_map;
    }
    let Ok(mut sim) = Sim::restore(Arc::clone(&MAP), SimConfig::default(), &snapshot) else { return };
    assert_eq!(sim.snapshot().hashes, snapshot.hashes);
    for _ in 0..2 {
        sim.tick(&mut Vec::new());
    }
}
