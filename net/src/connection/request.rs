//! What a request must be to open a WebSocket (RFC 6455, 4.2.1), and the refusal of others. Only
//! checks; `upgrade` makes the upgrade.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{CONTENT_LENGTH, SEC_WEBSOCKET_PROTOCOL, TRANSFER_ENCODING};
use hyper::{HeaderMap, Request, Version};
use tilemud_schema::{Encoding, ErrorCode};

use crate::error::ApiError;

/// The one version there is.
pub(crate) const VERSION: &str = "13";

/// The header that names the version. An error about it names the supported version (RFC 6455,
/// 4.4).
pub(crate) const VERSION_HEADER: &str = "Sec-WebSocket-Version";

const KEY_HEADER: &str = "Sec-WebSocket-Key";

/// Bytes of a key before it was encoded.
const KEY_BYTES: usize = 16;

/// The encoding that the client prefers among those we know, if all else is right.
///
/// # Errors
/// MALFORMED, with the header that is to blame.
pub(super) fn checked<B>(request: &Request<B>) -> Result<Encoding, ApiError> {
    if request.version() != Version::HTTP_11 || !fastwebsockets::upgrade::is_upgrade_request(request) {
        return Err(no_upgrade());
    }
    let headers = request.headers();
    let is_empty = headers.get_all(CONTENT_LENGTH).iter().all(|length| length == "0");
    if !is_empty || headers.contains_key(TRANSFER_ENCODING) {
        // What comes behind the head is frames.
        return Err(malformed("Content-Length", "a request for a WebSocket has no body"));
    }
    if the_one(headers, VERSION_HEADER) != Some(VERSION) {
        let error = malformed(VERSION_HEADER, "name this one version, 13");
        return Err(error.saying("This server speaks version 13 of the WebSocket protocol and no other."));
    }
    let key = the_one(headers, KEY_HEADER).and_then(|key| STANDARD.decode(key).ok());
    if key.is_none_or(|key| key.len() != KEY_BYTES) {
        return Err(malformed(KEY_HEADER, "16 random bytes in base64 are expected"));
    }
    let mut offers = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let encoding = offers.find_map(Encoding::negotiate);
    encoding.ok_or_else(|| malformed("Sec-WebSocket-Protocol", "offer tilemud.postcard or tilemud.json"))
}

/// The refusal of a request that is not for a WebSocket.
pub(crate) fn no_upgrade() -> ApiError {
    let error = malformed("Upgrade", "a WebSocket upgrade over HTTP/1.1 is expected here");
    error.saying("This address is for WebSockets: the request must ask for an upgrade, and proxies must pass that on.")
}

/// The value of a header that is there exactly once.
fn the_one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let line = lines.next()?.to_str().ok()?;
    lines.next().is_none().then_some(line)
}

fn malformed(header: &str, reason: &str) -> ApiError {
    ApiError::field(ErrorCode::Malformed, header, reason)
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};
    use tilemud_schema::Details;

    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    const GOOD: [(&str, &str); 5] = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", KEY),
        ("sec-websocket-protocol", "tilemud.json"),
    ];

    /// The outcome for good headers without the named one and with these; the header to blame.
    fn outcome(version: Version, without: &str, with: &[(&str, &str)]) -> Result<Encoding, String> {
        let mut request = Request::new(());
        *request.version_mut() = version;
        let kept = GOOD.iter().filter(|(name, _)| *name != without);
        for (name, value) in kept.chain(with) {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
        }
        checked(&request).map_err(|error| match error.details {
            Some(Details::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_request_by_the_book_opens_a_websocket() {
        assert_eq!(outcome(Version::HTTP_11, "", &[]), Ok(Encoding::Json));
        assert_eq!(outcome(Version::HTTP_11, "", &[("content-length", "0")]), Ok(Encoding::Json));
        let unknown_first = [("sec-websocket-protocol", "chat"), ("sec-websocket-protocol", "x, tilemud.postcard")];
        assert_eq!(outcome(Version::HTTP_11, "sec-websocket-protocol", &unknown_first), Ok(Encoding::Postcard));
    }

    #[test]
    fn any_other_request_is_told_what_is_wrong_with_it() {
        for version in [Version::HTTP_09, Version::HTTP_10, Version::HTTP_2] {
            assert_eq!(outcome(version, "", &[]), Err("Upgrade".to_owned()), "{version:?}");
        }
        type Header = (&'static str, &'static str);
        let rows: [(&str, &[Header], &str); 24] = [
            ("connection", &[], "Upgrade"),
            ("connection", &[("connection", "close")], "Upgrade"),
            ("upgrade", &[], "Upgrade"),
            ("upgrade", &[("upgrade", "h2c")], "Upgrade"),
            ("", &[("content-length", "5")], "Content-Length"),
            ("", &[("transfer-encoding", "chunked")], "Content-Length"),
            ("sec-websocket-version", &[], VERSION_HEADER),
            ("sec-websocket-version", &[("sec-websocket-version", "8")], VERSION_HEADER),
            ("sec-websocket-version", &[("sec-websocket-version", "14")], VERSION_HEADER),
            ("sec-websocket-version", &[("sec-websocket-version", "013")], VERSION_HEADER),
            ("sec-websocket-version", &[("sec-websocket-version", "13, 8")], VERSION_HEADER),
            ("sec-websocket-version", &[("sec-websocket-version", "")], VERSION_HEADER),
            ("", &[("sec-websocket-version", "13")], VERSION_HEADER),
            ("", &[("sec-websocket-version", "8")], VERSION_HEADER),
            ("sec-websocket-key", &[], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "")], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "AAAA")], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ")], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZSEhISE=")], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "!!!!IHNhbXBsZSBub25jZQ==")], KEY_HEADER),
            ("sec-websocket-key", &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==, x")], KEY_HEADER),
            ("", &[("sec-websocket-key", KEY)], KEY_HEADER),
            ("sec-websocket-protocol", &[], "Sec-WebSocket-Protocol"),
            ("sec-websocket-protocol", &[("sec-websocket-protocol", "chat, TILEMUD.JSON")], "Sec-WebSocket-Protocol"),
        ];
        for (without, with, blamed) in rows {
            assert_eq!(outcome(Version::HTTP_11, without, with), Err(blamed.to_owned()), "without {without}, {with:?}");
        }
    }
}
