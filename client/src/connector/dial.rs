//! Connections of the native client, plain or with TLS. The only place that decides which
//! authorities are trusted: the public ones built into the program, and those in the player's own
//! file.

use std::path::Path;
use std::sync::Arc;

use hyper::Uri;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::http::Unreachable;

/// A connection, whatever it is made of.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

#[derive(Clone)]
pub(super) struct Dialer {
    tls: TlsConnector,
}

impl Dialer {
    /// Trusts the public authorities and those in this PEM file.
    ///
    /// # Errors
    /// The file cannot be read or holds no certificate.
    pub(super) fn new(authorities: Option<&Path>) -> std::io::Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(file) = authorities {
            let unusable =
                |error: &dyn std::fmt::Display| std::io::Error::other(format!("{}: {error}", file.display()));
            let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))?;
            let before = roots.len();
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unusable(&error))?;
                roots.add(certificate).map_err(|error| unusable(&error))?;
            }
            if roots.len() == before {
                return Err(unusable(&"there is no certificate in it"));
            }
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(std::io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    /// A connection to the address, and its value of the Host header.
    pub(super) async fn dial(&self, uri: &Uri) -> Result<(Box<dyn Io>, String), Unreachable> {
        let (secure, usual_port) = match uri.scheme_str() {
            Some("http" | "ws") => (false, 80),
            Some("https" | "wss") => (true, 443),
            _ => return Err(Unreachable(format!("{uri} is no address of a server"))),
        };
        let host = uri.host().ok_or_else(|| Unreachable(format!("no host in {uri}")))?;
        let bare = host.trim_matches(['[', ']']);
        let port = uri.port_u16().unwrap_or(usual_port);
        let stream = TcpStream::connect((bare, port)).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let called = if port == usual_port { host.to_owned() } else { format!("{host}:{port}") };
        if !secure {
            return Ok((Box::new(stream), called));
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(unreachable)?;
        Ok((Box::new(self.tls.connect(name, stream).await.map_err(unreachable)?), called))
    }
}

pub(super) fn unreachable(error: impl std::fmt::Display) -> Unreachable {
    Unreachable(error.to_string())
}
