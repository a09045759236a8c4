//! Where nobody can walk. Maps say it in one of five ways, and all of them count: layers that are
//! there for it or say so by a property, objects, shapes on tiles, and properties of tiles.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::dialect::Dialect;
use crate::drawing::{Content, Drawing, GID, Layer, Object, Tileset};
use crate::names::{shown, words};
use crate::problem::Problems;
use crate::roles::{Blocks, Drawn, Role, says_blocking};
use crate::say::{self, warning};
use crate::shapes::{Budget, Grid, Outline, blocks, outline};

/// Words of the classes of objects that block.
const CLASSES: [&str; 9] =
    ["blocked", "blocker", "collider", "collision", "collisions", "obstacle", "solid", "wall", "walls"];

/// What blocks, and where.
#[derive(Debug)]
pub struct Walls {
    /// Row by row.
    pub blocked: Vec<bool>,
    pub sources: Vec<Source>,
}

/// Something that blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    pub what: String,
    /// Cells that it blocks and nothing before it does.
    pub cells: usize,
}

/// The cells of a map while walls are built.
struct Building {
    columns: i64,
    rows: i64,
    cell: (f64, f64),
    blocked: Vec<bool>,
    /// What shapes cover of each cell.
    masks: Vec<u64>,
    sources: Vec<Source>,
    budget: Budget,
    is_too_much: bool,
}

/// Finds all of them.
#[must_use]
pub fn find(drawing: &Drawing, roles: &[Role], dialect: Dialect, problems: &mut Problems) -> Walls {
    let area = drawing.width as usize * drawing.height as usize;
    let mut walls = Building {
        columns: drawing.width.into(),
        rows: drawing.height.into(),
        cell: (drawing.tile_width.max(1).into(), drawing.tile_height.max(1).into()),
        blocked: vec![false; area],
        masks: vec![0; area],
        sources: Vec::new(),
        budget: Budget::default(),
        is_too_much: false,
    };
    for (layer, role) in drawing.layers.iter().zip(roles) {
        match (&layer.content, role.blocks) {
            (Content::Tiles(cells), Some(blocks)) => {
                walls.source(&of_layer(layer, blocks));
                for (index, _) in cells.iter().enumerate().filter(|(_, gid)| **gid & GID != 0) {
                    walls.block(index);
                }
            }
            (Content::Objects(objects), Some(blocks)) => {
                walls.source(&of_layer(layer, blocks));
                let stand = objects.iter().filter(|object| says_blocking(&object.properties) != Some(false));
                stand.for_each(|object| walls.object(object, layer));
            }
            (Content::Objects(objects), None) if says_blocking(&layer.properties) != Some(false) => {
                for object in objects.iter().filter(|object| is_wall(object)) {
                    let class = shown(&object.class);
                    let what = format!("objects of class {class}");
                    walls.source(if class.is_empty() { "objects that say so" } else { &what });
                    walls.object(object, layer);
                }
            }
            _ => {}
        }
    }
    if dialect == Dialect::TileMud {
        walls.uppermost_tiles(drawing, roles);
    } else {
        walls.all_tiles(drawing, roles);
    }
    if walls.is_too_much {
        problems.add(warning(
            "shapes-too-many",
            say::map(drawing),
            "there are more or larger collision shapes than can be looked at; some are left out",
            "use fewer and smaller ones, or a tile layer named collision",
        ));
    }
    walls.sources.retain(|source| source.cells > 0);
    Walls { blocked: walls.blocked, sources: walls.sources }
}

/// Whether an object blocks, on whichever layer it is.
#[must_use]
pub fn is_wall(object: &Object) -> bool {
    let by_class = || words(&object.class).iter().any(|word| CLASSES.contains(&word.as_str()));
    says_blocking(&object.properties).unwrap_or_else(by_class)
}

fn of_layer(layer: &Layer, blocks: Blocks) -> String {
    match blocks {
        Blocks::Name => format!("layer {}", shown(&layer.name)),
        Blocks::Property => format!("the property of layer {}", shown(&layer.name)),
    }
}

impl Building {
    /// What follows is from here.
    fn source(&mut self, what: &str) {
        // It is said for every tile.
        if self.sources.last().is_some_and(|last| last.what == what) {
            return;
        }
        match self.sources.iter().position(|known| known.what == what) {
            // The last one is the one that is counted for.
            Some(index) => {
                let known = self.sources.remove(index);
                self.sources.push(known);
            }
            None => self.sources.push(Source { what: what.to_owned(), cells: 0 }),
        }
    }

    fn block(&mut self, index: usize) {
        let Some(blocked) = self.blocked.get_mut(index) else { return };
        if !*blocked {
            *blocked = true;
            if let Some(source) = self.sources.last_mut() {
                source.cells += 1;
            }
        }
    }

    fn cover(&mut self, column: i64, row: i64, mask: u64) {
        if !(0..self.columns).contains(&column) || !(0..self.rows).contains(&row) {
            return;
        }
        let index = (row * self.columns + column) as usize;
        if let Some(covered) = self.masks.get_mut(index) {
            *covered |= mask;
            if blocks(*covered) {
                self.block(index);
            }
        }
    }

    fn object(&mut self, object: &Object, layer: &Layer) {
        let Some(outline) = outline(object) else { return };
        let outline = outline.map(|(x, y)| (x + layer.offset.0, y + layer.offset.1));
        let grid = Grid { columns: (0, self.columns), rows: (0, self.rows), cell: self.cell };
        match outline.cells(&grid, &mut self.budget) {
            Some(cells) => cells.into_iter().for_each(|(column, row, mask)| self.cover(column, row, mask)),
            None => self.is_too_much = true,
        }
    }

    /// Any tile that blocks does, on whichever layer.
    fn all_tiles(&mut self, drawing: &Drawing, roles: &[Role]) {
        let mut shapes: FxHashMap<u32, Option<Vec<Outline>>> = FxHashMap::default();
        let mut solid: FxHashMap<u32, bool> = FxHashMap::default();
        for (layer, _) in standing(drawing, roles) {
            let Content::Tiles(cells) = &layer.content else { continue };
            let mut laid: FxHashMap<u32, Vec<(i64, i64, u64)>> = FxHashMap::default();
            for (index, gid) in cells.iter().enumerate().filter(|(_, gid)| **gid & GID != 0) {
                let is_solid = *solid.entry(gid & GID).or_insert_with(|| is_solid(drawing, *gid).unwrap_or(false));
                if is_solid {
                    self.source("properties of tiles");
                    self.block(index);
                }
                let outlines = shapes.entry(gid & GID).or_insert_with(|| outlines(drawing, *gid));
                let Some(outlines) = outlines else { continue };
                self.source("shapes on tiles");
                let (column, row) = (index as i64 % self.columns, index as i64 / self.columns);
                let laid = laid.entry(*gid).or_insert_with(|| {
                    let offset = layer.offset;
                    lay(drawing, *gid, outlines, offset, self.cell, &mut self.budget).unwrap_or_else(|| {
                        self.is_too_much = true;
                        Vec::new()
                    })
                });
                for (columns, rows, mask) in &*laid {
                    if self.budget_for_one().is_none() {
                        return;
                    }
                    self.cover(column + columns, row + rows, *mask);
                }
            }
        }
    }

    fn budget_for_one(&mut self) -> Option<()> {
        let taken = self.budget.take_one();
        self.is_too_much |= taken.is_none();
        taken
    }

    /// In our own dialect the uppermost tile below the characters decides what a place is.
    fn uppermost_tiles(&mut self, drawing: &Drawing, roles: &[Role]) {
        let mut decides = vec![0; self.blocked.len()];
        for (layer, role) in standing(drawing, roles) {
            let Content::Tiles(cells) = &layer.content else { continue };
            if role.drawn == Drawn::Below {
                let cells = decides.iter_mut().zip(cells).filter(|(_, gid)| **gid & GID != 0);
                cells.for_each(|(decides, gid)| *decides = gid & GID);
            }
        }
        self.source("properties of tiles");
        let mut solid: FxHashMap<u32, bool> = FxHashMap::default();
        for (index, gid) in decides.into_iter().enumerate() {
            if *solid.entry(gid).or_insert_with(|| is_solid(drawing, gid).unwrap_or(false)) {
                self.block(index);
            }
        }
    }
}

/// The layers whose tiles stand in the world, with their roles.
fn standing<'a>(drawing: &'a Drawing, roles: &'a [Role]) -> impl Iterator<Item = (&'a Layer, &'a Role)> {
    let layers = drawing.layers.iter().zip(roles);
    layers.filter(|(layer, role)| {
        !matches!(role.drawn, Drawn::Not(_)) && role.blocks.is_none() && says_blocking(&layer.properties) != Some(false)
    })
}

/// What a tile says of itself.
#[must_use]
pub fn is_solid(drawing: &Drawing, gid: u32) -> Option<bool> {
    let (placed, local) = drawing.tile(gid)?;
    says_blocking(&placed.tileset.tiles.get(&local)?.properties)
}

/// The shapes of a tile; `None` if it has none.
fn outlines(drawing: &Drawing, gid: u32) -> Option<Vec<Outline>> {
    let (placed, local) = drawing.tile(gid)?;
    let outlines: Vec<_> = placed.tileset.tiles.get(&local)?.shapes.iter().filter_map(outline).collect();
    (!outlines.is_empty()).then_some(outlines)
}

/// The shapes of a tile as they lie around the cell 0, 0.
fn lay(
    drawing: &Drawing,
    gid: u32,
    outlines: &[Outline],
    offset: (f64, f64),
    cell: (f64, f64),
    budget: &mut Budget,
) -> Option<Vec<(i64, i64, u64)>> {
    let (placed, local) = drawing.tile(gid)?;
    let size = tile_size(&placed.tileset, local);
    let moved = placed.tileset.offset;
    let is_diagonal = gid & crate::drawing::FLIP_DIAGONALLY != 0;
    let height = if is_diagonal { size.0 } else { size.1 };
    // A tile that fills the cell is scaled with its shapes.
    let (scale, drawn) =
        if placed.tileset.fills_cell { ((cell.0 / size.0, cell.1 / size.1), cell.1) } else { ((1.0, 1.0), height) };
    let (left, top) = (offset.0 + f64::from(moved.0), offset.1 + f64::from(moved.1) + cell.1 - drawn);
    let (columns, rows) = (i64::from(drawing.width), i64::from(drawing.height));
    let grid = Grid { columns: (-columns, columns + 1), rows: (-rows, rows + 1), cell };
    let mut cells: FxHashMap<(i64, i64), u64> = FxHashMap::default();
    for outline in outlines {
        let turned = outline.turned(gid, size).map(|(x, y)| (x * scale.0 + left, y * scale.1 + top));
        for (column, row, mask) in turned.cells(&grid, budget)? {
            *cells.entry((column, row)).or_default() |= mask;
        }
    }
    let mut cells: Vec<_> = cells.into_iter().map(|((column, row), mask)| (column, row, mask)).collect();
    cells.sort_unstable();
    Some(cells)
}

/// Pixels of a tile; of a picture of its own as the file says.
fn tile_size(tileset: &Tileset, local: u32) -> (f64, f64) {
    let tile = tileset.tiles.get(&local);
    let own = tile.filter(|tile| tile.picture.is_some()).and_then(|tile| {
        let part = tile.part.map(|(_, _, width, height)| (width, height));
        part.or_else(|| tile.picture.as_ref().and_then(|picture| picture.size))
    });
    let (width, height) = own.unwrap_or((tileset.tile_width, tileset.tile_height));
    (width.max(1).into(), height.max(1).into())
}
