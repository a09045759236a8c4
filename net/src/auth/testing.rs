//! The parts of sign-in that read what a provider or a stranger wrote, for tests and fuzzing. Never
//! part of the server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tilemud_schema::UserId;

use super::AuthError;
use super::bearer::UnverifiedToken;
use super::keys::KeySet;

/// The user to whom claims are good.
///
/// # Errors
/// As of a token with these claims and a good signature.
pub fn judged_claims(json: &[u8], audience: &str, now_s: u64) -> Result<UserId, AuthError> {
    let [header, claims] = [&br#"{"alg":"EdDSA"}"#[..], json].map(|part| URL_SAFE_NO_PAD.encode(part));
    let token = UnverifiedToken::from_header(Some(&format!("Bearer {header}.{claims}.AA")))?;
    token.kind?;
    token.claims.check(audience, now_s)?;
    Ok(token.claims.user_id("https://id.example"))
}

/// How many keys of a JWK Set can be used. Each is tried on the token of this header.
///
/// # Errors
/// When there is none.
pub fn tried_keys(json: &[u8], headers: &[String]) -> Result<usize, &'static str> {
    let keys = KeySet::parse(json)?;
    for header in headers {
        if let Ok(token) = UnverifiedToken::from_header(Some(header)) {
            // Whose signature it is, is not the question here.
            let _ = token.check_signature(&keys);
        }
    }
    Ok(keys.len())
}
