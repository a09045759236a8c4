//! A map that grew or was cut at its left or upper edge: the map before and the world on it, with
//! every place where it is on the edited map. Infinite maps say where they begin; of any other the
//! upper left tile is the same place before and after.

use tilemud_schema::Position;
use tilemud_schema::rest::{Area, Run, Warp};

use super::tilesets::Tilesets;
use crate::history::snapshot::WorldSnapshot;
use crate::map::{Map, MapObject, Spawner};
use crate::world::shifted::{moved, shift};

/// No tile has it, so that nothing was where the map before had nothing.
const NO_TILE: u16 = u16::MAX;

/// By how much places of the map before are farther right and lower on the edited one.
pub fn between(old: &Map, new: &Map, tilesets: &Tilesets) -> Position {
    let by = Position { x: old.origin.x.saturating_sub(new.origin.x), y: old.origin.y.saturating_sub(new.origin.y) };
    // One stored by a program that kept no origins may have had the same.
    let may_be_unknown = old.origin == Position::default() && by != Position::default();
    if may_be_unknown && same_tiles(old, new, tilesets, Position::default()) > same_tiles(old, new, tilesets, by) {
        return Position::default();
    }
    by
}

/// How many tiles of the edited map are as they were.
pub fn same_tiles(old: &Map, new: &Map, tilesets: &Tilesets, by: Position) -> usize {
    let places = (0..new.height).flat_map(|y| (0..new.width).map(move |x| (x, y)));
    let is_same = |(x, y): &(i32, i32)| {
        let was = old.index(x.saturating_sub(by.x), y.saturating_sub(by.y));
        let now = was.and_then(|index| tilesets.now(old.tiles[index]));
        now.is_some() && now == new.index(*x, *y).map(|index| new.tiles[index])
    };
    places.filter(is_same).count()
}

/// The map before, as large as the edited one and without what is drawn.
pub fn map(old: &Map, new: &Map, by: Position) -> Map {
    let tile = |x: i32, y: i32| old.index(x.saturating_sub(by.x), y.saturating_sub(by.y)).map(|index| old.tiles[index]);
    let places = (0..new.height).flat_map(|y| (0..new.width).map(move |x| (x, y)));
    let object = |object: &MapObject| MapObject { position: moved(object.position, by), ..object.clone() };
    let warp = |warp: &Warp| {
        let Position { x, y } = moved(Position { x: warp.x, y: warp.y }, by);
        Warp { x, y, to: moved(warp.to, by), ..*warp }
    };
    let run = |run: &Run| {
        let (x, y) = (run.x.saturating_add(by.x), run.y.saturating_add(by.y));
        let (from, end) = (x.max(0), x.saturating_add(run.width).min(new.width));
        ((0..new.height).contains(&y) && from < end).then_some(Run { x: from, y, width: end - from })
    };
    let areas = old.areas.iter().map(|area| Area { runs: area.runs.iter().filter_map(run).collect(), ..area.clone() });
    Map {
        name: String::new(),
        world_id: None,
        width: new.width,
        height: new.height,
        origin: new.origin,
        tiles: places.map(|(x, y)| tile(x, y).unwrap_or(NO_TILE)).collect(),
        ground: Vec::new(),
        canopy: Vec::new(),
        tileset: old.tileset.clone(),
        spawn: moved(old.spawn, by),
        objects: old.objects.iter().map(object).collect(),
        items: old.items.clone(),
        warps: old.warps.iter().map(warp).collect(),
        spawners: old.spawners.iter().map(|it| spawner(it, by)).collect(),
        areas: areas.filter(|area| !area.runs.is_empty()).collect(),
        signs: Vec::new(),
        sprites: None,
        music: Default::default(),
    }
}

fn spawner(spawner: &Spawner, by: Position) -> Spawner {
    let Position { x, y } = moved(Position { x: spawner.x, y: spawner.y }, by);
    Spawner { x, y, ..spawner.clone() }
}

/// The world with all its places.
pub fn world(world: &WorldSnapshot, by: Position) -> WorldSnapshot {
    let mut world = world.clone();
    for tile in &mut world.tiles {
        Position { x: tile.x, y: tile.y } = moved(Position { x: tile.x, y: tile.y }, by);
    }
    for object in &mut world.objects {
        let face = &mut object.face;
        Position { x: face.x, y: face.y } = moved(Position { x: face.x, y: face.y }, by);
        if let Some(home) = &mut object.home {
            home.home = moved(home.home, by);
        }
    }
    world.characters.iter_mut().for_each(|character| shift(&mut character.state, by));
    world.spawners.iter_mut().for_each(|state| state.spawner = spawner(&state.spawner, by));
    world.provenance.shifted = moved(world.provenance.shifted, by);
    world
}
