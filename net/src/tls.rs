//! TLS for the server's own port: certificate and key from PEM files, reloaded when they change.
//!
//! Each accept checks whether the files changed (two `stat` calls) and uses the new pair from then
//! on; an unusable pair is reported once and the old one stays. A certificate that expires soon is
//! warned of; one further up its chain is mentioned, because clients may find another way. Open
//! connections keep theirs. Offers http/1.1 only, since WebSocket upgrades need it.
//! Whether there is TLS at all is the caller's choice.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex as Turn;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

/// Time a client has for the handshake.
pub const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

const DAY_S: i64 = 24 * 3_600;

/// A certificate that ends within this time is warned of.
const EXPIRY_WARNING_S: i64 = 14 * DAY_S;

const EXPIRY_POLL: Duration = Duration::from_secs(24 * 3_600);

/// Why a certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A file is not PEM of what it should hold.
    #[error("{path} holds no {wanted} in PEM form")]
    Pem {
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
    },
    /// Each is what the other should be.
    #[error("{cert} holds a private key and {key} a certificate: name them the other way round")]
    Swapped { cert: PathBuf, key: PathBuf },
    /// They are of different pairs.
    #[error("{cert} and {key} do not belong together: the key is not that of the certificate")]
    Mismatch { cert: PathBuf, key: PathBuf },
    /// rustls cannot use them.
    #[error("{cert} and {key} cannot be used")]
    Unusable {
        cert: PathBuf,
        key: PathBuf,
        #[source]
        source: rustls::Error,
    },
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
    /// Whoever answers a ClientHello.
    turn: Turn<()>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    ends: Ends,
    /// What the files looked like when they were last read, usable or not.
    seen: Option<[FileStamp; 2]>,
}

/// When certificates end, seconds since 1970; `None` when that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    /// When the server's own begins.
    begins: Option<i64>,
    /// The server's own, which every client judges.
    own: Option<i64>,
    /// The first of those further up the chain, which clients may do without.
    above: Option<i64>,
}

/// Identifies the version of a file, also when it is replaced within one tick of the file system's
/// clock.
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
    let (config, ends) = load(cert, key)?;
    let loaded = Loaded { config: Arc::new(config), ends, seen };
    let inner = Inner { cert: cert.into(), key: key.into(), loaded: Mutex::new(loaded), turn: Turn::default() };
    Ok(TlsAcceptor { inner: Arc::new(inner) })
}

/// Warns of a certificate that has ended or soon will, once a day until shutdown.
pub async fn watch_expiry(tls: TlsAcceptor, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EXPIRY_POLL) => {}
            () = shutdown.cancelled() => return,
        }
        // Also when nobody connects, a new one is taken up.
        drop(tls.config());
        tls.warn_of_expiry();
    }
}

fn warn_of_expiry(cert: &Path, ends: Ends) {
    let path = cert.display();
    if let Some(at) = ends.above.filter(|at| *at <= now_s()).map(text_of) {
        tracing::info!(%path, %at, "a certificate further up the TLS chain has expired; some clients may refuse the chain. The authority has a newer one");
    }
    if let Some(at) = ends.begins.filter(|at| *at > now_s()).map(text_of) {
        tracing::warn!(%path, %at, "the TLS certificate is not valid yet; browsers refuse it. Is the clock of this machine right?");
    }
    let Some(expires_at) = ends.own else { return };
    let remaining = expires_at.saturating_sub(now_s());
    let at = text_of(expires_at);
    if remaining <= 0 {
        tracing::warn!(%path, %at, "the TLS certificate has expired; browsers refuse it. Renew it, the file is taken up again by itself");
    } else if remaining <= EXPIRY_WARNING_S {
        let days = remaining / DAY_S;
        tracing::warn!(%path, %at, days, "the TLS certificate expires soon. Renew it, the file is taken up again by itself");
    }
}

fn text_of(at_s: i64) -> String {
    jiff::Timestamp::from_second(at_s).map_or_else(|_| at_s.to_string(), |at| at.to_string())
}

fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}

impl TlsAcceptor {
    /// Warns of a certificate that has ended or soon will.
    pub fn warn_of_expiry(&self) {
        let ends = self.inner.loaded.lock().ends;
        warn_of_expiry(&self.inner.cert, ends);
    }

    /// Seconds until the certificate ends, less than 0 when it has.
    #[must_use]
    pub fn expires_in_s(&self) -> Option<i64> {
        Some(self.inner.loaded.lock().ends.own?.saturating_sub(now_s()))
    }

    /// Does the handshake. Answers are signed one after the other, with a turn of the thread's
    /// other tasks in between, however many ask at once; who is silent holds up nobody.
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
        let handshake = async {
            let greeted = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
            let turn = self.inner.turn.lock().await;
            // The signature is made here; the rest waits for the client.
            let answering = greeted.into_stream(self.config());
            tokio::task::yield_now().await;
            drop(turn);
            answering.await
        };
        tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, handshake).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    /// The configuration for a connection accepted now.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        let Inner { cert, key, loaded, .. } = &*self.inner;
        let mut loaded = loaded.lock();
        let stamps = stamps(cert, key);
        // Files that are away for a moment are being replaced.
        if stamps.is_some() && stamps != loaded.seen {
            loaded.seen = stamps;
            match load(cert, key) {
                Ok((config, ends)) => {
                    loaded.config = Arc::new(config);
                    loaded.ends = ends;
                    tracing::info!("TLS certificate reloaded");
                    warn_of_expiry(cert, ends);
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

/// The configuration, and when the certificates of the chain end.
fn load(cert: &Path, key: &Path) -> Result<(ServerConfig, Ends), TlsError> {
    let (of_chain, of_key) = (read(cert)?, read(key)?);
    let is_chain = |pem: &[u8]| CertificateDer::from_pem_slice(pem).is_ok();
    if !is_chain(&of_chain) && PrivateKeyDer::from_pem_slice(&of_chain).is_ok() && is_chain(&of_key) {
        return Err(TlsError::Swapped { cert: cert.into(), key: key.into() });
    }
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&of_chain)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::Pem { path: cert.into(), wanted: "certificate" })?;
    if chain.is_empty() {
        return Err(TlsError::Pem { path: cert.into(), wanted: "certificate" });
    }
    let lasts = |certificate: &CertificateDer<'static>| {
        let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
        let validity = certificate.validity();
        Some((validity.not_before.timestamp(), validity.not_after.timestamp()))
    };
    let (begins, own) = chain.first().and_then(lasts).unzip();
    let ends = Ends { begins, own, above: chain.iter().skip(1).filter_map(lasts).map(|(_, end)| end).min() };
    let private = PrivateKeyDer::from_pem_slice(&of_key)
        .map_err(|_| TlsError::Pem { path: key.into(), wanted: "private key" })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|source| match source {
            rustls::Error::InconsistentKeys(_) => TlsError::Mismatch { cert: cert.into(), key: key.into() },
            source => TlsError::Unusable { cert: cert.into(), key: key.into(), source },
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((config, ends))
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read { path: path.into(), source })
}

#[cfg(test)]
mod expiry_tests;
#[cfg(test)]
mod tests;
