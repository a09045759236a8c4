//! The tileset: ground tiles for the terrain brush first, then small things, then whole things side by side, and at the
//! end what the built-in world has of things that stand over one another.

use std::collections::{BTreeSet, HashMap};

use super::canvas::{Canvas, TILE};
use super::plants;
use super::props;
use super::scene::{EDGE, Mark, Scene};
use super::stamps::Stamp;
use super::terrain::{Ground, Terrain};

/// Tiles in a row of the picture: four of each terrain.
pub const COLUMNS: i32 = 4 * Terrain::ALL.len() as i32;

/// What one layer has on each place, row by row.
pub type Cells = Vec<Option<(Canvas, Mark)>>;

/// All tiles, by number.
pub struct Tileset {
    /// Tile id `n` is number `n - 1`; what is between whole things is nothing.
    pub tiles: Cells,
    known: HashMap<(Vec<u8>, Mark), u16>,
    /// Ids of ground tiles, and the terrains at their corners.
    pub corners: Vec<(u16, [Terrain; 4])>,
    /// Ids of fences, and the sides to which they go on: north, east, south, west.
    pub fences: Vec<(u16, [bool; 4])>,
}

/// The map as numbers; 0 is nothing.
pub struct Tiled {
    pub ground: Vec<u16>,
    pub structures: Vec<u16>,
    pub canopy: Vec<u16>,
}

pub fn places() -> impl Iterator<Item = (i32, i32)> {
    (0..EDGE).flat_map(|y| (0..EDGE).map(move |x| (x, y)))
}

/// What stands on each place of a scene, and what hangs over it.
pub fn cells(scene: &mut Scene) -> (Cells, Cells) {
    let (standing, hanging) = scene.pictures();
    let structures = places()
        .map(|(x, y)| {
            let picture = standing.cut(x * TILE, y * TILE, TILE, TILE);
            let mark = scene.mark_at(x, y);
            if mark.is_none() && picture.is_clear() {
                return None;
            }
            Some((picture, mark.unwrap_or(Mark { name: "shade", solid: scene.is_wet(x, y) })))
        })
        .collect();
    let canopy = places()
        .map(|(x, y)| {
            let picture = hanging.cut(x * TILE, y * TILE, TILE, TILE);
            (!picture.is_clear()).then_some((picture, Mark { name: "canopy", solid: false }))
        })
        .collect();
    (structures, canopy)
}

fn is_wet(corners: [Terrain; 4]) -> bool {
    corners.iter().filter(|corner| corner.is_water()).count() >= 3
}

/// How often the ground between these corners repeats, tiles.
fn repeat(corners: [Terrain; 4]) -> i32 {
    if corners.iter().all(|corner| *corner == corners[0]) { 4 } else { 2 }
}

/// A tile is called after the terrain most of its corners are of, the upper one of two.
fn ground_name(corners: [Terrain; 4]) -> &'static str {
    let count = |terrain: Terrain| corners.iter().filter(|corner| **corner == terrain).count();
    let most = Terrain::ALL.into_iter().max_by_key(|terrain| (count(*terrain), *terrain));
    most.unwrap_or(Terrain::Grass).name()
}

/// Terrains that meet, lowest first; then the row and column of the pattern, then the corners.
type Meeting = (usize, Vec<Terrain>, (i32, i32), [Terrain; 4]);

fn meeting(corners: [Terrain; 4], x: i32, y: i32) -> Meeting {
    let met: BTreeSet<Terrain> = corners.into_iter().collect();
    let phase = (y.rem_euclid(repeat(corners)), x.rem_euclid(repeat(corners)));
    (met.len(), met.into_iter().collect(), phase, corners)
}

impl Tileset {
    /// Everything but what the world has of things over one another.
    pub fn new(world: &Scene, stamps: &mut [Stamp]) -> Self {
        let mut tileset = Self { tiles: Vec::new(), known: HashMap::new(), corners: Vec::new(), fences: Vec::new() };
        tileset.plain_ground();
        tileset.meeting_ground(world);
        tileset.small_things();
        tileset.whole_things(stamps);
        tileset
    }

    /// The world in numbers; what is not there yet comes to the end.
    pub fn number(&mut self, world: &mut Scene) -> Tiled {
        let painter = Ground::new();
        let ground = places().map(|(x, y)| self.ground_id(&painter, world.corners(x, y), x, y)).collect();
        let (structures, canopy) = cells(world);
        let mut ids = |cells: Cells| -> Vec<u16> {
            cells.into_iter().map(|cell| cell.map_or(0, |(picture, mark)| self.id_of(picture, mark))).collect()
        };
        Tiled { ground, structures: ids(structures), canopy: ids(canopy) }
    }

    fn ground_id(&self, painter: &Ground, corners: [Terrain; 4], x: i32, y: i32) -> u16 {
        let picture = painter.tile(corners, x, y);
        let mark = Mark { name: ground_name(corners), solid: is_wet(corners) };
        self.known[&(picture.pixels, mark)]
    }

    fn id_of(&mut self, picture: Canvas, mark: Mark) -> u16 {
        match self.known.get(&(picture.pixels.clone(), mark)) {
            Some(id) => *id,
            None => self.put(self.tiles.len(), picture, mark),
        }
    }

    fn put(&mut self, index: usize, picture: Canvas, mark: Mark) -> u16 {
        if self.tiles.len() <= index {
            self.tiles.resize(index + 1, None);
        }
        let id = index as u16 + 1;
        self.known.entry((picture.pixels.clone(), mark)).or_insert(id);
        assert!(self.tiles[index].replace((picture, mark)).is_none(), "two tiles at {index}");
        id
    }

    fn end_row(&mut self) {
        self.tiles.resize(self.tiles.len().next_multiple_of(COLUMNS as usize), None);
    }

    fn put_ground(&mut self, painter: &Ground, index: usize, corners: [Terrain; 4], x: i32, y: i32) {
        let mark = Mark { name: ground_name(corners), solid: is_wet(corners) };
        let id = self.put(index, painter.tile(corners, x, y), mark);
        self.corners.push((id, corners));
    }

    fn plain_ground(&mut self) {
        let painter = Ground::new();
        for (block, terrain) in Terrain::ALL.into_iter().enumerate() {
            for (y, x) in (0..4).flat_map(|y| (0..4).map(move |x| (y, x))) {
                let index = (y * COLUMNS + block as i32 * 4 + x) as usize;
                self.put_ground(&painter, index, [terrain; 4], x, y);
            }
        }
    }

    /// All ways in which two terrains meet, and the ways in which more do in the world.
    fn meeting_ground(&mut self, world: &Scene) {
        let mut meetings: BTreeSet<Meeting> = places().map(|(x, y)| meeting(world.corners(x, y), x, y)).collect();
        for (index, one) in Terrain::ALL.into_iter().enumerate() {
            for other in Terrain::ALL.into_iter().skip(index + 1) {
                let ways =
                    (1..15).map(|way| [0, 1, 2, 3].map(|corner| if way >> corner & 1 == 0 { one } else { other }));
                meetings.extend(ways.map(|corners| meeting(corners, 0, 0)));
            }
        }
        let painter = Ground::new();
        for (count, _, (y, x), corners) in meetings {
            if count > 1 {
                self.put_ground(&painter, self.tiles.len(), corners, x, y);
            }
        }
        self.end_row();
    }

    /// What fits on one tile.
    fn small_things(&mut self) {
        for sides in 0..16 {
            let sides = [0, 1, 2, 3].map(|side| sides >> side & 1 == 1);
            let id = self.put(self.tiles.len(), props::fence(sides), Mark { name: "fence", solid: true });
            self.fences.push((id, sides));
        }
        let mut list: Vec<(Canvas, &'static str, bool)> = Vec::new();
        // What a carrot becomes in the ground is the first of its class, so it comes first.
        list.extend([2, 0, 1].map(|kind| (props::crops(kind), "crops", false)));
        list.extend((0..4).map(|variant| (plants::bush(variant), "bush", true)));
        list.extend((0..3).flat_map(|size| (0..3).map(move |kind| (plants::boulder(size, kind), "boulder", true))));
        list.push((plants::stump(), "stump", true));
        list.extend((0..2).map(|variant| (plants::mushrooms(variant), "meadow", false)));
        list.extend((0..3).map(|variant| (plants::high_grass(variant), "meadow", false)));
        list.extend((0..5).flat_map(|colour| (0..4).map(move |kind| (plants::flowers(colour, kind), "meadow", false))));
        list.extend((0..3).map(|variant| (plants::lily_pads(variant), "water", true)));
        for (picture, name, solid) in list {
            self.put(self.tiles.len(), picture, Mark { name, solid });
        }
        self.end_row();
    }

    /// The layers of whole things as rectangles, high ones first, each on the first shelf that has room.
    fn whole_things(&mut self, stamps: &mut [Stamp]) {
        let mut blocks: Vec<(i32, i32, usize, usize)> = Vec::new();
        for (number, stamp) in stamps.iter().enumerate() {
            for (layer, rect) in stamp.layers().into_iter().enumerate() {
                blocks.extend(rect.map(|[_, _, width, height]| (height, width, number, layer)));
            }
        }
        blocks.sort_by_key(|(height, ..)| -height);
        let mut next_row = self.tiles.len() as i32 / COLUMNS;
        // Row, height, and the first free column of each.
        let mut shelves: Vec<(i32, i32, i32)> = Vec::new();
        for (height, width, number, layer) in blocks {
            let fits = |shelf: &&mut (i32, i32, i32)| shelf.1 == height && shelf.2 + width <= COLUMNS;
            let (row, column) = match shelves.iter_mut().find(fits) {
                Some(shelf) => {
                    shelf.2 += width;
                    (shelf.0, shelf.2 - width)
                }
                None => {
                    shelves.push((next_row, height, width));
                    next_row += height;
                    (next_row - height, 0)
                }
            };
            self.put_block(&mut stamps[number], layer, row, column);
        }
        self.tiles.resize((next_row * COLUMNS) as usize, None);
    }

    fn put_block(&mut self, stamp: &mut Stamp, layer: usize, row: i32, column: i32) {
        let Some([left, top, width, height]) = stamp.layers()[layer] else { return };
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let cell = ((top + y) * stamp.width + left + x) as usize;
            if let Some((picture, mark)) = stamp.cells[layer][cell].clone() {
                let index = ((row + y) * COLUMNS + column + x) as usize;
                stamp.ids[layer][cell] = self.put(index, picture, mark);
            }
        }
    }

    /// All tiles in one picture.
    pub fn picture(&self) -> Canvas {
        let rows = (self.tiles.len() as i32 + COLUMNS - 1) / COLUMNS;
        let mut picture = Canvas::new(COLUMNS * TILE, rows * TILE);
        for (index, tile) in self.tiles.iter().enumerate() {
            if let Some((tile, _)) = tile {
                picture.blit(tile, index as i32 % COLUMNS * TILE, index as i32 / COLUMNS * TILE);
            }
        }
        picture
    }
}
