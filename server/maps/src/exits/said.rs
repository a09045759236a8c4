//! Where an object says that it leads, in any of the ways that games have.

use std::path::PathBuf;

use crate::drawing::{Object, Value};
use crate::names::{joined, number, text, words};

/// Names of properties that can only mean another map.
const MAPS: [&str; 15] = [
    "destmap",
    "destinationmap",
    "targetmap",
    "tomap",
    "nextmap",
    "gotomap",
    "mapto",
    "maptarget",
    "mapname",
    "mapfile",
    "linkedmap",
    "leadsto",
    "teleportmap",
    "warpmap",
    "transitionmap",
];
/// Those that do on an object which is called as one that leads somewhere.
const MAPS_OF_EXITS: [&str; 9] =
    ["map", "level", "nextlevel", "targetlevel", "room", "target", "destination", "dest", "to"];
/// Names of the column and the row there.
const COLUMNS: [&str; 8] = ["destx", "destinationx", "targetx", "tox", "destposx", "spawnx", "warpx", "teleportx"];
const ROWS: [&str; 8] = ["desty", "destinationy", "targety", "toy", "destposy", "spawny", "warpy", "teleporty"];
/// Names of properties with the name of an object there.
const OBJECTS: [&str; 12] = [
    "destinationname",
    "destname",
    "destobject",
    "destspawn",
    "destinationobject",
    "targetname",
    "targetobject",
    "targetspawn",
    "targetpoint",
    "spawnpoint",
    "tospawn",
    "entrypoint",
];
/// Those that have one where another property has the map.
const OBJECTS_BESIDE_MAPS: [&str; 5] = ["destination", "target", "entrance", "spawn", "dest"];
/// Words of what leads somewhere.
const EXITS: [&str; 16] = [
    "door",
    "doors",
    "entrance",
    "exit",
    "gate",
    "ladder",
    "portal",
    "stair",
    "stairs",
    "teleport",
    "teleporter",
    "teletransporter",
    "transfer",
    "transition",
    "warp",
    "warps",
];
/// Endings of maps.
pub const ENDINGS: [&str; 6] = [".tmx", ".tmj", ".json", ".js", ".tmx.gz", ".xml"];

/// Where an object leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Exit {
    /// The map; `None` for its own.
    pub map: Option<MapName>,
    /// The property that says so, as it is written.
    pub by: String,
    pub to: To,
    /// The property or properties that say the place.
    pub by_place: String,
}

/// A map as an object says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapName {
    pub said: String,
    /// Of a property that is a file.
    pub file: Option<PathBuf>,
}

/// A place on a map.
#[derive(Debug, Clone, PartialEq)]
pub enum To {
    /// Nothing is said of it.
    Somewhere,
    Cell(i64, i64),
    /// Where an object of this name is.
    Name(String),
    Object(u32),
}

/// What an object says; `None` if it leads nowhere.
#[must_use]
pub fn exit(object: &Object) -> Option<Exit> {
    event(object).or_else(|| by_properties(object))
}

fn by_properties(object: &Object) -> Option<Exit> {
    let mut properties: Vec<(String, &String, &Value)> =
        object.properties.iter().map(|(name, value)| (joined(name), name, value)).collect();
    // A number behind the name may be meant as well: the first one counts.
    properties.sort_by_key(|(_, name, _)| name.len());
    let find = |names: &[&str]| properties.iter().find(|(joined, _, _)| names.contains(&joined.as_str()));
    let is_exit = [&object.class, &object.name].into_iter().any(|name| is_of_an_exit(name));
    let mut map = find(&MAPS).and_then(|found| Some((found, map_name(found.2)?)));
    if map.is_none() {
        let mut likely = properties.iter().filter(|(joined, _, _)| MAPS_OF_EXITS.contains(&joined.as_str()));
        map = likely.find_map(|found| {
            let name = map_name(found.2)?;
            (is_exit || is_map_file(&name.said)).then_some((found, name))
        });
    }
    let place = |is_away: bool, without: &str| {
        let (x, y) = (find(&COLUMNS), find(&ROWS));
        if let (Some((_, by_x, x)), Some((_, by_y, y))) = (x, y)
            && let (Some(x), Some(y)) = (number(x), number(y))
        {
            return Some((To::Cell(x, y), format!("{by_x} and {by_y}")));
        }
        let other = |names: &[&str]| find(names).filter(|(_, name, _)| *name != without);
        let said = other(&OBJECTS).or_else(|| other(&OBJECTS_BESIDE_MAPS).filter(|_| is_away))?;
        let to = match said.2 {
            Value::Object(0) => return None,
            Value::Object(id) => To::Object(*id),
            Value::Text(name) if !name.trim().is_empty() && name.trim().parse::<f64>().is_err() => {
                To::Name(name.trim().to_owned())
            }
            _ => return None,
        };
        Some((to, said.1.clone()))
    };
    match map {
        Some(((_, by, _), map)) => {
            let (to, by_place) = place(true, by).unwrap_or((To::Somewhere, String::new()));
            Some(Exit { map: Some(map), by: (*by).clone(), to, by_place })
        }
        None if is_exit => {
            let by_object = || {
                let (_, name, value) = find(&MAPS_OF_EXITS).filter(|it| matches!(it.2, Value::Object(1..)))?;
                let Value::Object(id) = value else { return None };
                Some((To::Object(*id), (*name).clone()))
            };
            let (to, by_place) = place(false, "").or_else(by_object)?;
            Some(Exit { map: None, by: by_place.clone(), to, by_place })
        }
        None => None,
    }
}

/// Tuxemon: an event one of whose actions is `transition_teleport file,x,y,seconds`.
fn event(object: &Object) -> Option<Exit> {
    let (name, call) =
        object.properties.iter().filter(|(name, _)| name.starts_with("act")).find_map(|(name, value)| {
            let action = text(value)?;
            let call = action.strip_prefix("transition_teleport").or_else(|| action.strip_prefix("teleport"))?;
            call.strip_prefix(' ').map(|call| (name, call.trim().to_owned()))
        })?;
    let mut parts = call.split(',').map(str::trim).skip_while(|part| *part == "player");
    let said = parts.next().filter(|said| !said.is_empty())?.to_owned();
    let mut coordinate = || parts.next().and_then(|part| part.parse().ok());
    let to = match (coordinate(), coordinate()) {
        (Some(x), Some(y)) => To::Cell(x, y),
        _ => To::Somewhere,
    };
    Some(Exit { map: Some(MapName { said, file: None }), by: name.clone(), to, by_place: name.clone() })
}

/// The map that a value names; numbers and scenes of other programs are none.
fn map_name(value: &Value) -> Option<MapName> {
    let (said, file) = match value {
        Value::Text(said) => (said.trim().to_owned(), None),
        Value::File(file) if file.as_os_str().is_empty() => return None,
        Value::File(file) => (file.file_name()?.to_string_lossy().into_owned(), Some(file.clone())),
        _ => return None,
    };
    let lower = said.to_lowercase();
    let is_other = lower.parse::<f64>().is_ok()
        || [".tscn", ".scn", ".unity", ".lua", ".dat"].iter().any(|it| lower.ends_with(it));
    (!said.is_empty() && !is_other && !said.contains('\n')).then_some(MapName { said, file })
}

/// Whether a name ends as the file of a map does.
#[must_use]
pub fn is_map_file(name: &str) -> bool {
    let name = name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_of_an_exit(name: &str) -> bool {
    words(name).iter().any(|word| EXITS.contains(&word.as_str()))
}
