//! Small maps for tests, of this crate and of others: open fields and maps drawn as text. The tiles
//! are made up here and have no picture; the real maps come from [`crate::map`].

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::rest::TileInfo;
use tilemud_schema::{EntityKind, Position};

use crate::map::{ItemInfo, Map, MapObject, MapTileset};

/// Walkable tile of the maps made here.
pub const FLOOR: u16 = 1;

/// Solid tile of the maps made here.
pub const WALL: u16 = 2;

/// Walkable tile of the maps made here that hurts.
pub const FIRE: u16 = 3;

/// Walkable tile of the maps made here that a placed rug becomes.
pub const RUG: u16 = 4;

/// Solid tile of the maps made here that a placed crate becomes.
pub const CRATE: u16 = 5;

/// What a second on [`FIRE`] costs, health points.
pub const FIRE_DAMAGE: i32 = 10;

/// Health points an apple gives on the maps made here.
pub const APPLE_HEALS: i32 = 15;

impl Map {
    /// A field of `width` x `height` walkable tiles with the spawn point in the middle.
    #[must_use]
    pub fn open(name: &str, width: i32, height: i32) -> Self {
        let spawn = Position { x: width / 2, y: height / 2 };
        made_of(name, width, height, vec![FLOOR; tile_count(width, height)], spawn, Vec::new())
    }

    /// A map drawn as text, one row a line: `#` is a wall, `@` the spawn point, `D` a closed door,
    /// `N` an NPC that stays, `W` one that wanders, `i` an apple (food), `c` a crate and `r` a rug
    /// (to be placed), `f` a fire, anything else floor. Rows shorter than the first are filled up
    /// with floor. Without an `@` the spawn point is the first floor tile.
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
                    'W' => objects.push(MapObject { wander: 2, ..object(EntityKind::Npc, "npc", position) }),
                    'i' => objects.push(object(EntityKind::Item, "apple", position)),
                    'c' => objects.push(object(EntityKind::Item, "crate", position)),
                    'r' => objects.push(object(EntityKind::Item, "rug", position)),
                    'f' => tiles[y * width + x] = FIRE,
                    _ => first_floor = first_floor.or(Some(position)),
                }
            }
        }
        let spawn = spawn.or(first_floor).unwrap_or_default();
        made_of("art", width as i32, rows.len() as i32, tiles, spawn, objects)
    }
}

fn made_of(name: &str, width: i32, height: i32, tiles: Vec<u16>, spawn: Position, objects: Vec<MapObject>) -> Map {
    let known = vec![
        tile(0, "nothing", true),
        tile(FLOOR, "floor", false),
        tile(WALL, "wall", true),
        tile(FIRE, "fire", false),
        tile(RUG, "rug", false),
        tile(CRATE, "crate", true),
    ];
    let item = |heals, places, name: &str| (name.into(), ItemInfo { name: name.into(), heals, places });
    Map {
        name: name.to_owned(),
        world_id: None,
        width,
        height,
        origin: Position::default(),
        ground: vec![FLOOR; tiles.len()],
        canopy: vec![0; tiles.len()],
        tiles,
        tileset: MapTileset {
            images: vec![Arc::from([])],
            tile_size: 16,
            columns: 2,
            tiles: known,
            damage: BTreeMap::from([(FIRE, FIRE_DAMAGE)]),
            animations: Vec::new(),
            prints: Vec::new(),
        },
        spawn,
        objects,
        items: BTreeMap::from([
            item(APPLE_HEALS, None, "apple"),
            item(0, Some(CRATE), "crate"),
            item(0, Some(RUG), "rug"),
        ]),
        warps: Vec::new(),
        spawners: Vec::new(),
        areas: Vec::new(),
        signs: Vec::new(),
        sprites: None,
        music: BTreeMap::new(),
    }
}

fn tile(id: u16, name: &str, solid: bool) -> TileInfo {
    TileInfo { id, name: name.to_owned(), solid }
}

fn object(kind: EntityKind, name: &str, position: Position) -> MapObject {
    // By place, so that what stays in an edit has the id it had.
    let id = (position.y * 1_000 + position.x + 1) as u32;
    MapObject { id, kind, name: name.into(), look: name.into(), position, open: false, quantity: 1, wander: 0 }
}

fn tile_count(width: i32, height: i32) -> usize {
    usize::try_from(width).unwrap_or(0) * usize::try_from(height).unwrap_or(0)
}
