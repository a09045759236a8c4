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
    /// What changed.
    #[serde(rename = "event.state_delta")]
    StateDelta(StateDelta),
    /// A refusal; `seq` names the refused intent.
    #[serde(rename = "event.error")]
    Error {
        /// The intent it answers.
        #[serde(default)]
        seq: Option<Seq>,
        /// What is wrong.
        error: WireError,
    },
    /// A dependency went away or came back (FR-006).
    #[serde(rename = "event.degraded")]
    Degraded(DegradedEvent),
    /// The builds differ; the connection closes with 4002 (FR-009).
    #[serde(rename = "event.version_mismatch")]
    VersionMismatch {
        /// The server's version.
        expected: String,
        /// The client's.
        received: String,
        /// For people.
        #[serde(default)]
        message: Option<String>,
        /// When the connection ends.
        #[serde(default)]
        disconnect_at: Option<Timestamp>,
    },
    /// Answers a heartbeat.
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
}

json_shaped_enum! {
    /// `event.ack`
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Ack, "Ack", json(tag = "reason") {
        /// The session is live.
        Handshake {
            /// Which session.
            session_id: SessionId,
            /// The player's entity.
            entity_id: EntityId,
            /// The server's version.
            version: String,
            /// The newest committed tick.
            tick: Tick,
            /// Ticks per second.
            tick_hz: u32,
            /// The last sequence number consumed; the next intent is one more.
            last_seq: Seq,
            /// What state follows.
            resume: Resume,
            /// For the next reconnect; replaces any earlier one.
            reconnect: ReconnectGrant,
        },
        /// These intents are durable.
        Intents {
            /// The tick they took effect in.
            tick: Tick,
            /// In sequence order.
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
    /// The missed deltas.
    Delta,
    /// The missed deltas are gone: a full delta.
    Snapshot,
}

/// A single-use token that brings the same session back (FR-008).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconnectGrant {
    /// Opaque.
    pub token: String,
    /// Good until then.
    pub expires_at: Timestamp,
    /// By the server's clock, so that a client with another one knows how long that is.
    #[serde(default)]
    pub issued_at: Option<Timestamp>,
}

/// One acknowledged intent: its ActionEvent is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentAck {
    /// Which intent.
    pub seq: Seq,
    /// Now, or already before.
    pub status: AckStatus,
    /// Its row in the action log.
    pub action_id: ActionId,
    /// When it was committed.
    pub persisted_at: Timestamp,
    /// Milliseconds from its arrival at the server to this, for diagnostics; absent when that is not known, as for duplicates.
    #[serde(default)]
    pub latency_ms: Option<u16>,
}

/// Whether an acknowledgement is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AckStatus {
    /// Took effect now.
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
    /// The durable store.
    Database,
    /// The server itself: a part of it is stuck.
    World,
}

/// How a dependency changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyChange {
    /// Works, but worse.
    Degraded,
    /// Does not work.
    Unavailable,
    /// Works again.
    Recovered,
}

/// `event.degraded`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DegradedEvent {
    /// What changed.
    pub dependency: Dependency,
    /// To what.
    pub status: DependencyChange,
    /// When it was noticed.
    pub observed_at: Timestamp,
    /// For people.
    #[serde(default)]
    pub message: Option<String>,
    /// When this was said: later than it was noticed, to somebody who came in between.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// `event.disconnect`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisconnectEvent {
    /// The close code that follows.
    pub code: CloseCode,
    /// For programs and logs.
    pub reason: String,
    /// For people.
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
