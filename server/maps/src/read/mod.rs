//! Reads the files of a map into a [`Drawing`]: `map` reads a whole one out of `tree`s of elements,
//! which `document` makes of files. Whatever a file says, it takes bounded time and memory
//! (`ledger`), and all that is wrong is told at once.

mod cells;
mod context;
mod document;
mod extent;
mod json;
mod layer;
mod ledger;
mod map;
mod object;
mod properties;
mod shape;
mod source;
mod template;
mod tileset;
mod tree;
mod xml;

use std::path::Path;

use crate::drawing::Drawing;
use crate::files::Files;
use crate::problem::{Place, Problems, Severity};

use context::Context;
use ledger::{Ledger, MEMORY_MAX};

/// Reads the map at `path`, in any form that Tiled writes. What is wrong goes to `problems`; after
/// an error in it the drawing lacks something, and only serves to find what else is wrong. `None`
/// when there is nothing to draw at all.
pub fn read(path: &Path, files: &dyn Files, problems: &mut Problems) -> Option<Drawing> {
    read_within(path, files, problems, MEMORY_MAX)
}

/// The same with at most so much memory, bytes.
pub(crate) fn read_within(path: &Path, files: &dyn Files, problems: &mut Problems, memory: usize) -> Option<Drawing> {
    let ledger = Ledger::new(memory);
    let mut context = Context::new(files, problems, &ledger);
    match files.read(path) {
        Ok(bytes) => {
            let names = ["map"];
            document::with_tree(&mut context, path, bytes, &names, Severity::Error, |context, tree| {
                map::read(context, tree, path)
            })?
        }
        Err(error) => {
            let place = Place { file: path.to_owned(), ..Place::default() };
            context.error("map-file", &place, format!("the map {error}"), error.remedy());
            None
        }
    }
}
