//! The committed world is the generator's, and the picture book is complete.

use std::path::Path;

use super::*;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Size, palette and pixels of a PNG: what must be equal, whatever the encoder's version.
fn pixels(bytes: &[u8]) -> (u32, u32, Vec<u8>, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut pixels).expect("a picture");
    let palette = reader.info().palette.clone().unwrap_or_default().into_owned();
    (frame.width, frame.height, palette, pixels)
}

#[test]
fn committed_files_are_what_the_generator_draws() {
    for (path, drawn) in files().expect("the world is drawn") {
        let committed = std::fs::read(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let same = if path.ends_with(".png") { pixels(&committed) == pixels(&drawn) } else { committed == drawn };
        assert!(same, "{path} is not what the generator draws: run `cargo xtask world` and commit the result");
    }
}

#[test]
fn drawing_twice_gives_the_same_files() {
    assert!(files().expect("drawn once") == files().expect("drawn twice"));
}

#[test]
fn every_thing_on_the_map_has_a_sprite() {
    let (sheet, directory) = sprites::sheet();
    let looks = directory["looks"].as_object().expect("looks");
    for thing in draw_world().things.iter().filter(|thing| thing.class != "spawn") {
        assert!(looks.contains_key(thing.look), "{} has no sprite \"{}\"", thing.name, thing.look);
    }
    for number in 1..=8 {
        assert_eq!(looks[&format!("traveller_{number}")]["kind"], "character");
    }
    for (look, place) in looks {
        let (columns, rows) = match place["kind"].as_str() {
            Some("character") => (3, 4),
            Some("door") => (2, 1),
            Some("item") => (1, 1),
            other => panic!("{look} is of kind {other:?}"),
        };
        for row in 0..rows {
            for column in 0..columns {
                let x = place["x"].as_i64().expect("x") as i32 + column * characters::FRAME_WIDTH;
                let y = place["y"].as_i64().expect("y") as i32 + row * characters::FRAME_HEIGHT;
                let frame = sheet.cut(x, y, characters::FRAME_WIDTH, characters::FRAME_HEIGHT);
                assert!(!frame.is_clear(), "frame {column}, {row} of {look} is empty");
            }
        }
    }
}

#[test]
fn travellers_are_told_apart_and_steps_differ() {
    let frame = |index: usize, step| characters::PEOPLE[index].frame(characters::Facing::South, step);
    for one in 0..characters::PEOPLE.len() {
        assert_ne!(frame(one, 0), frame(one, 1));
        assert_ne!(frame(one, 1), frame(one, 2));
        for other in 0..one {
            assert_ne!(frame(one, 0), frame(other, 0));
        }
    }
}

#[test]
fn any_two_ground_tiles_meet_without_a_seam() {
    // Along a shared edge both tiles know the same two corners, so a straight shore goes on unbroken.
    use terrain::{Ground, Terrain};
    let painter = Ground::new();
    let shore = [Terrain::Sand, Terrain::Sand, Terrain::Water, Terrain::Water];
    let height = |tile: &canvas::Canvas, column| {
        (0..canvas::TILE).rev().find(|row| palette::EARTH.contains(&tile.get(column, *row))).unwrap_or(-1)
    };
    for (x, y, other_x, other_y) in (0..16).map(|n| (n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1)) {
        let (left, right) = (painter.tile(shore, x, y), painter.tile(shore, other_x, other_y));
        let gap = (height(&left, canvas::TILE - 1) - height(&right, 0)).abs();
        assert!(gap <= 1, "{x}, {y} beside {other_x}, {other_y}: {gap} pixels");
    }
}
