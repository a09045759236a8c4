//! Sessions as they are stored.

use async_trait::async_trait;
use tilemud_schema::{CharacterId, SessionId, Timestamp, UserId};

use super::error::StoreError;

/// A session as stored, so that it can be resumed after a restart (FR-008, FR-016).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    pub session_id: SessionId,
    pub user_id: UserId,
    /// The character it plays.
    pub character_id: CharacterId,
    /// SHA-256 of the reconnect token; the token itself is never stored.
    pub token_hash: [u8; 32],
    /// The token before it, still good because the newer one may not have arrived.
    pub previous_token_hash: Option<[u8; 32]>,
    /// The token is good until then.
    pub token_expires_at: Timestamp,
    /// When the session began.
    pub started_at: Timestamp,
}

/// Sessions, so that they can be resumed after a restart.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Writes sessions, all or none, with one disk sync. The last record of a session replaces
    /// those before it (token rotation).
    async fn save_sessions(&self, sessions: &[SessionRecord]) -> Result<(), StoreError>;

    /// The session with this reconnect token, the newest or the one before, expired or not.
    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError>;

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError>;
}
