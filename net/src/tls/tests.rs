//! Handshakes: who has a turn, and who waits for it.

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncWriteExt as _, DuplexStream};

use super::*;

/// An acceptor, and what a client needs to believe it.
fn pair() -> (TlsAcceptor, tokio_rustls::TlsConnector, tempfile::TempDir) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (acceptor(&cert, &key).unwrap(), Arc::new(client).into(), folder)
}

/// A client and a server that shake hands.
fn shaking(tls: &TlsAcceptor, client: &tokio_rustls::TlsConnector) -> impl Future<Output = bool> + use<> {
    let (theirs, ours) = tokio::io::duplex(64 * 1024);
    let (tls, client) = (tls.clone(), client.clone());
    async move {
        let name = ServerName::try_from("localhost").unwrap();
        let (accepted, connected) = tokio::join!(tls.accept(ours), client.connect(name, theirs));
        accepted.is_ok() && connected.is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn handshakes_are_answered_one_after_the_other_and_one_waits_no_longer_than_for_any_handshake() {
    let (tls, client, _folder) = pair();
    let other = tls.inner.turn.lock().await;
    assert!(!shaking(&tls, &client).await, "its turn never came");
    let waiting = tokio::spawn(shaking(&tls, &client));
    tokio::time::sleep(TLS_HANDSHAKE_TIMEOUT / 2).await;
    assert!(!waiting.is_finished());
    drop(other);
    assert!(waiting.await.unwrap(), "its turn came");
}

#[tokio::test]
async fn whoever_says_nothing_or_half_a_hello_holds_up_nobody() {
    let (tls, client, _folder) = pair();
    let silent: Vec<DuplexStream> = futures_util::future::join_all((0..100).map(async |number: usize| {
        let (mut theirs, ours) = tokio::io::duplex(1_024);
        // How a ClientHello begins.
        theirs.write_all(&[0x16, 3, 1, 2, 0, 1][..number % 7]).await.unwrap();
        let tls = tls.clone();
        tokio::spawn(async move { tls.accept(ours).await.map(drop) });
        theirs
    }))
    .await;
    tokio::task::yield_now().await;
    assert!(shaking(&tls, &client).await);
    drop(silent);
}

#[test]
fn a_certificate_and_a_key_in_each_others_place_are_told_as_that() {
    let (_, _, folder) = pair();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let said = acceptor(&key, &cert).unwrap_err().to_string();
    assert!(said.contains("the other way round"), "{said}");
    // A file that holds both is fine in either place.
    let both = [std::fs::read(&cert).unwrap(), std::fs::read(&key).unwrap()].concat();
    std::fs::write(&cert, &both).unwrap();
    acceptor(&cert, &key).unwrap();
    acceptor(&cert, &cert).unwrap();
    std::fs::write(&cert, "").unwrap();
    assert!(matches!(acceptor(&cert, &key), Err(TlsError::Pem { .. })));
}
