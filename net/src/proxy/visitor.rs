//! The visitor of a request and the settings about proxies in front; plain data.

use std::net::IpAddr;

use super::preamble::Preamble;
use super::public_url::{Prefix, PublicUrl};
use super::range::AddressRange;
use crate::authority::Authority;

/// The settings about proxies in front.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Peers whose word is believed.
    pub trusted: Vec<AddressRange>,
    /// Which of their headers are read.
    pub header: ForwardedHeader,
    /// The address players use.
    pub public_url: Option<PublicUrl>,
}

/// Which headers the proxies write themselves. Others may be forwarded as the player sent them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// Not known. An address counts only when both kinds agree or one is absent.
    #[default]
    Either,
    /// `X-Forwarded-*`; `Forwarded` is not read.
    XForwarded,
    /// `Forwarded` (RFC 7239); `X-Forwarded-*` are not read.
    Forwarded,
}

impl Settings {
    /// Whether this peer is one of the operator's proxies.
    #[must_use]
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted.iter().any(|range| range.contains(peer))
    }
}

/// How a connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Whose socket it is.
    pub peer: IpAddr,
    /// The address of this machine that it has reached.
    pub local: IpAddr,
    /// Whether our own end of it is encrypted.
    pub tls: bool,
    /// What a trusted peer said before the first request.
    pub preamble: Preamble,
}

/// Who asks, and for which address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The player's address, as far as it can be known.
    pub address: IpAddr,
    /// The host the request names.
    pub host: Authority,
    /// How the connection came.
    pub arrival: Arrival,
    /// The host that a trusted proxy says was asked for; `None` also when it says nothing.
    pub forwarded: Option<Forwarded>,
    /// Whether the player's end is encrypted.
    pub secure: bool,
    /// The path a trusted proxy says the game lives under.
    pub prefix: Prefix,
}

/// Where a trusted proxy was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// The host it was asked for, or passed on.
    pub host: Authority,
    /// How the port was named.
    pub port: NamedPort,
}

/// How a proxy has named the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedPort {
    /// Not at all: it is unknown.
    Not,
    /// Apart from the host (`X-Forwarded-Port`). Some proxies say there on which port they listen
    /// themselves, which need not be the one that players use.
    Apart,
    WithHost,
}
