//! Writes reconnect tokens to the cache, as hashes, once they are durable, and reads them. Nothing
//! waits for a slow cache: when the queue is full, tokens are left out and later read from the
//! store.
//!
//! An entry is a hint where to look in the store, so that a resume after a restart waits for one
//! answer of the store instead of three. Only the store decides whether a token is good, so an
//! entry of a used-up token restores nothing (NFR-006).

use std::sync::Arc;

use tilemud_persist::cache::{Cache, CachedSession, TokenChange};
use tilemud_schema::{Timestamp, UserId};
use tilemud_vitals::clock;
use tilemud_vitals::metrics::SessionMetrics;
use tilemud_vitals::process::Process;
use tokio::sync::mpsc;

use super::secret::SecretHash;
use super::settings::Settings;
use super::state::Session;
use super::status::token_lifetime;
use super::tokens::StoredTokens;
use crate::limits::{TOKEN_CHANGES_LEN_MAX, TOKEN_CHANGES_PER_CALL_MAX};

/// The way to the cache.
pub(crate) struct TokenCache {
    sender: mpsc::Sender<TokenChange>,
    cache: Arc<dyn Cache>,
    settings: Settings,
    metrics: Arc<SessionMetrics>,
}

impl TokenCache {
    /// Writes to `cache` until it is dropped. To be called inside a runtime.
    pub(crate) fn new(
        cache: Arc<dyn Cache>,
        settings: Settings,
        metrics: Arc<SessionMetrics>,
        process: &Process,
    ) -> Self {
        let (sender, changes) = mpsc::channel(TOKEN_CHANGES_LEN_MAX);
        process.spawn("the way of reconnect tokens to the cache", write(Arc::clone(&cache), changes));
        Self { sender, cache, settings, metrics }
    }
}

/// One task, so the changes of a session arrive in the order in which they became durable.
async fn write(cache: Arc<dyn Cache>, mut changes: mpsc::Receiver<TokenChange>) {
    let mut waiting = Vec::new();
    while changes.recv_many(&mut waiting, TOKEN_CHANGES_PER_CALL_MAX).await > 0 {
        if let Err(error) = cache.change_tokens(&waiting).await {
            tracing::debug!(%error, changes = waiting.len(), "reconnect tokens are left out of the cache");
        }
        waiting.clear();
    }
}

impl TokenCache {
    /// The tokens of a session have become durable, or are still good and about to run out in the
    /// cache.
    pub(crate) fn keep(&self, session: &Session, before: Option<StoredTokens>) {
        let Some(good) = session.stored_tokens() else { return };
        let used_up = before.map(hashes).unwrap_or_default();
        let good = hashes(good);
        self.change_tokens(session, used_up.into_iter().filter(|hash| !good.contains(hash)).collect(), good);
    }

    /// A session has ended: its tokens lead nowhere.
    pub(crate) fn forget(&self, session: &Session) {
        if let Some(tokens) = session.stored_tokens() {
            self.change_tokens(session, hashes(tokens), Vec::new());
        }
    }

    fn change_tokens(&self, session: &Session, used_up: Vec<[u8; 32]>, good: Vec<[u8; 32]>) {
        let identity = &session.identity;
        let change = TokenChange {
            session: CachedSession {
                session_id: identity.session_id,
                user_id: identity.user_id.clone(),
                character_id: identity.character_id,
                last_seq: session.last_seq(),
                expires_at: self.expiry(),
            },
            good,
            used_up,
            lifetime: token_lifetime(&self.settings),
        };
        // Full: see the bound.
        let _ = self.sender.try_send(change);
    }

    /// What the cache knows of a user's token.
    pub(crate) async fn find(&self, user_id: &UserId, presented: SecretHash) -> Option<CachedSession> {
        let cached = self.cache.token(&presented.0).await.unwrap_or(None);
        let count = if cached.is_some() { &self.metrics.cache_hits } else { &self.metrics.cache_misses };
        count.inc();
        cached.filter(|cached| cached.user_id == *user_id)
    }

    /// The latest moment at which a token that is handed out now can be good, if its holder stays
    /// silent.
    pub(crate) fn expiry(&self) -> Timestamp {
        let lifetime = token_lifetime(&self.settings);
        clock::now().plus_millis(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
    }
}

fn hashes((newest, before): StoredTokens) -> Vec<[u8; 32]> {
    [Some(newest), before].into_iter().flatten().map(|hash| hash.0).collect()
}
