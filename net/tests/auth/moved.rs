//! A provider that has moved: its users stay who they are.

use std::collections::HashMap;

use serde_json::json;
use tilemud_net::auth::{AuthConfig, AuthError, AuthSetupError, Authenticator, OidcConfig, User};
use tilemud_persist::store::{CharacterProfile, StoreError};
use tilemud_schema::{CharacterId, CharacterState, Timestamp, UserId};
use uuid::Uuid;

use crate::forge::{AUDIENCE, ISSUER, World, bearer, claims_with, ed, jwks};

const BEFORE: &str = "https://old.example.test";

fn moved_to(issuer: &str, from: &[&str]) -> (World, Result<Authenticator, AuthSetupError>) {
    let world = World::with_keys(&jwks(&["ed-1"]));
    let oidc = OidcConfig {
        issuer: issuer.to_owned(),
        audience: AUDIENCE.to_owned(),
        jwks_file: Some(world.jwks_file.clone()),
    };
    let config = AuthConfig { oidc: Some(oidc), dev_issuer: None };
    let auth = Authenticator::with_clock(config, world.clock.clone()).unwrap();
    (world, auth.with_former_issuers(from.iter().map(ToString::to_string).collect()))
}

async fn user_of(auth: &Authenticator, issuer: &str) -> Result<User, AuthError> {
    auth.verify(Some(&bearer(&ed(&claims_with(&json!({ "iss": issuer })))))).await
}

/// A character made so many seconds after the first. Its id says nothing about that: clocks go
/// back, and rows are brought over.
fn profile(user_id: &UserId, made_s: i64) -> CharacterProfile {
    CharacterProfile {
        character_id: CharacterId(Uuid::from_u64_pair(u64::MAX - made_s.cast_unsigned(), 0)),
        user_id: user_id.clone(),
        state: CharacterState::default(),
        created_at: Timestamp::from_micros(made_s * 1_000_000),
        updated_at: Timestamp::from_micros(0),
    }
}

/// Who the user plays as, with characters made at these times.
async fn plays_as(auth: &Authenticator, user: User, characters: &[(&UserId, i64)]) -> UserId {
    let stored: HashMap<UserId, CharacterProfile> =
        characters.iter().map(|(id, made_s)| ((*id).clone(), profile(id, *made_s))).collect();
    let find = |id: UserId| std::future::ready(Ok::<_, StoreError>(stored.get(&id).cloned()));
    auth.settled(user, find).await.unwrap().user_id
}

#[tokio::test]
async fn a_user_of_the_former_issuer_plays_the_character_they_had() {
    let (_before, auth) = moved_to(BEFORE, &[]);
    let before = user_of(&auth.unwrap(), BEFORE).await.unwrap().user_id;
    let (_world, auth) = moved_to(ISSUER, &[BEFORE]);
    let auth = auth.unwrap();
    let user = user_of(&auth, ISSUER).await.unwrap();
    assert_ne!(user.user_id, before, "a stranger but for the alias");
    assert_eq!(user.former_ids, std::slice::from_ref(&before));
    assert_eq!(plays_as(&auth, user.clone(), &[(&before, 1)]).await, before);
    assert_eq!(plays_as(&auth, user, &[]).await, before, "remembered, without the store");
}

#[tokio::test]
async fn who_is_new_is_a_user_of_the_issuer_of_today_and_who_has_two_characters_plays_the_older() {
    let (_world, auth) = moved_to(ISSUER, &[BEFORE]);
    let auth = auth.unwrap();
    let user = user_of(&auth, ISSUER).await.unwrap();
    let (today, before) = (user.user_id.clone(), user.former_ids[0].clone());
    assert_eq!(plays_as(&auth, user.clone(), &[]).await, today);
    assert_eq!(plays_as(&auth, user.clone(), &[(&today, 7), (&before, 1)]).await, before);

    let (_world, auth) = moved_to(ISSUER, &[BEFORE]);
    assert_eq!(plays_as(&auth.unwrap(), user, &[(&today, 1), (&before, 7)]).await, today);
}

#[tokio::test]
async fn a_token_from_before_the_move_is_good_when_the_provider_of_today_has_signed_it() {
    let (_world, auth) = moved_to(ISSUER, &[BEFORE]);
    let auth = auth.unwrap();
    assert_eq!(user_of(&auth, BEFORE).await.unwrap(), user_of(&auth, ISSUER).await.unwrap());
    let by_another = crate::forge::sign(
        &crate::forge::header("EdDSA", "ed-1"),
        &claims_with(&json!({ "iss": BEFORE })),
        &crate::forge::private_key("ed-2"),
        jsonwebtoken::Algorithm::EdDSA,
    );
    assert!(auth.verify(Some(&bearer(&by_another))).await.is_err());
    assert!(user_of(&auth, "https://other.example.test").await.is_err());
}

#[test]
fn an_alias_that_cannot_be_one_is_refused() {
    for alias in ["", "tilemud-dev", ISSUER] {
        assert!(matches!(moved_to(ISSUER, &[alias]).1, Err(AuthSetupError::Issuer { .. })), "{alias:?}");
    }
}
