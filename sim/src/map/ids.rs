//! Ids of objects that have none, as in files of old versions of Tiled and of other programs, or
//! that share theirs. An edit knows objects by their ids, so each gets one: of what the object is,
//! its name and its place, so that it stays the same whatever becomes of others.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tilemud_schema::Position;

use super::drawn::MapObject;

/// Set in ids that are made here. Tiled counts from 1.
const STAND_IN: u32 = 1 << 31;

/// Whether an id was made here.
#[must_use]
pub(crate) fn is_stand_in(id: u32) -> bool {
    id & STAND_IN != 0
}

/// Gives an id of its own to each object that has none or shares it. `origin` is that of the map.
pub fn give_ids(objects: &mut [MapObject], origin: Position) {
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    for object in objects.iter() {
        *known.entry(object.id).or_default() += 1;
    }
    let lacks = |object: &MapObject| object.id == 0 || known.get(&object.id).is_some_and(|count| *count > 1);
    let lacking: Vec<usize> = (0..objects.len()).filter(|index| lacks(&objects[*index])).collect();
    for index in lacking {
        let mut id = stand_in(&objects[index], origin);
        // Two that are alike are told apart by their order.
        while known.contains_key(&id) {
            id = STAND_IN | id.wrapping_add(1);
        }
        known.insert(id, 1);
        objects[index].id = id;
    }
}

fn stand_in(object: &MapObject, origin: Position) -> u32 {
    let Position { x, y } = object.position;
    let place = (x.wrapping_add(origin.x), y.wrapping_add(origin.y));
    let said = format!("{} {} {} {}", object.kind as u8, place.0, place.1, object.name);
    let [first, second, third, fourth, ..] = <[u8; 32]>::from(Sha256::digest(said));
    STAND_IN | u32::from_le_bytes([first, second, third, fourth])
}
