//! The table of forged and bad tokens: each refused with its code and for its own reason (NFR-006).
//!
//! The reason is compared too, so that a row cannot pass because something else in it is wrong.

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tilemud_net::auth::AuthError::{self, Expired, Invalid, Missing};
use tilemud_net::auth::CLOCK_LEEWAY_S;
use tilemud_schema::ErrorCode;

use crate::forge::{
    AUDIENCE, ISSUER, NOW_S, World, b64, bearer, claims_with, ed, ed_header, good_claims, header, jwk, private_key,
    sign, sign_text, with,
};

const ALGORITHM: AuthError = Invalid("algorithm is not allowed");
const SIGNATURE: AuthError = Invalid("signature does not verify");
const NO_KEY: AuthError = Invalid("no key of this id for this algorithm");
const SHAPE_OF_CLAIMS: AuthError = Invalid("claims are not what claims must be");
const SHAPE_OF_HEADER: AuthError = Invalid("header is not what a header must be");
const PARTS: AuthError = Invalid("not three parts");
const ALPHABET: AuthError = Invalid("character outside base64url");
const BASE64: AuthError = Invalid("not base64url");
const EXTENSION: AuthError = Invalid("header extension");
const ISSUER_WRONG: AuthError = Invalid("another issuer");
const SLASH_WRONG: AuthError = Invalid("another issuer: it differs from --oidc-issuer only by the slash at its end");
const TYPE_WRONG: AuthError = Invalid("another type of token");
const KIND_WRONG: AuthError = Invalid("another kind of token");
const AUDIENCE_WRONG: AuthError = Invalid("another audience");
const SUBJECT: AuthError = Invalid("subject is empty or too long");

struct Row {
    name: &'static str,
    /// The raw value of the `Authorization` header.
    value: Option<String>,
    refused: AuthError,
}

fn row(name: &'static str, token: impl AsRef<str>, refused: AuthError) -> Row {
    Row { name, value: Some(bearer(token.as_ref())), refused }
}

fn header_row(name: &'static str, value: Option<&str>, refused: AuthError) -> Row {
    Row { name, value: value.map(str::to_owned), refused }
}

/// No token, or nothing like one.
fn header_rows() -> Vec<Row> {
    let good = ed(&good_claims());
    vec![
        header_row("no header", None, Missing),
        header_row("empty header", Some(""), Missing),
        header_row("scheme alone", Some("Bearer"), Missing),
        header_row("scheme and a space", Some("Bearer "), Missing),
        header_row("basic scheme", Some("Basic dXNlcjpwYXNz"), Missing),
        header_row("token without scheme", Some(&good), Missing),
        header_row("another scheme with a good token", Some(&format!("DPoP {good}")), Missing),
        header_row("tab for a space", Some(&format!("Bearer\t{good}")), Missing),
        header_row("two tokens", Some(&format!("Bearer {good} {good}")), ALPHABET),
        header_row("two headers joined", Some(&format!("Bearer {good}, Bearer {good}")), ALPHABET),
        header_row("space at the end", Some(&format!("Bearer {good} ")), ALPHABET),
        header_row("line end at the end", Some(&format!("Bearer {good}\r\n")), ALPHABET),
        header_row("zero byte", Some(&format!("Bearer {good}\0")), ALPHABET),
        header_row("quoted", Some(&format!("Bearer \"{good}\"")), ALPHABET),
    ]
}

/// Three parts of base64url JSON, or not.
fn shape_rows() -> Vec<Row> {
    let good = ed(&good_claims());
    let parts: Vec<&str> = good.split('.').collect();
    let [h, c, s] = parts[..] else { unreachable!() };
    let key = private_key("ed-1");
    let text = |header: &str, claims: &str| sign_text(header, claims, &key, Algorithm::EdDSA);
    let head = header("EdDSA", "ed-1").to_string();
    let claims = good_claims().to_string();
    vec![
        row("one word", "token", PARTS),
        row("dots only", "..", Invalid("no signature")),
        row("two parts", format!("{h}.{c}"), PARTS),
        row("four parts", format!("{good}.{s}"), PARTS),
        row("dot at the start", format!(".{good}"), PARTS),
        row("dot at the end", format!("{good}."), PARTS),
        row("doubled dot", format!("{h}..{c}.{s}"), PARTS),
        row("signature cut off", format!("{h}.{c}."), Invalid("no signature")),
        row("empty header part", format!(".{c}.{s}"), SHAPE_OF_HEADER),
        row("empty claims part", format!("{h}..{s}"), SHAPE_OF_CLAIMS),
        row("claims cut short", format!("{h}.{}.{s}", b64(&claims[..claims.len() - 4])), SHAPE_OF_CLAIMS),
        row("signature cut short", format!("{h}.{c}.{}", &s[..s.len() - 4]), SIGNATURE),
        row("one byte more of signature", format!("{h}.{c}.{s}AA"), SIGNATURE),
        row("padding", format!("{h}=.{c}.{s}"), ALPHABET),
        row("standard base64", format!("{h}.{c}.+/{}", &s[2..]), ALPHABET),
        row("bits left over in the header", format!("{}.{c}.{s}", spoil_last_bits(h)), BASE64),
        row("impossible base64 length", format!("{}.{c}.{s}", &h[..h.len() / 4 * 4 - 3]), BASE64),
        row("unicode", format!("{h}.{c}.{s}é"), ALPHABET),
        row("look-alike dot", good.replace('.', "\u{2024}"), ALPHABET),
        row("header not JSON", format!("{}.{c}.{s}", b64("alg=EdDSA")), SHAPE_OF_HEADER),
        row("header an array", text("[\"EdDSA\"]", &claims), SHAPE_OF_HEADER),
        row("header not UTF-8", format!("{}.{c}.{s}", b64([b'{', 0xff, b'}'])), SHAPE_OF_HEADER),
        row("alg given twice", text(r#"{"alg":"EdDSA","alg":"none","kid":"ed-1"}"#, &claims), SHAPE_OF_HEADER),
        row(
            "typ given twice",
            text(r#"{"alg":"EdDSA","typ":"JWT","typ":"JWT","kid":"ed-1"}"#, &claims),
            SHAPE_OF_HEADER,
        ),
        row(
            "a header nobody reads given twice",
            text(r#"{"alg":"EdDSA","x":1,"x":2,"kid":"ed-1"}"#, &claims),
            SHAPE_OF_HEADER,
        ),
        row(
            "a kind given twice",
            text(&head, &claims.replace('{', "{\"token_use\":\"id\",\"token_use\":\"access\",")),
            SHAPE_OF_CLAIMS,
        ),
        row(
            "given twice further down",
            text(&head, &claims.replace('{', "{\"realm\":{\"a\":1,\"a\":2},")),
            SHAPE_OF_CLAIMS,
        ),
        row("claims a string", text(&head, "\"sub\""), SHAPE_OF_CLAIMS),
        row("claims an array", text(&head, "[]"), SHAPE_OF_CLAIMS),
        row("claims with text after them", text(&head, &format!("{claims}{{}}")), SHAPE_OF_CLAIMS),
        row("sub given twice", text(&head, &claims.replace('{', "{\"sub\":\"user-2\",")), SHAPE_OF_CLAIMS),
        row("nested too deep", text(&head, &format!("{{\"a\":{}", "[".repeat(2000))), SHAPE_OF_CLAIMS),
        row("huge", ed(&claims_with(&json!({ "x": "y".repeat(9000) }))), Invalid("too long")),
    ]
}

/// Algorithms that are not what they say, and keys that are not the provider's.
fn signature_rows() -> Vec<Row> {
    let good = good_claims();
    let (rsa, ec, ed_1) = (private_key("rsa-1"), private_key("ec-1"), private_key("ed-1"));
    let (rsa_2, ec_2, ed_2) = (private_key("rsa-2"), private_key("ec-2"), private_key("ed-2"));
    let unsigned =
        |alg: &str, tail: &str| format!("{}.{}.{tail}", b64(header(alg, "ed-1").to_string()), b64(good.to_string()));
    // What a confused checker would take for the shared secret: the published key, in some form.
    let public = jwk("rsa-1");
    let confusions = [public["n"].as_str().unwrap().to_owned(), public.to_string()];
    let [by_modulus, by_jwk] = confusions.map(|secret| {
        sign(&header("HS256", "rsa-1"), &good, &EncodingKey::from_secret(secret.as_bytes()), Algorithm::HS256)
    });
    let other = claims_with(&json!({ "sub": "admin" }));
    let token = ed(&good);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (head, _) = message.split_once('.').unwrap();
    let es256 = sign(&header("ES256", "ec-1"), &good, &ec, Algorithm::ES256);
    let es256_message = es256.rsplit_once('.').unwrap().0;
    vec![
        row("none, no signature", unsigned("none", ""), Invalid("no signature")),
        row("none, some signature", unsigned("none", "AAAA"), ALGORITHM),
        row("None", unsigned("None", "AAAA"), ALGORITHM),
        row("NONE", unsigned("NONE", signature), ALGORITHM),
        row("empty alg", unsigned("", signature), ALGORITHM),
        row("lower-case alg", unsigned("eddsa", signature), ALGORITHM),
        row("alg with a space", unsigned("EdDSA ", signature), ALGORITHM),
        row("alg Ed25519", unsigned("Ed25519", signature), ALGORITHM),
        row("no alg", ed_header(&json!({ "kid": "ed-1" })), SHAPE_OF_HEADER),
        row("alg null", ed_header(&json!({ "alg": Value::Null, "kid": "ed-1" })), SHAPE_OF_HEADER),
        row("alg an array", ed_header(&json!({ "alg": ["EdDSA"], "kid": "ed-1" })), SHAPE_OF_HEADER),
        row("HS256 with the RSA modulus as secret", by_modulus, ALGORITHM),
        row("HS256 with the JWK as secret", by_jwk, ALGORITHM),
        row("RS384 by the right key", sign(&header("RS384", "rsa-1"), &good, &rsa, Algorithm::RS384), ALGORITHM),
        row("PS256 by the right key", sign(&header("PS256", "rsa-1"), &good, &rsa, Algorithm::PS256), ALGORITHM),
        row("ES384", sign(&header("ES384", "ec-1"), &good, &private_key("ec-p384"), Algorithm::ES384), ALGORITHM),
        row("RS256 by another key", sign(&header("RS256", "rsa-1"), &good, &rsa_2, Algorithm::RS256), SIGNATURE),
        row("ES256 by another key", sign(&header("ES256", "ec-1"), &good, &ec_2, Algorithm::ES256), SIGNATURE),
        row("EdDSA by another key", sign(&header("EdDSA", "ed-1"), &good, &ed_2, Algorithm::EdDSA), SIGNATURE),
        row("PS256 signature under RS256", sign(&header("RS256", "rsa-1"), &good, &rsa, Algorithm::PS256), SIGNATURE),
        row("RS512 signature under RS256", sign(&header("RS256", "rsa-1"), &good, &rsa, Algorithm::RS512), SIGNATURE),
        row("RS256 naming the EC key", sign(&header("RS256", "ec-1"), &good, &rsa, Algorithm::RS256), NO_KEY),
        row("ES256 naming the RSA key", sign(&header("ES256", "rsa-1"), &good, &ec, Algorithm::ES256), NO_KEY),
        row("EdDSA naming the EC key", sign(&header("EdDSA", "ec-1"), &good, &ed_1, Algorithm::EdDSA), NO_KEY),
        row("EdDSA signature under ES256", sign(&header("ES256", "ec-1"), &good, &ed_1, Algorithm::EdDSA), SIGNATURE),
        row("ECDSA signature of zeros", format!("{es256_message}.{}", b64([0; 64])), SIGNATURE),
        row("ECDSA signature in DER", format!("{es256_message}.{}", b64([0x30, 6, 2, 1, 1, 2, 1, 1])), SIGNATURE),
        row("claims swapped", format!("{head}.{}.{signature}", b64(other.to_string())), SIGNATURE),
        row("header swapped", format!("{}.{signature}", with_other_header(message)), SIGNATURE),
        row("signature of another token", swap_signature(&token, &ed(&other)), SIGNATURE),
        row("one bit flipped", flip_bit(message, signature), SIGNATURE),
    ]
}

/// Attempts to choose the key that checks the token, or to switch the rules.
fn header_injection_rows() -> Vec<Row> {
    let good = good_claims();
    let mine = private_key("ed-2");
    let plain = header("EdDSA", "ed-1");
    let by_mine = |changes: Value| sign(&with(plain.clone(), &changes), &good, &mine, Algorithm::EdDSA);
    let by_right = |changes: Value| ed_header(&with(plain.clone(), &changes));
    vec![
        row("unknown kid", by_mine(json!({ "kid": "ed-2" })), NO_KEY),
        row("kid of the right key in capitals", by_right(json!({ "kid": "ED-1" })), NO_KEY),
        row("empty kid", by_right(json!({ "kid": "" })), NO_KEY),
        row("kid a path", by_mine(json!({ "kid": "../../../../dev/null" })), NO_KEY),
        row("kid a query", by_mine(json!({ "kid": "x' UNION SELECT 'ed-1" })), NO_KEY),
        row("kid an address", by_mine(json!({ "kid": "http://127.0.0.1:1/jwks" })), NO_KEY),
        row("kid a number", by_right(json!({ "kid": 1 })), SHAPE_OF_HEADER),
        row("kid an array", by_right(json!({ "kid": ["ed-1"] })), SHAPE_OF_HEADER),
        row("kid of the development issuer", by_right(json!({ "kid": "dev" })), NO_KEY),
        row("no kid, by another key", by_mine(json!({ "kid": null })), SIGNATURE),
        row("own jwk in the header", by_mine(json!({ "jwk": jwk("ed-2") })), SIGNATURE),
        row("own jwk and its kid", by_mine(json!({ "jwk": jwk("ed-2"), "kid": "ed-2" })), NO_KEY),
        row("own jku", by_mine(json!({ "jku": "http://127.0.0.1:1/jwks" })), SIGNATURE),
        row("own x5u", by_mine(json!({ "x5u": "http://127.0.0.1:1/chain" })), SIGNATURE),
        row("own x5c", by_mine(json!({ "x5c": ["MIIB"] })), SIGNATURE),
        row("crit naming exp", by_right(json!({ "crit": ["exp"], "exp": NOW_S })), EXTENSION),
        row("crit empty", by_right(json!({ "crit": [] })), EXTENSION),
        row("crit of the wrong type", by_right(json!({ "crit": "b64" })), EXTENSION),
        row("b64 false", by_right(json!({ "crit": ["b64"], "b64": false })), EXTENSION),
        row("b64 false without crit", by_right(json!({ "b64": false })), EXTENSION),
        row("compressed", by_right(json!({ "zip": "DEF" })), Invalid("encrypted or compressed")),
        row("encrypted", by_right(json!({ "enc": "A128GCM" })), Invalid("encrypted or compressed")),
        row("typ a number", by_right(json!({ "typ": 7 })), SHAPE_OF_HEADER),
        row("typ of an id token", by_right(json!({ "typ": "id_token" })), TYPE_WRONG),
        row("typ of a logout token", by_right(json!({ "typ": "logout+jwt" })), TYPE_WRONG),
        row("typ of a proof of possession", by_right(json!({ "typ": "dpop+jwt" })), TYPE_WRONG),
        row("typ of a security event", by_right(json!({ "typ": "application/secevent+jwt" })), TYPE_WRONG),
        row("typ of an introspection", by_right(json!({ "typ": "token-introspection+jwt" })), TYPE_WRONG),
        row("typ of a refresh token", by_right(json!({ "typ": "rt+jwt" })), TYPE_WRONG),
        row("typ JWE", by_right(json!({ "typ": "JWE" })), TYPE_WRONG),
        row("typ JOSE", by_right(json!({ "typ": "JOSE" })), TYPE_WRONG),
        row("typ empty", by_right(json!({ "typ": "" })), TYPE_WRONG),
    ]
}

/// Rightly signed, but for somebody else, some other time or nobody.
fn claim_rows(world: &World) -> Vec<Row> {
    let claims = |changes: Value| ed(&claims_with(&changes));
    let dev_token = world.dev.issue("user-1").0;
    let dev_claims = json!({ "iss": "tilemud-dev", "aud": "tilemud", "kid": "dev" });
    vec![
        row("no iss", claims(json!({ "iss": null })), SHAPE_OF_CLAIMS),
        row("no aud", claims(json!({ "aud": null })), SHAPE_OF_CLAIMS),
        row("no exp", claims(json!({ "exp": null })), SHAPE_OF_CLAIMS),
        row("no sub", claims(json!({ "sub": null })), SHAPE_OF_CLAIMS),
        row("another issuer", claims(json!({ "iss": "https://evil.example.test" })), ISSUER_WRONG),
        row("issuer with a slash more", claims(json!({ "iss": format!("{ISSUER}/") })), SLASH_WRONG),
        row("issuer in capitals", claims(json!({ "iss": ISSUER.to_uppercase() })), ISSUER_WRONG),
        row("issuer an array", claims(json!({ "iss": [ISSUER] })), SHAPE_OF_CLAIMS),
        row("issuer empty", claims(json!({ "iss": "" })), ISSUER_WRONG),
        row("dev issuer by the provider's key", ed(&claims_with(&dev_claims)), NO_KEY),
        row("provider's issuer by the dev key", reissued(&dev_token), SIGNATURE),
        row("a logout token's events", claims(json!({ "events": { "logout": {} } })), KIND_WRONG),
        row("a refresh token's claim", claims(json!({ "typ": "Refresh" })), KIND_WRONG),
        row("an offline token's claim", claims(json!({ "typ": "Offline" })), KIND_WRONG),
        row("an id token's claim", claims(json!({ "typ": "ID" })), KIND_WRONG),
        row("a logout token's claim", claims(json!({ "typ": "Logout" })), KIND_WRONG),
        row("a kind that is a number", claims(json!({ "typ": 1 })), KIND_WRONG),
        row("another audience", claims(json!({ "aud": "other" })), AUDIENCE_WRONG),
        row("audience a prefix", claims(json!({ "aud": "tilemu" })), AUDIENCE_WRONG),
        row("audience in capitals", claims(json!({ "aud": AUDIENCE.to_uppercase() })), AUDIENCE_WRONG),
        row("audience among none", claims(json!({ "aud": [] })), AUDIENCE_WRONG),
        row("audience not among many", claims(json!({ "aud": ["a", "b"] })), AUDIENCE_WRONG),
        row("audience an object", claims(json!({ "aud": { "tilemud": true } })), SHAPE_OF_CLAIMS),
        row("audience with a number in it", claims(json!({ "aud": ["tilemud", 1] })), SHAPE_OF_CLAIMS),
        row("audience among too many", claims(json!({ "aud": vec![AUDIENCE; 33] })), AUDIENCE_WRONG),
        row("empty sub", claims(json!({ "sub": "" })), SUBJECT),
        row("sub too long", claims(json!({ "sub": "s".repeat(256) })), SUBJECT),
        row("sub a number", claims(json!({ "sub": 1 })), SHAPE_OF_CLAIMS),
        row("expired", claims(json!({ "exp": NOW_S - CLOCK_LEEWAY_S })), Expired),
        row("expired long ago", claims(json!({ "exp": 1 })), Expired),
        row("exp zero", claims(json!({ "exp": 0 })), Expired),
        row("exp negative", claims(json!({ "exp": -1 })), Expired),
        row("exp a string", claims(json!({ "exp": (NOW_S + 600).to_string() })), SHAPE_OF_CLAIMS),
        row("exp a date", claims(json!({ "exp": "2099-01-01T00:00:00Z" })), SHAPE_OF_CLAIMS),
        row("exp true", claims(json!({ "exp": true })), SHAPE_OF_CLAIMS),
        row("exp an array", claims(json!({ "exp": [NOW_S + 600] })), SHAPE_OF_CLAIMS),
        row("exp beyond any number", overflowing_exp(), SHAPE_OF_CLAIMS),
        row("expired and for another audience", claims(json!({ "exp": 1, "aud": "other" })), AUDIENCE_WRONG),
        row("expired and another's signature", expired_by_another(), SIGNATURE),
        row("nbf in the future", claims(json!({ "nbf": NOW_S + CLOCK_LEEWAY_S + 1 })), Invalid("not valid yet")),
        row("nbf a string", claims(json!({ "nbf": "0" })), SHAPE_OF_CLAIMS),
        row("iat in the future", claims(json!({ "iat": NOW_S + 3600 })), Invalid("issued in the future")),
        row("iat a string", claims(json!({ "iat": "now" })), SHAPE_OF_CLAIMS),
        row("bound to a key", claims(json!({ "cnf": { "jkt": "x" } })), Invalid("sender-constrained")),
    ]
}

fn spoil_last_bits(part: &str) -> String {
    // A part of 4n+2 characters carries 4 unused bits in its last one; set, another text decodes to
    // the same bytes.
    let mut text = part.trim_end_matches('A').to_owned();
    while text.len() % 4 != 2 {
        text.pop();
    }
    text.pop();
    text.push('B');
    text
}

fn with_other_header(message: &str) -> String {
    let claims = message.split_once('.').unwrap().1;
    format!("{}.{claims}", b64(with(header("EdDSA", "ed-1"), &json!({ "typ": "JWT" })).to_string()))
}

fn swap_signature(token: &str, other: &str) -> String {
    format!("{}.{}", token.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1)
}

fn flip_bit(message: &str, signature: &str) -> String {
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    format!("{message}.{flipped}{}", &signature[1..])
}

/// The header and signature of a development token over claims that name the provider.
fn reissued(dev_token: &str) -> String {
    let (_, signature) = dev_token.rsplit_once('.').unwrap();
    format!("{}.{}.{signature}", b64(header("EdDSA", "ed-1").to_string()), b64(good_claims().to_string()))
}

fn overflowing_exp() -> String {
    let claims = claims_with(&json!({ "exp": 1 })).to_string().replace("\"exp\":1", "\"exp\":1e999");
    sign_text(&header("EdDSA", "ed-1").to_string(), &claims, &private_key("ed-1"), Algorithm::EdDSA)
}

fn expired_by_another() -> String {
    let claims = claims_with(&json!({ "exp": 1 }));
    sign(&header("EdDSA", "ed-1"), &claims, &private_key("ed-2"), Algorithm::EdDSA)
}

#[tokio::test]
async fn every_forged_or_bad_token_is_refused_with_its_code() {
    let world = World::new();
    let rows: Vec<Row> = [header_rows(), shape_rows(), signature_rows(), header_injection_rows(), claim_rows(&world)]
        .into_iter()
        .flatten()
        .collect();
    assert!(rows.len() >= 60, "only {} rows", rows.len());
    let mut names: Vec<_> = rows.iter().map(|row| row.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "two rows of one name");
    let mut wrong = Vec::new();
    for Row { name, value, refused } in &rows {
        let verdict = world.auth.verify(value.as_deref()).await;
        if verdict.as_ref() != Err(refused) {
            wrong.push(format!("{name}: {verdict:?}, not {refused:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    // After all of that, a good one still signs in.
    world.auth.verify(Some(&bearer(&ed(&good_claims())))).await.unwrap();
}

#[tokio::test]
async fn a_development_token_is_refused_where_the_development_issuer_is_off() {
    let world = World::new();
    let config = tilemud_net::auth::AuthConfig {
        oidc: Some(tilemud_net::auth::OidcConfig {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            jwks_file: Some(world.jwks_file.clone()),
        }),
        dev_issuer: None,
    };
    let without = tilemud_net::auth::Authenticator::with_clock(config, world.clock.clone()).unwrap();
    let value = bearer(&world.dev.issue("user-1").0);
    world.auth.verify(Some(&value)).await.unwrap();
    assert_eq!(without.verify(Some(&value)).await, Err(ISSUER_WRONG));
    assert!(without.dev_issuer().is_none());
}

#[tokio::test]
async fn a_key_file_that_holds_nothing_is_refused_at_the_start_and_later_leaves_the_keys_as_they_are() {
    let world = World::new();
    let value = bearer(&ed(&good_claims()));
    world.auth.verify(Some(&value)).await.unwrap();
    std::fs::write(&world.jwks_file, "").unwrap();
    world.clock.advance(tilemud_net::auth::REFRESH_INTERVAL);
    world.auth.verify(Some(&value)).await.unwrap();
    let oidc = tilemud_net::auth::OidcConfig {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        jwks_file: Some(world.jwks_file.clone()),
    };
    let config = tilemud_net::auth::AuthConfig { oidc: Some(oidc), dev_issuer: None };
    let refusal = tilemud_net::auth::Authenticator::with_clock(config, world.clock.clone()).unwrap_err();
    assert!(matches!(refusal, tilemud_net::auth::AuthSetupError::KeyFile { .. }), "{refusal:?}");
}

#[test]
fn each_refusal_has_its_code() {
    assert_eq!(Missing.code(), ErrorCode::AuthTokenMissing);
    assert_eq!(SIGNATURE.code(), ErrorCode::AuthTokenInvalid);
    assert_eq!(Expired.code(), ErrorCode::AuthTokenExpired);
}
