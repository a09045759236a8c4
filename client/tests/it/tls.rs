//! The native connector over TLS: an authority from the player's file is trusted, anyone else is
//! not.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tilemud_client::connector::native::{NativeConnector, Setup};
use tilemud_client::connector::{Connector, ConnectorEvent};
use tilemud_client::http::HttpRequest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::native_connector::{Bench, PATIENCE};

/// Answers every request over TLS until the test process ends. Gives the PEM of its certificate.
fn server() -> (SocketAddr, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let pem = made.cert.pem();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key))
        .expect("a server");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("the test listens");
            let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                // A client that does not trust us goes away.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                let read = stream.read(&mut request).await.expect("a request");
                assert!(request[..read].starts_with(b"GET /api/version HTTP/1.1\r\n"));
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret";
                stream.write_all(answer).await.expect("the client reads");
                stream.shutdown().await.expect("the client reads");
            }
        });
    });
    (told.recv_timeout(PATIENCE).expect("the server starts"), pem)
}

fn setup(address: SocketAddr, authorities: Option<PathBuf>) -> Setup {
    Setup { authorities, ..Setup::new(format!("https://localhost:{}", address.port())) }
}

#[test]
fn an_authority_from_the_players_file_is_trusted_and_nobody_else_is() {
    let (address, pem) = server();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).expect("a file");
    let mut bench = Bench::with(setup(address, Some(file)));
    bench.connector.request(1, HttpRequest::get("/api/version"));
    let ConnectorEvent::Http { id: 1, outcome: Ok(answer) } = bench.next() else { panic!("no answer") };
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"secret".as_slice()));

    let mut bench = Bench::with(setup(address, None));
    bench.connector.request(2, HttpRequest::get("/api/version"));
    assert!(matches!(bench.next(), ConnectorEvent::Http { id: 2, outcome: Err(_) }));
}

#[test]
fn a_file_without_a_certificate_is_said_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a file");
    for file in [empty, folder.path().join("missing.pem")] {
        let setup = Setup { authorities: Some(file.clone()), ..Setup::new("https://localhost") };
        let error = NativeConnector::start(setup, || {}).err().expect("an error").to_string();
        assert!(error.contains(&file.display().to_string()), "{error}");
    }
}
