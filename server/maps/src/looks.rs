//! Looks that nobody has a picture of: the names that objects give are held against those that come
//! with clients and those of the world's own.

use std::collections::BTreeMap;

use tilemud_schema::EntityKind;
use tilemud_schema::sprites::{Look, LookKind};
use tilemud_sim::map::MapSprites;

use crate::dialect::objects;
use crate::drawing::{Drawing, Object};
use crate::names::{self, text};
use crate::objects::kind;
use crate::problem::{Place, Problems, shown};
use crate::say::{self, warning};
use crate::spawners;

/// The looks that come with clients.
const COMES_WITH_CLIENTS: &str = include_str!("../../../client/assets/sprites.json");
/// Most of them that are named.
const NAMED_MAX: usize = 40;

/// What is read of that list.
#[derive(serde::Deserialize)]
struct List {
    looks: BTreeMap<String, Look>,
}

/// The looks that come with clients.
#[must_use]
pub fn of_clients() -> BTreeMap<String, LookKind> {
    // It is a part of the build, and a test reads it.
    let list: Option<List> = serde_json::from_str(COMES_WITH_CLIENTS).ok();
    list.into_iter().flat_map(|list| list.looks).map(|(name, look)| (name, look.kind)).collect()
}

/// Tells of each look that is in neither.
pub fn check(drawing: &Drawing, own: Option<&MapSprites>, problems: &mut Problems) {
    let mut known = of_clients();
    if let Some(own) = own {
        known.extend(own.sprites.looks.iter().map(|(name, look)| (name.clone(), look.kind)));
    }
    let mut unknown: BTreeMap<(LookKind, String), (usize, Place)> = BTreeMap::new();
    for (layer, object) in objects(drawing) {
        let Some(wanted) = wanted(object) else { continue };
        let Some(look) = object.properties.get("look").and_then(text).map(|look| names::shown(&look)) else { continue };
        if !known.contains_key(&look) {
            let place = || say::object(drawing, layer, object);
            unknown.entry((wanted, look)).or_insert_with(|| (0, place())).0 += 1;
        }
    }
    for ((wanted, look), (count, place)) in unknown {
        let there: Vec<&str> =
            known.iter().filter(|(_, kind)| **kind == wanted).map(|(name, _)| name.as_str()).take(NAMED_MAX).collect();
        let what = format!("there is no look {}, and another one is shown ({count} of them)", shown(&look));
        let remedy = format!("choose one of {}, or draw it in sprites.png beside the map", there.join(", "));
        problems.add(warning("look-unknown", place, what, remedy));
    }
}

/// What the look of an object shows.
fn wanted(object: &Object) -> Option<LookKind> {
    match kind(object) {
        Some(EntityKind::Npc | EntityKind::Player) => Some(LookKind::Character),
        Some(EntityKind::Door) => Some(LookKind::Door),
        Some(EntityKind::Item) => Some(LookKind::Item),
        None => spawners::is_area(object).then_some(LookKind::Item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_looks_of_clients_are_known_by_their_kinds() {
        let looks = of_clients();
        assert_eq!(looks.get("villager_1"), Some(&LookKind::Character));
        assert_eq!(looks.get("apple"), Some(&LookKind::Item));
        assert_eq!(looks.get("door"), Some(&LookKind::Door));
    }
}
