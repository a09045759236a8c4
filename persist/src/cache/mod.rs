//! The cache as the rest of the server sees it: profiles of characters that are offline or elsewhere, who is where,
//! and reconnect tokens. Never the truth: every caller must be able to go on without it (FR-006), and everything in it
//! may be gone at any moment.
//!
//! Entries come from the durable store and sessions; they go to Redis, where other processes find them, or stay in
//! this process.

mod breaker;
mod call_timeout;
mod failure;
mod in_process;
mod profile_reader;
mod redis_address;
mod redis_cache;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tilemud_schema::{CharacterId, Seq, SessionId, Timestamp, UserId};

pub use self::call_timeout::CallTimeout;
pub use self::profile_reader::{PROFILE_AGE_MAX_MS, ProfileReader, ProfileSource};
use crate::Access;
use crate::store::CharacterProfile;

/// How long a profile is kept that nobody puts again.
pub const PROFILE_TTL: Duration = Duration::from_secs(600);

/// How long a presence lasts that is not set again.
pub const PRESENCE_TTL: Duration = Duration::from_secs(60);

/// A profile and how fresh it is. Its version is `profile.updated_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedProfile {
    /// As the durable store had it.
    pub profile: CharacterProfile,
    /// When it was read there; older than 100 ms means that it has to be read again before use (FR-005).
    pub fetched_at: Timestamp,
}

impl CachedProfile {
    /// The row version: of two entries for a character, the one with the greater version is the newer one.
    #[must_use]
    pub const fn version(&self) -> Timestamp {
        self.profile.updated_at
    }
}

/// What a reconnect token leads to, for a bootstrap in a process that does not know the session. Whether the token is still
/// good is not for the cache to say: an entry may be left over from before the token was used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedSession {
    /// The session.
    pub session_id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
    /// The last sequence number known to be consumed when this was written; later ones are in the log.
    pub last_seq: Seq,
    /// The token is good no longer than that.
    pub expires_at: Timestamp,
}

/// What has become of the tokens of a session, each by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenChange {
    /// What the good ones lead to.
    pub session: CachedSession,
    /// The good ones.
    pub good: Vec<[u8; 32]>,
    /// Those that have been used up.
    pub used_up: Vec<[u8; 32]>,
    /// How long the good ones are kept.
    pub lifetime: Duration,
}

/// Why the cache did not do it. In every case the caller goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// It cannot be reached, does not answer in time, or answers with an error.
    #[error("the cache is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It took a value and does not have it.
    #[error("the cache does not keep what it is given")]
    Forgets,
    /// It failed several times in a row and is left alone for a moment.
    #[error("the cache is not asked for a moment after failures")]
    NotAsked,
    /// The address is not one this program can use.
    #[error(
        "the cache URL cannot be used: it is not of the form redis://USER:PASSWORD@HOST:PORT/DB, rediss://... or \
         redis+unix:///SOCKET"
    )]
    UnsupportedUrl,
}

impl CacheError {
    /// Why, in words for an operator: what was refused, and by whom.
    #[must_use]
    pub fn causes(&self) -> String {
        match self {
            Self::Unavailable(source) => redis_address::words(&**source),
            other => other.to_string(),
        }
    }
}

/// The cache of one world. Every call returns within the [`CallTimeout`] it was opened with, successful or not.
#[async_trait]
pub trait Cache: Send + Sync {
    /// Keeps a profile, unless a newer version is there already.
    async fn put_profile(&self, entry: &CachedProfile) -> Result<(), CacheError>;

    /// The profile of a character, if it is there.
    async fn profile(&self, character_id: CharacterId) -> Result<Option<CachedProfile>, CacheError>;

    /// Says for [`PRESENCE_TTL`] that a session plays a character, whatever was said before.
    async fn set_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError>;

    /// The session that plays a character, if one does.
    async fn presence(&self, character_id: CharacterId) -> Result<Option<SessionId>, CacheError>;

    /// Ends a presence, if it is still that session's.
    async fn clear_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError>;

    /// Keeps and forgets reconnect tokens, in order.
    async fn change_tokens(&self, changes: &[TokenChange]) -> Result<(), CacheError>;

    /// What a reconnect token leads to, if it is there.
    async fn token(&self, token_hash: &[u8; 32]) -> Result<Option<CachedSession>, CacheError>;

    /// Asks whether the cache works, by a write that is read back, even while it is left alone after failures; success ends
    /// that.
    async fn ping(&self) -> Result<(), CacheError>;
}

/// Opens the cache of a world: the Redis at the URL, or one inside this process without an URL. Connects only when it
/// is first used, so a Redis that is down does not keep a server from starting. No call takes longer than `timeout`. To be
/// called inside a tokio runtime.
///
/// # Errors
/// [`CacheError::UnsupportedUrl`].
pub fn open(redis_url: Option<&str>, world: &str, timeout: CallTimeout) -> Result<Arc<dyn Cache>, CacheError> {
    open_with(redis_url.map(Access::from).as_ref(), world, timeout)
}

/// [`open`], with all there is to say about how Redis is reached.
///
/// # Errors
/// As [`open`].
pub fn open_with(redis: Option<&Access<'_>>, world: &str, timeout: CallTimeout) -> Result<Arc<dyn Cache>, CacheError> {
    match redis {
        Some(access) => Ok(Arc::new(redis_cache::RedisCache::open(access, world, timeout)?)),
        None => Ok(Arc::new(in_process::InProcessCache::default())),
    }
}
