//! The kind of a token: only access tokens are accepted, not other tokens that the provider signs
//! for the same audience (RFC 9068, RFC 8725, 3.11). Recognises other kinds by their header and
//! claims; signature and ordinary claims are checked elsewhere.
//!
//! Few providers write `at+jwt`, so a token without any sign of another kind counts as an access
//! token.

use serde_json::{Map, Value};

use super::error::AuthError;

/// Claims that no access token has: of security events and logout tokens (RFC 8417, RFC 9493), ID
/// tokens (OpenID Connect Core 3.1.3.6, 3.3.2.11 and 7, FAPI, CIBA; Apple and Firebase, which make
/// no others), refresh tokens, DPoP proofs (RFC 9449), introspection answers (RFC 9701),
/// credentials (RFC 9901, SD-JWT VC), requests to the provider (RFC 9101, RFC 7636, CIBA), devices
/// (RFC 8628), statements about clients (RFC 7591) and of federations, lists of states of tokens,
/// transaction tokens, calls (RFC 8225) and attestations (RFC 9711).
const NEVER_IN_ACCESS_TOKENS: [&str; 48] = [
    "events",
    "toe",
    "sub_id",
    "at_hash",
    "c_hash",
    "s_hash",
    "rt_hash",
    "urn:openid:params:jwt:claim:rt_hash",
    "urn:openid:params:jwt:claim:auth_req_id",
    "sub_jwk",
    "is_private_email",
    "nonce_supported",
    "real_user_status",
    "firebase",
    "ati",
    "rti",
    "htm",
    "htu",
    "ath",
    "token_introspection",
    "vc",
    "vp",
    "vct",
    "_sd",
    "_sd_alg",
    "sd_hash",
    "response_type",
    "redirect_uri",
    "request_uri",
    "code_challenge",
    "code_challenge_method",
    "auth_req_id",
    "device_code",
    "user_code",
    "software_statement",
    "software_id",
    "redirect_uris",
    "jwks",
    "authority_hints",
    "metadata_policy",
    "trust_mark_type",
    "status_list",
    "tctx",
    "rctx",
    "attest",
    "origid",
    "eat_profile",
    "eat_nonce",
];

/// The same of two claims together, each of which somebody may have for something else: answers to
/// a client (JARM), calls.
const NEVER_TOGETHER: [[&str; 2]; 2] = [["code", "state"], ["orig", "dest"]];

/// The same of claims that are `true`.
const NEVER_TRUE: [&str; 3] = ["active", "refresh", "is_refresh_token"];

/// Members of `metadata` in a statement of a federation. Elsewhere it is the operator's (Clerk).
const OF_A_FEDERATION: [&str; 6] = [
    "federation_entity",
    "openid_provider",
    "openid_relying_party",
    "oauth_authorization_server",
    "oauth_client",
    "oauth_resource",
];

/// Claims in which some providers name the kind of a token: `access`, `Bearer`.
const USES: [&str; 4] = ["typ", "token_use", "token_type", "tokenType"];

/// Claims in which others do. These words may stand for something else, so only what is known to be
/// another kind is refused.
const PURPOSES: [&str; 5] = ["type", "use", "usage", "kind", "tty"];

/// The same, where a word that nobody knows is one more purpose, unless something shows an access
/// token.
const CLOSE_PURPOSES: [&str; 3] = ["purpose", "tokenUse", "token_kind"];

const OTHER_PURPOSES: [&str; 7] = ["id", "idt", "refresh", "rt", "offline", "logout", "registration"];

/// Words of tokens that are good for one thing only: a new password, a login by mail, a code.
const ONE_THING: [&str; 18] = [
    "activate",
    "activation",
    "challenge",
    "code",
    "confirm",
    "confirmation",
    "invitation",
    "invite",
    "magic",
    "mfa",
    "otp",
    "password",
    "recovery",
    "reset",
    "session",
    "signup",
    "verification",
    "verify",
];

/// Claims that show an access token, so that a `nonce` beside them is no mark of an ID token: some
/// providers put it into both.
const SHOWN_BY: [&str; 4] = ["scope", "scp", "client_id", "cid"];

/// Claims of access tokens of providers that write none of those: Auth0 with permissions, authentik
/// before it wrote scopes, FusionAuth, Supabase, Entra for applications. They may describe the
/// player, as ID tokens do.
const SHOWN_LESS_BY: [&str; 8] =
    ["permissions", "gty", "uid", "applicationId", "session_id", "appid", "azpacr", "idtyp"];

/// Claims that say who somebody is (OpenID Connect Core 5.1 and 5.6.2, Identity Assurance, Google,
/// Microsoft). An access token says what its bearer may do; one that says this and nothing of that
/// is an ID token.
const OF_A_PROFILE: [&str; 26] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "verified_claims",
    "_claim_names",
    "_claim_sources",
    "hd",
    "oid",
    "upn",
    "unique_name",
];

/// Accepts access tokens only. `is_declared`: the header says that it is one.
pub(super) fn check(claims: &Map<String, Value>, is_declared: bool) -> Result<(), AuthError> {
    let said = |name: &str| claims.get(name).filter(|value| says_something(value));
    let uses: Vec<&Value> = USES.iter().filter_map(|name| said(name)).collect();
    let has_one = |names: &[&str]| names.iter().any(|name| said(name).is_some());
    let close = words(claims, &CLOSE_PURPOSES);
    let is_shown = is_declared || !uses.is_empty() || has_one(&SHOWN_BY);
    let is_federation = said("metadata").is_some_and(|it| OF_A_FEDERATION.iter().any(|name| it.get(name).is_some()));
    let is_foreign = has_one(&NEVER_IN_ACCESS_TOKENS)
        || NEVER_TOGETHER.iter().any(|pair| pair.iter().all(|name| said(name).is_some()))
        || NEVER_TRUE.iter().any(|name| said(name) == Some(&Value::Bool(true)))
        || is_federation
        || !uses.into_iter().all(is_access)
        || words(claims, &PURPOSES).into_iter().any(is_other_purpose)
        || close.iter().any(|text| is_other_purpose(text) || !(is_shown || is_access_word(text)))
        || (has_one(&["nonce"]) && !is_shown)
        || (has_one(&OF_A_PROFILE) && !is_shown && !has_one(&SHOWN_LESS_BY));
    if is_foreign { Err(AuthError::Invalid("another kind of token")) } else { Ok(()) }
}

/// Some libraries write absent claims as `null` or `""`.
fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

/// What these claims say in words.
fn words<'a>(claims: &'a Map<String, Value>, names: &[&str]) -> Vec<&'a str> {
    let words = names.iter().filter_map(|name| claims.get(*name)?.as_str());
    words.filter(|word| !word.is_empty()).collect()
}

fn is_access(value: &Value) -> bool {
    value.as_str().is_some_and(is_access_word)
}

fn is_access_word(text: &str) -> bool {
    matches!(plain(text).as_str(), "access" | "bearer" | "at+jwt")
}

fn is_other_purpose(text: &str) -> bool {
    let bare = plain(text);
    // `refreshToken`, too.
    OTHER_PURPOSES.contains(&bare.strip_suffix("token").unwrap_or(&bare))
        || words_of(text).iter().any(|word| ONE_THING.contains(&word.as_str()))
}

/// `password`, `reset` of `password-reset` and of `passwordReset`.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for char in text.chars() {
        if !char.is_alphanumeric() || (was_small && char.is_uppercase()) {
            words.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
        was_small = char.is_lowercase();
    }
    words
}

/// `access`, whether it is written so or as `Access-Token`.
fn plain(text: &str) -> String {
    let mut text = text.to_ascii_lowercase().replace('-', "_");
    if let Some(bare) = text.strip_suffix("_token") {
        text.truncate(bare.len());
    }
    text
}
