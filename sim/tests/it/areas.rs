//! Areas of a map: nothing is built where one says so, being in one may hurt, and nothing hurts
//! where it is safe; the same again in a replay, from the stored map too.

use std::sync::Arc;

use tilemud_schema::rest::{Area, Run};
use tilemud_schema::{Action, Details, ErrorCode, Intent, LoggedTick, Position, TickRecord};
use tilemud_sim::api::{Outcome, SessionKey, TickOutput};
use tilemud_sim::limits::HEALTH_MAX;
use tilemud_sim::map_art::{FIRE_DAMAGE, RUG};
use tilemud_sim::{Map, Sim, SimConfig, SpawnTiles};

use crate::actions::{SPAWN, WALLS, Yard, joining, place};
use crate::players::intent;
use crate::replays::logged;
use crate::{SECOND, outcomes, sim, tick};

/// A rectangle.
fn area(x: i32, y: i32, width: i32, height: i32) -> Area {
    Area { runs: (y..y + height).map(|y| Run { x, y, width }).collect(), ..Area::default() }
}

fn with_areas(rows: &[&str], areas: Vec<Area>) -> Map {
    Map { areas, ..Map::from_art(rows) }
}

/// Two rows that are far from where new characters appear, with areas in them.
fn site(areas: Vec<Area>) -> Map {
    with_areas(&[SPAWN, WALLS, "............", "............"], areas)
}

fn health(sim: &Sim, number: u64) -> i32 {
    sim.profile(SessionKey(number)).expect("in the world").health
}

/// What a second there costs one who is whole.
fn cost(map: Map, x: i32, y: i32) -> i32 {
    let mut sim = sim(map);
    tick(&mut sim, [joining(1, (x, y), &[], HEALTH_MAX)]);
    let before = health(&sim, 1);
    for _ in 0..SECOND {
        tick(&mut sim, []);
    }
    before - health(&sim, 1)
}

#[test]
fn nothing_is_built_where_an_area_says_so_and_what_is_built_there_can_be_taken_away() {
    let mut yard = Yard::of(sim(site(Vec::new())), &[(3, 2)], &[("rug", 9), ("crate", 9)], HEALTH_MAX);
    yard.applied(1, vec![place("rug", 4, 3)]);
    let kept = site(vec![Area { no_build: true, ..area(4, 2, 1, 2) }, area(2, 2, 1, 2)]);
    yard.sim.edit(Arc::new(kept));
    assert_eq!(yard.sim.snapshot().tiles.len(), 1, "what was built before stays");

    let reason = Details::Field { field: "no_build".to_owned(), reason: "nothing may be built there".to_owned() };
    for thing in ["rug", "crate"] {
        let (output, outcome) = yard.act(1, vec![place(thing, 4, 2)]);
        let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
        assert_eq!((refusal.code, refusal.details), (ErrorCode::ActionNotAllowed, Some(reason.clone())));
        assert!(output.events.is_empty() && output.profiles.is_empty());
    }
    let (_, outcome) = yard.act(1, vec![place("rug", 3, 3), place("rug", 4, 2)]);
    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    let cause = Some(Details::Rollback { failed_step: 1, cause: ErrorCode::ActionNotAllowed });
    assert_eq!((refusal.code, refusal.details), (ErrorCode::ActionAtomicRollback, cause));

    yard.applied(1, vec![place("rug", 2, 2), Action::Remove { x: 4, y: 3 }]);
    let built: Vec<_> = yard.sim.snapshot().tiles.iter().map(|it| (it.x, it.y, it.tile)).collect();
    assert_eq!(built, [(2, 2, RUG)], "in an area that says nothing of it");
}

#[test]
fn an_edit_takes_areas_from_the_new_map() {
    let mut yard = Yard::of(sim(site(vec![Area { no_build: true, ..area(4, 2, 1, 1) }])), &[(3, 2)], &[("rug", 9)], 50);
    assert!(matches!(yard.act(1, vec![place("rug", 4, 2)]).1, Outcome::Refused(_)));
    let (_, report) = yard.sim.edit(Arc::new(site(vec![Area { damage: 5, ..area(0, 2, 12, 2) }])));
    assert!(report.tiles_changed.is_empty() && report.people_moved.is_empty());
    yard.applied(1, vec![place("rug", 4, 2)]);
    let before = health(&yard.sim, 1);
    for _ in 0..SECOND {
        yard.tick(Vec::new());
    }
    assert_eq!(health(&yard.sim, 1), before - 5);
}

#[test]
fn being_in_an_area_costs_what_it_says_beside_the_tiles_and_nothing_where_it_is_safe() {
    let rows = ["@.......", "########", ".f......"];
    let map = |areas: Vec<Area>| with_areas(&rows, areas);
    assert_eq!(cost(map(vec![Area { damage: 7, ..area(2, 2, 2, 1) }]), 3, 2), 7, "on a map without it on any tile");
    assert_eq!(cost(map(vec![Area { damage: 7, ..area(2, 2, 2, 1) }]), 4, 2), 0, "beside it");
    let fen = || Area { damage: 7, ..area(0, 2, 8, 1) };
    assert_eq!(cost(map(vec![fen()]), 1, 2), 7 + FIRE_DAMAGE);
    assert_eq!(cost(map(vec![fen(), Area { damage: 2, ..area(5, 2, 1, 1) }]), 5, 2), 9);
    let refuge = || Area { safe: true, ..area(1, 2, 2, 1) };
    assert_eq!(cost(map(vec![fen(), refuge()]), 1, 2), 0);
    assert_eq!(cost(map(vec![refuge()]), 1, 2), 0);
    assert_eq!(cost(map(vec![fen(), refuge()]), 3, 2), 7);
}

#[test]
fn the_hurt_recover_in_a_safe_area_over_fire() {
    let map = with_areas(&["@.f.."], vec![Area { safe: true, ..area(2, 0, 1, 1) }]);
    let mut sim = sim(map);
    tick(&mut sim, [joining(1, (2, 0), &[], HEALTH_MAX - 1)]);
    for _ in 0..20 * SECOND {
        tick(&mut sim, []);
    }
    let state = sim.profile(SessionKey(1)).expect("in the world");
    assert_eq!((state.health, state.stats.deaths), (HEALTH_MAX, 0), "not by being put back whole");
}

#[test]
fn nobody_begins_in_an_area_that_hurts_and_npcs_stay_out_of_it() {
    let hurts = |x, y| Area { damage: 1, ..area(x, y, 2, 3) };
    let map = with_areas(&["..@...", "......", "......"], vec![hurts(3, 0)]);
    let spawn = SpawnTiles::of_map(&map, 1);
    assert!(spawn.contains(Position { x: 2, y: 0 }) && !spawn.contains(Position { x: 3, y: 0 }));
    let mut sim = sim(with_areas(&[".....", "..W..", "....."], vec![hurts(3, 0)]));
    for _ in 0..300 * SECOND {
        tick(&mut sim, []);
        let npc = &sim.snapshot().objects[0].face;
        assert!(npc.x < 3, "{}, {}", npc.x, npc.y);
    }
}

#[test]
fn a_replay_of_areas_is_exact_on_the_map_as_it_is_stored_and_differs_without_them() {
    let areas = vec![Area { damage: 3, ..area(3, 2, 4, 2) }, Area { safe: true, no_build: true, ..area(3, 3, 2, 1) }];
    let map = site(areas);
    let mut played = sim(map.clone());
    let build = |seq, y| intent(1, seq, Intent::Action { steps: vec![place("rug", 4, y)] });
    let joins = [(1, (3, 2)), (2, (3, 3))].map(|(number, at)| joining(number, at, &[("rug", 9)], HEALTH_MAX));
    let mut outputs: Vec<TickOutput> = vec![tick(&mut played, joins), tick(&mut played, [build(1, 2)])];
    let refused = tick(&mut played, [build(2, 3)]);
    assert!(matches!(outcomes(&refused)[..], [Outcome::Refused(_)]));
    outputs.push(refused);
    outputs.extend((0..3 * SECOND).map(|_| tick(&mut played, [])));
    let lost = HEALTH_MAX - health(&played, 1);
    assert!(lost >= 9 && lost % 3 == 0, "{lost} in three seconds");
    assert_eq!(health(&played, 2), HEALTH_MAX);

    let mut log: Vec<LoggedTick> = outputs.iter().flat_map(logged).collect();
    let last = played.snapshot();
    let end = TickRecord { tick: last.tick, hashes: last.hashes, ..TickRecord::default() };
    log.retain(|tick| tick.record.tick != end.tick);
    log.push(LoggedTick::whole(end, Vec::new()));
    let replayed = |map: Map| {
        let mut again = sim(map);
        log.iter().try_for_each(|tick| again.replay(tick).map_err(|divergence| divergence.to_string()))
    };
    assert_eq!(replayed(Map::from_content(&map.content()).expect("just written")), Ok(()));
    let without = Map { areas: Vec::new(), ..map.clone() };
    assert!(replayed(without.clone()).is_err(), "the hurt are other ones");
    let restored = Sim::restore(Arc::new(without), SimConfig::default(), &last);
    assert!(restored.is_err(), "a snapshot knows that its map had them");
    assert!(Sim::restore(Arc::new(map), SimConfig::default(), &last).is_ok());
}
