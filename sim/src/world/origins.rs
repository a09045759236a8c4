//! Which object of the map an entity is, as long as it stands in the world. Asked for when the map
//! is edited and when a snapshot is taken; no rule reads it, so it is no part of the state hash.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use tilemud_schema::EntityId;

/// The ids of the map's objects, by entity.
#[derive(Resource, Debug, Default)]
pub struct Origins(BTreeMap<EntityId, u32>);

impl Origins {
    /// Says which object an entity is; none has the id 0.
    pub fn insert(&mut self, entity: EntityId, object: u32) {
        if object != 0 {
            self.0.insert(entity, object);
        }
    }

    /// The entity is gone.
    pub fn remove(&mut self, entity: EntityId) {
        self.0.remove(&entity);
    }

    /// All of them, by entity.
    pub fn iter(&self) -> impl Iterator<Item = (EntityId, u32)> {
        self.0.iter().map(|(entity, object)| (*entity, *object))
    }
}
