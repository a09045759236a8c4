//! The pictures of the tiles that a map shows. Each file is decoded once, what is shown is cut out
//! of it, and the rest is let go before the next one is decoded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::lost::Lost;
use super::opened::Opener;
use super::stacks::Label;
use crate::drawing::{self, Drawing, Picture, PictureSource, Placed, Tile};
use crate::files::{CHOOSE_AGAIN, Files};
use crate::names::{number, property};
use crate::pictures::{Decoded, Part, Pixels};
use crate::problem::{Place, Problems};
use crate::room::Room;
use crate::say::{self, warning};

/// Most pictures in which a tile moves; real ones have a dozen.
const FRAMES_OF_TILE_MAX: usize = 64;
/// How long a picture of a tile that moves is shown, milliseconds.
const FRAME_MS_MIN: u32 = 10;
const FRAME_MS_MAX: u32 = 3_600_000;
/// Longest edge of a placeholder.
const PLACEHOLDER_EDGE_MAX: u32 = 256;

/// How a tile is drawn.
#[derive(Debug, Clone)]
pub struct Look {
    /// Index of its picture.
    pub image: u32,
    /// Pixels by which its tileset moves it.
    pub offset: (i32, i32),
    pub label: Label,
}

/// The pictures of a map.
#[derive(Default)]
pub struct Art {
    pub images: Vec<Pixels>,
    /// By global id; tiles without a picture are left out.
    pub looks: FxHashMap<u32, Look>,
    /// Of image layers, by index of the layer.
    pub layers: FxHashMap<usize, u32>,
    /// Of tiles that move, by index of their first picture, which no other tile shares.
    pub moving: FxHashMap<u32, Rc<[Frame]>>,
    /// Pixels of all pictures, and how many there may be.
    kept: u64,
    kept_max: u64,
}

/// One picture of a tile that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub image: u32,
    pub ms: u32,
}

/// Who shows a picture.
enum Shows<'a> {
    /// The tile itself, or the first picture in which it moves.
    Tile {
        gid: u32,
        placed: &'a Placed,
        shown: u32,
    },
    /// Another picture in which tiles move.
    Frame {
        placed: &'a Placed,
        shown: u32,
    },
    Layer(usize),
}

/// Which file a picture is in, and what in it stands for nothing. Pictures within a file of the map
/// are told apart by where they are in memory.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Source<'a> {
    File(&'a Path, Option<[u8; 3]>),
    Inside(*const u8, Option<[u8; 3]>),
}

impl Art {
    /// The pictures of these tiles and image layers.
    pub fn gather(
        drawing: &Drawing,
        gids: impl IntoIterator<Item = u32>,
        layers: impl IntoIterator<Item = (usize, Picture)>,
        room: Room,
        files: &dyn Files,
        problems: &mut Problems,
    ) -> Self {
        let layers: Vec<(usize, Picture)> = layers.into_iter().collect();
        let mut art = Self { kept_max: room.pixels_max(), ..Self::default() };
        let mut wanted: BTreeMap<Source<'_>, (&Picture, Vec<Shows<'_>>)> = BTreeMap::new();
        let (mut moving, mut further, mut lost) = (Vec::new(), BTreeSet::new(), Lost::default());
        let mut want = |picture, shows| {
            wanted.entry(Source::of(picture)).or_insert_with(|| (picture, Vec::new())).1.push(shows);
        };
        for gid in gids {
            let Some((placed, local)) = drawing.tile(gid) else {
                problems.add(warning(
                    "tile-without-tileset",
                    say::map(drawing),
                    format!("tile number {gid} is of no tileset and is not drawn"),
                    "add its tileset again, or erase the tile",
                ));
                continue;
            };
            let frames = frames(placed, local);
            let shown = frames.first().map_or(local, |frame| frame.tile);
            match picture_of(placed, shown) {
                Some(picture) => want(picture, Shows::Tile { gid, placed, shown }),
                None => {
                    lost.note_bare(placed, gid, shown);
                    art.show_placeholder(drawing, gid, placed, problems);
                }
            }
            if frames.len() > 1 {
                moving.push((gid, placed, frames));
            }
            for shown in frames.iter().skip(1).map(|frame| frame.tile) {
                if further.insert((placed.first_gid, shown))
                    && let Some(picture) = picture_of(placed, shown)
                {
                    want(picture, Shows::Frame { placed, shown });
                }
            }
        }
        for (layer, picture) in &layers {
            want(picture, Shows::Layer(*layer));
        }
        let mut pictures = FxHashMap::default();
        let mut opened = Opener::new(files);
        for (picture, shown) in wanted.into_values() {
            let place = || shown.first().map_or_else(|| say::map(drawing), |shows| shows.place(drawing));
            let decoded = opened.open(picture, &drawing.file, room.picture_len_max(art.kept));
            match &decoded {
                Ok((_, Some(elsewhere))) => {
                    problems.add(warning("file-elsewhere", place(), elsewhere.clone(), CHOOSE_AGAIN));
                }
                Ok((_, None)) => {}
                Err((what, remedy)) => {
                    let is_layer = shown.iter().all(|shows| matches!(shows, Shows::Layer(_)));
                    let so = if is_layer { "nothing is drawn of it" } else { "a chequer stands for it" };
                    problems.add(warning("picture", place(), format!("{what}; {so}"), remedy.clone()));
                }
            }
            let decoded = decoded.as_ref().ok().map(|(decoded, _)| decoded);
            for shows in shown {
                if let Some((frame, image)) = art.show(drawing, &shows, decoded, &mut lost, problems) {
                    pictures.insert(frame, image);
                }
            }
        }
        for (gid, placed, frames) in moving {
            art.animate(drawing, gid, placed, frames, &pictures, problems);
        }
        lost.tell(drawing, problems);
        art
    }

    /// Pixels of all pictures.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Lets a tile move. A picture that is not there, or has not the size of the first one, is
    /// passed over.
    fn animate(
        &mut self,
        drawing: &Drawing,
        gid: u32,
        placed: &Placed,
        said: &[drawing::Frame],
        pictures: &FxHashMap<(u32, u32), u32>,
        problems: &mut Problems,
    ) {
        let Some(first) = self.looks.get(&gid).map(|look| look.image) else { return };
        let size = |image: u32| self.images.get(image as usize).map(|picture| (picture.width, picture.height));
        let mut frames: Vec<Frame> = Vec::new();
        for (index, frame) in said.iter().enumerate() {
            let other = pictures.get(&(placed.first_gid, frame.tile)).copied();
            let image = if index == 0 { Some(first) } else { other };
            if let Some(image) = image.filter(|image| size(*image) == size(first)) {
                frames.push(Frame { image, ms: frame.duration_ms.clamp(FRAME_MS_MIN, FRAME_MS_MAX) });
            }
        }
        if frames.len() < said.len() {
            let what = format!(
                "{} of the {} pictures in which the tile moves cannot be shown and are passed over",
                said.len() - frames.len(),
                said.len()
            );
            let place = Place { tile: Some(gid.saturating_sub(placed.first_gid)), ..of_tileset(drawing, placed) };
            problems.add(warning("animation", place, what, "choose tiles of the same size that are in the picture"));
        }
        if frames.len() > 1 {
            self.moving.insert(first, frames.into());
        }
    }

    /// The pictures of a tile whose first picture is `image`, one after another.
    pub fn pictures(&self, image: u32) -> impl Iterator<Item = &Pixels> {
        let further = self.moving.get(&image).into_iter().flat_map(|frames| frames.iter().skip(1));
        std::iter::once(image)
            .chain(further.map(|frame| frame.image))
            .filter_map(|image| self.images.get(image as usize))
    }

    /// The picture in place of `image` after so many milliseconds.
    pub fn image_at(&self, image: u32, ms: u64) -> u32 {
        let Some(frames) = self.moving.get(&image) else { return image };
        let all: u64 = frames.iter().map(|frame| u64::from(frame.ms)).sum();
        let mut left = ms.checked_rem(all).unwrap_or(0);
        for frame in frames.iter() {
            match left.checked_sub(frame.ms.into()) {
                Some(rest) => left = rest,
                None => return frame.image,
            }
        }
        image
    }

    /// Keeps what `draw` makes of a picture, and of all others in which it moves.
    pub fn keep_redrawn(&mut self, image: u32, size: (u32, u32), draw: impl Fn(&Pixels) -> Pixels) -> Option<u32> {
        let original = self.images.get(image as usize)?.clone();
        let redrawn = self.keep(size, || draw(&original))?;
        let Some(frames) = self.moving.get(&image).cloned() else { return Some(redrawn) };
        let mut known = FxHashMap::from_iter([(image, redrawn)]);
        let mut moving = Vec::with_capacity(frames.len());
        for frame in frames.iter() {
            let image = match known.get(&frame.image) {
                Some(image) => *image,
                None => {
                    let original = self.images.get(frame.image as usize)?.clone();
                    let image = self.keep(size, || draw(&original))?;
                    known.insert(frame.image, image);
                    image
                }
            };
            moving.push(Frame { image, ms: frame.ms });
        }
        self.moving.insert(redrawn, moving.into());
        Some(redrawn)
    }

    /// Keeps what a decoded picture shows; for a frame, which one it is and its image.
    fn show(
        &mut self,
        drawing: &Drawing,
        shows: &Shows<'_>,
        decoded: Option<&Decoded>,
        lost: &mut Lost,
        problems: &mut Problems,
    ) -> Option<((u32, u32), u32)> {
        match (shows, decoded) {
            (Shows::Frame { placed, shown }, Some(decoded)) => {
                let part = part(placed, *shown, decoded)?;
                let (width, height) = drawn_size(drawing, placed, part);
                let image = self.keep((width, height), || decoded.part(part, width, height));
                return image.map(|image| ((placed.first_gid, *shown), image));
            }
            (Shows::Frame { .. }, None) => {}
            (Shows::Tile { gid, placed, shown }, Some(decoded)) => {
                let Some(part) = part(placed, *shown, decoded) else {
                    let count = counts(placed, decoded).and_then(|(columns, rows)| columns.checked_mul(rows));
                    lost.note_outside(placed, *gid, *shown, count);
                    return None;
                };
                let (width, height) = drawn_size(drawing, placed, part);
                self.keep_tile(drawing, *gid, placed, (width, height), problems, || decoded.part(part, width, height));
            }
            (Shows::Tile { gid, placed, .. }, None) => self.show_placeholder(drawing, *gid, placed, problems),
            (Shows::Layer(layer), Some(decoded)) => {
                let size = (decoded.width, decoded.height);
                let drawn = || decoded.part(decoded.whole(), size.0, size.1);
                match self.keep(size, drawn) {
                    Some(image) => drop(self.layers.insert(*layer, image)),
                    None => problems.add(too_much(shows.place(drawing))),
                }
            }
            // A missing background is told, and nothing is better than a chequer everywhere.
            (Shows::Layer(_), None) => {}
        }
        None
    }

    fn show_placeholder(&mut self, drawing: &Drawing, gid: u32, placed: &Placed, problems: &mut Problems) {
        let size = |tile: u32, cell: u32| if tile == 0 || placed.tileset.fills_cell { cell } else { tile };
        let (width, height) = (
            size(placed.tileset.tile_width, drawing.tile_width).min(PLACEHOLDER_EDGE_MAX),
            size(placed.tileset.tile_height, drawing.tile_height).min(PLACEHOLDER_EDGE_MAX),
        );
        self.keep_tile(drawing, gid, placed, (width, height), problems, || Pixels::placeholder(width, height));
    }

    fn keep_tile(
        &mut self,
        drawing: &Drawing,
        gid: u32,
        placed: &Placed,
        size: (u32, u32),
        problems: &mut Problems,
        draw: impl FnOnce() -> Pixels,
    ) {
        let label = placed.tileset.tiles.get(&gid.saturating_sub(placed.first_gid)).map(label).unwrap_or_default();
        match self.keep(size, draw) {
            Some(image) => drop(self.looks.insert(gid, Look { image, offset: placed.tileset.offset, label })),
            None => problems.add(too_much(of_tileset(drawing, placed))),
        }
    }

    /// Keeps a picture of this size; `None` if there is no room for it.
    pub fn keep(&mut self, (width, height): (u32, u32), draw: impl FnOnce() -> Pixels) -> Option<u32> {
        let kept = self.kept.saturating_add(u64::from(width).saturating_mul(u64::from(height)));
        if kept > self.kept_max {
            return None;
        }
        self.kept = kept;
        self.images.push(draw());
        u32::try_from(self.images.len() - 1).ok()
    }
}

/// The pictures in which a tile moves.
fn frames(placed: &Placed, local: u32) -> &[drawing::Frame] {
    let said = placed.tileset.tiles.get(&local).map_or(&[][..], |tile| &tile.animation);
    said.get(..FRAMES_OF_TILE_MAX).unwrap_or(said)
}

fn picture_of(placed: &Placed, local: u32) -> Option<&Picture> {
    let own = placed.tileset.tiles.get(&local).and_then(|tile| tile.picture.as_ref());
    own.or(placed.tileset.picture.as_ref())
}

/// In which size a part of a picture is drawn.
fn drawn_size(drawing: &Drawing, placed: &Placed, part: Part) -> (u32, u32) {
    if placed.tileset.fills_cell { (drawing.tile_width, drawing.tile_height) } else { (part.width, part.height) }
}

/// What a tile is, as its tileset says.
fn label(tile: &Tile) -> Label {
    let damage = property(&tile.properties, &["damage"]).and_then(number).and_then(|damage| i32::try_from(damage).ok());
    Label { class: crate::names::shown(&tile.class), damage: damage.unwrap_or(0).max(0) }
}

/// Where a tile is in its picture; `None` if that is not within it.
fn part(placed: &Placed, local: u32, picture: &Decoded) -> Option<Part> {
    let tileset = &placed.tileset;
    let said = tileset.tiles.get(&local);
    if said.is_some_and(|tile| tile.picture.is_some()) {
        let part = said.and_then(|tile| tile.part);
        let part = part.map_or(picture.whole(), |(x, y, width, height)| Part { x, y, width, height });
        let fits =
            part.x.checked_add(part.width)? <= picture.width && part.y.checked_add(part.height)? <= picture.height;
        return (fits && part.width > 0 && part.height > 0).then_some(part);
    }
    let (width, height) = (tileset.tile_width, tileset.tile_height);
    let step = |tile: u32| tile.checked_add(tileset.spacing);
    let (columns, rows) = counts(placed, picture)?;
    let (column, row) = (local.checked_rem(columns)?, local / columns);
    if row >= rows || width == 0 || height == 0 {
        return None;
    }
    let x = tileset.margin.checked_add(column.checked_mul(step(width)?)?)?;
    let y = tileset.margin.checked_add(row.checked_mul(step(height)?)?)?;
    Some(Part { x, y, width, height })
}

/// Columns and rows of tiles that the picture of a tileset holds, whatever the file says, as Tiled
/// counts them.
fn counts(placed: &Placed, picture: &Decoded) -> Option<(u32, u32)> {
    let tileset = &placed.tileset;
    let along = |edge: u32, tile: u32| {
        let room = edge.checked_sub(tileset.margin)?.checked_add(tileset.spacing)?;
        room.checked_div(tile.checked_add(tileset.spacing)?)
    };
    Some((along(picture.width, tileset.tile_width)?, along(picture.height, tileset.tile_height)?))
}

impl<'a> Source<'a> {
    fn of(picture: &'a Picture) -> Self {
        match &picture.source {
            PictureSource::File(path) => Self::File(path, picture.color_key),
            PictureSource::Inside(bytes) => Self::Inside(bytes.as_ptr(), picture.color_key),
        }
    }
}

impl Shows<'_> {
    fn place(&self, drawing: &Drawing) -> Place {
        match self {
            Self::Tile { placed, .. } | Self::Frame { placed, .. } => of_tileset(drawing, placed),
            Self::Layer(layer) => {
                drawing.layers.get(*layer).map_or_else(|| say::map(drawing), |layer| say::layer(drawing, layer))
            }
        }
    }
}

fn of_tileset(drawing: &Drawing, placed: &Placed) -> Place {
    Place { tileset: Some(placed.tileset.name.clone()), ..say::map(drawing) }
}

fn too_much(place: Place) -> crate::problem::Problem {
    let what = "the tiles and pictures of the map have more pixels than it may have beside its cells, 12 million at most, and \
                this one is left out";
    warning("pictures-too-large", place, what, "use smaller pictures")
}
