//! From a Tiled map to a [`Map`]: reads the layers, the one tileset and the objects, and refuses
//! whatever the game would show differently from Tiled. Works on bytes the caller reads; never
//! panics on what a file says.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::path::Path;

use tiled::{Layer, LayerType, Loader, Orientation, PropertyValue, ResourceReader, TileLayer, Tileset};
use tilemud_schema::rest::{TileAnimation, TileFrame, TileInfo};

use super::drawn::{CANOPY, GROUND, MAP_EDGE_MAX, Map, MapTileset, OBJECTS, STRUCTURES};
use super::error::MapError;
use super::ids::give_ids;
use super::objects::{Objects, read_objects};
use super::{together, warps};

/// Most files that a map may be made of, read again each time they are named another way. Templates
/// may name each other, and the parser follows them for as long as they do.
const FILES_MAX: usize = 48;

/// Deepest nesting of elements in a file. The parser is recursive.
const NESTED_MAX: usize = 24;

/// Lends the caller's `read` to the parser, for files that keep these bounds.
struct Reader<F> {
    read: F,
    files: usize,
}

impl<F: FnMut(&Path) -> io::Result<Vec<u8>>> ResourceReader for Reader<F> {
    type Resource = Cursor<Vec<u8>>;
    type Error = io::Error;

    fn read_from(&mut self, path: &Path) -> io::Result<Self::Resource> {
        self.files += 1;
        if self.files > FILES_MAX {
            let problem = format!("the map has more than {FILES_MAX} files, or they name each other in a circle");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        let bytes = (self.read)(path)?;
        if nested(&bytes) > NESTED_MAX {
            let problem = format!("more than {NESTED_MAX} elements stand inside one another");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(Cursor::new(bytes))
    }
}

/// How deep the elements of an XML file are nested.
fn nested(xml: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = xml;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[at..];
        let beyond = |end: &[u8]| rest.windows(end.len()).position(|window| window == end).map(|at| at + end.len());
        let end = if rest.starts_with(b"<!--") {
            beyond(b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            beyond(b"]]>")
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            beyond(b">")
        } else {
            let end = tag_len(rest);
            let has_content = !matches!(rest[1..], [b'?' | b'!', ..]) && end.is_none_or(|end| rest[end - 2] != b'/');
            depth += usize::from(has_content);
            end
        };
        deepest = deepest.max(depth);
        let Some(end) = end else { break };
        rest = &rest[end..];
    }
    deepest
}

/// How long the tag is that begins here; a `>` in quotes does not end it.
fn tag_len(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    let end = tag.iter().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), byte) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    });
    end.map(|end| end + 1)
}

pub(super) fn load(path: &Path, mut read: impl FnMut(&Path) -> io::Result<Vec<u8>>) -> Result<Map, MapError> {
    let load_error = |source| MapError::Load { path: path.to_owned(), source };
    let text = read(path).map_err(|error| load_error(error.into()))?;
    let mut loader = Loader::with_reader(Reader {
        read: |wanted: &Path| if wanted == path { Ok(text.clone()) } else { read(wanted) },
        files: 0,
    });
    let source = loader.load_tmx_map(path).map_err(|error| load_error(error.into()))?;

    if source.orientation != Orientation::Orthogonal {
        return Err(MapError::NotOrthogonal);
    }
    if source.infinite() {
        return Err(MapError::Infinite);
    }
    if !(1..=MAP_EDGE_MAX).contains(&source.width) || !(1..=MAP_EDGE_MAX).contains(&source.height) {
        return Err(MapError::Size { width: source.width, height: source.height });
    }
    check_cell_counts(&text, source.width as usize * source.height as usize)?;

    let tileset = read_tileset(&source, &mut read)?;
    let layers = name_layers(&source)?;
    let cells = |name: &str| layers.get(name).map(|layer| read_cells(&source, name, *layer, &tileset)).transpose();
    let ground = cells(GROUND)?.ok_or(MapError::LayerMissing { name: GROUND })?;
    if let Some(hole) = ground.iter().position(|tile| *tile == 0) {
        let (x, y) = (hole as u32 % source.width, hole as u32 / source.width);
        return Err(MapError::GroundMissing { x: x as i32, y: y as i32 });
    }
    let structures = cells(STRUCTURES)?.unwrap_or_else(|| vec![0; ground.len()]);
    let canopy = cells(CANOPY)?.unwrap_or_else(|| vec![0; ground.len()]);
    let tiles = structures.iter().zip(&ground).map(|(over, under)| if *over == 0 { *under } else { *over }).collect();

    let objects_layer = layers.get(OBJECTS).ok_or(MapError::LayerMissing { name: OBJECTS })?;
    let Objects { spawn, mut objects, items, warps: drawn, spawners, spawn_object, standing } =
        read_objects(&source, *objects_layer, &tileset)?;
    give_ids(&mut objects, Default::default());
    let map = Map {
        name: map_name(&source, path),
        world_id: world_id(&source),
        width: source.width as i32,
        height: source.height as i32,
        origin: Default::default(),
        tiles,
        ground,
        canopy,
        tileset,
        spawn,
        objects,
        items,
        warps: drawn.iter().map(|drawn| drawn.warp).collect(),
        spawners,
        areas: Vec::new(),
        signs: Vec::new(),
        sprites: None,
        music: BTreeMap::new(),
    };
    if map.is_solid(spawn.x, spawn.y) {
        return Err(MapError::SpawnSolid { x: spawn.x, y: spawn.y });
    }
    together::check(&standing, &map)?;
    warps::check(&drawn, spawn_object, &map)?;
    Ok(map)
}

/// The parser does not compare the cells it found with the size of the map and would panic on the
/// first one missing, so they are counted here.
fn check_cell_counts(text: &[u8], expected: usize) -> Result<(), MapError> {
    let text = String::from_utf8_lossy(text);
    for data in text.split("<data").skip(1) {
        let (attributes, rest) = data.split_once('>').unwrap_or((data, ""));
        if !attributes.contains("csv") {
            return Err(MapError::NotCsv);
        }
        let cells = rest.split_once("</data").map_or(rest, |(cells, _)| cells);
        let found = cells.matches(',').count() + 1;
        if found != expected {
            return Err(MapError::CellCount { expected, found });
        }
    }
    Ok(())
}

fn map_name(source: &tiled::Map, path: &Path) -> String {
    match source.properties.get("name") {
        Some(PropertyValue::StringValue(name)) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => path.file_stem().map_or_else(|| "world".to_owned(), |stem| stem.to_string_lossy().into_owned()),
    }
}

fn world_id(source: &tiled::Map) -> Option<String> {
    match source.properties.get("world_id") {
        Some(PropertyValue::StringValue(id)) if !id.trim().is_empty() => Some(id.trim().to_owned()),
        _ => None,
    }
}

fn name_layers(source: &tiled::Map) -> Result<BTreeMap<String, Layer<'_>>, MapError> {
    let mut layers = BTreeMap::new();
    for layer in source.layers() {
        let name = layer.name.clone();
        let is_objects = matches!(layer.layer_type(), LayerType::Objects(_));
        let is_tiles = matches!(layer.layer_type(), LayerType::Tiles(_));
        match name.as_str() {
            GROUND | STRUCTURES | CANOPY if is_tiles => {}
            OBJECTS if is_objects => {}
            GROUND | STRUCTURES | CANOPY | OBJECTS => return Err(MapError::LayerKind { name }),
            _ => return Err(MapError::LayerUnknown { name }),
        }
        if layers.insert(name.clone(), layer).is_some() {
            return Err(MapError::LayerTwice { name });
        }
    }
    Ok(layers)
}

fn read_cells(source: &tiled::Map, name: &str, layer: Layer<'_>, tileset: &MapTileset) -> Result<Vec<u16>, MapError> {
    let LayerType::Tiles(TileLayer::Finite(cells)) = layer.layer_type() else {
        return Err(MapError::LayerKind { name: name.to_owned() });
    };
    if (cells.width(), cells.height()) != (source.width, source.height) {
        let found = cells.width() as usize * cells.height() as usize;
        return Err(MapError::CellCount { expected: source.width as usize * source.height as usize, found });
    }
    let mut ids = Vec::with_capacity(source.width as usize * source.height as usize);
    for y in 0..source.height as i32 {
        for x in 0..source.width as i32 {
            let Some(cell) = cells.get_tile_data(x, y) else {
                ids.push(0);
                continue;
            };
            if cell.flip_h || cell.flip_v || cell.flip_d {
                return Err(MapError::Flipped { layer: name.to_owned(), x, y });
            }
            // Numbered from 1: 0 is the nothing tile.
            let id = u16::try_from(cell.id() + 1).ok().filter(|id| usize::from(*id) < tileset.tiles.len());
            ids.push(id.ok_or_else(|| MapError::TileUnknown { layer: name.to_owned(), x, y })?);
        }
    }
    Ok(ids)
}

fn read_tileset(
    source: &tiled::Map,
    read: &mut impl FnMut(&Path) -> io::Result<Vec<u8>>,
) -> Result<MapTileset, MapError> {
    let [tileset] = source.tilesets() else {
        return Err(MapError::Tilesets { count: source.tilesets().len() });
    };
    let name = tileset.name.clone();
    let Some(picture) = &tileset.image else {
        return Err(MapError::ImageCollection { name });
    };
    let square = tileset.tile_width == tileset.tile_height;
    let fits_map = tileset.tile_width == source.tile_width && tileset.tile_height == source.tile_height;
    if !square || !fits_map || tileset.margin != 0 || tileset.spacing != 0 || tileset.columns == 0 {
        return Err(MapError::TileShape { name });
    }
    if !(1..=u32::from(u16::MAX)).contains(&tileset.tilecount) {
        return Err(MapError::TileCount { name, count: tileset.tilecount });
    }
    let path = picture.source.clone();
    let image = match read(&path) {
        Ok(image) => image,
        Err(source) => return Err(MapError::Picture { path, source }),
    };
    let Some((width, height)) = png_size(&image) else {
        return Err(MapError::NotPng { path });
    };
    let size = u64::from(tileset.tile_width);
    let rows = tileset.tilecount.div_ceil(tileset.columns);
    if u64::from(tileset.columns) * size > u64::from(width) || u64::from(rows) * size > u64::from(height) {
        return Err(MapError::PictureSize { path, width, height });
    }
    let (tiles, damage) = (read_tile_infos(tileset)?, read_damage(tileset)?);
    let animations = read_animations(tileset);
    let (tile_size, columns) = (tileset.tile_width, tileset.columns);
    Ok(MapTileset { images: vec![image.into()], tile_size, columns, tiles, damage, prints: Vec::new(), animations })
}

/// Animations with all of their tiles in the tileset.
fn read_animations(tileset: &Tileset) -> Vec<TileAnimation> {
    // There are fewer tiles than a u16 counts.
    let number = |local: u32| (local < tileset.tilecount).then(|| local as u16 + 1);
    let animation = |(local, tile): (u32, tiled::Tile<'_>)| {
        let frame = |frame: &tiled::Frame| Some(TileFrame { tile: number(frame.tile_id)?, ms: frame.duration.max(1) });
        let frames: Vec<TileFrame> = tile.animation.as_ref()?.iter().map(frame).collect::<Option<_>>()?;
        (!frames.is_empty()).then_some(TileAnimation { tile: number(local)?, frames })
    };
    tileset.tiles().filter_map(animation).collect()
}

fn read_damage(tileset: &Tileset) -> Result<BTreeMap<u16, i32>, MapError> {
    let mut all = BTreeMap::new();
    for tile in 0..tileset.tilecount {
        match tileset.get_tile(tile).as_ref().and_then(|data| data.properties.get("damage")) {
            None => {}
            // At most 65535 tiles were let in before, numbered from 1 here.
            Some(PropertyValue::IntValue(damage)) if *damage >= 1 => drop(all.insert((tile + 1) as u16, *damage)),
            Some(_) => return Err(MapError::DamageNotInt { tile }),
        }
    }
    Ok(all)
}

fn read_tile_infos(tileset: &Tileset) -> Result<Vec<TileInfo>, MapError> {
    let mut infos = vec![TileInfo { id: 0, name: "nothing".to_owned(), solid: false }];
    for tile in 0..tileset.tilecount {
        let data = tileset.get_tile(tile);
        let solid = match data.as_ref().and_then(|data| data.properties.get("solid")) {
            None => false,
            Some(PropertyValue::BoolValue(solid)) => *solid,
            Some(_) => return Err(MapError::SolidNotBool { tile }),
        };
        let id = infos.len() as u16;
        let name = data.map(|data| data.user_type.clone()).filter(|class| !class.is_empty());
        infos.push(TileInfo { id, name: name.unwrap_or_else(|| format!("tile {id}")), solid });
    }
    Ok(infos)
}

/// Width and height from the header of a PNG file.
fn png_size(image: &[u8]) -> Option<(u32, u32)> {
    let header = image.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?.strip_prefix(b"IHDR")?;
    let (width, height) = header.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(height.try_into().ok()?)))
}
