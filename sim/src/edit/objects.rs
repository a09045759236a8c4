//! The objects of an edited map: which of them are new, gone, moved or changed, and what becomes of
//! the things in the world that they are. What players laid down is theirs, also where it joined a
//! pile of the map.

use std::collections::{BTreeMap, BTreeSet};

use tilemud_schema::{EntityId, EntityKind};

use super::report::{EditReport, ObjectEdit};
use crate::history::snapshot::ObjectSnapshot;
use crate::map::{Map, MapObject};
use crate::world::wanderers::Wander;

/// The things of a world while its map is edited.
pub struct Things {
    pub objects: Vec<ObjectSnapshot>,
    /// Which objects of the map they are.
    pub origins: BTreeMap<EntityId, u32>,
    /// The number of the next new one.
    pub next_entity: u64,
    /// Those that are to go.
    pub gone: BTreeSet<EntityId>,
}

impl Things {
    fn draw(&mut self) -> EntityId {
        let id = EntityId(self.next_entity);
        self.next_entity += 1;
        id
    }

    /// Takes over other ids of the map's objects.
    pub fn rename(&mut self, ids: &BTreeMap<u32, u32>) {
        for object in self.origins.values_mut() {
            *object = ids.get(object).copied().unwrap_or(*object);
        }
    }

    fn get(&mut self, id: EntityId) -> Option<&mut ObjectSnapshot> {
        let index = self.objects.binary_search_by_key(&id, |object| object.face.id).ok()?;
        self.objects.get_mut(index)
    }
}

/// Brings the things up to the edited map. They are in the order of their numbers, before and
/// after. Returns the places, column and row, of doors that the edit has put there.
pub fn merge(old: &[MapObject], new: &Map, things: &mut Things, report: &mut EditReport) -> BTreeSet<(i32, i32)> {
    let before: BTreeMap<u32, &MapObject> = old.iter().map(|object| (object.id, object)).collect();
    let after = new.objects_by_id();
    let standing: BTreeMap<u32, EntityId> = things.origins.iter().map(|(entity, object)| (*object, *entity)).collect();
    for (id, object) in &before {
        let stays = after.get(id).is_some_and(|now| now.kind == object.kind);
        if let Some(entity) = standing.get(id).filter(|_| !stays) {
            remove(things, *entity, object, report);
        }
    }
    let mut doors = BTreeSet::new();
    for object in new.objects.iter().filter(|object| is_first(&after, object)) {
        let was = before.get(&object.id).filter(|was| was.kind == object.kind);
        let entity = standing.get(&object.id).filter(|_| was.is_some());
        let is_placed = match (was, entity) {
            (Some(was), Some(entity)) => change(things, *entity, was, object, report),
            // Nothing but items can be taken: all else was in the file, and never in the world.
            (Some(was), None) if was.kind == EntityKind::Item => {
                report.objects_taken += 1;
                false
            }
            _ => {
                add(things, object, report);
                true
            }
        };
        if is_placed && object.kind == EntityKind::Door {
            doors.insert((object.position.x, object.position.y));
        }
    }
    let Things { objects, gone, .. } = things;
    objects.retain(|object| !gone.contains(&object.face.id));
    doors
}

fn is_first(known: &BTreeMap<u32, &MapObject>, object: &MapObject) -> bool {
    known.get(&object.id).is_some_and(|first| std::ptr::eq(*first, object))
}

fn said(object: &MapObject) -> ObjectEdit {
    let MapObject { id, kind, name, position, .. } = object.clone();
    ObjectEdit { object: id, kind, name, at: position }
}

fn add(things: &mut Things, object: &MapObject, report: &mut EditReport) {
    let id = things.draw();
    things.origins.insert(id, object.id);
    // Numbers only grow, so the order stays.
    things.objects.push(ObjectSnapshot::of_map(object, id));
    if object.kind == EntityKind::Item {
        report.add_items(&object.look, i64::from(object.quantity));
    }
    report.objects_added.push(said(object));
}

/// Takes away what is the builder's of it.
fn remove(things: &mut Things, entity: EntityId, was: &MapObject, report: &mut EditReport) {
    let quantity = things.get(entity).and_then(|thing| thing.quantity).unwrap_or(0);
    let share = quantity.min(was.quantity);
    things.origins.remove(&entity);
    if quantity > share {
        if let Some(thing) = things.get(entity) {
            thing.quantity = Some(quantity - share);
        }
    } else {
        things.gone.insert(entity);
    }
    if was.kind == EntityKind::Item {
        report.add_items(&was.look, -i64::from(share));
    }
    report.objects_removed.push(said(was));
}

/// Changes a thing in the ways in which its object was changed. Returns whether it was put
/// elsewhere.
fn change(things: &mut Things, entity: EntityId, was: &MapObject, now: &MapObject, report: &mut EditReport) -> bool {
    if now.kind == EntityKind::Item {
        change_pile(things, entity, was, now, report);
    }
    let Some(thing) = things.get(entity) else { return false };
    if was.name != now.name {
        thing.face.name = now.name.clone();
    }
    if was.look != now.look {
        thing.face.look = now.look.clone();
    }
    if was.open != now.open && now.kind == EntityKind::Door {
        thing.face.open = Some(now.open);
    }
    let is_moved = was.position != now.position;
    if is_moved {
        (thing.face.x, thing.face.y) = (now.position.x, now.position.y);
    }
    if now.kind == EntityKind::Npc && (is_moved || was.wander != now.wander) {
        thing.home = Some(Wander { home: now.position, reach: now.wander });
    }
    let is_as_it_was = MapObject { position: was.position, ..now.clone() } == *was;
    match (is_moved, is_as_it_was) {
        (true, _) => report.objects_moved.push(said(now)),
        (false, false) => report.objects_changed.push(said(now)),
        (false, true) => report.objects_kept += 1,
    }
    is_moved
}

/// The quantity and the kind of items. A pile that nobody touched becomes what the builder says. Of
/// one that somebody did, only the kind changes, and what was laid onto it stays what it is.
fn change_pile(things: &mut Things, entity: EntityId, was: &MapObject, now: &MapObject, report: &mut EditReport) {
    let Some(thing) = things.get(entity) else { return };
    let quantity = thing.quantity.unwrap_or(0);
    let share = quantity.min(was.quantity);
    let becomes = if quantity == was.quantity { now.quantity } else { share };
    if was.look == now.look {
        if quantity == was.quantity {
            thing.quantity = Some(becomes);
            report.add_items(&now.look, i64::from(becomes) - i64::from(quantity));
        }
        return;
    }
    let laid = (quantity > share).then(|| (thing.clone(), quantity - share));
    thing.quantity = Some(becomes);
    if let Some((mut rest, count)) = laid {
        rest.quantity = Some(count);
        rest.face.id = things.draw();
        things.objects.push(rest);
    }
    report.add_items(&was.look, -i64::from(share));
    report.add_items(&now.look, i64::from(becomes));
}
