//! A provider's public keys: a JWK Set (RFC 7517) read into keys that fit exactly one algorithm
//! each.
//!
//! Keys that cannot or must not be used (shared secrets, private keys, encryption keys, other
//! curves, short RSA moduli) are left out here, so that no later step has to check. The bytes come
//! from `provider.rs`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::limits::{JWKS_KEYS_MAX, KEYS_TRIED_MAX};

/// RSA modulus, bits: below is too weak, above costs too much to check (and the backend refuses
/// it).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// The keys of one issuer.
#[derive(Default)]
pub(super) struct KeySet {
    keys: Vec<PublicKey>,
}

struct PublicKey {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<serde::de::IgnoredAny>,
}

impl KeySet {
    /// Reads a JWK Set.
    ///
    /// # Errors
    /// When it is none, or no key in it can be used. The provider is broken then, and the caller
    /// keeps the keys it had.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let set: JwkSet = serde_json::from_slice(bytes).map_err(|_| "not a JWK Set")?;
        let keys: Vec<PublicKey> = set
            .keys
            .into_iter()
            .take(JWKS_KEYS_MAX)
            .filter_map(|value| PublicKey::from_jwk(serde_json::from_value(value).ok()?))
            .collect();
        if keys.is_empty() { Err("no usable key in the JWK Set") } else { Ok(Self { keys }) }
    }

    /// A set of the one key of the development issuer.
    pub(super) fn of_one(id: &str, algorithm: Algorithm, key: DecodingKey) -> Self {
        Self { keys: vec![PublicKey { id: Some(id.to_owned()), algorithm, key }] }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The keys a token may have been signed with. A token that names a key gets only that one; one
    /// that names none gets the first few of its algorithm, because a provider that does not name
    /// its keys publishes the old and the new one together while it rotates them.
    pub(super) fn candidates(&self, key_id: Option<&str>, algorithm: Algorithm) -> Vec<&DecodingKey> {
        let fitting = self.keys.iter().filter(|key| key.algorithm == algorithm);
        match key_id {
            Some(id) => fitting.filter(|key| key.id.as_deref() == Some(id)).map(|key| &key.key).collect(),
            None => fitting.map(|key| &key.key).take(KEYS_TRIED_MAX).collect(),
        }
    }

    /// Whether any key, of whatever algorithm, has this id. If so, another fetch does not help.
    pub(super) fn knows(&self, key_id: Option<&str>) -> bool {
        match key_id {
            Some(id) => self.keys.iter().any(|key| key.id.as_deref() == Some(id)),
            None => !self.keys.is_empty(),
        }
    }
}

impl PublicKey {
    fn from_jwk(jwk: Jwk) -> Option<Self> {
        let for_signatures = jwk.key_use.as_deref().is_none_or(|key_use| key_use == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        // A published private key lets anybody sign.
        if !for_signatures || jwk.d.is_some() {
            return None;
        }
        let named = |allowed: &[&str]| jwk.alg.as_deref().is_none_or(|alg| allowed.contains(&alg));
        let (algorithm, key) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) if named(&["RS256"]) => {
                (Algorithm::RS256, rsa_key(&decode(jwk.n.as_deref())?, &decode(jwk.e.as_deref())?)?)
            }
            ("EC", Some("P-256")) if named(&["ES256"]) => {
                let (x, y) = (jwk.x.as_deref()?, jwk.y.as_deref()?);
                if decode(Some(x))?.len() != 32 || decode(Some(y))?.len() != 32 {
                    return None;
                }
                (Algorithm::ES256, DecodingKey::from_ec_components(x, y).ok()?)
            }
            ("OKP", Some("Ed25519")) if named(&["EdDSA", "Ed25519"]) => {
                // The backend slices 32 bytes out of it and would panic on fewer.
                let x = decode(jwk.x.as_deref()).filter(|x| x.len() == 32)?;
                (Algorithm::EdDSA, DecodingKey::from_ed_der(&x))
            }
            _ => return None,
        };
        Some(Self { id: jwk.kid, algorithm, key })
    }
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Option<DecodingKey> {
    let modulus = &modulus[modulus.iter().position(|&byte| byte != 0)?..];
    let bits = modulus.len() * 8 - modulus[0].leading_zeros() as usize;
    let odd = modulus.last()? & 1 == 1 && exponent.last()? & 1 == 1;
    (RSA_BITS.contains(&bits) && odd).then(|| DecodingKey::from_rsa_raw_components(modulus, exponent))
}

fn decode(part: Option<&str>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part?).ok()
}
