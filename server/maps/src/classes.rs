//! What a builder can say in Tiled: classes and their properties. Misspelt names are found by it
//! ([`crate::unknown`]), and what Tiled and people are told of it is written from it
//! ([`crate::kit`]).

/// What a class or property is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Map,
    /// A tile of a tileset.
    Tile,
    /// An object of this class.
    Object(&'static str),
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    /// The name of a file beside the map.
    File,
    /// The name of a sprite.
    Look,
    /// What counts while it is absent.
    Whole(i32),
    /// A number that has to be said; the one that Tiled shows at first, which nobody would choose.
    Needed(i32),
    Flag(bool),
}

/// A property that means something to the game.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    pub on: On,
    pub name: &'static str,
    pub holds: Holds,
    pub means: &'static str,
}

/// The classes of objects, with what an object of each is.
pub const CLASSES: &[(&str, &str)] = &[
    ("spawn", "where new characters begin; a point"),
    ("door", "a door, which people open and close; it has its tile for itself"),
    ("npc", "somebody who lives there"),
    ("item", "a thing to take, carry and lay down"),
    ("spawner", "a rectangle on which things appear"),
    ("warp", "a rectangle that takes whoever steps on it to another place of the map"),
    ("area", "a rectangle, ellipse or polygon with a name, which is shown to who enters, or with rules of its own"),
    ("hazard", "a rectangle, ellipse, polygon or tile that hurts: the same as an area with damage and nothing else"),
    ("sign", "a text for whoever stands on its tile or beside it; its name stands above the text"),
];

/// All properties, in the order in which people read of them.
pub const PROPERTIES: &[Property] = &[
    of(On::Map, "name", Holds::Text, "what people call the world"),
    of(On::Map, "world_id", Holds::Text, "which world of a store it is, whatever it is called; its name if absent"),
    of(On::Tile, "solid", Holds::Flag(false), "nobody can stand on it"),
    of(On::Tile, "damage", Holds::Whole(0), "health points that standing on it costs every second"),
    of(On::Object("door"), "look", Holds::Look, "its sprite"),
    of(On::Object("door"), "open", Holds::Flag(false), "whether it is open at first"),
    of(On::Object("npc"), "look", Holds::Look, "its sprite"),
    of(On::Object("npc"), "wander", Holds::Whole(3), "how far it goes from where it stands, tiles; 0 stays"),
    of(On::Object("item"), "look", Holds::Look, "its sprite, and its kind"),
    of(On::Object("item"), "quantity", Holds::Whole(1), "how many there are"),
    of(On::Object("item"), "heals", Holds::Whole(0), "its kind is food that gives so many health points"),
    of(
        On::Object("item"),
        "places",
        Holds::Text,
        "its kind can be built into the world, and then is the first tile of this class",
    ),
    of(
        On::Object("item"),
        "respawn",
        Holds::Whole(0),
        "seconds after which it lies there again when it was taken; 0: never",
    ),
    of(On::Object("spawner"), "look", Holds::Look, "the sprite of its things, and their kind"),
    of(On::Object("spawner"), "every", Holds::Needed(0), "seconds from one thing to the next"),
    of(On::Object("spawner"), "number", Holds::Whole(1), "how many of its things lie there at most, up to 1,000"),
    of(On::Object("spawner"), "quantity", Holds::Whole(1), "how many there are in each pile"),
    of(On::Object("spawner"), "heals", Holds::Whole(0), "as of an item"),
    of(On::Object("spawner"), "places", Holds::Text, "as of an item"),
    of(On::Object("warp"), "to_x", Holds::Needed(-1), "column of the tile it leads to, as Tiled's status bar shows it"),
    of(On::Object("warp"), "to_y", Holds::Needed(-1), "row of that tile"),
    of(On::Object("area"), "music", Holds::File, "what is heard there: an .ogg, .mp3, .flac or .wav file"),
    of(On::Object("area"), "light", Holds::Whole(-1), "how bright it is there, percent; -1 as around it"),
    of(On::Object("area"), "indoor", Holds::Flag(false), "whoever is in it does not see the canopy over it"),
    of(On::Object("area"), "damage", Holds::Whole(0), "health points that being there costs every second, up to 1,000"),
    of(On::Object("area"), "no_build", Holds::Flag(false), "nothing is built there"),
    of(On::Object("area"), "safe", Holds::Flag(false), "nothing hurts there, neither tiles nor areas"),
    of(
        On::Object("hazard"),
        "damage",
        Holds::Needed(0),
        "health points that being there costs every second, from 1 to 1,000",
    ),
    of(On::Object("sign"), "text", Holds::Text, "what it says, up to 400 characters; it has to say something"),
];

const fn of(on: On, name: &'static str, holds: Holds, means: &'static str) -> Property {
    Property { on, name, holds, means }
}

/// The names of all properties there.
pub fn names(on: On) -> impl Iterator<Item = &'static str> {
    PROPERTIES.iter().filter(move |property| property.on == on).map(|property| property.name)
}

/// The class of this name.
#[must_use]
pub fn named(class: &str) -> Option<On> {
    CLASSES.iter().map(|(name, _)| *name).find(|name| *name == class).map(On::Object)
}
