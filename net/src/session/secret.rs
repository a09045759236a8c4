//! Tickets and reconnect tokens: 32 random bytes that are only kept as a hash and never printed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

/// A secret on its way to its owner.
pub(crate) struct Secret(String);

/// What the server keeps of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SecretHash(pub(crate) [u8; 32]);

impl Secret {
    /// A new one from the operating system's generator.
    pub(crate) fn new() -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What to keep of it.
    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    /// The text its owner gets.
    pub(crate) fn reveal(self) -> String {
        self.0
    }
}

impl SecretHash {
    /// The hash of a presented secret. Comparing hashes of random secrets needs no constant time:
    /// what an attacker could learn is the hash of their own guess.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}
