//! When keys are fetched and when not: rotation, the throttle, one fetch at a time, providers that
//! are down or misbehave.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use jsonwebtoken::Algorithm;
use serde_json::json;
use tilemud_net::auth::{AuthConfig, AuthError, Authenticator, KEYS_AGE_MAX, OidcConfig, REFRESH_INTERVAL};
use tokio::task::JoinSet;

use crate::forge::{ManualClock, World, bearer, claims_with, header, jwks, private_key, sign};
use crate::stub::{Answer, DISCOVERY, JWKS, Stub};

const NO_KEY: AuthError = AuthError::Invalid("no key of this id for this algorithm");

/// An authenticator that discovers its keys at a stub.
struct Discovering {
    auth: Authenticator,
    clock: Arc<ManualClock>,
    stub: Stub,
}

impl Discovering {
    async fn new(keys: &[&str]) -> Self {
        let stub = Stub::start(&jwks(keys)).await;
        let clock = Arc::new(ManualClock::default());
        let oidc = OidcConfig { issuer: stub.issuer.clone(), audience: "tilemud".to_owned(), jwks_file: None };
        let config = AuthConfig { oidc: Some(oidc), dev_issuer: None };
        let auth = Authenticator::with_clock(config, clock.clone()).unwrap();
        Self { auth, clock, stub }
    }

    /// A token by this Ed25519 key, naming it.
    fn token(&self, key: &str) -> String {
        self.token_naming(key, key)
    }

    fn token_naming(&self, kid: &str, key: &str) -> String {
        let claims = claims_with(&json!({ "iss": self.stub.issuer }));
        bearer(&sign(&header("EdDSA", kid), &claims, &private_key(key), Algorithm::EdDSA))
    }

    async fn signs_in(&self, key: &str) -> bool {
        self.auth.verify(Some(&self.token(key))).await.is_ok()
    }
}

#[tokio::test]
async fn keys_are_fetched_at_the_first_sign_in_and_then_kept() {
    let world = Discovering::new(&["ed-1"]).await;
    assert_eq!(world.stub.asked(JWKS), 0);
    for _ in 0..5 {
        assert!(world.signs_in("ed-1").await);
    }
    assert_eq!((world.stub.asked(DISCOVERY), world.stub.asked(JWKS)), (1, 1));
}

#[tokio::test]
async fn a_rotated_key_is_found_after_the_interval_and_the_old_one_forgotten() {
    let world = Discovering::new(&["ed-1"]).await;
    assert!(world.signs_in("ed-1").await);
    world.stub.set(JWKS, Answer::Json(jwks(&["ed-2"]).to_string()));
    assert!(!world.signs_in("ed-2").await, "too soon to ask again");
    world.clock.advance(REFRESH_INTERVAL);
    assert!(world.signs_in("ed-2").await);
    assert!(!world.signs_in("ed-1").await, "withdrawn by the provider");
    assert_eq!(world.stub.asked(JWKS), 2);
}

#[tokio::test]
async fn a_provider_that_does_not_name_its_keys_can_rotate_them_too() {
    let nameless = |name: &str| {
        let mut keys = jwks(&[name]);
        keys["keys"][0].as_object_mut().unwrap().remove("kid");
        Answer::Json(keys.to_string())
    };
    let world = Discovering::new(&[]).await;
    world.stub.set(JWKS, nameless("ed-1"));
    let claims = claims_with(&json!({ "iss": world.stub.issuer }));
    let token = |key| bearer(&sign(&json!({ "alg": "EdDSA" }), &claims, &private_key(key), Algorithm::EdDSA));
    world.auth.verify(Some(&token("ed-1"))).await.unwrap();
    world.stub.set(JWKS, nameless("ed-2"));
    assert!(world.auth.verify(Some(&token("ed-2"))).await.is_err());
    world.clock.advance(REFRESH_INTERVAL);
    world.auth.verify(Some(&token("ed-2"))).await.unwrap();
    assert!(world.auth.verify(Some(&token("ed-1"))).await.is_err());
    assert_eq!(world.stub.asked(JWKS), 2);
}

#[tokio::test]
async fn old_and_new_key_without_ids_serve_side_by_side_and_no_more_than_a_few() {
    let nameless = |names: &[&str]| {
        let mut keys = jwks(names);
        for key in keys["keys"].as_array_mut().unwrap() {
            key.as_object_mut().unwrap().remove("kid");
        }
        Answer::Json(keys.to_string())
    };
    for (others, is_tried) in [(1, true), (3, true), (4, false)] {
        let world = Discovering::new(&[]).await;
        let claims = claims_with(&json!({ "iss": world.stub.issuer }));
        let token = |key| bearer(&sign(&json!({ "alg": "EdDSA" }), &claims, &private_key(key), Algorithm::EdDSA));
        let names: Vec<&str> = std::iter::repeat_n("ed-1", others).chain(["rsa-1", "ed-2"]).collect();
        world.stub.set(JWKS, nameless(&names));
        world.auth.verify(Some(&token("ed-1"))).await.unwrap();
        assert_eq!(world.auth.verify(Some(&token("ed-2"))).await.is_ok(), is_tried, "behind {others}");
    }
}

#[tokio::test]
async fn no_flood_of_key_ids_makes_more_than_one_fetch_in_the_interval() {
    let world = Discovering::new(&["ed-1"]).await;
    for round in 1..=3 {
        for kid in 0..50 {
            let token = world.token_naming(&format!("kid-{round}-{kid}"), "ed-2");
            assert_eq!(world.auth.verify(Some(&token)).await, Err(NO_KEY));
        }
        assert_eq!((world.stub.asked(DISCOVERY), world.stub.asked(JWKS)), (round, round));
        world.clock.advance(REFRESH_INTERVAL - Duration::from_millis(1));
        assert_eq!(world.auth.verify(Some(&world.token("ed-2"))).await, Err(NO_KEY));
        assert_eq!(world.stub.asked(JWKS), round, "a millisecond early");
        world.clock.advance(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn many_sign_ins_at_once_share_one_fetch() {
    let world = Discovering::new(&["ed-1"]).await;
    world.stub.set(JWKS, Answer::Held(jwks(&["ed-1"]).to_string()));
    let token = Arc::new(world.token("ed-1"));
    let mut sign_ins = JoinSet::new();
    for _ in 0..100 {
        let (auth, token) = (world.auth.clone(), Arc::clone(&token));
        sign_ins.spawn(async move { auth.verify(Some(&token)).await });
    }
    while world.stub.asked(JWKS) == 0 {
        tokio::task::yield_now().await;
    }
    world.stub.release();
    while let Some(user) = sign_ins.join_next().await {
        user.unwrap().unwrap();
    }
    assert_eq!((world.stub.asked(DISCOVERY), world.stub.asked(JWKS)), (1, 1));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_stop_the_fetch_it_started() {
    let world = Discovering::new(&["ed-1"]).await;
    world.stub.set(JWKS, Answer::Held(jwks(&["ed-1"]).to_string()));
    let (auth, token) = (world.auth.clone(), world.token("ed-1"));
    let leaving = tokio::spawn(async move { auth.verify(Some(&token)).await });
    while world.stub.asked(JWKS) == 0 {
        tokio::task::yield_now().await;
    }
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());
    world.stub.release();
    assert!(world.signs_in("ed-1").await);
    assert_eq!(world.stub.asked(JWKS), 1);
}

#[tokio::test]
async fn keys_past_half_their_age_are_refreshed_behind_a_sign_in() {
    let world = Discovering::new(&["ed-1"]).await;
    assert!(world.signs_in("ed-1").await);
    world.stub.set(JWKS, Answer::Json(jwks(&["ed-2"]).to_string()));
    world.clock.advance(KEYS_AGE_MAX / 2);
    assert!(world.signs_in("ed-1").await, "this sign-in does not wait");
    world.auth.warm_up().await;
    assert!(!world.signs_in("ed-1").await);
    assert_eq!(world.stub.asked(JWKS), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_good_no_longer_than_keys_may_be_old() {
    let world = Discovering::new(&["ed-1"]).await;
    assert!(world.signs_in("ed-1").await);
    world.stub.set(JWKS, Answer::Json(jwks(&["ed-2"]).to_string()));
    world.clock.advance(KEYS_AGE_MAX);
    assert!(!world.signs_in("ed-1").await, "nobody signed in meanwhile, and the first one waits");
    assert!(world.signs_in("ed-2").await);
    assert_eq!(world.stub.asked(JWKS), 2);
}

#[tokio::test]
async fn a_provider_may_have_its_keys_asked_for_more_often_but_not_more_than_the_interval_allows() {
    for (cache, age_max) in [
        ("max-age=60", Duration::from_secs(60)),
        ("public, max-age=120, must-revalidate", Duration::from_secs(120)),
        ("max-age=1", REFRESH_INTERVAL),
        ("no-store", REFRESH_INTERVAL),
        ("no-cache, max-age=900", REFRESH_INTERVAL),
        ("max-age=86400", KEYS_AGE_MAX),
        ("max-age=soon", KEYS_AGE_MAX),
        ("private", KEYS_AGE_MAX),
    ] {
        let world = Discovering::new(&[]).await;
        world.stub.set(JWKS, Answer::Kept(jwks(&["ed-1"]).to_string(), cache));
        assert!(world.signs_in("ed-1").await, "{cache}");
        world.stub.set(JWKS, Answer::Kept(jwks(&["ed-2"]).to_string(), cache));
        world.clock.advance(age_max / 2 - Duration::from_millis(1));
        assert!(world.signs_in("ed-1").await, "{cache}");
        assert_eq!(world.stub.asked(JWKS), 1, "{cache}");
        world.clock.advance(age_max / 2 + Duration::from_millis(1));
        assert!(!world.signs_in("ed-1").await, "{cache}");
        assert_eq!(world.stub.asked(JWKS), 2, "{cache}");
    }
}

#[tokio::test]
async fn a_key_replaced_under_its_id_is_found_after_the_interval() {
    let world = Discovering::new(&["ed-1"]).await;
    let under_one_id = |key: &str| {
        let mut keys = jwks(&[key]);
        keys["keys"][0]["kid"] = json!("the key");
        Answer::Json(keys.to_string())
    };
    let token = |key: &str| world.token_naming("the key", key);
    world.stub.set(JWKS, under_one_id("ed-1"));
    world.auth.verify(Some(&token("ed-1"))).await.unwrap();
    world.stub.set(JWKS, under_one_id("ed-2"));
    for _ in 0..50 {
        assert!(world.auth.verify(Some(&token("ed-2"))).await.is_err(), "too soon to ask again");
    }
    assert_eq!(world.stub.asked(JWKS), 1);
    world.clock.advance(REFRESH_INTERVAL);
    world.auth.verify(Some(&token("ed-2"))).await.unwrap();
    assert!(world.auth.verify(Some(&token("ed-1"))).await.is_err());
    // Forged signatures under a known id cost the provider no more than unknown ids do.
    for round in 2..5 {
        for _ in 0..50 {
            assert!(world.auth.verify(Some(&token("ed-1"))).await.is_err());
        }
        assert_eq!(world.stub.asked(JWKS), round);
        world.clock.advance(REFRESH_INTERVAL);
    }
    world.auth.verify(Some(&token("ed-2"))).await.unwrap();
}

#[tokio::test]
async fn an_old_key_serves_without_a_wait_while_the_provider_is_away() {
    let world = Discovering::new(&["ed-1"]).await;
    assert!(world.signs_in("ed-1").await);
    world.stub.set(JWKS, Answer::Status(503));
    world.clock.advance(KEYS_AGE_MAX);
    assert!(world.signs_in("ed-1").await);
    world.stub.set(JWKS, Answer::Silence);
    world.clock.advance(REFRESH_INTERVAL);
    assert!(world.signs_in("ed-1").now_or_never().is_some_and(|it| it), "the attempt is made behind this one");
    while world.stub.asked(JWKS) < 3 {
        tokio::task::yield_now().await;
    }
    assert!(world.signs_in("ed-1").now_or_never().is_some_and(|it| it), "nor does the next one wait for it");
}

#[tokio::test]
async fn while_the_provider_misbehaves_the_keys_at_hand_stay_in_use() {
    let world = Discovering::new(&["ed-1"]).await;
    assert!(world.signs_in("ed-1").await);
    let bad_answers = [
        Answer::Status(500),
        Answer::Status(204),
        Answer::Redirect(format!("{}/elsewhere", world.stub.issuer)),
        Answer::Endless,
        Answer::Json("not json".to_owned()),
        Answer::Json("{}".to_owned()),
        Answer::Json(jwks(&[]).to_string()),
        Answer::Json(jwks(&["ec-p384"]).to_string()),
    ];
    world.stub.set("/elsewhere", Answer::Json(jwks(&["ed-2"]).to_string()));
    for (round, answer) in bad_answers.into_iter().enumerate() {
        world.stub.set(JWKS, answer);
        world.clock.advance(REFRESH_INTERVAL);
        assert!(!world.signs_in("ed-2").await, "round {round}");
        assert_eq!(world.stub.asked(JWKS), round + 2);
        assert!(world.signs_in("ed-1").await, "round {round}");
    }
    assert_eq!(world.stub.asked("/elsewhere"), 0, "redirects are not followed");
    world.stub.set(JWKS, Answer::Json(jwks(&["ed-2"]).to_string()));
    world.clock.advance(REFRESH_INTERVAL);
    assert!(world.signs_in("ed-2").await, "and when it is well again, so are we");
}

#[tokio::test]
async fn a_discovery_document_must_be_the_issuers_own_and_point_to_a_safe_place() {
    let elsewhere = Stub::start(&jwks(&["ed-1"])).await;
    let world = Discovering::new(&["ed-1"]).await;
    let (own, keys) = (world.stub.issuer.clone(), format!("{}{JWKS}", world.stub.issuer));
    let refused = [
        json!({ "issuer": elsewhere.issuer, "jwks_uri": keys }),
        json!({ "issuer": format!("{own}/"), "jwks_uri": keys }),
        json!({ "jwks_uri": keys }),
        json!({ "issuer": own }),
        json!({ "issuer": own, "jwks_uri": "http://keys.example.test/jwks" }),
        json!({ "issuer": own, "jwks_uri": "file:///etc/passwd" }),
        json!({ "issuer": own, "jwks_uri": "/jwks" }),
        json!(["issuer", own]),
    ];
    for document in refused {
        world.stub.set(DISCOVERY, Answer::Json(document.to_string()));
        world.clock.advance(REFRESH_INTERVAL);
        assert!(!world.signs_in("ed-1").await, "{document}");
    }
    assert_eq!(world.stub.asked(JWKS), 0);
}

#[tokio::test]
async fn an_address_in_a_token_is_never_fetched() {
    let world = Discovering::new(&["ed-1"]).await;
    let trap = Stub::start(&jwks(&["ed-2"])).await;
    let claims = claims_with(&json!({ "iss": world.stub.issuer }));
    let mut header = header("EdDSA", "ed-2");
    for member in ["jku", "x5u", "url"] {
        header[member] = json!(format!("{}{JWKS}", trap.issuer));
    }
    header["kid"] = json!(format!("{}{JWKS}", trap.issuer));
    let token = bearer(&sign(&header, &claims, &private_key("ed-2"), Algorithm::EdDSA));
    assert_eq!(world.auth.verify(Some(&token)).await, Err(NO_KEY));
    assert_eq!((trap.asked(JWKS), trap.asked(DISCOVERY)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_is_given_up_on() {
    // Time is paused: it jumps on when nothing else can happen, so only the given limit ends this.
    let world = Discovering::new(&["ed-1"]).await;
    world.stub.set(DISCOVERY, Answer::Silence);
    let before = tokio::time::Instant::now();
    let refused = world.auth.verify(Some(&world.token("ed-1"))).await;
    assert!(matches!(refused, Err(AuthError::NoKeys(_))), "it may be good: {refused:?}");
    assert!(before.elapsed() <= Duration::from_secs(6), "{:?}", before.elapsed());
}

#[tokio::test]
async fn a_key_file_is_read_again_when_it_changed_and_a_key_is_unknown() {
    let world = World::with_keys(&jwks(&["ed-1"]));
    let token =
        |key: &str| bearer(&sign(&header("EdDSA", key), &claims_with(&json!({})), &private_key(key), Algorithm::EdDSA));
    let (first, second) = (token("ed-1"), token("ed-2"));
    world.auth.verify(Some(&first)).await.unwrap();
    assert_eq!(world.auth.verify(Some(&second)).await, Err(NO_KEY));
    std::fs::write(&world.jwks_file, jwks(&["ed-2", "rsa-1"]).to_string()).unwrap();
    assert_eq!(world.auth.verify(Some(&second)).await, Err(NO_KEY), "read a moment ago");
    world.clock.advance(REFRESH_INTERVAL);
    world.auth.verify(Some(&second)).await.unwrap();
    assert_eq!(world.auth.verify(Some(&first)).await, Err(NO_KEY));
    std::fs::write(&world.jwks_file, "{ \"keys\": [ half a fi").unwrap();
    world.clock.advance(REFRESH_INTERVAL);
    let refused = world.auth.verify(Some(&first)).await;
    assert!(matches!(refused, Err(AuthError::NoKeys(_))), "its key may be in what cannot be read: {refused:?}");
    world.auth.verify(Some(&second)).await.unwrap();
}

#[tokio::test]
async fn a_key_file_of_the_same_length_and_time_is_another_when_its_content_is() {
    let under_one_id = |name: &str| {
        let mut keys = jwks(&[name]);
        keys["keys"][0]["kid"] = json!("ed-1");
        keys
    };
    let world = World::with_keys(&under_one_id("ed-1"));
    let token = |key: &str| {
        bearer(&sign(&header("EdDSA", "ed-1"), &claims_with(&json!({})), &private_key(key), Algorithm::EdDSA))
    };
    let time = std::fs::metadata(&world.jwks_file).unwrap().modified().unwrap();
    world.auth.verify(Some(&token("ed-1"))).await.unwrap();
    std::fs::write(&world.jwks_file, under_one_id("ed-2").to_string()).unwrap();
    std::fs::File::options().write(true).open(&world.jwks_file).unwrap().set_modified(time).unwrap();
    world.clock.advance(KEYS_AGE_MAX);
    world.auth.verify(Some(&token("ed-2"))).await.unwrap();
    assert!(world.auth.verify(Some(&token("ed-1"))).await.is_err(), "the old key is good no longer");
}
