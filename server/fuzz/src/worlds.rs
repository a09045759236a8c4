//! Map files, as the loader takes them: a map, its tileset and its picture.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tilemud_sim::{Map, Sim, SimConfig};

/// Where one file ends and the next begins.
const NEXT_FILE: &[u8] = b"\n=== ";

/// Largest map that is also made a world, tiles.
const WORLD_TILES_MAX: usize = 4_096;

/// Files one after the other, each behind a line with its name; the first is the map and needs no
/// such line.
pub(crate) fn maps(data: &[u8]) {
    let files = split(data);
    let map = Map::from_tmx(Path::new("map.tmx"), |path| {
        let file = files.iter().find(|(name, _)| Path::new(name) == path);
        file.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    });
    let map = match map {
        Ok(map) => map,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
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

fn split(data: &[u8]) -> Vec<(&str, &[u8])> {
    let mut files = vec![("map.tmx", data)];
    while let Some((_, last)) = files.last().copied()
        && let Some(at) = last.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE)
    {
        let (this, rest) = (&last[..at], &last[at + NEXT_FILE.len()..]);
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let name = std::str::from_utf8(&rest[..end]).unwrap_or_default();
        if let Some(file) = files.last_mut() {
            file.1 = this;
        }
        files.push((name, rest.get(end + 1..).unwrap_or_default()));
    }
    files
}
