//! Bounds of what sign-in looks at and how often it asks the provider.

use std::time::Duration;

/// How far our clock and the provider's may be apart, seconds: `exp` is honoured this much longer,
/// `nbf` and `iat` this much earlier.
pub const CLOCK_LEEWAY_S: u64 = 60;

/// Longest token that is looked at, bytes.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Shortest time between two fetches of a provider's keys, whatever tokens arrive.
pub const REFRESH_INTERVAL: Duration = Duration::from_secs(30);

/// Keys older than this are fetched again before the next sign-in, so that a withdrawn key is
/// accepted no longer than this while the provider can be reached. Keys older than half of it are
/// fetched after a sign-in. A shorter `Cache-Control: max-age` of the provider counts instead, down
/// to [`REFRESH_INTERVAL`].
pub const KEYS_AGE_MAX: Duration = Duration::from_secs(10 * 60);

/// Time for one request to the provider.
pub(super) const PROVIDER_TIMEOUT: Duration = Duration::from_secs(5);

/// Largest answer of the provider and largest key file, bytes.
pub(super) const PROVIDER_ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Most keys of a JWK Set that are looked at.
pub(super) const JWKS_KEYS_MAX: usize = 64;

/// Most keys that the signature of a token that names none is checked with: an old and a new one,
/// and some to spare. Each costs the time of a check.
pub(super) const KEYS_TRIED_MAX: usize = 4;

/// Longest `sub`, bytes (OpenID Connect Core, 2).
pub(super) const SUBJECT_BYTES_MAX: usize = 255;

/// Most entries of an `aud` array that are looked at.
pub(super) const AUDIENCES_MAX: usize = 32;
