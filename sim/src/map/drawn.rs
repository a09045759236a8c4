//! A map as it was drawn; plain data.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tilemud_schema::rest::{Area, Sign, TileAnimation, TileInfo, Warp};
use tilemud_schema::sprites::Sprites;
use tilemud_schema::{EntityKind, ItemKind, Position};

/// Longest edge of a map, tiles.
pub const MAP_EDGE_MAX: u32 = 4096;

/// Most warps of a map.
pub const WARPS_MAX: usize = 4_096;

/// Most spawners of a map.
pub const SPAWNERS_MAX: usize = 4_096;

/// Most piles that a spawner may have.
pub const SPAWNER_NUMBER_MAX: u32 = 1_000;

/// What the layers of a map are called.
pub(super) const GROUND: &str = "ground";
pub(super) const STRUCTURES: &str = "structures";
pub(super) const CANOPY: &str = "canopy";
pub(super) const OBJECTS: &str = "objects";

/// The static world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    /// What people call it.
    pub name: String,
    /// Which world of a store it is, if its builder says so.
    pub world_id: Option<String>,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
    /// Column and row of its upper left tile as Tiled counts: other than 0, 0 only of infinite
    /// maps, which may grow to the left and upwards.
    #[serde(default)]
    pub origin: Position,
    /// The tile that decides what a place is, row by row: the structure if there is one, else the
    /// ground.
    pub tiles: Vec<u16>,
    /// The ground under the structures, row by row.
    pub ground: Vec<u16>,
    /// What is drawn over the characters, row by row; 0 is nothing.
    pub canopy: Vec<u16>,
    /// Pictures and properties of the tiles.
    pub tileset: MapTileset,
    /// Where new characters appear. Never solid.
    pub spawn: Position,
    /// What stands in the world at first, in the order of the map file.
    pub objects: Vec<MapObject>,
    /// What can be done with the items of a kind. Kinds without an entry can only be carried.
    pub items: BTreeMap<ItemKind, ItemInfo>,
    /// What takes who steps there elsewhere on this map. Within it, none over another; the targets
    /// are not solid.
    pub warps: Vec<Warp>,
    /// What comes back when it was taken.
    pub spawners: Vec<Spawner>,
    /// Parts of it with a name or rules of their own, within it. What they name as their music is
    /// in `music`.
    pub areas: Vec<Area>,
    /// Texts that stand on it, within it.
    pub signs: Vec<Sign>,
    /// Figures that it brings with it.
    pub sprites: Option<MapSprites>,
    /// Files of sound, by the names that areas have for them, which end in what they are.
    pub music: BTreeMap<String, Arc<[u8]>>,
}

/// Figures that a map brings with it, beside those that clients have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapSprites {
    /// What there is. Whoever serves it gives the picture an address.
    pub sprites: Sprites,
    /// The picture, a PNG file.
    pub image: Arc<[u8]>,
}

/// Where things of a kind appear by themselves, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawner {
    pub kind: ItemKind,
    /// What people call one of its things.
    pub name: Arc<str>,
    /// Column and row of the upper left tile of a rectangle within the map.
    pub x: i32,
    pub y: i32,
    /// Columns and rows of it; at least 1.
    pub width: i32,
    pub height: i32,
    /// How many there are in each pile; at least 1.
    pub quantity: u32,
    /// Most of its piles that nobody has taken; at least 1.
    pub number: u32,
    /// From one pile to the next, seconds; at least 1.
    pub every_s: u32,
    /// It is the place of an item of the map, which is its first pile. Others begin with none.
    pub is_place: bool,
}

/// What can be done with the items of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemInfo {
    /// What one that lies in the world is called.
    pub name: Arc<str>,
    /// Health points it restores when used; 0: it is no food.
    pub heals: i32,
    /// The tile it becomes when it is placed.
    pub places: Option<u16>,
}

/// Pictures and properties of the tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapTileset {
    /// The picture: PNG files that are one picture when each is put below the one before.
    pub images: Vec<Arc<[u8]>>,
    /// Edge of a tile in the picture, pixels.
    pub tile_size: u32,
    /// Tiles in a row of the picture.
    pub columns: u32,
    /// By tile id; index 0 is the nothing tile.
    pub tiles: Vec<TileInfo>,
    /// Health points that standing on a tile costs every second, by tile id; absent is none.
    pub damage: BTreeMap<u16, i32>,
    /// Tiles whose picture changes by itself.
    pub animations: Vec<TileAnimation>,
    /// A hash of each tile's picture, by tile id, by which tiles are found again in an edited map;
    /// empty where nobody has looked at the picture.
    pub prints: Vec<u64>,
}

/// Something that stands in the world when it is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapObject {
    /// Its id in Tiled, by which it is known in a later edit of the map, or one that stands for it;
    /// 0 in maps that were stored before those were made.
    pub id: u32,
    /// What it is; never a player.
    pub kind: EntityKind,
    /// What people call it.
    pub name: Arc<str>,
    /// The sprite it is drawn with; for an item also its kind.
    pub look: Arc<str>,
    /// Where it stands.
    pub position: Position,
    /// For doors: whether it is open at first.
    pub open: bool,
    /// For items: how many, at least 1.
    pub quantity: u32,
    /// For NPCs: how far they wander from where they stand, tiles; 0 stays.
    pub wander: u8,
}

impl Spawner {
    /// The place of an item of the map, which lies there again so many seconds after it was taken.
    #[must_use]
    pub fn of_item(item: &MapObject, every_s: u32) -> Self {
        Self {
            kind: item.look.clone(),
            name: item.name.clone(),
            x: item.position.x,
            y: item.position.y,
            width: 1,
            height: 1,
            quantity: item.quantity,
            number: 1,
            every_s,
            is_place: true,
        }
    }

    /// Whether all of its tiles are on a map, and there are some.
    #[must_use]
    pub fn is_within(&self, map: &Map) -> bool {
        let has = |from: i32, count: i32, all: i32| {
            from >= 0 && count >= 1 && from.checked_add(count).is_some_and(|end| end <= all)
        };
        has(self.x, self.width, map.width) && has(self.y, self.height, map.height)
    }
}

impl MapTileset {
    /// Whether a tile is solid; true of tiles that do not exist.
    #[must_use]
    pub fn is_solid(&self, tile: u16) -> bool {
        self.tiles.get(usize::from(tile)).is_none_or(|info| info.solid)
    }
}

impl Map {
    /// Whether the tile there is solid, as drawn; also true everywhere outside the map.
    #[must_use]
    pub fn is_solid(&self, x: i32, y: i32) -> bool {
        self.index(x, y).is_none_or(|index| self.tileset.tiles[usize::from(self.tiles[index])].solid)
    }

    /// Health points that standing there costs every second, as drawn.
    #[must_use]
    pub fn damage(&self, x: i32, y: i32) -> i32 {
        self.index(x, y).map_or(0, |index| self.damage_of(self.tiles[index], Position { x, y }))
    }

    /// Where a step onto a tile leads to elsewhere.
    #[must_use]
    pub fn warp(&self, x: i32, y: i32) -> Option<Position> {
        self.warps.iter().find(|warp| warp.contains(x, y)).map(|warp| warp.to)
    }

    /// The kind of item that becomes a tile when it is placed.
    #[must_use]
    pub fn item_of_tile(&self, tile: u16) -> Option<&ItemKind> {
        self.items.iter().find(|(_, info)| info.places == Some(tile)).map(|(kind, _)| kind)
    }

    /// The objects that have an id in Tiled, by it; of two with one, the first.
    #[must_use]
    pub fn objects_by_id(&self) -> BTreeMap<u32, &MapObject> {
        let mut known = BTreeMap::new();
        for object in self.objects.iter().filter(|object| object.id != 0) {
            known.entry(object.id).or_insert(object);
        }
        known
    }

    /// Index of a place in the row-by-row lists; `None` outside the map.
    #[must_use]
    pub fn index(&self, x: i32, y: i32) -> Option<usize> {
        ((0..self.width).contains(&x) && (0..self.height).contains(&y)).then(|| (y * self.width + x) as usize)
    }
}
