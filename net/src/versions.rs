//! The version a client must have (FR-009), the refusal of other versions, and the message they
//! get.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tilemud_schema::{CloseCode, ServerMessage, Timestamp};
use tilemud_sim::api::Identity;
use tilemud_vitals::alerts::VERSION_REJECTS_WINDOW;
use tilemud_vitals::clock;
use tilemud_vitals::metrics::NetworkMetrics;
use tokio::time::Instant;

use crate::error::{VERSION_CHARS_MAX, cut};
use crate::journal::{self, Outdated};
use crate::once::Once;
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;

/// The version a client must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub version: String,
    /// When it became the accepted one.
    pub since: Timestamp,
}

/// Which version is accepted now.
pub struct Versions {
    accepted: ArcSwap<Accepted>,
    /// Users who were refused for their version, as far as alerts count them.
    outdated: Once,
    metrics: Arc<NetworkMetrics>,
}

impl Versions {
    /// With the one that is accepted at first.
    #[must_use]
    pub fn new(version: String, metrics: Arc<NetworkMetrics>) -> Self {
        let accepted = ArcSwap::from_pointee(Accepted { version, since: clock::now() });
        Self { accepted, outdated: Once::per(VERSION_REJECTS_WINDOW), metrics }
    }

    /// The version a client must have.
    pub fn accepted(&self) -> Arc<Accepted> {
        self.accepted.load_full()
    }

    /// Changes it. Returns the previous one, unless it was this one already.
    pub(crate) fn accept(&self, version: &str) -> Option<String> {
        let before = self.accepted();
        if before.version == version {
            return None;
        }
        self.accepted.store(Arc::new(Accepted { version: version.to_owned(), since: clock::now() }));
        Some(before.version.clone())
    }

    /// Counts and logs a client that is refused for its build. Returns whether alerts count it:
    /// each user counts once in a while.
    pub(crate) fn reject(&self, who: Outdated<'_>, received: &str) -> bool {
        let user_id = match who {
            Outdated::Stranger => None,
            Outdated::User(user_id) => Some(user_id),
            Outdated::Session(identity) => Some(&identity.user_id),
        };
        let counts = user_id.is_some_and(|user_id| self.outdated.counts(user_id, Instant::now()));
        self.metrics.version_reject(counts);
        journal::version_rejected(who, &self.accepted().version, received);
        counts
    }

    /// Ends a connection with the notice to update, if its version is not the accepted one.
    pub(crate) fn end_if_outdated(&self, identity: &Identity, outbox: &Outbox, has: &str) {
        let accepted = self.accepted();
        if accepted.version != has && !outbox.is_closing() {
            self.reject(Outdated::Session(identity), has);
            outbox.send(mismatch(outbox, &accepted.version, has.to_owned()));
            outbox.close(CloseCode::Version);
        }
    }
}

/// The message to a client of another version.
pub(crate) fn mismatch(outbox: &Outbox, expected: &str, received: String) -> OutFrame {
    let received = cut(received, VERSION_CHARS_MAX);
    let mismatch = ServerMessage::VersionMismatch {
        expected: expected.to_owned(),
        received,
        message: Some(CloseCode::Version.message().to_owned()),
        disconnect_at: Some(clock::now()),
    };
    OutFrame::message(outbox.encoding, &mismatch)
}
