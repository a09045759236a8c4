//! Small maps for tests, of this crate and of others: open fields and maps drawn as text. The tiles are made up
//! here and have no picture; the real maps come from [`crate::map`].

use tilemud_schema::rest::TileInfo;
use tilemud_schema::{EntityKind, Position};

use crate::map::{Map, MapObject, MapTileset};

/// Walkable tile of the maps made here.
pub const FLOOR: u16 = 1;

/// Solid tile of the maps made here.
pub const WALL: u16 = 2;

impl Map {
    /// A field of `width` x `height` walkable tiles with the spawn point in the middle.
    #[must_use]
    pub fn open(name: &str, width: i32, height: i32) -> Self {
        let spawn = Position { x: width / 2, y: height / 2 };
        made_of(name, width, height, vec![FLOOR; tile_count(width, height)], spawn, Vec::new())
    }

    /// A map drawn as text, one row a line: `#` is a wall, `@` the spawn point, `D` a closed door, `N` an NPC, `i`
    /// an item, anything else floor. Rows shorter than the first are filled up with floor. Without an `@` the
    /// spawn point is the first floor tile.
    #[must_use]
    pub fn from_art(rows: &[&str]) -> Self {
        let width = rows.first().map_or(0, |row| row.chars().count());
        let mut tiles = vec![FLOOR; width * rows.len()];
        let mut spawn = None;
        let mut first_floor = None;
        let mut objects = Vec::new();
        for (y, row) in rows.iter().enumerate() {
            for (x, mark) in row.chars().take(width).enumerate() {
                let position = Position { x: x as i32, y: y as i32 };
                match mark {
                    '#' => tiles[y * width + x] = WALL,
                    '@' => spawn = Some(position),
                    'D' => objects.push(object(EntityKind::Door, "door", position)),
                    'N' => objects.push(object(EntityKind::Npc, "npc", position)),
                    'i' => objects.push(object(EntityKind::Item, "apple", position)),
                    _ => first_floor = first_floor.or(Some(position)),
                }
            }
        }
        let spawn = spawn.or(first_floor).unwrap_or_default();
        made_of("art", width as i32, rows.len() as i32, tiles, spawn, objects)
    }
}

fn made_of(name: &str, width: i32, height: i32, tiles: Vec<u16>, spawn: Position, objects: Vec<MapObject>) -> Map {
    let floor_and_wall = vec![tile(0, "nothing", true), tile(FLOOR, "floor", false), tile(WALL, "wall", true)];
    Map {
        name: name.to_owned(),
        width,
        height,
        ground: vec![FLOOR; tiles.len()],
        canopy: vec![0; tiles.len()],
        tiles,
        tileset: MapTileset { image: Vec::new(), tile_size: 16, columns: 2, tiles: floor_and_wall },
        spawn,
        objects,
    }
}

fn tile(id: u16, name: &str, solid: bool) -> TileInfo {
    TileInfo { id, name: name.to_owned(), solid }
}

fn object(kind: EntityKind, name: &str, position: Position) -> MapObject {
    MapObject { kind, name: name.into(), look: name.into(), position, open: false, quantity: 1 }
}

fn tile_count(width: i32, height: i32) -> usize {
    usize::try_from(width).unwrap_or(0) * usize::try_from(height).unwrap_or(0)
}
