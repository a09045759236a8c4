//! Properties that are called almost as the game calls its own. Others are somebody else's, and
//! nothing is said of them.

use crate::classes::{self, On};
use crate::drawing::{Content, Drawing, Properties};
use crate::problem::{Place, Problem, Problems, Severity, shown};

/// Names longer than this are no slips of the finger, characters.
const NAME_LEN_MAX: usize = 20;
/// Names up to this long may differ from one another in few letters and both be meant, characters.
const SHORT_LEN_MAX: usize = 4;

/// Warns of properties that look misspelt.
pub fn check(drawing: &Drawing, problems: &mut Problems) {
    let of_map = Place { file: drawing.file.clone(), ..Place::default() };
    of(&drawing.properties, On::Map, &of_map, problems);
    for placed in &drawing.tilesets {
        let tileset = &placed.tileset;
        for (id, tile) in &tileset.tiles {
            let place = || Place {
                file: tileset.file.clone(),
                tileset: Some(tileset.name.clone()),
                tile: Some(*id),
                ..Place::default()
            };
            if !tile.properties.is_empty() {
                of(&tile.properties, On::Tile, &place(), problems);
            }
        }
    }
    for layer in &drawing.layers {
        let Content::Objects(objects) = &layer.content else { continue };
        for object in objects {
            let known = classes::named(&object.class).filter(|_| !object.properties.is_empty());
            let Some(known) = known else { continue };
            let place = Place { layer: Some(layer.name.clone()), object: Some(object.id), ..of_map.clone() };
            of(&object.properties, known, &place, problems);
        }
    }
}

fn of(properties: &Properties, on: On, place: &Place, problems: &mut Problems) {
    let known: Vec<&'static str> = classes::names(on).collect();
    for name in properties.keys().filter(|name| !known.contains(&name.as_str())) {
        // Both may be there, and then the other one is somebody else's.
        let Some(meant) = meant(name, &known).filter(|meant| !properties.contains_key(*meant)) else { continue };
        problems.add(Problem {
            severity: Severity::Warning,
            kind: "property-unknown",
            place: place.clone(),
            what: format!("the property {} is not known: did you mean \"{meant}\"?", shown(name)),
            remedy: "rename it under Custom Properties, or leave it if it is meant for something else".to_owned(),
        });
    }
}

/// The known name that this one is a slip of.
pub(crate) fn meant(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    if name.chars().count() > NAME_LEN_MAX {
        return None;
    }
    known.iter().copied().find(|known| {
        let short = known.chars().count() <= SHORT_LEN_MAX;
        match strsim::osa_distance(&name, known) {
            0 => true,
            // One letter for another makes another word: look, lock.
            1 if short => sorted(&name) == sorted(known) || name.chars().count() != known.chars().count(),
            1 => true,
            2 => !short,
            _ => false,
        }
    })
}

fn sorted(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_left_alone() {
        let known = &["look", "open", "wander", "quantity", "solid", "damage"];
        for (name, wanted) in [
            ("wnader", Some("wander")),
            ("Wander", Some("wander")),
            ("quantiy", Some("quantity")),
            ("loko", Some("look")),
            ("looks", Some("look")),
            ("Solid", Some("solid")),
            ("soild ", Some("solid")),
            ("dammage", Some("damage")),
            ("lock", None),
            ("dialogue", None),
            ("collides", None),
            ("", None),
            ("wander wander wander wander", None),
        ] {
            assert_eq!(meant(name, known), wanted, "{name}");
        }
    }

    #[test]
    fn only_what_has_a_meaning_here_is_looked_at() {
        let property = |name: &str| format!("<properties><property name=\"{name}\" value=\"1\"/></properties>");
        let both = "<properties><property name=\"open\" value=\"\"/><property name=\"opne\" value=\"\"/></properties>";
        let object = |id: u32, class: &str, properties: &str| {
            format!("<object id=\"{id}\" type=\"{class}\" x=\"1\" y=\"1\">{properties}</object>")
        };
        let map = format!(
            "<map width=\"1\" height=\"1\" tilewidth=\"1\" tileheight=\"1\">{}<tileset name=\"t\" tilewidth=\"1\" \
             tileheight=\"1\"><tile id=\"4\">{}</tile></tileset><objectgroup name=\"o\">{}{}{}</objectgroup></map>",
            property("nmae"),
            property("Solid"),
            object(1, "npc", &property("wnader")),
            object(2, "warp", &property("wnader")),
            object(3, "door", both),
        );
        let files = std::collections::BTreeMap::from([("m.tmx".into(), map.into_bytes())]);
        let mut problems = Problems::default();
        let drawing = crate::read(std::path::Path::new("m.tmx"), &files, &mut problems).expect("drawn");
        check(&drawing, &mut problems);
        let lines: Vec<_> =
            problems.found.iter().map(|problem| format!("{}: {}", problem.place, problem.what)).collect();
        assert_eq!(
            lines,
            [
                "m.tmx: the property \"nmae\" is not known: did you mean \"name\"?",
                "m.tmx, tileset \"t\", tile 4: the property \"Solid\" is not known: did you mean \"solid\"?",
                "m.tmx, layer \"o\", object 1: the property \"wnader\" is not known: did you mean \"wander\"?",
            ]
        );
    }
}
