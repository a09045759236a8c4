//! From the file of a map to a world. A map that is drawn as our own worlds are keeps its tiles and
//! their numbers, which the logs and snapshots of played worlds refer to; any other is baked.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use tilemud_sim::Map;
use tilemud_sim::map::MapError;

use crate::bake::{Baked, Options, bake};
use crate::dialect::Dialect;
use crate::drawing::{Content, Drawing};
use crate::files::{FileError, Files};
use crate::problem::{Problem, Problems, Severity};
use crate::read::read;

/// A world that was read.
#[derive(Debug)]
pub enum World {
    /// As it is drawn, tile by tile.
    Own(Box<Map>),
    /// With a report of what became of it.
    Baked(Box<Baked>),
}

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A map drawn as our own worlds are says something that has no meaning.
    #[error(transparent)]
    Own(#[from] MapError),
    /// One of its files cannot be used.
    #[error("the file {} of the map {error}", path.display())]
    File {
        path: PathBuf,
        /// Why not.
        error: FileError,
    },
    /// Any other map has errors.
    #[error("{}", first(.0))]
    Unusable(Vec<Problem>),
}

/// The first error, and how many more there are.
fn first(problems: &[Problem]) -> String {
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let Some(first) = errors.next() else { return "the map cannot be used".to_owned() };
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {more} more, which `tilemud map check` tells)"),
    };
    format!("{}: {}; {}{more}", first.place, first.what, first.remedy)
}

impl World {
    /// What is played on.
    #[must_use]
    pub fn map(&self) -> &Map {
        match self {
            Self::Own(map) => map,
            Self::Baked(baked) => &baked.map,
        }
    }

    /// The same, without the rest.
    #[must_use]
    pub fn into_map(self) -> Map {
        match self {
            Self::Own(map) => *map,
            Self::Baked(baked) => baked.map,
        }
    }
}

/// Reads a map and makes a world of it. What is wrong with a map that is not drawn as our own is
/// added to `problems`.
///
/// # Errors
/// [`LoadError`] says what to change.
pub fn load(path: &Path, files: &dyn Files, options: &Options, problems: &mut Problems) -> Result<World, LoadError> {
    // Said once more by the reader; here it is what keeps a world from being read at all.
    if let Err(error) = files.read(path) {
        return Err(LoadError::File { path: path.to_owned(), error });
    }
    let drawing = read(path, files, problems);
    build(path, drawing.as_ref(), files, options, problems)
}

/// Makes a world of a map that was read.
///
/// # Errors
/// As [`load`].
pub fn build(
    path: &Path,
    drawing: Option<&Drawing>,
    files: &dyn Files,
    options: &Options,
    problems: &mut Problems,
) -> Result<World, LoadError> {
    if let Some(drawing) = drawing.filter(|_| !problems.is_unusable())
        && matches!(options.dialect, Dialect::Auto | Dialect::TileMud)
        && is_own(drawing)
        && let Some(map) = own(path, files)?
    {
        return Ok(World::Own(Box::new(map)));
    }
    let usable = drawing.filter(|_| !problems.is_unusable());
    let baked = usable.and_then(|drawing| bake(drawing, files, options, problems));
    baked.map(|baked| World::Baked(Box::new(baked))).ok_or_else(|| LoadError::Unusable(problems.found.clone()))
}

/// Whether the layers of a map are those of our own worlds, and no others.
fn is_own(drawing: &Drawing) -> bool {
    let has = |wanted: &str| drawing.layers.iter().filter(|layer| layer.name == wanted).count();
    let are_known = drawing.layers.iter().all(|layer| {
        let is_known = match layer.content {
            Content::Tiles(_) => ["ground", "structures", "canopy"].contains(&layer.name.as_str()),
            Content::Objects(_) => layer.name == "objects",
            Content::Image { .. } => false,
        };
        is_known && layer.groups.is_empty()
    });
    are_known && has("ground") == 1 && has("objects") == 1 && has("structures") <= 1 && has("canopy") <= 1
}

/// The map as it is drawn; `None` if it has what only baking takes.
fn own(path: &Path, files: &dyn Files) -> Result<Option<Map>, LoadError> {
    let unread: RefCell<Option<LoadError>> = RefCell::new(None);
    let map = Map::from_tmx(path, |path| {
        files.read(path).map_err(|error| {
            let words = error.to_string();
            unread.replace(Some(LoadError::File { path: path.to_owned(), error }));
            io::Error::other(words)
        })
    });
    match map {
        Ok(map) => Ok(Some(map)),
        // A played world would look otherwise without it, so it does not go on with a chequer.
        Err(_) if unread.borrow().is_some() => unread.into_inner().map_or(Ok(None), Err),
        Err(error) if may_bake(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether a map may be baked that the strict way of reading refuses. A world that was played
/// before such a door was refused would begin anew.
fn may_bake(error: &MapError) -> bool {
    !matches!(
        error,
        MapError::DoorTwice { .. }
            | MapError::DoorOnSolid { .. }
            | MapError::DoorClosedOn { .. }
            | MapError::DoorOnSpawn { .. }
    )
}
