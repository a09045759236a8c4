//! Map files, as the loaders take them: a map, its tilesets and pictures.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilemud_maps::bake::Options;
use tilemud_maps::drawing::{Content, Drawing};
use tilemud_maps::problem::{OF_A_KIND_MAX, Problems};
use tilemud_sim::{Map, Sim, SimConfig};

/// How the map itself is called.
const MAP: &str = "map.tmx";

/// Where one file ends and the next begins.
const NEXT_FILE: &[u8] = b"\n=== ";

/// Largest map that is also made a world, tiles.
const WORLD_TILES_MAX: usize = 4_096;

/// A map drawn as our own worlds are. Its files follow one another, each behind a line with its
/// name; the first is the map and needs no such line.
pub(crate) fn maps(data: &[u8]) {
    let files = split(data);
    let map = Map::from_tmx(Path::new(MAP), |path| files.get(path).cloned().ok_or(io::ErrorKind::NotFound.into()));
    match map {
        Ok(map) => can_be_played(map),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Any map of Tiled, in the same form.
pub(crate) fn tiled(data: &[u8]) {
    let files = split(data);
    let mut problems = Problems::default();
    let drawing = tilemud_maps::read(Path::new(MAP), &files, &mut problems);
    match &drawing {
        Some(drawing) => holds_together(drawing),
        None => assert!(problems.is_unusable(), "nothing is said of why there is no map"),
    }
    if drawing.as_ref().is_none_or(|drawing| tiles(drawing.width, drawing.height) <= WORLD_TILES_MAX) {
        let built =
            tilemud_maps::load::build(Path::new(MAP), drawing.as_ref(), &files, &Options::default(), &mut problems);
        match built {
            Ok(world) => can_be_played(world.into_map()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    for problem in &problems.found {
        let line = problem.to_string();
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}') && !problem.remedy.is_empty(), "{line:?}");
        assert!(problems.found.iter().filter(|other| other.kind == problem.kind).count() <= OF_A_KIND_MAX);
    }
}

fn tiles(width: u32, height: u32) -> usize {
    width as usize * height as usize
}

fn can_be_played(map: Map) {
    let tiles = map.width as usize * map.height as usize;
    assert_eq!([map.tiles.len(), map.ground.len(), map.canopy.len()], [tiles; 3]);
    assert!(!map.is_solid(map.spawn.x, map.spawn.y), "one can stand at the spawn point");
    assert!(map.objects.iter().all(|object| map.index(object.position.x, object.position.y).is_some()));
    let known = map.tileset.tiles.len();
    assert!(
        [&map.tiles, &map.ground, &map.canopy].iter().all(|layer| layer.iter().all(|tile| usize::from(*tile) < known))
    );
    if tiles <= WORLD_TILES_MAX {
        let mut sim = Sim::new(Arc::new(map), SimConfig::default());
        for _ in 0..2 {
            sim.tick(&mut Vec::new());
        }
    }
}

fn holds_together(drawing: &Drawing) {
    let edges = 1..=4096;
    assert!(edges.contains(&drawing.width) && edges.contains(&drawing.height));
    assert!(drawing.tile_width > 0 && drawing.tile_height > 0);
    assert!(drawing.tilesets.is_sorted_by(|one, other| one.first_gid < other.first_gid));
    assert!(drawing.tilesets.iter().all(|placed| placed.tileset.tile_width > 0 && placed.tileset.tile_height > 0));
    for layer in &drawing.layers {
        assert!((0.0..=1.0).contains(&layer.opacity) && layer.groups.len() <= 32);
        assert!(layer.offset.0.is_finite() && layer.offset.1.is_finite());
        match &layer.content {
            Content::Tiles(cells) => {
                assert_eq!(cells.count(), tiles(drawing.width, drawing.height));
                let mut last = 0;
                for cell in cells.iter().filter(|cell| *cell != 0) {
                    assert!(cell == last || cell & 0x0fff_ffff == 0 || drawing.tile(cell).is_some());
                    last = cell;
                }
            }
            Content::Objects(objects) => {
                for object in objects {
                    let numbers = [object.x, object.y, object.width, object.height, object.rotation];
                    assert!(numbers.iter().all(|number| number.is_finite()));
                    assert!(object.gid.is_none_or(|gid| drawing.tile(gid).is_some()));
                }
            }
            Content::Image { .. } => {}
        }
    }
}

fn split(data: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let (mut name, mut rest) = (MAP.to_owned(), data);
    loop {
        let end = rest.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE);
        files.insert(PathBuf::from(&name), rest[..end.unwrap_or(rest.len())].to_vec());
        let Some(end) = end else { return files };
        rest = &rest[end + NEXT_FILE.len()..];
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        name = String::from_utf8_lossy(&rest[..line]).into_owned();
        rest = rest.get(line + 1..).unwrap_or_default();
    }
}
