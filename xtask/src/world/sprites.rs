//! The sprite sheet of the client and its directory: where each look's first frame is.
//! Characters have a row per direction and a column per step, doors one row of closed and open,
//! items a single frame.

use serde_json::{Map, Value, json};

use super::canvas::Canvas;
use super::characters::{FRAME_HEIGHT, FRAME_WIDTH, Facing, PEOPLE};
use super::items;

/// Frames of a walk.
const STEPS: i32 = 3;
/// Characters side by side.
const ABREAST: i32 = 4;

/// The sheet and its directory.
pub fn sheet() -> (Canvas, Value) {
    let block = (STEPS * FRAME_WIDTH, Facing::ALL.len() as i32 * FRAME_HEIGHT);
    let people_rows = (PEOPLE.len() as i32 + ABREAST - 1) / ABREAST;
    let things_top = people_rows * block.1;
    let mut sheet = Canvas::new(ABREAST * block.0, things_top + 2 * FRAME_HEIGHT);
    let mut looks = Map::new();
    for (index, person) in PEOPLE.iter().enumerate() {
        let (left, top) = (index as i32 % ABREAST * block.0, index as i32 / ABREAST * block.1);
        for (row, facing) in Facing::ALL.into_iter().enumerate() {
            for step in 0..STEPS {
                let frame = person.frame(facing, step as usize);
                sheet.blit(&frame, left + step * FRAME_WIDTH, top + row as i32 * FRAME_HEIGHT);
            }
        }
        looks.insert(person.look.to_owned(), json!({ "x": left, "y": top, "kind": "character" }));
    }
    for (index, (look, rows)) in items::ITEMS.iter().enumerate() {
        let left = index as i32 * FRAME_WIDTH;
        sheet.blit(&items::item(rows), left, things_top);
        looks.insert((*look).to_owned(), json!({ "x": left, "y": things_top, "kind": "item" }));
    }
    let doors_top = things_top + FRAME_HEIGHT;
    sheet.blit(&items::door(false), 0, doors_top);
    sheet.blit(&items::door(true), FRAME_WIDTH, doors_top);
    looks.insert("door".to_owned(), json!({ "x": 0, "y": doors_top, "kind": "door" }));
    let directory = json!({
        "frame_w": FRAME_WIDTH,
        "frame_h": FRAME_HEIGHT,
        "directions": ["south", "north", "east", "west"],
        "frames": ["stand", "step_a", "step_b"],
        "door_frames": ["closed", "open"],
        "looks": looks,
    });
    (sheet, directory)
}
