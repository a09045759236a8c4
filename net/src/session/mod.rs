//! Sessions: who is in, in which state, with which secrets. The only place that moves a session
//! from one status to another is [`registry`].

mod admission;
mod expiry;
mod registry;
mod secret;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tilemud_schema::rest::Character;
use tilemud_schema::{ReconnectGrant, SelfState, Seq};
use tilemud_sim::api::{Identity, SessionKey};
use tokio::time::Instant;

pub(crate) use admission::{Admission, admit, to_character};
pub use expiry::run as run_expiry;
pub(crate) use registry::{Connected, NewSession};
pub use registry::{Registry, Settings};
pub(crate) use secret::{Secret, SecretHash};

use crate::connection::outbox::Outbox;

/// Most intents whose time of arrival is remembered for the latency histogram.
const TIMED_INTENTS_MAX: usize = 256;

/// What all parts of the edge know of one session. Status and secrets are in the registry.
#[derive(Debug)]
pub struct Session {
    /// Its handle in the world.
    pub key: SessionKey,
    /// Who it is.
    pub identity: Arc<Identity>,
    /// Its connection.
    pub(crate) wire: Mutex<Wire>,
    /// The committed state of its character: durable truth, updated by the fan-out.
    character: Mutex<Character>,
    started: Instant,
    last_activity_ms: AtomicU64,
    last_seq: AtomicU64,
}

/// The part the fan-out uses each tick.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    /// The live connection, if any.
    pub(crate) outbox: Option<Arc<Outbox>>,
    /// Handed out with the next handshake answer.
    pub(crate) grant: Option<ReconnectGrant>,
    /// Whether the next handshake answer is that of a resumed session.
    pub(crate) resumed: bool,
    /// When unanswered intents arrived, oldest first.
    arrivals: VecDeque<(Seq, Instant)>,
}

impl Session {
    pub(crate) fn new(key: SessionKey, identity: Arc<Identity>, character: Character, now: Instant) -> Self {
        Self {
            key,
            identity,
            wire: Mutex::default(),
            character: Mutex::new(character),
            started: now,
            last_activity_ms: AtomicU64::new(0),
            last_seq: AtomicU64::new(0),
        }
    }

    /// Something validated came from the player (FR-017).
    pub(crate) fn touch(&self, now: Instant) {
        let ms = u64::try_from((now - self.started).as_millis()).unwrap_or(u64::MAX);
        self.last_activity_ms.fetch_max(ms, Ordering::Relaxed);
    }

    /// When the player was last heard of.
    pub(crate) fn last_activity(&self) -> Instant {
        self.started + std::time::Duration::from_millis(self.last_activity_ms.load(Ordering::Relaxed))
    }

    /// The last sequence number known to be consumed.
    pub(crate) fn last_seq(&self) -> Seq {
        self.last_seq.load(Ordering::Relaxed)
    }

    /// A sequence number has been consumed.
    pub(crate) fn note_seq(&self, seq: Seq) {
        self.last_seq.fetch_max(seq, Ordering::Relaxed);
    }

    /// The committed state of the character.
    pub(crate) fn character(&self) -> Character {
        self.character.lock().clone()
    }

    /// Takes over committed changes.
    pub(crate) fn commit_character(&self, change: &SelfState) {
        let mut character = self.character.lock();
        if let Some(position) = change.position {
            character.position = position;
        }
        if let Some(health) = change.health {
            character.health = health;
        }
        if let Some(stats) = &change.stats {
            character.stats.clone_from(stats);
        }
        if let Some(inventory) = &change.inventory {
            character.inventory.clone_from(inventory);
        }
    }

    /// Remembers when an intent arrived.
    pub(crate) fn intent_arrived(&self, seq: Seq, now: Instant) {
        let mut wire = self.wire.lock();
        if wire.arrivals.len() < TIMED_INTENTS_MAX {
            wire.arrivals.push_back((seq, now));
        }
    }
}

impl Wire {
    /// When the intent arrived, if known; forgets it and everything older.
    pub(crate) fn take_arrival(&mut self, seq: Seq) -> Option<Instant> {
        while let Some((front, at)) = self.arrivals.front().copied() {
            if front > seq {
                return None;
            }
            self.arrivals.pop_front();
            if front == seq {
                return Some(at);
            }
        }
        None
    }
}
