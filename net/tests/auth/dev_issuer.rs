//! The development issuer: its key file and its tokens.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use tilemud_net::auth::{AuthConfig, AuthError, Authenticator, CLOCK_LEEWAY_S, DEV_TOKEN_TTL_S, DevIssuer};

use crate::forge::{World, bearer};

#[tokio::test]
async fn its_tokens_are_accepted_for_twelve_hours() {
    let world = World::new();
    let (token, expires_in) = world.auth.dev_issuer().unwrap().issue("ada");
    assert_eq!(expires_in, 12 * 60 * 60);
    world.auth.verify(Some(&bearer(&token))).await.unwrap();
    world.clock.advance(Duration::from_secs(DEV_TOKEN_TTL_S + CLOCK_LEEWAY_S - 1));
    world.auth.verify(Some(&bearer(&token))).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.auth.verify(Some(&bearer(&token))).await, Err(AuthError::Expired));
}

#[tokio::test]
async fn its_key_outlives_a_restart_and_is_readable_by_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/on/demand/dev.pem");
    let token = DevIssuer::open(&path).unwrap().issue("ada").0;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    let again = DevIssuer::open(&path).unwrap();
    let auth = Authenticator::new(AuthConfig { oidc: None, dev_issuer: Some(again) }).unwrap();
    auth.verify(Some(&bearer(&token))).await.unwrap();
}

#[tokio::test]
async fn another_key_is_another_issuer() {
    let folder = tempfile::tempdir().unwrap();
    let token = DevIssuer::open(&folder.path().join("a.pem")).unwrap().issue("ada").0;
    let other = DevIssuer::open(&folder.path().join("b.pem")).unwrap();
    let auth = Authenticator::new(AuthConfig { oidc: None, dev_issuer: Some(other) }).unwrap();
    let refused = Err(AuthError::Invalid("signature does not verify"));
    assert_eq!(auth.verify(Some(&bearer(&token))).await, refused);
}

#[tokio::test]
async fn the_key_may_be_pem_der_or_a_raw_seed() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("dev.pem");
    let token = DevIssuer::open(&pem).unwrap().issue("ada").0;
    let der = PrivatePkcs8KeyDer::from_pem_file(&pem).unwrap().secret_pkcs8_der().to_vec();
    for content in [&der[..], &der[16..]] {
        let path = folder.path().join("other");
        std::fs::write(&path, content).unwrap();
        let dev_issuer = Some(DevIssuer::open(&path).unwrap());
        let auth = Authenticator::new(AuthConfig { oidc: None, dev_issuer }).unwrap();
        auth.verify(Some(&bearer(&token))).await.unwrap();
    }
}

#[test]
fn a_file_that_holds_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev.pem");
    for content in [&b""[..], b"hello", &[0; 31], &[0; 48], &[0xff; 4096]] {
        std::fs::write(&path, content).unwrap();
        assert!(DevIssuer::open(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
}

#[test]
fn two_servers_that_start_at_once_share_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev.pem");
    let tokens: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| DevIssuer::open(&path).unwrap())).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let token = bearer(&tokens[0].issue("ada").0);
    for dev in tokens {
        let auth = Authenticator::new(AuthConfig { oidc: None, dev_issuer: Some(dev) }).unwrap();
        runtime.block_on(auth.verify(Some(&token))).unwrap();
    }
}

#[test]
fn nothing_secret_is_printed() {
    let world = World::new();
    let seen = format!("{:?} {:?}", world.dev, world.auth);
    assert_eq!(
        seen,
        "DevIssuer { .. } Authenticator { issuer: Some(\"https://id.example.test/realm\"), dev_issuer: true }"
    );
}
