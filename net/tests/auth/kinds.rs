//! Tokens of every other kind that a provider may sign, each with the right key, for the right
//! audience, for the right person: none signs anybody in (RFC 9068, 4; RFC 8725, 3.11). And the
//! access tokens of providers in use, which all do.

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tilemud_net::auth::AuthError;

use crate::forge::{
    AUDIENCE, ISSUER, NOW_S, World, b64, bearer, claims_with, good_claims, header, private_key, sign, with,
};

/// Types in the header that name something else; also ways to write one that nobody writes.
const FOREIGN_TYPES: [&str; 36] = [
    "id_token",
    "ID",
    "logout+jwt",
    "application/logout+jwt",
    "Logout+JWT",
    "dpop+jwt",
    "DPOP+JWT",
    "secevent+jwt",
    "application/secevent+jwt",
    "token-introspection+jwt",
    "rt+jwt",
    "refresh+jwt",
    "JWE",
    "JOSE",
    "JOSE+JSON",
    "oauth-authz-req+jwt",
    "client-authentication+jwt",
    "authorization-grant+jwt",
    "entity-statement+jwt",
    "trust-mark+jwt",
    "kb+jwt",
    "vc+jwt",
    "vc+sd-jwt",
    "dc+sd-jwt",
    "vp+jwt",
    "wallet-unit-attestation+jwt",
    "oauth-client-attestation+jwt",
    "openid4vci-proof+jwt",
    "statuslist+jwt",
    "passport",
    "txntoken+jwt",
    "at+jwt+x",
    "at",
    "access_token",
    "",
    "application/",
];

/// Types that access tokens have; `null` is a header without one.
fn legal_types() -> [Value; 6] {
    [Value::Null, json!("JWT"), json!("jwt"), json!("application/jwt"), json!("at+jwt"), json!("application/at+JWT")]
}

/// What claims of other kinds have that access tokens do not.
fn foreign_claims() -> Vec<(&'static str, Value)> {
    let hash = "77QmUPtjPfzWtF2AnpK9RQ";
    vec![
        ("logout token", json!({ "events": { "http://schemas.openid.net/event/backchannel-logout": {} }, "sid": "s" })),
        ("security event", json!({ "events": {}, "toe": NOW_S, "txn": "1", "jti": "1" })),
        ("ID token of a code flow", json!({ "at_hash": hash, "auth_time": NOW_S - 20, "nonce": "n" })),
        ("ID token of a hybrid flow", json!({ "c_hash": hash, "nonce": "n" })),
        ("ID token of FAPI", json!({ "s_hash": hash, "scope": "openid" })),
        ("ID token of CIBA", json!({ "urn:openid:params:jwt:claim:auth_req_id": "1", "scope": "openid" })),
        ("ID token of CIBA with a hash", json!({ "urn:openid:params:jwt:claim:rt_hash": hash })),
        ("self-issued ID token", json!({ "sub_jwk": { "kty": "OKP" } })),
        ("Keycloak's ID token", json!({ "typ": "ID", "azp": "game", "session_state": "1" })),
        ("Keycloak's refresh token", json!({ "typ": "Refresh", "scope": "openid" })),
        ("Keycloak's offline token", json!({ "typ": "Offline" })),
        ("Keycloak's logout token", json!({ "typ": "Logout" })),
        ("Keycloak's registration token", json!({ "typ": "RegistrationAccessToken" })),
        ("Keycloak's DPoP token", json!({ "typ": "DPoP" })),
        ("Keycloak's action token", json!({ "typ": "verify-email" })),
        ("Cognito's ID token", json!({ "token_use": "id", "cognito:username": "ann" })),
        ("a refresh token that says so", json!({ "token_type": "refresh" })),
        ("another refresh token that says so", json!({ "token_type": "refresh_token", "scope": "play" })),
        ("an ID token that says so", json!({ "token_type": "id_token" })),
        ("Casdoor's refresh token", json!({ "tokenType": "refresh-token", "scope": "read" })),
        ("an ID token by its use", json!({ "use": "id", "scope": "openid" })),
        ("an ID token by its type", json!({ "type": "idToken" })),
        ("a refresh token by its type", json!({ "type": "refresh", "scope": "play" })),
        ("a refresh token by its use", json!({ "use": "refresh-token" })),
        ("a refresh token by its kind", json!({ "kind": "RefreshToken", "client_id": "game" })),
        ("Curity's ID token", json!({ "purpose": "id" })),
        ("Curity's refresh token", json!({ "purpose": "refresh_token" })),
        ("DPoP proof", json!({ "htm": "POST", "htu": "https://game.example", "ath": hash, "jti": "1" })),
        ("introspection answer", json!({ "token_introspection": { "active": true, "sub": "user-1" } })),
        ("token bound to a key", json!({ "cnf": { "jkt": hash } })),
        ("token bound to a certificate", json!({ "cnf": { "x5t#S256": hash } })),
        ("verifiable credential", json!({ "vc": { "type": ["VerifiableCredential"] } })),
        ("verifiable presentation", json!({ "vp": {} })),
        ("credential with disclosures", json!({ "_sd": [hash], "_sd_alg": "sha-256" })),
        ("proof of a credential's holder", json!({ "sd_hash": hash })),
        ("request to the provider", json!({ "response_type": "code", "redirect_uri": "https://game.example/" })),
        ("pushed request", json!({ "code_challenge": hash })),
        ("software statement", json!({ "software_statement": "a.b.c" })),
        ("statement of a federation", json!({ "jwks": { "keys": [] } })),
        ("list of states", json!({ "status_list": { "bits": 1, "lst": "eNrb" } })),
        ("Apple's ID token", json!({ "email": "a@example.test", "is_private_email": "true", "nonce_supported": true })),
        ("Apple's ID token without an address", json!({ "nonce_supported": true, "real_user_status": 2 })),
        (
            "Firebase's ID token",
            json!({ "firebase": { "sign_in_provider": "password" }, "user_id": "1", "scope": "a" }),
        ),
        ("Spring's refresh token", json!({ "ati": "1", "scope": ["play"], "client_id": "game" })),
        ("a refresh token with an id", json!({ "rti": "1", "scope": "play" })),
        ("a refresh token by a flag", json!({ "refresh": true, "scope": "play" })),
        ("a refresh token by another flag", json!({ "is_refresh_token": true })),
        ("a purpose: a password", json!({ "purpose": "password-reset", "scope": "account" })),
        ("a purpose: an address", json!({ "purpose": "email_verification" })),
        ("a purpose: a login by mail", json!({ "token_kind": "magicLink" })),
        ("a purpose: a session", json!({ "tokenUse": "session" })),
        ("a type: a password", json!({ "type": "reset" })),
        ("a type: a login by mail", json!({ "type": "magic_link" })),
        ("a type: an invitation", json!({ "type": "invite" })),
        ("a type: a session", json!({ "type": "session" })),
        ("a type: a second factor", json!({ "type": "mfa", "scope": "play" })),
        ("a type: a code", json!({ "type": "authorization_code" })),
        ("a kind: a confirmation", json!({ "kind": "emailConfirmation" })),
        ("JARM", json!({ "code": "1", "state": "2" })),
        ("request by reference", json!({ "request_uri": "urn:1", "state": "1" })),
        ("request with a challenge", json!({ "code_challenge_method": "S256", "client_id": "game" })),
        ("request of CIBA", json!({ "auth_req_id": "1" })),
        ("device", json!({ "device_code": "1", "client_id": "game" })),
        ("device, for its user", json!({ "user_code": "1" })),
        ("SD-JWT VC", json!({ "vct": "https://example.test/pid" })),
        ("SD-JWT VC without its type", json!({ "_sd_alg": "sha-256" })),
        ("transaction token", json!({ "txn": "1", "tctx": {}, "rctx": {}, "scope": "play" })),
        ("PASSporT", json!({ "attest": "A", "dest": { "tn": ["1"] }, "orig": { "tn": "2" }, "origid": "1" })),
        ("PASSporT without SHAKEN", json!({ "dest": { "tn": ["1"] }, "orig": { "tn": "2" } })),
        ("statement of a federation without keys", json!({ "metadata": { "openid_relying_party": {} } })),
        ("statement with hints", json!({ "authority_hints": ["https://example.test"] })),
        ("trust mark", json!({ "trust_mark_type": "https://example.test/mark" })),
        ("attestation", json!({ "eat_profile": "urn:1" })),
        ("attestation with a nonce", json!({ "eat_nonce": "1" })),
        ("event of CAEP", json!({ "sub_id": { "format": "opaque", "id": "1" } })),
        ("metadata of a client", json!({ "redirect_uris": ["https://game.example/"], "client_id": "game" })),
        ("software of a client", json!({ "software_id": "1", "software_version": "1" })),
        ("ID token with a hash of a refresh token", json!({ "rt_hash": hash })),
        ("introspection answer, flat", json!({ "active": true, "scope": "play", "client_id": "game" })),
    ]
}

/// Members of the header that change what is signed, or how.
fn foreign_headers() -> Vec<Value> {
    vec![
        json!({ "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "crit": "exp" }),
        json!({ "b64": false }),
        json!({ "b64": true }),
        json!({ "enc": "A256GCM" }),
        json!({ "enc": "" }),
        json!({ "zip": "DEF" }),
        json!({ "cty": "JWT" }),
        json!({ "cty": "jwt" }),
        json!({ "cty": "application/jwt" }),
        json!({ "cty": "Application/at+JWT" }),
    ]
}

struct Signer {
    alg: &'static str,
    kid: &'static str,
    key: EncodingKey,
    algorithm: Algorithm,
}

impl Signer {
    fn all() -> [Self; 2] {
        [("EdDSA", "ed-1", Algorithm::EdDSA), ("ES256", "ec-1", Algorithm::ES256)].map(|(alg, kid, algorithm)| Self {
            alg,
            kid,
            key: private_key(kid),
            algorithm,
        })
    }

    fn sign(&self, header_changes: &Value, claims: &Value) -> String {
        sign(&with(header(self.alg, self.kid), header_changes), claims, &self.key, self.algorithm)
    }
}

fn tokens_of_other_kinds() -> Vec<(String, String)> {
    let mut tokens = Vec::new();
    for signer in Signer::all() {
        for typ in FOREIGN_TYPES {
            tokens.push((format!("typ {typ:?}, {}", signer.alg), signer.sign(&json!({ "typ": typ }), &good_claims())));
        }
        // Every type once, where signing is quick.
        let types = if signer.alg == "EdDSA" { 6 } else { 1 };
        for (kind, claims) in foreign_claims() {
            for typ in legal_types().into_iter().take(types) {
                let name = format!("{kind}, typ {typ}, {}", signer.alg);
                tokens.push((name, signer.sign(&json!({ "typ": typ }), &claims_with(&claims))));
            }
        }
        // An ID token with nothing but a nonce, where the header leaves it open.
        for typ in legal_types().into_iter().take(4) {
            let claims = claims_with(&json!({ "nonce": "n-0S6_WzA2Mj", "auth_time": NOW_S, "azp": AUDIENCE }));
            tokens.push((format!("ID token with a nonce, typ {typ}"), signer.sign(&json!({ "typ": typ }), &claims)));
        }
        // One without a nonce, as of a refresh, that says who somebody is and how they signed in.
        let person = json!({ "name": "Ann", "email": "ann@example.test", "preferred_username": "ann" });
        let signed_in = json!({ "azp": AUDIENCE, "auth_time": NOW_S, "amr": ["pwd"] });
        let entra = json!({ "oid": "1", "tid": "1", "ver": "2.0", "preferred_username": "ann" });
        let mail = json!({ "email": "ann@example.test", "auth_time": NOW_S });
        let mut persons = vec![with(signed_in, &person), person, entra, mail];
        // Google; Microsoft without the scope of a profile; and each claim about a person alone.
        persons.push(
            json!({ "azp": AUDIENCE, "email": "ann@example.test", "email_verified": true, "hd": "example.test" }),
        );
        persons.push(json!({ "ver": "2.0", "tid": "1", "oid": "1", "rh": "x", "uti": "x" }));
        persons.push(json!({ "upn": "ann@example.test", "unique_name": "ann@example.test", "tid": "1" }));
        for (claim, value) in [
            ("email", json!("ann@example.test")),
            ("email_verified", json!(true)),
            ("phone_number", json!("+1")),
            ("phone_number_verified", json!(true)),
            ("address", json!({ "country": "x" })),
            ("birthdate", json!("2000-01-01")),
            ("gender", json!("x")),
            ("locale", json!("en")),
            ("zoneinfo", json!("UTC")),
            ("profile", json!("https://example.test/ann")),
            ("website", json!("https://example.test/ann")),
            ("middle_name", json!("A")),
            ("updated_at", json!(NOW_S)),
            ("hd", json!("example.test")),
            ("verified_claims", json!({ "verification": {} })),
            ("_claim_names", json!({ "address": "a" })),
        ] {
            persons.push(json!({ claim: value }));
        }
        for (index, changes) in persons.iter().enumerate() {
            for typ in legal_types().into_iter().take(4) {
                let token = signer.sign(&json!({ "typ": typ }), &claims_with(changes));
                tokens.push((format!("ID token {index} without a nonce, typ {typ}"), token));
            }
        }
        for header in foreign_headers() {
            tokens.push((format!("header {header}, {}", signer.alg), signer.sign(&header, &good_claims())));
        }
        let good = signer.sign(&json!({}), &good_claims());
        for typ in [json!({}), json!({ "cty": "JWT" }), json!({ "typ": "JWT", "cty": "JWT" })] {
            let around = with(header(signer.alg, signer.kid), &typ);
            let nested = crate::forge::sign_text(&around.to_string(), &good, &signer.key, signer.algorithm);
            tokens.push((format!("a good token within a token, {typ}"), nested));
        }
        let encrypted = json!({ "alg": "dir", "enc": "A256GCM", "typ": "at+jwt" }).to_string();
        tokens.push((
            "JWE, compact".to_owned(),
            format!("{}..{}.{}.{}", b64(encrypted), b64("iv"), b64("text"), b64("tag")),
        ));
        tokens
            .push(("five parts that begin with a good token".to_owned(), format!("{good}.{}.{}", b64("a"), b64("b"))));
        tokens.push(("JWS with disclosures".to_owned(), format!("{good}~{}~", b64("[\"salt\",\"a\",1]"))));
        let parts: Vec<&str> = good.split('.').collect();
        let flat = json!({ "payload": parts[1], "protected": parts[0], "signature": parts[2] });
        tokens.push(("JWS, JSON form".to_owned(), flat.to_string()));
        tokens.push(("JWS, JSON form in base64".to_owned(), b64(flat.to_string())));
        tokens.push(("JWS, detached".to_owned(), format!("{}..{}", parts[0], parts[2])));
    }
    tokens
}

#[tokio::test]
async fn no_token_of_another_kind_signs_anybody_in_however_rightly_it_is_signed() {
    let world = World::new();
    let tokens = tokens_of_other_kinds();
    assert!(tokens.len() >= 300, "only {} kinds", tokens.len());
    let mut accepted = Vec::new();
    for (name, token) in &tokens {
        match world.auth.verify(Some(&bearer(token))).await {
            Err(AuthError::Invalid(reason)) => {
                // For what it is, not because this test made a mistake in signing it.
                assert!(reason != "signature does not verify" || name.contains("detached"), "{name}: {reason}");
            }
            other => accepted.push(format!("{name}: {other:?}")),
        }
    }
    assert!(accepted.is_empty(), "{} of {}:\n{}", accepted.len(), tokens.len(), accepted.join("\n"));
}

/// Header and claims of access tokens as providers make them, as far as they matter here.
fn access_tokens() -> Vec<(&'static str, Value, Value)> {
    let jwt = json!({ "typ": "JWT" });
    let none = json!({ "typ": null });
    vec![
        (
            "RFC 9068",
            json!({ "typ": "at+jwt" }),
            json!({ "client_id": "game", "jti": "1", "scope": "play", "auth_time": NOW_S, "acr": "1", "amr": ["pwd"] }),
        ),
        (
            "Auth0",
            jwt.clone(),
            json!({ "aud": [AUDIENCE, format!("{ISSUER}/userinfo")], "azp": "game", "scope": "openid" }),
        ),
        (
            "Auth0 with permissions",
            json!({ "typ": "at+jwt" }),
            json!({ "permissions": ["play"], "gty": "password", "client_id": "c" }),
        ),
        (
            "Keycloak",
            jwt.clone(),
            json!({ "typ": "Bearer", "azp": "game", "sid": "1", "session_state": "1", "acr": "1", "scope": "openid email",
                "realm_access": { "roles": ["player"] }, "aud": [AUDIENCE, "account"], "allowed-origins": ["*"] }),
        ),
        (
            "Keycloak before 25, which repeats the nonce",
            jwt.clone(),
            json!({ "typ": "Bearer", "nonce": "n", "azp": "game" }),
        ),
        ("Keycloak, light", jwt.clone(), json!({ "typ": "Bearer", "jti": "1" })),
        (
            "Entra v1",
            json!({ "typ": "JWT", "x5t": "x" }),
            json!({ "appid": "1", "scp": "play", "ver": "1.0", "tid": "1", "oid": "1" }),
        ),
        (
            "Entra v2",
            jwt.clone(),
            json!({ "azp": "1", "azpacr": "0", "scp": "play", "ver": "2.0", "rh": "x", "uti": "x" }),
        ),
        ("Entra, an application", jwt.clone(), json!({ "azp": "1", "roles": ["play"], "idtyp": "app" })),
        (
            "Okta",
            none.clone(),
            json!({ "ver": 1, "cid": "1", "uid": "1", "scp": ["openid"], "jti": "AT.1", "auth_time": NOW_S }),
        ),
        (
            "Cognito with an audience",
            none.clone(),
            json!({ "token_use": "access", "client_id": "1", "scope": "play", "version": 2 }),
        ),
        (
            "authentik",
            jwt.clone(),
            json!({ "azp": "1", "uid": "1", "scope": "openid", "nonce": "n", "acr": "goauthentik.io", "sid": "1" }),
        ),
        ("Zitadel", jwt.clone(), json!({ "client_id": "1", "jti": "1" })),
        ("Ory Hydra", jwt.clone(), json!({ "client_id": "1", "ext": {}, "scp": ["openid"], "jti": "1" })),
        ("Curity", jwt.clone(), json!({ "purpose": "access_token", "scope": "openid", "delegationId": "1" })),
        ("Casdoor", jwt.clone(), json!({ "tokenType": "access-token", "nonce": "", "scope": "read", "azp": "1" })),
        ("Simple JWT", jwt.clone(), json!({ "token_type": "access", "user_id": 1 })),
        (
            "FusionAuth",
            jwt.clone(),
            json!({ "authenticationType": "PASSWORD", "applicationId": "1", "roles": [], "tid": "1" }),
        ),
        (
            "FusionAuth, with the mail address",
            jwt.clone(),
            json!({ "authenticationType": "PASSWORD", "applicationId": "1", "roles": [], "tid": "1",
                "email": "ann@example.test", "email_verified": true, "preferred_username": "ann", "auth_time": NOW_S }),
        ),
        (
            "Keycloak, with who somebody is",
            jwt.clone(),
            json!({ "typ": "Bearer", "azp": "game", "name": "Ann", "preferred_username": "ann", "given_name": "Ann",
                "email": "ann@example.test", "email_verified": true, "auth_time": NOW_S }),
        ),
        (
            "Entra v1, with who somebody is",
            jwt.clone(),
            json!({ "appid": "1", "scp": "play", "amr": ["pwd"], "name": "Ann", "given_name": "Ann", "upn": "ann" }),
        ),
        (
            "Okta, with claims of one's own",
            none.clone(),
            json!({ "cid": "1", "uid": "1", "scp": ["openid"], "auth_time": NOW_S, "email": "ann@example.test" }),
        ),
        (
            "authentik before it wrote scopes",
            jwt.clone(),
            json!({ "azp": "1", "uid": "1", "auth_time": NOW_S, "acr": "goauthentik.io", "email": "ann@example.test",
                "name": "Ann", "preferred_username": "ann", "groups": [] }),
        ),
        (
            "Auth0 with permissions and an action",
            jwt.clone(),
            json!({ "azp": "game", "permissions": ["play"], "name": "Ann" }),
        ),
        (
            "Supabase",
            jwt.clone(),
            json!({ "role": "authenticated", "email": "ann@example.test", "amr": [{ "method": "password" }],
                "session_id": "1", "user_metadata": { "name": "Ann" } }),
        ),
        ("an access token by its type", jwt.clone(), json!({ "type": "access", "use": "play" })),
        (
            "WSO2",
            json!({ "typ": "at+jwt", "x5t": "x" }),
            json!({ "aut": "APPLICATION_USER", "azp": "1", "client_id": "1" }),
        ),
        (
            "a token exchanged for another",
            json!({ "typ": "at+jwt" }),
            json!({ "act": { "sub": "gateway" }, "scope": "play" }),
        ),
        ("members left out as null", jwt.clone(), json!({ "nbf": null })),
        // What an ID token says too, where something shows an access token.
        (
            "Entra v1, with groups beyond the limit",
            jwt.clone(),
            json!({ "appid": "1", "appidacr": "0", "oid": "1", "upn": "ann@example.test", "unique_name": "ann", "tid": "1",
                "scp": "play", "_claim_names": { "groups": "src1" }, "_claim_sources": { "src1": { "endpoint": "x" } } }),
        ),
        (
            "Entra v2, an application of a tenant",
            jwt.clone(),
            json!({ "azp": "1", "azpacr": "1", "oid": "1", "tid": "1", "ver": "2.0", "rh": "x", "uti": "x", "roles": ["play"] }),
        ),
        (
            "Entra v1, an application of a tenant",
            jwt.clone(),
            json!({ "appid": "1", "appidacr": "1", "oid": "1", "tid": "1" }),
        ),
        (
            "AD FS",
            jwt.clone(),
            json!({ "apptype": "Public", "appid": "1", "authmethod": "x", "auth_time": NOW_S, "ver": "1.0", "scp": "openid",
                "upn": "ann@example.test", "unique_name": "ann" }),
        ),
        (
            "Keycloak, with all that is known of somebody",
            jwt.clone(),
            json!({ "typ": "Bearer", "azp": "game", "scope": "openid address phone", "address": {}, "phone_number": "+1",
                "locale": "en", "zoneinfo": "UTC", "gender": "x", "birthdate": "2000-01-01", "resource_access": {} }),
        ),
        (
            "Casdoor, with the whole user",
            jwt.clone(),
            json!({ "tokenType": "access-token", "type": "normal-user", "email": "ann@example.test", "address": [],
                "gender": "", "scope": "read", "azp": "1" }),
        ),
        (
            "Clerk, with data of one's own",
            jwt.clone(),
            json!({ "azp": "https://a", "sid": "1", "fva": [1, -1], "metadata": {} }),
        ),
        ("an account that is not one of two", jwt.clone(), json!({ "active": false, "refresh": false, "state": "x" })),
        ("a purpose of one's own", jwt, json!({ "purpose": "tournament", "scope": "play" })),
        ("nothing but what is needed", none, json!({})),
    ]
}

#[tokio::test]
async fn access_tokens_of_providers_in_use_are_all_taken() {
    let world = World::new();
    let mut refused = Vec::new();
    for signer in Signer::all() {
        for (provider, header, claims) in access_tokens() {
            let token = signer.sign(&header, &claims_with(&claims));
            if let Err(error) = world.auth.verify(Some(&bearer(&token))).await {
                refused.push(format!("{provider}, {}: {error}", signer.alg));
            }
        }
        // Some libraries write what they have nothing for.
        let empty = signer.sign(&json!({}), &null_members());
        world.auth.verify(Some(&bearer(&empty))).await.unwrap();
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Good claims with members that are there and say nothing.
fn null_members() -> Value {
    let mut claims = good_claims();
    for name in ["nonce", "at_hash", "cnf", "events", "typ", "token_use"] {
        claims[name] = Value::Null;
    }
    claims
}
