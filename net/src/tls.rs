//! TLS for the server's own port: certificate and key from PEM files, taken up again when they change.
//!
//! Each accept looks whether the files changed (two `stat` calls) and from then on uses the new pair; a pair that cannot be used is
//! reported once and the old one stays. Connections already open keep what they began with. Offers http/1.1 only, since WebSocket
//! upgrades need it. Whether there is TLS at all is the caller's choice.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::server::TlsStream;

/// Time a client has for the handshake.
pub const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is not PEM of what it should hold.
    #[error("{path} holds no {wanted} in PEM form")]
    Pem {
        /// Which.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
    /// They do not fit together, or rustls cannot use them.
    #[error("the certificate and key cannot be used together")]
    Unusable(#[source] rustls::Error),
}

/// Accepts TLS connections with the newest usable certificate; cheap to clone.
#[derive(Clone)]
pub struct TlsAcceptor {
    inner: Arc<Inner>,
}

struct Inner {
    cert: PathBuf,
    key: PathBuf,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    /// What the files looked like when they were last read, usable or not.
    seen: Option<[FileStamp; 2]>,
}

/// Tells one content of a file from the next, also when it is replaced within one tick of the file system's clock.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileStamp {
    modified: SystemTime,
    len: u64,
    inode: u64,
}

impl std::fmt::Debug for TlsAcceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsAcceptor").field("cert", &self.inner.cert).finish_non_exhaustive()
    }
}

/// Reads the pair once, so that a bad one stops the start.
///
/// # Errors
/// [`TlsError`], naming the file.
pub fn acceptor(cert: &Path, key: &Path) -> Result<TlsAcceptor, TlsError> {
    // Stamped before reading: a change in between is then read again rather than missed.
    let seen = stamps(cert, key);
    let config = Arc::new(load(cert, key)?);
    let inner = Inner { cert: cert.into(), key: key.into(), loaded: Mutex::new(Loaded { config, seen }) };
    Ok(TlsAcceptor { inner: Arc::new(inner) })
}

impl TlsAcceptor {
    /// Does the handshake.
    ///
    /// # Errors
    /// What rustls says, or [`io::ErrorKind::TimedOut`] after [`TLS_HANDSHAKE_TIMEOUT`].
    ///
    /// # Cancel safety
    /// Not cancel safe: the connection is lost.
    pub async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let handshake = tokio_rustls::TlsAcceptor::from(self.config()).accept(stream);
        tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, handshake).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// The configuration for a connection accepted now.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        let Inner { cert, key, loaded } = &*self.inner;
        let mut loaded = loaded.lock();
        let stamps = stamps(cert, key);
        // Files that are away for a moment are being replaced.
        if stamps.is_some() && stamps != loaded.seen {
            loaded.seen = stamps;
            match load(cert, key) {
                Ok(config) => {
                    loaded.config = Arc::new(config);
                    tracing::info!("TLS certificate reloaded");
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the new TLS certificate cannot be used; the old one stays"
                    );
                }
            }
        }
        Arc::clone(&loaded.config)
    }
}

fn stamps(cert: &Path, key: &Path) -> Option<[FileStamp; 2]> {
    Some([FileStamp::of(cert)?, FileStamp::of(key)?])
}

impl FileStamp {
    fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path).ok()?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&meta);
        #[cfg(not(unix))]
        let inode = 0;
        Some(Self { modified: meta.modified().ok()?, len: meta.len(), inode })
    }
}

fn load(cert: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&read(cert)?)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::Pem { path: cert.into(), wanted: "certificate" })?;
    if chain.is_empty() {
        return Err(TlsError::Pem { path: cert.into(), wanted: "certificate" });
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?)
        .map_err(|_| TlsError::Pem { path: key.into(), wanted: "private key" })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(TlsError::Unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read { path: path.into(), source })
}
