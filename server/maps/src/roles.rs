//! What each layer of a map is for: drawn below the characters, above them, or said where one
//! cannot walk. Decided by names, as in the games that the maps come from.

use crate::dialect::Dialect;
use crate::drawing::{Content, Drawing, Layer};
use crate::names::{joined, property, truth, words};

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

/// Words of layers that are drawn above the characters.
const ABOVE: [&str; 14] = [
    "above",
    "canopy",
    "ceiling",
    "foreground",
    "fringe",
    "over",
    "overhead",
    "overlay",
    "roof",
    "roofs",
    "rooftop",
    "rooftops",
    "treetops",
    "upper",
];

/// Words of layers that only say where one cannot walk.
const COLLISION: [&str; 15] = [
    "block",
    "blocked",
    "blockers",
    "blocking",
    "blocks",
    "clip",
    "collidable",
    "collide",
    "collider",
    "colliders",
    "collides",
    "collision",
    "collisions",
    "impassable",
    "unwalkable",
];

/// Words of layers that show what one cannot walk through.
const WALLS: [&str; 7] = ["barrier", "barriers", "obstacle", "obstacles", "solid", "solids", "walls"];

/// Properties by which a layer or a tile says that it blocks; `c` is one of an old engine.
pub const BLOCKING: [&str; 16] = [
    "block",
    "blocked",
    "blocking",
    "blocks",
    "c",
    "collidable",
    "collide",
    "collides",
    "collision",
    "impassable",
    "iscollidable",
    "issolid",
    "obstacle",
    "solid",
    "unwalkable",
    "wall",
];

/// Properties by which they say that it does not.
pub const PASSABLE: [&str; 3] = ["passable", "walkable", "iswalkable"];

/// The role of every layer, in their order.
#[must_use]
pub fn roles(drawing: &Drawing, dialect: Dialect) -> Vec<Role> {
    // Where a layer is there for collisions alone, one that shows walls is a picture of them.
    let is_said = drawing.layers.iter().any(|layer| holds_anything(layer) && says(layer, &COLLISION));
    drawing.layers.iter().map(|layer| role(layer, dialect, is_said)).collect()
}

fn role(layer: &Layer, dialect: Dialect, is_said: bool) -> Role {
    let is_picture = matches!(layer.content, Content::Image { .. });
    let property = says_blocking(&layer.properties);
    // One can walk behind the upper part of a wall.
    let shows_walls = !is_said && !is_above(layer) && (says(layer, &WALLS) || joined(&layer.name) == "wall");
    let by_name = !is_picture && (says(layer, &COLLISION) || shows_walls);
    let blocks = match property {
        Some(true) if !is_picture => Some(Blocks::Property),
        None if by_name => Some(Blocks::Name),
        _ => None,
    };
    let drawn = if !layer.visible {
        Drawn::Not("it is hidden")
    } else if blocks.is_some() && (says(layer, &COLLISION) || matches!(layer.content, Content::Objects(_))) {
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
    match property(&layer.properties, &["above", "aboveplayer"]).and_then(truth) {
        Some(above) => above,
        None => says(layer, &ABOVE),
    }
}

/// Whether a layer or a tile says that it blocks, or that it does not.
#[must_use]
pub fn says_blocking(properties: &crate::drawing::Properties) -> Option<bool> {
    if properties.is_empty() {
        return None;
    }
    let blocks = property(properties, &BLOCKING).and_then(truth);
    blocks.or_else(|| property(properties, &PASSABLE).and_then(truth).map(|passable| !passable))
}

/// Whether a word is in the name of a layer, in its class, or in one of the groups around it.
fn says(layer: &Layer, wanted: &[&str]) -> bool {
    let names = layer.groups.iter().chain([&layer.name, &layer.class]);
    names.flat_map(|name| words(name)).any(|word| wanted.contains(&word.as_str()))
}

fn holds_anything(layer: &Layer) -> bool {
    match &layer.content {
        Content::Tiles(cells) => cells.iter().any(|cell| *cell != 0),
        Content::Objects(objects) => !objects.is_empty(),
        Content::Image { .. } => false,
    }
}
