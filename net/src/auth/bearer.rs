//! From the `Authorization` header to the three parts of a compact JWS, strictly (RFC 6750, RFC 7515).
//!
//! Shape (scheme, size, alphabet, number of parts, JSON of the right types) and signature are judged here, claims in
//! `claims.rs`. Nothing read is trusted until the signature is checked. Header members that point at keys (`jku`, `jwk`, `x5u`,
//! `x5c`) are not even read. Tokens stay in [`SecretString`] and appear in no error.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::claims::Claims;
use super::keys::KeySet;
use super::{AuthError, TOKEN_BYTES_MAX};

/// A token that has the right shape; nothing in it has been verified.
pub(super) struct UnverifiedToken {
    compact: SecretString,
    /// Length of `header.claims`, the part that is signed.
    signed_len: usize,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) claims: Claims,
}

/// The header members that matter; all others are ignored.
#[derive(Deserialize)]
struct JoseHeader {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<IgnoredAny>,
    #[serde(default)]
    b64: Option<IgnoredAny>,
    #[serde(default)]
    enc: Option<IgnoredAny>,
    #[serde(default)]
    zip: Option<IgnoredAny>,
}

impl UnverifiedToken {
    /// Reads the raw value of an `Authorization` header.
    pub(super) fn from_header(value: Option<&str>) -> Result<Self, AuthError> {
        Self::parse(bearer_token(value)?)
    }

    /// Checks the signature with each of the keys that may have made it.
    pub(super) fn check_signature(&self, keys: &KeySet) -> Result<(), AuthError> {
        let candidates = keys.candidates(self.key_id.as_deref(), self.algorithm);
        if candidates.is_empty() {
            return Err(AuthError::Invalid("no key of this id for this algorithm"));
        }
        let (signed, signature) = self.compact.expose_secret().split_at(self.signed_len);
        for key in candidates {
            // An error here (a key or signature the backend cannot read) is a refusal like any other.
            if jsonwebtoken::crypto::verify(&signature[1..], signed.as_bytes(), key, self.algorithm).unwrap_or(false) {
                return Ok(());
            }
        }
        Err(AuthError::Invalid("signature does not verify"))
    }

    fn parse(token: &str) -> Result<Self, AuthError> {
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(AuthError::Invalid("not three parts"));
        };
        if signature.is_empty() {
            return Err(AuthError::Invalid("no signature"));
        }
        let header: JoseHeader = json_part(header, "header is not what a header must be")?;
        if header.crit.is_some() || header.b64.is_some() {
            return Err(AuthError::Invalid("header extension"));
        }
        if header.enc.is_some() || header.zip.is_some() {
            return Err(AuthError::Invalid("encrypted or compressed"));
        }
        // RFC 9068, 4 and RFC 8725, 3.11: a token made for another purpose is none for this one, whoever signed it.
        let typ = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        if !matches!(typ.strip_prefix("application/").unwrap_or(&typ), "at+jwt" | "jwt") {
            return Err(AuthError::Invalid("another type of token"));
        }
        // Exactly these: never `none`, never a shared secret (HS*), nothing we do not test.
        let algorithm = match header.alg.as_str() {
            "RS256" => Algorithm::RS256,
            "ES256" => Algorithm::ES256,
            "EdDSA" => Algorithm::EdDSA,
            _ => return Err(AuthError::Invalid("algorithm is not allowed")),
        };
        let claims: Claims = json_part(claims, "claims are not what claims must be")?;
        Ok(Self {
            signed_len: token.len() - signature.len() - 1,
            compact: SecretString::from(token),
            algorithm,
            key_id: header.kid,
            claims,
        })
    }
}

/// The token of a bearer header. Absent, another scheme or an empty token count as missing.
fn bearer_token(value: Option<&str>) -> Result<&str, AuthError> {
    let value = value.ok_or(AuthError::Missing)?;
    let (scheme, rest) = value.split_once(' ').ok_or(AuthError::Missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AuthError::Missing);
    }
    let token = rest.trim_start_matches(' ');
    if token.is_empty() {
        return Err(AuthError::Missing);
    }
    if token.len() > TOKEN_BYTES_MAX {
        return Err(AuthError::Invalid("too long"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err(AuthError::Invalid("character outside base64url"));
    }
    Ok(token)
}

/// One base64url part holding a JSON object; a member given twice is an error where the member matters.
fn json_part<T: for<'de> Deserialize<'de>>(part: &str, reason: &'static str) -> Result<T, AuthError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| AuthError::Invalid("not base64url"))?;
    // serde would also take a JSON array for a struct.
    if bytes.first() != Some(&b'{') {
        return Err(AuthError::Invalid(reason));
    }
    serde_json::from_slice(&bytes).map_err(|_| AuthError::Invalid(reason))
}
