//! Where nobody can walk. Maps say it in one of five ways, and all of them count: layers that are
//! there for it or say so by a property, objects, shapes on tiles, and properties of tiles.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::bits::Bits;
use crate::blocking::{has_class, of_tile, says_blocking};
use crate::dialect::Dialect;
use crate::drawing::{Cells, Content, Drawing, GID, Layer, Object, Shape};
use crate::masks::Masks;
use crate::names::shown;
use crate::objects::is_of_the_game;
use crate::problem::Problems;
use crate::roles::{Blocks, Drawn, Role};
use crate::say::{self, warning};
use crate::shapes::{Budget, Grid, Outline, blocks, outline};
use crate::tile_shapes::{self, Covered, covered, outlines};
use crate::{classes, starts, warps};

/// Classes of other games for what is on a layer of collisions and does not block.
const EVENTS: [&str; 10] =
    ["checkpoint", "enemy", "event", "exit", "monster", "portal", "teleport", "teleporter", "transition", "trigger"];

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
struct Building<'a> {
    drawing: &'a Drawing,
    dialect: Dialect,
    columns: i64,
    rows: i64,
    cell: (f64, f64),
    blocked: Vec<bool>,
    masks: Masks,
    sources: Vec<Source>,
    budget: Budget,
    is_too_much: bool,
}

/// Finds all of them.
#[must_use]
pub fn find(drawing: &Drawing, roles: &[Role], dialect: Dialect, problems: &mut Problems) -> Walls {
    let area = drawing.width as usize * drawing.height as usize;
    let mut walls = Building {
        drawing,
        dialect,
        columns: drawing.width.into(),
        rows: drawing.height.into(),
        cell: (drawing.tile_width.max(1).into(), drawing.tile_height.max(1).into()),
        blocked: vec![false; area],
        masks: Masks::new(area),
        sources: Vec::new(),
        budget: Budget::default(),
        is_too_much: false,
    };
    for (layer, role) in drawing.layers.iter().zip(roles) {
        match (&layer.content, role.blocks) {
            (Content::Tiles(cells), Some(blocks)) => {
                walls.source(&of_layer(layer, blocks));
                walls.tiles(cells, layer, matches!(role.drawn, Drawn::Not(_)));
            }
            (Content::Objects(objects), Some(blocks)) => {
                walls.source(&of_layer(layer, blocks));
                let stand = objects.iter().filter(|object| stands_in_the_way(drawing, layer, object, dialect));
                stand.for_each(|object| walls.object(object, layer));
            }
            (Content::Objects(objects), None) if says_blocking(&layer.properties) != Some(false) => {
                for object in objects {
                    if is_wall(object) {
                        let class = shown(&object.class);
                        let what = format!("objects of class {class}");
                        walls.source(if class.is_empty() { "objects that say so" } else { &what });
                        walls.object(object, layer);
                    } else if object.visible && !matches!(role.drawn, Drawn::Not(_)) {
                        walls.tile_object(object, layer);
                    }
                }
            }
            _ => {}
        }
    }
    walls.all_tiles(roles);
    if dialect == Dialect::TileMud {
        walls.uppermost_tiles(roles);
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
    says_blocking(&object.properties).unwrap_or_else(|| has_class(&object.class))
}

/// Whether an object on a layer that blocks does: not what means something else there.
fn stands_in_the_way(drawing: &Drawing, layer: &Layer, object: &Object, dialect: Dialect) -> bool {
    let class = object.class.to_lowercase();
    let is_other = || {
        classes::named(&class).is_some()
            || EVENTS.contains(&class.as_str())
            || starts::rank(object, dialect).is_some()
            || warps::is_warp(drawing, object, dialect)
            || is_whole_map(drawing, layer, object)
    };
    says_blocking(&object.properties).unwrap_or_else(|| !is_other())
}

/// A rectangle around everything says how large the map is.
fn is_whole_map(drawing: &Drawing, layer: &Layer, object: &Object) -> bool {
    let is_all =
        |at: f64, length: f64, count: u32, cell: u32| at <= 0.0 && at + length >= f64::from(count) * f64::from(cell);
    object.shape == Shape::Rectangle
        && object.gid.is_none()
        && object.rotation == 0.0
        && is_all(object.x + layer.offset.0, object.width, drawing.width, drawing.tile_width)
        && is_all(object.y + layer.offset.1, object.height, drawing.height, drawing.tile_height)
}

fn of_layer(layer: &Layer, blocks: Blocks) -> String {
    match blocks {
        Blocks::Name => format!("layer {}", shown(&layer.name)),
        Blocks::Property => format!("the property of layer {}", shown(&layer.name)),
    }
}

/// What is told as the source of what shapes and properties of tiles block.
const SHAPES: &str = "shapes on tiles";
const PROPERTIES: &str = "properties of tiles";

impl Building<'_> {
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
        match self.masks.add(index, mask) {
            Some(covered) if blocks(covered) => self.block(index),
            Some(_) => {}
            None => self.is_too_much = true,
        }
    }

    /// Blocks what the tile in a cell covers.
    fn block_all(&mut self, index: usize, covered: Covered) {
        if covered == (Covered { column: 0, row: 0, columns: 1, rows: 1 }) {
            return self.block(index);
        }
        let left = index as i64 % self.columns + covered.column;
        let bottom = index as i64 / self.columns + covered.row;
        let columns = left.max(0)..(left + covered.columns).min(self.columns);
        for row in (bottom + 1 - covered.rows).max(0)..(bottom + 1).min(self.rows) {
            for column in columns.clone() {
                if self.budget_for_one().is_none() {
                    return;
                }
                self.block((row * self.columns + column) as usize);
            }
        }
    }

    /// A layer all of whose tiles block. Of a picture only the foot is in the way.
    fn tiles(&mut self, cells: &Cells, layer: &Layer, as_a_whole: bool) {
        let mut known: FxHashMap<u32, Covered> = FxHashMap::default();
        for (index, gid) in cells.iter().enumerate().filter(|(_, gid)| gid & GID != 0) {
            let all = *known.entry(gid).or_insert_with(|| covered(self.drawing, gid, layer.offset, self.cell));
            self.block_all(index, if as_a_whole { all } else { Covered { rows: 1, ..all } });
        }
    }

    fn object(&mut self, object: &Object, layer: &Layer) {
        let shapes = object.gid.and_then(|gid| Some((gid, outlines(self.drawing, gid)?)));
        let laid = match shapes {
            Some((gid, outlines)) => tile_shapes::of_object(self.drawing, object, gid, &outlines),
            None => outline(object).into_iter().collect(),
        };
        self.outlines(&laid, layer);
    }

    fn outlines(&mut self, outlines: &[Outline], layer: &Layer) {
        let grid = Grid { columns: (0, self.columns), rows: (0, self.rows), cell: self.cell };
        for outline in outlines {
            let outline = outline.map(|(x, y)| (x + layer.offset.0, y + layer.offset.1));
            match outline.cells(&grid, &mut self.budget) {
                Some(cells) => cells.into_iter().for_each(|(column, row, mask)| self.cover(column, row, mask)),
                None => self.is_too_much = true,
            }
        }
    }

    /// A tile that an object shows blocks as it would in a layer of tiles.
    fn tile_object(&mut self, object: &Object, layer: &Layer) {
        let Some(gid) = object.gid.filter(|_| !is_of_the_game(object)) else { return };
        if says_blocking(&object.properties) == Some(false) {
            return;
        }
        if outlines(self.drawing, gid).is_some() {
            self.source(SHAPES);
            self.object(object, layer);
        } else if is_solid(self.drawing, gid, self.dialect) {
            self.source(PROPERTIES);
            let foot = Object { height: object.height.min(self.cell.1), ..object.clone() };
            self.outlines(outline(&foot).as_slice(), layer);
        }
    }

    /// Any tile that blocks does, on whichever layer; in our own dialect those with shapes.
    fn all_tiles(&mut self, roles: &[Role]) {
        let drawing = self.drawing;
        let mut shapes: FxHashMap<u32, Option<Vec<Outline>>> = FxHashMap::default();
        let mut solid: FxHashMap<u32, bool> = FxHashMap::default();
        for (layer, _) in standing(drawing, roles, self.dialect) {
            let Content::Tiles(cells) = &layer.content else { continue };
            let mut laid: FxHashMap<u32, Vec<(i64, i64, u64)>> = FxHashMap::default();
            let mut known: FxHashMap<u32, Covered> = FxHashMap::default();
            for (index, gid) in cells.iter().enumerate().filter(|(_, gid)| gid & GID != 0) {
                let is_solid = *solid
                    .entry(gid & GID)
                    .or_insert_with(|| self.dialect != Dialect::TileMud && is_solid(drawing, gid, self.dialect));
                if is_solid {
                    self.source(PROPERTIES);
                    let all = *known.entry(gid).or_insert_with(|| covered(drawing, gid, layer.offset, self.cell));
                    self.block_all(index, Covered { rows: 1, ..all });
                }
                let outlines = shapes.entry(gid & GID).or_insert_with(|| outlines(drawing, gid));
                let Some(outlines) = outlines else { continue };
                self.source(SHAPES);
                let (column, row) = (index as i64 % self.columns, index as i64 / self.columns);
                let laid = laid.entry(gid).or_insert_with(|| {
                    let offset = layer.offset;
                    let cells = tile_shapes::lay(drawing, gid, outlines, offset, self.cell, &mut self.budget);
                    cells.unwrap_or_else(|| {
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
    fn uppermost_tiles(&mut self, roles: &[Role]) {
        self.source(PROPERTIES);
        let mut decided = Bits::new(self.blocked.len());
        let mut solid: FxHashMap<u32, bool> = FxHashMap::default();
        let layers: Vec<_> = standing(self.drawing, roles, self.dialect).collect();
        for (layer, _) in layers.into_iter().rev().filter(|(_, role)| role.drawn == Drawn::Below) {
            let Content::Tiles(cells) = &layer.content else { continue };
            for (index, gid) in cells.iter().map(|cell| cell & GID).enumerate().filter(|(_, gid)| *gid != 0) {
                if decided.set(index) && *solid.entry(gid).or_insert_with(|| is_solid(self.drawing, gid, self.dialect))
                {
                    self.block(index);
                }
            }
        }
    }
}

/// The layers whose tiles stand in the world, with their roles. A hidden one does that is made of
/// nothing but tiles that block.
fn standing<'a>(
    drawing: &'a Drawing,
    roles: &'a [Role],
    dialect: Dialect,
) -> impl Iterator<Item = (&'a Layer, &'a Role)> {
    let layers = drawing.layers.iter().zip(roles);
    layers.filter(move |(layer, role)| {
        let is_there = match role.drawn {
            Drawn::Not(_) => !layer.visible && is_made_of_walls(drawing, layer, dialect),
            _ => true,
        };
        role.blocks.is_none() && is_there && says_blocking(&layer.properties) != Some(false)
    })
}

fn is_made_of_walls(drawing: &Drawing, layer: &Layer, dialect: Dialect) -> bool {
    let Content::Tiles(cells) = &layer.content else { return false };
    let mut tiles = cells.kinds().iter().map(|gid| gid & GID).filter(|gid| *gid != 0);
    tiles.all(|gid| is_solid(drawing, gid, dialect) || outlines(drawing, gid).is_some())
}

/// Whether a tile says that it blocks.
#[must_use]
pub fn is_solid(drawing: &Drawing, gid: u32, dialect: Dialect) -> bool {
    let said =
        drawing.tile(gid).and_then(|(placed, local)| of_tile(&placed.tileset, local, dialect != Dialect::TileMud));
    said.unwrap_or(false)
}
