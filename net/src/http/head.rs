//! What the head of a request must say before anybody answers it, on every port: one host, a target
//! that is one, and a body in a form that is understood. Reads the head alone.

use hyper::header::{HOST, TRANSFER_ENCODING};
use hyper::{HeaderMap, Method, Request, StatusCode, Version};
use tilemud_schema::ErrorCode;

use crate::authority::Authority;
use crate::error::ApiError;

/// Checks it. The host that the request names.
///
/// # Errors
/// MALFORMED, with what is wrong.
pub(super) fn checked<B>(request: &Request<B>) -> Result<Authority, ApiError> {
    let host = host(request)?;
    check_target(request)?;
    check_codings(request.headers())?;
    Ok(host)
}

/// The one host a request names (RFC 9112, 3.2). Programs from before HTTP/1.1 may leave it out.
fn host<B>(request: &Request<B>) -> Result<Authority, ApiError> {
    let refused = |reason: &str| {
        let error = ApiError::field(ErrorCode::Malformed, "Host", reason);
        error.saying("The request must name one host.")
    };
    let mut lines = request.headers().get_all(HOST).iter();
    let (line, another) = (lines.next(), lines.next());
    if another.is_some() {
        return Err(refused("there are two of them"));
    }
    let parsed = |text: &str| text.parse::<Authority>().map_err(|_| refused("it is no host"));
    let line = line.map(|line| parsed(line.to_str().unwrap_or_default())).transpose()?;
    match (request.uri().authority(), line) {
        (_, None) if request.version() == Version::HTTP_11 => Err(refused("it is missing")),
        // What the request line names counts more, and does not excuse the header.
        (Some(authority), _) => parsed(authority.as_str()),
        (None, line) => Ok(line.unwrap_or_else(Authority::localhost)),
    }
}

/// A path, an address of the web, or `*` (RFC 9112, 3.2); a host alone is for CONNECT.
fn check_target<B>(request: &Request<B>) -> Result<(), ApiError> {
    let uri = request.uri();
    let is_one = match uri.scheme_str() {
        Some(scheme) => ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)),
        None => uri.authority().is_none() || *request.method() == Method::CONNECT,
    };
    let refused = || {
        let error = ApiError::field(ErrorCode::Malformed, "target", "it is no path, and no address of http or https");
        error.saying("The request line must name what is asked for.")
    };
    if is_one { Ok(()) } else { Err(refused()) }
}

/// Only chunks are understood, once, and they are the last coding (RFC 9112, 6.1 and 7).
fn check_codings(headers: &HeaderMap) -> Result<(), ApiError> {
    let lines = headers.get_all(TRANSFER_ENCODING).iter().map(|line| line.to_str().unwrap_or("?"));
    let codings = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|coding| !coding.is_empty());
    let refused = |reason, status| {
        let error = ApiError::field(ErrorCode::Malformed, TRANSFER_ENCODING_FIELD, reason);
        Err(error.saying("The body must come as it is or in chunks.").answered(status))
    };
    let mut chunked = 0;
    for coding in codings {
        if !coding.eq_ignore_ascii_case("chunked") {
            return refused("it is not understood", StatusCode::NOT_IMPLEMENTED);
        }
        chunked += 1;
    }
    if chunked > 1 { refused("there are chunks twice", StatusCode::BAD_REQUEST) } else { Ok(()) }
}

/// What is wrong where a body cannot be read, and with it not where the next request begins.
pub(super) const TRANSFER_ENCODING_FIELD: &str = "Transfer-Encoding";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_request_line_names_the_host_header_is_one_host() {
        let asked = |target: &'static str, lines: &[&'static str]| {
            let mut request = Request::builder().uri(target);
            for line in lines {
                request = request.header(HOST, *line);
            }
            host(&request.body(()).unwrap()).map(|host| host.to_string()).ok()
        };
        for (target, lines, named) in [
            ("/", &["a.example:8080"][..], Some("a.example:8080")),
            ("http://a.example/", &["a.example"], Some("a.example")),
            ("http://a.example/", &["b.example"], Some("a.example")),
            ("http://a.example/", &["a/b"], None),
            ("http://a.example/", &[""], None),
            ("http://a.example/", &[], None),
            ("http://a.example/", &["a.example", "a.example"], None),
            ("/", &["a/b"], None),
            ("/", &[], None),
        ] {
            assert_eq!(asked(target, lines).as_deref(), named, "{target} {lines:?}");
        }
    }
}
