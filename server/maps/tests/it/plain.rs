//! Two drawers that know nothing of stacks: one draws all layers of a drawing pixel by pixel, the
//! other the three layers of a map from its sheet, as the client does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tilemud_maps::drawing::{Content, Drawing, GID, Layer, PictureSource};
use tilemud_sim::Map;

/// Red, green, blue and opacity from 0 to 1, the first three multiplied with the last.
type Color = [f64; 4];

/// An area of pixels.
pub struct Canvas {
    pub width: i64,
    pub height: i64,
    pub pixels: Vec<Color>,
}

impl Canvas {
    fn new(width: i64, height: i64) -> Self {
        Self { width, height, pixels: vec![[0.0; 4]; (width * height) as usize] }
    }

    fn over(&mut self, x: i64, y: i64, color: Color) {
        if x < 0 || y < 0 || x >= self.width || y >= self.height {
            return;
        }
        let under = &mut self.pixels[(y * self.width + x) as usize];
        for part in 0..4 {
            under[part] = color[part] + under[part] * (1.0 - color[3]);
        }
    }

    fn lay(&mut self, upper: &Self) {
        for y in 0..self.height {
            for x in 0..self.width {
                self.over(x, y, upper.pixels[(y * self.width + x) as usize]);
            }
        }
    }

    /// The largest difference of any part of any pixel, as levels of 255.
    pub fn differs(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height), "size");
        let pairs = self.pixels.iter().zip(&other.pixels);
        pairs.flat_map(|(a, b)| (0..4).map(move |part| (a[part] - b[part]).abs() * 255.0)).fold(0.0, f64::max)
    }
}

/// A decoded picture.
pub struct Image {
    pub width: i64,
    pub height: i64,
    rgba: Vec<u8>,
}

impl Image {
    pub fn decode(file: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().expect("a PNG");
        let mut rgba = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgba).expect("pixels");
        Self { width: info.width.into(), height: info.height.into(), rgba }
    }

    /// Red, green, blue and opacity of one pixel after the other.
    pub fn bytes(&self) -> impl Iterator<Item = &u8> {
        self.rgba.iter()
    }

    /// Pictures that are one when each is put below the one before.
    pub fn of_all(files: &[Arc<[u8]>]) -> Self {
        let mut pictures = files.iter().map(|file| Self::decode(file));
        let mut all = pictures.next().expect("a picture");
        for mut below in pictures {
            assert_eq!(below.width, all.width);
            all.height += below.height;
            all.rgba.append(&mut below.rgba);
        }
        all
    }

    pub fn pixel(&self, x: i64, y: i64) -> [f64; 4] {
        let at = ((y * self.width + x) * 4) as usize;
        [0, 1, 2, 3].map(|part| f64::from(self.rgba[at + part]) / 255.0)
    }
}

/// Which of the pictures is shown after so many milliseconds.
fn frame<T: Copy>(frames: &[(T, u32)], ms: u32) -> Option<T> {
    let all: u32 = frames.iter().map(|(_, ms)| ms).sum();
    let mut left = ms.checked_rem(all)?;
    frames.iter().find_map(|(frame, ms)| {
        let is_shown = left < *ms;
        left = left.saturating_sub(*ms);
        is_shown.then_some(*frame)
    })
}

/// The map as a client shows it after so many milliseconds, without characters.
pub fn shown(map: &Map, ms: u32) -> Canvas {
    let sheet = Image::of_all(&map.tileset.images);
    let edge = i64::from(map.tileset.tile_size);
    let mut canvas = Canvas::new(i64::from(map.width) * edge, i64::from(map.height) * edge);
    for (cell, (ground, tile)) in map.ground.iter().zip(&map.tiles).enumerate() {
        let (column, row) = (cell as i64 % i64::from(map.width), cell as i64 / i64::from(map.width));
        let upper = if tile == ground { 0 } else { *tile };
        for id in [*ground, upper, map.canopy[cell]].into_iter().filter(|id| *id != 0) {
            let moving = map.tileset.animations.iter().find(|moving| moving.tile == id);
            let frames = moving.map(|moving| moving.frames.iter().map(|frame| (frame.tile, frame.ms)).collect());
            let id = frames.and_then(|frames: Vec<_>| frame(&frames, ms)).unwrap_or(id);
            assert!(usize::from(id) < map.tileset.tiles.len(), "tile {id} is known");
            let index = i64::from(id) - 1;
            let (left, top) =
                (index % i64::from(map.tileset.columns) * edge, index / i64::from(map.tileset.columns) * edge);
            for y in 0..edge {
                for x in 0..edge {
                    let [red, green, blue, opacity] = sheet.pixel(left + x, top + y);
                    let color = [red * opacity, green * opacity, blue * opacity, opacity];
                    canvas.over(column * edge + x, row * edge + y, color);
                }
            }
        }
    }
    canvas
}

fn image<'a>(images: &'a BTreeMap<PathBuf, Image>, source: &PictureSource) -> &'a Image {
    match source {
        PictureSource::File(path) => &images[path],
        PictureSource::Inside(_) => unreachable!("no drawing here has one"),
    }
}

/// Where the pixels of a layer go.
struct Target<'a> {
    below: &'a mut Canvas,
    above: &'a mut Canvas,
    layer: &'a Layer,
    is_above: bool,
    /// The time, milliseconds.
    ms: u32,
}

impl Target<'_> {
    fn put(&mut self, x: i64, y: i64, [red, green, blue, opacity]: [f64; 4]) {
        let tint = self.layer.tint.map(|part| f64::from(part) / 255.0);
        let opacity = opacity * tint[3] * f64::from(self.layer.opacity);
        let color = [red * tint[0] * opacity, green * tint[1] * opacity, blue * tint[2] * opacity, opacity];
        let canvas = if self.is_above { &mut *self.above } else { &mut *self.below };
        canvas.over(x, y, color);
    }
}

/// The layers of a drawing as Tiled draws them, those that are above the characters last.
pub fn drawn(drawing: &Drawing, files: &BTreeMap<PathBuf, Vec<u8>>, ms: u32) -> Canvas {
    let images: BTreeMap<_, _> = files.iter().map(|(path, file)| (path.clone(), Image::decode(file))).collect();
    let cell = i64::from(drawing.tile_height);
    let size = (i64::from(drawing.width) * i64::from(drawing.tile_width), i64::from(drawing.height) * cell);
    let (mut below, mut above) = (Canvas::new(size.0, size.1), Canvas::new(size.0, size.1));
    for layer in drawing.layers.iter().filter(|layer| layer.visible) {
        let moved = (layer.offset.0 as i64, layer.offset.1 as i64);
        let is_above = layer.name == "Fringe";
        let mut target = Target { below: &mut below, above: &mut above, layer, is_above, ms };
        match &layer.content {
            Content::Tiles(cells) => {
                let (columns, order) = (i64::from(drawing.width), drawing.render_order);
                let mut places: Vec<_> = cells.iter().zip(0..).filter(|(gid, _)| gid & GID != 0).collect();
                let way = |at: i64, is_back: bool| if is_back { -at } else { at };
                places.sort_by_key(|(_, at)| (way(at / columns, order.upwards), way(at % columns, order.leftwards)));
                for (gid, index) in places {
                    let (column, row) = (index % columns, index / columns);
                    let at = (column * i64::from(drawing.tile_width) + moved.0, (row + 1) * cell + moved.1);
                    tile(drawing, gid, at, 0.0, &images, &mut target);
                }
            }
            Content::Objects(objects) => {
                for object in objects.iter().filter(|object| object.visible) {
                    let at = (object.x as i64 + moved.0, object.y as i64 + moved.1);
                    let gid = object.gid.expect("a tile");
                    tile(drawing, gid, at, object.rotation, &images, &mut target);
                }
            }
            Content::Image { picture, repeats } => {
                let picture = image(&images, &picture.as_ref().expect("a picture").source);
                for y in 0..size.1 {
                    for x in 0..size.0 {
                        let (mut from_x, mut from_y) = (x - moved.0, y - moved.1);
                        if repeats.0 {
                            from_x = from_x.rem_euclid(picture.width);
                        }
                        if repeats.1 {
                            from_y = from_y.rem_euclid(picture.height);
                        }
                        if (0..picture.width).contains(&from_x) && (0..picture.height).contains(&from_y) {
                            target.put(x, y, picture.pixel(from_x, from_y));
                        }
                    }
                }
            }
        }
    }
    below.lay(&above);
    below
}

/// Draws a tile whose lower left corner is `at`, pixel by pixel to where it comes to lie.
fn tile(
    drawing: &Drawing,
    gid: u32,
    at: (i64, i64),
    rotation: f64,
    images: &BTreeMap<PathBuf, Image>,
    target: &mut Target<'_>,
) {
    let (placed, local) = drawing.tile(gid).expect("a tileset");
    let tileset = &placed.tileset;
    let frames = tileset.tiles.get(&local).map_or(&[][..], |tile| &tile.animation);
    let frames: Vec<_> = frames.iter().map(|frame| (frame.tile, frame.duration_ms)).collect();
    let local = frame(&frames, target.ms).unwrap_or(local);
    let own = tileset.tiles.get(&local).and_then(|tile| tile.picture.as_ref());
    let source = &own.or(tileset.picture.as_ref()).expect("a picture").source;
    let picture = image(images, source);
    let (width, height) = match own {
        Some(_) => (picture.width, picture.height),
        None => (i64::from(tileset.tile_width), i64::from(tileset.tile_height)),
    };
    let (left, top) = if own.is_some() {
        (0, 0)
    } else {
        let step = (width + i64::from(tileset.spacing), height + i64::from(tileset.spacing));
        let margin = i64::from(tileset.margin);
        let columns = (picture.width - margin + i64::from(tileset.spacing)) / step.0;
        (margin + i64::from(local) % columns * step.0, margin + i64::from(local) / columns * step.1)
    };
    let is_diagonal = gid & 0x2000_0000 != 0;
    let (wide, high) = if is_diagonal { (height, width) } else { (width, height) };
    let at = (at.0 + i64::from(tileset.offset.0), at.1 + i64::from(tileset.offset.1));
    // The box that it fills, and where the middle of each pixel goes.
    let (sin, cos) = match rotation as i64 {
        0 => (0, 1),
        90 => (1, 0),
        180 => (0, -1),
        _ => (-1, 0),
    };
    let place = |x: i64, y: i64| {
        // Twice the middle of the pixel, from the lower left corner of the tile.
        let (x, y) = (2 * x + 1, 2 * (y - high) + 1);
        ((x * cos - y * sin).div_euclid(2) + at.0, (x * sin + y * cos).div_euclid(2) + at.1)
    };
    for from_y in 0..height {
        for from_x in 0..width {
            let (mut x, mut y) = if is_diagonal { (from_y, from_x) } else { (from_x, from_y) };
            if gid & 0x8000_0000 != 0 {
                x = wide - 1 - x;
            }
            if gid & 0x4000_0000 != 0 {
                y = high - 1 - y;
            }
            let (x, y) = place(x, y);
            target.put(x, y, picture.pixel(left + from_x, top + from_y));
        }
    }
}
