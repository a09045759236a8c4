//! Where an issuer's keys come from: OIDC discovery over HTTP, or a file.
//!
//! Fetches when `keyring.rs` says so and decides nothing about when. Follows no redirect and no
//! address that a token names; plain http only to loopback. Every answer is bounded in size and
//! time.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use parking_lot::Mutex;
use rustls::ClientConfig;
use serde::Deserialize;
use tilemud_persist::Diagnostic;

use super::error::AuthSetupError;
use super::keys::KeySet;
use super::limits::{PROVIDER_ANSWER_BYTES_MAX, PROVIDER_TIMEOUT};

/// Longest part of the name a provider gives itself that is repeated, characters.
const ISSUER_CHARS_SHOWN_MAX: usize = 200;

/// Why keys could not be had; for logs only.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the provider did not answer within {}s", PROVIDER_TIMEOUT.as_secs())]
    Timeout,
    #[error("the provider cannot be reached")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    #[error("the provider's certificate is not believed")]
    Certificate(#[source] Diagnostic),
    #[error("the provider's answer could not be read, or is over {PROVIDER_ANSWER_BYTES_MAX} bytes")]
    Body,
    #[error("the provider answered {0}")]
    Status(StatusCode),
    #[error("the provider's answer is unusable: {0}")]
    Answer(&'static str),
    #[error(
        "the provider calls itself {answered:?} in its discovery document, and --oidc-issuer is {configured:?}: set \
         --oidc-issuer to what it calls itself, letter by letter (a slash at the end counts)"
    )]
    OtherIssuer { configured: String, answered: String },
    #[error("the key file cannot be read")]
    File(#[source] std::io::Error),
}

impl FetchError {
    fn of_connection(error: hyper_util::client::legacy::Error) -> Self {
        tilemud_persist::certificate_problem(&error).map_or(Self::Unreachable(error), Self::Certificate)
    }

    /// The same in words safe for anybody.
    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::Timeout => "the identity provider does not answer in time",
            Self::Unreachable(_) => "the identity provider cannot be reached",
            Self::Certificate(_) => "the certificate of the identity provider is not believed",
            Self::Body | Self::Status(_) | Self::Answer(_) => "the identity provider's answer cannot be used",
            Self::OtherIssuer { .. } => "the identity provider calls itself by another name than was set",
            Self::File(_) => "the file with its keys cannot be read",
        }
    }
}

/// A place to fetch keys from.
pub(super) enum KeySource {
    Discovery(Box<Discovery>),
    File(KeyFile),
}

impl KeySource {
    /// The keys as they are now; `None` when nothing changed since the last time.
    pub(super) async fn fetch(&self) -> Result<Option<Fetched>, FetchError> {
        match self {
            Self::Discovery(discovery) => discovery.fetch().await.map(Some),
            Self::File(file) => Ok(file.fetch()?.map(|keys| Fetched { keys, lifetime: None })),
        }
    }
}

/// Keys, and how long they may be kept if the provider says so.
pub(super) struct Fetched {
    pub(super) keys: KeySet,
    pub(super) lifetime: Option<Duration>,
}

/// OpenID Connect Discovery 1.0.
pub(super) struct Discovery {
    issuer: String,
    document: Uri,
    /// The issuer itself is plain http on loopback. Only then may its keys be fetched over plain
    /// http.
    plain: bool,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    /// Where players sign in, as the newest document says.
    endpoints: Arc<ArcSwapOption<Endpoints>>,
}

/// Where a client sends a player and exchanges the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) authorization: String,
    pub(super) token: String,
}

#[derive(Deserialize)]
struct ProviderMetadata {
    issuer: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint: Option<String>,
}

impl Discovery {
    pub(super) fn new(issuer: &str, client: ClientConfig) -> Result<Self, AuthSetupError> {
        let bad = |reason| AuthSetupError::Issuer { issuer: issuer.to_owned(), reason };
        if issuer.contains(['?', '#', '@']) {
            return Err(bad("it must have no query, fragment or user"));
        }
        let plain = match address(issuer) {
            Some((_, plain)) => plain,
            None => return Err(bad("it must be an https address (http only on loopback)")),
        };
        let document = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = document.parse().map_err(|_| bad("it is not an address"))?;
        let connector = HttpsConnectorBuilder::new().with_tls_config(client).https_or_http().enable_http1().build();
        // One request in 30 s: a kept connection would mostly be a stale one.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(Self { issuer: issuer.to_owned(), document, plain, client, endpoints: Arc::default() })
    }

    /// Where players sign in, once a document has been read.
    pub(super) fn endpoints(&self) -> Arc<ArcSwapOption<Endpoints>> {
        Arc::clone(&self.endpoints)
    }

    async fn fetch(&self) -> Result<Fetched, FetchError> {
        let (metadata, _) = self.get(self.document.clone()).await?;
        let metadata: ProviderMetadata =
            serde_json::from_slice(&metadata).map_err(|_| FetchError::Answer("not a discovery document"))?;
        if metadata.issuer != self.issuer {
            let answered = metadata.issuer.chars().take(ISSUER_CHARS_SHOWN_MAX).collect();
            return Err(FetchError::OtherIssuer { configured: self.issuer.clone(), answered });
        }
        if let Some(endpoints) = self.sign_in_endpoints(&metadata) {
            self.endpoints.store(Some(Arc::new(endpoints)));
        }
        let keys = match address(&metadata.jwks_uri) {
            Some((uri, plain)) if !plain || self.plain => uri,
            _ => return Err(FetchError::Answer("jwks_uri is not an https address")),
        };
        let (keys, lifetime) = self.get(keys).await?;
        Ok(Fetched { keys: KeySet::parse(&keys).map_err(FetchError::Answer)?, lifetime })
    }

    /// Both endpoints, if clients may be sent there.
    fn sign_in_endpoints(&self, metadata: &ProviderMetadata) -> Option<Endpoints> {
        let fit = |endpoint: &Option<String>| {
            let endpoint = endpoint.as_ref()?;
            let (uri, plain) = address(endpoint)?;
            let usable = (!plain || self.plain) && origin(&uri).is_some() && !endpoint.contains('#');
            usable.then(|| endpoint.clone())
        };
        Some(Endpoints { authorization: fit(&metadata.authorization_endpoint)?, token: fit(&metadata.token_endpoint)? })
    }

    /// An answer, and how long it may be kept.
    async fn get(&self, uri: Uri) -> Result<(Bytes, Option<Duration>), FetchError> {
        let exchange = async {
            let mut request = Request::new(Empty::new());
            *request.uri_mut() = uri;
            request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
            let response = self.client.request(request).await.map_err(FetchError::of_connection)?;
            if response.status() != StatusCode::OK {
                return Err(FetchError::Status(response.status()));
            }
            let lifetime = response.headers().get(header::CACHE_CONTROL).and_then(|it| lifetime(it.to_str().ok()?));
            let body = Limited::new(response.into_body(), PROVIDER_ANSWER_BYTES_MAX);
            body.collect().await.map(|body| (body.to_bytes(), lifetime)).map_err(|_| FetchError::Body)
        };
        tokio::time::timeout(PROVIDER_TIMEOUT, exchange).await.map_err(|_| FetchError::Timeout)?
    }
}

/// How long an answer may be kept (RFC 9111, 5.2.2); `None` when that is not said.
fn lifetime(cache_control: &str) -> Option<Duration> {
    let mut lifetime = None;
    for directive in cache_control.split(',') {
        let directive = directive.trim().to_ascii_lowercase();
        if matches!(directive.as_str(), "no-cache" | "no-store") {
            return Some(Duration::ZERO);
        }
        if let Some(seconds) = directive.strip_prefix("max-age=") {
            lifetime = seconds.trim_matches('"').parse().ok().map(Duration::from_secs);
        }
    }
    lifetime
}

/// An address we may fetch from, and whether it is plain http (which only loopback may be).
fn address(text: &str) -> Option<(Uri, bool)> {
    let uri: Uri = text.parse().ok()?;
    let host = uri.host()?;
    match uri.scheme_str()? {
        "https" => Some((uri, false)),
        "http" if is_loopback(host) => Some((uri, true)),
        _ => None,
    }
}

/// Scheme and authority, if they are safe in a content security policy.
pub(super) fn origin(uri: &Uri) -> Option<String> {
    let authority = uri.authority()?.as_str();
    let plain_text = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    authority.bytes().all(plain_text).then(|| format!("{}://{authority}", uri.scheme_str().unwrap_or("https")))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A JWK Set in a file, compared by its content: a file may be replaced by one of the same length
/// and modification time, as by package managers that set all times to the same moment.
pub(super) struct KeyFile {
    path: PathBuf,
    /// What was read last and could be used.
    seen: Mutex<Option<Vec<u8>>>,
}

impl KeyFile {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, seen: Mutex::new(None) }
    }

    /// Blocking, but of a small local file at most once in [`super::REFRESH_INTERVAL`].
    pub(super) fn fetch(&self) -> Result<Option<KeySet>, FetchError> {
        let mut bytes = Vec::new();
        let mut file = std::fs::File::open(&self.path).map_err(FetchError::File)?.take(KEY_FILE_BYTES_READ);
        file.read_to_end(&mut bytes).map_err(FetchError::File)?;
        if bytes.len() > PROVIDER_ANSWER_BYTES_MAX {
            return Err(FetchError::Answer("the key file is too large"));
        }
        let mut seen = self.seen.lock();
        if seen.as_ref() == Some(&bytes) {
            return Ok(None);
        }
        let keys = KeySet::parse(&bytes).map_err(FetchError::Answer)?;
        *seen = Some(bytes);
        Ok(Some(keys))
    }
}

/// Enough to see that it is too large.
const KEY_FILE_BYTES_READ: u64 = PROVIDER_ANSWER_BYTES_MAX as u64 + 1;

// A refresh (two requests) must end before the next one may begin.
const _: () = assert!(PROVIDER_TIMEOUT.as_secs() * 2 < super::REFRESH_INTERVAL.as_secs());
