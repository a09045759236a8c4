//! The cache inside this process, with the same guarantees as Redis. Bounded: when a part is full,
//! its oldest entry is dropped; the store still has the data.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tilemud_schema::{CharacterId, SessionId};
use tokio::time::Instant;

use super::{Cache, CacheError, CachedProfile, CachedSession, PRESENCE_TTL, PROFILE_TTL, TokenChange};

/// Entries of each part; a profile is about a kilobyte.
const ENTRIES_MAX: usize = 16 * 1024;

#[derive(Default)]
pub(super) struct InProcessCache {
    profiles: Mutex<Entries<CharacterId, CachedProfile>>,
    presences: Mutex<Entries<CharacterId, SessionId>>,
    tokens: Mutex<Entries<[u8; 32], CachedSession>>,
}

/// Entries with an end, in the order in which their keys came.
struct Entries<K, V> {
    by_key: HashMap<K, (V, Instant)>,
    /// Every key of `by_key` once, and removed keys until they are the oldest.
    order: VecDeque<K>,
}

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self { by_key: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Copy + Eq + Hash, V> Entries<K, V> {
    fn put(&mut self, key: K, value: V, lifetime: Duration) {
        let entry = (value, Instant::now() + lifetime);
        if self.by_key.insert(key, entry).is_none() {
            // A key that was removed and came again may be here twice; it then leaves early.
            while self.order.len() >= ENTRIES_MAX {
                if let Some(oldest) = self.order.pop_front()
                    && oldest != key
                {
                    self.by_key.remove(&oldest);
                }
            }
            self.order.push_back(key);
        }
    }

    fn get(&mut self, key: &K) -> Option<&V> {
        if self.by_key.get(key).is_some_and(|(_, end)| *end <= Instant::now()) {
            self.by_key.remove(key);
        }
        self.by_key.get(key).map(|(value, _)| value)
    }

    fn take(&mut self, key: &K) -> Option<V> {
        self.by_key.remove(key).and_then(|(value, end)| (Instant::now() < end).then_some(value))
    }
}

#[async_trait]
impl Cache for InProcessCache {
    async fn put_profile(&self, entry: &CachedProfile) -> Result<(), CacheError> {
        let mut profiles = self.profiles.lock();
        let key = entry.profile.character_id;
        if profiles.get(&key).is_none_or(|known| known.version() <= entry.version()) {
            profiles.put(key, entry.clone(), PROFILE_TTL);
        }
        Ok(())
    }

    async fn profile(&self, character_id: CharacterId) -> Result<Option<CachedProfile>, CacheError> {
        Ok(self.profiles.lock().get(&character_id).cloned())
    }

    async fn set_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError> {
        self.presences.lock().put(character_id, session_id, PRESENCE_TTL);
        Ok(())
    }

    async fn presence(&self, character_id: CharacterId) -> Result<Option<SessionId>, CacheError> {
        Ok(self.presences.lock().get(&character_id).copied())
    }

    async fn clear_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError> {
        let mut presences = self.presences.lock();
        if presences.get(&character_id) == Some(&session_id) {
            presences.take(&character_id);
        }
        Ok(())
    }

    async fn change_tokens(&self, changes: &[TokenChange]) -> Result<(), CacheError> {
        let mut tokens = self.tokens.lock();
        for change in changes {
            for used_up in &change.used_up {
                tokens.take(used_up);
            }
            for good in &change.good {
                tokens.put(*good, change.session.clone(), change.lifetime);
            }
        }
        Ok(())
    }

    async fn token(&self, token_hash: &[u8; 32]) -> Result<Option<CachedSession>, CacheError> {
        Ok(self.tokens.lock().get(token_hash).cloned())
    }

    async fn ping(&self) -> Result<(), CacheError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded_and_the_oldest_entry_makes_room() {
        let mut entries = Entries::default();
        for key in 0..=ENTRIES_MAX {
            entries.put(key, (), PROFILE_TTL);
        }
        assert_eq!((entries.by_key.len(), entries.order.len()), (ENTRIES_MAX, ENTRIES_MAX));
        assert!(entries.get(&0).is_none() && entries.get(&1).is_some());
        // Coming and going does not grow it either.
        for _ in 0..2 * ENTRIES_MAX {
            entries.put(7, (), PROFILE_TTL);
            entries.take(&7);
        }
        assert!(entries.order.len() <= ENTRIES_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn an_entry_is_gone_after_its_lifetime() {
        let mut entries = Entries::default();
        entries.put(1, (), Duration::from_secs(5));
        tokio::time::advance(Duration::from_millis(4_999)).await;
        assert!(entries.get(&1).is_some());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(entries.get(&1).is_none() && entries.take(&1).is_none());
    }
}
