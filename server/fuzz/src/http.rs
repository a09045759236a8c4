//! Bytes of connections: WebSocket frames, bodies, what proxies say, and hosts, origins and
//! addresses.

use std::fmt::{Debug, Display};
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tilemud_net::authority::{Authority, Origin};
use tilemud_net::proxy::preamble::Preamble;
use tilemud_net::proxy::{AddressRange, Arrival, PublicUrl, Settings, Visitor};
use tilemud_net::testing::{Heard, body, heard, parsed_preamble};
use tilemud_persist::cache::{self, CallTimeout};
use tilemud_schema::codec::{to_json, to_json_value};
use tilemud_schema::rest::{BootstrapRequest, DevTokenRequest, LogoutRequest};
use tilemud_schema::{Encoding, WireError};

use crate::memory::{MESSAGE_BYTES_MAX, peak};

thread_local! {
    /// Its clock stands still, so that limits do not depend on the machine.
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime can be made");
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// The first byte chooses the encoding, the second how the rest is cut into segments.
pub(crate) fn frames(data: &[u8]) {
    let [encoding, cut, stream @ ..] = data else { return };
    let encoding = Encoding::ALL[usize::from(encoding % 2)];
    let whole = block_on(heard(encoding, [stream.to_vec()]));
    let pieces = stream.chunks(1 + usize::from(*cut)).map(<[u8]>::to_vec);
    let in_pieces = block_on(heard(encoding, pieces));
    assert_eq!(summary(&whole), summary(&in_pieces), "segments make no difference");
    assert_eq!(whole.iter().filter(|heard| matches!(heard, Heard::End(_))).count(), 1);
}

/// What was heard, without the number that each refusal has for itself.
fn summary(all: &[Heard]) -> Vec<String> {
    let line = |heard: &Heard| match heard {
        Heard::Refused(error) => {
            has_the_one_shape(error);
            format!("{} {:?}", error.code, error.details)
        }
        other => format!("{other:?}"),
    };
    all.iter().map(line).collect()
}

/// Code, category, message, whether to try again, and a number; nothing else but details.
pub(crate) fn has_the_one_shape(error: &WireError) {
    let value = to_json_value(error);
    let fields: Vec<&str> = value.as_object().expect("an error is an object").keys().map(String::as_str).collect();
    let known = ["category", "code", "correlation_id", "details", "message", "retryable"];
    assert!(fields.iter().all(|field| known.contains(field)), "{fields:?}");
    assert!(known.iter().filter(|known| **known != "details").all(|known| fields.contains(known)), "{fields:?}");
    assert!(!error.message.is_empty() && to_json(error).len() < 16 * 1024, "a refusal is short");
}

/// The first byte chooses the call.
pub(crate) fn bodies(data: &[u8]) {
    let Some((which, bytes)) = data.split_first() else { return };
    match which % 3 {
        0 => read_body::<BootstrapRequest>(bytes),
        1 => read_body::<LogoutRequest>(bytes),
        _ => read_body::<DevTokenRequest>(bytes),
    }
}

fn read_body<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let (read, held) = peak(|| block_on(body::<T>(bytes.to_vec())));
    assert!(held <= MESSAGE_BYTES_MAX, "{held} bytes were held for a body of {}", bytes.len());
    match read {
        Ok(read) => assert_eq!(block_on(body::<T>(to_json(&read))).expect("what was written can be read"), read),
        Err(error) => has_the_one_shape(&error),
    }
}

/// Headers, one a line, from a trusted proxy and from a stranger.
pub(crate) fn forwarded(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(40) {
        let Some(at) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (&line[..at], line[at + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    let trusted = ["127.0.0.0/8", "10.0.0.0/8", "2001:db8::/32"];
    let trusted = trusted.map(|range| range.parse().expect("a range")).to_vec();
    let settings = Settings { trusted, ..Settings::default() };
    let host: Authority = "play.example:8080".parse().expect("a host");
    for (peer, is_proxy) in [([127, 0, 0, 1], true), ([192, 0, 2, 1], false)] {
        let peer = IpAddr::V4(Ipv4Addr::from(peer));
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let arrival = Arrival { peer, local, tls: false, preamble: Preamble::default() };
        let visitor = Visitor::of(&settings, &arrival, host.clone(), &headers);
        assert_eq!(visitor.address, visitor.address.to_canonical());
        assert!(is_proxy || (visitor.address == peer && visitor.forwarded.is_none() && visitor.host == host));
        let url = visitor.realtime_url(&settings, "");
        assert!(
            url.starts_with("ws") && url.ends_with("/ws") && url.chars().all(|char| char.is_ascii_graphic()),
            "{url}"
        );
        assert!("/a/b".ends_with(visitor.path_below(&settings, "/a/b")));
    }
}

pub(crate) fn preamble(data: &[u8]) {
    match parsed_preamble(data) {
        Ok(Preamble { address: None, .. }) => {}
        Ok(_) => assert!(data.starts_with(b"PROXY ") || data.starts_with(b"\r\n\r\n\0\r\nQUIT\n")),
        Err(problem) => assert!(!problem.is_empty()),
    }
}

pub(crate) fn addresses(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    settles::<Authority>(text);
    settles::<Origin>(text);
    let _ = text.parse::<AddressRange>().map(|range| range.contains(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    if let Ok(url) = text.parse::<PublicUrl>() {
        assert!("/x".ends_with(url.prefix().strip("/x").unwrap_or("/x")) && !url.origin().to_string().is_empty());
    }
    // Where Redis is; nothing connects before it is asked something.
    let opened = block_on(async { cache::open(Some(text), "world", CallTimeout::default()).map(drop) });
    if let Err(error) = opened {
        assert!(!error.to_string().is_empty());
    }
}

/// What was read and is written again is read as the same.
fn settles<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    let Ok(read) = text.parse::<T>() else { return };
    let Ok(again) = read.to_string().parse::<T>() else { panic!("{read} cannot be read") };
    assert_eq!(again, read);
}
