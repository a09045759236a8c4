//! Warps: a step onto one ends where it leads, for the walker, for all who look on, and again in a
//! replay.

use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::rest::Warp;
use tilemud_schema::{Action, Direction, EntityKind, ErrorCode, IntentOutcome, Position};
use tilemud_sim::api::{Outcome, SessionKey, TickOutput};
use tilemud_sim::limits::HEALTH_MAX;
use tilemud_sim::{Map, RestoreError, Sim, SimConfig, SpawnTiles, WorldSnapshot};

use crate::actions::{Yard, place};
use crate::players::{Client, join, walk};
use crate::replays::log;
use crate::{cases, outcomes, sim, tick};

fn at(x: i32, y: i32) -> Position {
    Position { x, y }
}

/// Column and row of a warp of one tile, and of where it leads.
type Drawn = ((i32, i32), (i32, i32));

fn with_warps(mut map: Map, warps: &[Drawn]) -> Map {
    let warp = |((x, y), to): &Drawn| Warp { x: *x, y: *y, width: 1, height: 1, to: at(to.0, to.1) };
    map.warps = warps.iter().map(warp).collect();
    map
}

fn field(warps: &[Drawn]) -> Map {
    with_warps(Map::open("field", 96, 96), warps)
}

fn place_of(sim: &Sim, number: u64) -> Position {
    sim.profile(SessionKey(number)).and_then(|state| state.position).expect("in the world")
}

#[test]
fn a_step_onto_a_warp_ends_where_it_leads_and_is_one_step() {
    let mut sim = sim(field(&[((5, 5), (80, 70))]));
    let mut clients = [Client::default(), Client::default(), Client::default()];
    let follow = |clients: &mut [Client; 3], output: &TickOutput| {
        clients.iter_mut().zip(1..).for_each(|(client, number)| client.receive(SessionKey(number), output));
    };
    let first = tick(&mut sim, [join(1, 4, 5), join(2, 6, 6), join(3, 79, 71)]);
    follow(&mut clients, &first);
    let walker = first.sessions.iter().find(|it| it.session == SessionKey(1)).and_then(|it| it.attached);
    let id = clients[0].entities.values().find(|it| (it.x, it.y) == (4, 5)).expect("itself").id;
    assert!(walker.is_none_or(|attached| attached.entity_id == id));
    let output = tick(&mut sim, [walk(1, 1, Direction::East)]);
    follow(&mut clients, &output);
    assert_eq!(output.events[0].performed.outcome, IntentOutcome::Move { to: at(80, 70) });
    let [own, left, met] = &clients;
    assert_eq!(own.own.position, Some(at(80, 70)), "told with the answer, in the delta of the same tick");
    assert_eq!(own.own.stats.steps, 1);
    assert_eq!((own.entities[&id].x, own.entities[&id].y), (80, 70));
    assert!(!left.entities.contains_key(&id), "gone for who looked on");
    assert_eq!((met.entities[&id].x, met.entities[&id].y), (80, 70));
    assert_eq!(output.profiles.len(), 1);
    // From there it goes on as from anywhere.
    tick(&mut sim, [walk(1, 2, Direction::West)]);
    assert_eq!(place_of(&sim, 1), at(79, 70));
}

#[test]
fn steps_of_one_tick_go_on_from_where_the_first_led() {
    let mut sim = sim(field(&[((5, 5), (80, 70))]));
    tick(&mut sim, [join(1, 4, 5)]);
    tick(&mut sim, [walk(1, 1, Direction::East), walk(1, 2, Direction::South)]);
    assert_eq!(place_of(&sim, 1), at(80, 71));
}

#[test]
fn a_warp_onto_a_warp_ends_there() {
    // No map has one, and a world must not hang if one did.
    let mut sim = sim(field(&[((5, 5), (7, 5)), ((7, 5), (5, 5))]));
    tick(&mut sim, [join(1, 4, 5)]);
    tick(&mut sim, [walk(1, 1, Direction::East)]);
    assert_eq!(place_of(&sim, 1), at(7, 5));
}

#[test]
fn a_step_is_refused_while_a_closed_door_stands_where_the_warp_leads_or_on_the_warp() {
    for (warp, to) in [((2, 0), (6, 0)), ((6, 0), (2, 0))] {
        let map = with_warps(Map::from_art(&["@.....D.", "........"]), &[(warp, to)]);
        let mut yard = Yard::of(sim(map), &[(warp.0 - 1, 0), (6, 1)], &[], HEALTH_MAX);
        let walk_on = |yard: &mut Yard, seq| outcomes(&yard.tick(vec![walk(1, seq, Direction::East)])).remove(0);
        let blocked = walk_on(&mut yard, 1);
        assert!(matches!(&blocked, Outcome::Refused(refusal) if refusal.code == ErrorCode::MoveBlocked), "{blocked:?}");
        assert_eq!(place_of(&yard.sim, 1), at(warp.0 - 1, 0));
        yard.applied(2, vec![Action::Open { x: 6, y: 0 }]);
        assert_eq!(walk_on(&mut yard, 2), Outcome::Applied { event: 0 });
        assert_eq!(place_of(&yard.sim, 1), at(to.0, to.1));
    }
}

#[test]
fn nothing_is_built_on_a_warp_or_where_one_leads_and_things_may_lie_there() {
    let map = with_warps(Map::from_art(&["@...........", "############", "............"]), &[((4, 2), (8, 2))]);
    let mut yard = Yard::of(sim(map), &[(4, 2), (8, 2)], &[("rug", 9), ("crate", 9), ("apple", 2)], HEALTH_MAX);
    for (number, x) in [(1, 4), (2, 8)] {
        yard.applied(number, vec![Action::Drop { item: "apple".into(), quantity: None }]);
        assert!(yard.has(x, 2, EntityKind::Item));
    }
    let mut yard = {
        let map = with_warps(Map::from_art(&["@...........", "############", "............"]), &[((4, 2), (8, 2))]);
        Yard::of(sim(map), &[(5, 2), (7, 2)], &[("rug", 9), ("crate", 9)], HEALTH_MAX)
    };
    for thing in ["rug", "crate"] {
        assert_eq!(yard.refused(1, place(thing, 4, 2)), ErrorCode::ActionNotAllowed);
        assert_eq!(yard.refused(2, place(thing, 8, 2)), ErrorCode::ActionNotAllowed);
    }
    yard.applied(1, vec![place("rug", 6, 2)]);
}

#[test]
fn npcs_stay_off_warps() {
    let mut sim = sim(with_warps(Map::from_art(&["#####", "#.W.#", "#####"]), &[((1, 1), (3, 1))]));
    for _ in 0..2_000 {
        tick(&mut sim, []);
        let npc = sim.snapshot().objects.remove(0).face;
        assert_ne!((npc.x, npc.y), (1, 1));
    }
}

#[test]
fn new_characters_appear_neither_on_a_warp_nor_beyond_one() {
    let map = with_warps(Map::from_art(&[".@.....", "#######"]), &[((2, 0), (6, 0))]);
    let tiles = SpawnTiles::of_map(&map, 1);
    let appear: Vec<i32> = (0..7).filter(|x| tiles.contains(at(*x, 0))).collect();
    assert_eq!(appear, [0, 1]);
}

#[test]
fn a_world_on_other_warps_is_another_one() {
    let snapshot = sim(field(&[((5, 5), (80, 70))])).snapshot();
    for warps in [&[][..], &[((5, 5), (80, 71))], &[((5, 6), (80, 70))]] {
        let other = Sim::restore(Arc::new(field(warps)), SimConfig::default(), &snapshot);
        assert!(matches!(other, Err(RestoreError::OtherMap)));
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_way_leads_over_warps_is_the_same_again_and_is_seen_as_it_is(
        steps in prop::collection::vec((1..=3u64, 0..4usize), 1..80),
        middle in any::<prop::sample::Index>(),
    ) {
        let middle = middle.index(steps.len());
        // Small squares whose edges lead into one another, in corners far apart and nearby.
        let map = || Arc::new(field(&[
            ((5, 4), (80, 81)), ((5, 6), (20, 5)), ((4, 5), (7, 7)), ((6, 5), (5, 5)),
            ((80, 80), (5, 5)), ((79, 81), (20, 5)), ((20, 4), (5, 5)), ((21, 5), (80, 81)),
        ]));
        let mut sim = Sim::new(map(), SimConfig::default());
        let joins = [join(1, 5, 5), join(2, 20, 5), join(3, 80, 81)];
        let mut outputs = vec![tick(&mut sim, joins)];
        let mut clients = [Client::default(), Client::default(), Client::default()];
        let (mut seqs, mut snapshot) = ([0; 3], None);
        for (index, (number, direction)) in steps.iter().enumerate() {
            clients.iter_mut().zip(1..).for_each(|(client, it)| client.receive(SessionKey(it), &outputs[index]));
            let seq = &mut seqs[*number as usize - 1];
            *seq += 1;
            outputs.push(tick(&mut sim, [walk(*number, *seq, Direction::ALL[*direction])]));
            if index == middle {
                snapshot = Some(WorldSnapshot::decode(&sim.snapshot().encode()).expect("what was encoded"));
            }
        }
        clients.iter_mut().zip(1..).for_each(|(client, it)| client.receive(SessionKey(it), &outputs[steps.len()]));
        for (client, number) in clients.iter().zip(1..) {
            let place = place_of(&sim, number);
            prop_assert_eq!(client.own.position, Some(place));
            let everyone = sim.snapshot().characters;
            let mut near = everyone.iter().filter_map(|it| it.state.position).filter(|other| {
                (other.x - place.x).abs() < 16 && (other.y - place.y).abs() < 16
            });
            let sees_all = near.all(|at| client.entities.values().any(|it| (it.x, it.y) == (at.x, at.y)));
            prop_assert!(sees_all);
        }
        let snapshot = snapshot.expect("taken in the middle");
        let mut again = Sim::new(map(), SimConfig::default());
        let mut half = Sim::restore(map(), SimConfig::default(), &snapshot).expect("of this map");
        for tick in log(&outputs) {
            prop_assert_eq!(again.replay(&tick), Ok(()));
            if tick.record.tick > snapshot.tick {
                prop_assert_eq!(half.replay(&tick), Ok(()));
            }
        }
        prop_assert_eq!(again.characters(), sim.characters());
        prop_assert_eq!(half.characters(), sim.characters());
    }
}
