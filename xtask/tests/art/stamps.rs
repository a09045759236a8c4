//! Stamps: maps of one whole thing each, which lies in one piece in the tileset's picture.

use std::collections::BTreeSet;
use std::path::PathBuf;

use tiled::{Layer, LayerType, Loader, Map, TileLayer};

use crate::{meaning, tileset, worlds};

/// One layer of tiles: its name, and the numbers of its tiles row by row.
struct Tiles {
    name: String,
    cells: Vec<Option<u32>>,
}

struct Stamp {
    name: String,
    map: Map,
    layers: Vec<Tiles>,
}

fn stamps() -> Vec<Stamp> {
    let folder = worlds().join("stamps");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "{} stamps", paths.len());
    paths.into_iter().map(|path| read(&path)).collect()
}

fn read(path: &std::path::Path) -> Stamp {
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let map = Loader::new().load_tmx_map(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let [tiles] = map.tilesets() else { panic!("{name} has {} tilesets", map.tilesets().len()) };
    assert!(tiles.source.ends_with("first_light.tsx"), "{name} is made of {}", tiles.source.display());
    let layers = map.layers().filter_map(|layer| tiles_of(&name, &map, layer)).collect();
    Stamp { name, layers, map }
}

fn tiles_of(name: &str, map: &Map, layer: Layer<'_>) -> Option<Tiles> {
    let cells = match layer.layer_type() {
        LayerType::Tiles(TileLayer::Finite(cells)) => cells,
        LayerType::Objects(_) => return None,
        _ => panic!("{name} has a layer that is neither tiles nor objects: {}", layer.name),
    };
    let places = (0..map.height).flat_map(|y| (0..map.width).map(move |x| (x as i32, y as i32)));
    let cells = places.map(|(x, y)| cells.get_tile(x, y).map(|tile| tile.id())).collect();
    Some(Tiles { name: layer.name.clone(), cells })
}

impl Stamp {
    /// Columns and rows in which `layer` has something, first and last.
    fn bounds(&self, layer: &Tiles) -> [u32; 4] {
        let full: Vec<u32> = (0..).zip(&layer.cells).filter(|(_, cell)| cell.is_some()).map(|(at, _)| at).collect();
        let columns: BTreeSet<u32> = full.iter().map(|at| at % self.map.width).collect();
        let rows: BTreeSet<u32> = full.iter().map(|at| at / self.map.width).collect();
        let ends = |set: &BTreeSet<u32>| [*set.first().expect("a tile"), *set.last().expect("a tile")];
        let ([left, right], [top, bottom]) = (ends(&columns), ends(&rows));
        [left, right, top, bottom]
    }
}

#[test]
fn each_stamp_is_one_whole_piece_of_the_tileset_in_each_layer() {
    let tileset = tileset();
    let mut taken = BTreeSet::new();
    for stamp in stamps() {
        let Stamp { name, map, layers } = &stamp;
        assert!(!layers.is_empty(), "{name} is empty");
        for layer in layers {
            assert!(["structures", "canopy"].contains(&&*layer.name), "{name} has a layer \"{}\"", layer.name);
            let [left, right, top, bottom] = stamp.bounds(layer);
            let (at, first) = (0..).zip(&layer.cells).find_map(|(at, cell)| cell.map(|id| (at, id))).expect("a tile");
            let corner = first - (at / map.width - top) * tileset.columns - (at % map.width - left);
            assert!(corner % tileset.columns + right - left < tileset.columns, "{name} goes over the picture's edge");
            for (y, x) in (top..=bottom).flat_map(|y| (left..=right).map(move |x| (y, x))) {
                let number = corner + (y - top) * tileset.columns + x - left;
                let there = meaning(&tileset, number).map(|_| number);
                let cell = layer.cells[(y * map.width + x) as usize];
                assert_eq!(cell, there, "{name}, layer {}, column {x}, row {y}", layer.name);
                assert!(cell.is_none_or(|number| taken.insert(number)), "{name}: two stamps have tile {cell:?}");
            }
        }
        let sides: Vec<_> = layers.iter().map(|layer| stamp.bounds(layer)).collect();
        let outermost = [0, 2].map(|side| sides.iter().map(|it| it[side]).min());
        let innermost = [1, 3].map(|side| sides.iter().map(|it| it[side] + 1).max());
        assert_eq!(outermost, [Some(0), Some(0)], "{name} has an empty margin");
        assert_eq!(innermost, [Some(map.width), Some(map.height)], "{name} has an empty margin");
    }
}

#[test]
fn a_house_has_a_roof_walls_all_around_and_a_door_in_its_doorway() {
    let tileset = tileset();
    let houses: Vec<Stamp> = stamps().into_iter().filter(|stamp| stamp.name.starts_with("house_")).collect();
    assert_eq!(houses.len(), 9);
    for Stamp { name, map, layers } in &houses {
        assert_eq!(layers.len(), 2, "{name} has no roof");
        let class = |x: u32, y: u32| {
            let cell = layers[0].cells[(y * map.width + x) as usize];
            cell.and_then(|number| meaning(&tileset, number)).map(|(class, _)| class).unwrap_or_default()
        };
        let doors: Vec<_> = map
            .layers()
            .filter_map(|layer| layer.as_object_layer())
            .flat_map(|layer| layer.objects().map(|it| (it.user_type.clone(), it.x, it.y)).collect::<Vec<_>>())
            .collect();
        let [(kind, x, y)] = &doors[..] else { panic!("{name} has {} objects", doors.len()) };
        assert_eq!((&**kind, &*class(*x as u32 / 16, *y as u32 / 16)), ("door", "doorway"), "{name}");
        // From within nobody gets out but by the door.
        for (x, y) in (0..map.height).flat_map(|y| (0..map.width).map(move |x| (x, y))) {
            if class(x, y) == "floor" {
                for (x, y) in [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)] {
                    assert!(!["", "shade"].contains(&&*class(x, y)), "{name} is open at {x}, {y}");
                }
            }
        }
    }
}

#[test]
fn a_tree_has_one_trunk_that_blocks_and_a_crown_over_it() {
    let tileset = tileset();
    for Stamp { name, layers, .. } in stamps().iter().filter(|stamp| stamp.name.starts_with("tree_")) {
        let solid =
            layers[0].cells.iter().flatten().filter(|number| meaning(&tileset, **number).is_some_and(|it| it.1));
        assert_eq!(solid.count(), 1, "{name}");
        assert_eq!(layers[1].name, "canopy", "{name}");
    }
}
