//! Where a world comes from: the map it is on, how often that was edited, and which of its things
//! are objects of the map. Part of a snapshot, encoded behind all else; an edit of the map needs
//! it.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::{EntityId, EntityKind, MapId, Position};

use crate::map::Map;
use crate::world::hashes::{Edits, StateHash};
use crate::world::origins::Origins;
use crate::world::shifted::Shifted;
use crate::world::terrain::Terrain;

/// Where a world comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Its map; `None` in formats without it.
    pub map: Option<MapId>,
    /// How often its map was edited.
    pub edits: u32,
    /// Which things are which objects of the map.
    pub origins: Vec<(EntityId, u32)>,
    /// How far its places have moved. Encoded behind the spawners, of a world where they have.
    #[serde(skip)]
    pub shifted: Position,
}

impl Provenance {
    /// Of a world as it is.
    pub(crate) fn of(world: &World) -> Self {
        Self {
            map: Some(world.resource::<Terrain>().map_id()),
            edits: world.resource::<Edits>().0,
            origins: world.resource::<Origins>().iter().collect(),
            shifted: world.resource::<Shifted>().0,
        }
    }

    /// Gives it to a world that is made from a snapshot with these things.
    pub(crate) fn fill<'a>(&self, world: &mut World, things: impl Iterator<Item = Thing<'a>>) {
        let by_place = self.map.is_none().then(|| origins_by_place(world.resource::<Terrain>().map(), things));
        let mut origins = world.resource_mut::<Origins>();
        for (entity, object) in by_place.as_ref().unwrap_or(&self.origins) {
            origins.insert(*entity, *object);
        }
        let map = world.resource::<Terrain>().map_id();
        world.insert_resource(Edits(self.edits));
        world.insert_resource(Shifted(self.shifted));
        world.resource_mut::<StateHash>().add_edits(self.edits, map);
    }
}

/// What is asked of a thing to find its object: the number, what it is, its look, and the place
/// where it belongs.
pub(crate) type Thing<'a> = (EntityId, EntityKind, &'a str, Position);

/// Which things are objects of the map, for worlds that were stored before it was kept: those of
/// the same kind and look in the same place, each of them once.
fn origins_by_place<'a>(map: &Map, things: impl Iterator<Item = Thing<'a>>) -> Vec<(EntityId, u32)> {
    let key = |kind: EntityKind, look: &str, at: Position| (kind as u8, look.to_owned(), at.y, at.x);
    let mut free: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for object in map.objects_by_id().into_values().rev() {
        free.entry(key(object.kind, &object.look, object.position)).or_default().push(object.id);
    }
    let mut sorted: Vec<_> = things.collect();
    sorted.sort_unstable_by_key(|(id, ..)| *id);
    let origin = |(id, kind, look, at): Thing<'_>| Some((id, free.get_mut(&key(kind, look, at))?.pop()?));
    sorted.into_iter().filter_map(origin).collect()
}
