//! Lines of the log about sessions (FR-014): their begin, connections, end, and refusals for the
//! version, each with the opaque user id and the mark of the session, never its id, a name or an
//! address. Says nothing about refusals; `error` does.
//!
//! The mark of a session is the first 16 hexadecimal digits of the SHA-256 of its id as text. With
//! access to the store a line can be joined with `sessions.session_id`; from the log alone nobody
//! can take the session over.

use std::fmt;

use sha2::{Digest as _, Sha256};
use tilemud_schema::{CloseCode, Resume, SessionId, UserId};
use tilemud_sim::api::Identity;

/// Target of lines that one user can cause in numbers without a connection. They are summed over
/// all users; see `logging` in the server.
pub const CROWD: &str = "tilemud_net::crowd";

/// Most characters of a client's version that go into a log.
const VERSION_CHARS_LOGGED: usize = 64;

/// A session as it stands in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(pub SessionId);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&Sha256::digest(self.0.to_string())[..8]))
    }
}

/// Who came with a version that is not accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outdated<'a> {
    /// Somebody who has shown no ticket and no token.
    Stranger,
    /// A user without a session.
    User(&'a UserId),
    Session(&'a Identity),
}

/// A bootstrap let somebody in.
pub(crate) fn bootstrap(identity: &Identity, resumes: bool) {
    let reason = if resumes { "resumes" } else { "fresh" };
    let (user_id, session) = (&identity.user_id, Mark(identity.session_id));
    tracing::info!(target: CROWD, event = "bootstrap", %user_id, %session, reason, "session admitted");
}

/// A handshake is answered.
pub(crate) fn live(identity: &Identity, resume: Resume, reconnects: u32) {
    let (event, reason) = match resume {
        Resume::Fresh => ("connect", "fresh"),
        Resume::Delta => ("reconnect", "delta"),
        Resume::Snapshot => ("reconnect", "snapshot"),
    };
    let (user_id, session) = (&identity.user_id, Mark(identity.session_id));
    tracing::info!(event, %user_id, %session, reason, reconnects, "session live");
}

/// A connection that was taken for lost has shown a sign of life.
pub(crate) fn heard_again(identity: &Identity) {
    let (user_id, session) = (&identity.user_id, Mark(identity.session_id));
    tracing::info!(event = "reconnect", %user_id, %session, reason = "heard_again", "session live");
}

/// A connection of a session is gone. `cause` says more than the reason where there is more to say.
pub(crate) fn disconnected(identity: &Identity, code: Option<CloseCode>, cause: &str) {
    let reason = code.map_or("connection_lost", CloseCode::reason);
    let (user_id, session) = (&identity.user_id, Mark(identity.session_id));
    let close_code = code.map(u16::from);
    tracing::info!(event = "disconnect", %user_id, %session, close_code, reason, cause, "session disconnected");
}

/// A session is over.
pub(crate) fn ended(identity: &Identity, code: CloseCode, reason: &str) {
    let (user_id, session, close_code) = (&identity.user_id, Mark(identity.session_id), u16::from(code));
    if reason == NEVER_CONNECTED {
        tracing::info!(target: CROWD, event = "end", %user_id, %session, close_code, reason, "session ended");
    } else {
        tracing::info!(event = "end", %user_id, %session, close_code, reason, "session ended");
    }
}

/// A newer bootstrap of the same user came before the first connection.
pub(crate) fn superseded(session: Option<&Identity>) {
    if let Some(identity) = session {
        ended(identity, CloseCode::Replaced, NEVER_CONNECTED);
    }
}

/// A connection that never had a session has ended: with the handshake, or before it.
pub(crate) fn refused_connection(code: CloseCode, cause: &str) {
    let (close_code, reason) = (u16::from(code), code.reason());
    tracing::info!(event = "refused", close_code, reason, cause, "connection ended without a session");
}

/// A client is refused for its build, because `expected` is the accepted one.
pub(crate) fn version_rejected(who: Outdated<'_>, expected: &str, received: &str) {
    let received: String = received.chars().take(VERSION_CHARS_LOGGED).collect();
    let received = received.escape_debug();
    let (user_id, session_id) = match who {
        Outdated::Stranger => (None, None),
        Outdated::User(user_id) => (Some(user_id), None),
        Outdated::Session(identity) => (Some(&identity.user_id), Some(identity.session_id)),
    };
    let (user_id, session) = (user_id.map(tracing::field::display), session_id.map(Mark).map(tracing::field::display));
    tracing::info!(event = "version_reject", user_id, session, %expected, %received, "version rejected");
}

/// Why a session ended that never had a connection.
pub(crate) const NEVER_CONNECTED: &str = "never_connected";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_a_session_is_the_beginning_of_the_sha_256_of_its_id_as_text() {
        let id = SessionId("0190a5d0-0000-7000-8000-000000000001".parse().unwrap());
        // printf %s 0190a5d0-0000-7000-8000-000000000001 | sha256sum | cut -c1-16
        assert_eq!(Mark(id).to_string(), "e89d63a6cf66c8b6");
    }
}
