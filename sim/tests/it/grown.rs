//! FR-022: an infinite map that grows to the left or upwards is the same world: everything on it is
//! where it was, and who is away comes back to where they were.

use std::sync::Arc;

use tilemud_schema::rest::{Area, Run, Warp};
use tilemud_schema::{Action, CharacterState, Emote, EntityKind, Intent, LoggedTick, Position};
use tilemud_sim::api::{Input, SessionKey, TickOutput};
use tilemud_sim::map::{MapObject, Spawner};
use tilemud_sim::map_art::{CRATE, FLOOR, WALL};
use tilemud_sim::{Differences, Map, Sim, SimConfig, WorldSnapshot, is_edit_of};

use crate::actions::Yard;
use crate::players::{identity, intent, leave};
use crate::tick;

const ART: [&str; 6] = ["........", "....D...", "........", "..i..N..", "########", "@......."];
const BAG: [(&str, u32); 2] = [("apple", 5), ("crate", 3)];

fn at(x: i32, y: i32) -> Position {
    Position { x, y }
}

fn first() -> Map {
    let mut map = Map::from_art(&ART);
    map.warps = vec![Warp { x: 7, y: 0, width: 1, height: 1, to: at(0, 2) }];
    map.spawners = vec![Spawner::of_item(&map.objects[1].clone(), 60)];
    map.areas = vec![Area { no_build: true, runs: vec![Run { x: 4, y: 2, width: 2 }], ..Area::default() }];
    map
}

/// With so many more columns on the left and rows on top.
fn grown(map: &Map, left: i32, up: i32) -> Map {
    let (width, height) = (map.width + left, map.height + up);
    let places = || (0..height).flat_map(|y| (0..width).map(move |x| (x - left, y - up)));
    let of = |list: &[u16], nothing| places().map(|(x, y)| map.index(x, y).map_or(nothing, |at| list[at])).collect();
    let moved = |place: Position| at(place.x + left, place.y + up);
    let object = |it: &MapObject| MapObject { position: moved(it.position), ..it.clone() };
    let warp = |it: &Warp| Warp { x: it.x + left, y: it.y + up, to: moved(it.to), ..*it };
    let run = |it: &Run| Run { x: it.x + left, y: it.y + up, ..*it };
    Map {
        width,
        height,
        origin: at(map.origin.x - left, map.origin.y - up),
        tiles: of(&map.tiles, WALL),
        ground: of(&map.ground, FLOOR),
        canopy: of(&map.canopy, 0),
        spawn: moved(map.spawn),
        objects: map.objects.iter().map(object).collect(),
        warps: map.warps.iter().map(warp).collect(),
        spawners: map.spawners.iter().map(|it| Spawner { x: it.x + left, y: it.y + up, ..it.clone() }).collect(),
        areas: map.areas.iter().map(|it| Area { runs: it.runs.iter().map(run).collect(), ..it.clone() }).collect(),
        ..map.clone()
    }
}

fn sim() -> Sim {
    Sim::new(Arc::new(first()), SimConfig::default())
}

fn built(sim: &Sim) -> Vec<(i32, i32, u16)> {
    sim.snapshot().tiles.iter().map(|tile| (tile.x, tile.y, tile.tile)).collect()
}

fn comes(number: u64, character: CharacterState) -> Input {
    let session = SessionKey(number);
    Input::Join { session, identity: identity(number), character: Box::new(character), last_seq: 0 }
}

/// The one profile of a tick.
fn stored(output: &TickOutput) -> CharacterState {
    let [profile] = &output.profiles[..] else { panic!("one profile: {:?}", output.profiles) };
    profile.state.clone()
}

#[test]
fn a_map_that_grows_to_the_left_and_upwards_takes_everything_along() {
    let mut yard = Yard::of(sim(), &[(1, 3), (2, 3)], &BAG, 100);
    yard.applied(1, vec![Action::Place { item: "crate".into(), x: 0, y: 3 }]);
    yard.tick(vec![intent(2, 1, Intent::Emote { emote: Emote::Sit })]);
    let away = stored(&yard.tick(vec![leave(2)]));
    assert_eq!((away.position, away.camp), (Some(at(2, 3)), Some(at(2, 3))));

    let before = yard.sim.snapshot();
    let map = grown(&first(), 16, 32);
    assert!(is_edit_of(&map, &first()) && is_edit_of(&first(), &map));
    let (output, report) = yard.sim.edit(Arc::new(map.clone()));
    assert!(report.tiles_changed.iter().all(|place| place.x < 16 || place.y < 32), "{:?}", report.tiles_changed);
    assert_eq!((report.objects_kept, report.tiles_kept, report.people_moved.len()), (3, 1, 0));
    let same = Differences::default();
    assert_eq!((report.warps, report.spawners, report.areas), (same, same, same));
    assert_eq!(built(&yard.sim), [(16, 35, CRATE)]);
    assert_eq!(yard.sim.profile(SessionKey(1)).expect("it is in").position, Some(at(17, 35)));
    let npc = yard.sim.snapshot().objects.into_iter().find(|it| it.face.kind == EntityKind::Npc).expect("it is there");
    assert_eq!(npc.home.map(|home| home.home), Some(at(21, 35)));

    // Whoever was away comes back to where they were, and is stored as before.
    assert_eq!(yard.sim.refuge(at(2, 3)), (at(18, 35), None));
    tick(&mut yard.sim, [comes(2, away.clone())]);
    let back = yard.sim.profile(SessionKey(2)).expect("it is in");
    assert_eq!((back.position, back.camp), (Some(at(18, 35)), Some(at(18, 35))));
    assert_eq!(stored(&tick(&mut yard.sim, [leave(2)])), away);

    // The same from a snapshot, and when the edit is replayed.
    let after = yard.sim.snapshot();
    assert_eq!(WorldSnapshot::decode(&after.encode()).expect("just written").provenance, after.provenance);
    assert_eq!(after.provenance.shifted, at(16, 32));
    let mut again = Sim::restore(Arc::new(first()), SimConfig::default(), &before).expect("of this map");
    assert_eq!(again.replay_edit(&LoggedTick::whole(output.record, Vec::new()), Arc::new(map)), Ok(()));

    // And back.
    let (_, report) = yard.sim.edit(Arc::new(first()));
    assert_eq!((report.objects_kept, report.tiles_changed.len()), (3, 0));
    assert_eq!((built(&yard.sim), yard.sim.snapshot().provenance.shifted), (vec![(0, 3, CRATE)], at(0, 0)));
}

#[test]
fn what_lies_beyond_a_left_edge_that_is_cut_is_moved_as_beyond_any_other() {
    let mut yard = Yard::of(sim(), &[(0, 0), (6, 2)], &BAG, 100);
    yard.applied(1, vec![Action::Place { item: "crate".into(), x: 1, y: 0 }]);
    yard.applied(1, vec![crate::actions::drop_some("apple", 2)]);
    let art = [".....", ".D...", ".....", "..N..", "#####", "@...."];
    let ids: Vec<u32> = first().objects.iter().filter(|it| it.kind != EntityKind::Item).map(|it| it.id).collect();
    let mut map = Map { origin: at(3, 0), ..Map::from_art(&art) };
    map.objects.iter_mut().zip(ids).for_each(|(object, id)| object.id = id);
    let (_, report) = yard.sim.edit(Arc::new(map));
    assert_eq!((report.objects_kept, report.objects_removed.len(), report.tiles_lost.len()), (2, 1, 1));
    assert_eq!((report.people_moved.len(), report.piles_moved.len()), (1, 1));
    let positions: Vec<_> =
        [1, 2].map(|number| yard.sim.profile(SessionKey(number)).expect("it is in").position).into_iter().collect();
    assert_eq!(positions, [Some(at(0, 0)), Some(at(3, 2))]);
}

#[test]
fn a_map_that_was_stored_without_its_origin_has_the_same_as_long_as_it_did_not_grow() {
    let mut yard = Yard::of(sim(), &[(1, 3)], &BAG, 100);
    yard.applied(1, vec![Action::Place { item: "crate".into(), x: 0, y: 3 }]);
    let (_, report) = yard.sim.edit(Arc::new(Map { origin: at(-16, 0), ..first() }));
    assert_eq!((report.tiles_changed.len(), report.objects_kept, report.tiles_kept), (0, 3, 1));
    assert_eq!((built(&yard.sim), yard.sim.snapshot().provenance.shifted), (vec![(0, 3, CRATE)], at(0, 0)));
}
