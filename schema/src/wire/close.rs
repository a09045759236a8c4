//! WebSocket close codes of the application range (RFC 6455, 7.4.2).

use serde::{Deserialize, Serialize};

/// Why the server ended a realtime connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
#[repr(u16)]
pub enum CloseCode {
    /// Ticket or token refused.
    Authentication = 4001,
    /// Client and server builds differ (FR-009).
    Version = 4002,
    /// The server is full.
    Capacity = 4003,
    /// Nothing was heard for the inactivity timeout (FR-017).
    Inactivity = 4004,
    /// A newer connection of the same user took over.
    Replaced = 4005,
    /// The server is shutting down: reconnect.
    ShuttingDown = 4006,
    /// The client broke the protocol.
    Protocol = 4007,
    /// The client could not keep up, twice in a row.
    TooSlow = 4008,
    /// No `hello` in time.
    HandshakeTimeout = 4009,
    /// The player logged out.
    LoggedOut = 4010,
}

impl CloseCode {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Authentication,
        Self::Version,
        Self::Capacity,
        Self::Inactivity,
        Self::Replaced,
        Self::ShuttingDown,
        Self::Protocol,
        Self::TooSlow,
        Self::HandshakeTimeout,
        Self::LoggedOut,
    ];

    /// The short reason that goes into `event.disconnect` and the close frame.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Version => "version",
            Self::Capacity => "capacity",
            Self::Inactivity => "inactivity",
            Self::Replaced => "replaced",
            Self::ShuttingDown => "shutting_down",
            Self::Protocol => "protocol_violation",
            Self::TooSlow => "too_slow",
            Self::HandshakeTimeout => "handshake_timeout",
            Self::LoggedOut => "logged_out",
        }
    }
}

impl CloseCode {
    /// What has happened, for people.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Authentication => "The ticket was refused; sign in again.",
            Self::Version => "This client does not match the server; please update.",
            Self::Capacity => "The server is full.",
            Self::Inactivity => "Nothing was heard for too long.",
            Self::Replaced => "The same player has come in from elsewhere.",
            Self::ShuttingDown => "The server is shutting down; come back in a moment.",
            Self::Protocol => "The client broke the protocol.",
            Self::TooSlow => "The connection could not keep up.",
            Self::HandshakeTimeout => "The client did not say hello in time.",
            Self::LoggedOut => "The player has logged out.",
        }
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code as Self
    }
}

impl TryFrom<u16> for CloseCode {
    type Error = String;

    fn try_from(code: u16) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|known| *known as u16 == code).ok_or_else(|| format!("unknown close code {code}"))
    }
}
