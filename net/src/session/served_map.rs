//! The map of a world, ready to be served.

use std::collections::BTreeMap;

use bytes::Bytes;
use tilemud_schema::rest::WorldSummary;
use tilemud_schema::{CharacterId, CharacterState, Position};

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
    /// Its sections.
    pub sections: Box<dyn Sections>,
    /// The tile on which a character appears first.
    pub place: Box<dyn Fn(CharacterId) -> Position + Send + Sync>,
}

/// How stored characters come onto a map: it may have grown or been cut at its left or upper edge
/// since the world began.
#[derive(Clone, Copy)]
pub struct Bring {
    /// How much farther right and lower all places are.
    pub by: Position,
    /// Moves all places of a character.
    pub shift: fn(&mut CharacterState, Position),
}

/// The sections of a map, by their paths.
pub trait Sections: Send + Sync {
    fn has(&self, path: &str) -> bool;

    /// Makes the body of one, for who takes gzip and for who does not.
    fn body(&self, path: &str, is_gzip: bool) -> Option<Bytes>;
}

/// A map without any.
impl Sections for () {
    fn has(&self, _path: &str) -> bool {
        false
    }

    fn body(&self, _path: &str, _is_gzip: bool) -> Option<Bytes> {
        None
    }
}

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
