//! The edge to the network: HTTP requests, one WebSocket, and the player's visit to a provider,
//! behind a trait that never blocks.
//!
//! Outcomes come back through [`Connector::poll`]. The native connector runs on a thread of its
//! own, the web one on the browser's events; both call the wake function when something arrived.
//! Nothing here knows what the bytes mean.

use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::sign_in::{Entropy, Pending};

#[cfg(not(target_arch = "wasm32"))]
pub mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod dial;
#[cfg(not(target_arch = "wasm32"))]
mod loopback;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod place;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// Events waiting to be polled; beyond it the socket is ended, and the session resumes.
pub const EVENTS_MAX: usize = 4096;

/// Largest frame accepted from a server, bytes.
pub const INBOUND_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Largest HTTP body accepted from a server, bytes. The map of the largest world, as JSON, has
/// about 20 MiB; a picture may have more.
pub const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Time for the head of an HTTP answer, for each further piece of it, or for a WebSocket handshake,
/// seconds.
pub const CALL_TIMEOUT_S: u64 = 10;

/// Longest time a player may take at the provider, seconds.
pub const RETURN_WAIT_S: u64 = 600;

/// Where a provider sends the player back to, and random bytes for the sign-in's secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    /// An address that leads back to this program.
    pub redirect_uri: String,
    pub entropy: Entropy,
}

/// Something that happened at the edge.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectorEvent {
    /// An HTTP request is over.
    Http { id: CallId, outcome: Result<HttpAnswer, Unreachable> },
    /// The WebSocket is open.
    Opened { id: CallId },
    /// A binary message came.
    Frame {
        id: CallId,
        bytes: Vec<u8>,
        /// Time it lay in the queue until it was polled, seconds.
        waited_s: f64,
    },
    /// The WebSocket is gone, or never opened.
    Closed {
        id: CallId,
        /// The close code, if a close frame came.
        code: Option<u16>,
    },
    /// The redirect address for a provider, or why there is none.
    WayBack { id: CallId, outcome: Result<WayBack, Unreachable> },
    /// No browser could be opened; the player must open the address.
    NoBrowser { id: CallId },
    /// The player came back from the provider.
    Returned { id: CallId, query: String },
}

/// The network, as the client needs it. No call waits; at most one socket is open at a time.
pub trait Connector {
    /// Starts an HTTP exchange.
    fn request(&mut self, id: CallId, request: HttpRequest);
    /// Opens a WebSocket with the binary subprotocol, ending any other.
    fn open_socket(&mut self, id: CallId, url: &str);
    /// Queues one binary message; lost if the socket is not open (the session sends it again).
    fn send(&mut self, frame: Vec<u8>);
    /// Ends the socket without a [`ConnectorEvent::Closed`] for it being required.
    fn close_socket(&mut self);
    /// Prepares the redirect from a provider, ending any other; answered by
    /// [`ConnectorEvent::WayBack`].
    fn make_way_back(&mut self, id: CallId);
    /// Shows the player the provider's page; [`ConnectorEvent::Returned`] follows once they are
    /// back. In the browser this leaves the page, and the player comes back to a new one.
    fn visit(&mut self, id: CallId, pending: &Pending);
    /// Closes the way back.
    fn stop_waiting(&mut self);
    /// The next event, if there is one.
    fn poll(&mut self) -> Option<ConnectorEvent>;
}
