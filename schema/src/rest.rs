//! REST bodies.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{CharacterId, ItemStack, Position, ReconnectGrant, Seq, SessionId, Tick, Timestamp, UserId};

/// Number of the protocol as a whole; the build identifier is what must match.
pub const PROTOCOL: u32 = 1;

/// GET /api/version
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// Exact version a client needs.
    pub version: String,
    /// Number of the protocol.
    pub protocol: u32,
    /// When this version became the accepted one.
    pub updated_at: Timestamp,
}

/// POST /api/session/bootstrap, request
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BootstrapRequest {
    /// Must equal the server's version exactly.
    pub client_version: String,
    /// Names a new character; ignored for an existing one.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Brings the same session back.
    #[serde(default)]
    pub reconnect_token: Option<String>,
}

/// POST /api/session/bootstrap, answer
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootstrapResponse {
    /// The server's version.
    pub version: String,
    /// When this answer was made.
    pub issued_at: Timestamp,
    /// The session.
    pub session: SessionInfo,
    /// What there is to know before the realtime channel opens.
    pub state: BootstrapState,
    /// For a reconnect.
    pub reconnect: ReconnectGrant,
    /// Where and how to open the realtime channel.
    pub realtime: RealtimeGrant,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Its id.
    pub session_id: SessionId,
    /// Its owner.
    pub user_id: UserId,
    /// Where it is in its life.
    pub status: SessionStatus,
    /// The build identifier it runs with.
    pub protocol_version: String,
    /// The last sequence number consumed.
    pub last_sequence_number: Seq,
}

/// The life of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Bootstrapped; the realtime channel is not open yet.
    Connecting,
    /// Live.
    Active,
    /// Connection lost; waiting for it to come back.
    Reconnecting,
    /// Being finalised.
    Terminating,
}

/// The state part of a bootstrap answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootstrapState {
    /// The player's character.
    pub character: Character,
    /// The world it is in.
    pub world: WorldSummary,
}

/// A character as its owner sees it; also GET /api/character/{id}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Character {
    /// Its id.
    pub character_id: CharacterId,
    /// Its name.
    pub display_name: Arc<str>,
    /// Where it stands.
    pub position: Position,
    /// Health points.
    pub health: i32,
    /// Named numbers.
    pub stats: BTreeMap<Arc<str>, i32>,
    /// What it carries, sorted by kind.
    pub inventory: Vec<ItemStack>,
}

/// Enough of the static world to know whether a cached copy is current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSummary {
    /// Its name.
    pub name: String,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
    /// Edge of a chunk, tiles.
    pub chunk_size: i32,
    /// ETag of GET /api/world.
    pub etag: String,
}

/// How to open the realtime channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealtimeGrant {
    /// `ws://` or `wss://` address.
    pub url: String,
    /// Single-use.
    pub ticket: String,
    /// Good until then.
    pub expires_at: Timestamp,
}

/// POST /api/session/logout, request
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutRequest {
    /// The session to end.
    pub session_id: SessionId,
}

/// POST /dev/token, request
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevTokenRequest {
    /// Any name for the user; the same name is the same user.
    pub user: String,
}

/// POST /dev/token, answer
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevTokenResponse {
    /// A signed JWT.
    pub access_token: String,
    /// Seconds.
    pub expires_in: u64,
}

/// GET /api/health
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The worst of what follows.
    pub status: HealthStatus,
    /// The server's version.
    pub version: String,
    /// What the server needs.
    pub dependencies: Dependencies,
    /// Room for players.
    pub capacity: Capacity,
    /// The tick loop.
    pub tick: TickHealth,
    /// The threads that carry the world.
    pub engine: EngineHealth,
    /// When this was put together.
    pub observed_at: Timestamp,
}

/// Overall health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// All is well.
    Ok,
    /// Play goes on, something is worse than it should be.
    Degraded,
    /// No play.
    Unavailable,
}

/// Health of the dependencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dependencies {
    /// The durable store.
    pub database: DependencyHealth,
    /// The cache.
    pub cache: DependencyHealth,
    /// The identity provider, when there is an external one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<DependencyHealth>,
}

/// Health of one dependency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DependencyHealth {
    /// Its state.
    pub status: DependencyStatus,
    /// Round trip of the last check, milliseconds.
    pub latency_ms: f64,
    /// When it was last checked.
    pub checked_at: Timestamp,
    /// What is wrong, in words safe for anyone.
    #[serde(default)]
    pub message: Option<String>,
}

/// State of one dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DependencyStatus {
    /// Works.
    Available,
    /// Works, but worse.
    Degraded,
    /// Does not work.
    Unavailable,
}

/// Room for players.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Sessions now.
    pub active_sessions: u32,
    /// Sessions at most.
    pub max_sessions: u32,
}

/// The tick loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickHealth {
    /// Ticks per second.
    pub rate_hz: u32,
    /// The newest tick.
    pub current: Tick,
    /// 99th percentile of the time a tick took, microseconds.
    pub p99_us: u64,
    /// Ticks that took longer than their share of a second.
    pub overruns: u64,
}

/// The threads that carry the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineHealth {
    /// Whether all of them move.
    pub status: DependencyStatus,
    /// Which do not.
    #[serde(default)]
    pub message: Option<String>,
}

/// GET /api/world: what never changes while the server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldMap {
    /// Its name.
    pub name: String,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
    /// Edge of a chunk, tiles.
    pub chunk_size: i32,
    /// The tile that decides what a place is, row by row: the structure if there is one, else the
    /// ground. `event.state_delta` changes these.
    pub tiles: Vec<u16>,
    /// The ground under the structures, row by row; for drawing.
    pub ground: Vec<u16>,
    /// What is drawn over the characters (tree tops, roofs), row by row; 0 is nothing.
    pub canopy: Vec<u16>,
    /// The pictures and properties of the tiles.
    pub tileset: Tileset,
    /// Where new characters appear.
    pub spawn: Position,
}

/// The pictures and properties of the tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tileset {
    /// Address of the PNG, relative to the server.
    pub image: String,
    /// Edge of a tile in the picture, pixels.
    pub tile_size: u32,
    /// Tiles in a row of the picture. Tile id `n` (from 1) is picture number `n - 1`; 0 is nothing.
    pub columns: u32,
    /// Properties by id; index 0 is the nothing tile.
    pub tiles: Vec<TileInfo>,
}

/// One kind of tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileInfo {
    /// Its id.
    pub id: u16,
    /// What it is, e.g. `water`.
    pub name: String,
    /// Nobody can stand on it.
    pub solid: bool,
}
