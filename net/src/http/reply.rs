//! Answers and how they are built.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, REFERRER_POLICY, RETRY_AFTER, SEC_WEBSOCKET_VERSION, UPGRADE, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tilemud_schema::codec::to_json;
use tilemud_schema::limits::REST_BODY_BYTES_MAX;
use tilemud_schema::{Details, ErrorCode, keys};

use super::head::TRANSFER_ENCODING_FIELD;
use crate::connection::{VERSION, VERSION_HEADER};
use crate::error::ApiError;
use crate::limits::REQUEST_BODY_TIMEOUT;

/// Retry-After of answers that do not set one, seconds.
const RETRY_AFTER_S: u64 = 2;

pub(super) type Reply = Response<Full<Bytes>>;

/// A JSON body; never cached.
pub(super) fn json<T: Serialize>(status: StatusCode, body: &T) -> Reply {
    let mut reply = bytes(status, "application/json", Bytes::from(to_json(body)));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

pub(super) fn bytes(status: StatusCode, content_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// The error shape with its status.
pub(super) fn error(error: ApiError) -> Reply {
    let status = error.status;
    let wire = error.into_wire();
    let status = status.or_else(|| StatusCode::from_u16(wire.code.http_status()?).ok());
    let mut reply = json(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &wire);
    if let Some(Details::Retry { retry_after_ms } | Details::Limit { retry_after_ms, .. }) = wire.details {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_ms.div_ceil(1_000).max(1)));
    }
    if matches!(&wire.details, Some(Details::Field { field, .. }) if field == VERSION_HEADER) {
        *reply.status_mut() = StatusCode::UPGRADE_REQUIRED;
        let headers = reply.headers_mut();
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    }
    if matches!(&wire.details, Some(Details::Field { field, .. }) if field == TRANSFER_ENCODING_FIELD) {
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if reply.status() == StatusCode::UNAUTHORIZED {
        // What to bring, and whether what came was no good (RFC 6750, 3).
        let challenge = match wire.code {
            ErrorCode::AuthTokenInvalid | ErrorCode::AuthTokenExpired => "Bearer error=\"invalid_token\"",
            _ => "Bearer",
        };
        reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    reply
}

/// Default headers of every answer: no caching, no sniffing of types, no framing, no scripts, no
/// referrer.
const GUARDS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
];

/// Completes an answer for its request: default headers, no body for HEAD, and a Retry-After where
/// one is due.
pub(super) fn finish(mut reply: Reply, is_head: bool) -> Reply {
    for (name, value) in GUARDS {
        reply.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    let later = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&reply.status());
    if later && !reply.headers().contains_key(RETRY_AFTER) {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    }
    if is_head {
        if let Some(bytes) = reply.body().size_hint().exact().filter(|_| reply.headers().contains_key(CONTENT_TYPE)) {
            reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes));
        }
        *reply.body_mut() = Full::default();
    }
    reply
}

/// Reads a JSON body of at most [`REST_BODY_BYTES_MAX`] bytes.
///
/// # Errors
/// PAYLOAD_TOO_LARGE, MALFORMED; 415 for one that is compressed.
pub(super) async fn body<T, B>(request: Request<B>) -> Result<T, ApiError>
where
    T: DeserializeOwned,
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let is_plain = |coding: &HeaderValue| coding.is_empty() || coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !request.headers().get_all(CONTENT_ENCODING).iter().all(is_plain) {
        let error = ApiError::field(ErrorCode::Malformed, "Content-Encoding", "it is not understood");
        return Err(error.saying("The body must come as it is.").answered(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let collecting = Limited::new(request.into_body(), REST_BODY_BYTES_MAX).collect();
    let collected = tokio::time::timeout(REQUEST_BODY_TIMEOUT, collecting).await;
    let late = |_| ApiError::field(ErrorCode::Malformed, "body", "the body did not arrive in time");
    let collected = collected.map_err(late)?.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::from(ErrorCode::PayloadTooLarge)
        } else {
            ApiError::field(ErrorCode::Malformed, "body", "the body did not arrive whole")
        }
    })?;
    let bytes = collected.to_bytes();
    // A list would be taken for the fields in their order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::field(ErrorCode::Malformed, "body", "a JSON object is expected"));
    }
    let read = keys::are_unique(&bytes).and_then(|()| serde_json::from_slice(&bytes));
    read.map_err(|error| ApiError::field(ErrorCode::Malformed, "body", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_to_come_later_is_told_when() {
        for code in [ErrorCode::Unavailable, ErrorCode::CapacityFull, ErrorCode::RateLimited] {
            let reply = finish(error(code.into()), false);
            assert_eq!(reply.headers()[RETRY_AFTER], RETRY_AFTER_S.to_string(), "{code}");
        }
        let details = Details::Limit { limit: "sign_in".to_owned(), retry_after_ms: 4_001 };
        let reply = finish(error(ApiError::with_details(ErrorCode::RateLimited, details)), false);
        assert_eq!(reply.headers()[RETRY_AFTER], "5");
        let probe = finish(bytes(StatusCode::SERVICE_UNAVAILABLE, "text/plain", Bytes::from_static(b"no")), true);
        assert_eq!(
            (&probe.headers()[RETRY_AFTER], &probe.headers()[CONTENT_LENGTH]),
            (&"2".parse().unwrap(), &"2".parse().unwrap())
        );
        assert_eq!(finish(error(ErrorCode::Forbidden.into()), false).headers().get(RETRY_AFTER), None);
    }

    #[tokio::test]
    async fn a_body_is_an_object_and_nothing_that_could_be_taken_for_one() {
        let read = async |text: &'static str| {
            let request = Request::new(Full::new(Bytes::from_static(text.as_bytes())));
            body::<std::collections::BTreeMap<String, u8>, _>(request).await
        };
        assert!(read(" {\"a\": 1}").await.is_ok());
        for text in ["", "[]", "[[\"a\", 1]]", "null", "1", "{", "{}{}", "{\"a\": 1, \"a\": 1}"] {
            assert_eq!(read(text).await.unwrap_err().code, ErrorCode::Malformed, "{text}");
        }
    }
}
