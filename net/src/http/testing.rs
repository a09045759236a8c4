//! Bodies of requests as the calls read them, for tests and fuzzing. Never part of the server.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use serde::de::DeserializeOwned;
use tilemud_schema::WireError;

/// A body of this type.
///
/// # Errors
/// The error that its sender gets.
pub async fn body<T: DeserializeOwned>(bytes: Vec<u8>) -> Result<T, WireError> {
    let read = super::reply::body(Request::new(Full::new(Bytes::from(bytes)))).await;
    read.map_err(crate::error::ApiError::into_wire)
}
