//! How a connection ended, for the log and the metrics (FR-014): the close code that was sent, if
//! one was, and the cause. Causes are fixed words, never anything that came from the peer.

use tilemud_schema::{CloseCode, ErrorCategory, ErrorCode, ServerMessage};

use crate::error::ApiError;
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;

/// The end of a connection as its reader, or the handshake, saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// The close code to send; none when the peer has gone or has closed by itself.
    pub(super) code: Option<CloseCode>,
    pub(super) cause: &'static str,
}

impl Ending {
    /// The peer has closed the connection.
    pub(super) const CLOSED: Self = Self { code: None, cause: "the peer has closed it" };

    /// The peer is not there any more.
    pub(super) const GONE: Self = Self { code: None, cause: "the peer is gone" };

    /// What is sent does not arrive any more.
    pub(super) const UNSENT: Self = Self { code: None, cause: "nothing could be sent any more" };

    /// The player has logged out.
    pub(super) const LOGGED_OUT: Self = Self { code: None, cause: "the player has logged out" };

    /// Too many messages that could not be read.
    pub(super) const MALFORMED: Self = Self::protocol("too many malformed messages");

    /// Others needed its place, and it had no session yet.
    pub(super) const CROWDED: Self = Self { code: Some(CloseCode::Capacity), cause: "others needed its place" };

    /// More came than a peer may send.
    pub(super) const FLOOD: Self = Self::protocol("a flood of frames that carry nothing");

    /// The peer broke the protocol.
    pub(super) const fn protocol(cause: &'static str) -> Self {
        Self { code: Some(CloseCode::Protocol), cause }
    }

    /// A handshake that was refused.
    pub(super) const fn refused(code: ErrorCode) -> Self {
        match code {
            ErrorCode::CapacityFull => Self { code: Some(CloseCode::Capacity), cause: "the server is full" },
            ErrorCode::SessionNotFound => Self { code: Some(CloseCode::Authentication), cause: "no such session" },
            ErrorCode::TicketInvalid => Self { code: Some(CloseCode::Authentication), cause: "not a good ticket" },
            code if matches!(code.category(), ErrorCategory::Auth) => {
                Self { code: Some(CloseCode::Authentication), cause: "the handshake was refused" }
            }
            // The server's own reasons: whoever comes back may be let in.
            _ => Self { code: Some(CloseCode::ShuttingDown), cause: "the handshake could not be done" },
        }
    }

    /// The ending with the code that was sent: another one when the connection was ended from
    /// elsewhere, such as by a newer connection or a stop.
    pub(super) fn as_ended(self, outbox: &Outbox) -> Self {
        match outbox.ended_with() {
            Some(code) if Some(code) == self.code => self,
            Some(code) => Self { code: Some(code), cause: "the server has ended it" },
            None => Self { code: None, ..self },
        }
    }
}

/// An error that answers no particular intent.
pub(super) fn error_frame(outbox: &Outbox, error: ApiError) -> OutFrame {
    OutFrame::message(outbox.encoding, &ServerMessage::Error { seq: None, error: error.into_wire() })
}
