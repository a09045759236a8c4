//! The warps of a Tiled map: rectangles whose steps lead to another tile. Gets the objects of their
//! class from [`super::objects`], and the map; refuses those that would lead nowhere or over and
//! over.

use tiled::PropertyValue;
use tilemud_schema::Position;
use tilemud_schema::rest::Warp;

use super::drawn::{Map, WARPS_MAX};
use super::error::MapError;

/// A warp and its object.
pub(super) struct Drawn {
    /// As Tiled shows it.
    id: u32,
    name: String,
    pub(super) warp: Warp,
}

/// Reads an object of class `warp`.
pub(super) fn read(source: &tiled::Map, object: &tiled::ObjectData) -> Result<Drawn, MapError> {
    let (id, name) = (object.id(), object.name.clone());
    let to = |property: &'static str, wanted| match object.properties.get(property) {
        Some(PropertyValue::IntValue(to)) => Ok(*to),
        _ => Err(MapError::ObjectProperty { id, name: name.clone(), property, wanted }),
    };
    let to = Position {
        x: to("to_x", "an int, the column of this map it leads to")?,
        y: to("to_y", "an int, the row of this map it leads to")?,
    };
    let Some((x, y, width, height)) = rectangle(source, object) else {
        return Err(MapError::ObjectOutside { id, name });
    };
    Ok(Drawn { id, name, warp: Warp { x, y, width, height, to } })
}

/// The tiles that an object lies over, at least the one it begins in, as column, row and how many;
/// `None` outside of the map.
pub(super) fn rectangle(source: &tiled::Map, object: &tiled::ObjectData) -> Option<(i32, i32, i32, i32)> {
    let (width, height) = match object.shape {
        tiled::ObjectShape::Rect { width, height } | tiled::ObjectShape::Ellipse { width, height } => (width, height),
        _ => (0.0, 0.0),
    };
    // Tiled anchors objects that show a tile at the bottom left, all others at the top left.
    let top = if object.tile_data().is_some() { object.y - height } else { object.y };
    let (x, width) = span(object.x, width, source.tile_width, source.width)?;
    let (y, height) = span(top, height, source.tile_height, source.height)?;
    Some((x, y, width, height))
}

/// First tile and number of tiles of a line of pixels.
fn span(from: f32, length: f32, tile: u32, tiles: u32) -> Option<(i32, i32)> {
    if !from.is_finite() || !length.is_finite() {
        return None;
    }
    let (from, to) = (from / tile as f32, (from + length) / tile as f32);
    // A hair less, so that what ends at the edge of a tile does not reach into the next one.
    let first = (from + 0.01).floor();
    let last = (to - 0.01).floor().max(first).min(tiles as f32 - 1.0);
    let first = first.max(0.0);
    (first <= last).then(|| (first as i32, (last - first) as i32 + 1))
}

/// Refuses the first warp that does not lead to a tile where one can stay.
pub(super) fn check(warps: &[Drawn], spawn_object: u32, map: &Map) -> Result<(), MapError> {
    if warps.len() > WARPS_MAX {
        return Err(MapError::WarpsMany { count: warps.len() });
    }
    for (index, Drawn { id, name, warp }) in warps.iter().enumerate() {
        let (id, name, Position { x, y }) = (*id, name.clone(), warp.to);
        if let Some(before) = warps[..index].iter().find(|before| before.warp.meets(warp)) {
            return Err(MapError::WarpTwice { id, name, other: before.id });
        }
        if warp.contains(map.spawn.x, map.spawn.y) {
            return Err(MapError::WarpOnSpawn { id, name, other: spawn_object });
        }
        if map.is_solid(x, y) {
            let what = if map.index(x, y).is_some() { "where nobody can stand" } else { "which is outside the map" };
            return Err(MapError::WarpTarget { id, name, what, x, y });
        }
        if let Some(next) = warps.iter().find(|next| next.warp.contains(x, y)) {
            return Err(MapError::WarpChain { id, name, other: next.id, x, y });
        }
    }
    Ok(())
}
