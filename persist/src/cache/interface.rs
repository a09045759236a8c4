//! What a cache does, and what goes in and out.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tilemud_schema::{CharacterId, Seq, SessionId, Timestamp, UserId};

use super::failure::CacheError;
use crate::store::CharacterProfile;

/// How long a profile is kept after it was last put.
pub const PROFILE_TTL: Duration = Duration::from_secs(600);

/// How long a presence lasts that is not set again.
pub const PRESENCE_TTL: Duration = Duration::from_secs(60);

/// A profile and how fresh it is. Its version is `profile.updated_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedProfile {
    /// As the durable store had it.
    pub profile: CharacterProfile,
    /// When it was read from the store; after 100 ms it must be read again before use (FR-005).
    pub fetched_at: Timestamp,
}

impl CachedProfile {
    /// The row version: of two entries for a character, the one with the greater version is the
    /// newer one.
    #[must_use]
    pub const fn version(&self) -> Timestamp {
        self.profile.updated_at
    }
}

/// The session of a reconnect token, for a bootstrap in a process that does not know the session.
/// It does not say that the token is good: the entry may be older than the token's use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedSession {
    pub session_id: SessionId,
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
    /// The last sequence number known to be consumed when this was written; later ones are in the
    /// log.
    pub last_seq: Seq,
    /// The token is good no longer than that.
    pub expires_at: Timestamp,
}

/// A change of the tokens of a session, each by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenChange {
    /// What the good ones lead to.
    pub session: CachedSession,
    pub good: Vec<[u8; 32]>,
    /// Those that have been used up.
    pub used_up: Vec<[u8; 32]>,
    /// How long the good ones are kept.
    pub lifetime: Duration,
}

/// The cache of one world. Every call returns within the [`CallTimeout`](super::CallTimeout) it was
/// opened with, successful or not.
#[async_trait]
pub trait Cache: Send + Sync {
    /// Keeps a profile, unless a newer version is there already.
    async fn put_profile(&self, entry: &CachedProfile) -> Result<(), CacheError>;

    /// The profile of a character, if it is there.
    async fn profile(&self, character_id: CharacterId) -> Result<Option<CachedProfile>, CacheError>;

    /// Stores for [`PRESENCE_TTL`] that a session plays a character, replacing any other.
    async fn set_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError>;

    /// The session that plays a character, if one does.
    async fn presence(&self, character_id: CharacterId) -> Result<Option<SessionId>, CacheError>;

    /// Ends a presence, if it is still that session's.
    async fn clear_presence(&self, character_id: CharacterId, session_id: SessionId) -> Result<(), CacheError>;

    /// Keeps and forgets reconnect tokens, in order.
    async fn change_tokens(&self, changes: &[TokenChange]) -> Result<(), CacheError>;

    /// What a reconnect token leads to, if it is there.
    async fn token(&self, token_hash: &[u8; 32]) -> Result<Option<CachedSession>, CacheError>;

    /// Checks whether the cache works, by a write that is read back, even while the breaker is
    /// open; success closes it.
    async fn ping(&self) -> Result<(), CacheError>;
}
