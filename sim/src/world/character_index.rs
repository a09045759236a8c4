//! Who is in the world under which name.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_names::folded;
use tilemud_schema::CharacterId;

/// The characters in the world by id and by name. Ordered maps: names are chosen by strangers.
#[derive(Resource, Debug, Default)]
pub struct CharacterIndex {
    by_id: BTreeMap<CharacterId, Entity>,
    /// By the folded name. Names older than the rule may share one; others do not.
    by_name: BTreeMap<String, BTreeMap<CharacterId, (Arc<str>, Entity)>>,
}

impl CharacterIndex {
    /// The character with a display name; names are compared folded ([`folded`]). When several
    /// older names match: the one written exactly so, else the character that was made first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Entity> {
        let namesakes = self.by_name.get(&folded(name))?;
        let exact = namesakes.values().find(|(written, _)| **written == *name);
        exact.or_else(|| namesakes.values().next()).map(|(_, entity)| *entity)
    }

    /// Every character, by id.
    pub fn everyone(&self) -> impl Iterator<Item = Entity> {
        self.by_id.values().copied()
    }

    /// The entity of a character that is in the world.
    #[must_use]
    pub fn get(&self, character: CharacterId) -> Option<Entity> {
        self.by_id.get(&character).copied()
    }

    pub fn insert(&mut self, id: CharacterId, name: &Arc<str>, entity: Entity) {
        self.by_id.insert(id, entity);
        self.by_name.entry(folded(name)).or_default().insert(id, (name.clone(), entity));
    }

    /// Strikes a character out.
    pub fn remove(&mut self, id: CharacterId, name: &str) {
        self.by_id.remove(&id);
        let name = folded(name);
        if let Some(namesakes) = self.by_name.get_mut(&name) {
            namesakes.remove(&id);
            if namesakes.is_empty() {
                self.by_name.remove(&name);
            }
        }
    }
}
