//! Reads profiles of characters that are not in the world of this process, through the cache: an
//! entry older than 100 ms is read again before use (FR-005), and concurrent callers for the same
//! character share one read.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tilemud_schema::{CharacterId, Timestamp};
use tokio::sync::watch;

use super::{Cache, CachedProfile};
use crate::column::now;
use crate::store::{CharacterProfile, Profiles, StoreError};

/// Milliseconds for which a cached profile may be used (FR-005).
pub const PROFILE_AGE_MAX_MS: i64 = 100;

/// Where a profile came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileSource {
    /// The cache, which was fresh.
    Cache,
    /// The store, because the entry of the cache was too old: the forced refresh of FR-005.
    ForcedRefresh,
    /// The store, because the cache had nothing or did not answer.
    Store,
}

type Outcome = Result<Option<CharacterProfile>, Arc<StoreError>>;
type InFlight = Arc<Mutex<HashMap<CharacterId, watch::Receiver<Option<Outcome>>>>>;

/// Reads through a cache. One for all callers of a process; shared by them all.
pub struct ProfileReader {
    store: Arc<dyn Profiles>,
    cache: Arc<dyn Cache>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Reads under way; at most one per character, and no more than there are callers.
    in_flight: InFlight,
}

impl ProfileReader {
    /// A reader of the store that keeps what it reads in the cache.
    #[must_use]
    pub fn new(store: Arc<dyn Profiles>, cache: Arc<dyn Cache>) -> Self {
        Self::with_clock(store, cache, now)
    }

    /// One that takes the time from `clock`.
    #[must_use]
    pub fn with_clock(
        store: Arc<dyn Profiles>,
        cache: Arc<dyn Cache>,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        Self { store, cache, clock: Box::new(clock), in_flight: InFlight::default() }
    }

    /// The profile of a character, if there is such a character, and where it came from. To be
    /// called inside a tokio runtime.
    ///
    /// # Errors
    /// What the store answered, even when the cache has an older value, which must not be used
    /// (FR-005). A failing cache is skipped.
    pub async fn read(
        &self,
        character_id: CharacterId,
    ) -> Result<(Option<CharacterProfile>, ProfileSource), Arc<StoreError>> {
        let cached = self.cache.profile(character_id).await.unwrap_or(None);
        let source = match cached {
            Some(entry) if self.is_fresh(&entry) => return Ok((Some(entry.profile), ProfileSource::Cache)),
            Some(_) => ProfileSource::ForcedRefresh,
            None => ProfileSource::Store,
        };
        let mut read = self.join(character_id);
        let outcome = read.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        let ended = || Err(Arc::new(StoreError::Unavailable("the reading task has ended".into())));
        Ok((outcome.unwrap_or_else(ended)?, source))
    }

    /// An entry from the future was made by a clock ahead of ours, so its age is unknown.
    fn is_fresh(&self, entry: &CachedProfile) -> bool {
        let age_us = (self.clock)().as_micros().saturating_sub(entry.fetched_at.as_micros());
        (0..=PROFILE_AGE_MAX_MS * 1_000).contains(&age_us)
    }

    /// The running read of this character, or a new one. It goes on when its callers are gone,
    /// because others may have joined it.
    fn join(&self, character_id: CharacterId) -> watch::Receiver<Option<Outcome>> {
        let mut in_flight = self.in_flight.lock();
        if let Some(read) = in_flight.get(&character_id) {
            return read.clone();
        }
        let (sender, receiver) = watch::channel(None);
        in_flight.insert(character_id, receiver.clone());
        drop(in_flight);
        let guard = InFlightGuard { in_flight: Arc::clone(&self.in_flight), character_id };
        let (store, cache) = (Arc::clone(&self.store), Arc::clone(&self.cache));
        // Before the read: what it finds may be as old as that.
        let fetched_at = (self.clock)();
        tokio::spawn(async move {
            let outcome = store.load_character(character_id).await.map_err(Arc::new);
            // Whoever comes from now on wants to know what is there now.
            drop(guard);
            let _ = sender.send(Some(outcome.clone()));
            if let Ok(Some(profile)) = outcome {
                // Without it the next one reads again. A newer version that is there already stays.
                let _ = cache.put_profile(&CachedProfile { profile, fetched_at }).await;
            }
        });
        receiver
    }
}

/// Removes a read from the list when it ends, also when it is dropped.
struct InFlightGuard {
    in_flight: InFlight,
    character_id: CharacterId,
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.in_flight.lock().remove(&self.character_id);
    }
}
