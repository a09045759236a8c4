//! Why a map does not load, in words that say to its author what to change in Tiled.

use std::io;
use std::path::PathBuf;

use super::drawn::{MAP_EDGE_MAX, SPAWNERS_MAX, WARPS_MAX};

/// Why a map does not load. Coordinates are tiles from the top left corner, as Tiled's status bar
/// shows them.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// A file is missing, or is not what it should be.
    #[error("cannot load the map {path}: check that it and the tileset it refers to are there and open in Tiled")]
    Load {
        path: PathBuf,
        /// What the system or the parser says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The tileset's picture cannot be read.
    #[error("cannot read the tileset picture {path}: put the PNG there, or choose it again in Tiled's tileset editor")]
    Picture {
        /// Where it was looked for.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Isometric, hexagonal or staggered.
    #[error("the map is not orthogonal: set Map > Map Properties > Orientation to Orthogonal")]
    NotOrthogonal,
    /// No fixed size.
    #[error("the map is infinite: switch off Map > Map Properties > Infinite")]
    Infinite,
    /// Empty, or larger than the server takes.
    #[error(
        "the map is {width} x {height} tiles, at most {MAP_EDGE_MAX} x {MAP_EDGE_MAX} are possible: use Map > Resize Map"
    )]
    Size { width: u32, height: u32 },
    /// A tile layer is not stored as text.
    #[error("a tile layer is not stored as CSV: set Map > Map Properties > Tile Layer Format to CSV and save")]
    NotCsv,
    /// A tile layer holds more or fewer cells than the map.
    #[error(
        "a tile layer holds {found} cells, the map has {expected}: the file was cut or edited by hand, save it again from Tiled"
    )]
    CellCount {
        /// Columns times rows of the map.
        expected: usize,
        /// Cells in the layer.
        found: usize,
    },
    /// A layer that must be there is not.
    #[error("the map has no layer named \"{name}\": add one with Layer > New, or rename yours")]
    LayerMissing { name: &'static str },
    /// Two layers with the same name.
    #[error("the map has more than one layer named \"{name}\": merge them with Layer > Merge Layer Down")]
    LayerTwice { name: String },
    /// A layer whose content would be lost.
    #[error(
        "the layer \"{name}\" is not used: name it ground, structures or canopy (tile layers) or objects (object layer), or delete it"
    )]
    LayerUnknown { name: String },
    /// A layer of tiles in place of a layer of objects, or the other way round.
    #[error(
        "the layer \"{name}\" is of the wrong kind: ground, structures and canopy are tile layers, objects is an object layer"
    )]
    LayerKind { name: String },
    /// A cell of the ground is empty.
    #[error("the ground layer is empty at {x}, {y}: every cell needs a ground tile")]
    GroundMissing { x: i32, y: i32 },
    /// None, or more than one.
    #[error(
        "the map uses {count} tilesets, exactly one is possible: copy the tiles into one picture and remove the others"
    )]
    Tilesets {
        /// How many there are.
        count: usize,
    },
    /// Every tile has a picture of its own.
    #[error("the tileset \"{name}\" is a collection of images: make one of type \"Based on Tileset Image\"")]
    ImageCollection { name: String },
    /// Tiles that are not plain squares side by side.
    #[error(
        "the tileset \"{name}\" has tiles that are not square, not of the map's tile size, or not side by side: use square tiles, margin 0 and spacing 0"
    )]
    TileShape { name: String },
    /// More kinds of tiles than ids.
    #[error("the tileset \"{name}\" has {count} tiles, 1 to 65535 are possible: use a picture of another size")]
    TileCount { name: String, count: u32 },
    /// Clients can only show PNG.
    #[error("the tileset picture {path} is not a PNG: export it as PNG and choose it again in Tiled's tileset editor")]
    NotPng { path: PathBuf },
    /// The picture does not hold the tiles.
    #[error(
        "the tileset picture {path} is {width} x {height} pixels and does not hold the tileset's tiles: reload it in Tiled and save"
    )]
    PictureSize { path: PathBuf, width: u32, height: u32 },
    /// The `solid` property is not a switch.
    #[error(
        "tile {tile} of the tileset has a property \"solid\" that is not of type bool: remove it and add it again as bool"
    )]
    SolidNotBool {
        /// Number of the tile in the tileset, from 0, as Tiled shows it.
        tile: u32,
    },
    /// The `damage` property is no number of health points.
    #[error(
        "tile {tile} of the tileset has a property \"damage\" that is not an int of at least 1: remove it and add it again as int"
    )]
    DamageNotInt {
        /// Number of the tile in the tileset, from 0, as Tiled shows it.
        tile: u32,
    },
    /// Two kinds of items become this tile, so taking it away would be ambiguous.
    #[error(
        "the items \"{}\" and \"{}\" both become tile {tile} when they are placed: give each a tile of its own",
        kinds[0],
        kinds[1]
    )]
    PlacedTwice {
        /// The tile's id in the game, one more than its number in Tiled.
        tile: u16,
        kinds: [String; 2],
    },
    /// Two objects of one kind disagree.
    #[error(
        "object {id} says other things of the item kind \"{kind}\" than an object before it: make the properties heals and places the same, or leave them out"
    )]
    ItemDiffers {
        /// Its id, as Tiled shows it.
        id: u32,
        /// The kind, which is its look.
        kind: String,
    },
    /// Clients draw tiles as they are in the picture.
    #[error(
        "the tile at {x}, {y} of layer \"{layer}\" is flipped or rotated: place it again without pressing X, Y or Z"
    )]
    Flipped {
        /// The layer.
        layer: String,
        x: i32,
        y: i32,
    },
    /// A tile id beyond the tileset.
    #[error(
        "the tile at {x}, {y} of layer \"{layer}\" is not in the tileset: the picture has become smaller; place another tile"
    )]
    TileUnknown {
        /// The layer.
        layer: String,
        x: i32,
        y: i32,
    },
    /// An object of no known class.
    #[error(
        "object {id} (\"{name}\") has the class \"{class}\": set its Class to npc, item, door, warp, spawner, area or spawn"
    )]
    ObjectClass {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// Its class.
        class: String,
    },
    /// An object beyond the edge.
    #[error("object {id} (\"{name}\") lies outside the map: move it onto a tile")]
    ObjectOutside {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
    },
    /// A property is missing or of the wrong type.
    #[error("object {id} (\"{name}\") needs the property \"{property}\" as {wanted}: add it under Custom Properties")]
    ObjectProperty {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The property.
        property: &'static str,
        /// Type and range.
        wanted: &'static str,
    },
    /// None, or more than one.
    #[error("the map has {count} objects of class spawn, exactly one is needed: it is where new characters appear")]
    Spawns {
        /// How many there are.
        count: usize,
    },
    /// Whoever opens the tile would open one of them.
    #[error(
        "object {id} (\"{name}\") of layer \"{layer}\" is a door at {x}, {y}, where object {other} is one already: move one of the two to another tile, or delete it"
    )]
    DoorTwice {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The layer of both.
        layer: &'static str,
        /// The id of the one before it.
        other: u32,
        x: i32,
        y: i32,
    },
    /// It could be opened, and nobody could walk through it.
    #[error(
        "object {id} (\"{name}\") of layer \"{layer}\" is a door at {x}, {y}, on a solid tile of layer \"{under}\": move the door, or put a tile there that is not solid"
    )]
    DoorOnSolid {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The layer of the door.
        layer: &'static str,
        /// The layer of the tile.
        under: &'static str,
        x: i32,
        y: i32,
    },
    /// No door is ever closed on somebody.
    #[error(
        "object {id} (\"{name}\") of layer \"{layer}\" is a closed door at {x}, {y}, where object {other} of class npc stands: move one of the two to another tile, or set the door's property \"open\""
    )]
    DoorClosedOn {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The layer of both.
        layer: &'static str,
        /// The id of who stands there.
        other: u32,
        x: i32,
        y: i32,
    },
    /// New characters would appear in it, closed or not.
    #[error(
        "object {id} (\"{name}\") of layer \"{layer}\" is a door at {x}, {y}, where object {other} of class spawn is: move one of the two to another tile"
    )]
    DoorOnSpawn {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The layer of both.
        layer: &'static str,
        /// The id of the spawn point.
        other: u32,
        x: i32,
        y: i32,
    },
    /// It would lead nowhere.
    #[error(
        "object {id} (\"{name}\") is a warp to {x}, {y}, {what}: set its properties to_x and to_y to a tile where one can stand"
    )]
    WarpTarget {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// What is wrong there.
        what: &'static str,
        x: i32,
        y: i32,
    },
    /// It would lead on and on.
    #[error(
        "object {id} (\"{name}\") is a warp to {x}, {y}, where object {other} of class warp lies: set its properties to_x and to_y to a tile beside that"
    )]
    WarpChain {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The id of the one it leads to, which may be itself.
        other: u32,
        x: i32,
        y: i32,
    },
    /// A step would lead to two places.
    #[error(
        "object {id} (\"{name}\") is a warp and lies over object {other}, which is one as well: move one of the two or make it smaller"
    )]
    WarpTwice {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The id of the one before it.
        other: u32,
    },
    /// New characters would appear on it.
    #[error(
        "object {id} (\"{name}\") is a warp and lies over object {other} of class spawn: move one of the two to another tile"
    )]
    WarpOnSpawn {
        /// Its id, as Tiled shows it.
        id: u32,
        name: String,
        /// The id of the spawn point.
        other: u32,
    },
    /// More than the server takes.
    #[error("the map has {count} objects of class warp, at most {WARPS_MAX} are possible: delete some")]
    WarpsMany {
        /// How many there are.
        count: usize,
    },
    /// More than the server takes.
    #[error(
        "the map has {count} objects of class spawner and items with the property respawn, at most {SPAWNERS_MAX} are possible: delete some"
    )]
    SpawnersMany {
        /// How many there are.
        count: usize,
    },
    /// New characters would be stuck.
    #[error("the spawn point at {x}, {y} lies on a solid tile: move it to a place where one can stand")]
    SpawnSolid { x: i32, y: i32 },
}
