//! Drawings made by hand, and the pictures that they show.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tilemud_maps::bake::{Baked, Options, bake};
use tilemud_maps::drawing::{
    Cells, Content, Drawing, Layer, Object, Orientation, Picture, PictureSource, Placed, Properties, RenderOrder,
    Shape, Tileset, Value,
};
use tilemud_maps::problem::Problems;

/// Pixels of a cell, and of a tile of [`tileset`].
pub const CELL: u32 = 8;

pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A PNG file whose pixels are asked for.
pub fn png(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(|x| pixel(x, y)).collect::<Vec<_>>()).collect();
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    file
}

/// The files of [`drawing`]: sixteen tiles, each of one colour.
pub fn files() -> Files {
    let color = |x: u32, y: u32| [(x / CELL * 60) as u8, (y / CELL * 60) as u8, 90, 255];
    Files::from([(PathBuf::from("tiles.png"), png(4 * CELL, 4 * CELL, color))])
}

pub fn tileset(name: &str, file: &str, width: u32, height: u32) -> Tileset {
    Tileset {
        name: name.to_owned(),
        file: PathBuf::from("map.tmx"),
        class: String::new(),
        tile_width: width,
        tile_height: height,
        margin: 0,
        spacing: 0,
        columns: None,
        tile_count: None,
        offset: (0, 0),
        fills_cell: false,
        picture: Some(picture(file)),
        properties: Properties::new(),
        tiles: BTreeMap::new(),
    }
}

pub fn picture(file: &str) -> Picture {
    Picture { source: PictureSource::File(PathBuf::from(file)), color_key: None, size: None }
}

/// A map with the tileset of [`files`] and no layer.
pub fn drawing(width: u32, height: u32) -> Drawing {
    Drawing {
        file: PathBuf::from("map.tmx"),
        class: String::new(),
        orientation: Orientation::Orthogonal,
        origin: (0, 0),
        width,
        height,
        tile_width: CELL,
        tile_height: CELL,
        background: None,
        render_order: RenderOrder::default(),
        properties: Properties::new(),
        tilesets: vec![Placed { first_gid: 1, tileset: tileset("tiles", "tiles.png", CELL, CELL) }],
        layers: Vec::new(),
    }
}

pub fn layer(name: &str, content: Content) -> Layer {
    Layer {
        id: 1,
        name: name.to_owned(),
        class: String::new(),
        groups: Vec::new(),
        visible: true,
        opacity: 1.0,
        tint: [255; 4],
        offset: (0.0, 0.0),
        parallax: (1.0, 1.0),
        blend_mode: None,
        properties: Properties::new(),
        content,
    }
}

/// A tile layer drawn with letters: `.` is nothing, `a` the first tile, `b` the second ...
pub fn tiles(name: &str, rows: &[&str]) -> Layer {
    let cell = |letter: u8| if letter == b'.' { 0 } else { u32::from(letter - b'a') + 1 };
    layer(name, Content::Tiles(rows.iter().flat_map(|row| row.bytes().map(cell)).collect()))
}

/// A map with a ground without holes.
pub fn meadow(width: u32, height: u32) -> Drawing {
    let mut drawing = drawing(width, height);
    drawing.layers.push(layer("ground", Content::Tiles(Cells::from_iter(vec![1; (width * height) as usize]))));
    drawing
}

pub fn object(id: u32, class: &str, at: (f64, f64), size: (f64, f64)) -> Object {
    Object {
        id,
        name: String::new(),
        class: class.to_owned(),
        x: at.0 * f64::from(CELL),
        y: at.1 * f64::from(CELL),
        width: size.0 * f64::from(CELL),
        height: size.1 * f64::from(CELL),
        rotation: 0.0,
        visible: true,
        opacity: 1.0,
        gid: None,
        shape: Shape::Rectangle,
        properties: Properties::new(),
    }
}

pub fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// Bakes with the files of [`files`].
pub fn baked(drawing: &Drawing, options: &Options) -> (Option<Baked>, Problems) {
    let mut problems = Problems::default();
    let baked = bake(drawing, &files(), options, &mut problems);
    (baked, problems)
}

/// Bakes what can be baked.
pub fn good(drawing: &Drawing) -> Baked {
    let (baked, problems) = baked(drawing, &Options::default());
    baked.unwrap_or_else(|| panic!("{problems:?}"))
}

/// The kinds of what was found, in order.
pub fn kinds(problems: &Problems) -> Vec<&'static str> {
    problems.found.iter().map(|problem| problem.kind).collect()
}

/// Where nobody can walk, drawn with `#`.
pub fn blocked(baked: &Baked) -> Vec<String> {
    let map = &baked.map;
    let row = |y: i32| (0..map.width).map(|x| if map.is_solid(x, y) { '#' } else { '.' }).collect();
    (0..map.height).map(row).collect()
}
