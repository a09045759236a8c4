//! Things come back after their time, where and as often as the map says, and the same again in a
//! replay and from a snapshot.

use std::collections::BTreeSet;
use std::sync::Arc;

use tilemud_schema::{Action, EntityId, EntityKind, LoggedTick, Position, TickRecord};
use tilemud_sim::limits::{HEALTH_MAX, SPAWNED_PER_TICK_MAX};
use tilemud_sim::map::Spawner;
use tilemud_sim::{Map, RestoreError, Sim, SimConfig, WorldSnapshot};

use crate::actions::{SPAWN, WALLS, Yard, bag, drop_some, place};
use crate::conservation::spawner;
use crate::replays::logged;
use crate::{sim, tick};

const SECOND: u64 = 20;

/// A map on which the item at a place comes back after so many seconds.
fn growing(art: &[&str], kind: &str, at: (i32, i32), every_s: u32) -> Map {
    let mut map = Map::from_art(art);
    map.spawners.push(Spawner { is_place: true, ..spawner(kind, at, (1, 1), 1, every_s) });
    map
}

fn things(sim: &Sim, kind: &str) -> Vec<(EntityId, Position, u32)> {
    let objects = sim.snapshot().objects.into_iter().filter(|it| it.face.kind == EntityKind::Item);
    let of_kind = objects.filter(|it| *it.face.look == *kind);
    let things = of_kind.map(|it| (it.face.id, Position { x: it.face.x, y: it.face.y }, it.quantity.expect("counted")));
    let mut things: Vec<_> = things.collect();
    things.sort_unstable_by_key(|(id, ..)| *id);
    things
}

fn pass(yard: &mut Yard, ticks: u64) {
    (0..ticks).for_each(|_| drop(yard.tick(Vec::new())));
}

#[test]
fn an_item_that_was_taken_lies_there_again_after_its_time_and_all_see_it() {
    let map = growing(&["@i...."], "apple", (1, 0), 3);
    let mut yard = Yard::of(sim(map), &[(2, 0), (4, 0)], &[], HEALTH_MAX);
    for round in 1..=3 {
        yard.applied(1, vec![Action::Take { item: yard.at(1, 0, EntityKind::Item) }]);
        pass(&mut yard, 3 * SECOND - 1);
        assert!(!yard.has(1, 0, EntityKind::Item), "too early");
        pass(&mut yard, 1);
        let id = yard.at(1, 0, EntityKind::Item);
        let seen = &yard.client(2).entities[&id];
        assert_eq!((&*seen.look, &*seen.name), ("apple", "apple"));
        assert_eq!(yard.bag(1), bag(&[("apple", round)]));
    }
    let before = things(&yard.sim, "apple");
    pass(&mut yard, 10 * SECOND);
    assert_eq!(things(&yard.sim, "apple"), before, "none comes while one is there");
}

#[test]
fn all_there_were_come_back_and_what_was_left_is_no_reason_to() {
    let mut map = growing(&["@.i..."], "apple", (2, 0), 1);
    map.objects[0].quantity = 5;
    map.spawners[0].quantity = 5;
    let mut yard = Yard::of(sim(map), &[(1, 0)], &[("apple", 997)], HEALTH_MAX);
    yard.applied(1, vec![Action::Take { item: yard.at(2, 0, EntityKind::Item) }]);
    pass(&mut yard, 5 * SECOND);
    assert_eq!(things(&yard.sim, "apple")[0].2, 3, "there was room for two, and the rest is there");
    yard.applied(1, vec![drop_some("apple", 500)]);
    yard.applied(1, vec![Action::Take { item: things(&yard.sim, "apple")[0].0 }]);
    pass(&mut yard, SECOND);
    assert!(things(&yard.sim, "apple").iter().any(|(_, place, quantity)| (place.x, *quantity) == (2, 5)));
}

#[test]
fn it_does_not_come_back_onto_its_like_or_into_what_was_built_there() {
    let art = [SPAWN, WALLS, "....i......."];
    let mut yard = Yard::of(sim(growing(&art, "apple", (4, 2), 2)), &[(4, 2), (5, 2)], &[("crate", 1)], HEALTH_MAX);
    yard.applied(1, vec![Action::Take { item: yard.at(4, 2, EntityKind::Item) }]);
    yard.applied(1, vec![drop_some("apple", 1)]);
    pass(&mut yard, 6 * SECOND);
    assert_eq!(things(&yard.sim, "apple").len(), 1);
    // Who dropped it takes it with it; then it is built over.
    yard.applied(1, vec![Action::Take { item: yard.at(4, 2, EntityKind::Item) }]);
    let mut yard = Yard::of(sim(growing(&art, "apple", (4, 2), 2)), &[(5, 2)], &[("crate", 1)], HEALTH_MAX);
    yard.applied(1, vec![Action::Take { item: yard.at(4, 2, EntityKind::Item) }]);
    yard.applied(1, vec![place("crate", 4, 2)]);
    pass(&mut yard, 6 * SECOND);
    assert!(things(&yard.sim, "apple").is_empty());
    yard.applied(1, vec![Action::Remove { x: 4, y: 2 }]);
    pass(&mut yard, 2 * SECOND);
    assert_eq!(things(&yard.sim, "apple").len(), 1);
}

#[test]
fn an_item_in_a_wall_comes_back_there() {
    let mut map = growing(&["@i"], "apple", (1, 0), 1);
    map.tiles[1] = tilemud_sim::map_art::WALL;
    let mut yard = Yard::of(sim(map), &[(0, 0)], &[], HEALTH_MAX);
    yard.applied(1, vec![Action::Take { item: yard.at(1, 0, EntityKind::Item) }]);
    pass(&mut yard, SECOND);
    assert!(yard.has(1, 0, EntityKind::Item));
}

#[test]
fn on_an_area_things_appear_one_by_one_up_to_their_number_where_one_can_lie() {
    let mut map = Map::from_art(&["@.........", "..#...N...", "..i...D...", ".........."]);
    map.spawners.push(spawner("shell", (2, 1), (5, 2), 4, 2));
    let mut sim = sim(map);
    let (mut counts, mut last) = (Vec::new(), 0);
    for _ in 0..30 * SECOND {
        tick(&mut sim, []);
        let count = things(&sim, "shell").len();
        if count != last {
            counts.push((sim.last_tick(), count));
            last = count;
        }
    }
    assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(counts[0].0 <= 2 * SECOND, "the first in its first time: {counts:?}");
    assert!(counts.windows(2).all(|pair| (pair[1].0 - pair[0].0).is_multiple_of(2 * SECOND)), "{counts:?}");
    let lying = things(&sim, "shell");
    let places: BTreeSet<(i32, i32)> = lying.iter().map(|(_, place, _)| (place.x, place.y)).collect();
    assert_eq!(places.len(), 4, "each has a tile for itself");
    for (x, y) in places {
        assert!((2..7).contains(&x) && (1..3).contains(&y));
        assert!(![(2, 1), (2, 2), (6, 1), (6, 2)].contains(&(x, y)), "wall, item, npc and door");
    }
}

#[test]
fn where_there_is_no_room_nothing_appears_until_there_is() {
    let mut map = Map::from_art(&["@...", "...."]);
    map.spawners.push(spawner("shell", (2, 0), (1, 1), 2, 1));
    let mut yard = Yard::of(sim(map), &[(2, 0), (1, 0)], &[], HEALTH_MAX);
    pass(&mut yard, 5 * SECOND);
    assert!(things(&yard.sim, "shell").is_empty(), "somebody stands there");
    yard.tick(vec![crate::players::leave(1)]);
    pass(&mut yard, 5 * SECOND);
    assert_eq!(things(&yard.sim, "shell").len(), 1, "and one lies there then");
}

#[test]
fn many_that_are_due_at_once_share_their_work_among_ticks_and_do_so_in_ticks_that_pass() {
    let mut map = Map::open("field", 100, 10);
    map.spawners = (0..100).map(|x| Spawner { is_place: true, ..spawner("shell", (x, 3), (1, 1), 1, 1) }).collect();
    let mut run = sim(map.clone());
    let mut passed = sim(map);
    (1..SECOND).for_each(|_| drop(tick(&mut run, [])));
    let mut counts = Vec::new();
    for _ in 0..4 {
        tick(&mut run, []);
        counts.push(things(&run, "shell").len());
        passed.pass_until(run.last_tick());
        assert_eq!(passed.snapshot().encode(), run.snapshot().encode());
    }
    assert_eq!(counts, [1, 2, 3, 4].map(|ticks| 100.min(ticks * SPAWNED_PER_TICK_MAX)));
}

#[test]
fn the_areas_of_a_new_world_do_not_begin_all_at_once() {
    let mut map = Map::open("field", 100, 10);
    map.spawners = (0..100).map(|x| spawner("shell", (x, 3), (1, 1), 1, 1)).collect();
    let mut sim = sim(map);
    let mut most = 0;
    for _ in 0..2 * SECOND {
        let before = things(&sim, "shell").len();
        tick(&mut sim, []);
        most = most.max(things(&sim, "shell").len() - before);
    }
    assert_eq!(things(&sim, "shell").len(), 100);
    assert!(most < 20, "{most}");
}

/// An orchard and a beach, and somebody who takes what is near.
fn played(ticks: u64) -> (Arc<Map>, Vec<LoggedTick>, Vec<WorldSnapshot>, WorldSnapshot) {
    let mut map = growing(&["@i...W....", ".....i....", "....f....."], "apple", (1, 0), 2);
    map.spawners.push(Spawner { is_place: true, ..spawner("apple", (5, 1), (1, 1), 1, 5) });
    map.spawners.push(Spawner { quantity: 3, ..spawner("shell", (0, 1), (4, 2), 3, 1) });
    let map = Arc::new(map);
    let mut yard = Yard::of(Sim::new(map.clone(), SimConfig::default()), &[], &[], HEALTH_MAX);
    let mut log: Vec<LoggedTick> = Vec::new();
    let mut snapshots = Vec::new();
    let mut seq = 0;
    for number in 0..ticks {
        let near: Vec<_> = things(&yard.sim, "apple").into_iter().chain(things(&yard.sim, "shell")).collect();
        let near = near.iter().find(|(_, place, _)| (place.x - 1).abs() <= 1 && place.y <= 2);
        let inputs = match (number, near) {
            (0, _) => vec![crate::players::join(1, 1, 1)],
            (_, Some((item, ..))) if number.is_multiple_of(23) => {
                seq += 1;
                let steps = vec![Action::Take { item: *item }];
                vec![crate::players::intent(1, seq, tilemud_schema::Intent::Action { steps })]
            }
            _ => Vec::new(),
        };
        log.extend(logged(&yard.tick(inputs)));
        snapshots.push(WorldSnapshot::decode(&yard.sim.snapshot().encode()).expect("what was encoded"));
    }
    let last = yard.sim.snapshot();
    let end = TickRecord { tick: last.tick, hashes: last.hashes, ..TickRecord::default() };
    log.retain(|tick| tick.record.tick != end.tick);
    log.push(LoggedTick::whole(end, Vec::new()));
    (map, log, snapshots, last)
}

#[test]
fn what_came_back_does_so_again_from_the_start_and_from_a_snapshot_of_any_tick() {
    let (map, log, snapshots, last) = played(12 * SECOND);
    assert!(log.iter().map(|tick| tick.events.len()).sum::<usize>() > 5, "things were taken");
    let starts = snapshots.iter().map(|it| Sim::restore(map.clone(), SimConfig::default(), it).expect("of this map"));
    for mut again in starts.chain([Sim::new(map.clone(), SimConfig::default())]) {
        let start = again.last_tick();
        for tick in log.iter().filter(|tick| tick.record.tick > start) {
            assert_eq!(again.replay(tick), Ok(()), "from tick {start}");
        }
        assert_eq!(again.snapshot().encode(), last.encode(), "from tick {start}");
    }
}

#[test]
fn time_that_passes_without_anybody_brings_back_what_it_brings_back_tick_by_tick() {
    let (map, _, snapshots, _) = played(4 * SECOND);
    for snapshot in snapshots.iter().step_by(7) {
        let restore = || Sim::restore(map.clone(), SimConfig::default(), snapshot).expect("of this map");
        let (mut run, mut passed) = (restore(), restore());
        for leap in [1, 2, 19, 20, 100] {
            (0..leap).for_each(|_| drop(tick(&mut run, [])));
            passed.pass_until(run.last_tick());
            assert_eq!(passed.snapshot().encode(), run.snapshot().encode());
        }
        assert_eq!(things(&run, "apple").len(), 2, "all of them are back");
    }
}

#[test]
fn a_second_is_a_second_at_any_rate_of_ticks_and_who_waits_goes_on_waiting() {
    let mut yard = Yard::of(sim(growing(&["@i..."], "apple", (1, 0), 4)), &[(2, 0)], &[], HEALTH_MAX);
    yard.applied(1, vec![Action::Take { item: yard.at(1, 0, EntityKind::Item) }]);
    pass(&mut yard, 2 * SECOND);
    yard.sim.set_ticks_per_second(100);
    pass(&mut yard, 199);
    assert!(!yard.has(1, 0, EntityKind::Item));
    pass(&mut yard, 1);
    assert!(yard.has(1, 0, EntityKind::Item));
    let snapshot = yard.sim.snapshot();
    let map = Arc::new(growing(&["@i..."], "apple", (1, 0), 4));
    assert!(Sim::restore(map, SimConfig::default(), &snapshot).is_ok(), "the hashes went along");
}

#[test]
fn a_world_without_spawners_gets_those_of_its_map_when_it_is_told_and_keeps_those_it_has() {
    let art = ["@i.i.."];
    let mut old = Yard::of(sim(Map::from_art(&art)), &[(2, 0)], &[], HEALTH_MAX);
    old.applied(1, vec![Action::Take { item: old.at(1, 0, EntityKind::Item) }]);
    let mut map = growing(&art, "apple", (1, 0), 2);
    map.spawners.push(Spawner { is_place: true, ..spawner("apple", (3, 0), (1, 1), 1, 2) });
    // As formats without spawners, and without maps, have it.
    let before = WorldSnapshot { provenance: Default::default(), ..old.sim.snapshot() };
    let mut sim = Sim::restore(Arc::new(map.clone()), SimConfig::default(), &before).expect("of this map");
    (0..5 * SECOND).for_each(|_| drop(tick(&mut sim, [])));
    assert_eq!(things(&sim, "apple").len(), 1, "a replay goes as the world went");
    sim.renew_spawners();
    let timers = |sim: &Sim| sim.snapshot().spawners.iter().map(|it| (it.due, it.things.len())).collect::<Vec<_>>();
    let begun = timers(&sim);
    assert_eq!(begun, [(Some(sim.last_tick() + 2 * SECOND), 0), (None, 1)], "the timers begin, and one lies there");
    tick(&mut sim, []);
    sim.renew_spawners();
    assert_eq!(timers(&sim), begun, "told again, nothing changes");
    // The map says another time for one of them.
    map.spawners[1].every_s = 9;
    sim.edit(Arc::new(map.clone()));
    assert_eq!(timers(&sim), begun);
    (0..2 * SECOND).for_each(|_| drop(tick(&mut sim, [])));
    assert_eq!(things(&sim, "apple").len(), 2);
    map.spawners.clear();
    sim.edit(Arc::new(map.clone()));
    let snapshot = sim.snapshot();
    assert!(snapshot.spawners.is_empty());
    assert!(Sim::restore(Arc::new(map), SimConfig::default(), &snapshot).is_ok());
}

#[test]
fn spawners_that_contradict_their_snapshot_are_refused() {
    let map = Arc::new(growing(&["@i..."], "apple", (1, 0), 4));
    let good = Sim::new(map.clone(), SimConfig::default()).snapshot();
    let check = |change: fn(&mut WorldSnapshot)| {
        let mut snapshot = good.clone();
        change(&mut snapshot);
        Sim::restore(map.clone(), SimConfig::default(), &snapshot).err().expect("must be refused")
    };
    assert!(matches!(check(|it| it.spawners[0].things = vec![EntityId(77)]), RestoreError::Inconsistent { .. }));
    for change in [
        (|it| it.spawners[0].spawner.width = i32::MAX) as fn(&mut WorldSnapshot),
        |it| it.spawners[0].spawner.x = -1,
        |it| it.spawners[0].spawner.height = 0,
    ] {
        assert!(matches!(check(change), RestoreError::Inconsistent { .. }));
    }
    assert!(matches!(check(|it| it.spawners[0].due = Some(u64::MAX)), RestoreError::Hashes { .. }));
}

#[test]
fn what_one_eats_in_the_built_in_world_grows_again() {
    let map = Map::built_in();
    for kind in ["apple", "carrot", "mushroom", "fish", "bread"] {
        let items = map.objects.iter().filter(|object| *object.look == *kind);
        let mut places = items.map(|object| object.position).peekable();
        assert!(places.peek().is_some(), "{kind}");
        assert!(places.all(|at| {
            map.spawners.iter().any(|it| *it.kind == *kind && it.is_place && (it.x, it.y) == (at.x, at.y))
        }));
    }
}
