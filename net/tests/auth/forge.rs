//! Makes tokens, good and bad, from fixed keys and a fixed time; knows nothing of how they are
//! checked.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use tilemud_net::auth::{AuthClock, AuthConfig, Authenticator, DevIssuer, OidcConfig};

pub const ISSUER: &str = "https://id.example.test/realm";
pub const AUDIENCE: &str = "tilemud";

/// The moment all fixed tokens are judged at, seconds since 1970.
pub const NOW_S: u64 = 1_800_000_000;

/// A clock that only moves when told to.
#[derive(Default)]
pub struct ManualClock {
    elapsed_ms: AtomicU64,
}

impl ManualClock {
    pub fn advance(&self, by: Duration) {
        self.elapsed_ms.fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl AuthClock for ManualClock {
    fn unix_s(&self) -> u64 {
        NOW_S + self.monotonic().as_secs()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.elapsed_ms.load(Ordering::SeqCst))
    }
}

/// A fixed private key by its file name without the ending: `rsa-1`, `ec-1`, `ed-1` (the
/// provider's), `*-2` (somebody else's).
pub fn private_key(name: &str) -> EncodingKey {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/auth/keys").join(format!("{name}.pem"));
    match PrivateKeyDer::from_pem_file(path).unwrap() {
        PrivateKeyDer::Pkcs1(der) => EncodingKey::from_rsa_der(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) if name.starts_with("ec") => EncodingKey::from_ec_der(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs8(der) => EncodingKey::from_ed_der(der.secret_pkcs8_der()),
        other => panic!("unexpected key {other:?}"),
    }
}

/// The public half of a fixed key as a provider publishes it.
pub fn jwk(name: &str) -> Value {
    let algorithm = match name {
        "ec-p384" => Algorithm::ES384,
        _ if name.starts_with("rsa") => Algorithm::RS256,
        _ if name.starts_with("ec") => Algorithm::ES256,
        _ => Algorithm::EdDSA,
    };
    let mut value = serde_json::to_value(Jwk::from_encoding_key(&private_key(name), algorithm).unwrap()).unwrap();
    value["kid"] = json!(name);
    value["use"] = json!("sig");
    value
}

/// A JWK Set of these keys.
pub fn jwks(names: &[&str]) -> Value {
    json!({ "keys": names.iter().map(|name| jwk(name)).collect::<Vec<_>>() })
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Claims in which everything is right.
pub fn good_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "iat": NOW_S - 10, "nbf": NOW_S - 10, "exp": NOW_S + 600,
    })
}

/// Good claims with some members replaced; `null` removes one.
pub fn claims_with(changes: &Value) -> Value {
    with(good_claims(), changes)
}

/// The header a provider writes for one of its keys.
pub fn header(alg: &str, kid: &str) -> Value {
    json!({ "alg": alg, "typ": "at+jwt", "kid": kid })
}

pub fn with(mut base: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
    base
}

/// Header and claims as text, signed by `key` with `algorithm`, whatever the header says.
pub fn sign_text(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", b64(header), b64(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

pub fn sign(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    sign_text(&header.to_string(), &claims.to_string(), key, algorithm)
}

/// A token of the provider, with these claims, by its Ed25519 key (the quickest).
pub fn ed(claims: &Value) -> String {
    sign(&header("EdDSA", "ed-1"), claims, &private_key("ed-1"), Algorithm::EdDSA)
}

/// The same with good claims and this header.
pub fn ed_header(header: &Value) -> String {
    sign(header, &good_claims(), &private_key("ed-1"), Algorithm::EdDSA)
}

pub fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// An authenticator that knows the provider's three keys from a file and the development issuer, at
/// [`NOW_S`].
pub struct World {
    pub auth: Authenticator,
    pub dev: DevIssuer,
    pub clock: Arc<ManualClock>,
    pub jwks_file: PathBuf,
    _folder: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        Self::with_keys(&jwks(&["rsa-1", "ec-1", "ed-1"]))
    }

    pub fn with_keys(keys: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let jwks_file = folder.path().join("jwks.json");
        std::fs::write(&jwks_file, keys.to_string()).unwrap();
        let clock = Arc::new(ManualClock::default());
        let dev = DevIssuer::open_with_clock(&folder.path().join("dev.pem"), clock.clone()).unwrap();
        let oidc =
            OidcConfig { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), jwks_file: Some(jwks_file.clone()) };
        let config = AuthConfig { oidc: Some(oidc), dev_issuer: Some(dev.clone()) };
        let auth = Authenticator::with_clock(config, clock.clone()).unwrap();
        Self { auth, dev, clock, jwks_file, _folder: folder }
    }
}
