//! The cache in Redis, shared with the other processes of a cluster. Every call has a short
//! deadline, and a failing Redis is not called for a moment, so that it never slows play.
//!
//! Keys are `tilemud:{WORLD}:KIND:ID`; the braces put all keys of a world on one node of a Redis
//! cluster.

use std::fmt::Display;
use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisResult, Script};
use tilemud_schema::{CharacterId, SessionId};
use uuid::Uuid;

use super::breaker::Breaker;
use super::{
    Cache, CacheError, CachedProfile, CachedSession, CallTimeout, PRESENCE_TTL, PROFILE_TTL, TokenChange, redis_address,
};
use crate::access::Access;

/// Lifetime of the value that the check of writes leaves.
const PROBE_TTL: Duration = Duration::from_secs(10);
/// Commands under way at once; more wait for their turn, up to the deadline.
const CONCURRENCY_MAX: usize = 256;

/// Keeps a profile unless a newer version is there. KEYS: entry. ARGV: version, entry, lifetime in
/// ms.
static PUT_PROFILE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if tonumber(redis.call('HGET', KEYS[1], 'version') or '-1') > tonumber(ARGV[1]) then return 0 end
         redis.call('HSET', KEYS[1], 'version', ARGV[1], 'entry', ARGV[2])
         return redis.call('PEXPIRE', KEYS[1], ARGV[3])",
    )
});

/// Ends a presence if it is still that session's. KEYS: presence. ARGV: session.
static CLEAR_PRESENCE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0")
});

/// See the module.
pub(super) struct RedisCache {
    client: Client,
    world: Box<str>,
    /// Made when first used and after the breaker closed, because a manager whose first answer on a
    /// new connection was an error ("loading", "too many clients") repeats that error for ever.
    manager: Mutex<Option<ConnectionManager>>,
    breaker: Breaker,
    timeout: CallTimeout,
}

impl RedisCache {
    pub(super) fn open(access: &Access<'_>, world: &str, timeout: CallTimeout) -> Result<Self, CacheError> {
        let client = redis_address::client(access)?;
        Ok(Self { client, world: world.into(), manager: Mutex::new(None), breaker: Breaker::default(), timeout })
    }

    fn key(&self, kind: &str, id: impl Display) -> String {
        format!("tilemud:{{{}}}:{kind}:{id}", self.world)
    }

    fn manager(&self) -> RedisResult<ConnectionManager> {
        let mut manager = self.manager.lock();
        if let Some(manager) = &*manager {
            return Ok(manager.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(self.timeout.of_a_step()))
            .set_response_timeout(Some(self.timeout.of_a_step()))
            .set_concurrency_limit(CONCURRENCY_MAX);
        Ok(manager.insert(ConnectionManager::new_lazy_with_config(self.client.clone(), config)?).clone())
    }

    async fn ask<T, F: Future<Output = RedisResult<T>>>(
        &self,
        call: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, CacheError> {
        if !self.breaker.may_ask() {
            return Err(CacheError::NotAsked);
        }
        self.ask_anyway(call).await
    }

    async fn ask_anyway<T, F: Future<Output = RedisResult<T>>>(
        &self,
        call: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, CacheError> {
        let answer = self.timeout.bound(async { call(self.manager()?).await }).await;
        let error: Box<dyn std::error::Error + Send + Sync> = match answer {
            Ok(Ok(value)) => {
                self.breaker.succeeded();
                return Ok(value);
            }
            Ok(Err(error)) => error.into(),
            Err(late) => late.into(),
        };
        if self.breaker.failed() {
            *self.manager.lock() = None;
        }
        Err(CacheError::Unavailable(error))
    }
}

/// An entry of another build that this one cannot read counts as absent.
fn session(text: Option<String>) -> Option<SessionId> {
    Uuid::parse_str(&text?).ok().map(SessionId)
}

#[async_trait]
impl Cache for RedisCache {
    async fn put_profile(&self, entry: &CachedProfile) -> Result<(), CacheError> {
        let text = serde_json::to_string(entry).map_err(|error| CacheError::Unavailable(error.into()))?;
        let mut put = PUT_PROFILE.key(self.key("profile", entry.profile.character_id));
        put.arg(entry.version().as_micros()).arg(text).arg(PROFILE_TTL.as_millis() as u64);
        self.ask(|mut redis| async move { put.invoke_async::<()>(&mut redis).await }).await
    }

    async fn profile(&self, character_id: CharacterId) -> Result<Option<CachedProfile>, CacheError> {
        let key = self.key("profile", character_id);
        let text: Option<String> = self.ask(|mut redis| async move { redis.hget(key, "entry").await }).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn set_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError> {
        let key = self.key("presence", character_id);
        let value = session_id.to_string();
        self.ask(|mut redis| async move { redis.set_ex(key, value, PRESENCE_TTL.as_secs()).await }).await
    }

    async fn presence(&self, character_id: CharacterId) -> Result<Option<SessionId>, CacheError> {
        let key = self.key("presence", character_id);
        Ok(session(self.ask(|mut redis| async move { redis.get(key).await }).await?))
    }

    async fn clear_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError> {
        let mut clear = CLEAR_PRESENCE.key(self.key("presence", character_id));
        clear.arg(session_id.to_string());
        self.ask(|mut redis| async move { clear.invoke_async::<()>(&mut redis).await }).await
    }

    async fn change_tokens(&self, changes: &[TokenChange]) -> Result<(), CacheError> {
        let mut commands = redis::pipe();
        for TokenChange { session, good, used_up, lifetime } in changes {
            for hash in used_up {
                commands.unlink(self.key("token", hex::encode(hash))).ignore();
            }
            let text = serde_json::to_string(session).map_err(|error| CacheError::Unavailable(error.into()))?;
            // Redis refuses a lifetime of zero; such a token would be gone anyway.
            let lifetime_ms = (lifetime.as_millis() as u64).max(1);
            for hash in good {
                commands.pset_ex(self.key("token", hex::encode(hash)), &text, lifetime_ms).ignore();
            }
        }
        self.ask(|mut redis| async move { commands.query_async(&mut redis).await }).await
    }

    async fn token(&self, token_hash: &[u8; 32]) -> Result<Option<CachedSession>, CacheError> {
        let key = self.key("token", hex::encode(token_hash));
        let text: Option<String> = self.ask(|mut redis| async move { redis.get(key).await }).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn ping(&self) -> Result<(), CacheError> {
        // A server that is full, read-only or not ours answers a bare PING all the same, and one
        // whose user may run no scripts a plain SET. Each process has a value of its own, so
        // several may ask at the same time.
        let (key, value) = (self.key("probe", std::process::id()), Uuid::now_v7().to_string());
        let mut put = PUT_PROFILE.key(&key);
        put.arg(0).arg(&value).arg(PROBE_TTL.as_millis() as u64);
        let read: Option<String> = self
            .ask_anyway(|mut redis| async move {
                put.invoke_async::<()>(&mut redis).await?;
                redis.hget(key, "entry").await
            })
            .await?;
        if read.as_ref() == Some(&value) { Ok(()) } else { Err(CacheError::Forgets) }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    use super::*;

    /// Time is paused: it only moves on when nothing but deadlines is left to wait for.
    #[tokio::test(start_paused = true)]
    async fn a_redis_that_hangs_costs_a_few_deadlines_and_then_nothing() {
        let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", deaf.local_addr().unwrap());
        let cache = RedisCache::open(&Access::from(&*url), "meadow", CallTimeout::default()).unwrap();
        let begun = Instant::now();
        let mut asked = 0;
        for _ in 0..100 {
            match cache.presence(CharacterId(Uuid::nil())).await.unwrap_err() {
                CacheError::Unavailable(_) => asked += 1,
                CacheError::NotAsked => {}
                CacheError::UnsupportedUrl | CacheError::Forgets => unreachable!("it was opened, and is not pinged"),
            }
        }
        assert_eq!(asked, 3, "then it is left alone");
        assert!(begun.elapsed() <= 3 * CallTimeout::DEFAULT, "{:?}", begun.elapsed());
    }
}
