//! Profiles read through the cache: never older than 100 ms, one read for all who want the same at
//! once, never two versions in one, and no harm from a cache that is away (T075, T086).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tilemud_persist::cache::{
    self, Cache, CachedProfile, CallTimeout, PROFILE_AGE_MAX_MS, ProfileReader, ProfileSource,
};
use tilemud_persist::store::{Batch, CharacterProfile, CommitLog as _, ProfileWrite};
use tilemud_persist::testing::{GatedStore, RedisServer};
use tilemud_persist::{Store, StoreError};
use tilemud_schema::{CharacterId, CharacterState, Position};
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::deeds::{NOON, hero, named};
use crate::place::Place;

/// For a Redis that answers, however busy the machine is. What a short deadline costs is shown
/// where time stands still.
const PATIENCE: Duration = Duration::from_secs(60);

/// A reader at noon, whose clock the test moves, and what it reads from.
struct Rig {
    reader: Arc<ProfileReader>,
    store: Arc<GatedStore>,
    cache: Arc<dyn Cache>,
    who: CharacterProfile,
    clock_ms: Arc<AtomicI64>,
    _place: Place,
}

impl Rig {
    async fn new(cache: Arc<dyn Cache>) -> Self {
        Self::on(Place::sqlite(), cache).await
    }

    async fn on(place: Place, cache: Arc<dyn Cache>) -> Self {
        let store = GatedStore::new(place.open().await);
        let who = hero(&*store).await;
        let clock_ms = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&clock_ms);
        let reader = ProfileReader::with_clock(Arc::clone(&store) as Arc<dyn Store>, Arc::clone(&cache), move || {
            NOON.plus_millis(clock.load(Ordering::Acquire))
        });
        Self { reader: Arc::new(reader), store, cache, who, clock_ms, _place: place }
    }

    async fn in_process() -> Self {
        Self::new(cache::open(None, "meadow", CallTimeout::default()).unwrap()).await
    }

    async fn read(&self) -> Result<(Option<CharacterProfile>, ProfileSource), Arc<StoreError>> {
        self.reader.read(self.who.character_id).await
    }

    /// Waits until what was read last is in the cache, where it goes after it was handed out.
    async fn cached(&self) -> CachedProfile {
        loop {
            if let Some(entry) = self.cache.profile(self.who.character_id).await.unwrap() {
                return entry;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// The same number everywhere, so that two versions in one are seen.
fn version(who: CharacterId, number: i32) -> Batch {
    let write = ProfileWrite {
        character_id: who,
        state: CharacterState {
            position: Some(Position { x: number, y: number }),
            health: number,
            stats: named("number", number),
            ..CharacterState::default()
        },
        tick: number.unsigned_abs().into(),
    };
    let persisted_at = Some(NOON.plus_millis(number.into()));
    Batch { tick: write.tick, persisted_at, profiles: vec![write], ..Batch::default() }
}

#[tokio::test]
async fn a_cached_profile_is_used_for_100_ms_and_then_read_again() {
    let rig = Rig::in_process().await;
    assert_eq!(rig.read().await.unwrap(), (Some(rig.who.clone()), ProfileSource::Store));
    rig.cached().await;
    for (at_ms, source) in [(0, ProfileSource::Cache), (100, ProfileSource::Cache), (101, ProfileSource::ForcedRefresh)]
    {
        rig.clock_ms.store(at_ms, Ordering::Release);
        assert_eq!(rig.read().await.unwrap(), (Some(rig.who.clone()), source), "after {at_ms} ms");
    }
    assert_eq!(rig.store.loads(), 2);
    while rig.cached().await.fetched_at != NOON.plus_millis(101) {
        tokio::task::yield_now().await;
    }
    assert_eq!(rig.read().await.unwrap().1, ProfileSource::Cache);
}

#[tokio::test]
async fn an_entry_from_a_clock_that_is_ahead_is_not_trusted() {
    let rig = Rig::in_process().await;
    let ahead = CachedProfile { profile: rig.who.clone(), fetched_at: NOON.plus_millis(60_000) };
    rig.cache.put_profile(&ahead).await.unwrap();
    assert_eq!(rig.read().await.unwrap().1, ProfileSource::ForcedRefresh);
}

#[tokio::test]
async fn what_changed_in_the_store_is_seen_after_100_ms() {
    let rig = Rig::in_process().await;
    rig.read().await.unwrap();
    rig.cached().await;
    rig.store.commit(&version(rig.who.character_id, 7)).await.unwrap();
    rig.clock_ms.store(101, Ordering::Release);
    let (profile, source) = rig.read().await.unwrap();
    assert_eq!((profile.unwrap().state.health, source), (7, ProfileSource::ForcedRefresh));
}

#[tokio::test]
async fn all_who_want_a_character_at_once_share_one_read() {
    let rig = Rig::in_process().await;
    rig.store.hold_loads();
    let readers: Vec<_> = (0..20)
        .map(|_| {
            let (reader, id) = (Arc::clone(&rig.reader), rig.who.character_id);
            tokio::spawn(async move { reader.read(id).await.unwrap() })
        })
        .collect();
    // One thread, and a cache that never waits: by now each of them has come as far as the read.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    // The first one may leave; the others do not depend on it.
    readers[0].abort();
    rig.store.let_loads_through();
    for reader in readers.into_iter().skip(1) {
        assert_eq!(reader.await.unwrap().0, Some(rig.who.clone()));
    }
    assert_eq!(rig.store.loads(), 1);
}

#[tokio::test]
async fn without_the_store_an_old_value_is_not_used_and_nobody_waits_in_line() {
    let rig = Rig::in_process().await;
    rig.read().await.unwrap();
    rig.cached().await;
    rig.store.go_down();
    assert_eq!(rig.read().await.unwrap().1, ProfileSource::Cache);
    rig.clock_ms.store(101, Ordering::Release);
    let failure = rig.read().await.unwrap_err();
    assert!(matches!(*failure, StoreError::Unavailable(_)), "{failure:?}");
    rig.store.come_back();
    assert_eq!(rig.read().await.unwrap().1, ProfileSource::ForcedRefresh);
}

#[tokio::test]
async fn a_character_that_does_not_exist_is_none() {
    let rig = Rig::in_process().await;
    let nobody = CharacterId(Uuid::now_v7());
    assert_eq!(rig.reader.read(nobody).await.unwrap(), (None, ProfileSource::Store));
}

/// T086.
async fn cold_reads_at_once(place: Place, redis: Option<&RedisServer>) {
    let redis_url = redis.map(RedisServer::url);
    let cache = cache::open(redis_url.as_deref(), "meadow", CallTimeout::new(PATIENCE)).unwrap();
    let rig = Arc::new(Rig::on(place, cache).await);
    let id = rig.who.character_id;
    rig.store.commit(&version(id, 1)).await.unwrap();
    // Everybody has read once before there is anything newer.
    let begun = Arc::new(Barrier::new(9));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (rig, begun) = (Arc::clone(&rig), Arc::clone(&begun));
            tokio::spawn(async move {
                let (mut newest, mut reads) = (0, 0);
                while newest < 100 {
                    let profile = rig.read().await.unwrap().0.unwrap();
                    let number = profile.state.health;
                    assert_eq!(profile.state.position, Some(Position { x: number, y: number }));
                    assert_eq!(profile.state.stats, named("number", number));
                    assert_eq!(profile.updated_at, NOON.plus_millis(number.into()));
                    assert!(number >= newest, "{number} was read after {newest}");
                    newest = number;
                    reads += 1;
                    if reads == 1 {
                        begun.wait().await;
                    }
                    // Too old again and again, for everybody.
                    rig.clock_ms.fetch_add(PROFILE_AGE_MAX_MS + 1, Ordering::AcqRel);
                }
                reads
            })
        })
        .collect();
    begun.wait().await;
    for number in 2..=100 {
        rig.store.commit(&version(id, number)).await.unwrap();
    }
    for reader in readers {
        assert!(reader.await.unwrap() > 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_cold_reads_never_mix_two_versions_of_a_character_in_process() {
    cold_reads_at_once(Place::sqlite(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_cold_reads_never_mix_two_versions_of_a_character_on_postgres() {
    cold_reads_at_once(Place::postgres().await, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_cold_reads_never_mix_two_versions_of_a_character_on_postgres_and_redis() {
    cold_reads_at_once(Place::postgres().await, Some(&RedisServer::start())).await;
}

#[tokio::test]
async fn profiles_are_read_beside_a_redis_that_hangs_and_cached_again_when_it_wakes_up() {
    let server = RedisServer::start();
    let timeout = CallTimeout::new(PATIENCE);
    let rig = Rig::new(cache::open(Some(&server.url()), "meadow", timeout.clone()).unwrap()).await;
    rig.cache.ping().await.unwrap();
    rig.read().await.unwrap();
    assert_eq!(rig.cached().await.profile, rig.who);
    assert_eq!(rig.read().await.unwrap().1, ProfileSource::Cache);

    server.pause();
    timeout.set(CallTimeout::DEFAULT);
    for _ in 0..10 {
        assert_eq!(rig.read().await.unwrap(), (Some(rig.who.clone()), ProfileSource::Store));
    }
    server.resume();
    timeout.set(PATIENCE);
    // An attempt that was begun with the short deadline may still be under way.
    while rig.cache.ping().await.is_err() {}
    rig.read().await.unwrap();
    rig.cached().await;
}
