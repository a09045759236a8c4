//! Remembers which version of each profile this store last read or wrote, so that a change made
//! elsewhere is noticed (the `updated_at` of the specification). Bounded: a character that was not
//! used for long is dropped, and a change of it then goes unnoticed.

use std::collections::HashMap;

use parking_lot::Mutex;
use tilemud_schema::{CharacterId, Timestamp};

use crate::store::CharacterProfile;

/// Characters of one generation; twice as many are remembered.
const GENERATION_LEN_MAX: usize = 32 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Versions {
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<CharacterId, Timestamp>,
    old: HashMap<CharacterId, Timestamp>,
}

impl Generations {
    fn get(&self, character_id: CharacterId) -> Option<Timestamp> {
        self.young.get(&character_id).or_else(|| self.old.get(&character_id)).copied()
    }

    fn put(&mut self, character_id: CharacterId, version: Timestamp) {
        if self.young.len() >= GENERATION_LEN_MAX && !self.young.contains_key(&character_id) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(character_id, version);
    }
}

impl Versions {
    /// The version that must be there if nobody else changed it; `None` when this store does not
    /// know.
    pub(crate) fn of(&self, character_ids: impl Iterator<Item = CharacterId>) -> Vec<Option<Timestamp>> {
        let generations = self.generations.lock();
        character_ids.map(|character_id| generations.get(character_id)).collect()
    }

    /// Notes a read profile. A read that is older than a write of this store is ignored.
    pub(crate) fn note_read(&self, profile: &CharacterProfile) {
        let mut generations = self.generations.lock();
        if generations.get(profile.character_id).is_none_or(|known| known < profile.updated_at) {
            generations.put(profile.character_id, profile.updated_at);
        }
    }

    pub(crate) fn note_written(&self, character_ids: impl Iterator<Item = CharacterId>, version: Timestamp) {
        let mut generations = self.generations.lock();
        character_ids.for_each(|character_id| generations.put(character_id, version));
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::CharacterId;
    use uuid::Uuid;

    use super::*;

    fn id(number: usize) -> CharacterId {
        CharacterId(Uuid::from_u128(number as u128))
    }

    #[test]
    fn memory_is_bounded_and_who_was_seen_lately_is_remembered() {
        let versions = Versions::default();
        for number in 0..5 * GENERATION_LEN_MAX {
            versions.note_written(std::iter::once(id(number)), Timestamp::from_micros(1));
        }
        let generations = versions.generations.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION_LEN_MAX);
        assert!(generations.get(id(5 * GENERATION_LEN_MAX - 1)).is_some() && generations.get(id(0)).is_none());
    }
}
