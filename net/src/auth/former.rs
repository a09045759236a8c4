//! Former issuers: addresses from which the provider has moved, with the same users (FR-001). A
//! user's id is a hash over issuer and subject, so the new address gives every user a new id; this
//! module finds the id under which a user has a character.
//!
//! Trusts no key of a former issuer: its tokens are taken only when the provider of today has
//! signed them. Which user has a character is asked of the caller; the answer is remembered.

use std::collections::HashMap;
use std::future::Future;

use parking_lot::Mutex;
use tilemud_persist::store::{CharacterProfile, StoreError};
use tilemud_schema::UserId;

use super::user::User;

/// Answers that are remembered. Full: all are forgotten and looked up again.
const SETTLED_MAX: usize = 4_096;

/// The former issuers, and who is known to be whom.
#[derive(Default)]
pub(super) struct Former {
    pub(super) issuers: Vec<String>,
    /// From the id under the present issuer to the one they play as.
    settled: Mutex<HashMap<UserId, UserId>>,
}

impl Former {
    pub(super) fn new(issuers: Vec<String>) -> Self {
        Self { issuers, settled: Mutex::default() }
    }

    /// The user under the one of their ids that has a character. When several have one, the
    /// character made first counts: the others were made when the user was not recognised.
    ///
    /// # Errors
    /// As `find`.
    pub(super) async fn settle<F>(&self, user: User, find: impl Fn(UserId) -> F) -> Result<User, StoreError>
    where
        F: Future<Output = Result<Option<CharacterProfile>, StoreError>>,
    {
        if user.former_ids.is_empty() {
            return Ok(user);
        }
        let known = self.settled.lock().get(&user.user_id).cloned();
        if let Some(user_id) = known {
            return Ok(User { user_id, ..user });
        }
        let mut oldest: Option<CharacterProfile> = None;
        for id in std::iter::once(&user.user_id).chain(&user.former_ids) {
            // The id counts among those made at the same time only, so that the answer is always
            // the same.
            let age = |profile: &CharacterProfile| (profile.created_at, profile.character_id);
            if let Some(found) = find(id.clone()).await?
                && oldest.as_ref().is_none_or(|oldest| age(&found) < age(oldest))
            {
                oldest = Some(found);
            }
        }
        let Some(oldest) = oldest else { return Ok(user) };
        let mut settled = self.settled.lock();
        if settled.len() == SETTLED_MAX {
            settled.clear();
        }
        settled.insert(user.user_id.clone(), oldest.user_id.clone());
        Ok(User { user_id: oldest.user_id, ..user })
    }
}
