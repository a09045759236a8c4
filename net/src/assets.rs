//! The web client's files as the HTTP router sees them: one trait, so that `net` need not know how
//! they are kept. Nothing here reads a disk or knows a file's name.

use bytes::Bytes;

/// One file, in the encoding that fits the request best.
#[derive(Debug, Clone)]
pub struct Asset {
    pub bytes: Bytes,
    pub content_type: &'static str,
    /// How the body is compressed, if it is.
    pub content_encoding: Option<&'static str>,
    /// How long it may be kept.
    pub cache_control: &'static str,
    /// In quotes; different for each encoding.
    pub etag: String,
    /// The Content-Security-Policy of pages. One value for all pages of a server.
    pub content_security_policy: Option<&'static str>,
}

/// Where files come from.
pub trait Assets: Send + Sync {
    /// The file at this path of a URL (`/` is the page), compressed as `accept_encoding` (the
    /// header's value) allows.
    fn find(&self, path: &str, accept_encoding: &str) -> Option<Asset>;
}
