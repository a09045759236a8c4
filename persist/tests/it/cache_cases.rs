//! The cases that every cache must pass, and what is particular to Redis: it may go away.

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::cache::{self, Cache, CacheError, CachedProfile, CachedSession, CallTimeout, TokenChange};
use tilemud_persist::store::CharacterProfile;
use tilemud_persist::testing::RedisServer;
use tilemud_schema::{CharacterId, CharacterState, ItemStack, Position, SessionId, Stats, Timestamp, UserId};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use crate::deeds::named;

const NOON: Timestamp = Timestamp::from_micros(1_795_435_200_123_456);

/// For a Redis that answers, however busy the machine is. What a short deadline costs is shown
/// where time stands still.
const PATIENCE: Duration = Duration::from_secs(60);

fn patient() -> CallTimeout {
    CallTimeout::new(PATIENCE)
}

fn open(server: &RedisServer, world: &str) -> Arc<dyn Cache> {
    cache::open(Some(&server.url()), world, patient()).unwrap()
}

fn entry(version_ms: i64) -> CachedProfile {
    let profile = CharacterProfile {
        character_id: CharacterId(Uuid::from_u128(7)),
        user_id: UserId("user-1".into()),
        state: CharacterState {
            display_name: "Zo\u{eb}".into(),
            look: "ranger".into(),
            position: Some(Position { x: -1, y: 5 }),
            health: 80,
            inventory: Arc::new(vec![ItemStack { item: "torch".into(), quantity: 2 }]),
            stats: Stats { steps: 5, ..named("luck", -1) },
            ..CharacterState::default()
        },
        created_at: NOON,
        updated_at: NOON.plus_millis(version_ms),
    };
    CachedProfile { profile, fetched_at: NOON }
}

fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(number))
}

async fn a_profile_that_was_put_is_there(cache: &dyn Cache) {
    let entry = entry(0);
    let id = entry.profile.character_id;
    assert_eq!(cache.profile(id).await.unwrap(), None);
    cache.put_profile(&entry).await.unwrap();
    assert_eq!(cache.profile(id).await.unwrap(), Some(entry));
}

async fn an_older_version_does_not_replace_a_newer_one(cache: &dyn Cache) {
    let (old, new) = (entry(0), entry(1));
    cache.put_profile(&new).await.unwrap();
    cache.put_profile(&old).await.unwrap();
    assert_eq!(cache.profile(new.profile.character_id).await.unwrap(), Some(new.clone()));
    let read_again = CachedProfile { fetched_at: NOON.plus_millis(500), ..new.clone() };
    cache.put_profile(&read_again).await.unwrap();
    assert_eq!(cache.profile(new.profile.character_id).await.unwrap(), Some(read_again));
}

async fn a_presence_is_ended_only_by_its_own_session(cache: &dyn Cache) {
    let character = CharacterId(Uuid::from_u128(7));
    cache.set_presence(character, session(1)).await.unwrap();
    cache.set_presence(character, session(2)).await.unwrap();
    cache.clear_presence(character, session(1)).await.unwrap();
    assert_eq!(cache.presence(character).await.unwrap(), Some(session(2)));
    cache.clear_presence(character, session(2)).await.unwrap();
    assert_eq!(cache.presence(character).await.unwrap(), None);
}

fn token_change(last_seq: u64, good: &[u8], used_up: &[u8]) -> TokenChange {
    let session = CachedSession {
        session_id: session(1),
        user_id: UserId("user-1".into()),
        character_id: CharacterId(Uuid::from_u128(7)),
        last_seq,
        expires_at: NOON,
    };
    let hashes = |marks: &[u8]| marks.iter().map(|mark| [*mark; 32]).collect();
    TokenChange { session, good: hashes(good), used_up: hashes(used_up), lifetime: Duration::from_secs(60) }
}

async fn a_token_leads_to_its_session_until_it_is_used_up(cache: &dyn Cache) {
    let first = token_change(3, &[1, 2], &[]);
    cache.change_tokens(std::slice::from_ref(&first)).await.unwrap();
    assert_eq!(cache.token(&[8; 32]).await.unwrap(), None);
    for good in [1, 2, 1] {
        assert_eq!(cache.token(&[good; 32]).await.unwrap().as_ref(), Some(&first.session));
    }
    let (second, third) = (token_change(4, &[2, 3], &[1]), token_change(5, &[3, 4], &[2]));
    cache.change_tokens(&[second, third.clone()]).await.unwrap();
    for (mark, leads_to) in [(1, None), (2, None), (3, Some(&third.session)), (4, Some(&third.session))] {
        assert_eq!(cache.token(&[mark; 32]).await.unwrap().as_ref(), leads_to, "{mark}");
    }
    cache.change_tokens(&[token_change(5, &[], &[3, 4])]).await.unwrap();
    assert_eq!(cache.token(&[4; 32]).await.unwrap(), None);
}

async fn a_token_is_gone_after_its_lifetime(cache: &dyn Cache) {
    let short = TokenChange { lifetime: Duration::from_millis(1), ..token_change(3, &[1], &[]) };
    cache.change_tokens(&[short, token_change(3, &[2], &[])]).await.unwrap();
    while cache.token(&[1; 32]).await.unwrap().is_some() {}
    assert!(cache.token(&[2; 32]).await.unwrap().is_some());
}

macro_rules! for_every_cache {
    ($($case:ident),* $(,)?) => {
        mod in_process {
            $(#[tokio::test]
            async fn $case() {
                super::$case(&*tilemud_persist::cache::open(None, "meadow", super::patient()).unwrap()).await;
            })*
        }

        mod redis {
            $(#[tokio::test]
            async fn $case() {
                let server = tilemud_persist::testing::RedisServer::start();
                super::$case(&*super::open(&server, "meadow")).await;
            })*
        }
    };
}

for_every_cache! {
    a_profile_that_was_put_is_there,
    an_older_version_does_not_replace_a_newer_one,
    a_presence_is_ended_only_by_its_own_session,
    a_token_is_gone_after_its_lifetime,
    a_token_leads_to_its_session_until_it_is_used_up,
}

#[tokio::test]
async fn worlds_on_one_redis_do_not_see_each_other() {
    let server = RedisServer::start();
    let [meadow, harbour] = ["meadow", "harbour"].map(|world| open(&server, world));
    meadow.change_tokens(&[token_change(1, &[9], &[])]).await.unwrap();
    assert_eq!(harbour.token(&[9; 32]).await.unwrap(), None);
    assert!(meadow.token(&[9; 32]).await.unwrap().is_some());
}

/// Asks until the cache is left alone.
async fn fail_until_left_alone(cache: &dyn Cache) {
    for _ in 0..100 {
        if let CacheError::NotAsked = cache.presence(CharacterId(Uuid::from_u128(7))).await.unwrap_err() {
            return;
        }
    }
    panic!("the breaker does not open");
}

#[tokio::test]
async fn a_redis_that_is_gone_fails_fast_and_works_again_when_it_is_back() {
    let server = RedisServer::start();
    let cache = open(&server, "meadow");
    cache.ping().await.unwrap();
    server.kill();
    fail_until_left_alone(&*cache).await;
    assert!(matches!(cache.ping().await, Err(CacheError::Unavailable(_))));

    server.start_again();

    // The manager may still hold the attempt that failed.
    while cache.ping().await.is_err() {}
    assert_eq!(cache.presence(CharacterId(Uuid::from_u128(7))).await.unwrap(), None);
}

#[tokio::test]
async fn a_redis_that_hangs_is_left_alone_and_works_again_when_it_wakes_up() {
    let server = RedisServer::start();
    let timeout = patient();
    let cache = cache::open(Some(&server.url()), "meadow", timeout.clone()).unwrap();
    cache.ping().await.unwrap();
    server.pause();
    timeout.set(CallTimeout::DEFAULT);
    fail_until_left_alone(&*cache).await;
    server.resume();
    timeout.set(PATIENCE);
    // An attempt that was begun with the short deadline may still be under way.
    while cache.ping().await.is_err() {}
    assert_eq!(cache.presence(CharacterId(Uuid::from_u128(7))).await.unwrap(), None);
}

#[tokio::test]
async fn a_redis_that_is_not_there_yet_does_not_keep_the_cache_from_being_opened() {
    let cache = cache::open(Some("redis+unix:///nowhere/socket"), "meadow", patient()).unwrap();
    assert!(matches!(cache.ping().await, Err(CacheError::Unavailable(_))));
    let refusal = cache::open(Some("http://user:secret@host"), "meadow", patient()).err().unwrap();
    assert!(matches!(refusal, CacheError::UnsupportedUrl) && !format!("{refusal:?}").contains("secret"));
}

#[tokio::test]
async fn what_is_not_redis_is_told_so() {
    for answer in ["HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "\u{15}\u{3}\u{1}\0\u{2}\u{2}2"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let _ = socket.read(&mut [0; 1024]).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        let error = cache::open(Some(&url), "meadow", patient()).unwrap().ping().await.unwrap_err();
        let said = error.causes();
        assert!(said.contains("does not speak the protocol of Redis") && said.contains("--redis-url"), "{said}");
        assert_eq!(error.reason(), "what answers is no Redis");
    }
}
