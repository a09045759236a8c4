//! The map of a world, ready to be served.

use std::collections::BTreeMap;

use bytes::Bytes;
use tilemud_schema::rest::WorldSummary;
use tilemud_schema::{CharacterId, Position};

/// Where the paths of all sections begin.
pub const SECTIONS: &str = "/world/sections/";

pub struct ServedMap {
    pub summary: WorldSummary,
    /// Body of GET /api/world.
    pub whole: Packed,
    /// Body of GET /api/map.
    pub outline: Packed,
    /// Its tileset picture and the music of its areas, by path.
    pub files: BTreeMap<String, ServedFile>,
    pub section: MakeSection,
    /// The tile on which a character appears first.
    pub place: Box<dyn Fn(CharacterId) -> Position + Send + Sync>,
}

/// Makes the body of the section with a path, for who takes gzip and for who does not.
pub type MakeSection = Box<dyn Fn(&str, bool) -> Option<Bytes> + Send + Sync>;

/// A body, as it is and packed.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    pub plain: Bytes,
    pub gzip: Bytes,
}

/// A file that is named by its content.
#[derive(Debug, Clone)]
pub struct ServedFile {
    pub content_type: &'static str,
    pub bytes: Bytes,
}
