//! The world of the cases: small, with walls near the spawn point and the corner of four chunks in
//! its middle, so that a few steps are enough to be blocked, to cross into another chunk and to see
//! and lose sight of things.

use tilemud_sim::Map;
use tilemud_sim::limits::CHUNK_SIZE;

const EDGE: i32 = 4 * CHUNK_SIZE;

pub fn crossroads() -> Map {
    let middle = EDGE / 2;
    let rows: Vec<String> = (0..EDGE).map(|y| (0..EDGE).map(|x| mark(x - middle, y - middle)).collect()).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    Map::from_art(&rows)
}

/// What is at a place, counted from the middle.
fn mark(x: i32, y: i32) -> char {
    let is_in_middle_of_chunk = |n: i32| n.rem_euclid(CHUNK_SIZE) == CHUNK_SIZE / 2;
    match (x, y) {
        (0, 0) => '@',
        (2, -3..=-1) | (-3, 1..=4) | (-2..=1, 4) => '#',
        _ if is_in_middle_of_chunk(x) && is_in_middle_of_chunk(y) => 'i',
        _ => '.',
    }
}
