//! Server to client.

use serde::{Deserialize, Serialize};

use super::close::CloseCode;
use super::delta::StateDelta;
use super::error::WireError;
use crate::{ActionId, EntityId, Seq, SessionId, Tick, Timestamp};

/// Every message a server may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMessage {
    /// Answers a hello, or acknowledges intents.
    #[serde(rename = "event.ack")]
    Ack(Ack),
    /// What changed in the surroundings.
    #[serde(rename = "event.state_delta")]
    StateDelta(StateDelta),
    /// A refusal; `seq` names the refused intent.
    #[serde(rename = "event.error")]
    Error {
        /// The intent it answers.
        #[serde(default)]
        seq: Option<Seq>,
        /// Why it had no effect.
        error: WireError,
    },
    /// A dependency went away or came back (FR-006).
    #[serde(rename = "event.degraded")]
    Degraded(DegradedEvent),
    /// The builds differ; the connection closes with 4002 (FR-009).
    #[serde(rename = "event.version_mismatch")]
    VersionMismatch {
        /// The version the server accepts.
        expected: String,
        /// The version the client named.
        received: String,
        /// In words, for people.
        #[serde(default)]
        message: Option<String>,
        /// When the connection ends.
        #[serde(default)]
        disconnect_at: Option<Timestamp>,
    },
    /// The answer to a heartbeat.
    #[serde(rename = "event.heartbeat")]
    Heartbeat {
        /// The nonce that came.
        nonce: u64,
        /// The newest committed tick.
        tick: Tick,
    },
    /// Last message before a close.
    #[serde(rename = "event.disconnect")]
    Disconnect(DisconnectEvent),
    /// The world goes on with another map, of GET /api/world; a full delta follows.
    #[serde(rename = "event.world")]
    World(WorldEvent),
}

/// The map that a world goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldEvent {
    /// The tick in which it took the place of the one before.
    pub tick: Tick,
    /// The ETag of GET /api/world with it.
    pub etag: String,
}

json_shaped_enum! {
    /// The content of `event.ack`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Ack, "Ack", json(tag = "reason") {
        /// The session is live.
        Handshake {
            /// The session that is live now.
            session_id: SessionId,
            /// The entity of the own character.
            entity_id: EntityId,
            /// The version the server accepts.
            version: String,
            /// The newest committed tick.
            tick: Tick,
            /// Ticks that run a second.
            tick_hz: u32,
            /// The last sequence number consumed; the next intent is one more.
            last_seq: Seq,
            /// What kind of state follows.
            resume: Resume,
            /// For the next reconnect; replaces any earlier one.
            reconnect: ReconnectGrant,
        },
        /// These intents are durable.
        Intents {
            /// The tick they took effect in.
            tick: Tick,
            /// One for each intent, in the order of their numbers.
            acks: Vec<IntentAck>,
        },
    }
}

/// What a resumed session gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    /// A new session: a full delta.
    Fresh,
    /// A session that came back: the deltas it missed.
    Delta,
    /// The missed deltas are gone: a full delta.
    Snapshot,
}

/// A single-use token that brings the same session back (FR-008).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconnectGrant {
    /// What is given back in the next bootstrap.
    pub token: String,
    /// The token is good until then.
    pub expires_at: Timestamp,
    /// By the server's clock, so that a client with another one knows how long that is.
    #[serde(default)]
    pub issued_at: Option<Timestamp>,
}

/// One acknowledged intent: its ActionEvent is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentAck {
    /// The number of the intent.
    pub seq: Seq,
    /// Now, or already before.
    pub status: AckStatus,
    /// Its row in the action log.
    pub action_id: ActionId,
    /// When it was committed.
    pub persisted_at: Timestamp,
    /// Milliseconds from its arrival at the server to this, for diagnostics; absent when that is
    /// not known, as for duplicates.
    #[serde(default)]
    pub latency_ms: Option<u16>,
}

/// Whether an acknowledgement is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AckStatus {
    /// It took effect with this tick.
    Applied,
    /// Took effect earlier; this is the original's record (FR-007).
    Duplicate,
}

/// Something the server needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependency {
    /// Redis, or what stands in for it.
    Cache,
    /// The durable store, SQLite or Postgres.
    Database,
    /// The server itself: a part of it is stuck.
    World,
}

/// How a dependency changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyChange {
    /// It works, but slower or less.
    Degraded,
    /// It does not work.
    Unavailable,
    /// It works again as it should.
    Recovered,
}

/// The content of `event.degraded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DegradedEvent {
    /// What went away or came back.
    pub dependency: Dependency,
    /// How it is now.
    pub status: DependencyChange,
    /// When it was noticed.
    pub observed_at: Timestamp,
    /// In words, for people.
    #[serde(default)]
    pub message: Option<String>,
    /// When this was said: later than it was noticed, to somebody who came in between.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// The content of `event.disconnect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisconnectEvent {
    /// The close code that follows.
    pub code: CloseCode,
    /// For programs and logs.
    pub reason: String,
    /// In words, for people.
    #[serde(default)]
    pub message: Option<String>,
    /// When the connection ends.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl From<CloseCode> for DisconnectEvent {
    fn from(code: CloseCode) -> Self {
        Self { code, reason: code.reason().to_owned(), message: Some(code.message().to_owned()), at: None }
    }
}
