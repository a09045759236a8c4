//! Tilesets, within the map or in files of their own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use crate::drawing::{Content, Frame, GID, Picture, PictureSource, Placed, Tile, Tileset};
use crate::files::{FileError, resolve};
use crate::problem::{Place, Severity, shown};

use super::context::{self, Context, color};
use super::document::with_tree;
use super::tree::Element;
use super::{cells, object, properties, source};

/// Tilesets of a map. More are no map that somebody has drawn, and each cell is looked up in them.
const TILESETS_MAX: usize = 4000;
/// First ids of tilesets that only templates name lie so far behind the last one of the map, so
/// that cells with ids beyond it do not become tiles of theirs.
const APART: u32 = 1 << 16;

/// Where the tiles of an object stand around its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alignment {
    /// From 0, left, to 1, right; and from 0, top, to 1, bottom.
    pub(super) across: f64,
    pub(super) down: f64,
}

/// The tilesets of a map while it is read.
#[derive(Debug, Default)]
pub(super) struct Tilesets {
    placed: Vec<Placed>,
    /// By first id, of those that say one.
    alignments: BTreeMap<u32, Alignment>,
    /// Those in files of their own, with the memory each takes; `None` of one that cannot be read.
    external: BTreeMap<PathBuf, Option<(Read, usize)>>,
}

/// A tileset as it is read.
#[derive(Debug, Clone)]
struct Read {
    tileset: Tileset,
    alignment: Option<Alignment>,
}

impl Tilesets {
    /// Reads a `tileset` element of a map.
    pub(super) fn add(&mut self, context: &mut Context<'_>, element: &Element<'_>, file: &Path, cell: (u32, u32)) {
        let place = Place { file: file.to_owned(), line: element.line, ..Place::default() };
        let first_gid = match element.get("firstgid") {
            // The only tileset of old files may not say it.
            None if self.placed.is_empty() => Some(1),
            None => None,
            Some(_) => context.number(element, "firstgid", &place),
        };
        let Some(first_gid) = first_gid.filter(|first| (1..=GID).contains(first)) else {
            let what = "a tileset has no first tile id (firstgid) that is possible".to_owned();
            context.error("tileset-first", &place, what, "remove the tileset from the map in Tiled and add it again");
            return;
        };
        if self.placed.iter().any(|placed| placed.first_gid == first_gid) {
            let what = format!("two tilesets begin at the tile id {first_gid}, only the first is used");
            context.warn("tileset-first", &place, what, "remove one of them in Tiled and add it again");
            return;
        }
        if self.placed.len() >= TILESETS_MAX {
            let what = format!("the map has more than {TILESETS_MAX} tilesets");
            context.error("tilesets", &place, what, "delete those it does not use in the view Tilesets");
            return;
        }
        match element.get("source").filter(|source| !source.is_empty()) {
            Some(source) => {
                let path = resolve(file, source);
                let read = self.file(context, &path, &place).unwrap_or_else(|| placeholder(source, path, cell));
                self.place(first_gid, read);
            }
            None => {
                if let Some(read) = read(context, element, file, Some(cell)) {
                    self.place(first_gid, read);
                }
            }
        }
    }

    /// The first id of the tileset in a file, which becomes one of the map's if it is none yet.
    pub(super) fn first_gid_of(&mut self, context: &mut Context<'_>, path: &Path, place: &Place) -> Option<u32> {
        if let Some(placed) = self.placed.iter().find(|placed| placed.tileset.file == path) {
            return Some(placed.first_gid);
        }
        let end = self.placed.iter().map(|placed| placed.first_gid + count(&placed.tileset)).max().unwrap_or(0);
        let first_gid = Some(end + APART).filter(|first| *first <= GID && self.placed.len() < TILESETS_MAX)?;
        let read = self.file(context, path, place)?;
        self.place(first_gid, read);
        Some(first_gid)
    }

    /// The placed tileset and local id of a global one.
    pub(super) fn tile(&self, gid: u32) -> Option<(&Placed, u32)> {
        let id = gid & GID;
        let placed =
            self.placed.iter().filter(|placed| placed.first_gid <= id).max_by_key(|placed| placed.first_gid)?;
        Some((placed, id - placed.first_gid))
    }

    /// What the tileset that begins there says of its tiles as objects.
    pub(super) fn alignment(&self, first_gid: u32) -> Option<Alignment> {
        self.alignments.get(&first_gid).copied()
    }

    /// The lowest id of a tile.
    pub(super) fn first(&self) -> Option<u32> {
        self.placed.iter().map(|placed| placed.first_gid).min()
    }

    /// In the order of their first ids.
    pub(super) fn finish(mut self) -> Vec<Placed> {
        self.placed.sort_by_key(|placed| placed.first_gid);
        self.placed
    }

    fn place(&mut self, first_gid: u32, read: Read) {
        self.alignments.extend(read.alignment.map(|alignment| (first_gid, alignment)));
        self.placed.push(Placed { first_gid, tileset: read.tileset });
    }

    /// Reads a tileset file once; further ones are copies. Warns of one that cannot be read.
    fn file(&mut self, context: &mut Context<'_>, path: &Path, place: &Place) -> Option<Read> {
        if let Some(known) = self.external.get(path) {
            let (read, len) = known.as_ref()?;
            context.take(*len, place)?;
            return Some(read.clone());
        }
        let before = context.ledger.left();
        let read = match context.read(path, &place.file, place) {
            Ok((bytes, path)) => with_tree(context, &path, bytes, &["tileset"], Severity::Warning, |context, tree| {
                read(context, tree, &path, None)
            }),
            Err(error) => {
                missing(context, place, path, &error);
                None
            }
        };
        let read = read.flatten();
        let len = before.saturating_sub(context.ledger.left());
        // One copy is kept beside that which becomes part of the drawing.
        context.take(len, place)?;
        self.external.insert(path.to_owned(), read.clone().map(|read| (read, len)));
        read
    }
}

fn missing(context: &mut Context<'_>, place: &Place, path: &Path, error: &FileError) {
    let what = format!("the tileset cannot be read: {}", source::unreadable(path, error));
    context.warn("tileset-file", place, what, error.remedy());
}

/// What stands for a tileset that cannot be read: it has no pictures.
fn placeholder(name: &str, file: PathBuf, (tile_width, tile_height): (u32, u32)) -> Read {
    let tileset = Tileset {
        name: context::name(name).unwrap_or_default(),
        file,
        class: String::new(),
        tile_width,
        tile_height,
        margin: 0,
        spacing: 0,
        columns: None,
        tile_count: None,
        offset: (0, 0),
        fills_cell: false,
        picture: None,
        properties: Default::default(),
        tiles: BTreeMap::new(),
    };
    Read { tileset, alignment: None }
}

/// How many ids a tileset may use, as far as is known without its picture.
fn count(tileset: &Tileset) -> u32 {
    let last = tileset.tiles.last_key_value().map_or(0, |(id, _)| id.saturating_add(1));
    tileset.tile_count.unwrap_or(APART).max(last).min(GID)
}

/// Reads a tileset. `cell` is the size of the map's, for those that do not say theirs.
fn read(context: &mut Context<'_>, element: &Element<'_>, file: &Path, cell: Option<(u32, u32)>) -> Option<Read> {
    let name = element.get("name").unwrap_or_default();
    let place = Place { file: file.to_owned(), line: element.line, tileset: context::name(name), ..Place::default() };
    context.take(size_of::<Placed>() + name.len(), &place)?;
    let mut size = |attribute: &str, cell: Option<u32>| match context.number(element, attribute, &place) {
        Some(size) if size > 0 => size,
        _ => {
            let size = cell.unwrap_or(32);
            let what = format!("the tileset says no {attribute}, {size} is taken");
            context.warn("tileset-size", &place, what, "set the tile size in Tiled's tileset properties");
            size
        }
    };
    let tile_width = size("tilewidth", cell.map(|cell| cell.0));
    let tile_height = size("tileheight", cell.map(|cell| cell.1));
    if element.get("fillmode").is_some_and(|mode| mode == "preserve-aspect-fit") {
        let what =
            "the tileset keeps the proportions of its tiles where it fills cells, here they are stretched".to_owned();
        context.warn("tileset-fill", &place, what, "set Fill Mode to Stretch in Tiled's tileset properties");
    }
    let offset = element.child("tileoffset").map_or((0, 0), |offset| {
        let mut number = |attribute| context.number(offset, attribute, &place).unwrap_or(0);
        (number("x"), number("y"))
    });
    let mut positive = |attribute| context.number(element, attribute, &place).filter(|number: &u32| *number > 0);
    let (columns, tile_count) = (positive("columns"), positive("tilecount"));
    let (margin, spacing) = (positive("margin").unwrap_or(0), positive("spacing").unwrap_or(0));
    let tileset = Tileset {
        name: name.to_owned(),
        file: file.to_owned(),
        class: context.text_of(element, "class", &place),
        tile_width,
        tile_height,
        margin,
        spacing,
        columns,
        tile_count,
        offset,
        fills_cell: element.get("tilerendersize") == Some("grid"),
        picture: picture(context, element, file, &place),
        properties: properties::read(context, element, file, &place),
        tiles: tiles(context, element, file, &place),
    };
    let alignment = element.get("objectalignment").and_then(|name| alignment(context, name, &place));
    Some(Read { tileset, alignment })
}

/// `None` when the orientation of the map decides.
fn alignment(context: &mut Context<'_>, name: &str, place: &Place) -> Option<Alignment> {
    let (across, down) = match name {
        "unspecified" | "" => return None,
        "topleft" => (0.0, 0.0),
        "top" => (0.5, 0.0),
        "topright" => (1.0, 0.0),
        "left" => (0.0, 0.5),
        "center" => (0.5, 0.5),
        "right" => (1.0, 0.5),
        "bottomleft" => (0.0, 1.0),
        "bottom" => (0.5, 1.0),
        "bottomright" => (1.0, 1.0),
        other => {
            let what = format!("the object alignment {} is not known", shown(other));
            context.warn("tileset-alignment", place, what, "choose another in Tiled's tileset properties");
            return None;
        }
    };
    Some(Alignment { across, down })
}

/// The picture that an element has in an `image` in it.
pub(super) fn picture(context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> Option<Picture> {
    let image = element.child("image")?;
    let source = match image.get("source").filter(|source| !source.is_empty()) {
        Some(source) => {
            context.take(source.len() + file.as_os_str().len(), place)?;
            PictureSource::File(resolve(file, source))
        }
        None => {
            let data = image.child("data")?;
            context.take(data.text.len(), place)?;
            let Some(bytes) = cells::base64(&data.text) else {
                let what = "the picture within the file is broken base64".to_owned();
                context.warn("picture", place, what, "save the picture as a file and choose it in Tiled");
                return None;
            };
            PictureSource::Inside(bytes)
        }
    };
    let key = image.get("trans").filter(|key| !key.is_empty()).and_then(|text| {
        let key = color(text);
        if key.is_none() {
            let what = format!("the transparent colour {} is no colour", shown(text));
            context.warn("color", place, what, "choose it again in Tiled's tileset properties");
        }
        key.map(|[red, green, blue, _]| [red, green, blue])
    });
    let size = (context.number(image, "width", place), context.number(image, "height", place));
    Some(Picture { source, color_key: key, size: size.0.zip(size.1) })
}

fn tiles(context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> BTreeMap<u32, Tile> {
    let mut tiles = BTreeMap::new();
    for tile in element.children("tile") {
        let mut place = Place { line: tile.line, ..place.clone() };
        let id = context.number(tile, "id", &place).filter(|id: &u32| *id <= GID);
        let Some(id) = id else {
            let what = "a tile has no id that is possible".to_owned();
            context.warn("tile-id", &place, what, "save the tileset again from Tiled");
            continue;
        };
        place.tile = Some(id);
        if context.take(size_of::<Tile>() * 2, &place).is_none() {
            break;
        }
        let read = self::tile(context, tile, file, &place);
        match tiles.entry(id) {
            Entry::Vacant(entry) => drop(entry.insert(read)),
            Entry::Occupied(entry) => add_to(entry.into_mut(), read),
        }
    }
    tiles
}

/// What a second element of a tile says, beside the first one.
fn add_to(known: &mut Tile, more: Tile) {
    let Tile { class, mut properties, picture, part, mut animation, mut shapes } = more;
    if !class.is_empty() {
        known.class = class;
    }
    known.properties.append(&mut properties);
    known.picture = picture.or(known.picture.take());
    known.part = part.or(known.part);
    known.animation.append(&mut animation);
    known.shapes.append(&mut shapes);
}

fn tile(context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> Tile {
    let class = if element.get("class").is_some_and(|class| !class.is_empty()) { "class" } else { "type" };
    let mut number = |attribute| context.number::<u32>(element, attribute, place);
    let part = match (number("width"), number("height")) {
        (Some(width), Some(height)) => Some((number("x").unwrap_or(0), number("y").unwrap_or(0), width, height)),
        _ => None,
    };
    let mut animation = Vec::new();
    for frame in element.children("animation").flat_map(|animation| animation.children("frame")) {
        if context.take(2 * size_of::<Frame>(), place).is_none() {
            break;
        }
        let mut number = |attribute| context.number(frame, attribute, place).unwrap_or(0);
        animation.push(Frame { tile: number("tileid"), duration_ms: number("duration") });
    }
    let shapes = element.children("objectgroup").flat_map(|group| group.children("object"));
    Tile {
        class: context.text_of(element, class, place),
        properties: properties::read(context, element, file, place),
        picture: picture(context, element, file, place),
        part,
        animation,
        shapes: shapes
            .filter_map(|shape| object::read(context, shape, file, place).map(|(draft, _)| draft.finish()))
            .collect(),
    }
}

/// The content of an image layer.
pub(super) fn image_layer(context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> Content {
    let picture = picture(context, element, file, place);
    let mut repeats = |attribute| context.number(element, attribute, place).unwrap_or(false);
    Content::Image { picture, repeats: (repeats("repeatx"), repeats("repeaty")) }
}
