//! The tiles of a map in squares, which clients fetch as they need them: made when somebody asks
//! for one, and kept packed from then on, so that a large map costs at its start only the hashes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tilemud_net::session::{self, SECTIONS};
use tilemud_schema::codec::to_json;
use tilemud_schema::rest::{Section, Sections};
use tilemud_sim::Map;

use super::digest::{gzip, short};

/// Edge of a section, tiles. What a client sees is within four of them; each is some KiB.
const EDGE: i32 = 128;

/// The sections of one map.
pub struct SectionBodies {
    map: Arc<Map>,
    /// Which section is at a path; of several equal ones the first.
    by_path: BTreeMap<String, usize>,
    packed: Vec<OnceLock<Bytes>>,
}

/// Columns and rows of the map that a section has.
struct Square {
    columns: Range<usize>,
    rows: Range<usize>,
}

impl SectionBodies {
    /// Those of a map, and where they are.
    pub fn of(map: &Arc<Map>) -> (Self, Sections) {
        let mut sections = Sections { edge: EDGE, paths: Vec::new() };
        let (across, down) = sections.across((map.width, map.height));
        let mut by_path = BTreeMap::new();
        for index in 0..(across * down) as usize {
            let path = format!("{SECTIONS}{}.json", fingerprint(map, &Square::of(map, index)));
            by_path.entry(path.clone()).or_insert(index);
            sections.paths.push(path);
        }
        let packed = sections.paths.iter().map(|_| OnceLock::new()).collect();
        (Self { map: Arc::clone(map), by_path, packed }, sections)
    }
}

impl session::Sections for SectionBodies {
    fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    fn body(&self, path: &str, is_gzip: bool) -> Option<Bytes> {
        let index = *self.by_path.get(path)?;
        let json = || to_json(&section(&self.map, &Square::of(&self.map, index)));
        Some(if is_gzip { self.packed[index].get_or_init(|| gzip(&json())).clone() } else { json().into() })
    }
}

impl Square {
    fn of(map: &Map, index: usize) -> Self {
        let (width, height, edge) = (map.width as usize, map.height as usize, EDGE as usize);
        let across = width.div_ceil(edge);
        let range = |at: usize, all: usize| at * edge..((at + 1) * edge).min(all);
        Self { columns: range(index % across, width), rows: range(index / across, height) }
    }

    fn lines<'m>(&self, map: &Map, layer: &'m [u16]) -> impl Iterator<Item = &'m [u16]> {
        let (width, columns) = (map.width as usize, self.columns.clone());
        self.rows.clone().map(move |row| &layer[row * width + columns.start..row * width + columns.end])
    }

    fn cut(&self, map: &Map, layer: &[u16]) -> Vec<u16> {
        self.lines(map, layer).flatten().copied().collect()
    }
}

fn section(map: &Map, square: &Square) -> Section {
    let (tiles, ground, canopy) =
        (square.cut(map, &map.tiles), square.cut(map, &map.ground), square.cut(map, &map.canopy));
    Section {
        ground: (ground != tiles).then_some(ground),
        canopy: canopy.iter().any(|tile| *tile != 0).then_some(canopy),
        tiles,
    }
}

/// Of what is in a section, its shape included.
fn fingerprint(map: &Map, square: &Square) -> String {
    let mut hash = Sha256::new();
    hash.update((square.columns.len() as u64).to_le_bytes());
    let mut bytes = Vec::with_capacity(square.columns.len() * 2);
    for layer in [&map.tiles, &map.ground, &map.canopy] {
        for line in square.lines(map, layer) {
            bytes.clear();
            bytes.extend(line.iter().flat_map(|tile| tile.to_le_bytes()));
            hash.update(&bytes);
        }
    }
    short(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use tilemud_net::session::Sections as _;

    use super::*;

    /// A map of 260 x 140 tiles that are all alike but for one.
    fn map() -> Map {
        let row = ".".repeat(259);
        let mut rows = vec![format!("@{row}")];
        rows.extend((1..140).map(|_| format!(".{row}")));
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut map = Map::from_art(&rows);
        map.canopy[139 * 260 + 259] = 3;
        map
    }

    #[test]
    fn every_tile_of_the_map_is_in_its_section_and_equal_sections_are_one_file() {
        let map = Arc::new(map());
        let (bodies, sections) = SectionBodies::of(&map);
        assert_eq!((sections.edge, sections.across((260, 140)), sections.paths.len()), (128, (3, 2), 6));
        assert_eq!(sections.paths[0], sections.paths[1], "the same tiles");
        let others: std::collections::BTreeSet<&String> = sections.paths.iter().collect();
        assert_eq!(others.len(), 4, "128 x 128, 4 x 128, 128 x 12 and 4 x 12 with a roof: {others:?}");
        for (index, path) in sections.paths.iter().enumerate() {
            let body = bodies.body(path, false).expect("it is there");
            let section: Section = serde_json::from_slice(&body).expect("a section");
            let (left, top) = (index % 3 * 128, index / 3 * 128);
            let (columns, rows) = ((260 - left).min(128), (140 - top).min(128));
            assert_eq!((section.tiles.len(), section.ground), (columns * rows, None));
            let has_roof = section.canopy.map(|canopy| (canopy.len(), canopy[canopy.len() - 1]));
            assert_eq!(has_roof, (index == 5).then_some((48, 3)), "section {index}");
            let mut plain = Vec::new();
            let packed = bodies.body(path, true).expect("packed");
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut plain).expect("gzip");
            assert_eq!(plain, body);
        }
        assert!(bodies.body("/world/sections/0.json", true).is_none());
    }

    #[test]
    fn an_edit_changes_the_paths_of_the_sections_it_is_in_and_no_others() {
        let paths = |map: Map| SectionBodies::of(&Arc::new(map)).1.paths;
        let before = paths(map());
        let edits: [fn(&mut Map); 3] = [|map| map.tiles[129] = 2, |map| map.ground[129] = 2, |map| map.canopy[129] = 2];
        for edit in edits {
            let mut edited = map();
            edit(&mut edited);
            let after = paths(edited);
            let differ: Vec<usize> = (0..6).filter(|index| before[*index] != after[*index]).collect();
            assert_eq!(differ, [1]);
        }
    }
}
