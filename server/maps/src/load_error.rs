//! Why a map became no world.

use std::path::PathBuf;

use tilemud_sim::map::MapError;

use crate::files::FileError;
use crate::problem::{Problem, Severity};

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
