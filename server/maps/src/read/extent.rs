//! Which cells of the plane a map, a layer or a chunk has.

use crate::drawing::Orientation;
use crate::problem::Place;

use super::context::{self, Context};
use super::tree::Element;

/// Longest edge of a map, cells.
pub(super) const EDGE_MAX: u32 = 4096;

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// The upper left one.
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Layers are stored in chunks.
    pub(super) infinite: bool,
}

impl Extent {
    /// That of a map. `None`, and an error, if it cannot be used.
    pub(super) fn of_map(context: &mut Context<'_>, map: &Element<'_>, place: &Place) -> Option<Self> {
        let infinite = context.number(map, "infinite", place).unwrap_or(false);
        let (width, height) = (context.number(map, "width", place), context.number(map, "height", place));
        let mut chunks = Bounds::default();
        let found = if infinite {
            chunks.add_all(map);
            chunks.extent(width.unwrap_or(0), height.unwrap_or(0))
        } else {
            let (Some(width), Some(height)) = (width, height) else {
                let what = "the map says no size".to_owned();
                context.error("map-size", place, what, "open the map in Tiled, use Map > Resize Map and save it");
                return None;
            };
            (0, 0, i64::from(width), i64::from(height))
        };
        let (x, y, width, height) = found;
        let is_edge = |edge: i64| (1..=i64::from(EDGE_MAX)).contains(&edge);
        if !is_edge(width) || !is_edge(height) {
            let mut what =
                format!("the map is {width} x {height} cells, 1 x 1 to {EDGE_MAX} x {EDGE_MAX} are possible");
            let mut place = place.clone();
            let remedy = match chunks.far {
                Some(far) => {
                    what += ", and this part is far from the others";
                    place = Place { line: far.line, layer: context::name(&far.layer), cell: Some(far.cell), ..place };
                    "erase what is drawn there"
                }
                None => "use Map > Resize Map",
            };
            context.error("map-size", &place, what, remedy);
            return None;
        }
        // Chunks were let in only where their places are numbers of 32 bits.
        Some(Self { x: x as i32, y: y as i32, width: width as u32, height: height as u32, infinite })
    }

    /// That of a layer without chunks, of a map which has this one. Layers of old files may begin
    /// elsewhere.
    pub(super) fn of_layer(self, context: &mut Context<'_>, layer: &Element<'_>, place: &Place) -> Self {
        Self {
            x: context.number(layer, "x", place).unwrap_or(0),
            y: context.number(layer, "y", place).unwrap_or(0),
            width: context.number(layer, "width", place).unwrap_or(self.width),
            height: context.number(layer, "height", place).unwrap_or(self.height),
            infinite: self.infinite,
        }
    }

    /// That of a chunk. `None`, and an error, if it has none.
    pub(super) fn of_chunk(context: &mut Context<'_>, chunk: &Element<'_>, place: &Place) -> Option<Self> {
        let (x, y) = (context.number(chunk, "x", place), context.number(chunk, "y", place));
        let (width, height) = (context.number(chunk, "width", place), context.number(chunk, "height", place));
        let edge = 1..=EDGE_MAX;
        match (x, y, width, height) {
            (Some(x), Some(y), Some(width), Some(height)) if edge.contains(&width) && edge.contains(&height) => {
                Some(Self { x, y, width, height, infinite: true })
            }
            _ => {
                let what = "a chunk of the layer has no place or size that is possible".to_owned();
                context.error("chunks", place, what, "save the map again from Tiled");
                None
            }
        }
    }

    /// How a layer that has another one differs from this of its map.
    pub(super) fn differs(&self, layer: &Self) -> String {
        let from = if (layer.x, layer.y) == (self.x, self.y) {
            String::new()
        } else {
            format!(" from {}, {} on", layer.x, layer.y)
        };
        let end = |at: i32, edge: u32| i64::from(at) + i64::from(edge);
        let is_within = layer.x >= self.x
            && layer.y >= self.y
            && end(layer.x, layer.width) <= end(self.x, self.width)
            && end(layer.y, layer.height) <= end(self.y, self.height);
        let so = if is_within { "it is empty elsewhere" } else { "what is beyond is cut off" };
        format!(
            "the layer is {} x {} cells{from}, the map {} x {}; {so}",
            layer.width, layer.height, self.width, self.height
        )
    }

    /// Number of cells.
    pub(super) fn area(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Column and row of a cell, in the plane, by its index in this.
    pub(super) fn cell(&self, index: usize) -> (i32, i32) {
        let width = self.width.max(1) as usize;
        (self.x.saturating_add((index % width) as i32), self.y.saturating_add((index / width) as i32))
    }

    /// How far its upper left corner is from that of the plane, in the pixels in which objects are
    /// placed.
    pub(super) fn pixels(&self, orientation: Orientation, (width, height): (u32, u32)) -> (f64, f64) {
        // On isometric maps both ways are counted in heights of a cell.
        let width = if orientation == Orientation::Isometric { height } else { width };
        (f64::from(self.x) * f64::from(width), f64::from(self.y) * f64::from(height))
    }

    /// Copies what `from` has of the cells of this one.
    pub(super) fn copy(&self, to: &mut [u32], from: &Self, cells: &[u32]) {
        let begin = i64::from(from.x) - i64::from(self.x);
        let skipped = (-begin).clamp(0, i64::from(from.width)) as usize;
        let column = begin.max(0);
        let len = (i64::from(from.width) - skipped as i64).min(i64::from(self.width) - column);
        let Ok(len) = usize::try_from(len) else { return };
        for (row, line) in cells.chunks_exact(from.width.max(1) as usize).enumerate() {
            let row = i64::from(from.y) - i64::from(self.y) + row as i64;
            if !(0..i64::from(self.height)).contains(&row) {
                continue;
            }
            let start = row as usize * self.width as usize + column as usize;
            if let (Some(to), Some(line)) = (to.get_mut(start..start + len), line.get(skipped..skipped + len)) {
                to.copy_from_slice(line);
            }
        }
    }
}

/// What encloses all chunks.
#[derive(Debug, Default)]
struct Bounds {
    /// Left, top, right and bottom, the latter two one beyond.
    found: Option<(i64, i64, i64, i64)>,
    /// The chunk farthest from the middle of the plane.
    far: Option<Far>,
}

#[derive(Debug)]
struct Far {
    cell: (i32, i32),
    layer: String,
    line: Option<u32>,
}

impl Bounds {
    /// Goes through groups too, which the tree bounds in depth.
    fn add_all(&mut self, element: &Element<'_>) {
        for child in &element.children {
            match &*child.name {
                "group" => self.add_all(child),
                "layer" => {
                    for chunk in child.children("data").flat_map(|data| data.children("chunk")) {
                        self.add(chunk, child.get("name").unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
    }

    /// Those that cannot be read are told when their cells are.
    fn add(&mut self, chunk: &Element<'_>, layer: &str) {
        let number = |attribute| chunk.get(attribute).and_then(|text| text.trim().parse::<i32>().ok()).map(i64::from);
        let (Some(x), Some(y), Some(width), Some(height)) =
            (number("x"), number("y"), number("width"), number("height"))
        else {
            return;
        };
        if width < 1 || height < 1 {
            return;
        }
        let distance = |(x, y): (i32, i32)| x.unsigned_abs().max(y.unsigned_abs());
        let cell = (x as i32, y as i32);
        if self.far.as_ref().is_none_or(|far| distance(far.cell) < distance(cell)) {
            self.far = Some(Far { cell, layer: layer.chars().take(200).collect(), line: chunk.line });
        }
        let (left, top, right, bottom) = self.found.unwrap_or((x, y, x + width, y + height));
        self.found = Some((left.min(x), top.min(y), right.max(x + width), bottom.max(y + height)));
    }

    /// Place and size; of a map without chunks the size that it says.
    fn extent(&self, width: u32, height: u32) -> (i64, i64, i64, i64) {
        match self.found {
            Some((left, top, right, bottom)) => (left, top, right - left, bottom - top),
            None => (0, 0, i64::from(width), i64::from(height)),
        }
    }
}
