//! Proxies in front of the server: which the operator trusts, and which of their headers are
//! believed (FR-032).
//!
//! [`Visitor`] is the one answer to "who asks, and for which address": from the socket, from a
//! PROXY header before the first request ([`preamble`]) and from the headers of the request
//! (`forwarded`), as far as each comes from a trusted peer. Limits and logs take the address from
//! there and nowhere else. Nothing here refuses anybody.

mod forwarded;
pub mod preamble;
mod public_url;
mod range;
mod visitor;

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU64;

use hyper::HeaderMap;
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};

pub use public_url::{BadUrl, Prefix, PublicUrl};
pub use range::{AddressRange, BadRange};
pub use visitor::{Arrival, Forwarded, ForwardedHeader, NamedPort, Settings, Visitor};

use crate::authority::{Authority, Origin};

impl Visitor {
    /// From the connection and the headers of the request. `host` is the host the request names.
    #[must_use]
    pub fn of(settings: &Settings, arrival: &Arrival, host: Authority, headers: &HeaderMap) -> Self {
        let peer = arrival.peer.to_canonical();
        let (arrival, secure) = (*arrival, arrival.tls);
        let plain = Self { address: peer, host, arrival, forwarded: None, secure, prefix: Prefix::default() };
        if settings.trusts(peer) {
            forwarded::believe(settings, &arrival, plain, headers)
        } else {
            forwarded::notice_stranger(headers);
            plain
        }
    }

    /// Whether its headers show that something in between forwarded the request.
    #[must_use]
    pub fn is_passed_on(&self, headers: &HeaderMap) -> bool {
        self.arrival.preamble.address.is_some() || forwarded::is_passed_on(headers)
    }

    /// Whether a page from there and this request belong to the same site.
    #[must_use]
    pub fn is_same_site(&self, settings: &Settings, origin: &Origin) -> bool {
        let is_vouched_for = match &settings.public_url {
            // A proxy passes on whatever name it was asked for, and anybody can let one lead to it.
            Some(url) => url.origin() == origin,
            None => self.forwarded.as_ref().is_some_and(|forwarded| forwarded.is_where(origin)),
        };
        is_vouched_for || (origin.is_at(&self.host) && self.is_own_name(settings, origin))
    }

    /// Whether the host name of a page is this server's own. A name that anybody can point at the
    /// server's address is not: a page from there could pass for the server's own (DNS rebinding).
    fn is_own_name(&self, settings: &Settings, origin: &Origin) -> bool {
        let name = origin.authority();
        let is_ours = |address: IpAddr| address == self.arrival.local.to_canonical() || address.is_unspecified();
        let is_public = |url: &PublicUrl| url.origin().authority().host == name.host;
        let is_through_proxy = settings.public_url.is_some() && settings.trusts(self.arrival.peer.to_canonical());
        // Over our own TLS, a browser has found the name in our certificate; a proxy need not look.
        let is_found = (self.arrival.tls && origin.is_secure()) || settings.public_url.as_ref().is_some_and(is_public);
        name.is_loopback() || name.address().is_some_and(is_ours) || (is_found && !is_through_proxy)
    }

    /// Sources of the Content-Security-Policy for the realtime channel of the page's own origin,
    /// for browsers that do not count WebSockets to `'self'`. Each has a blank before it.
    #[must_use]
    pub fn realtime_sources(&self, settings: &Settings) -> String {
        let public = settings.public_url.as_ref().map(|url| (url.origin().authority(), Some(url.origin().is_secure())));
        let asked = self.forwarded.as_ref().map_or(&self.host, |forwarded| &forwarded.host);
        // A proxy that is not trusted may encrypt without our knowledge.
        let asked = (asked, self.secure.then_some(true));
        let mut sources = Vec::new();
        for (authority, secure) in public.into_iter().chain([asked]) {
            // The grammar has no place for IPv6 addresses, nor for underscores.
            if authority.host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)) {
                for scheme in ["ws", "wss"] {
                    let source = format!(" {scheme}://{authority}");
                    if secure.is_none_or(|secure| secure == (scheme == "wss")) && !sources.contains(&source) {
                        sources.push(source);
                    }
                }
            }
        }
        sources.concat()
    }

    /// The realtime channel of the world at this path below that of the game, as the player reaches
    /// it.
    #[must_use]
    pub fn realtime_url(&self, settings: &Settings, world: &str) -> String {
        let (secure, host, prefix) = match &settings.public_url {
            Some(url) => (url.origin().is_secure(), url.origin().authority().clone(), url.prefix()),
            None => {
                let host = self.forwarded.as_ref().map_or(&self.host, |forwarded| &forwarded.host);
                (self.secure, host.clone().for_scheme(self.secure), &self.prefix)
            }
        };
        format!("{}://{host}{prefix}{world}/ws", if secure { "wss" } else { "ws" })
    }

    /// The path below that of the game, which a proxy may have left in its place. `""` is the
    /// game's own address without its slash.
    #[must_use]
    pub fn path_below<'a>(&self, settings: &Settings, path: &'a str) -> &'a str {
        let public = settings.public_url.as_ref().map(PublicUrl::prefix);
        public.into_iter().chain([&self.prefix]).find_map(|prefix| prefix.strip(path)).unwrap_or(path)
    }
}

impl Forwarded {
    /// Whether a page from there is of the site that the proxy was asked for.
    fn is_where(&self, origin: &Origin) -> bool {
        let fits = match self.port {
            // A proxy that passes on a name without its port leaves open which one the player uses.
            NamedPort::Not => true,
            NamedPort::Apart => origin.authority().port.is_none(),
            NamedPort::WithHost => false,
        };
        origin.is_at(&self.host) || (fits && origin.authority().host == self.host.host)
    }
}

/// Makes marks of addresses for the log: equal addresses have equal marks while the process lives,
/// and no mark reveals an address.
#[derive(Debug)]
pub struct Marks {
    key: [u8; 16],
}

impl Default for Marks {
    fn default() -> Self {
        Self { key: rand::rng().random() }
    }
}

impl Marks {
    /// The mark of an address; one for all of a v6 subscriber's.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> NonZeroU64 {
        let subscriber = subscriber(address);
        let digest = Sha256::new().chain_update(self.key).chain_update(subscriber.to_string()).finalize();
        let mark = digest[..8].iter().fold(0, |mark: u64, byte| mark << 8 | u64::from(*byte));
        NonZeroU64::new(mark).unwrap_or(NonZeroU64::MIN)
    }
}

/// The address by which a subscriber is known: a v4 address itself, the first 64 bits of a v6 one.
#[must_use]
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}
