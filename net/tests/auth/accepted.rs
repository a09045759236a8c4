//! Good tokens are accepted, with the tolerances that are promised and no others.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use tilemud_net::auth::{AuthError, CLOCK_LEEWAY_S};

use crate::forge::{
    NOW_S, World, bearer, claims_with, ed, ed_header, good_claims, header, jwks, private_key, sign, with,
};

fn good_tokens() -> Vec<(&'static str, String)> {
    let good = good_claims();
    let plain = header("EdDSA", "ed-1");
    let header_with = |changes: Value| ed_header(&with(plain.clone(), &changes));
    let claims = |changes: Value| ed(&claims_with(&changes));
    vec![
        ("RS256", sign(&header("RS256", "rsa-1"), &good, &private_key("rsa-1"), Algorithm::RS256)),
        ("ES256", sign(&header("ES256", "ec-1"), &good, &private_key("ec-1"), Algorithm::ES256)),
        ("EdDSA", ed(&good)),
        ("no kid, one fitting key", header_with(json!({ "kid": null }))),
        ("no typ", header_with(json!({ "typ": null }))),
        ("typ in capitals", header_with(json!({ "typ": "AT+JWT" }))),
        ("typ in full", header_with(json!({ "typ": "application/at+jwt" }))),
        ("a bearer's claim", claims(json!({ "typ": "Bearer" }))),
        ("typ JWT", header_with(json!({ "typ": "JWT" }))),
        ("unknown header members", header_with(json!({ "x": { "y": [1] }, "cty": "whatever" }))),
        ("audience among others", claims(json!({ "aud": ["other", "tilemud"] }))),
        ("fractional times", claims(json!({ "exp": NOW_S as f64 + 0.5, "iat": NOW_S as f64 - 0.5 }))),
        ("expired within the leeway", claims(json!({ "exp": NOW_S - CLOCK_LEEWAY_S + 1 }))),
        ("nbf within the leeway", claims(json!({ "nbf": NOW_S + CLOCK_LEEWAY_S }))),
        ("iat within the leeway", claims(json!({ "iat": NOW_S + CLOCK_LEEWAY_S }))),
        ("no iat, no nbf", claims(json!({ "iat": null, "nbf": null }))),
        ("unknown claims", claims(json!({ "scope": "play", "roles": ["a"], "amr": { "deep": [[[]]] } }))),
    ]
}

#[tokio::test]
async fn good_tokens_of_every_algorithm_are_accepted() {
    let world = World::new();
    let mut users = Vec::new();
    for (name, token) in good_tokens() {
        let user = world.auth.verify(Some(&bearer(&token))).await;
        users.push(user.unwrap_or_else(|error| panic!("{name}: {error}")).user_id);
    }
    assert!(users.windows(2).all(|pair| pair[0] == pair[1]), "the same subject is the same user, however signed");
}

#[tokio::test]
async fn the_scheme_is_read_without_case_and_with_more_than_one_space() {
    let world = World::new();
    let token = ed(&good_claims());
    for value in [format!("bearer {token}"), format!("BEARER {token}"), format!("Bearer   {token}")] {
        world.auth.verify(Some(&value)).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_expires_with_its_time_and_the_leeway() {
    let world = World::new();
    let header = bearer(&ed(&claims_with(&json!({ "exp": NOW_S + 100 }))));
    world.clock.advance(Duration::from_secs(100 + CLOCK_LEEWAY_S - 1));
    world.auth.verify(Some(&header)).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.auth.verify(Some(&header)).await, Err(AuthError::Expired));
}

#[tokio::test]
async fn a_user_id_is_opaque_and_differs_by_subject_and_issuer() {
    let world = World::new();
    let one = world.auth.verify(Some(&bearer(&ed(&good_claims())))).await.unwrap();
    let other = world.auth.verify(Some(&bearer(&ed(&claims_with(&json!({ "sub": "user-2" })))))).await.unwrap();
    let dev = world.auth.verify(Some(&bearer(&world.dev.issue("user-1").0))).await.unwrap();
    assert_ne!(one.user_id, other.user_id);
    assert_ne!(one.user_id, dev.user_id);
    assert_eq!(one.user_id.0.len(), 32);
    assert!(one.user_id.0.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // Stable between builds: characters hang on it. SHA-256 of "https://id.example.test/realm", a
    // zero byte, "user-1".
    assert_eq!(&*one.user_id.0, "e13a23341929e1c6e6db0c88909ab7f9");
}

#[tokio::test]
async fn keys_that_must_not_be_used_are_left_out_of_the_set() {
    let mut keys = jwks(&["ed-1", "rsa-short", "ec-p384", "rsa-1", "ec-1", "ed-2"]);
    keys["keys"][3]["use"] = json!("enc");
    keys["keys"][4]["key_ops"] = json!(["sign"]);
    keys["keys"][5]["d"] = json!("published by mistake");
    let unusable = [
        json!({ "kty": "oct", "kid": "secret", "alg": "HS256", "k": "c2VjcmV0" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "stub", "x": "AAAA" }),
        json!({ "kty": "EC", "crv": "P-256", "kid": "short", "x": "AA", "y": "AA" }),
        json!({ "kty": "RSA", "kid": "empty", "n": "", "e": "" }),
        json!("not a key"),
    ];
    keys["keys"].as_array_mut().unwrap().extend(unusable);
    let world = World::with_keys(&keys);
    world.auth.verify(Some(&bearer(&ed(&good_claims())))).await.unwrap();
    let tries = [
        ("rsa-short", "RS256", Algorithm::RS256, private_key("rsa-short")),
        ("rsa-1", "RS256", Algorithm::RS256, private_key("rsa-1")),
        ("ec-1", "ES256", Algorithm::ES256, private_key("ec-1")),
        ("ed-2", "EdDSA", Algorithm::EdDSA, private_key("ed-2")),
        ("stub", "EdDSA", Algorithm::EdDSA, private_key("ed-1")),
    ];
    for (kid, alg, algorithm, key) in tries {
        let token = sign(&header(alg, kid), &good_claims(), &key, algorithm);
        let refused = Err(AuthError::Invalid("no key of this id for this algorithm"));
        assert_eq!(world.auth.verify(Some(&bearer(&token))).await, refused, "{kid}");
    }
}
