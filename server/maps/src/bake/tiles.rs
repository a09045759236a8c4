//! From stacks to tiles: those of every cell, and those that players may place.

use std::collections::{BTreeMap, BTreeSet};

use tilemud_schema::Position;

use super::art::Art;
use super::compose::Composer;
use super::layers::Cells;
use super::numbers::Numbers;
use super::sheet::{Full, Sheet};
use super::stacks::{NOTHING, Piece, Stacks};
use crate::dialect::Dialect;
use crate::drawing::Drawing;
use crate::objects::Ground;
use crate::problem::{Problem, Problems};
use crate::say::{self, error, warning};
use crate::walls::{Walls, is_solid};

/// Longest and shortest edge of a tile that players see, pixels.
pub const TILE_EDGE_MAX: u32 = 256;
const TILE_EDGE_MIN: u32 = 8;

/// A tile that items can be placed as: its stack, and whether it blocks.
pub type Placeable = BTreeMap<String, (u32, bool)>;

/// Makes the stacks of tiles that items are placed as, by class.
pub fn placeable(
    drawing: &Drawing,
    dialect: Dialect,
    tiles: BTreeMap<String, u32>,
    stacks: &mut Stacks,
    art: &Art,
) -> Placeable {
    let mut placeable = Placeable::new();
    for (class, gid) in tiles {
        let Some(look) = art.looks.get(&gid) else { continue };
        let Some(picture) = art.images.get(look.image as usize) else { continue };
        let label = stacks.label(look.label.clone());
        let Some(style) = stacks.style([1.0; 4]) else { continue };
        let y = i64::from(drawing.tile_height) - i64::from(picture.height) + i64::from(look.offset.1);
        let Ok(y) = i32::try_from(y) else { continue };
        let piece = Piece { image: look.image, turn: 0, style, label, x: look.offset.0, y };
        let stack = stacks.piece(piece, art.pictures(look.image)).and_then(|piece| stacks.push(NOTHING, piece));
        let solid = is_solid(drawing, gid, dialect);
        placeable.extend(stack.map(|stack| (class, (stack, solid))));
    }
    placeable
}

/// The tiles of a map.
pub struct Laid<'a> {
    pub edge: u32,
    pub sheet: Sheet,
    pub composer: Composer<'a>,
    pub below: Vec<u16>,
    pub above: Vec<u16>,
}

/// Makes the tiles of all cells, smaller ones if they do not fit otherwise.
pub fn lay<'a>(
    drawing: &Drawing,
    cells: Cells,
    walls: &Walls,
    art: &'a Art,
    stacks: &Stacks,
    problems: &mut Problems,
) -> Option<Laid<'a>> {
    let cell = (drawing.tile_width, drawing.tile_height);
    let full = cell.0.max(cell.1).min(TILE_EDGE_MAX);
    let mut edge = full;
    let mut may_move = true;
    loop {
        let mut sheet = Sheet::new(edge, may_move);
        let mut composer = Composer::new(art, cell, edge);
        let mut make = |stacks_of: &Numbers, blocked: Option<&[bool]>| -> Result<(), Full> {
            // Most cells are like the one before.
            let mut last = None;
            for (index, stack) in stacks_of.iter().enumerate() {
                let kind = (stack, blocked.is_some_and(|blocked| blocked[index]));
                if last != Some(kind) {
                    sheet.tile(&mut composer, stacks, kind.0, kind.1)?;
                    last = Some(kind);
                }
            }
            Ok(())
        };
        match make(&cells.below, Some(&walls.blocked)).and_then(|()| make(&cells.above, None)) {
            Ok(()) => {
                if edge < full {
                    let what = format!("there are so many different stacks that tiles are drawn {edge} pixels large");
                    let remedy = "use fewer different tiles one over another, or split the map";
                    problems.add(warning("stacks-many", say::map(drawing), what, remedy));
                }
                if !may_move {
                    let what = "there are so many different stacks with tiles that move that all stand still";
                    let remedy = "use fewer different tiles one over another where tiles move";
                    problems.add(warning("animation-many", say::map(drawing), what, remedy));
                }
                let Cells { below, above, .. } = cells;
                let below = below.into_tiles(|cell, stack| sheet.known(stack, walls.blocked[cell]));
                let above = above.into_tiles(|_, stack| sheet.known(stack, false));
                return Some(Laid { edge, sheet, composer, below, above });
            }
            // Smaller tiles, or none, are worse than such that stand still.
            Err(_) if may_move && !art.moving.is_empty() => may_move = false,
            Err(Full::Sheet) if edge / 2 >= TILE_EDGE_MIN && sheet.tiles_max() < usize::from(u16::MAX) => edge /= 2,
            Err(Full::Sheet) => {
                let below: BTreeSet<_> = cells.below.iter().zip(&walls.blocked).collect();
                let above: BTreeSet<_> = cells.above.iter().filter(|stack| *stack != NOTHING).collect();
                let what = format!(
                    "the layers make {} different stacks of tiles, and {} fit into the pictures that players get",
                    below.len() + above.len(),
                    sheet.tiles_max()
                );
                let remedy = "use fewer different tiles one over another, or split the map";
                problems.add(error("stacks-too-many", say::map(drawing), what, remedy));
                return None;
            }
            Err(Full::Drawing) => {
                problems.add(too_much(drawing));
                return None;
            }
        }
    }
}

/// That a map is more than can be drawn.
pub fn too_much(drawing: &Drawing) -> Problem {
    let what = "the layers of the map are more than can be drawn";
    error("too-much", say::map(drawing), what, "use fewer layers, or split the map")
}

/// Answers what the objects of a map ask about it.
pub struct Places<'a, 'b> {
    pub laid: &'a mut Laid<'b>,
    pub stacks: &'a Stacks,
    pub walls: &'a Walls,
    /// Columns of the map.
    pub width: usize,
    pub placeable: Placeable,
    /// Tiles that were asked for already.
    pub known: BTreeMap<String, Option<u16>>,
}

impl Ground for Places<'_, '_> {
    fn is_blocked(&self, at: Position) -> bool {
        self.walls.blocked.get(at.y as usize * self.width + at.x as usize).copied().unwrap_or(true)
    }

    fn placed(&mut self, class: &str) -> Option<u16> {
        if let Some(known) = self.known.get(class) {
            return *known;
        }
        let tile = self.placeable.get(class).and_then(|(stack, solid)| {
            self.laid.sheet.placed(&mut self.laid.composer, self.stacks, *stack, *solid).ok()
        });
        self.known.insert(class.to_owned(), tile);
        tile
    }
}
