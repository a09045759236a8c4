//! The signals that ask the server to end.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM and SIGINT, caught from [`Signals::listen`] on: before that they end the process at
/// once.
pub struct Signals {
    term: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Starts to catch them. To be called before the server reports that it is ready.
    ///
    /// # Errors
    /// The system's, when handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { term: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for either; its name.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.term.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
