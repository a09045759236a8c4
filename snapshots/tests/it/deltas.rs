//! Deltas of small situations. Chunks are 16 tiles; one sees the 3 x 3 chunks around one's own.

use insta::assert_json_snapshot;
use tilemud_schema::{Action, Direction, EntityId};
use tilemud_sim::Map;

use crate::stage::Stage;

fn field() -> Map {
    Map::open("field", 96, 32)
}

#[test]
fn walk_in_view() {
    let mut stage = Stage::new(field(), &[(4, 4), (8, 4)]);
    stage.walk(1, Direction::East);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn walk_out_of_view() {
    let mut stage = Stage::new(field(), &[(31, 4), (15, 4)]);
    stage.walk(1, Direction::East);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn walk_far_away() {
    let mut stage = Stage::new(field(), &[(64, 4), (4, 4)]);
    stage.walk(1, Direction::East);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn blocked() {
    let mut stage = Stage::new(Map::from_art(&["..#"]), &[(1, 0), (0, 0)]);
    stage.walk(1, Direction::East);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn chat_in_earshot() {
    let mut stage = Stage::new(field(), &[(4, 4), (16, 4)]);
    stage.say(1, "Good morning!");
    assert_json_snapshot!(stage.tick());
}

#[test]
fn chat_out_of_earshot() {
    let mut stage = Stage::new(field(), &[(4, 4), (17, 4)]);
    stage.say(1, "Anybody there?");
    assert_json_snapshot!(stage.tick());
}

#[test]
fn join_next_to_somebody() {
    let mut stage = Stage::new(field(), &[(4, 4)]);
    stage.join(2, 5, 4);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn leave_next_to_somebody() {
    let mut stage = Stage::new(field(), &[(4, 4), (5, 4)]);
    stage.leave(2);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn cross_a_chunk_border() {
    let mut stage = Stage::new(field(), &[(15, 4), (4, 4), (33, 4)]);
    stage.walk(1, Direction::East);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn take_what_lies_there() {
    let mut stage = Stage::new(Map::from_art(&["@.i.."]), &[(1, 0), (4, 0)]);
    stage.act(1, &[Action::Take { item: EntityId(1) }]);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn open_a_door() {
    let mut stage = Stage::new(Map::from_art(&["@.D.."]), &[(1, 0), (4, 0)]);
    stage.act(1, &[Action::Open { x: 2, y: 0 }]);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn take_and_build() {
    let mut stage = Stage::new(Map::from_art(&["@.r.."]), &[(1, 0), (4, 0)]);
    stage.act(1, &[Action::Take { item: EntityId(1) }, Action::Place { item: "rug".into(), x: 2, y: 0 }]);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn hurt_by_fire() {
    // After the item her entity is number 2, whose turn within the second is the second tick.
    let mut stage = Stage::new(Map::from_art(&["@.ff.i"]), &[(4, 0), (0, 0)]);
    stage.walk(1, Direction::West);
    assert_json_snapshot!(stage.tick());
}

#[test]
fn a_step_fails() {
    let mut stage = Stage::new(Map::from_art(&["@.i.."]), &[(1, 0), (4, 0)]);
    stage.act(1, &[Action::Take { item: EntityId(1) }, Action::Open { x: 4, y: 0 }]);
    assert_json_snapshot!(stage.tick());
}
