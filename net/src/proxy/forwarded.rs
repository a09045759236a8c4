//! What trusted proxies say in the headers of a request: `Forwarded` (RFC 7239) and
//! `X-Forwarded-For`, `-Proto`, `-Host`, `-Port` and `-Prefix`. Reads from the right, where the
//! nearest proxy wrote, past the trusted addresses; anything further left may be forged. A header
//! that cannot be parsed counts as absent and is logged once.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, ORIGIN};

use super::public_url::Prefix;
use super::visitor::{Arrival, Forwarded, ForwardedHeader, NamedPort, Settings, Visitor};
use crate::authority::default_port;

/// Proxies between us and a player at most; a longer list is read only so far.
const HOPS_MAX: usize = 32;

/// The address of all whose proxy says nothing about them that can be believed. Not the proxy's
/// own: what such a visitor does would be counted as if the proxy did it, to whom no share applies
/// and whose own questions would wait for it.
const UNKNOWN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

const FORWARDED: &str = "forwarded";
const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";
const HOST: &str = "x-forwarded-host";
const PORT: &str = "x-forwarded-port";
const PREFIX: &str = "x-forwarded-prefix";

/// Headers that show that a request was forwarded, besides those that are known by their prefix.
const WRITTEN_BETWEEN: [&str; 33] = [
    "forwarded",
    "forwarded-for",
    "via",
    "x-real-ip",
    "x-client-ip",
    "client-ip",
    "true-client-ip",
    "x-cluster-client-ip",
    "fastly-client-ip",
    "x-original-forwarded-for",
    "x-original-host",
    "x-proxyuser-ip",
    "x-appengine-user-ip",
    "x-originating-ip",
    "x-remote-ip",
    "x-remote-addr",
    "x-coming-from",
    "x-scheme",
    "x-original-uri",
    "x-original-url",
    "x-nginx-proxy",
    "x-arr-log-id",
    "x-varnish",
    "x-amzn-trace-id",
    "wl-proxy-client-ip",
    "wl-proxy-ssl",
    "proxy-client-ip",
    "proxy-connection",
    "max-forwards",
    "cdn-loop",
    "surrogate-capability",
    "cloudfront-viewer-address",
    "x-arr-ssl",
];

/// Their prefixes.
const WRITTEN_BETWEEN_PREFIXES: [&str; 6] = ["x-forwarded", "cf-", "x-envoy-", "x-azure-", "fly-", "tailscale-"];

/// What one kind of header says about the player's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is not there.
    Nothing,
    /// It is there, and names none where it counts.
    Unusable,
    Address(IpAddr),
}

/// One element of `Forwarded`; of a parameter, what was given.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Element {
    r#for: Option<String>,
    proto: Option<String>,
    host: Option<String>,
}

/// A visitor that came through a trusted peer.
pub(super) fn believe(settings: &Settings, arrival: &Arrival, plain: Visitor, headers: &HeaderMap) -> Visitor {
    // Behind a PROXY header, the lists go on from the address it names.
    let nearest = arrival.preamble.address.map_or(plain.address, |address| address.to_canonical());
    let (reads_element, reads_list) =
        (settings.header != ForwardedHeader::XForwarded, settings.header != ForwardedHeader::Forwarded);
    let elements = if reads_element { elements(headers) } else { Some(Vec::new()) };
    let deciding = elements.as_deref().unwrap_or_default();
    let (by_element, from) = walk_elements(settings, nearest, elements.as_deref());
    let by_list = if reads_list { walk_list(settings, nearest, headers) } else { Said::Nothing };
    // A proxy that writes the one header for host and scheme alone names no player in it.
    let names_nobody = deciding.last().is_some_and(|nearest| nearest.r#for.is_none());
    let by_element = if names_nobody && by_list != Said::Nothing { Said::Nothing } else { by_element };
    let address = match (by_element, by_list) {
        _ if !settings.trusts(nearest) => nearest,
        (Said::Nothing, Said::Nothing) => {
            if is_for_a_player(headers) {
                nameless();
            }
            nearest
        }
        (Said::Address(address), Said::Nothing) | (Said::Nothing, Said::Address(address)) => address,
        (Said::Address(one), Said::Address(other)) if one == other => one,
        // Most proxies write one of the two and pass on the other as the player sent it: neither
        // can be believed then.
        (one, other) => {
            unreadable(one != Said::Unusable && other != Said::Unusable);
            UNKNOWN
        }
    };
    let of_element =
        |get: fn(&Element) -> Option<&String>| deciding.get(from..).unwrap_or_default().iter().find_map(get);
    // Of several proxies the first one was asked by the player.
    let first = |name: &str| reads_list.then(|| list(headers, name).next().map(str::to_owned)).flatten();

    let port_apart = first(PORT);
    // Some proxies say it by the port alone.
    let by_port = || (port_apart.as_deref() == Some("443")).then(|| "https".to_owned());
    let scheme = first(PROTO).or_else(|| of_element(|it| it.proto.as_ref()).cloned()).or_else(by_port);
    let said_secure = match scheme.map(|scheme| scheme.to_ascii_lowercase()).as_deref() {
        Some("https" | "wss") => Some(true),
        Some("http" | "ws") => Some(false),
        other => {
            if other.is_some() {
                unreadable(false);
            }
            arrival.preamble.secure
        }
    };
    let secure = said_secure.unwrap_or(plain.secure);
    let named = first(HOST).or_else(|| of_element(|it| it.host.as_ref()).cloned());
    let mut host = readable(named).unwrap_or_else(|| plain.host.clone());
    let mut port = if host.port.is_some() { NamedPort::WithHost } else { NamedPort::Not };
    // The other scheme's own port is one behind the proxy: nobody asks there in this scheme.
    let is_inner = |port| said_secure.is_some_and(|secure| port == default_port(!secure));
    let apart = readable::<u16>(port_apart).filter(|port| *port != 0 && !is_inner(*port));
    if host.port.is_none() && apart.is_some() {
        host.port = apart;
        port = NamedPort::Apart;
    }
    let prefix = readable::<Prefix>(first(PREFIX)).unwrap_or_default();
    // A proxy that says nothing at all cannot be told from somebody who has reached us past it.
    let speaks = arrival.preamble.address.is_some()
        || (reads_element && headers.contains_key(FORWARDED))
        || (reads_list && [FOR, PROTO, HOST, PORT, PREFIX].iter().any(|it| headers.contains_key(*it)));
    let forwarded = speaks.then(|| Forwarded { host: host.for_scheme(secure), port });
    Visitor { address, forwarded, secure, prefix, ..plain }
}

/// Whether the headers of a request show that something in between forwarded it, trusted or not:
/// those that proxies, balancers and tunnels are known to write.
pub(super) fn is_passed_on(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        WRITTEN_BETWEEN.contains(&name) || WRITTEN_BETWEEN_PREFIXES.iter().any(|start| name.starts_with(start))
    })
}

/// Warns of a peer that forwards for others and is not trusted: the operator may have forgotten to
/// name it.
pub(super) fn notice_stranger(headers: &HeaderMap) {
    static SAID: Once = Once::new();
    if !SAID.is_completed() && [FORWARDED, FOR, PROTO].iter().any(|name| headers.contains_key(*name)) {
        SAID.call_once(|| {
            tracing::warn!(
                "a request with forwarded headers came from a peer that is not trusted, so they were ignored: all who come \
                 through it share one address and its limits. If it is a proxy of yours, name its address with \
                 --trusted-proxy (said once)"
            );
        });
    }
}

/// Whether a trusted peer does not ask for itself, as for a probe: something has passed the request
/// on, or it is one of a page or with a token.
fn is_for_a_player(headers: &HeaderMap) -> bool {
    is_passed_on(headers) || [ORIGIN, AUTHORIZATION].iter().any(|name| headers.contains_key(name))
}

fn nameless() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            "a trusted proxy passed a request on without a word for whom, so all who come through it count as one with one set \
             of limits: let it write X-Forwarded-For (X-Real-IP is not read; said once)"
        );
    });
}

fn unreadable(argue: bool) {
    static UNREADABLE: Once = Once::new();
    static ARGUE: Once = Once::new();
    if argue {
        ARGUE.call_once(|| {
            tracing::warn!(
                "Forwarded and X-Forwarded-For of a request through a trusted proxy name different players, so neither was \
                 believed; say with --forwarded-header which of them the proxy writes, or let it remove the other (said once)"
            );
        });
    } else {
        UNREADABLE.call_once(|| {
            tracing::warn!(
                "a forwarded header that came through a trusted proxy cannot be read and was ignored (said once)"
            );
        });
    }
}

fn readable<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
    let text = text?;
    let read = text.parse().ok();
    if read.is_none() {
        unreadable(false);
    }
    read
}

/// The parts of a header that is a list, over all its lines, without those that are empty.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    // What is not ASCII becomes a part that means nothing rather than disappearing.
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|part| !part.is_empty())
}

fn walk_list(settings: &Settings, nearest: IpAddr, headers: &HeaderMap) -> Said {
    let parts: Vec<&str> = list(headers, FOR).collect();
    walk(settings, nearest, parts.iter().map(|part| address(part))).0
}

fn walk_elements(settings: &Settings, nearest: IpAddr, elements: Option<&[Element]>) -> (Said, usize) {
    match elements {
        Some(elements) => walk(settings, nearest, elements.iter().map(|it| it.r#for.as_deref().and_then(address))),
        None => (Said::Unusable, 0),
    }
}

/// Goes from the right past the trusted addresses. Also returns the element that decided.
fn walk(
    settings: &Settings,
    nearest: IpAddr,
    addresses: impl DoubleEndedIterator<Item = Option<IpAddr>> + ExactSizeIterator,
) -> (Said, usize) {
    let mut said = (Said::Nothing, addresses.len().saturating_sub(1));
    if !settings.trusts(nearest) {
        return said;
    }
    for (at, address) in addresses.enumerate().rev().take(HOPS_MAX) {
        let Some(address) = address else { return (Said::Unusable, at) };
        said = (Said::Address(address), at);
        if !settings.trusts(address) {
            break;
        }
    }
    said
}

/// An address as either header writes it, with or without a port; `None` for `unknown`, hidden
/// names and anything else.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().or_else(|_| match text.rsplit_once(':') {
        // A port may be hidden (RFC 7239, 6.3), which does not hide the address.
        Some((address, port)) if port.starts_with('_') => {
            let bare = address.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(address);
            bare.parse::<IpAddr>()
        }
        _ => text.parse::<SocketAddr>().map(|it| it.ip()),
    });
    address.ok().map(|it| it.to_canonical())
}

/// The elements of all `Forwarded` lines; `None` when they do not follow the grammar.
fn elements(headers: &HeaderMap) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    for line in headers.get_all(FORWARDED) {
        for text in split_outside_quotes(line.to_str().ok()?, ',')? {
            if !text.trim().is_empty() {
                elements.push(element(text)?);
            }
        }
    }
    Some(elements)
}

fn element(text: &str) -> Option<Element> {
    let mut element = Element::default();
    for pair in split_outside_quotes(text, ';')? {
        if pair.trim().is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=')?;
        let value = unquoted(value.trim())?;
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "for" => &mut element.r#for,
            "proto" => &mut element.proto,
            "host" => &mut element.host,
            _ => continue,
        };
        // A parameter must not be there twice.
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(element)
}

/// `None` when a quote is not closed.
fn split_outside_quotes(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if char == separator && !quoted => {
                parts.push(&text[from..at]);
                from = at + char.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (!quoted).then_some(parts)
}

/// A token as it is, or what a quoted text means.
fn unquoted(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('"') else { return (!text.contains('"')).then(|| text.to_owned()) };
    let inner = inner.strip_suffix('"')?;
    let (mut value, mut escaped) = (String::with_capacity(inner.len()), false);
    for char in inner.chars() {
        match char {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return None,
            _ => {
                escaped = false;
                value.push(char);
            }
        }
    }
    (!escaped).then_some(value)
}

#[cfg(test)]
mod tests;
