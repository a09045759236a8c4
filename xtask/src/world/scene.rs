//! The map while it is drawn: terrain at the corners of tiles, and two big pictures, one of what
//! stands on the ground and one of what hangs over people's heads, with a name and a solidity for
//! every tile of the first. Cutting it into a tileset happens in `tileset`.

use super::canvas::{Canvas, TILE};
use super::terrain::Terrain;

/// Columns and rows of the map.
pub const EDGE: i32 = 128;

/// Something a builder would put in the object layer.
#[derive(Debug, Clone)]
pub struct Thing {
    /// npc, item, door or spawn.
    pub class: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Its sprite; empty for the spawn point.
    pub look: &'static str,
    pub x: i32,
    pub y: i32,
}

/// What a structure tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Its name in the tileset.
    pub name: &'static str,
    /// Nobody can stand on it.
    pub solid: bool,
}

/// One picture to be laid on the map, kept until all are known so that nearer things cover farther ones.
struct Stamp {
    /// Pixel row of its foot.
    foot: i32,
    picture: Canvas,
    x: i32,
    y: i32,
    over_heads: bool,
}

/// The map while it is drawn.
pub struct Scene {
    corners: Vec<Terrain>,
    marks: Vec<Option<Mark>>,
    stamps: Vec<Stamp>,
    /// In the order they were put.
    pub things: Vec<Thing>,
}

impl Scene {
    pub fn new() -> Self {
        Self {
            corners: vec![Terrain::Grass; ((EDGE + 1) * (EDGE + 1)) as usize],
            marks: vec![None; (EDGE * EDGE) as usize],
            stamps: Vec::new(),
            things: Vec::new(),
        }
    }

    /// The terrain at a corner, the nearest one outside the map.
    pub fn corner(&self, x: i32, y: i32) -> Terrain {
        self.corners[(y.clamp(0, EDGE) * (EDGE + 1) + x.clamp(0, EDGE)) as usize]
    }

    /// Sets the terrain at a corner.
    pub fn set_corner(&mut self, x: i32, y: i32, terrain: Terrain) {
        if (0..=EDGE).contains(&x) && (0..=EDGE).contains(&y) {
            self.corners[(y * (EDGE + 1) + x) as usize] = terrain;
        }
    }

    /// The corners of a tile: north-west, north-east, south-west, south-east.
    pub fn corners(&self, x: i32, y: i32) -> [Terrain; 4] {
        [self.corner(x, y), self.corner(x + 1, y), self.corner(x, y + 1), self.corner(x + 1, y + 1)]
    }

    /// Fills a rectangle of tiles.
    pub fn fill(&mut self, x: i32, y: i32, width: i32, height: i32, terrain: Terrain) {
        for row in y..=y + height {
            for column in x..=x + width {
                self.set_corner(column, row, terrain);
            }
        }
    }

    /// The mark of a tile.
    pub fn mark_at(&self, x: i32, y: i32) -> Option<Mark> {
        if (0..EDGE).contains(&x) && (0..EDGE).contains(&y) { self.marks[(y * EDGE + x) as usize] } else { None }
    }

    /// Says what the structure on a tile is.
    pub fn mark(&mut self, x: i32, y: i32, name: &'static str, solid: bool) {
        if (0..EDGE).contains(&x) && (0..EDGE).contains(&y) {
            self.marks[(y * EDGE + x) as usize] = Some(Mark { name, solid });
        }
    }

    /// Whether the ground itself stops people: water from one shore to the other.
    pub fn is_wet(&self, x: i32, y: i32) -> bool {
        self.corners(x, y).iter().filter(|corner| corner.is_water()).count() >= 3
    }

    /// Whether a tile is dry, unmarked and all of one of these terrains.
    pub fn is_free(&self, x: i32, y: i32, terrains: &[Terrain]) -> bool {
        self.mark_at(x, y).is_none() && self.corners(x, y).iter().all(|corner| terrains.contains(corner))
    }

    /// Draws on the layer under people. Position in pixels; `foot` is the row that decides what covers what.
    pub fn stand(&mut self, picture: Canvas, x: i32, y: i32, foot: i32) {
        self.stamps.push(Stamp { foot, picture, x, y, over_heads: false });
    }

    /// Draws on the layer over people's heads.
    pub fn hang(&mut self, picture: Canvas, x: i32, y: i32, foot: i32) {
        self.stamps.push(Stamp { foot, picture, x, y, over_heads: true });
    }

    /// Stands a picture of one tile's width or more on a tile, its foot at the tile's lower edge.
    pub fn stand_on(&mut self, picture: Canvas, x: i32, y: i32, name: &'static str, solid: bool) {
        let (left, top) = (x * TILE + (TILE - picture.width) / 2, (y + 1) * TILE - picture.height);
        self.mark(x, y, name, solid);
        self.stand(picture, left, top, (y + 1) * TILE);
    }

    /// As `stand_on`, with all that is higher than the tile over people's heads.
    pub fn tower_on(&mut self, picture: &Canvas, x: i32, y: i32, name: &'static str) {
        let split = picture.height - TILE;
        let (left, top) = (x * TILE + (TILE - picture.width) / 2, (y + 1) * TILE - picture.height);
        self.mark(x, y, name, true);
        self.stand(picture.cut(0, split, picture.width, TILE), left, top + split, (y + 1) * TILE);
        self.hang(picture.cut(0, 0, picture.width, split), left, top, (y + 1) * TILE);
    }

    /// Puts a thing on a tile.
    pub fn thing(&mut self, class: &'static str, name: &'static str, look: &'static str, x: i32, y: i32) {
        self.things.push(Thing { class, name, look, x, y });
    }

    /// The finished pictures: what stands, and what hangs over heads.
    pub fn pictures(&mut self) -> (Canvas, Canvas) {
        let size = EDGE * TILE;
        let (mut standing, mut hanging) = (Canvas::new(size, size), Canvas::new(size, size));
        self.stamps.sort_by_key(|stamp| stamp.foot);
        for stamp in &self.stamps {
            let layer = if stamp.over_heads { &mut hanging } else { &mut standing };
            layer.blit(&stamp.picture, stamp.x, stamp.y);
        }
        (standing, hanging)
    }
}
