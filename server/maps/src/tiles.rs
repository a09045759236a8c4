//! Which tile a number means. [`Drawing::tile`](crate::drawing::Drawing::tile) looks through all
//! tilesets; this one halves them, as it is asked for every different tile of a map.

use crate::drawing::{Drawing, GID, Placed};

/// The tileset and local id of a tile, without its flips.
#[must_use]
pub fn tile(drawing: &Drawing, gid: u32) -> Option<(&Placed, u32)> {
    let gid = gid & GID;
    let after = drawing.tilesets.partition_point(|placed| placed.first_gid <= gid);
    let placed = drawing.tilesets.get(after.checked_sub(1)?)?;
    (gid > 0).then(|| (placed, gid - placed.first_gid))
}
