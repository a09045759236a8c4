//! Which objects of the map before are which of the edited one where their ids do not say it: those
//! without an id of their own in Tiled, those that have just got one, and those of maps that were
//! stored before all had one. They are the same when kind, name and place are.

use std::collections::{BTreeMap, BTreeSet};

use tilemud_schema::Position;

use super::objects::Things;
use crate::history::snapshot::ObjectSnapshot;
use crate::map::ids::is_stand_in;
use crate::map::{Map, MapObject, give_ids};

/// The objects of the map before, by the ids that the edited one has for them, as have the things
/// from here on.
pub fn objects_before(old: &Map, new: &Map, things: &mut Things) -> Vec<MapObject> {
    let mut objects = old.objects.clone();
    give_ids(&mut objects, old.origin);
    find_things(&old.objects, &objects, things);
    let (before, after): (BTreeSet<u32>, BTreeSet<u32>) =
        (objects.iter().map(|it| it.id).collect(), new.objects.iter().map(|it| it.id).collect());
    let key = |it: &MapObject| (it.kind as u8, it.name.clone(), it.position.y, it.position.x);
    let mut added: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for object in new.objects.iter().rev().filter(|object| !before.contains(&object.id)) {
        added.entry(key(object)).or_default().push(object.id);
    }
    let mut renamed = BTreeMap::new();
    for object in objects.iter_mut().filter(|object| !after.contains(&object.id)) {
        let Some(same) = added.get_mut(&key(object)) else { continue };
        let Some(id) = same.pop_if(|id| is_stand_in(*id) || is_stand_in(object.id)) else { continue };
        renamed.insert(object.id, id);
        object.id = id;
    }
    things.rename(&renamed);
    objects
}

/// Finds the things of objects that were stored without ids of their own.
fn find_things(stored: &[MapObject], objects: &[MapObject], things: &mut Things) {
    let numbered = || stored.iter().zip(objects).filter(|(was, now)| was.id != now.id);
    // Which of those with one id a thing is, only its place says.
    let doubled: BTreeSet<u32> = numbered().map(|(was, _)| was.id).collect();
    things.origins.retain(|_, object| !doubled.contains(object));
    let mut known: BTreeSet<u32> = things.origins.values().copied().collect();
    for (_, object) in numbered() {
        let is_it = |thing: &&ObjectSnapshot| {
            let stands = Position { x: thing.face.x, y: thing.face.y };
            let belongs = thing.home.map_or(stands, |home| home.home);
            (thing.face.kind, &thing.face.look, belongs) == (object.kind, &object.look, object.position)
        };
        if known.contains(&object.id) {
            continue;
        }
        let mut free = things.objects.iter().filter(|thing| !things.origins.contains_key(&thing.face.id));
        if let Some(thing) = free.find(is_it) {
            known.insert(object.id);
            things.origins.insert(thing.face.id, object.id);
        }
    }
}
