//! What may stand on one tile of a map. Doors decide whether one can walk there, and so do solid
//! tiles; a tile for which both do, or two doors, is like nothing that happens in play. Gets the
//! objects from [`super::objects`], and the map. Items and NPCs may share a tile as they do in
//! play.

use std::collections::BTreeMap;

use tilemud_schema::Position;

use super::drawn::{GROUND, Map, OBJECTS, STRUCTURES};
use super::error::MapError;

/// An object that bears on walking.
pub(super) struct Standing {
    /// As Tiled shows it.
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) what: What,
    pub(super) position: Position,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    Spawn,
    Npc,
    Door { open: bool },
}

/// Refuses the first door that is not alone in deciding over its tile.
pub(super) fn check(standing: &[Standing], map: &Map) -> Result<(), MapError> {
    let place = |it: &Standing| (it.position.y, it.position.x);
    let mut others: BTreeMap<_, Vec<&Standing>> = BTreeMap::new();
    for it in standing {
        others.entry(place(it)).or_default().push(it);
    }
    for door in standing {
        let What::Door { open } = door.what else { continue };
        let (id, name, layer, Position { x, y }) = (door.id, door.name.clone(), OBJECTS, door.position);
        if map.is_solid(x, y) {
            let is_ground = map.index(x, y).is_some_and(|index| map.tiles[index] == map.ground[index]);
            let under = if is_ground { GROUND } else { STRUCTURES };
            return Err(MapError::DoorOnSolid { id, name, layer, under, x, y });
        }
        let here = others.get(&place(door)).into_iter().flatten();
        for it in here.filter(|it| !std::ptr::eq(**it, door)) {
            let other = it.id;
            match it.what {
                What::Spawn => return Err(MapError::DoorOnSpawn { id, name, layer, other, x, y }),
                What::Npc if !open => return Err(MapError::DoorClosedOn { id, name, layer, other, x, y }),
                // The first door of a tile is met first, and the one behind it is at fault.
                What::Door { .. } => {
                    let (id, name, other) = (other, it.name.clone(), id);
                    return Err(MapError::DoorTwice { id, name, layer, other, x, y });
                }
                What::Npc => {}
            }
        }
    }
    Ok(())
}
