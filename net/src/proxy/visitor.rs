//! Who asks, and for which address, and what the operator said about what stands in front; plain data.

use std::net::IpAddr;

use super::preamble::Preamble;
use super::public_url::{Prefix, PublicUrl};
use super::range::AddressRange;
use crate::authority::Authority;

/// What the operator said about what stands in front.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Peers whose word is believed.
    pub trusted: Vec<AddressRange>,
    /// Which of their headers are read.
    pub header: ForwardedHeader,
    /// The address players use.
    pub public_url: Option<PublicUrl>,
}

/// Which headers the proxies write themselves. What they do not write they may pass on as the player sent it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// Not known. An address counts only as far as both kinds agree, or one is not there.
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
    /// Where a trusted proxy says it was asked; `None` also where one says nothing at all.
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
    /// Whether the port is known to be that, also when none is named.
    pub port_is_told: bool,
}
