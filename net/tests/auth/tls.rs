//! TLS on the server's port: the handshake, what is refused at the start, and taking up a new
//! certificate.

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tilemud_net::tls::{TlsAcceptor, TlsError, acceptor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const NAME: &str = "play.example.test";

struct Pair {
    folder: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn cert(&self) -> std::path::PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn key(&self) -> std::path::PathBuf {
        self.folder.path().join("key.pem")
    }

    fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        acceptor(&self.cert(), &self.key())
    }
}

fn fresh() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed([NAME.to_owned()]).unwrap()
}

/// As careful operators do it: written beside, then moved in, so that nobody reads half a file.
fn replace(path: &Path, content: &str) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, content).unwrap();
    std::fs::rename(beside, path).unwrap();
}

/// A whole handshake and an echo; what the client that trusts only `root` got for ALPN.
async fn talk(
    acceptor: &TlsAcceptor,
    root: &CertificateDer<'static>,
    alpn: &[&[u8]],
) -> std::io::Result<Option<Vec<u8>>> {
    let (client, server) = tokio::io::duplex(64 * 1024);
    let serving = acceptor.clone();
    let served = tokio::spawn(async move {
        let mut stream = serving.accept(server).await?;
        let mut word = [0; 4];
        stream.read_exact(&mut word).await?;
        stream.write_all(&word).await?;
        stream.shutdown().await
    });
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(ServerName::try_from(NAME).unwrap(), client).await?;
    stream.write_all(b"ping").await?;
    let mut word = [0; 4];
    stream.read_exact(&mut word).await?;
    assert_eq!(&word, b"ping");
    served.await.unwrap()?;
    Ok(stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec))
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_gets_http_1_1() {
    let (pair, made) = (Pair::new(), fresh());
    replace(&pair.cert(), &made.cert.pem());
    replace(&pair.key(), &made.signing_key.serialize_pem());
    let acceptor = pair.acceptor().unwrap();
    assert_eq!(talk(&acceptor, made.cert.der(), &[b"h2", b"http/1.1"]).await.unwrap(), Some(b"http/1.1".to_vec()));
    assert_eq!(talk(&acceptor, made.cert.der(), &[]).await.unwrap(), None);
    assert!(talk(&acceptor, made.cert.der(), &[b"h2"]).await.is_err(), "no WebSocket upgrade over h2");
    assert!(talk(&acceptor, fresh().cert.der(), &[]).await.is_err(), "another certificate is not trusted");
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_and_a_bad_one_is_not() {
    let (pair, first, second) = (Pair::new(), fresh(), fresh());
    replace(&pair.cert(), &first.cert.pem());
    replace(&pair.key(), &first.signing_key.serialize_pem());
    let acceptor = pair.acceptor().unwrap();
    talk(&acceptor, first.cert.der(), &[]).await.unwrap();

    // Between the two moves the pair does not fit together: the old one stays.
    replace(&pair.cert(), &second.cert.pem());
    talk(&acceptor, first.cert.der(), &[]).await.unwrap();
    replace(&pair.key(), &second.signing_key.serialize_pem());
    talk(&acceptor, second.cert.der(), &[]).await.unwrap();
    assert!(talk(&acceptor, first.cert.der(), &[]).await.is_err());

    replace(&pair.cert(), "not a certificate");
    talk(&acceptor, second.cert.der(), &[]).await.unwrap();
    std::fs::remove_file(pair.cert()).unwrap();
    talk(&acceptor, second.cert.der(), &[]).await.unwrap();
    replace(&pair.cert(), &first.cert.pem());
    replace(&pair.key(), &first.signing_key.serialize_pem());
    talk(&acceptor, first.cert.der(), &[]).await.unwrap();
}

#[test]
fn a_bad_pair_stops_the_start_and_names_the_file() {
    let (pair, made) = (Pair::new(), fresh());
    assert!(matches!(pair.acceptor(), Err(TlsError::Read { path, .. }) if path == pair.cert()));
    replace(&pair.cert(), &made.cert.pem());
    assert!(matches!(pair.acceptor(), Err(TlsError::Read { path, .. }) if path == pair.key()));
    replace(&pair.key(), &made.cert.pem());
    assert!(matches!(pair.acceptor(), Err(TlsError::Pem { path, .. }) if path == pair.key()));
    replace(&pair.key(), &fresh().signing_key.serialize_pem());
    assert!(
        matches!(pair.acceptor(), Err(TlsError::Mismatch { cert, key }) if cert == pair.cert() && key == pair.key())
    );
    replace(&pair.cert(), "");
    assert!(matches!(pair.acceptor(), Err(TlsError::Pem { path, .. }) if path == pair.cert()));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_speaks_is_let_go() {
    let (pair, made) = (Pair::new(), fresh());
    replace(&pair.cert(), &made.cert.pem());
    replace(&pair.key(), &made.signing_key.serialize_pem());
    let (_silent, server) = tokio::io::duplex(1024);
    let error = pair.acceptor().unwrap().accept(server).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}
