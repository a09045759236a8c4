//! What is wrong or unusual in the files of a map, with its place and its remedy in Tiled's words.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The map is used, perhaps otherwise than its builder meant.
    Warning,
    /// The map cannot be used.
    Error,
}

/// Where it is; what is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Place {
    pub file: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tileset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The id of an object, as Tiled shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<u32>,
    /// Local id of a tile in its tileset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tile: Option<u32>,
    /// Column and row of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<(i32, i32)>,
}

/// One thing that is wrong or unusual.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    pub severity: Severity,
    /// Names the kind, for programs: lower case with dashes.
    pub kind: &'static str,
    pub place: Place,
    /// What is so, as a sentence without its end.
    pub what: String,
    /// What to do, as an order without its end.
    pub remedy: String,
}

/// Most problems of one kind that are told one by one; further ones are counted.
pub const OF_A_KIND_MAX: usize = 20;

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problems {
    pub found: Vec<Problem>,
    /// How many of a kind were left out.
    pub more: Vec<(&'static str, usize)>,
}

impl Problems {
    /// Notes one.
    pub fn add(&mut self, problem: Problem) {
        let known = self.found.iter().filter(|known| known.kind == problem.kind).count();
        if known < OF_A_KIND_MAX {
            self.found.push(problem);
        } else if let Some((_, more)) = self.more.iter_mut().find(|(kind, _)| *kind == problem.kind) {
            *more += 1;
        } else {
            self.more.push((problem.kind, 1));
        }
    }

    /// Whether the map cannot be used.
    #[must_use]
    pub fn is_unusable(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{word}: {}: {}; {}", self.place, self.what, self.remedy)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(tileset) = &self.tileset {
            write!(f, ", tileset {tileset:?}")?;
        }
        if let Some(tile) = self.tile {
            write!(f, ", tile {tile}")?;
        }
        if let Some(layer) = &self.layer {
            write!(f, ", layer {layer:?}")?;
        }
        if let Some(object) = self.object {
            write!(f, ", object {object}")?;
        }
        if let Some((x, y)) = self.cell {
            write!(f, ", cell {x}, {y}")?;
        }
        Ok(())
    }
}
