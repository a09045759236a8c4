//! Lays the tiles of all layers into the cells that they cover: one stack below the characters and
//! one above them for every cell.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::art::Art;
use super::numbers::Numbers;
use super::shaped::shape;
use super::stacks::{NOTHING, Piece, Stacks, Style, Turn, turn, turned};
use crate::drawing::{self, Content, Drawing, GID, Layer, Object, RenderOrder, Shape};
use crate::objects::is_of_the_game;
use crate::problem::Problems;
use crate::roles::{Drawn, Role};
use crate::say::{self, warning};
use crate::signs::is_sign;

/// Most cells that all tiles cover together, each counted once for every tile on it: a few seconds.
const COVERED_MAX: u64 = 64 << 20;
/// Most of a picture that is repeated in one cell.
const IN_A_CELL_MAX: i64 = 64;
/// Farthest that a layer can be moved, pixels; beyond it nothing of it is within the map.
const OFFSET_MAX: f64 = 1_000_000.0;

/// The stacks of every cell, row by row.
pub struct Cells {
    pub below: Numbers,
    pub above: Numbers,
    /// The upper parts of tall tiles, and what later layers draw over them: above the characters,
    /// and below what a layer above them draws. Part of `above` once all is laid.
    tall: Numbers,
    /// What is below where no layer draws anything.
    pub background: u32,
}

/// A map is more than can be drawn.
#[derive(Debug)]
pub struct TooMuch;

/// Part of a picture in a cell, counted from the cell where its tile is.
#[derive(Clone, Copy)]
struct Laid {
    columns: i32,
    rows: i32,
    side: Side,
    piece: u32,
}

/// On which side of the characters a part is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Below,
    /// As the upper part of a tall tile.
    Tall,
    /// As everything on its layer.
    Above,
}

/// A picture that is laid on the map.
#[derive(Clone, Copy)]
struct Picture {
    image: u32,
    turn: Turn,
    label: u32,
    /// Its upper left corner, pixels.
    left: i64,
    top: i64,
}

/// Lays layers one after another.
pub struct Layers<'a> {
    art: &'a mut Art,
    stacks: &'a mut Stacks,
    columns: i64,
    rows: i64,
    cell: (i64, i64),
    cells: Cells,
    covered: u64,
}

/// What the layer that is laid does with everything on it.
#[derive(Clone, Copy)]
struct Way {
    style: u16,
    /// Whether all of it is above the characters.
    is_above: bool,
    /// Whether the upper parts of tall tiles are.
    tall_is_above: bool,
    offset: (i64, i64),
}

impl<'a> Layers<'a> {
    /// A map of which nothing is drawn yet but its background.
    pub fn new(drawing: &Drawing, art: &'a mut Art, stacks: &'a mut Stacks) -> Self {
        let cell = (drawing.tile_width, drawing.tile_height);
        let (area, numbers_max) = (drawing.width as usize * drawing.height as usize, stacks.stacks_max());
        let background = drawing.background.and_then(|color| plain(art, stacks, cell, color)).unwrap_or(NOTHING);
        let nothing = || Numbers::new(NOTHING, area, numbers_max);
        let (below, above, tall) = (Numbers::new(background, area, numbers_max), nothing(), nothing());
        Self {
            art,
            stacks,
            columns: drawing.width.into(),
            rows: drawing.height.into(),
            cell: (cell.0.into(), cell.1.into()),
            cells: Cells { below, above, tall, background },
            covered: 0,
        }
    }

    /// Lays all layers.
    ///
    /// # Errors
    /// They are more than can be drawn.
    pub fn lay(mut self, drawing: &Drawing, roles: &[Role], problems: &mut Problems) -> Result<Cells, TooMuch> {
        let mut is_ground = true;
        for (index, (layer, role)) in drawing.layers.iter().zip(roles).enumerate() {
            let is_above = match role.drawn {
                Drawn::Not(_) => continue,
                drawn => drawn == Drawn::Above,
            };
            tell_what_is_left_out(drawing, layer, problems);
            let tall_is_above = match layer.content {
                Content::Tiles(_) => !is_ground,
                Content::Objects(_) => true,
                Content::Image { .. } => false,
            };
            let style = self.stacks.style(style(layer, 1.0)).ok_or(TooMuch)?;
            let way = Way { style, is_above, tall_is_above, offset: (pixels(layer.offset.0), pixels(layer.offset.1)) };
            match &layer.content {
                Content::Tiles(cells) => {
                    self.tiles(cells, drawing.render_order, way)?;
                    is_ground = false;
                }
                Content::Objects(objects) => self.objects(drawing, layer, objects, way, problems)?,
                Content::Image { repeats, .. } => {
                    if !self.image(index, *repeats, way)? {
                        let what = "its picture is so small that too many of it are in a cell, and is left out";
                        let remedy = "use a picture in which it is repeated a few times";
                        problems.add(warning("image-layer-small", say::layer(drawing, layer), what, remedy));
                    }
                }
            }
        }
        self.join()?;
        Ok(self.cells)
    }

    /// Puts what is above the characters into one stack, that of whole layers uppermost.
    fn join(&mut self) -> Result<(), TooMuch> {
        let Cells { above, tall, .. } = &mut self.cells;
        for cell in 0..tall.len() {
            let mut stack = tall.get(cell);
            if stack == NOTHING {
                continue;
            }
            for piece in self.stacks.numbers(above.get(cell)).into_iter().rev() {
                stack = self.stacks.push(stack, piece).ok_or(TooMuch)?;
            }
            if !above.set(cell, stack) {
                return Err(TooMuch);
            }
        }
        Ok(())
    }

    fn tiles(&mut self, cells: &drawing::Cells, order: RenderOrder, way: Way) -> Result<(), TooMuch> {
        let mut known: FxHashMap<u32, Rc<[Laid]>> = FxHashMap::default();
        let mut last: Option<(u32, Rc<[Laid]>)> = None;
        let (columns, rows) = (self.columns as usize, self.rows as usize);
        for at in 0..columns * rows {
            let (column, row) = (at % columns, at / columns);
            let column = if order.leftwards { columns - 1 - column } else { column };
            let row = if order.upwards { rows - 1 - row } else { row };
            let gid = cells.get(row * columns + column);
            if gid & GID == 0 {
                continue;
            }
            let laid = match &last {
                Some((same, laid)) if *same == gid => laid.clone(),
                _ => match known.get(&gid) {
                    Some(laid) => laid.clone(),
                    None => {
                        let laid: Rc<[Laid]> = self.tile(gid, way)?.into();
                        known.insert(gid, laid.clone());
                        laid
                    }
                },
            };
            for laid in laid.iter() {
                self.put(column as i64, row as i64, *laid)?;
            }
            last = Some((gid, laid));
        }
        Ok(())
    }

    /// A tile as it lies around the cell 0, 0.
    fn tile(&mut self, gid: u32, way: Way) -> Result<Vec<Laid>, TooMuch> {
        let Some(look) = self.art.looks.get(&(gid & GID)) else { return Ok(Vec::new()) };
        let (image, offset, label) = (look.image, look.offset, look.label.clone());
        let label = self.stacks.label(label);
        let Some((_, height)) = self.size(image, turn(gid)) else { return Ok(Vec::new()) };
        let left = way.offset.0 + i64::from(offset.0);
        let top = way.offset.1 + i64::from(offset.1) + self.cell.1 - height;
        self.cut(Picture { image, turn: turn(gid), label, left, top }, way)
    }

    /// Tiles among the objects of a layer.
    fn objects(
        &mut self,
        drawing: &Drawing,
        layer: &Layer,
        objects: &[Object],
        way: Way,
        problems: &mut Problems,
    ) -> Result<(), TooMuch> {
        tell_texts(drawing, layer, objects, problems);
        let mut known = FxHashMap::default();
        for object in objects {
            let Some(gid) = object.gid else { continue };
            // What the game draws itself is only marked by a tile.
            if !object.visible || is_of_the_game(object) {
                continue;
            }
            let Some(look) = self.art.looks.get(&(gid & GID)) else { continue };
            let (image, offset, label) = (look.image, look.offset, look.label.clone());
            let key = (gid, object.width.to_bits(), object.height.to_bits(), object.rotation.to_bits());
            let shaped = *known.entry(key).or_insert_with(|| shape(self.art, image, gid, object));
            let Some(shaped) = shaped else {
                let what = "the tile is enlarged to more pixels than can be drawn, and is left out";
                let place = say::object(drawing, layer, object);
                problems.add(warning("object-too-large", place, what, "make the object smaller"));
                continue;
            };
            let label = self.stacks.label(label);
            let way = if object.opacity < 1.0 {
                Way { style: self.stacks.style(style(layer, object.opacity)).ok_or(TooMuch)?, ..way }
            } else {
                way
            };
            let left = pixels(object.x) + way.offset.0 + i64::from(offset.0) + shaped.left;
            let top = pixels(object.y) + way.offset.1 + i64::from(offset.1) + shaped.top;
            self.picture(Picture { image: shaped.image, turn: shaped.turn, label, left, top }, way)?;
        }
        Ok(())
    }

    fn size(&self, image: u32, turn: Turn) -> Option<(i64, i64)> {
        let picture = self.art.images.get(image as usize)?;
        let (width, height) = turned(turn, (picture.width, picture.height));
        Some((width.into(), height.into()))
    }

    /// The cells that a picture covers, with what is in them of it.
    fn cut(&mut self, picture: Picture, way: Way) -> Result<Vec<Laid>, TooMuch> {
        let Some((width, height)) = self.size(picture.image, picture.turn) else { return Ok(Vec::new()) };
        let bottom = picture.top + height;
        // The row it stands in: that of its lower edge, even if that is moved by less than half.
        let stands_in = (bottom + self.cell.1 / 2).div_euclid(self.cell.1) - 1;
        let is_tall = height > self.cell.1 && way.tall_is_above;
        let columns = picture.left.div_euclid(self.cell.0)..=(picture.left + width - 1).div_euclid(self.cell.0);
        let rows = picture.top.div_euclid(self.cell.1)..=(bottom - 1).div_euclid(self.cell.1);
        let cells = (columns.end() - columns.start() + 1) * (rows.end() - rows.start() + 1);
        self.cover(cells.unsigned_abs())?;
        let mut laid = Vec::new();
        for row in rows {
            for column in columns.clone() {
                // One that is outside of the map, from whichever cell it is counted; pictures are
                // counted from at most a whole map before it.
                if column.abs() > 2 * self.columns || row.abs() > 2 * self.rows {
                    continue;
                }
                let piece = Piece {
                    image: picture.image,
                    turn: picture.turn,
                    style: way.style,
                    label: picture.label,
                    x: i32::try_from(picture.left - column * self.cell.0).map_err(|_| TooMuch)?,
                    y: i32::try_from(picture.top - row * self.cell.1).map_err(|_| TooMuch)?,
                };
                let piece = self.stacks.piece(piece, self.art.pictures(picture.image)).ok_or(TooMuch)?;
                let side = match way.is_above {
                    true => Side::Above,
                    false if is_tall && row < stands_in => Side::Tall,
                    false => Side::Below,
                };
                // Both are within the edges of the map.
                laid.push(Laid { columns: column as i32, rows: row as i32, side, piece });
            }
        }
        Ok(laid)
    }

    fn cover(&mut self, cells: u64) -> Result<(), TooMuch> {
        self.covered = self.covered.saturating_add(cells);
        if self.covered > COVERED_MAX { Err(TooMuch) } else { Ok(()) }
    }

    fn put(&mut self, column: i64, row: i64, laid: Laid) -> Result<(), TooMuch> {
        self.cover(1)?;
        let (column, row) = (column + i64::from(laid.columns), row + i64::from(laid.rows));
        if !(0..self.columns).contains(&column) || !(0..self.rows).contains(&row) {
            return Ok(());
        }
        let cell = (row * self.columns + column) as usize;
        match laid.side {
            Side::Above => push(self.stacks, &mut self.cells.above, cell, laid.piece),
            Side::Tall => push(self.stacks, &mut self.cells.tall, cell, laid.piece),
            Side::Below if self.cells.tall.get(cell) == NOTHING || self.stacks.hides_all(laid.piece) => {
                // What it hides of tall tiles of the layers before is not seen.
                if self.cells.tall.get(cell) != NOTHING && !self.cells.tall.set(cell, NOTHING) {
                    return Err(TooMuch);
                }
                push(self.stacks, &mut self.cells.below, cell, laid.piece)
            }
            // A flower before the top of a tree, which is above the characters.
            Side::Below => {
                if self.stacks.hurts(laid.piece) {
                    push(self.stacks, &mut self.cells.below, cell, laid.piece)?;
                }
                push(self.stacks, &mut self.cells.tall, cell, laid.piece)
            }
        }
    }

    /// Lays one picture somewhere on the map.
    fn picture(&mut self, picture: Picture, way: Way) -> Result<(), TooMuch> {
        // Counted from the cell it is in, so that cells far from it are not looked at.
        let (column, row) = (picture.left.div_euclid(self.cell.0), picture.top.div_euclid(self.cell.1));
        let within = |at: i64, count: i64| (-count..=count).contains(&at);
        if !within(column, self.columns) || !within(row, self.rows) {
            return self.far(picture, way);
        }
        let near =
            Picture { left: picture.left - column * self.cell.0, top: picture.top - row * self.cell.1, ..picture };
        for laid in self.cut(near, way)? {
            self.put(column, row, laid)?;
        }
        Ok(())
    }

    /// A picture that begins far left or above, of which only a part is within the map.
    fn far(&mut self, picture: Picture, way: Way) -> Result<(), TooMuch> {
        let Some((width, height)) = self.size(picture.image, picture.turn) else { return Ok(()) };
        let size = (self.columns * self.cell.0, self.rows * self.cell.1);
        if picture.left >= size.0 || picture.top >= size.1 || picture.left + width <= 0 || picture.top + height <= 0 {
            return Ok(());
        }
        for laid in self.cut(picture, way)? {
            self.put(0, 0, laid)?;
        }
        Ok(())
    }

    /// Returns whether its picture is large enough to be laid as often as it is to be.
    fn image(&mut self, index: usize, repeats: (bool, bool), way: Way) -> Result<bool, TooMuch> {
        let Some(image) = self.art.layers.get(&index).copied() else { return Ok(true) };
        let Some((width, height)) = self.size(image, 0) else { return Ok(true) };
        let in_a_cell = |is_repeated: bool, cell: i64, edge: i64| if is_repeated { cell / edge.max(1) + 1 } else { 1 };
        if in_a_cell(repeats.0, self.cell.0, width) * in_a_cell(repeats.1, self.cell.1, height) > IN_A_CELL_MAX {
            return Ok(false);
        }
        let places = |is_repeated: bool, first: i64, step: i64, end: i64| {
            if is_repeated { (first.rem_euclid(step) - step, end) } else { (first, first + 1) }
        };
        let (left, right) = places(repeats.0, way.offset.0, width, self.columns * self.cell.0);
        let (top, bottom) = places(repeats.1, way.offset.1, height, self.rows * self.cell.1);
        for top in (top..bottom).step_by(height as usize) {
            for left in (left..right).step_by(width as usize) {
                self.picture(Picture { image, turn: 0, label: 0, left, top }, way)?;
            }
        }
        Ok(true)
    }
}

/// Puts a piece onto the stack of a cell.
fn push(stacks: &mut Stacks, side: &mut Numbers, cell: usize, piece: u32) -> Result<(), TooMuch> {
    let stack = stacks.push(side.get(cell), piece).ok_or(TooMuch)?;
    if side.set(cell, stack) { Ok(()) } else { Err(TooMuch) }
}

/// Texts are not drawn, but for those of signs, which are read.
fn tell_texts(drawing: &Drawing, layer: &Layer, objects: &[Object], problems: &mut Problems) {
    let is_lost = |object: &&Object| matches!(object.shape, Shape::Text(_)) && object.visible && !is_sign(object);
    let mut texts = objects.iter().filter(is_lost);
    if let Some(first) = texts.next() {
        let what = format!("texts are not drawn ({} of them)", texts.count() + 1);
        let remedy = "draw them into a picture, or set their class to sign and give them a property text";
        problems.add(warning("texts", say::object(drawing, layer, first), what, remedy));
    }
}

/// A stack of one colour.
pub fn plain(art: &mut Art, stacks: &mut Stacks, (width, height): (u32, u32), color: [u8; 4]) -> Option<u32> {
    let image = art.keep((width, height), || crate::pictures::Pixels::draw(width, height, |_, _| color))?;
    let style = stacks.style([1.0; 4])?;
    let piece = Piece { image, turn: 0, style, label: 0, x: 0, y: 0 };
    let piece = stacks.piece(piece, art.pictures(image))?;
    stacks.push(NOTHING, piece)
}

/// What Tiled would show otherwise.
fn tell_what_is_left_out(drawing: &Drawing, layer: &Layer, problems: &mut Problems) {
    let mut tell = |kind, what: String, remedy: &str| {
        problems.add(warning(kind, say::layer(drawing, layer), what, remedy));
    };
    if let Some(mode) = &layer.blend_mode {
        let what = format!(
            "the blend mode {} is not known to the game, the layer is drawn as it is",
            crate::names::shown(mode)
        );
        tell("blend-mode", what, "set Layer > Layer Properties > Blend Mode to Normal, or hide the layer");
    }
    if layer.parallax != (1.0, 1.0) {
        let what = "the layer moves with the map and not by its parallax factor".to_owned();
        tell("parallax", what, "set its parallax factor to 1, or hide the layer");
    }
}

/// How a layer colours what is on it, or one object that is less opaque.
fn style(layer: &Layer, of_object: f32) -> Style {
    let tint = layer.tint.map(|part| f32::from(part) / 255.0);
    let opacity = if layer.opacity.is_finite() { layer.opacity.clamp(0.0, 1.0) } else { 1.0 };
    [tint[0], tint[1], tint[2], tint[3] * opacity * of_object]
}

/// Whole pixels of a length in a file.
fn pixels(length: f64) -> i64 {
    // Not a number becomes 0.
    length.clamp(-OFFSET_MAX, OFFSET_MAX).round() as i64
}
