//! The web client's files as the HTTP router sees them: one trait, so that `net` need not know how
//! they are kept; and what `Accept-Encoding` says. Nothing here reads a disk or knows a file's
//! name.

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

/// Whether an Accept-Encoding value accepts this encoding (RFC 9110, 12.5.3).
#[must_use]
pub fn accepts(accept_encoding: &str, encoding: &str) -> bool {
    accept_encoding.split(',').any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|quality| quality.trim().parse::<f32>().is_ok_and(|quality| quality <= 0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_as_browsers_send_them() {
        for (header, br) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("gzip, br;q=0", false),
            ("br; q=0.0", false),
            ("brotli", false),
            ("", false),
        ] {
            assert_eq!(accepts(header, "br"), br, "{header}");
        }
    }
}
