//! Which game's conventions a map keeps: what its layers, classes and properties are called. Looks
//! only at names; what follows from them stands with whoever asks.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::drawing::{Content, Drawing, Layer, Object};
use crate::names::words;

/// The conventions of a map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Those that are found; where none are, what most maps do.
    #[default]
    Auto,
    /// Ours.
    TileMud,
    /// The Mana World and Land of Fire.
    Tmw,
    Stendhal,
    Tuxemon,
    /// Source of Mana.
    Som,
}

/// The dialect of a map and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    pub name: Dialect,
    pub why: String,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Auto, Self::TileMud, Self::Tmw, Self::Stendhal, Self::Tuxemon, Self::Som];

    /// As it is written in a setting.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::TileMud => "tilemud",
            Self::Tmw => "tmw",
            Self::Stendhal => "stendhal",
            Self::Tuxemon => "tuxemon",
            Self::Som => "som",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|dialect| dialect.name() == text);
        known.ok_or_else(|| format!("\"{text}\" is none of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// The dialect that was asked for, or the one that the map shows.
#[must_use]
pub fn choose(drawing: &Drawing, asked: Dialect) -> Chosen {
    if asked != Dialect::Auto {
        return Chosen { name: asked, why: "it was asked for".to_owned() };
    }
    let found = [tuxemon, stendhal, som, tmw, tilemud].into_iter().find_map(|look| look(drawing));
    found.unwrap_or_else(|| Chosen {
        name: Dialect::Auto,
        why: "no layer, class or property that only one game has".to_owned(),
    })
}

fn tuxemon(drawing: &Drawing) -> Option<Chosen> {
    let has_acts = |object: &Object| {
        let is_step = |name: &String| ["act", "cond", "behav"].iter().any(|step| is_numbered(name, step));
        object.properties.keys().any(is_step)
    };
    let event = objects(drawing).find(|(_, object)| is(&object.class, "event") && has_acts(object));
    event.map(|(_, object)| Chosen {
        name: Dialect::Tuxemon,
        why: format!("object {} is an event with conditions and actions", object.id),
    })
}

fn stendhal(drawing: &Drawing) -> Option<Chosen> {
    let known = ["0_floor", "1_terrain", "2_object", "3_roof", "4_roof_add"];
    let names: Vec<&str> = tile_layers(drawing).map(|layer| layer.name.as_str()).collect();
    let found: Vec<&str> = known.into_iter().filter(|name| names.contains(name)).collect();
    (found.len() >= 2)
        .then(|| Chosen { name: Dialect::Stendhal, why: format!("there are tile layers {}", found.join(", ")) })
}

fn som(drawing: &Drawing) -> Option<Chosen> {
    let warp = objects(drawing).find(|(_, object)| {
        is(&object.class, "warp") && ["dest_pos_x", "dest_pos_y"].iter().any(|name| has(object, name))
    });
    warp.map(|(_, object)| Chosen { name: Dialect::Som, why: format!("object {} has dest_pos_x", object.id) })
}

fn tmw(drawing: &Drawing) -> Option<Chosen> {
    let marked = objects(drawing).find(|(_, object)| {
        (is(&object.class, "warp") && has(object, "dest_map") && has(object, "dest_x"))
            || (is(&object.class, "spawn") && is_monster_area(object))
    });
    if let Some((_, object)) = marked {
        let why = format!("object {} is a {} with its properties", object.id, object.class.to_lowercase());
        return Some(Chosen { name: Dialect::Tmw, why });
    }
    let has_layer = |word: &str| tile_layers(drawing).any(|layer| words(&layer.name) == [word]);
    (has_layer("fringe") && has_layer("collision"))
        .then(|| Chosen { name: Dialect::Tmw, why: "there are tile layers Fringe and Collision".to_owned() })
}

fn tilemud(drawing: &Drawing) -> Option<Chosen> {
    let has_ground = tile_layers(drawing).any(|layer| layer.name == "ground");
    let are_ours = tile_layers(drawing).all(|layer| ["ground", "structures", "canopy"].contains(&layer.name.as_str()));
    // Other games have such layers and such classes, but not these together.
    let ours = |layer: &Layer, object: &Object| {
        let is = |classes: &[&str]| classes.contains(&object.class.as_str());
        let is_by_look = is(&["npc", "item", "door", "spawner"]) && has(object, "look");
        is_by_look || (are_ours && layer.name == "objects" && is(&["spawn", "npc", "item", "door"]))
    };
    let found = objects(drawing).find(|(layer, object)| ours(layer, object));
    found.filter(|_| has_ground).map(|(layer, object)| {
        let (layer, class) = (crate::problem::shown(&layer.name), &object.class);
        let why = format!("there is a tile layer ground, and object {} on layer {layer} is a {class}", object.id);
        Chosen { name: Dialect::TileMud, why }
    })
}

/// Whether an object is a place where monsters come, which two games call `spawn`.
#[must_use]
pub fn is_monster_area(object: &Object) -> bool {
    let monsters = ["monster_id", "monsterid", "max_beings", "spawn_rate", "ea_spawn", "ea_death", "mob", "mob_id"];
    object.properties.keys().any(|name| monsters.contains(&name.to_lowercase().as_str()))
}

/// The objects of all object layers, each with its layer.
pub fn objects(drawing: &Drawing) -> impl Iterator<Item = (&Layer, &Object)> {
    drawing.layers.iter().flat_map(|layer| objects_of(layer).iter().map(move |object| (layer, object)))
}

/// The objects of a layer; none if it is of another kind.
#[must_use]
pub fn objects_of(layer: &Layer) -> &[Object] {
    match &layer.content {
        Content::Objects(objects) => objects,
        _ => &[],
    }
}

fn tile_layers(drawing: &Drawing) -> impl Iterator<Item = &Layer> {
    drawing.layers.iter().filter(|layer| matches!(layer.content, Content::Tiles(_)))
}

fn is(class: &str, wanted: &str) -> bool {
    class.eq_ignore_ascii_case(wanted)
}

fn has(object: &Object, name: &str) -> bool {
    object.properties.keys().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a name is a word with a number behind it, as `act10`.
fn is_numbered(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}
