//! What the operator chose for sessions.

use std::time::Duration;

/// What the operator chose.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub max_sessions: usize,
    /// FR-017.
    pub inactivity_timeout: Duration,
    /// How long a lost connection may take to come back.
    pub reconnect_window: Duration,
    /// How long a ticket is good.
    pub ticket_ttl: Duration,
}
