//! What the files of a Tiled map say, before the game gives it a meaning; plain data.
//!
//! Templates are resolved, groups are flattened into their layers, infinite maps have the extent of
//! their chunks. Nothing is checked here against the rules of the game: [`crate::bake`] and the
//! checks read it.

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use crate::cells::Cells;

/// The three bits of a cell that say how its tile is turned; the rest is the global tile id.
pub const FLIP_HORIZONTALLY: u32 = 0x8000_0000;
pub const FLIP_VERTICALLY: u32 = 0x4000_0000;
pub const FLIP_DIAGONALLY: u32 = 0x2000_0000;
/// What is left of a cell without them, and without the bit of hexagonal maps.
pub const GID: u32 = 0x0fff_ffff;

/// Custom properties by name, as they are in effect: those of a class first, then the own ones.
pub type Properties = BTreeMap<String, Value>;

/// The value of a custom property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Red, green, blue, opacity.
    Color([u8; 4]),
    File(PathBuf),
    /// The id of an object.
    Object(u32),
    /// Members of a value of a custom class.
    Class(Properties),
}

/// How the cells of a map lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Orthogonal,
    Isometric,
    Staggered,
    Hexagonal,
    Oblique,
}

impl Orientation {
    /// As files say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Orthogonal => "orthogonal",
            Self::Isometric => "isometric",
            Self::Staggered => "staggered",
            Self::Hexagonal => "hexagonal",
            Self::Oblique => "oblique",
        }
    }
}

/// In which order the tiles of a layer are drawn, as far as they lie over one another: rightwards
/// and downwards unless it says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RenderOrder {
    pub leftwards: bool,
    pub upwards: bool,
}

/// A whole map.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The file it was read from.
    pub file: PathBuf,
    pub class: String,
    pub orientation: Orientation,
    /// Cell of the map's file that is the upper left one here; (0, 0) unless the map is infinite.
    pub origin: (i32, i32),
    /// Columns and rows.
    pub width: u32,
    pub height: u32,
    /// Pixels of a cell.
    pub tile_width: u32,
    pub tile_height: u32,
    pub background: Option<[u8; 4]>,
    pub render_order: RenderOrder,
    pub properties: Properties,
    /// In the order of their first ids.
    pub tilesets: Vec<Placed>,
    /// In the order in which they are drawn, without groups.
    pub layers: Vec<Layer>,
}

/// A tileset and where its ids begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub first_gid: u32,
    pub tileset: Tileset,
}

/// A tileset: one picture cut into tiles, or a picture for each tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Tileset {
    pub name: String,
    /// The file it stands in: its own, or that of the map.
    pub file: PathBuf,
    pub class: String,
    /// Pixels of a tile.
    pub tile_width: u32,
    pub tile_height: u32,
    /// Pixels around the picture's tiles and between them.
    pub margin: u32,
    pub spacing: u32,
    /// As the file says; old files do not, and then the picture decides.
    pub columns: Option<u32>,
    pub tile_count: Option<u32>,
    /// Pixels by which tiles are drawn farther right and down.
    pub offset: (i32, i32),
    /// Tiles fill the cell of the map instead of having their own size.
    pub fills_cell: bool,
    /// `None` for a collection of pictures.
    pub picture: Option<Picture>,
    pub properties: Properties,
    /// What is said of single tiles, by local id.
    pub tiles: BTreeMap<u32, Tile>,
}

/// A picture that is not decoded yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub source: PictureSource,
    /// The colour that stands for nothing.
    pub color_key: Option<[u8; 3]>,
    /// As the file says; only a hint.
    pub size: Option<(u32, u32)>,
}

/// Where a picture is.
#[derive(Debug, Clone, PartialEq)]
pub enum PictureSource {
    /// Path as it is to be asked for at [`crate::Files`].
    File(PathBuf),
    /// Within the file of the map or tileset.
    Inside(Vec<u8>),
}

/// What a tileset says of one tile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tile {
    pub class: String,
    pub properties: Properties,
    /// In a collection.
    pub picture: Option<Picture>,
    /// Part of the picture that is the tile: x, y, width, height.
    pub part: Option<(u32, u32, u32, u32)>,
    /// Empty for tiles that stand still.
    pub animation: Vec<Frame>,
    /// Shapes of Tiled's collision editor, in pixels of the tile.
    pub shapes: Vec<Object>,
}

/// One picture of an animation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Local id in the same tileset.
    pub tile: u32,
    pub duration_ms: u32,
}

/// A layer, with what its groups add to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    pub id: u32,
    pub name: String,
    pub class: String,
    /// Names of the groups around it, outermost first.
    pub groups: Vec<String>,
    /// Whether it and all its groups are shown.
    pub visible: bool,
    /// From 0 to 1, multiplied over its groups.
    pub opacity: f32,
    /// Multiplied over its groups; white when there is none.
    pub tint: [u8; 4],
    /// Pixels, summed over its groups.
    pub offset: (f64, f64),
    /// 1 moves with the map.
    pub parallax: (f64, f64),
    /// Other than normal.
    pub blend_mode: Option<String>,
    pub properties: Properties,
    pub content: Content,
}

/// What a layer holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// One cell for each of the map.
    Tiles(Cells),
    /// In the order in which they are drawn.
    Objects(Vec<Object>),
    /// A picture behind or before everything.
    Image { picture: Option<Picture>, repeats: (bool, bool) },
}

/// Something on an object layer, or a shape of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub id: u32,
    pub name: String,
    pub class: String,
    /// Pixels from the upper left corner of the drawing; of a tile object its lower left corner,
    /// whatever alignment its tileset has.
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    /// Degrees, clockwise around its place.
    pub rotation: f64,
    pub visible: bool,
    /// From 0 to 1.
    pub opacity: f32,
    /// A tile, flip bits included.
    pub gid: Option<u32>,
    pub shape: Shape,
    pub properties: Properties,
}

/// The outline of an object; points are pixels from its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Rectangle,
    Ellipse,
    Point,
    Polygon(Vec<(f64, f64)>),
    Polyline(Vec<(f64, f64)>),
    Text(String),
}

impl Drawing {
    /// The tileset and local id of a global one.
    #[must_use]
    pub fn tile(&self, gid: u32) -> Option<(&Placed, u32)> {
        let id = gid & GID;
        // It is asked for every different tile of a map, which may have hundreds of tilesets.
        let after = self.tilesets.partition_point(|placed| placed.first_gid <= id);
        let placed = self.tilesets.get(after.checked_sub(1)?)?;
        (id > 0).then(|| (placed, id - placed.first_gid))
    }
}
