//! What stands in a measured world besides its players.

use tilemud_schema::{EntityKind, Position};
use tilemud_sim::map::MapObject;

use crate::course::Course;

/// How far NPCs wander from where they stand, tiles.
const REACH: u8 = 3;

/// So many entities on an open square map: of ten, seven are items, two are NPCs that wander and
/// one is an open door. None stands where the players of the same seed do, but by chance.
#[must_use]
pub fn furniture(seed: u64, edge: i32, count: usize) -> Vec<MapObject> {
    let course = Course::new(!seed, edge);
    (0..count).map(|number| object(number, course.start(number))).collect()
}

fn object(number: usize, position: Position) -> MapObject {
    // In no step with the seconds of the world, so that not all NPCs have their turn in the same
    // ticks.
    let (kind, name) = match (number + number / 10) % 10 {
        0 => (EntityKind::Door, "door"),
        1 | 2 => (EntityKind::Npc, "sheep"),
        _ => (EntityKind::Item, "apple"),
    };
    let wander = if kind == EntityKind::Npc { REACH } else { 0 };
    MapObject {
        id: number as u32 + 1,
        kind,
        name: name.into(),
        look: name.into(),
        position,
        open: true,
        quantity: 1,
        wander,
    }
}
