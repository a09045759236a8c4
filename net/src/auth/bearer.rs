//! From the `Authorization` header to the three parts of a compact JWS, strictly (RFC 6750, RFC
//! 7515).
//!
//! Shape (scheme, size, alphabet, number of parts, JSON of the right types) and signature are
//! judged here, claims in `claims.rs`. Nothing read is trusted until the signature is checked.
//! Header members that point at keys (`jku`, `jwk`, `x5u`, `x5c`) are not even read. Tokens stay in
//! [`SecretString`] and appear in no error.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use tilemud_schema::keys;

use super::claims::Claims;
use super::error::AuthError;
use super::keys::KeySet;
use super::kind;
use super::limits::TOKEN_BYTES_MAX;

const HEADER: &str = "header is not what a header must be";
const CLAIMS: &str = "claims are not what claims must be";

/// A token that has the right shape; nothing in it has been verified.
pub(super) struct UnverifiedToken {
    compact: SecretString,
    /// Length of `header.claims`, the part that is signed.
    signed_len: usize,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) claims: Claims,
    /// Whether it is an access token.
    pub(super) kind: Result<(), AuthError>,
}

/// The header members that matter; all others are ignored.
#[derive(Deserialize)]
struct JoseHeader {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// `null` is no type.
    #[serde(default, deserialize_with = "there")]
    typ: Option<String>,
    #[serde(default)]
    cty: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "there")]
    crit: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    b64: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    enc: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    zip: Option<IgnoredAny>,
}

/// A member that is present, whatever its value; `null` counts as present.
fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
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
            // An error here (a key or signature the backend cannot read) is a refusal like any
            // other.
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
        let header: JoseHeader = json(&json_bytes(header, HEADER)?, HEADER)?;
        if header.crit.is_some() || header.b64.is_some() {
            return Err(AuthError::Invalid("header extension"));
        }
        if header.enc.is_some() || header.zip.is_some() {
            return Err(AuthError::Invalid("encrypted or compressed"));
        }
        // RFC 9068, 4 and RFC 8725, 3.11: a token made for another purpose is none for this one,
        // whoever signed it.
        let typ = media_type(header.typ.as_deref().unwrap_or("JWT"));
        // RFC 7519, 5.2: a token within a token.
        let content = header.cty.as_ref().and_then(|cty| cty.as_str()).map(media_type);
        let is_nested = content.is_some_and(|cty| cty == "jwt" || cty.ends_with("+jwt"));
        if !matches!(typ.as_str(), "at+jwt" | "jwt") || is_nested {
            return Err(AuthError::Invalid("another type of token"));
        }
        // Exactly these: never `none`, never a shared secret (HS*), nothing we do not test.
        let algorithm = match header.alg.as_str() {
            "RS256" => Algorithm::RS256,
            "ES256" => Algorithm::ES256,
            "EdDSA" => Algorithm::EdDSA,
            _ => return Err(AuthError::Invalid("algorithm is not allowed")),
        };
        let claims = json_bytes(claims, CLAIMS)?;
        let kind = kind::check(&json(&claims, CLAIMS)?, typ == "at+jwt");
        let claims: Claims = json(&claims, CLAIMS)?;
        Ok(Self {
            signed_len: token.len() - signature.len() - 1,
            compact: SecretString::from(token),
            algorithm,
            key_id: header.kid,
            claims,
            kind,
        })
    }
}

/// A type as headers name it (RFC 7515, 4.1.9): `application/` may be left out.
fn media_type(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    text.strip_prefix("application/").map(str::to_owned).unwrap_or(text)
}

/// The token of a bearer header. No header, another scheme and an empty token count as missing.
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

/// The bytes of one base64url part that holds a JSON object with no member given twice: readers
/// differ in which of the two counts, and so might we and the provider (RFC 7519, 4).
fn json_bytes(part: &str, reason: &'static str) -> Result<Vec<u8>, AuthError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| AuthError::Invalid("not base64url"))?;
    // serde would also take a JSON array for a struct.
    if bytes.first() == Some(&b'{') && keys::are_unique(&bytes).is_ok() {
        Ok(bytes)
    } else {
        Err(AuthError::Invalid(reason))
    }
}

fn json<T: for<'de> Deserialize<'de>>(bytes: &[u8], reason: &'static str) -> Result<T, AuthError> {
    serde_json::from_slice(bytes).map_err(|_| AuthError::Invalid(reason))
}
