//! Access tokens, their claims, and the keys of a provider.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tilemud_net::auth::{AuthClock, AuthConfig, Authenticator, DevIssuer};
use tilemud_net::testing::{judged_claims, tried_keys};

use crate::http::block_on;

/// The time of every token here, seconds since 1970.
const NOW_S: u64 = 1_790_000_000;

/// What stands in an input for the one good token.
const GOOD: &str = "$TOKEN";

/// A clock that stands still.
struct Stopped;

impl AuthClock for Stopped {
    fn unix_s(&self) -> u64 {
        NOW_S
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

/// Sign-in with the development issuer, and the one good token.
static SIGN_IN: LazyLock<(Authenticator, String)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = folder.path().join("key");
    std::fs::write(&key, [7; 32]).expect("a file can be written");
    let dev = DevIssuer::open_with_clock(&key, Arc::new(Stopped)).expect("a seed of 32 bytes is a key");
    let token = dev.issue("ann").0;
    let config = AuthConfig { dev_issuer: Some(dev), ..AuthConfig::default() };
    (Authenticator::with_clock(config, Arc::new(Stopped)).expect("one issuer is enough"), token)
});

/// The value of an `Authorization` header. Nothing but the one good token opens.
pub(crate) fn bearer(data: &[u8]) {
    let (sign_in, good) = &*SIGN_IN;
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = text.replace(GOOD, good);
    let verified = block_on(sign_in.verify(Some(&text)));
    if verified.is_ok() {
        let signed = good.rsplit_once('.').map_or("", |(signed, _)| signed);
        assert!(text.contains(signed), "something else than the good token opens");
    }
}

/// JSON that a provider signed.
pub(crate) fn claims(data: &[u8]) {
    if let Ok(user) = judged_claims(data, "tilemud", NOW_S) {
        assert!(user.0.len() == 32 && user.0.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let text = String::from_utf8_lossy(data);
        assert!(text.contains("tilemud") || text.contains("\\u"), "for another audience");
    }
}

/// A JWK Set that a provider answered with.
pub(crate) fn key_sets(data: &[u8]) {
    let header =
        |alg: &str| format!("Bearer {}.{}.{}", part(&format!("{{\"alg\":\"{alg}\"}}")), part(CLAIMS), "A".repeat(86));
    let headers: Vec<String> = ["RS256", "ES256", "EdDSA"].into_iter().map(header).collect();
    match tried_keys(data, &headers) {
        Ok(keys) => assert!((1..=64).contains(&keys)),
        Err(reason) => assert!(!reason.is_empty()),
    }
}

const CLAIMS: &str = r#"{"iss":"https://id.example","aud":"tilemud","sub":"ann","exp":1790000600}"#;

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}
