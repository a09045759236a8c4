//! What a builder has made: signs.

use super::*;

fn walk(bench: &mut Bench, direction: Direction, steps: u32) {
    for _ in 0..steps {
        bench.game.tap(direction);
        bench.game.steer();
        bench.run(0.5);
    }
}

#[test]
fn a_sign_is_read_by_who_stands_beside_it_and_by_nobody_else() {
    let mut bench = Bench::signed_in(Scenario::Handmade, 1.5);
    assert!(bench.shows("To the harbour") && bench.shows("Mind the step.\nFish is sold at dawn."));
    assert!(!bench.shows("Lost: one lantern"), "four steps away");
    walk(&mut bench, Direction::East, 1);
    assert!(!bench.shows("Mind the step"), "two steps away: {:#?}", bench.widgets());
    walk(&mut bench, Direction::East, 2);
    assert!(bench.shows("Lost: one lantern. Ask Bran."));
    assert!(!Bench::signed_in(Scenario::Play, 1.5).shows("Mind the step"), "a map without signs");
}

#[test]
fn a_post_stands_where_the_map_has_drawn_none() {
    let mut bench = Bench::signed_in(Scenario::Handmade, 1.5);
    let at = bench.game.confirmed().expect("in the world");
    // The colour of the wood, somewhere on the tile.
    let wood = |_: &egui::Mesh, vertex: &egui::epaint::Vertex| vertex.color == egui::Color32::from_rgb(156, 108, 64);
    let posts = bench.painted(wood);
    let tile = 48.0;
    let middle = Pos2::new(640.0 - tile, 400.0);
    assert!(!posts.is_empty(), "no post at {at:?}");
    assert!(posts.iter().all(|pos| pos.distance(middle) < tile), "{posts:?}");
    bench = Bench::signed_in(Scenario::Play, 1.5);
    assert!(bench.painted(wood).is_empty());
}
