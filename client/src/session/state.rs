//! What the player sees of the session: the states of the specification, with what each one needs
//! to be shown. Derived from the machine; nothing here decides anything.

/// A player-visible state. Moments are seconds on the caller's clock.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionState {
    /// Nobody is signed in. `problem` says why the last try came back here.
    SignIn {
        /// In words for the player.
        problem: Option<String>,
    },
    /// On the way to the first handshake.
    Connecting {
        /// How far it got.
        step: ConnectStep,
    },
    Active,
    /// Playing, while the cache is offline.
    Degraded,
    /// The durable store is offline: actions pause, nothing is lost.
    Unavailable {
        /// When the client tries again, if it waits.
        retry_at_s: Option<f64>,
    },
    /// The connection was lost.
    Reconnecting {
        /// Number of the attempt, from 1.
        attempt: u32,
        /// When it starts; `None` while it runs.
        retry_at_s: Option<f64>,
    },
    /// Every attempt failed. The player can try again, and so does the client behind the card.
    RetryLimitReached {
        /// When the client tries again; `None` while it does.
        retry_at_s: Option<f64>,
    },
    /// This build does not match the server's.
    UpdateRequired {
        /// The server's version, when it said so.
        expected: String,
    },
    /// The server is full.
    Capacity {
        /// When the client tries again; `None` while it does.
        retry_at_s: Option<f64>,
    },
    AuthFailed {
        /// In the server's words.
        message: String,
    },
    /// The session is over.
    SessionEnded {
        reason: EndReason,
    },
}

impl SessionState {
    /// The name used by the specification and by tests.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignIn { .. } => "SIGN_IN",
            Self::Connecting { .. } => "CONNECTING",
            Self::Active => "ACTIVE",
            Self::Degraded => "DEGRADED",
            Self::Unavailable { .. } => "UNAVAILABLE",
            Self::Reconnecting { .. } => "RECONNECTING",
            Self::RetryLimitReached { .. } => "RETRY_LIMIT_REACHED",
            Self::UpdateRequired { .. } => "UPDATE_REQUIRED",
            Self::Capacity { .. } => "CAPACITY",
            Self::AuthFailed { .. } => "AUTH_FAILED",
            Self::SessionEnded { .. } => "SESSION_ENDED",
        }
    }
}

/// The steps of a connection attempt, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectStep {
    /// The player is at the provider.
    AtProvider,
    /// Getting an access token.
    SigningIn,
    /// Asking for the session.
    Bootstrapping,
    /// Opening the realtime channel.
    Opening,
    /// Waiting for the handshake's answer.
    Greeting,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// Nothing was heard from the player for too long (FR-017).
    Inactivity,
    /// A newer connection of the same user took over.
    Replaced,
    /// The player logged out.
    LoggedOut,
}
