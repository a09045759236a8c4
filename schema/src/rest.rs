//! REST bodies.

use serde::{Deserialize, Serialize};

mod sections;
mod tileset;
mod worlds;

pub use sections::{Section, Sections};
pub use tileset::{TileAnimation, TileFrame, TileInfo, Tileset};
pub use worlds::{ListedWorld, WorldInfo, WorldList, WorldState, WorldSummary};

use crate::sprites::Sprites;
use crate::{CharacterId, CharacterState, Position, ReconnectGrant, Seq, SessionId, Tick, Timestamp, UserId};

/// Number of the protocol as a whole; the build identifier is what must match.
pub const PROTOCOL: u32 = 1;

/// The answer to GET /api/version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// Exact version a client needs.
    pub version: String,
    /// Number of the protocol.
    pub protocol: u32,
    /// When this version became the accepted one.
    pub updated_at: Timestamp,
}

/// The body of POST /api/session/bootstrap.
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

/// The answer to POST /api/session/bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootstrapResponse {
    /// The version the server accepts.
    pub version: String,
    /// When this answer was made.
    pub issued_at: Timestamp,
    /// The session that was made or came back.
    pub session: SessionInfo,
    /// What there is to know before the realtime channel opens.
    pub state: BootstrapState,
    /// For the next bootstrap, to come back to this session.
    pub reconnect: ReconnectGrant,
    /// Where and how to open the realtime channel.
    pub realtime: RealtimeGrant,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// To be named in `hello` and at a logout.
    pub session_id: SessionId,
    /// Opaque: the same user has the same id in every session.
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
    /// Its realtime channel is open.
    Active,
    /// Connection lost; waiting for it to come back.
    Reconnecting,
    /// It ends; what is pending is written.
    Terminating,
}

/// The state part of a bootstrap answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootstrapState {
    /// The player's own character.
    pub character: Character,
    /// The world it is in.
    pub world: WorldSummary,
}

/// A character as its owner sees it; also GET /api/character/{id}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Character {
    /// Names it in GET /api/character/{id}.
    pub character_id: CharacterId,
    /// Its state; the position is always given.
    #[serde(flatten)]
    pub state: CharacterState,
}

/// How to open the realtime channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealtimeGrant {
    /// `ws://` or `wss://` address.
    pub url: String,
    /// For one `hello`, and good once.
    pub ticket: String,
    /// The ticket is good until then.
    pub expires_at: Timestamp,
}

/// The body of POST /api/session/logout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutRequest {
    /// The session to end.
    pub session_id: SessionId,
}

/// The body of POST /dev/token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevTokenRequest {
    /// Any name for the user; the same name is the same user.
    pub user: String,
}

/// The answer to POST /dev/token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevTokenResponse {
    /// A signed JWT, for `Authorization: Bearer`.
    pub access_token: String,
    /// How long it is good, seconds.
    pub expires_in: u64,
}

/// The answer to GET /api/health.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The worst of what follows.
    pub status: HealthStatus,
    /// The server's own version.
    pub version: String,
    /// What the server needs.
    pub dependencies: Dependencies,
    /// How many more may come in.
    pub capacity: Capacity,
    /// How the tick loop keeps up.
    pub tick: TickHealth,
    /// The threads that carry the world.
    pub engine: EngineHealth,
    /// The worlds of a server that has several; what is said above of one is said of the first
    /// that goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worlds: Vec<ListedWorld>,
    /// When this was put together.
    pub observed_at: Timestamp,
}

/// The health of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// Everything is as it should be.
    Ok,
    /// Play goes on, something is worse than it should be.
    Degraded,
    /// Nobody can play now.
    Unavailable,
}

/// Health of the dependencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dependencies {
    /// The durable store, SQLite or Postgres.
    pub database: DependencyHealth,
    /// Redis, or the cache in the process.
    pub cache: DependencyHealth,
    /// The identity provider, when there is an external one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<DependencyHealth>,
}

/// Health of one dependency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DependencyHealth {
    /// What the last check found.
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
    /// It works as it should.
    Available,
    /// It works, but slower or less.
    Degraded,
    /// It does not work.
    Unavailable,
}

/// How many may play at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Places that are taken now.
    pub active_sessions: u32,
    /// Places that there are.
    pub max_sessions: u32,
}

/// How the tick loop keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickHealth {
    /// Ticks that should run a second.
    pub rate_hz: u32,
    /// The newest tick that ran.
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
    /// Which of them do not.
    #[serde(default)]
    pub message: Option<String>,
}

/// GET /api/world, and without the tiles GET /api/map: the world as its builders made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldMap {
    /// What the world is called.
    pub name: String,
    /// Columns of the map, tiles.
    pub width: i32,
    /// Rows of the map, tiles.
    pub height: i32,
    /// Edge of a chunk, tiles.
    pub chunk_size: i32,
    /// The tile that decides what a place is, row by row: the structure if there is one, else the
    /// ground. `event.state_delta` changes these. Absent in GET /api/map, and in GET /api/world of
    /// a map with more than 1,048,576 tiles, which has `sections` in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiles: Vec<u16>,
    /// The ground under the structures, row by row; for drawing. Absent with `tiles`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ground: Vec<u16>,
    /// What is drawn over the characters (tree tops, roofs), row by row; 0 is nothing. Absent with
    /// `tiles`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub canopy: Vec<u16>,
    /// Where the tiles are when they are not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sections: Option<Sections>,
    /// The pictures and properties of the tiles.
    pub tileset: Tileset,
    /// Where new characters appear.
    pub spawn: Position,
    /// Places that a step leads away from; no two of them lie over one another. Absent when there
    /// are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warps: Vec<Warp>,
    /// Parts of the map with a name or rules of their own, which may lie over one another. Absent
    /// when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    /// Texts that stand on the map. Absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<Sign>,
    /// Figures that the world brings with it. Absent when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sprites: Option<Sprites>,
}

/// A text that is shown to whoever stands on its tile or on one beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sign {
    /// Its object in Tiled.
    pub id: u32,
    /// Column.
    pub x: i32,
    /// Row.
    pub y: i32,
    /// What stands above the text; absent: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it says; may have several lines.
    pub text: String,
    /// The map shows something there, so that nobody has to draw a post; absent is no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drawn: bool,
}

/// A rectangle of tiles. Who steps onto one of them stands on another tile of the map instead, or
/// stays when nobody can step onto that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warp {
    /// Column of its left edge.
    pub x: i32,
    /// Row of its upper edge.
    pub y: i32,
    /// Columns; at least 1.
    pub width: i32,
    /// Rows; at least 1.
    pub height: i32,
    /// Where it leads; never onto a warp.
    pub to: Position,
}

impl Warp {
    /// Whether a tile is one of its own.
    #[must_use]
    pub fn contains(&self, x: i32, y: i32) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// Whether the two have a tile in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A part of the map with a name or rules of its own. Where several lie over one another, the
/// smallest decides over name, light and music, and the rules of all of them hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Area {
    /// Its object in Tiled; 0 where it has none.
    pub id: u32,
    /// Shown to who enters; may be empty.
    pub name: String,
    /// Its tiles, row by row and from left to right, none twice; at least one.
    pub runs: Vec<Run>,
    /// How bright it is, percent, 100 at most; absent: as around it, and 100 outside of all areas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub light: Option<u8>,
    /// Address of its music, relative to the server; absent: as around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub music: Option<String>,
    /// Whoever is in it does not see the canopy over it; absent is no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub indoor: bool,
    /// Health points that being there costs every second, beside what the tiles cost; absent is 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub damage: i32,
    /// Nothing is built there; absent is no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_build: bool,
    /// Nothing hurts there, neither tiles nor areas; absent is no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub safe: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// Tiles side by side in a row of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Column of the first one.
    pub x: i32,
    /// Their row.
    pub y: i32,
    /// How many; at least 1.
    pub width: i32,
}

impl Area {
    /// Whether a tile is one of its own.
    #[must_use]
    pub fn contains(&self, x: i32, y: i32) -> bool {
        let after = self.runs.partition_point(|run| (run.y, run.x) <= (y, x));
        let last = after.checked_sub(1).and_then(|index| self.runs.get(index));
        last.is_some_and(|run| run.y == y && x.saturating_sub(run.x) < run.width)
    }

    /// How many tiles it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.runs.iter().map(|run| usize::try_from(run.width).unwrap_or(0)).sum()
    }
}
