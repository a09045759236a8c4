//! The sprites of people, things and doors, and the list that says where they are.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tilemud_sim::Map;

use crate::picture::Picture;

fn sprites() -> (Picture, Value) {
    sprites_in("../client/assets")
}

fn sprites_in(folder: &str) -> (Picture, Value) {
    let assets: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let list = std::fs::read(assets.join("sprites.json")).expect("the list is there");
    (Picture::read(&assets.join("sprites.png")), serde_json::from_slice(&list).expect("JSON"))
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a number")).expect("a small one")
}

#[test]
fn everything_in_the_world_has_a_sprite_and_no_frame_is_empty() {
    let (sheet, list) = sprites();
    let looks = list["looks"].as_object().expect("looks");
    for object in &Map::built_in().objects {
        assert!(looks.contains_key(&*object.look), "{} has no sprite \"{}\"", object.name, object.look);
    }
    has_every_frame(&sheet, &list);
    let (sheet, list) = sprites_in("../sim/worlds");
    has_every_frame(&sheet, &list);
}

fn has_every_frame(sheet: &Picture, list: &Value) {
    let (width, height) = (number(&list["frame_w"]), number(&list["frame_h"]));
    for (look, place) in list["looks"].as_object().expect("looks") {
        let (columns, rows) = match place["kind"].as_str() {
            Some("character") => (3, 4),
            Some("door") => (2, 1),
            Some("item") => (1, 1),
            other => panic!("{look} is of kind {other:?}"),
        };
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let (x, y) = (number(&place["x"]) + column * width, number(&place["y"]) + row * height);
            assert!(!sheet.is_clear(x, y, width, height), "frame {column}, {row} of {look} is empty");
        }
    }
}

#[test]
fn people_are_told_apart_and_their_steps_differ() {
    let (sheet, list) = sprites();
    let (width, height) = (number(&list["frame_w"]), number(&list["frame_h"]));
    let people: Vec<_> =
        list["looks"].as_object().expect("looks").values().filter(|it| it["kind"] == "character").collect();
    assert!(people.len() >= 8);
    let frame =
        |place: &Value, step: u32| sheet.part(number(&place["x"]) + step * width, number(&place["y"]), width, height);
    for (index, one) in people.iter().enumerate() {
        assert!(frame(one, 0) != frame(one, 1) && frame(one, 1) != frame(one, 2), "{one}");
        assert!(people[..index].iter().all(|other| frame(one, 0) != frame(other, 0)), "{one}");
    }
}
