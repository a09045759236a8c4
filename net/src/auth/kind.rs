//! The kind of a token: only access tokens are accepted, not other tokens that the provider signs
//! for the same audience (RFC 9068, RFC 8725, 3.11). Recognises other kinds by their header and
//! claims; signature and ordinary claims are checked elsewhere.
//!
//! Few providers write `at+jwt`, so a token without any sign of another kind counts as an access
//! token.

use serde_json::{Map, Value};

use super::error::AuthError;

/// Claims that no access token has: of security events and logout tokens (RFC 8417), ID tokens
/// (OpenID Connect Core 3.1.3.6, 3.3.2.11 and 7, FAPI, CIBA), DPoP proofs (RFC 9449), introspection
/// answers (RFC 9701), credentials (RFC 9901), requests to the provider (RFC 9101), statements
/// about clients (RFC 7591) and lists of states of tokens.
const NEVER_IN_ACCESS_TOKENS: [&str; 22] = [
    "events",
    "toe",
    "at_hash",
    "c_hash",
    "s_hash",
    "urn:openid:params:jwt:claim:rt_hash",
    "urn:openid:params:jwt:claim:auth_req_id",
    "sub_jwk",
    "htm",
    "htu",
    "ath",
    "token_introspection",
    "vc",
    "vp",
    "_sd",
    "sd_hash",
    "response_type",
    "redirect_uri",
    "code_challenge",
    "software_statement",
    "jwks",
    "status_list",
];

/// Claims in which some providers name the kind of a token: `access`, `Bearer`.
const USES: [&str; 4] = ["typ", "token_use", "token_type", "tokenType"];

/// Claims in which others do. These words may stand for something else, so only what is known to be
/// another kind is refused.
const PURPOSES: [&str; 8] = ["purpose", "type", "use", "usage", "kind", "tokenUse", "token_kind", "tty"];

const OTHER_PURPOSES: [&str; 7] = ["id", "idt", "refresh", "rt", "offline", "logout", "registration"];

/// Claims that show an access token, so that a `nonce` beside them is no mark of an ID token: some
/// providers put it into both.
const SHOWN_BY: [&str; 4] = ["scope", "scp", "client_id", "cid"];

/// Claims of access tokens of providers that write none of those: Auth0 with permissions, authentik
/// before it wrote scopes, FusionAuth. They may describe the player, as ID tokens do.
const SHOWN_LESS_BY: [&str; 4] = ["permissions", "gty", "uid", "applicationId"];

/// Claims that say who somebody is (OpenID Connect Core, 5.1). An access token says what its bearer
/// may do; one that says this and nothing of that is an ID token.
const OF_A_PROFILE: [&str; 6] = ["name", "given_name", "family_name", "nickname", "preferred_username", "picture"];

/// Accepts access tokens only. `is_declared`: the header says that it is one.
pub(super) fn check(claims: &Map<String, Value>, is_declared: bool) -> Result<(), AuthError> {
    let said = |name: &str| claims.get(name).filter(|value| says_something(value));
    let uses: Vec<&Value> = USES.iter().filter_map(|name| said(name)).collect();
    let has_one = |names: &[&str]| names.iter().any(|name| said(name).is_some());
    let mut purposes = PURPOSES.iter().filter_map(|name| said(name)?.as_str());
    let is_shown = is_declared || !uses.is_empty() || has_one(&SHOWN_BY);
    let is_of_a_person = has_one(&OF_A_PROFILE) || (has_one(&["email"]) && has_one(&["auth_time"]));
    let is_foreign = has_one(&NEVER_IN_ACCESS_TOKENS)
        || !uses.into_iter().all(is_access)
        || purposes.any(is_other_purpose)
        || (has_one(&["nonce"]) && !is_shown)
        || (is_of_a_person && !is_shown && !has_one(&SHOWN_LESS_BY));
    if is_foreign { Err(AuthError::Invalid("another kind of token")) } else { Ok(()) }
}

/// Some libraries write absent claims as `null` or `""`.
fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

fn is_access(value: &Value) -> bool {
    value.as_str().is_some_and(|text| matches!(plain(text).as_str(), "access" | "bearer" | "at+jwt"))
}

fn is_other_purpose(text: &str) -> bool {
    let text = plain(text);
    // `refreshToken`, too.
    OTHER_PURPOSES.contains(&text.strip_suffix("token").unwrap_or(&text))
}

/// `access`, whether it is written so or as `Access-Token`.
fn plain(text: &str) -> String {
    let mut text = text.to_ascii_lowercase().replace('-', "_");
    if let Some(bare) = text.strip_suffix("_token") {
        text.truncate(bare.len());
    }
    text
}
