//! One world as its edge sees it: sessions, mailbox, map, stores, health, and how far it is
//! committed. What belongs to the process around it (addresses, versions, sign-in, the web client)
//! is not here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use tilemud_names::Reserved;
use tilemud_persist::cache::{Cache, ProfileReader, ProfileSource};
use tilemud_persist::store::{CharacterProfile, Store};
use tilemud_schema::{CharacterId, CharacterState, CloseCode, Position, Tick};
use tilemud_vitals::alerts::RECONNECTS_WINDOW;
use tilemud_vitals::health::Health;
use tilemud_vitals::metrics::WorldMetrics;

use super::allowance::Allowances;
use super::registry::Registry;
use super::served_map::{Bring, ServedFile, ServedMap};
use super::session_writer::SessionWriter;
use super::token_cache::TokenCache;
use crate::error::ApiError;
use crate::limits::BACKLOG_SECONDS_MAX;
use crate::mailbox::Mailbox;
use crate::once::Once;
use crate::settings::WorldSettings;

pub struct Realm {
    pub registry: Arc<Registry>,
    /// The way into the world.
    pub mailbox: Mailbox,
    pub store: Arc<dyn Store>,
    /// The cache; never the truth.
    pub cache: Arc<dyn Cache>,
    pub metrics: WorldMetrics,
    pub health: Arc<Health>,
    /// What the operator chose for it.
    pub settings: WorldSettings,
    /// Its map, as clients get it.
    map: ArcSwap<ServedMap>,
    /// How stored characters come onto it.
    bring: ArcSwap<Bring>,
    /// The files of the map before: somebody may be about to ask for one.
    former_files: ArcSwapOption<BTreeMap<String, ServedFile>>,
    /// How many maps were served before this one.
    map_number: AtomicU32,
    /// Names that no player may take.
    pub(super) reserved_names: Arc<Reserved>,
    /// How often one user.
    pub(crate) allowances: Allowances,
    pub(super) session_writer: SessionWriter,
    pub(super) tokens: TokenCache,
    /// Users who are coming back, as far as alerts count them.
    pub(crate) returning: Once,
    /// Reads profiles of characters that are not in the world.
    profiles: ProfileReader,
    /// The newest committed tick.
    released: AtomicU64,
}

/// How a world is, for those who ask.
pub struct Vitals {
    pub metrics: WorldMetrics,
    pub health: Arc<Health>,
}

/// Where a world is kept.
pub struct Stores {
    pub store: Arc<dyn Store>,
    /// The cache; never the truth.
    pub cache: Arc<dyn Cache>,
}

impl Realm {
    /// Nothing is committed yet. To be called inside a runtime.
    #[must_use]
    pub fn new(
        registry: Arc<Registry>,
        mailbox: Mailbox,
        Stores { store, cache }: Stores,
        map: Arc<ServedMap>,
        reserved_names: Arc<Reserved>,
        settings: WorldSettings,
        Vitals { metrics, health }: Vitals,
    ) -> Self {
        Self {
            allowances: Allowances::new(&settings),
            session_writer: SessionWriter::new(store.clone(), &health.process),
            tokens: TokenCache::new(
                Arc::clone(&cache),
                *registry.settings(),
                Arc::clone(&metrics.sessions),
                &health.process,
            ),
            returning: Once::per(RECONNECTS_WINDOW),
            profiles: ProfileReader::new(store.clone(), Arc::clone(&cache)),
            released: AtomicU64::new(0),
            registry,
            mailbox,
            store,
            cache,
            metrics,
            health,
            settings,
            map: ArcSwap::new(map),
            bring: ArcSwap::from_pointee(Bring { by: Position::default(), shift: |_, _| {} }),
            former_files: ArcSwapOption::empty(),
            map_number: AtomicU32::new(0),
            reserved_names,
        }
    }

    /// The profile of a character, at most 100 ms behind the store (FR-005).
    ///
    /// # Errors
    /// UNAVAILABLE, INTERNAL.
    pub(crate) async fn profile(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, ApiError> {
        let (profile, source) = self.profiles.read(character_id).await.map_err(ApiError::from)?;
        let counts = &self.metrics.sessions;
        match source {
            ProfileSource::Cache => counts.cache_hits.inc(),
            ProfileSource::Store => counts.cache_misses.inc(),
            ProfileSource::ForcedRefresh => {
                counts.cache_misses.inc();
                counts.state_refresh_forced.inc()
            }
        };
        Ok(profile)
    }

    /// The map, as clients get it.
    pub(crate) fn map(&self) -> arc_swap::Guard<Arc<ServedMap>> {
        self.map.load()
    }

    /// Tells apart the maps that were served one after the other. To be asked for before the map.
    pub(crate) fn map_number(&self) -> u32 {
        self.map_number.load(Ordering::Acquire)
    }

    /// The file of the map, or of the one before, with this path.
    pub(crate) fn file(&self, path: &str) -> Option<ServedFile> {
        let of_now = self.map().files.get(path).cloned();
        of_now.or_else(|| self.former_files.load().as_ref()?.get(path).cloned())
    }

    /// How a store's state of a character that is not in the world is shown.
    pub(crate) fn shown(&self, character_id: CharacterId, mut state: CharacterState) -> CharacterState {
        let bring = **self.bring.load();
        (bring.shift)(&mut state, bring.by);
        let position = state.position.unwrap_or_else(|| (self.map().place)(character_id));
        CharacterState { position: Some(position), ..state }
    }

    /// Notes how stored characters come onto the map.
    pub fn note_bring(&self, bring: Bring) {
        self.bring.store(Arc::new(bring));
    }

    /// Serves another map from now on.
    pub(crate) fn serve(&self, map: Arc<ServedMap>, bring: Bring) {
        let before = self.bring.load().by;
        let by = Position { x: bring.by.x - before.x, y: bring.by.y - before.y };
        if by != Position::default() {
            // Who is in the world is shown anew by what comes with the map.
            self.registry.all().iter().for_each(|session| session.shift(bring.shift, by));
        }
        self.note_bring(bring);
        let former = self.map.swap(map);
        self.former_files.store(Some(Arc::new(former.files.clone())));
        self.map_number.fetch_add(1, Ordering::Release);
    }

    /// The newest committed tick.
    pub fn released_tick(&self) -> Tick {
        self.released.load(Ordering::Relaxed)
    }

    pub(crate) fn note_released(&self, tick: Tick) {
        self.released.store(tick, Ordering::Relaxed);
    }

    /// Forgets everybody, when the world has ended and others go on.
    pub fn forget_all(&self) {
        self.registry.clear();
    }

    /// Ends every connection with the notice that the server is shutting down, after all that is
    /// queued for it.
    pub fn say_goodbye(&self) {
        for session in self.registry.all() {
            if let Some(outbox) = session.wire.lock().outbox.take() {
                outbox.close(CloseCode::ShuttingDown);
            }
        }
    }

    /// Ticks a session's deltas may wait.
    pub(crate) fn backlog_ticks_max(&self) -> u64 {
        BACKLOG_SECONDS_MAX * u64::from(self.settings.tick_hz)
    }
}
