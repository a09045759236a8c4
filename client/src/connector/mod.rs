//! The edge to the network: HTTP requests and one WebSocket, behind a trait that never blocks.
//!
//! Outcomes come back through [`Connector::poll`]. The native connector runs on a thread of its
//! own, the web one on the browser's events; both call the wake function when something arrived.
//! Nothing here knows what the bytes mean.

use std::fmt;

#[cfg(not(target_arch = "wasm32"))]
pub mod native;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// Tells a request or a socket from earlier ones; chosen by the caller, never used twice.
pub type CallId = u64;

/// Events waiting to be polled; beyond it the socket is ended, and the session resumes.
pub const EVENTS_MAX: usize = 4096;

/// Largest frame or HTTP body accepted from a server, bytes.
pub const INBOUND_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Time for an HTTP exchange or a WebSocket handshake, seconds.
pub const CALL_TIMEOUT_S: u64 = 10;

/// One HTTP request. A body makes it a POST of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Path at the server, or a whole address.
    pub path: String,
    /// Access token, if the call needs one.
    pub bearer: Option<Bearer>,
    /// JSON bytes.
    pub body: Option<Vec<u8>>,
}

impl HttpRequest {
    /// A GET without a token.
    pub fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), bearer: None, body: None }
    }
}

/// An access token; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(pub String);

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(..)")
    }
}

/// What an HTTP server answered, whatever the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The ETag header.
    pub etag: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// No answer came; the text is for the diagnostics overlay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// Something that happened at the edge.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectorEvent {
    /// An HTTP request is over.
    Http {
        /// Which.
        id: CallId,
        /// How it went.
        outcome: Result<HttpAnswer, Unreachable>,
    },
    /// The WebSocket is open.
    Opened {
        /// Which.
        id: CallId,
    },
    /// A binary message came.
    Frame {
        /// On which socket.
        id: CallId,
        /// One whole message.
        bytes: Vec<u8>,
        /// Time it lay in the queue until it was polled, seconds.
        waited_s: f64,
    },
    /// The WebSocket is gone, or never opened.
    Closed {
        /// Which.
        id: CallId,
        /// The close code, if a close frame came.
        code: Option<u16>,
    },
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
    /// The next event, if there is one.
    fn poll(&mut self) -> Option<ConnectorEvent>;
}
