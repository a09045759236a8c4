//! The development issuer: signs a token for every request. Off by default (FR-001).
//!
//! Owns one Ed25519 key in a file only its owner can read. Its tokens go through the same checks as
//! any other's; only the key comes from here. Who may ask for a token is the HTTP layer's business.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Serialize;

use super::clock::{AuthClock, SystemClock};
use super::keys::KeySet;

/// `iss` of development tokens.
pub const DEV_ISSUER: &str = "tilemud-dev";

/// `aud` of development tokens.
pub const DEV_AUDIENCE: &str = "tilemud";

/// Life of a development token, seconds: 12 hours.
pub const DEV_TOKEN_TTL_S: u64 = 12 * 60 * 60;

const KEY_ID: &str = "dev";

/// PKCS #8 wrapping of an Ed25519 seed (RFC 8410, 7): the 32 bytes of the seed follow.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Issues tokens for local use; cheap to clone.
#[derive(Clone)]
pub struct DevIssuer {
    signing: EncodingKey,
    verifying: DecodingKey,
    clock: Arc<dyn AuthClock>,
}

impl std::fmt::Debug for DevIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevIssuer").finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct DevClaims<'a> {
    iss: &'static str,
    aud: &'static str,
    sub: &'a str,
    iat: u64,
    exp: u64,
}

impl DevIssuer {
    /// Opens the key file (PKCS #8, PEM or DER, or a raw 32-byte seed), making one with mode 0600
    /// if there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn open(key_file: &Path) -> io::Result<Self> {
        Self::open_with_clock(key_file, Arc::new(SystemClock::default()))
    }

    /// [`Self::open`] with the time of the tokens under the caller's control.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_clock(key_file: &Path, clock: Arc<dyn AuthClock>) -> io::Result<Self> {
        let content = match std::fs::read(key_file) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_key_file(key_file)?;
                std::fs::read(key_file)?
            }
            Err(error) => return Err(error),
        };
        let signing = EncodingKey::from_ed_der(&pkcs8_of(&content).ok_or_else(not_a_key)?);
        let public = Jwk::from_encoding_key(&signing, Algorithm::EdDSA).map_err(|_| not_a_key())?;
        let AlgorithmParameters::OctetKeyPair(public) = public.algorithm else { return Err(not_a_key()) };
        let verifying = DecodingKey::from_ed_components(&public.x).map_err(|_| not_a_key())?;
        Ok(Self { signing, verifying, clock })
    }

    /// A signed access token for `user`, and its life in seconds.
    #[must_use]
    pub fn issue(&self, user: &str) -> (String, u64) {
        let now_s = self.clock.unix_s();
        let claims =
            DevClaims { iss: DEV_ISSUER, aud: DEV_AUDIENCE, sub: user, iat: now_s, exp: now_s + DEV_TOKEN_TTL_S };
        let header =
            Header { kid: Some(KEY_ID.to_owned()), typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &self.signing)
            .expect("strings and numbers encode, and the key was used once when it was opened");
        (token, DEV_TOKEN_TTL_S)
    }

    pub(super) fn keys(&self) -> KeySet {
        KeySet::of_one(KEY_ID, Algorithm::EdDSA, self.verifying.clone())
    }
}

fn not_a_key() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not an Ed25519 key (PKCS #8 or a 32-byte seed)")
}

/// The 48 bytes of a PKCS #8 Ed25519 key without its public half, from any form we accept.
fn pkcs8_of(content: &[u8]) -> Option<Vec<u8>> {
    let der = match PrivatePkcs8KeyDer::from_pem_slice(content) {
        Ok(key) => key.secret_pkcs8_der().to_vec(),
        Err(_) => content.to_vec(),
    };
    let seed = match der.len() {
        32 => &der[..],
        48 => der.strip_prefix(&PKCS8_PREFIX[..])?,
        _ => return None,
    };
    Some([&PKCS8_PREFIX[..], seed].concat())
}

/// Writes a new key to a temporary file and links it to its name, so that a reader never sees half
/// a key, and of two servers that start at once the first one's key is kept.
fn create_key_file(key_file: &Path) -> io::Result<()> {
    if let Some(folder) = key_file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let seed: [u8; 32] = rand::random();
    let der = [&PKCS8_PREFIX[..], &seed].concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    let mut beside = key_file.as_os_str().to_owned();
    beside.push(format!(".{:016x}", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(pem.as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| match std::fs::hard_link(&beside, key_file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    std::fs::remove_file(&beside).or_else(|error| if linked.is_err() { Ok(()) } else { Err(error) })?;
    linked
}
