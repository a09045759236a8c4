//! The map of the world, parts of its tiles, its pictures, its music and the web client's files.

use bytes::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use hyper::{HeaderMap, StatusCode};

use super::reply::{self, Reply};
use crate::assets::accepts;
use crate::edge::Edge;
use crate::proxy::Visitor;
use crate::session::{Packed, Realm, ServedFile, ServedMap};

/// The place in a page's policy for the origins it may connect to.
const CONNECT_SELF: &str = "connect-src 'self'";

/// To be asked about before each use.
const REVALIDATE: &str = "no-cache";

/// For what is named by its content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// GET /api/world.
pub(super) fn whole(map: &ServedMap, headers: &HeaderMap) -> Reply {
    json(&map.whole, &map.summary.etag, headers)
}

/// GET /api/map.
pub(super) fn outline(map: &ServedMap, headers: &HeaderMap) -> Reply {
    json(&map.outline, &map.summary.etag, headers)
}

/// Both encodings have one ETag, which clients compare with the one that their session names; no
/// parts of either are served that could be mixed up.
fn json(body: &Packed, etag: &str, headers: &HeaderMap) -> Reply {
    not_modified(headers, etag, REVALIDATE).unwrap_or_else(|| {
        let gzip = takes_gzip(headers);
        packed(if gzip { body.gzip.clone() } else { body.plain.clone() }, gzip, etag, REVALIDATE)
    })
}

/// GET a section of the tiles; `None` when the map has none at this path.
pub(super) fn section(map: &ServedMap, path: &str, headers: &HeaderMap) -> Option<Reply> {
    let etag = format!("\"{path}\"");
    if let Some(reply) = not_modified(headers, &etag, IMMUTABLE).filter(|_| map.sections.has(path)) {
        return Some(reply);
    }
    let gzip = takes_gzip(headers);
    Some(packed(map.sections.body(path, gzip)?, gzip, &etag, IMMUTABLE))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    accepts(&accept_encoding(headers), "gzip")
}

fn packed(body: Bytes, is_gzip: bool, etag: &str, control: &'static str) -> Reply {
    let mut reply = reply::bytes(StatusCode::OK, "application/json", body);
    if is_gzip {
        reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    cache(&mut reply, etag, control);
    reply
}

/// GET anything else: a picture of the world, music or a file of the web client.
pub(super) fn file(edge: &Edge, realm: &Realm, visitor: &Visitor, path: &str, headers: &HeaderMap) -> Option<Reply> {
    if let Some(ServedFile { content_type, bytes }) = realm.file(path) {
        // Its path says what is in it.
        let etag = format!("\"{path}\"");
        return Some(not_modified(headers, &etag, IMMUTABLE).unwrap_or_else(|| {
            let mut reply = reply::bytes(StatusCode::OK, content_type, bytes);
            cache(&mut reply, &etag, IMMUTABLE);
            reply
        }));
    }
    let asset = edge.assets.find(path, &accept_encoding(headers))?;
    let policy = asset.content_security_policy.map(|policy| {
        let sources = visitor.realtime_sources(&edge.settings.proxies);
        page_policy(policy, &sources, edge.auth.token_origin().as_deref())
    });
    let mut reply = match not_modified(headers, &asset.etag, asset.cache_control) {
        Some(reply) => reply,
        None => {
            let mut reply = reply::bytes(StatusCode::OK, asset.content_type, asset.bytes);
            cache(&mut reply, &asset.etag, asset.cache_control);
            if let Some(encoding) = asset.content_encoding {
                reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            reply
        }
    };
    // Also when the page itself has not changed: the provider may have.
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        reply.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Some(reply)
}

/// The page's policy with the origins it may connect to besides `'self'`: the realtime channel, and
/// the origin where it exchanges the code of a sign-in.
fn page_policy(policy: &str, realtime_sources: &str, token_origin: Option<&str>) -> String {
    let token_origin = token_origin.map_or(String::new(), |origin| format!(" {origin}"));
    policy.replacen(CONNECT_SELF, &format!("{CONNECT_SELF}{realtime_sources}{token_origin}"), 1)
}

/// The list over all its lines (RFC 9110, 5.3).
fn accept_encoding(headers: &HeaderMap) -> String {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.collect::<Vec<_>>().join(",")
}

/// 304 with the headers that the whole answer would have had (RFC 9110, 15.4.5), and no type,
/// because it has no body.
fn not_modified(headers: &HeaderMap, etag: &str, control: &'static str) -> Option<Reply> {
    let held = headers.get(IF_NONE_MATCH)?.to_str().ok()?;
    if !held.split(',').any(|held| held.trim().trim_start_matches("W/") == etag || held.trim() == "*") {
        return None;
    }
    let mut reply = reply::bytes(StatusCode::NOT_MODIFIED, "application/json", Bytes::new());
    reply.headers_mut().remove(CONTENT_TYPE);
    cache(&mut reply, etag, control);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tilemud_schema::Position;
    use tilemud_schema::rest::WorldSummary;

    use super::*;
    use crate::session::Sections;

    #[test]
    fn what_has_not_changed_may_be_kept_as_long_as_the_whole_answer() {
        let mut headers = HeaderMap::new();
        assert!(not_modified(&headers, "\"a\"", IMMUTABLE).is_none(), "nothing is held");
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"b\", W/\"a\""));
        let reply = not_modified(&headers, "\"a\"", IMMUTABLE).unwrap();
        assert_eq!(reply.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(
            (&reply.headers()[CACHE_CONTROL], &reply.headers()[ETAG]),
            (&HeaderValue::from_static(IMMUTABLE), &HeaderValue::from_static("\"a\""))
        );
        assert_eq!(reply.headers().get(CONTENT_TYPE), None);
        assert!(not_modified(&headers, "\"c\"", IMMUTABLE).is_none(), "another one is held");
    }

    /// A map with one section.
    struct One;

    impl Sections for One {
        fn has(&self, path: &str) -> bool {
            path == "here"
        }

        fn body(&self, path: &str, is_gzip: bool) -> Option<Bytes> {
            self.has(path).then(|| Bytes::from_static(if is_gzip { b"z" } else { b"s" }))
        }
    }

    #[test]
    fn the_map_is_compressed_for_those_who_take_it_so_on_whatever_line_they_say_it() {
        let summary = WorldSummary { name: "w".into(), width: 9, height: 9, chunk_size: 16, etag: "\"e\"".to_owned() };
        let body = Packed { plain: Bytes::from_static(b"plain"), gzip: Bytes::from_static(b"packed") };
        let served = ServedMap {
            summary,
            outline: body.clone(),
            whole: body,
            files: BTreeMap::new(),
            sections: Box::new(One),
            place: Box::new(|_| Position::default()),
        };
        for (lines, packed) in [
            (&[][..], false),
            (&["gzip"], true),
            (&["br", "gzip"], true),
            (&["deflate", "br, GZIP;q=0.5"], true),
            (&["gzip;q=0"], false),
            (&["br, gzip; q=0.0"], false),
            (&["gzipped, not-gzip"], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            for reply in [whole(&served, &headers), outline(&served, &headers)] {
                assert_eq!(reply.headers().contains_key(CONTENT_ENCODING), packed, "{lines:?}");
                assert_eq!(reply.headers()[ETAG], served.summary.etag);
            }
            let reply = section(&served, "here", &headers).unwrap();
            assert_eq!(reply.headers().contains_key(CONTENT_ENCODING), packed, "{lines:?}");
            assert_eq!(
                (&reply.headers()[ETAG], &reply.headers()[CACHE_CONTROL]),
                (&HeaderValue::from_static("\"here\""), &HeaderValue::from_static(IMMUTABLE))
            );
            assert!(section(&served, "there", &headers).is_none());
        }
    }

    #[test]
    fn the_page_may_reach_the_token_endpoint_and_no_other_foreign_origin() {
        let policy = "default-src 'none'; connect-src 'self'; base-uri 'none'";
        let opened = "default-src 'none'; connect-src 'self' wss://play.example https://id.example; base-uri 'none'";
        assert_eq!(page_policy(policy, " wss://play.example", Some("https://id.example")), opened);
        assert_eq!(page_policy(policy, "", None), policy);
    }
}
