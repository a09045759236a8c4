//! What each layer of a map is for: drawn below the characters, above them, or said where one
//! cannot walk. Decided by names, as in the games that the maps come from.

use crate::blocking::{self, Named, says_blocking};
use crate::dialect::Dialect;
use crate::drawing::{Content, Drawing, GID, Layer};
use crate::marks::Shown;
use crate::names::{property, truth, words};
use crate::shapes::{Budget, Grid, blocks, outline};

/// What a layer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub drawn: Drawn,
    /// Whether everything on it blocks, and what says so.
    pub blocks: Option<Blocks>,
}

/// Whether a layer is drawn, and on which side of the characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    Below,
    Above,
    /// With why not.
    Not(&'static str),
}

/// What says that a layer blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    Name,
    Property,
}

/// Words of layers that are drawn above the characters, in the singular.
const ABOVE: [&str; 11] = [
    "above",
    "canopy",
    "ceiling",
    "foreground",
    "fringe",
    "overhang",
    "overhead",
    "overlay",
    "rooftop",
    "treetop",
    "upper",
];
/// Two words that together say so.
const ABOVE_PAIRS: [[&str; 2]; 3] = [["in", "front"], ["tree", "top"], ["roof", "top"]];
/// Words of what a bridge is over, which is below the characters.
const CROSSED: [&str; 8] = ["cliff", "grass", "lake", "lava", "river", "sand", "sea", "water"];
/// Words of layers that are drawn below the characters, whatever else is said.
const BELOW: [&str; 4] = ["below", "beneath", "under", "underneath"];
/// Words of what people walk on: what is above or over it is below them.
const GROUND: [&str; 5] = ["floor", "ground", "path", "road", "terrain"];

/// The role of every layer, in their order.
#[must_use]
pub fn roles(drawing: &Drawing, dialect: Dialect) -> Vec<Role> {
    let named: Vec<Option<Named>> = drawing.layers.iter().map(blocking::of_layer).collect();
    let is_blocked = |index: usize| matches!(named[index], Some(Named::Blocked | Named::Collision));
    let of = |blocked: bool| {
        let layers = drawing.layers.iter().enumerate().filter(move |(index, _)| is_blocked(*index) == blocked);
        layers.map(|(_, layer)| layer)
    };
    let is_asked = |layer: &Layer| layer.visible && matches!(layer.content, Content::Tiles(_));
    let shown = of(true).any(is_asked).then(|| Shown::of(drawing, of(false)));
    // Where a layer is there for collisions alone, one that shows walls is a picture of them.
    let has_walls = named.contains(&Some(Named::Walls)) && of(true).next().is_some();
    let said = if has_walls { covered(drawing, of(true)) } else { Vec::new() };
    let role = |(index, layer): (usize, &Layer)| {
        let is_said = named[index] == Some(Named::Walls) && has_walls && is_covered(drawing, layer, &said);
        let is_marks = |named| shown.as_ref().is_some_and(|shown| shown.is_marks(drawing, layer, named));
        role(layer, dialect, named[index].filter(|_| !is_said), is_marks)
    };
    drawing.layers.iter().enumerate().map(role).collect()
}

fn role(layer: &Layer, dialect: Dialect, named: Option<Named>, is_marks: impl Fn(Named) -> bool) -> Role {
    let is_picture = matches!(layer.content, Content::Image { .. });
    let property = says_blocking(&layer.properties);
    let by_name = match named {
        Some(Named::Blocked | Named::Collision) => true,
        // One can walk behind the upper part of a wall.
        Some(Named::Walls) => !is_above(layer),
        Some(Named::Free) | None => false,
    };
    let blocks = match property {
        _ if is_picture => None,
        Some(true) => Some(Blocks::Property),
        None if by_name => Some(Blocks::Name),
        _ => None,
    };
    let shows_nothing = || match (&layer.content, named) {
        (Content::Objects(objects), _) => objects.iter().all(|object| object.gid.is_none()),
        // Games never draw a layer that is theirs for it.
        (_, Some(named @ (Named::Blocked | Named::Collision))) => keeps_for_collisions(dialect) || is_marks(named),
        _ => false,
    };
    let drawn = if !layer.visible {
        Drawn::Not("it is hidden")
    } else if blocks.is_some() && shows_nothing() {
        Drawn::Not("it says where one cannot walk")
    } else if dialect == Dialect::Stendhal && matches!(layer.content, Content::Tiles(_)) {
        stendhal(layer)
    } else if is_above(layer) {
        Drawn::Above
    } else {
        Drawn::Below
    };
    Role { drawn, blocks }
}

fn keeps_for_collisions(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Tmw | Dialect::Som | Dialect::Stendhal)
}

/// Stendhal has tile layers for what stands on the map, and some that colour others.
fn stendhal(layer: &Layer) -> Drawn {
    let words = words(&layer.name);
    match words.first().map_or("", String::as_str) {
        "objects" | "protection" | "sounds" => Drawn::Not("it says what stands where"),
        "blend" => Drawn::Not("it colours other layers, which cannot be drawn"),
        _ if is_above(layer) => Drawn::Above,
        _ => Drawn::Below,
    }
}

fn is_above(layer: &Layer) -> bool {
    let said = property(&layer.properties, &["above", "aboveplayer"]).and_then(truth);
    // What is nearer says it better.
    let mut names = [&layer.name, &layer.class].into_iter().chain(layer.groups.iter().rev());
    said.or_else(|| names.find_map(|name| names_above(name))).unwrap_or(false)
}

/// Whether a name says above or below the characters; `None` if it says neither.
fn names_above(name: &str) -> Option<bool> {
    let words: Vec<String> = words(name).iter().map(|word| singular(word)).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&BELOW) {
        return Some(false);
    }
    let is_over = words.iter().enumerate().any(|(index, word)| {
        let behind = words.get(index + 1);
        word == "over" && behind.is_none_or(|behind| !CROSSED.contains(&behind.as_str()))
    });
    let is_pair = |pair: &[String]| ABOVE_PAIRS.iter().any(|[first, then]| pair == [*first, *then]);
    let is_above = is_over || has(&ABOVE) || has(&["roof", "infront"]) || words.windows(2).any(is_pair);
    (is_above && !has(&GROUND)).then_some(true)
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

/// Where these layers have something, row by row.
fn covered<'a>(drawing: &Drawing, layers: impl Iterator<Item = &'a Layer>) -> Vec<bool> {
    let columns = drawing.width as usize;
    let mut covered = vec![false; columns * drawing.height as usize];
    let grid = Grid {
        columns: (0, drawing.width.into()),
        rows: (0, drawing.height.into()),
        cell: (drawing.tile_width.max(1).into(), drawing.tile_height.max(1).into()),
    };
    let mut budget = Budget::default();
    for layer in layers {
        match &layer.content {
            Content::Tiles(cells) => {
                let some = covered.iter_mut().zip(cells.iter()).filter(|(_, gid)| gid & GID != 0);
                some.for_each(|(covered, _)| *covered = true);
            }
            Content::Objects(objects) => {
                for outline in objects.iter().filter_map(outline) {
                    let outline = outline.map(|(x, y)| (x + layer.offset.0, y + layer.offset.1));
                    let Some(cells) = outline.cells(&grid, &mut budget) else { break };
                    for (column, row, _) in cells.into_iter().filter(|(_, _, mask)| blocks(*mask)) {
                        if let Some(covered) = covered.get_mut(row as usize * columns + column as usize) {
                            *covered = true;
                        }
                    }
                }
            }
            Content::Image { .. } => {}
        }
    }
    covered
}

/// Whether enough of a layer is covered to be said already: of a high wall only the foot is.
fn is_covered(drawing: &Drawing, layer: &Layer, said: &[bool]) -> bool {
    let own = covered(drawing, std::iter::once(layer));
    let (mut all, mut both) = (0_usize, 0_usize);
    for (_, said) in own.iter().zip(said).filter(|(own, _)| **own) {
        all += 1;
        both += usize::from(*said);
    }
    both > 0 && both * 3 >= all
}
