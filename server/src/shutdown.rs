//! The signals that ask the server to end.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for SIGTERM or SIGINT; its name.
pub async fn signalled() -> &'static str {
    let (Ok(mut term), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::error!("signals cannot be received; the server can only be killed");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}
