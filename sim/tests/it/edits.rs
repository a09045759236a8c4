//! FR-022: an edited map is merged into the world that is played on it, rule by rule.

use std::sync::Arc;

use tilemud_schema::rest::{Area, Run, Warp};
use tilemud_schema::{Action, ChatChannel, Effect, EntityKind, Position};
use tilemud_sim::api::{SessionKey, View};
use tilemud_sim::map::{MapObject, Spawner};
use tilemud_sim::map_art::{CRATE, FLOOR, RUG, WALL};
use tilemud_sim::{Differences, EditReport, Map, Sim, TileLoss};

use crate::actions::{Yard, drop_some, joining};
use crate::players::join;
use crate::{sim, tick};

/// Newcomers have a room of their own, so that one may build in the other.
const ART: [&str; 8] = ["........", "....D...", "........", "..i..N..", "........", "........", "########", "@......."];
const BAG: [(&str, u32); 3] = [("apple", 5), ("crate", 3), ("rug", 2)];

fn yard() -> Yard {
    Yard::new(&ART, &[(1, 3)], &BAG)
}

fn at(x: i32, y: i32) -> Position {
    Position { x, y }
}

/// The map of a world with changes.
fn edit(sim: &mut Sim, change: impl FnOnce(&mut Map)) -> EditReport {
    let mut map = sim.map().clone();
    change(&mut map);
    let before = sim.last_tick();
    let (output, report) = sim.edit(Arc::new(map));
    assert_eq!((output.tick, sim.last_tick()), (before + 1, before + 1), "a tick of its own");
    assert!(output.is_durable());
    report
}

fn object(map: &mut Map, kind: EntityKind) -> &mut MapObject {
    map.objects.iter_mut().find(|object| object.kind == kind).expect("the map has one")
}

fn set(map: &mut Map, x: i32, y: i32, tile: u16) {
    let index = map.index(x, y).expect("inside");
    map.tiles[index] = tile;
}

fn place(item: &str, x: i32, y: i32) -> Action {
    Action::Place { item: item.into(), x, y }
}

/// Tiles that are not as on the map, by place.
fn built(sim: &Sim) -> Vec<(i32, i32, u16)> {
    let mut built: Vec<_> = sim.snapshot().tiles.iter().map(|tile| (tile.x, tile.y, tile.tile)).collect();
    built.sort_unstable();
    built
}

/// All things of a kind: name, place and quantity, by number.
fn things(sim: &Sim, kind: EntityKind) -> Vec<(String, i32, i32, u32)> {
    let mut objects = sim.snapshot().objects;
    objects.retain(|object| object.face.kind == kind);
    objects.sort_unstable_by_key(|object| object.face.id);
    let thing = |it: &tilemud_sim::ObjectSnapshot| {
        (it.face.look.to_string(), it.face.x, it.face.y, it.quantity.unwrap_or_default())
    };
    objects.iter().map(thing).collect()
}

fn apple(x: i32, y: i32, quantity: u32) -> (String, i32, i32, u32) {
    ("apple".to_owned(), x, y, quantity)
}

fn door(sim: &Sim) -> (i32, i32, bool) {
    let objects = sim.snapshot().objects;
    let door = objects.iter().find(|object| object.face.kind == EntityKind::Door).expect("a door");
    (door.face.x, door.face.y, door.face.open.expect("it is open or not"))
}

#[test]
fn what_players_built_stays_unless_the_builder_changed_that_very_tile() {
    let mut yard = yard();
    yard.applied(1, vec![place("crate", 0, 3)]);
    yard.applied(1, vec![place("rug", 1, 4)]);
    yard.applied(1, vec![place("rug", 2, 4)]);
    let report = edit(&mut yard.sim, |map| {
        set(map, 1, 4, WALL);
        set(map, 2, 4, RUG);
        set(map, 7, 5, WALL);
    });
    assert_eq!(built(&yard.sim), [(0, 3, CRATE)]);
    assert_eq!(report.tiles_changed, [at(1, 4), at(2, 4), at(7, 5)]);
    assert_eq!((report.tiles_kept, report.tiles_met), (1, 1));
    let lost: Vec<_> = report.tiles_lost.iter().map(|lost| (lost.at, lost.name.as_str(), lost.why)).collect();
    assert_eq!(lost, [(at(1, 4), "rug", TileLoss::Changed)]);
    assert!(yard.sim.map().is_solid(7, 5));
}

#[test]
fn a_built_tile_is_kept_by_what_it_is_when_the_tileset_has_other_numbers() {
    let mut yard = yard();
    yard.applied(1, vec![place("crate", 0, 3)]);
    yard.applied(1, vec![place("rug", 1, 4)]);
    let report = edit(&mut yard.sim, |map| {
        map.tileset.tiles.remove(usize::from(RUG));
        map.tileset.tiles[usize::from(RUG)].id = RUG;
        map.items.get_mut("crate").expect("a kind").places = Some(RUG);
        map.items.remove("rug");
    });
    assert_eq!(built(&yard.sim), [(0, 3, RUG)], "the crate has the number that rugs had");
    assert_eq!(report.tiles_lost.iter().map(|lost| lost.why).collect::<Vec<_>>(), [TileLoss::Unknown]);
    assert_eq!(yard.sim.map().item_of_tile(RUG).map(|kind| &**kind), Some("crate"));
}

#[test]
fn objects_are_added_and_removed_and_those_that_stay_keep_their_numbers() {
    let mut yard = yard();
    let before = yard.sim.snapshot();
    let report = edit(&mut yard.sim, |map| {
        map.objects.retain(|object| object.kind != EntityKind::Npc);
        let apple = object(map, EntityKind::Item).clone();
        map.objects.insert(0, MapObject { id: 900, position: at(6, 1), quantity: 4, ..apple });
    });
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(2, 3, 1), apple(6, 1, 4)]);
    assert!(things(&yard.sim, EntityKind::Npc).is_empty());
    let (added, removed) = (&report.objects_added, &report.objects_removed);
    assert_eq!((added.len(), added[0].object, removed.len(), report.objects_kept), (1, 900, 1, 2));
    assert_eq!(report.items.iter().map(|(kind, count)| (&**kind, *count)).collect::<Vec<_>>(), [("apple", 4)]);
    let kept = yard.sim.snapshot();
    for object in kept.objects.iter().filter(|object| object.face.id.0 < before.next_entity) {
        assert!(before.objects.contains(object), "{object:?}");
    }
}

#[test]
fn what_was_taken_stays_taken_whatever_becomes_of_its_object() {
    let mut yard = yard();
    let item = yard.at(2, 3, EntityKind::Item);
    yard.applied(1, vec![Action::Take { item }]);
    for change in [
        (|_: &mut Map| ()) as fn(&mut Map),
        |map| object(map, EntityKind::Item).position = at(6, 4),
        |map| object(map, EntityKind::Item).quantity = 9,
        |map| object(map, EntityKind::Item).look = "crate".into(),
    ] {
        let report = edit(&mut yard.sim, change);
        assert_eq!(things(&yard.sim, EntityKind::Item), []);
        assert_eq!((report.objects_taken, report.items.len()), (1, 0));
    }
    // Its object goes, and comes back: that is a new one.
    edit(&mut yard.sim, |map| map.objects.retain(|object| object.kind != EntityKind::Item));
    let thing = MapObject { id: 20, ..object(&mut Map::from_art(&ART), EntityKind::Item).clone() };
    edit(&mut yard.sim, |map| map.objects.push(thing));
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(2, 3, 1)]);
}

#[test]
fn what_was_laid_onto_a_pile_of_the_map_is_left_when_the_pile_goes() {
    let mut yard = Yard::new(&ART, &[(2, 3)], &BAG);
    yard.applied(1, vec![drop_some("apple", 3)]);
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(2, 3, 4)]);
    let report = edit(&mut yard.sim, |map| {
        let pile = object(map, EntityKind::Item);
        (pile.look, pile.quantity) = ("crate".into(), 2);
    });
    assert_eq!(things(&yard.sim, EntityKind::Item), [("crate".to_owned(), 2, 3, 1), apple(2, 3, 3)]);
    let items: Vec<_> = report.items.iter().map(|(kind, count)| (&**kind, *count)).collect();
    assert_eq!(items, [("apple", -1), ("crate", 1)], "somebody touched it: there is not more of it");
    edit(&mut yard.sim, |map| map.objects.retain(|object| object.kind != EntityKind::Item));
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(2, 3, 3)]);
}

#[test]
fn an_untouched_pile_has_the_new_quantity_and_a_touched_one_what_is_left() {
    let mut yard = Yard::new(&[".i.i...."], &[(1, 0)], &BAG);
    yard.applied(1, vec![drop_some("apple", 2)]);
    edit(&mut yard.sim, |map| map.objects.iter_mut().for_each(|object| object.quantity = 9));
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(1, 0, 3), apple(3, 0, 9)]);
}

#[test]
fn a_moved_object_moves_and_its_other_properties_take_effect() {
    let mut yard = yard();
    let report = edit(&mut yard.sim, |map| {
        let npc = object(map, EntityKind::Npc);
        (npc.position, npc.wander, npc.name) = (at(1, 5), 4, "Ida".into());
        object(map, EntityKind::Door).position = at(5, 1);
        object(map, EntityKind::Item).name = "red apple".into();
    });
    let snapshot = yard.sim.snapshot();
    let npc = snapshot.objects.iter().find(|object| object.face.kind == EntityKind::Npc).expect("it is there");
    assert_eq!((&*npc.face.name, npc.face.x, npc.face.y), ("Ida", 1, 5));
    assert_eq!(npc.home.map(|home| (home.home, home.reach)), Some((at(1, 5), 4)));
    assert_eq!(door(&yard.sim), (5, 1, false));
    assert_eq!((report.objects_moved.len(), report.objects_changed.len(), report.objects_kept), (2, 1, 0));
}

#[test]
fn a_door_keeps_its_state_unless_the_builder_changed_it() {
    let mut yard = Yard::new(&ART, &[(3, 1)], &BAG);
    yard.applied(1, vec![Action::Open { x: 4, y: 1 }]);
    edit(&mut yard.sim, |map| object(map, EntityKind::Door).name = "gate".into());
    assert_eq!(door(&yard.sim), (4, 1, true));
    edit(&mut yard.sim, |map| object(map, EntityKind::Door).open = true);
    assert_eq!(door(&yard.sim), (4, 1, true));
    edit(&mut yard.sim, |map| object(map, EntityKind::Door).open = false);
    assert_eq!(door(&yard.sim), (4, 1, false));
}

#[test]
fn a_new_door_takes_the_place_of_what_somebody_built_there() {
    let mut yard = yard();
    yard.applied(1, vec![place("crate", 0, 3)]);
    let report = edit(&mut yard.sim, |map| object(map, EntityKind::Door).position = at(0, 3));
    assert_eq!(report.tiles_lost.iter().map(|lost| lost.why).collect::<Vec<_>>(), [TileLoss::Door]);
    assert_eq!((built(&yard.sim), door(&yard.sim)), (vec![], (0, 3, false)));
}

#[test]
fn nothing_that_blocks_stays_where_new_characters_appear() {
    let mut yard = Yard::new(&["@.......#.......", "........#......."], &[(11, 0)], &BAG);
    yard.applied(1, vec![place("crate", 10, 1)]);
    let report = edit(&mut yard.sim, |map| map.spawn = at(12, 0));
    assert_eq!(report.tiles_lost.iter().map(|lost| lost.why).collect::<Vec<_>>(), [TileLoss::Spawn]);
    assert_eq!(built(&yard.sim), []);
}

#[test]
fn what_lies_beyond_a_smaller_edge_or_in_a_new_wall_lies_at_the_nearest_free_place() {
    let mut yard = Yard::new(&ART, &[(7, 5), (6, 3)], &BAG);
    yard.applied(1, vec![drop_some("apple", 2)]);
    yard.applied(1, vec![place("crate", 7, 4)]);
    yard.applied(2, vec![drop_some("rug", 1)]);
    let report = edit(&mut yard.sim, |map| {
        let small = Map::from_art(&["......#", "....D.#", "......#", "..i..N#", ".......", "#######", "@......"]);
        *map = Map { name: map.name.clone(), ..small };
    });
    assert_eq!(things(&yard.sim, EntityKind::Item), [apple(2, 3, 1), apple(6, 4, 2), ("rug".to_owned(), 5, 3, 1)]);
    assert_eq!(report.piles_moved.len(), 2);
    assert_eq!(report.tiles_lost.iter().map(|lost| lost.why).collect::<Vec<_>>(), [TileLoss::BeyondTheEdge]);
    let everyone: Vec<_> = yard.sim.characters().into_iter().map(|(_, state)| state.position.unwrap()).collect();
    assert_eq!(everyone, [at(6, 4), at(5, 3)]);
    assert_eq!(report.people_moved.len(), 2);
}

#[test]
fn who_comes_back_to_a_new_wall_stands_at_the_nearest_free_place_and_is_told() {
    // Two tiles thick, so that nothing beside it is free.
    let art = ["##########", "#@......##", "#.....####", "#.....####", "##########"];
    let mut sim = sim(Map::from_art(&art));
    for (from, to) in [((8, 3), at(7, 1)), ((30, 1), at(7, 1))] {
        let number = from.0 as u64;
        let output = tick(&mut sim, [joining(number, from, &BAG, 100)]);
        assert_eq!(sim.profile(SessionKey(number)).expect("it is in").position, Some(to));
        let heard: Vec<_> = output.sessions.iter().flat_map(|session| &session.effects).collect();
        let [effect] = heard[..] else { panic!("one line: {heard:?}") };
        assert!(
            matches!(&**effect, Effect::Chat { channel: ChatChannel::Whisper, from, id: None, .. } if &**from == "server")
        );
        let place = at(from.0, from.1);
        assert_eq!(sim.refuge(place), (place, Some(to)), "as it was foretold");
    }
    let output = tick(&mut sim, [join(77, 2, 2)]);
    assert!(output.sessions.iter().all(|session| session.effects.is_empty()));
    assert_eq!(sim.refuge(at(2, 2)), (at(2, 2), None));
}

#[test]
fn things_stored_without_their_objects_are_found_by_kind_and_place() {
    let mut yard = yard();
    yard.applied(1, vec![drop_some("apple", 2)]);
    let mut world = yard.sim.snapshot();
    let origins = world.provenance.origins.clone();
    world.provenance = tilemud_sim::Provenance::default();
    let map = Arc::new(Map::from_art(&ART));
    let restored = Sim::restore(map, tilemud_sim::SimConfig::default(), &world).expect("of this map");
    assert_eq!(restored.snapshot().provenance.origins, origins);
    assert_eq!(origins.len(), 3, "not what was laid down");
}

#[test]
fn an_edit_changes_the_state_hash_even_if_it_changes_nothing_that_is_there() {
    let mut yard = yard();
    let before = yard.sim.snapshot().hashes;
    edit(&mut yard.sim, |map| set(map, 7, 5, WALL));
    let once = yard.sim.snapshot().hashes;
    assert_ne!(once.tiles, before.tiles);
    edit(&mut yard.sim, |map| set(map, 7, 5, FLOOR));
    assert_ne!(yard.sim.snapshot().hashes.tiles, once.tiles);
    assert_ne!(yard.sim.snapshot().hashes.tiles, before.tiles, "it was edited twice");
    assert_eq!(yard.sim.snapshot().hashes.objects, before.objects);
}

#[test]
fn who_plays_goes_on_on_the_edited_map_sees_all_of_it_at_once_and_is_told_of_a_move() {
    let mut yard = Yard::new(&ART, &[(1, 3), (2, 3)], &BAG);
    yard.applied(1, vec![place("crate", 0, 3)]);
    let sessions =
        |sim: &Sim| -> Vec<_> { sim.sessions().iter().map(|(key, _, numbers)| (*key, numbers.last)).collect() };
    let before = sessions(&yard.sim);
    let report = edit(&mut yard.sim, |map| {
        set(map, 1, 3, WALL);
        object(map, EntityKind::Npc).name = "Nora".into();
    });
    assert_eq!(report.people_moved.len(), 1);
    assert_eq!(sessions(&yard.sim), before, "they are the same, with the same numbers");

    let output = tick(&mut yard.sim, []);
    let views: Vec<_> = output.sessions.iter().map(|session| (session.session, session.view)).collect();
    let [(first, View::Own(one)), (second, View::Own(two))] = views[..] else { panic!("both see it: {views:?}") };
    assert_eq!((first, second), (SessionKey(1), SessionKey(2)));
    for view in [one, two].map(|number| output.views.get(number)) {
        assert!(view.full);
        assert!(view.enter.iter().any(|entity| &*entity.name == "Nora"));
        assert_eq!(view.tiles.iter().map(|tile| (tile.x, tile.y)).collect::<Vec<_>>(), [(0, 3)]);
    }
    let heard: Vec<_> = output.sessions.iter().map(|session| session.effects.len()).collect();
    assert_eq!(heard, [1, 0], "only who was moved is told");
    let own: Vec<_> = output.sessions.iter().map(|session| session.own.as_ref().and_then(|own| own.position)).collect();
    assert_eq!(own, [yard.sim.profile(first).expect("in").position, Some(at(2, 3))]);
    assert_ne!(own[0], Some(at(1, 3)));
    // Once, and intents go on with their numbers.
    let output = yard.applied(2, vec![place("rug", 3, 3)]);
    assert!(output.sessions.iter().all(|session| session.view == View::Cell), "{:?}", output.sessions);
}

#[test]
fn what_leads_elsewhere_comes_back_or_hurts_is_counted_as_new_and_gone() {
    let Yard { mut sim, .. } = yard();
    let warp = |x| Warp { x, y: 0, width: 1, height: 1, to: at(0, 2) };
    let fire = |damage| Area { damage, runs: vec![Run { x: 2, y: 2, width: 2 }], ..Area::default() };
    let report = edit(&mut sim, |map| {
        map.warps = vec![warp(6), warp(7)];
        map.spawners.push(Spawner::of_item(&map.objects[1].clone(), 60));
        map.areas = vec![fire(3), Area { name: "Yard".to_owned(), ..fire(0) }];
    });
    let [two, one] = [2, 1].map(|new| Differences { new, gone: 0 });
    assert_eq!((report.warps, report.spawners, report.areas), (two, one, one), "a name is no rule");
    let report = edit(&mut sim, |map| {
        map.warps.reverse();
        map.spawners.clear();
        map.areas = vec![fire(4)];
    });
    let gone = Differences { new: 0, gone: 1 };
    let other = Differences { new: 1, gone: 1 };
    assert_eq!((report.warps, report.spawners, report.areas), (Differences::default(), gone, other));
}
