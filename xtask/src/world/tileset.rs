//! Cuts a finished scene into tiles and keeps every different one once. Tile numbers follow the
//! order of first use, ground first, so the same scene always gives the same tileset.

use std::collections::HashMap;

use super::canvas::{Canvas, TILE};
use super::scene::{EDGE, Mark, Scene};
use super::terrain::{Ground, Terrain};

/// Tiles in a row of the picture.
pub const COLUMNS: i32 = 32;

/// The map as numbers, and the tiles they stand for.
pub struct Tiled {
    /// Every different tile; tile id `n` is number `n - 1`.
    pub tiles: Vec<(Canvas, Mark)>,
    /// Ids, row by row.
    pub ground: Vec<u16>,
    /// Ids, 0 for nothing.
    pub structures: Vec<u16>,
    /// Ids, 0 for nothing.
    pub canopy: Vec<u16>,
}

/// Cuts a scene into tiles.
pub fn cut(scene: &mut Scene) -> Tiled {
    let mut tiles = Vec::new();
    let mut known: HashMap<(Vec<u8>, Mark), u16> = HashMap::new();
    let mut id_of = |picture: Canvas, mark: Mark| {
        *known.entry((picture.pixels.clone(), mark)).or_insert_with(|| {
            tiles.push((picture, mark));
            tiles.len() as u16
        })
    };
    let places = || (0..EDGE).flat_map(|y| (0..EDGE).map(move |x| (x, y)));
    let painter = Ground::new();
    let ground = places()
        .map(|(x, y)| {
            let corners = scene.corners(x, y);
            let mark = Mark { name: ground_name(corners), solid: scene.is_wet(x, y) };
            id_of(painter.tile(corners, x, y), mark)
        })
        .collect();
    let (standing, hanging) = scene.pictures();
    let structures = places()
        .map(|(x, y)| {
            let picture = standing.cut(x * TILE, y * TILE, TILE, TILE);
            match scene.mark_at(x, y) {
                None if picture.is_clear() => 0,
                mark => id_of(picture, mark.unwrap_or(Mark { name: "shade", solid: scene.is_wet(x, y) })),
            }
        })
        .collect();
    let canopy = places()
        .map(|(x, y)| {
            let picture = hanging.cut(x * TILE, y * TILE, TILE, TILE);
            if picture.is_clear() { 0 } else { id_of(picture, Mark { name: "canopy", solid: false }) }
        })
        .collect();
    Tiled { tiles, ground, structures, canopy }
}

/// A tile is called after the terrain most of its corners are of, the upper one of two.
fn ground_name(corners: [Terrain; 4]) -> &'static str {
    let count = |terrain: Terrain| corners.iter().filter(|corner| **corner == terrain).count();
    let most = Terrain::ALL.into_iter().max_by_key(|terrain| (count(*terrain), *terrain));
    most.unwrap_or(Terrain::Grass).name()
}

/// All tiles in one picture.
pub fn picture(tiles: &[(Canvas, Mark)]) -> Canvas {
    let rows = (tiles.len() as i32 + COLUMNS - 1) / COLUMNS;
    let mut picture = Canvas::new(COLUMNS * TILE, rows * TILE);
    for (index, (tile, _)) in tiles.iter().enumerate() {
        picture.blit(tile, index as i32 % COLUMNS * TILE, index as i32 / COLUMNS * TILE);
    }
    picture
}

impl Tiled {
    /// The whole map as one picture, for people to look at.
    pub fn overview(&self) -> Canvas {
        let mut picture = Canvas::new(EDGE * TILE, EDGE * TILE);
        for layer in [&self.ground, &self.structures, &self.canopy] {
            for (index, id) in layer.iter().enumerate().filter(|(_, id)| **id != 0) {
                let (x, y) = (index as i32 % EDGE, index as i32 / EDGE);
                picture.blit(&self.tiles[usize::from(*id) - 1].0, x * TILE, y * TILE);
            }
        }
        picture
    }
}
