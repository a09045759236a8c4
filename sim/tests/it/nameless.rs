//! FR-022: objects without ids, or with one id twice, are known by what they are, their name and
//! their place, and nothing of them is lost or doubled by an edit.

use std::sync::Arc;

use tilemud_schema::{Action, EntityKind, Position};
use tilemud_sim::map::give_ids;
use tilemud_sim::{EditReport, Map, Sim};

use crate::actions::Yard;
use crate::sim;

const ART: [&str; 4] = ["..i.i.i.", ".D......", "..N...N.", "@......."];

/// As it comes from a file whose objects have these ids, one after another and then from the first.
fn read(ids: &[u32]) -> Map {
    let mut map = Map::from_art(&ART);
    map.objects.iter_mut().zip(ids.iter().cycle()).for_each(|(object, id)| object.id = *id);
    give_ids(&mut map.objects, map.origin);
    map
}

/// Kind, place and quantity of all things.
fn things(sim: &Sim) -> Vec<(u8, i32, i32, u32)> {
    let objects = sim.snapshot().objects;
    let place =
        |it: &tilemud_sim::ObjectSnapshot| it.home.map_or((it.face.x, it.face.y), |home| (home.home.x, home.home.y));
    let mut things: Vec<_> = objects
        .iter()
        .map(|it| (it.face.kind as u8, place(it).0, place(it).1, it.quantity.unwrap_or_default()))
        .collect();
    things.sort_unstable();
    things
}

fn edit(sim: &mut Sim, map: Map) -> EditReport {
    sim.edit(Arc::new(map)).1
}

/// One item is taken before.
fn yard(map: Map) -> Yard {
    let mut yard = Yard::of(sim(map), &[(3, 0)], &[], 100);
    let item = yard.at(4, 0, EntityKind::Item);
    yard.applied(1, vec![Action::Take { item }]);
    yard
}

fn counts(report: &EditReport) -> [usize; 4] {
    [report.objects_kept, report.objects_taken, report.objects_added.len(), report.objects_removed.len()]
}

#[test]
fn each_object_has_an_id_that_does_not_depend_on_others() {
    for ids in [&[0][..], &[7], &[7, 0, 7, 9]] {
        let map = read(ids);
        let numbers: std::collections::BTreeSet<u32> = map.objects.iter().map(|object| object.id).collect();
        assert_eq!((numbers.len(), numbers.contains(&0)), (map.objects.len(), false), "{ids:?}");
    }
    let all = read(&[0]);
    let mut fewer = Map::from_art(&ART);
    fewer.objects.remove(0);
    fewer.objects.iter_mut().for_each(|object| object.id = 0);
    give_ids(&mut fewer.objects, fewer.origin);
    assert_eq!(fewer.objects, all.objects[1..]);
    // A map that has grown has its objects at other places of the same plane.
    let mut grown = Map { origin: Position { x: -16, y: 0 }, ..Map::from_art(&ART) };
    grown.objects.iter_mut().for_each(|object| (object.id, object.position.x) = (0, object.position.x + 16));
    give_ids(&mut grown.objects, grown.origin);
    let ids = |map: &Map| map.objects.iter().map(|object| object.id).collect::<Vec<_>>();
    assert_eq!(ids(&grown), ids(&all));
}

#[test]
fn an_edit_of_a_map_without_ids_or_with_one_for_all_keeps_adds_and_removes_what_it_should() {
    for ids in [&[0][..], &[7]] {
        let mut yard = yard(read(ids));
        let mut fewer = Map::from_art(&ART);
        fewer.objects.retain(|object| object.position != Position { x: 2, y: 0 });
        fewer.objects.iter_mut().for_each(|object| object.id = ids[0]);
        give_ids(&mut fewer.objects, fewer.origin);
        let before = things(&yard.sim);
        assert_eq!(counts(&edit(&mut yard.sim, fewer)), [4, 1, 0, 1], "{ids:?}");
        assert_eq!(things(&yard.sim).len() + 1, before.len());
        assert_eq!(counts(&edit(&mut yard.sim, read(ids))), [4, 1, 1, 0], "{ids:?}");
        assert_eq!(things(&yard.sim), before);
    }
}

#[test]
fn objects_that_get_their_ids_in_an_edit_or_lose_them_stay_what_they_are() {
    for (before, after) in
        [(&[0][..], &[1, 2, 3, 4, 5, 6][..]), (&[1, 2, 3, 4, 5, 6], &[0]), (&[1, 2, 3, 4, 5, 6], &[1])]
    {
        let mut yard = yard(read(before));
        let there = things(&yard.sim);
        assert_eq!(counts(&edit(&mut yard.sim, read(after))), [5, 1, 0, 0], "{before:?} {after:?}");
        assert_eq!(things(&yard.sim), there);
    }
}

#[test]
fn a_world_that_was_stored_before_all_objects_had_ids_goes_on_with_what_is_there() {
    for ids in [0, 7] {
        let mut stored = Map::from_art(&ART);
        stored.objects.iter_mut().for_each(|object| object.id = ids);
        let mut yard = yard(stored);
        let there = things(&yard.sim);
        assert_eq!(counts(&edit(&mut yard.sim, read(&[ids]))), [5, 1, 0, 0], "{ids}");
        assert_eq!(things(&yard.sim), there);
        assert_eq!(yard.sim.snapshot().provenance.origins.len(), 5);
    }
}
