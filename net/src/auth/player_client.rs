//! The public client that players sign in as at the provider.

/// The game as the provider knows it: a public client, without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerClient {
    /// `client_id`.
    pub client_id: String,
    /// `scope`.
    pub scope: String,
    /// `resource` (RFC 8707), where the provider wants one.
    pub resource: Option<String>,
}
