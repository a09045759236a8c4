//! From the file of a map to a world. A map that is drawn as our own worlds are keeps its tiles and
//! their numbers, which the logs and snapshots of played worlds refer to; any other is baked.

use std::path::Path;

use tilemud_sim::Map;

use crate::bake::{Baked, Options, bake};
use crate::dialect::Dialect;
use crate::drawing::Drawing;
use crate::files::Files;
use crate::load_error::LoadError;
use crate::problem::Problems;
use crate::read::read;
use crate::{exits, looks, named_areas, own, room, signs, sprites, unknown};

/// A world that was read.
#[derive(Debug)]
pub enum World {
    /// As it is drawn, tile by tile.
    Own(Box<Map>),
    /// With a report of what became of it.
    Baked(Box<Baked>),
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

    fn map_mut(&mut self) -> &mut Map {
        match self {
            Self::Own(map) => map,
            Self::Baked(baked) => &mut baked.map,
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

/// Reads a map and makes a world of it. What is wrong with it is added to `problems`.
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
    if let Some(drawing) = drawing {
        unknown::check(drawing, problems);
    }
    let Some(drawing) = drawing.filter(|_| !problems.is_unusable()) else {
        return Err(LoadError::Unusable(problems.found.clone()));
    };
    let own = match options.dialect {
        Dialect::Auto | Dialect::TileMud => own::read(path, drawing, files)?,
        dialect => Err(format!("--dialect {dialect} was asked for")),
    };
    let mut world = match own {
        Ok(mut map) => {
            own::check(drawing, &map, problems);
            (map.areas, map.music) = named_areas::read(drawing, files, problems);
            World::Own(Box::new(map))
        }
        Err(because) => match bake(drawing, files, options, problems) {
            Some(mut baked) => {
                baked.report.because = because;
                World::Baked(Box::new(baked))
            }
            None => return Err(LoadError::Unusable(problems.found.clone())),
        },
    };
    let draws_objects = matches!(world, World::Baked(_));
    let map = world.map_mut();
    map.signs = signs::read(drawing, options.dialect, draws_objects, problems);
    map.sprites = sprites::read(drawing, files, problems);
    looks::check(drawing, map.sprites.as_ref(), problems);
    named_areas::check(drawing, map, problems);
    exits::check(drawing, options.dialect, room::beside(drawing, map), files, problems);
    Ok(world)
}
