//! The static world of GET /api/map, and what can be walked on. Tiles that changed since are laid
//! over it by the caller.

use std::collections::BTreeMap;

use tilemud_schema::Position;
use tilemud_schema::rest::{Area, TileFrame, WorldMap};

use super::squares::Squares;

/// Edge of the largest world accepted, tiles.
const EDGE_MAX: i32 = 4096;

/// Tiles that differ from the static world, by (x, y).
pub type ChangedTiles = BTreeMap<(i32, i32), u16>;

/// The static world with its tile properties by id. Of its tiles it holds the sections around one
/// place; of a map that came with all of its tiles, all.
#[derive(Debug, Clone)]
pub struct Terrain {
    /// Without tiles.
    map: WorldMap,
    squares: Squares,
    solid: Vec<bool>,
    liquid: Vec<bool>,
    /// By tile id.
    moving: BTreeMap<u16, Vec<TileFrame>>,
}

impl Terrain {
    /// Takes a map whose layers, or sections, have the size it claims; `None` otherwise.
    #[must_use]
    pub fn new(mut map: WorldMap) -> Option<Self> {
        let edge = 1..=EDGE_MAX;
        if !edge.contains(&map.width) || !edge.contains(&map.height) || map.tileset.columns == 0 {
            return None;
        }
        let squares = Squares::of(&mut map)?;
        let ids = map.tileset.tiles.iter().map(|tile| usize::from(tile.id)).max().unwrap_or(0) + 1;
        let mut solid = vec![false; ids];
        let mut liquid = vec![false; ids];
        for tile in &map.tileset.tiles {
            solid[usize::from(tile.id)] = tile.solid;
            liquid[usize::from(tile.id)] = tile.name.contains("water");
        }
        // Nothing to stand on.
        solid[0] = true;
        // Of several the smallest one decides, and is met first.
        map.areas.sort_by_key(Area::size);
        let animations = map.tileset.animations.iter();
        let moving = animations.map(|animation| (animation.tile, animation.frames.clone())).collect();
        Some(Self { map, squares, solid, liquid, moving })
    }

    /// What the server sent, without tiles.
    #[must_use]
    pub fn map(&self) -> &WorldMap {
        &self.map
    }

    /// The sections of its tiles.
    #[must_use]
    pub fn squares(&self) -> &Squares {
        &self.squares
    }

    pub fn squares_mut(&mut self) -> &mut Squares {
        &mut self.squares
    }

    #[must_use]
    pub fn size(&self) -> (i32, i32) {
        (self.map.width, self.map.height)
    }

    /// Whether (x, y) is in the world.
    #[must_use]
    pub fn contains(&self, x: i32, y: i32) -> bool {
        (0..self.map.width).contains(&x) && (0..self.map.height).contains(&y)
    }

    /// The tile that decided what (x, y) was when the world was new; `None` outside of what is
    /// here.
    #[must_use]
    pub fn drawn(&self, x: i32, y: i32) -> Option<u16> {
        self.squares.find(x, y).map(|(section, index)| section.tiles[index])
    }

    /// The tile that decides what (x, y) is; 0 outside of what is here.
    #[must_use]
    pub fn tile(&self, x: i32, y: i32, changed: &ChangedTiles) -> u16 {
        changed.get(&(x, y)).copied().or_else(|| self.drawn(x, y)).unwrap_or(0)
    }

    /// The ground under the structures at (x, y); 0 outside of what is here.
    #[must_use]
    pub fn ground(&self, x: i32, y: i32) -> u16 {
        let found = self.squares.find(x, y);
        found.map_or(0, |(section, index)| section.ground.as_ref().unwrap_or(&section.tiles)[index])
    }

    /// What hangs over the characters at (x, y); 0 is nothing.
    #[must_use]
    pub fn canopy(&self, x: i32, y: i32) -> u16 {
        self.squares.find(x, y).map_or(0, |(section, index)| section.canopy.as_ref().map_or(0, |canopy| canopy[index]))
    }

    /// Whether the tile at (x, y) can be stood on; also where it is not known yet, as the server
    /// decides.
    #[must_use]
    pub fn walkable(&self, x: i32, y: i32, changed: &ChangedTiles) -> bool {
        let tile = changed.get(&(x, y)).copied().or_else(|| self.drawn(x, y));
        let is_solid = |tile: u16| self.solid.get(usize::from(tile)).copied().unwrap_or(true);
        self.contains(x, y) && !tile.is_some_and(is_solid)
    }

    /// Where a step onto (x, y) leads to elsewhere in the world.
    #[must_use]
    pub fn warp(&self, x: i32, y: i32) -> Option<Position> {
        self.map.warps.iter().find(|warp| warp.contains(x, y)).map(|warp| warp.to)
    }

    /// The areas that (x, y) is in, the smallest first.
    pub fn areas(&self, x: i32, y: i32) -> impl Iterator<Item = &Area> {
        self.map.areas.iter().filter(move |area| area.contains(x, y))
    }

    /// Whether a tile id is water, which glitters.
    #[must_use]
    pub fn is_liquid(&self, tile: u16) -> bool {
        self.liquid.get(usize::from(tile)).copied().unwrap_or(false)
    }

    /// The tile whose picture a tile shows at this time.
    #[must_use]
    pub fn shown(&self, tile: u16, now_s: f64) -> u16 {
        let Some(frames) = self.moving.get(&tile) else { return tile };
        let all_ms: u64 = frames.iter().map(|frame| u64::from(frame.ms)).sum();
        let mut left_ms = ((now_s.max(0.0) * 1_000.0) as u64).checked_rem(all_ms).unwrap_or(0);
        for frame in frames {
            match left_ms.checked_sub(frame.ms.into()) {
                Some(rest) => left_ms = rest,
                None => return frame.tile,
            }
        }
        tile
    }

    /// Where new characters appear.
    #[must_use]
    pub fn spawn(&self) -> Position {
        self.map.spawn
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use tilemud_schema::rest::{TileAnimation, TileInfo, Tileset};

    use super::*;

    /// A map drawn with `#` for solid and anything else for floor.
    pub fn terrain(rows: &[&str]) -> Terrain {
        Terrain::new(drawn(rows)).expect("a good map")
    }

    /// The same as the server sends it.
    pub fn drawn(rows: &[&str]) -> WorldMap {
        let tiles: Vec<u16> = rows.iter().flat_map(|row| row.chars().map(|c| if c == '#' { 2 } else { 1 })).collect();
        let info = |id: u16, name: &str, solid| TileInfo { id, name: name.to_owned(), solid };
        WorldMap {
            name: "test".to_owned(),
            width: rows[0].len() as i32,
            height: rows.len() as i32,
            chunk_size: 16,
            ground: tiles.clone(),
            canopy: vec![0; tiles.len()],
            tiles,
            sections: None,
            tileset: Tileset {
                image: "/tiles.png".to_owned(),
                more_images: Vec::new(),
                tile_size: 16,
                columns: 8,
                tiles: vec![info(0, "nothing", false), info(1, "grass", false), info(2, "wall", true)],
                animations: Vec::new(),
            },
            spawn: Position { x: 1, y: 1 },
            warps: Vec::new(),
            areas: Vec::new(),
            signs: Vec::new(),
            sprites: None,
        }
    }

    #[test]
    fn a_tile_that_moves_shows_its_pictures_in_turn_and_others_themselves() {
        let mut map = drawn(&["..#"]);
        let frame = |tile, ms| TileFrame { tile, ms };
        let frames = vec![frame(2, 100), frame(1, 50), frame(7, 50)];
        map.tileset.animations = vec![TileAnimation { tile: 1, frames }, TileAnimation { tile: 2, frames: Vec::new() }];
        let terrain = Terrain::new(map).unwrap();
        let shown = |now_s| terrain.shown(1, now_s);
        assert_eq!([0.0, 0.099, 0.1, 0.149, 0.15, 0.199, 0.2, 7.31].map(shown), [2, 2, 1, 1, 7, 7, 2, 1]);
        assert_eq!([terrain.shown(2, 0.1), terrain.shown(3, 0.1)], [2, 3]);
    }

    #[test]
    fn outside_and_walls_cannot_be_walked_on() {
        let terrain = terrain(&["..#", "..."]);
        let changed = ChangedTiles::new();
        assert!(terrain.walkable(0, 0, &changed));
        assert!(!terrain.walkable(2, 0, &changed));
        assert!(!terrain.walkable(-1, 0, &changed));
        assert!(!terrain.walkable(0, 2, &changed));
    }

    #[test]
    fn a_changed_tile_decides_over_the_static_one() {
        let terrain = terrain(&["..#"]);
        let changed = ChangedTiles::from([((2, 0), 1), ((0, 0), 2)]);
        assert!(terrain.walkable(2, 0, &changed));
        assert!(!terrain.walkable(0, 0, &changed));
    }

    #[test]
    fn a_map_that_lies_about_its_size_is_refused() {
        let mut map = drawn(&["...", "..."]);
        map.height = 3;
        assert!(Terrain::new(map).is_none());
    }
}
