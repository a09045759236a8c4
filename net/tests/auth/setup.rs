//! What stops the start and what does not.

use tilemud_net::auth::{AuthConfig, AuthError, AuthSetupError, Authenticator, OidcConfig};

fn with_issuer(issuer: &str) -> Result<Authenticator, AuthSetupError> {
    let oidc = OidcConfig { issuer: issuer.to_owned(), audience: "tilemud".to_owned(), jwks_file: None };
    Authenticator::new(AuthConfig { oidc: Some(oidc), dev_issuer: None })
}

#[test]
fn without_any_issuer_the_start_is_refused_with_what_to_set() {
    let error = Authenticator::new(AuthConfig::default()).unwrap_err();
    assert!(error.to_string().contains("--oidc-issuer"), "{error}");
}

#[test]
fn issuers_that_cannot_be_trusted_are_refused() {
    let refused = [
        "",
        "id.example.test",
        "http://id.example.test",
        "http://127.0.0.1.example.test",
        "http://192.168.1.1",
        "ftp://id.example.test",
        "https://user@id.example.test",
        "https://id.example.test/?realm=a",
        "https://id.example.test/#a",
        "tilemud-dev",
    ];
    for issuer in refused {
        assert!(matches!(with_issuer(issuer), Err(AuthSetupError::Issuer { .. })), "{issuer:?}");
    }
    for issuer in ["https://id.example.test", "https://id.example.test/realm/", "http://localhost:1", "http://[::1]:1"]
    {
        assert!(with_issuer(issuer).is_ok(), "{issuer:?}");
    }
}

#[test]
fn an_audience_is_required() {
    let oidc = OidcConfig { issuer: "https://id.example.test".to_owned(), audience: String::new(), jwks_file: None };
    let config = AuthConfig { oidc: Some(oidc), dev_issuer: None };
    assert!(matches!(Authenticator::new(config), Err(AuthSetupError::NoAudience)));
}

#[test]
fn a_bad_key_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let try_it = || {
        let oidc = OidcConfig {
            issuer: "https://id.example.test".to_owned(),
            audience: "tilemud".to_owned(),
            jwks_file: Some(path.clone()),
        };
        Authenticator::new(AuthConfig { oidc: Some(oidc), dev_issuer: None }).unwrap_err().to_string()
    };
    assert!(try_it().contains("keys.json") && try_it().contains("No such file"), "{}", try_it());
    std::fs::write(&path, "{}").unwrap();
    assert!(try_it().contains("not a JWK Set"), "{}", try_it());
    std::fs::write(&path, "x".repeat(300 * 1024)).unwrap();
    assert!(try_it().contains("too large"), "{}", try_it());
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_does_not_stop_the_start() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let auth = with_issuer(&format!("http://127.0.0.1:{port}")).unwrap();
    auth.warm_up().await;
    assert_eq!(auth.verify(None).await, Err(AuthError::Missing));
}
