//! What is told of the worlds of a server.

use serde::{Deserialize, Serialize};

/// Enough of the static world to know whether a cached copy is current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSummary {
    /// What the world is called.
    pub name: String,
    /// Columns of the map, tiles.
    pub width: i32,
    /// Rows of the map, tiles.
    pub height: i32,
    /// Edge of a chunk, tiles.
    pub chunk_size: i32,
    /// ETag of GET /api/world.
    pub etag: String,
}

/// The answer to GET /api/worlds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldList {
    /// All worlds of the server; the first is at the address of the game.
    pub worlds: Vec<ListedWorld>,
}

/// One of the worlds of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedWorld {
    /// What it is stored as.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it is played, below the address of the game: what stands there of a game, `ws` and
    /// `api/` included, is this world's.
    pub path: String,
    /// Who plays in it now.
    pub players: u32,
    /// Whether it can be played in.
    pub state: WorldState,
}

/// Whether a world can be played in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorldState {
    /// It goes on.
    Open,
    /// Its store is away, or it is stuck.
    Paused,
    /// This server has lost it, and goes on with its other worlds.
    Ended,
}

/// The answer to GET /api/world/{id}.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldInfo {
    /// What the list says of it.
    #[serde(flatten)]
    pub listed: ListedWorld,
    /// Its map.
    pub map: WorldSummary,
}
