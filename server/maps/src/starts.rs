//! By which names a map says where characters begin.

use crate::dialect::{Dialect, is_monster_area};
use crate::drawing::{Drawing, Layer, Object};
use crate::names::{joined, text};

/// Names of objects that say it, the best first.
const STARTS: [&str; 12] = [
    "playerspawn",
    "playerspawnpoint",
    "playerstart",
    "spawnpoint",
    "startpoint",
    "startposition",
    "playerposition",
    "spawn",
    "start",
    "player",
    "hero",
    "entrypoint",
];
/// Words of which other such names are made: who begins, what they do, and where.
const WHO: [&str; 5] = ["player", "hero", "main", "default", "character"];
const WHAT: [&str; 5] = ["spawn", "start", "starting", "initial", "begin"];
const WHERE: [&str; 6] = ["point", "position", "pos", "location", "loc", "place"];
/// Names longer than this are none, letters.
const NAME_LEN_MAX: usize = 40;

/// How good a name an object has for it, the lowest first.
#[must_use]
pub fn rank(object: &Object, dialect: Dialect) -> Option<usize> {
    if is_monster_area(object) {
        return None;
    }
    let class = joined(&object.class);
    // Two games call the places of monsters so.
    if class == "spawn" && matches!(dialect, Dialect::Tmw | Dialect::Som) {
        return None;
    }
    // A warp to the start is not the start, nor is the garden around it.
    let is_other = ["warp", "event", "door", "npc", "item", "area", "hazard", "sign"].contains(&class.as_str());
    of_name(&object.class).or_else(|| of_name(&object.name).filter(|_| !is_other))
}

/// The same where a layer's name may say it of an object that has none.
#[must_use]
pub fn rank_on(layer: &Layer, object: &Object, dialect: Dialect) -> Option<usize> {
    let is_unnamed = object.name.is_empty() && object.class.is_empty() && !is_monster_area(object);
    let by_layer = || of_name(&layer.name).filter(|_| is_unnamed).map(|rank| rank + LAYERS);
    rank(object, dialect).or_else(by_layer)
}

/// Ranks of layers are behind those of objects.
const LAYERS: usize = 100;

/// Column and row, where a property of the map says them.
#[must_use]
pub fn of_map(drawing: &Drawing) -> Option<(i32, i32)> {
    let said = drawing.properties.iter().find(|(name, _)| joined(name) == "heropos")?;
    let said = text(said.1)?;
    let (x, y) = said.split_once(',')?;
    let cell = |at: &str, origin: i32| at.trim().parse::<i32>().ok()?.checked_sub(origin);
    Some((cell(x, drawing.origin.0)?, cell(y, drawing.origin.1)?))
}

fn of_name(name: &str) -> Option<usize> {
    let name = joined(name);
    let known = STARTS.iter().position(|start| *start == name);
    known.or_else(|| is_made_of_words(&name).then_some(STARTS.len()))
}

fn is_made_of_words(name: &str) -> bool {
    if name.len() > NAME_LEN_MAX {
        return false;
    }
    let Some(words) = parts(name) else { return false };
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let is_said = words.iter().any(|word| ["spawn", "start", "starting"].contains(word));
    let is_player = has(&["player", "hero"]);
    is_said || (is_player && words.len() > 1) || (has(&WHAT) && has(&WHERE))
}

/// The words that a name without gaps is made of.
fn parts(name: &str) -> Option<Vec<&'static str>> {
    if name.is_empty() {
        return Some(Vec::new());
    }
    let mut known = WHO.into_iter().chain(WHAT).chain(WHERE);
    known.find_map(|word| {
        let mut words = parts(name.strip_prefix(word)?)?;
        words.push(word);
        Some(words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        let names = [
            "mainPlayer",
            "Hero Start",
            "start_pos",
            "spawn_player",
            "PlayerSpawnLocation",
            "spawn_location",
            "starting_point",
            "startingPosition",
            "initial_position",
            "Default Spawn",
            "hero_pos",
            "player_spawn_1",
        ];
        for name in names {
            assert!(of_name(name).is_some(), "{name}");
        }
        for name in ["", "goblin spawn", "default", "position", "character", "startled", "spawner", "initial", "place"]
        {
            assert_eq!(of_name(name), None, "{name}");
        }
        assert_eq!(of_name(&"startpos".repeat(50)), None);
    }
}
