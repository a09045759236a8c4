//! What says that nobody can walk somewhere: words in the names of layers, names and values of
//! properties, classes. It is about words alone; [`crate::roles`] and [`crate::walls`] say what
//! follows from them.

use crate::drawing::{Layer, Properties, Tileset, Value};
use crate::names::{joined, truth, words};

/// What a layer's name says of everything on it. A later one outweighs those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// One can walk there.
    Free,
    /// It shows walls.
    Walls,
    /// Nobody can walk there.
    Blocked,
    /// It is there for collisions alone.
    Collision,
}

/// Words of layers that are there for collisions, in the singular.
const COLLISION: [&str; 11] = [
    "boundary",
    "bound",
    "clip",
    "colision",
    "collider",
    "collision",
    "collisionbox",
    "hitbox",
    "kollision",
    "obstruction",
    "physics",
];

/// Words of layers that nobody can walk on, and which may show what is there.
const BLOCKED: [&str; 10] = [
    "block",
    "blockade",
    "blocked",
    "blocker",
    "blocking",
    "collidable",
    "collide",
    "impassable",
    "impassible",
    "obstructed",
];

/// Words of layers that show what nobody can walk through.
const WALLS: [&str; 4] = ["barrier", "obstacle", "solid", "walls"];

/// Words of places where one can walk.
const PASSABLE: [&str; 4] = ["passable", "passible", "traversable", "walkable"];

/// Words that say something only behind a negation: "no walk".
const WALKING: [&str; 4] = ["pass", "passage", "walk", "walking"];

/// Negations that are words before another, or its beginning.
const NEGATIONS: [&str; 4] = ["non", "not", "no", "un"];
const BEFORE: [&str; 5] = ["no", "non", "not", "un", "without"];
const BEHIND: [&str; 4] = ["disabled", "free", "none", "off"];

/// What layers are made of, which says nothing.
const KINDS: [&str; 15] = [
    "area", "areas", "layer", "layers", "map", "mask", "object", "objects", "rects", "shape", "shapes", "tile",
    "tiles", "zone", "zones",
];
/// Words longer than this are made of no others, letters.
const WORD_LEN_MAX: usize = 40;

/// Properties by which something says that it blocks; `c` is one of an old engine.
const BLOCKING: [&str; 28] = [
    "block",
    "blocked",
    "blocking",
    "blocks",
    "blocksmovement",
    "blocksplayer",
    "blockswalking",
    "c",
    "collidable",
    "collide",
    "collider",
    "colliders",
    "collides",
    "collideswithplayer",
    "collision",
    "collisions",
    "impassable",
    "impassible",
    "nopass",
    "nowalk",
    "obstacle",
    "obstruct",
    "obstruction",
    "obstructs",
    "solid",
    "unpassable",
    "unwalkable",
    "wall",
];

/// Properties by which something says that it does not.
const OPEN: [&str; 7] = ["canpass", "canwalk", "passable", "passible", "traversable", "walkable", "walkthrough"];

/// Beginnings of names of properties that say nothing.
const BEGINNINGS: [&str; 4] = ["is", "has", "can", "ge"];

/// Properties that may hold the name of something as well: of them a text counts that says yes.
const THINGS: [&str; 3] = ["block", "blocks", "wall"];

/// Texts that say no where a text by itself says yes.
const NO: [&str; 9] = ["disabled", "empty", "free", "never", "none", "null", "open", "passable", "walkable"];

/// Properties whose text says what a thing is.
const TYPES: [&str; 4] = ["class", "kind", "tiletype", "type"];

/// Words of the classes that block.
const CLASSES: [&str; 9] =
    ["blocked", "blocker", "collider", "collision", "collisions", "obstacle", "solid", "wall", "walls"];

/// What the name of a layer, its class or a group around it says.
#[must_use]
pub fn of_layer(layer: &Layer) -> Option<Named> {
    let own = of_name(&layer.name);
    if own == Some(Named::Free) {
        return own;
    }
    let around = layer.groups.iter().chain([&layer.class]).filter_map(|name| of_name(name));
    own.into_iter().chain(around).max()
}

fn of_name(name: &str) -> Option<Named> {
    let words = words(name);
    let mut found = None;
    for (index, word) in words.iter().enumerate() {
        let is_near = |index: Option<usize>, wanted: &[&str]| {
            let near = index.and_then(|index| words.get(index));
            near.is_some_and(|near| wanted.contains(&near.as_str()))
        };
        let is_negated = is_near(index.checked_sub(1), &BEFORE) || is_near(Some(index + 1), &BEHIND);
        let said = if is_negated { negated(word) } else { of_word(word) };
        if said == Some(Named::Free) {
            return said;
        }
        found = found.max(said);
    }
    found.or_else(|| is_wall_alone(&words).then_some(Named::Walls))
}

/// A decorated wall shows something else.
fn is_wall_alone(words: &[String]) -> bool {
    let mut other = words.iter().map(|word| without_kind(word)).filter(|word| !KINDS.contains(word));
    other.next() == Some("wall") && other.next().is_none()
}

fn of_word(word: &str) -> Option<Named> {
    let word = without_kind(word);
    let is_one_of = |known: &[&str]| {
        let singular = [word.strip_suffix('s'), word.strip_suffix("es")];
        let is_known = |word: &&str| known.contains(word);
        let has_stem = |stem| known.iter().any(|known| known.strip_suffix('y') == Some(stem));
        is_known(&word) || singular.iter().flatten().any(is_known) || word.strip_suffix("ies").is_some_and(has_stem)
    };
    match () {
        () if is_one_of(&COLLISION) => Some(Named::Collision),
        () if is_one_of(&BLOCKED) => Some(Named::Blocked),
        () if is_one_of(&WALLS) => Some(Named::Walls),
        () if is_one_of(&PASSABLE) => Some(Named::Free),
        () if word.len() > WORD_LEN_MAX => None,
        () => NEGATIONS.iter().find_map(|negation| negated(word.strip_prefix(negation)?)),
    }
}

/// What a word says behind a negation.
fn negated(word: &str) -> Option<Named> {
    if WALKING.contains(&without_kind(word)) {
        return Some(Named::Blocked);
    }
    let said = if NEGATIONS.contains(&word) { None } else { of_word(word) };
    said.map(|said| if said == Named::Free { Named::Blocked } else { Named::Free })
}

/// `collisionlayer` is `collision`.
fn without_kind(word: &str) -> &str {
    let stems = KINDS.iter().filter_map(|kind| word.strip_suffix(kind)).filter(|stem| !stem.is_empty());
    // The shortest is without the longest kind.
    stems.min_by_key(|stem| stem.len()).unwrap_or(word)
}

/// Whether properties say that something blocks, or that it does not. One that says it blocks is
/// enough.
#[must_use]
pub fn says_blocking(properties: &Properties) -> Option<bool> {
    let mut found = None;
    for (name, value) in properties {
        match of_property(&joined(name), value) {
            Some(true) => return Some(true),
            Some(false) => found = Some(false),
            None => {}
        }
    }
    found
}

fn of_property(name: &str, value: &Value) -> Option<bool> {
    match (meaning(name), value) {
        (Some(true), Value::Class(members)) => says_blocking(members).or_else(|| {
            let is_on = |name: &str| members.get(name).and_then(truth);
            Some(is_on("enabled").or_else(|| is_on("active")).unwrap_or(true))
        }),
        (None, Value::Class(members)) => says_blocking(members),
        (None, Value::Text(text)) => (TYPES.contains(&name) && is_class(text)).then_some(true),
        (None, _) => None,
        // So short a name may be anybody's.
        (Some(_), value) if name == "c" => truth(value),
        (Some(blocks), value) => is_so(value, !blocks || THINGS.contains(&name)).map(|is_so| is_so == blocks),
    }
}

/// Whether a property of this name says that something blocks, or that it does not.
fn meaning(name: &str) -> Option<bool> {
    let plain = |name: &str| match name {
        name if BLOCKING.contains(&name) => Some(true),
        name if OPEN.contains(&name) => Some(false),
        _ => None,
    };
    let longer = |name: &str| plain(name).filter(|_| name.len() > 1);
    let begun = |name: &str| BEGINNINGS.iter().find_map(|begin| longer(name.strip_prefix(begin)?));
    let negated = |name: &str| NEGATIONS.iter().find_map(|no| longer(name.strip_prefix(no)?)).map(|blocks| !blocks);
    let negated_after = |name: &str| BEGINNINGS.iter().find_map(|begin| negated(name.strip_prefix(begin)?));
    plain(name).or_else(|| begun(name)).or_else(|| negated(name)).or_else(|| negated_after(name))
}

/// Whether a value says yes. A text that is there does, unless the property may hold names.
fn is_so(value: &Value, may_be_a_name: bool) -> Option<bool> {
    let Value::Text(text) = value else { return truth(value) };
    let text = text.trim().to_ascii_lowercase();
    match &*text {
        "" => Some(true),
        no if NO.contains(&no) => Some(false),
        _ => truth(value).or_else(|| match text.parse::<f64>() {
            Ok(number) => Some(number != 0.0),
            Err(_) => (!may_be_a_name || is_class(&text)).then_some(true),
        }),
    }
}

/// Whether a class has a word of those that block.
#[must_use]
pub fn has_class(class: &str) -> bool {
    words(class).iter().any(|word| CLASSES.contains(&word.as_str()))
}

/// Whether a class is one of those that block. A tile of a wall's shadow is none.
fn is_class(class: &str) -> bool {
    let words = words(class);
    let mut words = words.iter().filter(|word| !KINDS.contains(&word.as_str()));
    words.next().is_some_and(|word| CLASSES.contains(&word.as_str())) && words.next().is_none()
}

/// What a tile and its tileset say. In maps of our own the class is what the tile is called.
#[must_use]
pub fn of_tile(tileset: &Tileset, local: u32, by_class: bool) -> Option<bool> {
    let tile = tileset.tiles.get(&local);
    let said = tile.and_then(|tile| says_blocking(&tile.properties));
    let by_class = || tile.filter(|tile| by_class && is_class(&tile.class)).map(|_| true);
    said.or_else(by_class).or_else(|| says_blocking(&tileset.properties))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_layers_are_heard_with_their_negations() {
        let told = |names: &[&str], wanted: Option<Named>| {
            for name in names {
                assert_eq!(of_name(name), wanted, "{name}");
            }
        };
        let collision = [
            "Collision",
            "collisionlayer",
            "Collision Tiles",
            "4_collisions",
            "Colliders",
            "Boundaries",
            "bounds",
            "Hitboxes",
            "Obstructions",
            "Physics",
            "Kollision",
            "clip",
        ];
        told(&collision, Some(Named::Collision));
        let blocked = [
            "blockedLayer",
            "BlockedTiles",
            "Collidables",
            "Not Walkable",
            "nonwalkable",
            "NoWalk",
            "no_pass",
            "Unpassable",
            "Impassible",
            "Water (blocked)",
            "unwalkable",
        ];
        told(&blocked, Some(Named::Blocked));
        told(&["Walls", "WallLayer", "wall tiles", "wall", "Obstacles", "BuildingsSolid"], Some(Named::Walls));
        let free = [
            "NoCollision",
            "No_Collision",
            "nocollision",
            "non-collidable",
            "Ground_no_collision",
            "Decoration without collision",
            "Collision_Off",
            "collision free",
            "not_solid",
            "Walkable",
            "noclip",
        ];
        told(&free, Some(Named::Free));
        told(&["Ground", "Wall decoration", "walk", "Notes", "under", "nothing", "world", "", "layer"], None);
    }

    #[test]
    fn properties_are_read_by_words_and_values() {
        let said = |name: &str, value: Value| says_blocking(&[(name.to_owned(), value)].into());
        let text = |value: &str| Value::Text(value.to_owned());
        let blocking = [
            "isWall",
            "blocksMovement",
            "isBlocking",
            "hasCollision",
            "collider",
            "ge_collide",
            "obstruct",
            "Impassible",
            "unpassable",
            "notWalkable",
            "is_not_walkable",
            "Is Solid",
            "c",
        ];
        for name in blocking {
            assert_eq!(said(name, Value::Bool(true)), Some(true), "{name}");
            assert_eq!(said(name, Value::Bool(false)), Some(false), "{name}");
        }
        for name in ["isPassable", "canWalk", "passable", "notSolid", "noCollision"] {
            assert_eq!(said(name, Value::Bool(true)), Some(false), "{name}");
            assert_eq!(said(name, text("false")), Some(true), "{name}");
        }
        for (value, wanted) in [("", true), ("full", true), ("Solid", true), ("1", true), ("0", false), ("none", false)]
        {
            assert_eq!(said("collision", text(value)), Some(wanted), "{value}");
        }
        assert_eq!(said("block", text("dirt")), None, "the name of a block");
        assert_eq!(said("block", text("solid")), Some(true));
        assert_eq!((said("c", text("7")), said("c", text("1"))), (None, Some(true)));
        assert_eq!(said("type", text("wall")), Some(true));
        for name in ["type", "collisionGroup", "blocksLight", "wallpaper", "isc", "movementCost", "can", "no"] {
            assert_eq!(said(name, text("grass")), None, "{name}");
        }
    }

    #[test]
    fn one_property_that_says_it_blocks_is_enough_wherever_it_is() {
        let no = || ("blocked".to_owned(), Value::Bool(false));
        let yes = || ("solid".to_owned(), Value::Bool(true));
        assert_eq!(says_blocking(&[no(), yes()].into()), Some(true));
        assert_eq!(says_blocking(&[("physics".to_owned(), Value::Class([yes()].into()))].into()), Some(true));
        assert_eq!(says_blocking(&[("collision".to_owned(), Value::Class([no()].into()))].into()), Some(false));
    }

    #[test]
    fn the_class_of_a_tile_blocks_when_it_is_no_more_than_that() {
        for (class, wanted) in
            [("Wall", true), ("wall_tile", true), ("solid", true), ("wall torch", false), ("", false)]
        {
            assert_eq!(is_class(class), wanted, "{class}");
        }
        assert!(has_class("house wall") && !has_class("wallpaper"));
    }
}
