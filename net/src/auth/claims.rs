//! The claims of an access token and the rules they must meet (RFC 7519, RFC 9068, RFC 9449).
//!
//! Time comes in as a number; nothing here reads a clock or a key. `sub` leaves this module only
//! hashed.

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};
use tilemud_schema::UserId;

use super::error::AuthError;
use super::limits::{AUDIENCES_MAX, CLOCK_LEEWAY_S, SUBJECT_BYTES_MAX};

/// Hexadecimal characters of an opaque user id: 128 bits of the hash.
const USER_ID_CHARS: usize = 32;

/// The claims that matter. A wrong type (a string for `exp`, an array for `iss`) does not parse.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    sub: String,
    #[serde(default)]
    cnf: Option<IgnoredAny>,
}

/// RFC 7519, 4.1.3: one string or an array of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn contains(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Many(audiences) => audiences.len() <= AUDIENCES_MAX && audiences.iter().any(|each| each == wanted),
        }
    }
}

impl Claims {
    /// Checks the claims for the expected audience at the time `now_s`. (`iss` has selected the
    /// keys before, so it is right here.)
    ///
    /// Expiry is judged last, so that "expired" is only said of a token that is good in every other
    /// way.
    pub(super) fn check(&self, audience: &str, now_s: u64) -> Result<(), AuthError> {
        if !self.aud.contains(audience) {
            return Err(AuthError::Invalid("another audience"));
        }
        if self.sub.is_empty() || self.sub.len() > SUBJECT_BYTES_MAX {
            return Err(AuthError::Invalid("subject is empty or too long"));
        }
        if self.cnf.is_some() {
            // Bound to a key whose possession a bearer header cannot prove.
            return Err(AuthError::Invalid("sender-constrained"));
        }
        let latest_start_s = (now_s + CLOCK_LEEWAY_S) as f64;
        if self.nbf.is_some_and(|nbf| nbf > latest_start_s) {
            return Err(AuthError::Invalid("not valid yet"));
        }
        if self.iat.is_some_and(|iat| iat > latest_start_s) {
            return Err(AuthError::Invalid("issued in the future"));
        }
        if now_s as f64 >= self.exp + CLOCK_LEEWAY_S as f64 {
            return Err(AuthError::Expired);
        }
        Ok(())
    }

    /// The opaque id under an issuer: a hash over issuer and subject, so the same subject at
    /// another issuer is another user.
    pub(super) fn user_id(&self, issuer: &str) -> UserId {
        let digest = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(&self.sub).finalize();
        UserId(hex::encode(&digest[..USER_ID_CHARS / 2]).into())
    }
}
