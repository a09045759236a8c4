//! How many connections there may be, and what one address may do; plain data.

use std::time::Duration;

use crate::limits::{REQUESTS_PER_HANDSHAKE, STRANGERS_PER_ADDRESS_MIN};

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub connections: usize,
    /// Of one address, as long as no session is live on them.
    pub strangers_per_address: usize,
    /// Requests per second of one address (more have to wait), and connections per second (more are
    /// closed).
    pub requests_per_s: u32,
    /// Realtime connections per second of one address. The frames that may come without a session
    /// follow from it.
    pub connects_per_s: u32,
    /// For how long an address from which somebody has played is one of those that come back.
    pub known_for: Duration,
}

impl Bounds {
    /// Bounds for this many connections in all, of which one address may have a quarter.
    #[must_use]
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            strangers_per_address: (connections / 4).max(STRANGERS_PER_ADDRESS_MIN),
            requests_per_s: 800,
            connects_per_s: 200,
            known_for: Duration::from_secs(60),
        }
    }

    /// TLS handshakes per second of one address; more have to wait.
    pub(super) fn handshakes_per_s(&self) -> u32 {
        (self.requests_per_s / REQUESTS_PER_HANDSHAKE).max(1)
    }

    /// Places that strangers of addresses not known may take.
    pub(super) fn unknown_max(&self) -> usize {
        self.connections - self.connections / 4
    }
}
