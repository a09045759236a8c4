//! Bakes a drawing into a world: every different stack of tiles becomes one tile of one picture,
//! and what blocks, stands and leads away is read from the conventions of its dialect.
//!
//! The wire and the client know a ground, a deciding tile and a canopy for each place. Everything
//! below the characters is the ground here, and decides as well; everything above is the canopy.
//! A stack with animated tiles is one tile that shows the stack as it is at each time.

mod art;
mod compose;
mod layers;
mod lost;
mod numbers;
mod opened;
mod overview;
mod report;
mod shaped;
mod sheet;
mod stacks;
mod tiles;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use tilemud_schema::{Position, rest};
use tilemud_sim::{Map, map::MapTileset};

pub use overview::overview;
pub use report::{LayerUse, Report};
pub(crate) use sheet::encode_rows;

pub use crate::spawn::Spawn;
pub use crate::walls::Source;
pub use crate::warps::{Area, Warp};

use crate::areas::Areas;
use crate::dialect::{Dialect, choose};
use crate::drawing::{Content, Drawing, GID, Object, Orientation};
use crate::files::Files;
use crate::named_areas;
use crate::names::{shown, text};
use crate::objects;
use crate::problem::Problems;
use crate::roles::{Drawn, Role, roles};
use crate::room::Room;
use crate::say::{self, error, warning};
use crate::signs;
use crate::spawn::{self, Known};
use crate::starts;
use crate::walls::{self, Walls};
use crate::warps;
use art::Art;
use layers::{Cells, Layers, plain};
use stacks::{NOTHING, Stacks};
use tiles::{Places, TILE_EDGE_MAX, placeable, too_much};

/// Longest edge of a map, tiles.
const EDGE_MAX: u32 = tilemud_sim::map::MAP_EDGE_MAX;
/// What is seen where a map draws nothing and one can walk.
const DARK: [u8; 4] = [0, 0, 0, 255];
/// Longest edge of a cell of the drawing, pixels.
const CELL_EDGE_MAX: u32 = 512;
/// What an operator may choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    pub dialect: Dialect,
    /// Where characters begin if no object says so: column and row.
    pub spawn: Option<(i32, i32)>,
}

/// A world and what became of its drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Baked {
    pub map: Map,
    pub report: Report,
}

impl Baked {
    /// A picture of the whole map, a PNG file with at most 4096 pixels on an edge.
    #[must_use]
    pub fn picture(&self) -> Option<Vec<u8>> {
        overview(&self.map)
    }
}

/// Bakes a drawing. What is wrong with it is added to `problems`; `None` if one of them is an
/// error.
#[must_use]
pub fn bake(drawing: &Drawing, files: &dyn Files, options: &Options, problems: &mut Problems) -> Option<Baked> {
    let start = Instant::now();
    check(drawing, problems)?;
    let dialect = choose(drawing, options.dialect);
    let roles = roles(drawing, dialect.name);
    let placed = placed_tiles(drawing);
    // Before the pictures are there, as both need much memory.
    let mut walls = walls::find(drawing, &roles, dialect.name, problems);
    let room = Room::of(drawing);
    let mut art = gather(drawing, &roles, placed.values().copied(), room, files, problems);
    let mut stacks = Stacks::new((drawing.tile_width, drawing.tile_height), room.stacks_max());
    let Ok(mut cells) = Layers::new(drawing, &mut art, &mut stacks).lay(drawing, &roles, problems) else {
        problems.add(too_much(drawing));
        return None;
    };
    if is_room_in_voids(&cells, &walls) {
        let what = "nothing is drawn where one can walk, and one walks there nevertheless";
        problems.add(warning("nothing-drawn", say::map(drawing), what, "draw a ground on a layer that is shown"));
        let dark = plain(&mut art, &mut stacks, (drawing.tile_width, drawing.tile_height), DARK);
        // A cell without a stack cannot be walked on.
        for cell in (0..cells.below.len()).filter(|_| dark.is_some()) {
            // The number of a stack that was made for it; there may be none left.
            if cells.below.get(cell) == NOTHING && !cells.below.set(cell, dark.unwrap_or(NOTHING)) {
                break;
            }
        }
    } else {
        block_voids(&cells, &mut walls);
    }
    if !walls.sources.iter().any(|source| source.what != VOIDS) {
        let what = "nothing says where one cannot walk";
        problems.add(warning("no-walls", say::map(drawing), what, "add a tile layer named collision"));
    }
    let placeable = placeable(drawing, dialect.name, placed, &mut stacks, &art);
    let mut laid = tiles::lay(drawing, cells, &walls, &art, &stacks, problems)?;
    let mut ground = Places {
        laid: &mut laid,
        stacks: &stacks,
        walls: &walls,
        width: drawing.width as usize,
        placeable,
        known: BTreeMap::new(),
    };
    let has_meaning = |layer: usize, object: &Object| {
        let blocks = roles.get(layer).is_some_and(|role| role.blocks.is_some()) || walls::is_wall(object);
        let leads = warps::is_warp(drawing, object, dialect.name);
        let is_read = named_areas::is_area(object) || signs::is_sign(object);
        blocks || leads || is_read || starts::rank(object, dialect.name).is_some()
    };
    let standing = objects::read(drawing, has_meaning, &mut ground, problems);

    let width = drawing.width as usize;
    let is_walkable = |cell: usize| !walls.blocked[cell];
    let is_open = |x: i32, y: i32| is_walkable(y as usize * width + x as usize);
    let reachable = Areas::of(width, walls.blocked.len(), is_walkable);
    let (warps, followed) = warps::read(drawing, dialect.name, is_open, problems);
    let damage = laid.sheet.damage(&stacks);
    let (areas, music) = named_areas::read(drawing, files, problems);
    let harm: Vec<&rest::Area> = areas.iter().filter(|area| area.damage > 0).collect();
    let hurts = |cell: usize| {
        let is_harmed = |area: &&rest::Area| area.contains((cell % width) as i32, (cell / width) as i32);
        damage.contains_key(&laid.below[cell]) || harm.iter().any(is_harmed)
    };
    let known = Known {
        blocked: &walls.blocked,
        reachable: &reachable,
        blocked_by: &walls.sources,
        hurts: &hurts,
        standing: &standing.objects,
        warps: &warps,
        followed: &followed,
    };
    let spawn = spawn::choose(drawing, dialect.name, options.spawn, &known, problems)?;

    let (tiles, columns) = (laid.sheet.infos(&stacks), laid.sheet.columns());
    let animations = laid.sheet.animations().to_vec();
    let tiles::Laid { edge, sheet, mut composer, below, above } = laid;
    let Ok(images) = sheet.encode(&mut composer, &stacks, room.sheets_len_max(art.kept())) else {
        let what = "the pictures that players get would be too large beside the cells of the map";
        let remedy = "use fewer different tiles one over another, smaller pictures, or split the map";
        problems.add(error("sheets-too-large", say::map(drawing), what, remedy));
        return None;
    };
    drop((sheet, art, stacks));
    let blocked = walls.blocked.iter().filter(|blocked| **blocked).count();
    let report = Report {
        name: name(drawing),
        width: drawing.width,
        height: drawing.height,
        because: String::new(),
        dialect,
        layers: report::layers(drawing, &roles),
        tile_size: edge,
        tiles: tiles.len() - 1,
        moving: animations.len(),
        stacks_below: different(&below),
        stacks_above: different(&above),
        sheets: images.len(),
        sheet_len: images.iter().map(|image| image.len()).sum(),
        blocked_percent: (blocked * 100 / walls.blocked.len().max(1)) as u32,
        blocked_by: walls.sources,
        areas: reachable.count(),
        spawn,
        objects: standing.objects.len(),
        spawners: standing.spawners.len(),
        warps,
        warps_followed: followed.len(),
        ms: start.elapsed().as_millis() as u64,
    };
    let tileset = MapTileset { images, tile_size: edge, columns, tiles, damage, animations, prints: Vec::new() };
    let map = Map {
        name: report.name.clone(),
        world_id: drawing.properties.get("world_id").and_then(text).map(|id| shown(&id)).filter(|id| !id.is_empty()),
        width: drawing.width as i32,
        height: drawing.height as i32,
        origin: Position { x: drawing.origin.0, y: drawing.origin.1 },
        tiles: below.clone(),
        ground: below,
        canopy: above,
        tileset,
        spawn: Position { x: report.spawn.x, y: report.spawn.y },
        objects: standing.objects,
        items: standing.items,
        warps: followed,
        spawners: standing.spawners,
        areas,
        signs: Vec::new(),
        sprites: None,
        music,
    };
    Some(Baked { map, report })
}

/// What is told as the source of blocked cells that nothing is drawn in.
const VOIDS: &str = "cells without a tile";

fn check(drawing: &Drawing, problems: &mut Problems) -> Option<()> {
    let (width, height) = (drawing.width, drawing.height);
    if !(1..=EDGE_MAX).contains(&width) || !(1..=EDGE_MAX).contains(&height) {
        let what = format!("the map is {width} x {height} tiles, from 1 to {EDGE_MAX} are possible");
        problems.add(error("size", say::map(drawing), what, "use Map > Resize Map, or split it"));
        return None;
    }
    let (width, height) = (drawing.tile_width, drawing.tile_height);
    if !(1..=CELL_EDGE_MAX).contains(&width) || !(1..=CELL_EDGE_MAX).contains(&height) {
        let what = format!("the cells are {width} x {height} pixels, from 1 to {CELL_EDGE_MAX} are possible");
        problems.add(error("cell-size", say::map(drawing), what, "set Map > Map Properties > Tile Width and Height"));
        return None;
    }
    if width != height || width > TILE_EDGE_MAX {
        let edge = width.max(height).min(TILE_EDGE_MAX);
        let what = format!("the cells are {width} x {height} pixels and are drawn as squares of {edge}");
        problems.add(warning("cell-shape", say::map(drawing), what, "use square cells of at most 256 pixels"));
    }
    if drawing.orientation != Orientation::Orthogonal {
        let what = format!("the map is {}, and only orthogonal ones can be played in", drawing.orientation.name());
        let remedy = "make a new map with Orientation set to Orthogonal, and draw it there with tiles seen from above";
        problems.add(error("orientation", say::map(drawing), what, remedy));
        return None;
    }
    Some(())
}

/// What people call the map.
fn name(drawing: &Drawing) -> String {
    let said = drawing.properties.get("name").and_then(text).map(|name| shown(&name));
    let file = drawing.file.file_stem().map(|stem| shown(&stem.to_string_lossy()));
    said.into_iter().chain(file).find(|name| !name.is_empty()).unwrap_or_else(|| "world".to_owned())
}

/// The first tile of every class that items are placed as.
fn placed_tiles(drawing: &Drawing) -> BTreeMap<String, u32> {
    let classes = objects::placed_classes(drawing);
    let mut tiles = BTreeMap::new();
    for placed in &drawing.tilesets {
        for (local, tile) in &placed.tileset.tiles {
            if classes.contains(&tile.class)
                && let Some(gid) = placed.first_gid.checked_add(*local)
            {
                tiles.entry(tile.class.clone()).or_insert(gid);
            }
        }
    }
    tiles
}

/// The pictures of all tiles that are drawn, and of these.
fn gather(
    drawing: &Drawing,
    roles: &[Role],
    also: impl Iterator<Item = u32>,
    room: Room,
    files: &dyn Files,
    problems: &mut Problems,
) -> Art {
    let mut gids: BTreeSet<u32> = also.collect();
    let mut pictures = Vec::new();
    for (index, layer) in drawing.layers.iter().enumerate() {
        if roles.get(index).is_none_or(|role| matches!(role.drawn, Drawn::Not(_))) {
            continue;
        }
        match &layer.content {
            Content::Tiles(cells) => {
                gids.extend(cells.kinds().iter().map(|gid| gid & GID).filter(|gid| *gid != 0));
            }
            Content::Objects(objects) => {
                let shown = objects.iter().filter(|object| object.visible && !objects::is_of_the_game(object));
                gids.extend(shown.filter_map(|object| object.gid).map(|gid| gid & GID).filter(|gid| *gid != 0));
            }
            Content::Image { picture, .. } => pictures.extend(picture.clone().map(|picture| (index, picture))),
        }
    }
    Art::gather(drawing, gids, pictures, room, files, problems)
}

/// Whether walls leave room, and only where nothing is drawn.
fn is_room_in_voids(cells: &Cells, walls: &Walls) -> bool {
    let mut free = walls.blocked.iter().zip(cells.below.iter()).filter(|(blocked, _)| !**blocked).peekable();
    !walls.sources.is_empty() && free.peek().is_some() && free.all(|(_, stack)| stack == cells.background)
}

/// Nobody stands where nothing is drawn.
fn block_voids(cells: &Cells, walls: &mut Walls) {
    let mut voids = 0;
    for (blocked, stack) in walls.blocked.iter_mut().zip(cells.below.iter()) {
        if stack == cells.background && !*blocked {
            *blocked = true;
            voids += 1;
        }
    }
    if voids > 0 {
        walls.sources.push(Source { what: VOIDS.to_owned(), cells: voids });
    }
}

/// How many different tiles there are, nothing not counted.
fn different(tiles: &[u16]) -> usize {
    let mut seen = vec![false; usize::from(u16::MAX) + 1];
    tiles.iter().for_each(|tile| seen[usize::from(*tile)] = true);
    seen.iter().skip(1).filter(|seen| **seen).count()
}
