//! Figures that a world brings with it, as GET /api/world tells of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Direction;

/// The figures of a world's own. A look whose name clients know takes the place of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sprites {
    /// Address of the PNG, relative to the server.
    pub image: String,
    /// Columns of a frame, pixels; a tile is as wide as 16 of them.
    pub frame_w: u32,
    /// Rows of a frame, pixels.
    pub frame_h: u32,
    /// Which way a character faces in each of its rows of frames, from the top.
    pub directions: Vec<Direction>,
    /// What there is, by the names that entities have for it.
    pub looks: BTreeMap<String, Look>,
}

/// Where a look is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What it is, which says how many frames it has.
    pub kind: LookKind,
    /// Left edge of its first frame, pixels.
    pub x: u32,
    /// Upper edge of its first frame, pixels.
    pub y: u32,
}

/// What a look shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookKind {
    /// A row for each direction: standing, then a step with either foot.
    Character,
    /// One frame.
    Item,
    /// Two frames: closed, then open.
    Door,
}

impl LookKind {
    /// Columns and rows of its frames.
    #[must_use]
    pub fn frames(self) -> (u32, u32) {
        match self {
            Self::Character => (3, 4),
            Self::Item => (1, 1),
            Self::Door => (2, 1),
        }
    }
}
