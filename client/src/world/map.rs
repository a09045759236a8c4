//! The static world of GET /api/world, and what can be walked on. Read-only once loaded; tiles that
//! changed since are laid over it by the caller.

use std::collections::BTreeMap;

use tilemud_schema::Position;
use tilemud_schema::rest::{Area, TileFrame, WorldMap};

/// Edge of the largest world accepted, tiles.
const EDGE_MAX: i32 = 4096;

/// Tiles that differ from the static world, by (x, y).
pub type ChangedTiles = BTreeMap<(i32, i32), u16>;

/// The static world with its tile properties by id.
#[derive(Debug, Clone)]
pub struct Terrain {
    map: WorldMap,
    solid: Vec<bool>,
    liquid: Vec<bool>,
    /// By tile id.
    moving: BTreeMap<u16, Vec<TileFrame>>,
}

impl Terrain {
    /// Takes a map whose layers have the size it claims; `None` otherwise.
    #[must_use]
    pub fn new(mut map: WorldMap) -> Option<Self> {
        let edge = 1..=EDGE_MAX;
        if !edge.contains(&map.width) || !edge.contains(&map.height) || map.tileset.columns == 0 {
            return None;
        }
        let area = usize::try_from(map.width * map.height).ok()?;
        if [&map.tiles, &map.ground, &map.canopy].iter().any(|layer| layer.len() != area) {
            return None;
        }
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
        Some(Self { map, solid, liquid, moving })
    }

    /// What the server sent.
    #[must_use]
    pub fn map(&self) -> &WorldMap {
        &self.map
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

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        self.contains(x, y).then(|| usize::try_from(y * self.map.width + x).ok()).flatten()
    }

    /// The tile that decides what (x, y) is; 0 outside.
    #[must_use]
    pub fn tile(&self, x: i32, y: i32, changed: &ChangedTiles) -> u16 {
        match changed.get(&(x, y)) {
            Some(tile) => *tile,
            None => self.index(x, y).map_or(0, |index| self.map.tiles[index]),
        }
    }

    /// The ground under the structures at (x, y); 0 outside.
    #[must_use]
    pub fn ground(&self, x: i32, y: i32) -> u16 {
        self.index(x, y).map_or(0, |index| self.map.ground[index])
    }

    /// What hangs over the characters at (x, y); 0 is nothing.
    #[must_use]
    pub fn canopy(&self, x: i32, y: i32) -> u16 {
        self.index(x, y).map_or(0, |index| self.map.canopy[index])
    }

    /// Whether the tile at (x, y) can be stood on.
    #[must_use]
    pub fn walkable(&self, x: i32, y: i32, changed: &ChangedTiles) -> bool {
        let tile = usize::from(self.tile(x, y, changed));
        self.contains(x, y) && !self.solid.get(tile).copied().unwrap_or(true)
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
        let tiles: Vec<u16> = rows.iter().flat_map(|row| row.chars().map(|c| if c == '#' { 2 } else { 1 })).collect();
        let info = |id: u16, name: &str, solid| TileInfo { id, name: name.to_owned(), solid };
        Terrain::new(WorldMap {
            name: "test".to_owned(),
            width: rows[0].len() as i32,
            height: rows.len() as i32,
            chunk_size: 16,
            ground: tiles.clone(),
            canopy: vec![0; tiles.len()],
            tiles,
            tileset: Tileset {
                image: "/tiles.png".to_owned(),
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
        })
        .expect("a good map")
    }

    #[test]
    fn a_tile_that_moves_shows_its_pictures_in_turn_and_others_themselves() {
        let mut map = terrain(&["..#"]).map;
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
        let mut map = terrain(&["...", "..."]).map().clone();
        map.height = 3;
        assert!(Terrain::new(map).is_none());
    }
}
