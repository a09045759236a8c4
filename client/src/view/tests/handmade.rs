//! What a builder has made: signs, and figures.

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

#[test]
fn a_figure_of_the_world_s_own_is_drawn_in_place_of_that_of_the_client() {
    let frame = |bench: &Bench, name: &str| {
        let entity = bench.game.surroundings().entities.values().find(|entity| *entity.name == *name).expect(name);
        let pose = sheet::Pose { facing: Direction::South, stride: None };
        (bench.view.pictures.frame(entity, pose), bench.game.motion(entity.id).expect("seen").at())
    };
    let bench = Bench::signed_in(Scenario::Handmade, 1.5);
    let ((mira, at), (bran, _)) = (frame(&bench, "Mira"), frame(&bench, "Bran"));
    assert_eq!((mira.size, bran.size), (vec2(20.0, 26.0), vec2(16.0, 24.0)));
    assert_ne!(mira.texture, bran.texture);
    let corners = bench.painted(|mesh, _| mesh.texture_id == mira.texture);
    assert_eq!(corners.len(), 4, "one figure has this picture");
    let (own, tile) = (bench.game.own_motion().expect("in the world").at(), 48.0);
    let mira_is = Pos2::new(640.0, 400.0) + vec2((at.0 - own.0) as f32, (at.1 - own.1) as f32) * tile;
    assert!(corners.iter().all(|corner| corner.distance(mira_is) < 2.0 * tile), "{corners:?}, {mira_is}");
    assert!(bench.painted(|mesh, _| mesh.texture_id == bran.texture).len() > 4, "all others");
    assert!(bench.view.looks_problem.is_none());

    let bench = Bench::signed_in(Scenario::Play, 1.5);
    assert_eq!(frame(&bench, "Mira").0.texture, frame(&bench, "Bran").0.texture);
}
