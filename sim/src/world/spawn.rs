//! Where new characters appear: spread over the tiles around the spawn point that can be walked to
//! from it.

use std::collections::VecDeque;

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterId, Direction, EntityKind, Position};

use crate::limits::{BESIDE_TILES_MAX, SPAWN_KEPT_OPEN, SPAWN_TILES_MAX};
use crate::map::Map;
use crate::world::grid::distance;
use crate::world::mixer::Mixer;
use crate::world::terrain::Terrain;

/// The tiles on which new characters appear; at least one.
#[derive(Resource, Debug)]
pub struct SpawnTiles {
    tiles: Vec<Position>,
    seed: u64,
}

impl SpawnTiles {
    /// The nearest tiles to the spawn point, by walking distance, that are neither solid nor hurt
    /// nor lead elsewhere, and that one comes to without a door.
    /// If the point itself is solid, those around the first tile of the map that is not.
    #[must_use]
    pub fn of_map(map: &Map, seed: u64) -> Self {
        let doors = map.objects.iter().filter(|object| object.kind == EntityKind::Door);
        let ground = Ground { map, doors: doors.map(|door| door.position).collect() };
        let mut tiles = ground.walkable_around(map.spawn);
        if tiles.is_empty() {
            let mut all = (0..map.height).flat_map(|y| (0..map.width).map(move |x| Position { x, y }));
            let first = all.find(|tile| ground.is_good(*tile));
            tiles = first.map_or_else(|| vec![map.spawn], |first| ground.walkable_around(first));
        }
        Self { tiles, seed }
    }

    /// Whether new characters appear on a tile.
    #[must_use]
    pub fn contains(&self, tile: Position) -> bool {
        self.tiles.contains(&tile)
    }

    /// Whether a tile is one on which new characters appear, or close to one.
    #[must_use]
    pub fn is_near(&self, tile: Position) -> bool {
        self.tiles.iter().any(|spawn| distance(*spawn, tile) <= SPAWN_KEPT_OPEN)
    }

    /// Where a character is put: on its tile, or beside it where somebody has built on that.
    #[must_use]
    pub(crate) fn place(&self, character: CharacterId, terrain: &Terrain) -> Position {
        let chosen = self.choose(character);
        let is_good = |at: &Position| terrain.is_free(*at) && terrain.damage(*at) == 0;
        if is_good(&chosen) {
            return chosen;
        }
        terrain.walk_from(chosen, BESIDE_TILES_MAX).find(is_good).unwrap_or(chosen)
    }

    /// The tile for a character: always the same for the same world and character.
    #[must_use]
    pub fn choose(&self, character: CharacterId) -> Position {
        let (high, low) = character.0.as_u64_pair();
        let hash = Mixer::new(self.seed).with(high).with(low).finish();
        self.tiles[(hash % self.tiles.len() as u64) as usize]
    }
}

/// Where characters may appear.
struct Ground<'a> {
    map: &'a Map,
    /// Open ones too: they can be closed.
    doors: Vec<Position>,
}

impl Ground<'_> {
    fn is_good(&self, at: Position) -> bool {
        let Position { x, y } = at;
        let is_free = !self.map.is_solid(x, y) && self.map.damage(x, y) == 0 && self.map.warp(x, y).is_none();
        is_free && !self.doors.contains(&at)
    }

    fn walkable_around(&self, center: Position) -> Vec<Position> {
        let mut found = Vec::new();
        if !self.is_good(center) {
            return found;
        }
        let mut frontier = VecDeque::from([center]);
        found.push(center);
        while let Some(tile) = frontier.pop_front() {
            for direction in Direction::ALL {
                let (dx, dy) = direction.step();
                let next = Position { x: tile.x + dx, y: tile.y + dy };
                if found.len() < SPAWN_TILES_MAX && !found.contains(&next) && self.is_good(next) {
                    found.push(next);
                    frontier.push_back(next);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_characters_never_appear_in_walls_or_behind_them() {
        let map = Map::from_art(&["...#....", "@..#....", "...#...."]);
        let spawn = SpawnTiles::of_map(&map, 1);
        assert_eq!(spawn.tiles.len(), 9);
        assert!(spawn.tiles.iter().all(|tile| tile.x < 3));
    }

    #[test]
    fn whoever_begins_in_a_house_begins_inside_and_nobody_in_its_door() {
        let map = Map::from_art(&[".....", ".###.", ".#@D.", ".###.", "....."]);
        assert_eq!(SpawnTiles::of_map(&map, 1).tiles, [map.spawn]);
        let mut map = Map::from_art(&[".....", ".###.", ".#.D@", ".###.", "....."]);
        map.objects[0].open = true;
        let spawn = SpawnTiles::of_map(&map, 1);
        assert_eq!(spawn.tiles.len(), 16, "all around it");
        assert!(!spawn.contains(Position { x: 2, y: 2 }) && !spawn.contains(Position { x: 3, y: 2 }));
    }

    #[test]
    fn who_is_to_begin_where_somebody_has_built_begins_beside_it() {
        let built = Terrain::new(std::sync::Arc::new(Map::from_art(&[".##f.", "....."])));
        let spawn = SpawnTiles { tiles: vec![Position { x: 1, y: 0 }], seed: 1 };
        assert_eq!(spawn.place(CharacterId(uuid::Uuid::nil()), &built), Position { x: 1, y: 1 });
        let spawn = SpawnTiles { tiles: vec![Position { x: 3, y: 0 }], seed: 1 };
        let beside = spawn.place(CharacterId(uuid::Uuid::nil()), &built);
        assert!(distance(beside, Position { x: 3, y: 0 }) == 1 && built.damage(beside) == 0, "not in the fire");
        let spawn = SpawnTiles { tiles: vec![Position { x: 0, y: 1 }], seed: 1 };
        assert_eq!(spawn.place(CharacterId(uuid::Uuid::nil()), &built), Position { x: 0, y: 1 });
    }

    #[test]
    fn a_spawn_point_inside_a_wall_is_replaced() {
        let mut map = Map::from_art(&["##", "#."]);
        map.spawn = Position { x: 0, y: 0 };
        assert_eq!(SpawnTiles::of_map(&map, 1).tiles, [Position { x: 1, y: 1 }]);
    }
}
