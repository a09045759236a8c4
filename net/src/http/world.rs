//! The static world, its tileset picture and the web client's files.

use bytes::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use hyper::{HeaderMap, StatusCode};

use super::reply::{self, Reply};
use crate::edge::Edge;

/// GET /api/world
pub(super) fn map(edge: &Edge, headers: &HeaderMap) -> Reply {
    let world = &edge.world;
    if let Some(reply) = not_modified(headers, &world.summary.etag) {
        return reply;
    }
    let gzip = accepts(headers).contains("gzip");
    let body = if gzip { world.json_gz.clone() } else { world.json.clone() };
    let mut reply = reply::bytes(StatusCode::OK, "application/json", body);
    if gzip {
        reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    cache(&mut reply, &world.summary.etag, "no-cache");
    reply
}

/// GET anything else: the tileset picture or a file of the web client.
pub(super) fn file(edge: &Edge, path: &str, headers: &HeaderMap) -> Option<Reply> {
    if path == edge.world.tileset_path {
        let mut reply = reply::bytes(StatusCode::OK, "image/png", edge.world.tileset_png.clone());
        cache(&mut reply, &edge.world.summary.etag, "public, max-age=31536000, immutable");
        return Some(reply);
    }
    let asset = edge.assets.find(path, accepts(headers))?;
    if let Some(reply) = not_modified(headers, &asset.etag) {
        return Some(reply);
    }
    let mut reply = reply::bytes(StatusCode::OK, asset.content_type, asset.bytes);
    cache(&mut reply, &asset.etag, asset.cache_control);
    if let Some(encoding) = asset.content_encoding {
        reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Some(policy) = asset.content_security_policy {
        reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    Some(reply)
}

fn accepts(headers: &HeaderMap) -> &str {
    headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn not_modified(headers: &HeaderMap, etag: &str) -> Option<Reply> {
    let held = headers.get(IF_NONE_MATCH)?.to_str().ok()?;
    if !held.split(',').any(|held| held.trim().trim_start_matches("W/") == etag || held.trim() == "*") {
        return None;
    }
    let mut reply = reply::bytes(StatusCode::NOT_MODIFIED, "application/json", Bytes::new());
    cache(&mut reply, etag, "no-cache");
    Some(reply)
}

fn cache(reply: &mut Reply, etag: &str, control: &'static str) {
    let headers = reply.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(ETAG, etag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(control));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
}
