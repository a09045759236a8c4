//! The secrets of one sign-in: random bytes, and the verifier, challenge and state made of them
//! (RFC 7636, 4.1 and 4.2). The only source of randomness is the platform's, used only where the
//! connector asks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Bytes of a verifier; 32 are what the RFC recommends, 43 characters in base64url.
const VERIFIER_BYTES: usize = 32;
/// Bytes of a state.
const STATE_BYTES: usize = 16;

/// Random bytes for one sign-in; never printed, used once.
#[derive(Clone, PartialEq, Eq)]
pub struct Entropy([u8; VERIFIER_BYTES + STATE_BYTES]);

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(..)")
    }
}

impl Entropy {
    /// These bytes, for tests and the pretend server.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; VERIFIER_BYTES + STATE_BYTES]) -> Self {
        Self(bytes)
    }

    /// From the platform's source of secrets, which is the one that random UUIDs come from
    /// everywhere.
    #[must_use]
    pub fn fresh() -> Self {
        let mut bytes = [0; VERIFIER_BYTES + STATE_BYTES];
        // Three UUIDs have 366 random bits between their fixed ones; hashed, all 256 of the
        // verifier are random.
        let drawn = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
        bytes[..VERIFIER_BYTES].copy_from_slice(&Sha256::digest(drawn));
        bytes[VERIFIER_BYTES..].copy_from_slice(&Uuid::new_v4().into_bytes());
        Self(bytes)
    }

    pub(super) fn verifier(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0[..VERIFIER_BYTES])
    }

    pub(super) fn state(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0[VERIFIER_BYTES..])
    }
}

/// The S256 challenge of a verifier.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
