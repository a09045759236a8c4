//! Why sign-in cannot be set up, and why a request is not signed in.

use std::path::PathBuf;

use tilemud_schema::ErrorCode;

/// Why sign-in cannot be set up; the start is refused with it.
#[derive(Debug, thiserror::Error)]
pub enum AuthSetupError {
    /// Nobody's tokens would be accepted.
    #[error("no token issuer is configured: set --oidc-issuer and --oidc-audience, or use --dev-issuer for local play")]
    NoIssuer,
    /// The issuer is unusable.
    #[error("the OIDC issuer {issuer:?} cannot be used: {reason}")]
    Issuer {
        issuer: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    #[error("an OIDC issuer needs an audience: set --oidc-audience")]
    NoAudience,
    /// The key file is unusable.
    #[error("the keys in {path} cannot be used: {reason}")]
    KeyFile {
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The TLS library refused its configuration.
    #[error("TLS towards the provider cannot be set up")]
    Tls(#[source] rustls::Error),
}

/// Why a request is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    #[error("no bearer token")]
    Missing,
    /// The token is not accepted. The reason is for logs only and holds nothing of the token.
    #[error("token refused: {0}")]
    Invalid(&'static str),
    /// Good in every way, but too old.
    #[error("token expired")]
    Expired,
    /// The token has no visible fault, but the keys to check it are not available now.
    #[error("{0}")]
    NoKeys(&'static str),
}

impl AuthError {
    /// The code on the wire.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Missing => ErrorCode::AuthTokenMissing,
            Self::Invalid(_) => ErrorCode::AuthTokenInvalid,
            Self::Expired => ErrorCode::AuthTokenExpired,
            Self::NoKeys(_) => ErrorCode::Unavailable,
        }
    }
}
