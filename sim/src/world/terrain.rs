//! What the ground is like now: the static map, the tiles that changed since, and what stands in
//! the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::rest::{Area, Run, Warp};
use tilemud_schema::{Direction, MapId, Position, Tick, TileChange};

use crate::api::CellId;
use crate::map::{HURTS, Map, NO_BUILD, SAFE};
use crate::world::grid::Grid;
use crate::world::mixer::Mixer;

/// A hash of what the rules read of a map: maps on which the same intents could have other effects
/// differ in it.
#[must_use]
pub fn fingerprint_of(map: &Map) -> u64 {
    let mut mixer = Mixer::new(MAP).with(map.width as u64).with(map.height as u64);
    mixer = map.tiles.iter().fold(mixer, |mixer, tile| mixer.with(u64::from(*tile)));
    mixer = map.tileset.tiles.iter().fold(mixer, |mixer, tile| mixer.with(u64::from(tile.solid)));
    for (tile, damage) in &map.tileset.damage {
        mixer = mixer.with(u64::from(*tile)).with(*damage as u64);
    }
    for (kind, info) in &map.items {
        mixer = mixer.with_text(kind).with_text(&info.name).with(info.heals as u64);
        mixer = mixer.with(info.places.map_or(u64::MAX, u64::from));
    }
    // Maps without any have the hash they had before there were warps.
    for Warp { x, y, width, height, to } in &map.warps {
        mixer = [*x, *y, *width, *height, to.x, to.y].iter().fold(mixer, |mixer, number| mixer.with(*number as u64));
    }
    mixer = map.areas.iter().fold(mixer, with_rules);
    mixer.with(map.spawn.x as u64).with(map.spawn.y as u64).finish()
}

/// What the rules read of an area, which is nothing of most.
fn with_rules(mixer: Mixer, Area { runs, damage, no_build, safe, .. }: &Area) -> Mixer {
    if *damage <= 0 && !no_build && !safe {
        return mixer;
    }
    let mixer = mixer.with(AREA).with(*damage as u64).with(u64::from(*no_build)).with(u64::from(*safe));
    let places = runs.iter().flat_map(|Run { x, y, width }| [*x, *y, *width]);
    places.fold(mixer, |mixer, number| mixer.with(number as u64))
}

const MAP: u64 = 5;

/// Begins an area, which no place or tile is.
const AREA: u64 = 0x6172_6561_0000_0000;

/// The tile itself is solid.
const SOLID: u8 = 1;

/// Something stands there that lets nobody pass: a closed door.
const OBSTACLE: u8 = 2;

/// Who steps there is taken elsewhere. Lets pass.
const WARP: u8 = 4;

/// A warp leads there. Lets pass.
const TARGET: u8 = 8;

fn set_barrier(barriers: &mut u8, barrier: u8, is_there: bool) {
    *barriers = if is_there { *barriers | barrier } else { *barriers & !barrier };
}

/// The ground of a world.
#[derive(Resource, Debug)]
pub struct Terrain {
    map: Arc<Map>,
    /// Every tile that was ever changed, by chunk and place. It keeps tiles that were changed back,
    /// because clients that saw the change must get that too.
    changes: BTreeMap<(CellId, i32, i32), (u16, Tick)>,
    /// What is special about stepping on a tile. Nobody can where [`SOLID`] or [`OBSTACLE`] is
    /// set; [`WARP`] and [`TARGET`] never change.
    barriers: Vec<u8>,
    /// [`Map::area_marks`].
    areas: Vec<u8>,
    map_fingerprint: u64,
    map_id: MapId,
}

impl Terrain {
    /// The ground as the map has it.
    #[must_use]
    pub fn new(map: Arc<Map>) -> Self {
        let solid = map.tiles.iter().map(|tile| if map.tileset.is_solid(*tile) { SOLID } else { 0 });
        let mut barriers: Vec<u8> = solid.collect();
        for warp in &map.warps {
            let rows = warp.y..warp.y + warp.height;
            let tiles = rows.flat_map(|y| (warp.x..warp.x + warp.width).map(move |x| (x, y)));
            for index in tiles.filter_map(|(x, y)| map.index(x, y)) {
                barriers[index] |= WARP;
            }
            if let Some(index) = map.index(warp.to.x, warp.to.y) {
                barriers[index] |= TARGET;
            }
        }
        let (map_fingerprint, map_id) = (fingerprint_of(&map), map.id());
        let areas = map.area_marks();
        Self { map, changes: BTreeMap::new(), barriers, areas, map_fingerprint, map_id }
    }

    #[must_use]
    pub fn map_id(&self) -> MapId {
        self.map_id
    }

    /// [`fingerprint_of`] its map.
    #[must_use]
    pub fn map_fingerprint(&self) -> u64 {
        self.map_fingerprint
    }

    #[must_use]
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// Whether somebody can step on a tile.
    #[must_use]
    pub fn is_free(&self, position: Position) -> bool {
        self.index(position).is_some_and(|index| self.barriers[index] & (SOLID | OBSTACLE) == 0)
    }

    /// Where somebody stands after a step onto a tile: there, or where its warp leads. `None`:
    /// nobody can step there, or onto what it leads to. Targets are no warps, and if one were,
    /// nobody would be taken any farther.
    #[must_use]
    pub fn landing(&self, position: Position) -> Option<Position> {
        let barriers = self.barriers[self.index(position)?];
        match barriers & (SOLID | OBSTACLE | WARP) {
            0 => Some(position),
            WARP => self.map.warp(position.x, position.y).filter(|to| self.is_free(*to)),
            _ => None,
        }
    }

    /// Whether a tile is one of a warp, or one that a warp leads to.
    #[must_use]
    pub fn is_of_warp(&self, position: Position) -> bool {
        self.index(position).is_some_and(|index| self.barriers[index] & (WARP | TARGET) != 0)
    }

    /// Whether an area says that nothing is built on a tile.
    #[must_use]
    pub fn is_kept(&self, position: Position) -> bool {
        self.area_marks(position) & NO_BUILD != 0
    }

    fn area_marks(&self, position: Position) -> u8 {
        if self.areas.is_empty() {
            return 0;
        }
        self.index(position).and_then(|index| self.areas.get(index)).copied().unwrap_or(0)
    }

    /// Says that something blocks a tile, or no longer does.
    pub fn set_obstacle(&mut self, position: Position, is_blocked: bool) {
        if let Some(index) = self.index(position) {
            set_barrier(&mut self.barriers[index], OBSTACLE, is_blocked);
        }
    }

    /// The tiles that can be walked to from a place, nearest first, at most this many.
    pub fn walk_from(&self, place: Position, tiles_max: usize) -> impl Iterator<Item = Position> {
        let mut found = vec![place];
        let mut next = 0;
        while let Some(from) = found.get(next).copied()
            && found.len() <= tiles_max
        {
            next += 1;
            for direction in Direction::ALL {
                let (dx, dy) = direction.step();
                let (Some(x), Some(y)) = (from.x.checked_add(dx), from.y.checked_add(dy)) else { continue };
                let tile = Position { x, y };
                if self.is_free(tile) && !found.contains(&tile) {
                    found.push(tile);
                }
            }
        }
        found.into_iter().skip(1).take(tiles_max)
    }

    /// The tiles of a chunk that changed after `since`, with what they are now.
    pub fn changes_since(&self, cell: CellId, since: Tick) -> impl Iterator<Item = TileChange> {
        self.changes_of(cell).filter(move |(_, at)| *at > since).map(|(change, _)| change)
    }

    /// The tiles of a chunk that ever changed, with what they are now.
    pub fn changes_ever(&self, cell: CellId) -> impl Iterator<Item = TileChange> {
        self.changes_of(cell).map(|(change, _)| change)
    }

    /// The tiles of a chunk that are not as on the map.
    pub fn differences(&self, cell: CellId) -> impl Iterator<Item = TileChange> {
        self.changes_ever(cell).filter(|change| self.map_tile(change.x, change.y) != Some(change.tile))
    }

    /// Every tile that is not as on the map.
    pub fn all_differences(&self) -> impl Iterator<Item = TileChange> {
        let all = self.changes.iter().map(|((_, y, x), (tile, _))| TileChange { x: *x, y: *y, tile: *tile });
        all.filter(|change| self.map_tile(change.x, change.y) != Some(change.tile))
    }

    /// The tile of a place now; `None` outside of the map.
    #[must_use]
    pub fn tile(&self, position: Position) -> Option<u16> {
        let changed = self.changes.get(&(self.grid().cell_of(position), position.y, position.x));
        changed.map(|(tile, _)| *tile).or_else(|| self.map_tile(position.x, position.y))
    }

    /// Whether a tile is not as on the map, or was not at some time since the start.
    #[must_use]
    pub fn has_changed(&self, position: Position) -> bool {
        self.changes.contains_key(&(self.grid().cell_of(position), position.y, position.x))
    }

    /// Whether there is a tile on which standing may hurt.
    #[must_use]
    pub fn can_hurt(&self) -> bool {
        !self.map.tileset.damage.is_empty() || !self.areas.is_empty()
    }

    /// Health points that standing on a tile costs every second.
    #[must_use]
    pub fn damage(&self, position: Position) -> i32 {
        match self.area_marks(position) & (SAFE | HURTS) {
            // Nearly always, and quicker than to ask every area.
            0 if self.map.tileset.damage.is_empty() => 0,
            0 => self.tile(position).and_then(|tile| self.map.tileset.damage.get(&tile)).copied().unwrap_or(0),
            _ => self.tile(position).map_or(0, |tile| self.map.damage_of(tile, position)),
        }
    }

    /// Changes a tile. Returns what it was, or `None` when there is no such place or it is that
    /// already.
    pub fn set_tile(&mut self, grid: Grid, position: Position, tile: u16, tick: Tick) -> Option<u16> {
        let key = (grid.cell_of(position), position.y, position.x);
        let old = match self.changes.get(&key) {
            Some((old, _)) => *old,
            None => self.map_tile(position.x, position.y)?,
        };
        if old == tile {
            return None;
        }
        self.changes.insert(key, (tile, tick));
        if let Some(index) = self.index(position) {
            set_barrier(&mut self.barriers[index], SOLID, self.map.tileset.is_solid(tile));
        }
        Some(old)
    }

    fn changes_of(&self, cell: CellId) -> impl Iterator<Item = (TileChange, Tick)> {
        self.changes
            .range((cell, i32::MIN, i32::MIN)..=(cell, i32::MAX, i32::MAX))
            .map(|((_, y, x), (tile, at))| (TileChange { x: *x, y: *y, tile: *tile }, *at))
    }

    fn grid(&self) -> Grid {
        Grid::of_map(self.map.width, self.map.height)
    }

    /// The tile of a place on the map.
    #[must_use]
    pub fn map_tile(&self, x: i32, y: i32) -> Option<u16> {
        self.index(Position { x, y }).map(|index| self.map.tiles[index])
    }

    fn index(&self, position: Position) -> Option<usize> {
        self.map.index(position.x, position.y)
    }
}
