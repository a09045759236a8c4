//! Who signed in.

use tilemud_schema::UserId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Opaque and stable: a hash over issuer and subject.
    pub user_id: UserId,
    /// What it would be under the issuers that the provider was known as before; see
    /// [`Authenticator::settled`](super::Authenticator::settled).
    pub former_ids: Vec<UserId>,
}
