//! The state of one session that all parts of the edge share: its connection, its committed
//! character, when it was heard.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use parking_lot::Mutex;
use tilemud_schema::rest::Character;
use tilemud_schema::{CharacterState, Effect, Position, ReconnectGrant, SelfState, Seq, Tick};
use tilemud_sim::api::{Identity, SessionKey};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::tokens::StoredTokens;
use crate::outbox::Outbox;

/// Most intents whose time of arrival is remembered for the latency histogram.
const TIMED_INTENTS_MAX: usize = 256;

/// What all parts of the edge know of one session. Status and secrets are in the registry.
#[derive(Debug)]
pub struct Session {
    /// Its handle in the world.
    pub key: SessionKey,
    pub identity: Arc<Identity>,
    pub(crate) wire: Mutex<Wire>,
    /// The committed state of its character: durable truth, updated by the fan-out.
    character: Mutex<Character>,
    /// Locked while the tokens change, in memory and in the store, so that the two agree; and by a
    /// handshake until the one before has been answered.
    pub(crate) tokens_lock: tokio::sync::Mutex<()>,
    /// A handshake has been answered.
    answered: Notify,
    /// The tokens of which the store has a record.
    stored_tokens: Mutex<Option<StoredTokens>>,
    reconnects: AtomicU32,
    started: Instant,
    last_activity_ms: AtomicU64,
    last_seq: AtomicU64,
    /// The number of the map that its client was told of last.
    map_number: AtomicU32,
}

/// What a handshake is answered with.
pub(crate) struct Handshake {
    /// Its connection, if it is still there.
    pub(crate) outbox: Option<Arc<Outbox>>,
    /// The token to hand out.
    pub(crate) grant: ReconnectGrant,
    /// Whether the session came back.
    pub(crate) resumed: bool,
    /// The newest tick that its client holds.
    pub(crate) held: Option<Tick>,
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
    /// A newer bootstrap of its user has replaced it before it had a connection.
    pub(crate) superseded: bool,
    /// The newest tick that the client of the next handshake says it holds. Kept here, because a
    /// rollback of the world forgets who has attached.
    pub(crate) held: Option<Tick>,
    /// For a session from before the start: the lines that its player missed.
    pub(crate) past: Option<Past>,
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
            tokens_lock: tokio::sync::Mutex::default(),
            answered: Notify::new(),
            stored_tokens: Mutex::default(),
            reconnects: AtomicU32::new(0),
            started: now,
            last_activity_ms: AtomicU64::new(0),
            last_seq: AtomicU64::new(0),
            map_number: AtomicU32::new(0),
        }
    }

    /// Its client is told of the map with this number. Whether it knew of it.
    pub(crate) fn note_map(&self, number: u32) -> bool {
        self.map_number.swap(number, Ordering::Relaxed) == number
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

    /// Whether the store has a record of it.
    pub(crate) fn is_stored(&self) -> bool {
        self.stored_tokens().is_some()
    }

    /// The tokens of which the store has a record.
    pub(crate) fn stored_tokens(&self) -> Option<StoredTokens> {
        *self.stored_tokens.lock()
    }

    /// Notes that the store has these tokens. Returns those it had before.
    pub(crate) fn note_stored(&self, tokens: StoredTokens) -> Option<StoredTokens> {
        self.stored_tokens.lock().replace(tokens)
    }

    /// It came back once more; how often that was.
    pub(crate) fn note_reconnect(&self) -> u32 {
        self.reconnects.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Waits until the previous handshake, if there is one, has its answer. One waiter at a time,
    /// which holds the lock of the tokens.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn wait_until_answered(&self) {
        while !self.is_answered() {
            self.answered.notified().await;
        }
    }

    /// Whether the newest handshake has its answer.
    pub(crate) fn is_answered(&self) -> bool {
        self.wire.lock().grant.is_none()
    }

    /// What [`Self::recall`] found.
    pub(crate) fn take_past(&self) -> Option<Past> {
        self.wire.lock().past.take()
    }

    /// Takes what is needed to answer the newest handshake. `None` when it has been answered.
    pub(crate) fn take_handshake(&self) -> Option<Handshake> {
        let mut wire = self.wire.lock();
        let grant = wire.grant.take()?;
        let resumed = std::mem::replace(&mut wire.resumed, true);
        let handshake = Handshake { outbox: wire.outbox.clone(), grant, resumed, held: wire.held.take() };
        drop(wire);
        self.answered.notify_one();
        Some(handshake)
    }

    /// The committed state of the character.
    pub(crate) fn character(&self) -> Character {
        self.character.lock().clone()
    }

    /// Moves all places of the character.
    pub(super) fn shift(&self, shift: fn(&mut CharacterState, Position), by: Position) {
        shift(&mut self.character.lock().state, by);
    }

    /// What people call its character.
    pub(crate) fn name(&self) -> Arc<str> {
        Arc::clone(&self.character.lock().state.display_name)
    }

    /// Takes over committed changes.
    pub(crate) fn commit_character(&self, change: &SelfState) {
        self.character.lock().state.apply(change);
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

/// Words from the log.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// In order, each with its tick.
    pub(crate) words: Vec<(Tick, Arc<Effect>)>,
    /// The lines up to this tick are complete, except for this number of older ones, which were not
    /// read.
    pub(crate) until: Tick,
    /// Those lines, at least.
    pub(crate) missed: u32,
}
