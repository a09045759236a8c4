//! What the world does by itself: NPCs wander, fire hurts, the hurt recover; the same again in a
//! replay.

use std::collections::BTreeSet;
use std::sync::Arc;

use tilemud_schema::{Direction, Effect, EntityKind, LoggedTick, Position, TickRecord};
use tilemud_sim::api::{SessionKey, TickOutput};
use tilemud_sim::limits::{HEALTH_MAX, RECOVERY_S};
use tilemud_sim::map_art::FIRE_DAMAGE;
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};

use crate::actions::{Yard, joining};
use crate::players::{Client, join, walk};
use crate::replays::logged;
use crate::{sim, tick};

const SECOND: u64 = 20;

fn npc_places(sim: &Sim) -> Vec<Position> {
    let mut npcs: Vec<_> =
        sim.snapshot().objects.into_iter().filter(|object| object.face.kind == EntityKind::Npc).collect();
    npcs.sort_unstable_by_key(|npc| npc.face.id);
    npcs.iter().map(|npc| Position { x: npc.face.x, y: npc.face.y }).collect()
}

fn health(sim: &Sim, number: u64) -> i32 {
    sim.profile(SessionKey(number)).expect("in the world").health
}

#[test]
fn npcs_wander_one_step_at_a_time_near_their_home_and_never_into_walls_doors_or_fire() {
    let art = ["........#", "....f...#", "...W..D.#", "....#...#", "........#"];
    let mut sim = sim(Map::from_art(&art));
    let (mut places, mut steps) = (BTreeSet::new(), 0);
    let mut last = npc_places(&sim)[0];
    for _ in 0..600 * SECOND {
        tick(&mut sim, []);
        let now = npc_places(&sim)[0];
        let far = (now.x - last.x).abs() + (now.y - last.y).abs();
        assert!(far <= 1);
        steps += far;
        places.insert(now);
        last = now;
    }
    let within: BTreeSet<_> = (1..=5)
        .flat_map(|x| (0..=4).map(move |y| Position { x, y }))
        .filter(|place| ![(4, 1), (4, 3)].contains(&(place.x, place.y)))
        .collect();
    assert_eq!(places, within, "everywhere within two tiles of (3, 2) but in the fire and the wall");
    assert!((60..=600).contains(&steps), "{steps} steps in ten minutes");
}

#[test]
fn an_npc_that_is_to_stay_stays() {
    let mut sim = sim(Map::from_art(&["...", ".N.", "..."]));
    let before = npc_places(&sim);
    for _ in 0..60 * SECOND {
        assert!(!tick(&mut sim, []).is_durable());
    }
    assert_eq!(npc_places(&sim), before);
}

#[test]
fn who_sees_a_wandering_npc_holds_where_it_is_and_can_walk_through_it() {
    let mut sim = sim(Map::from_art(&["#####", "#W..#", "#...#", "#####"]));
    let mut anna = Client::default();
    anna.receive(SessionKey(1), &tick(&mut sim, [join(1, 1, 1)]));
    for seq in 1..=60 * SECOND {
        let way = if seq % 2 == 1 { Direction::East } else { Direction::West };
        let output = tick(&mut sim, [walk(1, seq, way)]);
        assert_eq!(output.events.len(), 1, "nobody is in the way");
        anna.receive(SessionKey(1), &output);
        let npc = anna.entities.values().find(|entity| entity.kind == EntityKind::Npc).expect("seen");
        assert_eq!(Position { x: npc.x, y: npc.y }, npc_places(&sim)[0]);
    }
}

#[test]
fn other_seeds_make_npcs_go_other_ways() {
    let ways = [1, 2].map(|seed| {
        let config = SimConfig { seed, ..SimConfig::default() };
        let mut sim = Sim::new(Arc::new(Map::from_art(&[".....", "..W..", "....."])), config);
        (0..60 * SECOND).map(|_| (tick(&mut sim, []), npc_places(&sim)).1).collect::<Vec<_>>()
    });
    assert_ne!(ways[0], ways[1]);
}

#[test]
fn fire_hurts_once_a_second_for_all_to_see_and_is_saved() {
    let mut yard = Yard::new(&["@..f.."], &[(3, 0), (4, 0)], &[]);
    let (before, mut hurt) = (health(&yard.sim, 1), Vec::new());
    let heard_before = yard.client(1).heard.len();
    for second in 1..=3 {
        let outputs: Vec<TickOutput> = (0..SECOND).map(|_| yard.tick(Vec::new())).collect();
        hurt.extend(outputs.iter().filter(|output| output.is_durable()).map(|output| output.tick));
        let saved: Vec<i32> = outputs.iter().flat_map(|it| &it.profiles).map(|profile| profile.state.health).collect();
        assert_eq!(saved, [before - second * FIRE_DAMAGE]);
        assert_eq!(yard.client(1).own.health, before - second * FIRE_DAMAGE);
    }
    assert!(hurt.windows(2).all(|pair| pair[1] - pair[0] == SECOND), "{hurt:?}");
    let (one, other) = (yard.client(1), yard.client(2));
    assert_eq!(one.heard.len() - heard_before, 3);
    assert!(matches!(one.heard[0], Effect::Damage { amount: FIRE_DAMAGE, .. }));
    assert_eq!(one.heard, other.heard);
    assert_eq!(one.entities, other.entities);
}

#[test]
fn at_no_health_one_is_back_at_the_spawn_point_with_all_of_it() {
    let mut yard = Yard::with_health(&["@", "#", "f"], &[(0, 2)], &[("coin", 2)], 2 * FIRE_DAMAGE);
    for _ in 0..2 * SECOND {
        yard.tick(Vec::new());
    }
    let state = yard.sim.profile(SessionKey(1)).expect("in the world");
    assert_eq!((state.position, state.health), (Some(Position { x: 0, y: 0 }), HEALTH_MAX));
    assert_eq!(state.inventory.len(), 1, "nothing is lost");
    assert_eq!((yard.client(1).own.position, yard.client(1).own.health), (state.position, HEALTH_MAX));
    assert_eq!((state.stats.deaths, state.stats.steps), (1, 0), "no step leads there");
    assert_eq!(yard.client(1).own.stats, state.stats);
}

#[test]
fn the_hurt_recover_slowly_and_then_cost_nothing() {
    let mut sim = sim(Map::from_art(&["@...."]));
    tick(&mut sim, [joining(1, (2, 0), &[], HEALTH_MAX - 2)]);
    let mut seen = Vec::new();
    for _ in 0..3 * RECOVERY_S * SECOND {
        if tick(&mut sim, []).is_durable() {
            seen.push((sim.last_tick(), health(&sim, 1)));
        }
    }
    let values: Vec<i32> = seen.iter().map(|(_, health)| *health).collect();
    assert_eq!(values, [HEALTH_MAX - 1, HEALTH_MAX]);
    assert_eq!(seen[1].0 - seen[0].0, RECOVERY_S * SECOND);
}

#[test]
fn a_second_is_a_second_at_any_rate_of_ticks() {
    let mut sim = sim(Map::from_art(&["@..f.."]));
    tick(&mut sim, [join(1, 3, 0)]);
    sim.set_ticks_per_second(100);
    let before = health(&sim, 1);
    for _ in 0..300 {
        tick(&mut sim, []);
    }
    assert_eq!(health(&sim, 1), before - 3 * FIRE_DAMAGE);
    let snapshot = sim.snapshot();
    let map = Arc::new(Map::from_art(&["@..f.."]));
    let restored = Sim::restore(map, SimConfig::default(), &snapshot).expect("of this map");
    assert_eq!(restored.ticks_per_second(), 100);
}

#[test]
fn a_world_that_lives_by_itself_is_the_same_again_from_its_start_and_from_every_snapshot() {
    let map = || Arc::new(Map::from_art(&["@..W.", "..f..", "W.f.D", "..W.i"]));
    let mut sim = Sim::new(map(), SimConfig::default());
    let mut log: Vec<LoggedTick> = Vec::new();
    let mut snapshots = Vec::new();
    for number in 0..40 * SECOND {
        let inputs = match number {
            0 => vec![joining(1, (2, 1), &[], HEALTH_MAX), joining(2, (2, 2), &[], 25)],
            300 => vec![walk(1, 1, Direction::East)],
            _ => Vec::new(),
        };
        log.extend(logged(&tick(&mut sim, inputs)));
        if number.is_multiple_of(97) {
            snapshots.push(WorldSnapshot::decode(&sim.snapshot().encode()).expect("what was encoded"));
        }
    }
    // What happened since the last event shows only in the hashes.
    let last = sim.snapshot();
    let end = TickRecord { tick: last.tick, hashes: last.hashes, ..TickRecord::default() };
    log.retain(|tick| tick.record.tick != end.tick);
    log.push(LoggedTick::whole(end, Vec::new()));
    assert!(log.iter().filter(|tick| tick.events.is_empty()).count() > 10, "mostly it lives by itself");
    let starts = snapshots.iter().map(|it| Sim::restore(map(), SimConfig::default(), it).expect("of this map"));
    for mut again in starts.chain([Sim::new(map(), SimConfig::default())]) {
        let start = again.last_tick();
        for tick in log.iter().filter(|tick| tick.record.tick > start) {
            assert_eq!(again.replay(tick), Ok(()), "from tick {start}");
        }
        assert_eq!(again.snapshot().encode(), last.encode());
    }
    let other = SimConfig { seed: 5, ..SimConfig::default() };
    let mut other = Sim::new(map(), other);
    let divergence = log.iter().find_map(|tick| other.replay(tick).err()).expect("another seed is another world");
    assert!(divergence.to_string().ends_with("another state of objects"), "{divergence}");
}
