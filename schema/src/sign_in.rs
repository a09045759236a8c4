//! How players get an access token: GET /api/sign-in.
//!
//! A client asks before it knows whether its build fits the server, so nothing here counts for the
//! build identifier: members are only ever added, and a client ignores those it does not know.

use serde::{Deserialize, Serialize};

/// The answer to GET /api/sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SignInOptions {
    /// Whether POST /dev/token signs anyone in by name.
    pub development: bool,
    /// The provider that signs players in, with what a client needs to send them there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderSignIn>,
    /// There is a provider, but it has not been reached yet: ask again later.
    #[serde(default)]
    pub provider_unavailable: bool,
}

/// Sign-in by authorization code with PKCE (RFC 6749, RFC 7636) as a public client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSignIn {
    /// Who issues the tokens, as in their `iss`.
    pub issuer: String,
    /// Where the player's browser goes.
    pub authorization_endpoint: String,
    /// Where the client exchanges the code.
    pub token_endpoint: String,
    /// What the client is called at the provider.
    pub client_id: String,
    /// What it asks for.
    pub scope: String,
    /// The resource it asks for (RFC 8707), where the provider wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}
