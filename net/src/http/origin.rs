//! Pages of other origins: which may open the realtime channel and read answers
//! (`--allowed-origin`, the Fetch standard's CORS protocol), and the refusal of others. Requests
//! without an `Origin` pass.

use std::num::NonZeroU64;

use bytes::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_TYPE,
    HeaderValue, ORIGIN, VARY,
};
use hyper::{HeaderMap, StatusCode};
use tilemud_schema::ErrorCode;

use super::reply::{self, Reply};
use crate::authority::Origin;
use crate::error::ApiError;
use crate::proxy::Visitor;
use crate::settings::Settings;

/// Most characters of an origin that an answer repeats.
const SHOWN_CHARS_MAX: usize = 100;

/// How long a browser may remember what is allowed, seconds.
const REMEMBERED_S: &str = "600";

/// Headers of requests that are allowed.
const REQUEST_HEADERS: &str = "authorization, content-type, if-none-match";

/// Headers of answers that a page may read besides those it always may.
const EXPOSED_HEADERS: &str = "etag, retry-after, www-authenticate";

/// Where a request's page is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// No `Origin`: no page sent the request, or the browser omits it.
    Unsaid,
    Here,
    /// Another site that may, as the browser wrote it.
    Allowed(HeaderValue),
    /// One that may not, as it is shown to people.
    Foreign(String),
}

impl From {
    /// Reads the `Origin` header. Two of them count as a foreign origin.
    pub(super) fn of(settings: &Settings, visitor: &Visitor, headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(ORIGIN).iter();
        let Some(line) = lines.next() else { return Self::Unsaid };
        if lines.next().is_some() {
            return Self::Foreign("more than one Origin header".to_owned());
        }
        match line.to_str().ok().and_then(|text| text.parse::<Origin>().ok()) {
            Some(origin) if settings.allowed_origins.contains(&origin) => Self::Allowed(line.clone()),
            Some(origin) if visitor.is_same_site(&settings.proxies, &origin) => Self::Here,
            _ => Self::Foreign(shown(line)),
        }
    }

    /// Refuses foreign pages what only the game's own may do.
    ///
    /// # Errors
    /// FORBIDDEN, with a message that names the setting.
    pub(super) fn check(&self, visitor_mark: impl FnOnce() -> NonZeroU64) -> Result<(), ApiError> {
        let Self::Foreign(origin) = self else { return Ok(()) };
        let message = format!(
            "Pages from {origin} may not play here: the server does not know that as its own address. The operator can say the \
             right address with --public-url, name the proxy with --trusted-proxy, or allow other pages with --allowed-origin."
        );
        let cause = format!("origin {origin} is neither this server's own nor an --allowed-origin");
        Err(ApiError::caused(ErrorCode::Forbidden, cause).saying(message).at(visitor_mark()))
    }

    /// Answers the preflight request of a browser for a page of another origin.
    ///
    /// # Errors
    /// FORBIDDEN when it asks for a page that may not.
    pub(super) fn answer_to_options(
        &self,
        allow: &'static str,
        headers: &HeaderMap,
        visitor_mark: impl FnOnce() -> NonZeroU64,
    ) -> Result<Reply, ApiError> {
        if headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
            self.check(visitor_mark)?;
        }
        Ok(self.preflight(allow, headers))
    }

    /// The same for a page that need not be refused.
    pub(super) fn preflight(&self, allow: &'static str, headers: &HeaderMap) -> Reply {
        let mut reply = reply::bytes(StatusCode::NO_CONTENT, "text/plain", Bytes::new());
        let answer = reply.headers_mut();
        answer.remove(CONTENT_TYPE);
        answer.insert(ALLOW, HeaderValue::from_static(allow));
        if headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) && matches!(self, Self::Allowed(_)) {
            answer.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(allow));
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
            answer.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED_S));
        }
        reply
    }

    /// Lets pages of allowed origins read an answer, also a refusal.
    pub(super) fn open(&self, settings: &Settings, reply: &mut Reply) {
        if settings.allowed_origins.is_empty() {
            return;
        }
        let headers = reply.headers_mut();
        // Whoever keeps answers must not give one to a page from elsewhere.
        headers.append(VARY, HeaderValue::from_static("origin"));
        if let Self::Allowed(origin) = self {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
        }
    }
}

/// An origin as it may be shown: cut, without control characters and markup.
fn shown(line: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(line.as_bytes());
    let clean = |char: char| if char.is_ascii_graphic() && !"\"'<>&\\`".contains(char) { char } else { '?' };
    text.chars().take(SHOWN_CHARS_MAX).map(clean).collect()
}

#[cfg(test)]
pub(super) mod tests;
