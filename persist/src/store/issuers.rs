//! Issuers of tokens.

use async_trait::async_trait;

use super::error::StoreError;

/// An issuer of tokens whose users have played in a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIssuer {
    /// As in the `iss` of its tokens.
    pub issuer: String,
    /// The issuer that its users sign in at now, if it has moved.
    pub linked_to: Option<String>,
}

/// Issuers of tokens whose users have played in a world.
#[async_trait]
pub trait Issuers: Send + Sync {
    /// The issuers whose users have played here, in the order they were noted.
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError>;

    /// Remembers an issuer, or where it has moved.
    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError>;
}
