//! Maps that are drawn as our own worlds are. They are read the strict way, which keeps the numbers
//! of their tiles; what it passes over without a word is told here.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use tilemud_schema::Position;
use tilemud_sim::Map;
use tilemud_sim::map::MapError;

use crate::drawing::{Content, Drawing, Layer};
use crate::files::{Files, read_near};
use crate::load_error::LoadError;
use crate::objects::{self, Ground};
use crate::problem::{Place, Problems, shown};
use crate::say::{self, warning};

/// Most cells of a map that is read as it is drawn: the strict way of reading has no bound of its
/// own for the memory it takes, 16 bytes for each cell of each layer. Larger ones are baked.
const CELLS_MAX: u64 = 1 << 20;

/// Why the layers of a map are not those of our own worlds and no others, if they are not.
fn is_other(drawing: &Drawing) -> Option<String> {
    if u64::from(drawing.width) * u64::from(drawing.height) > CELLS_MAX {
        return Some(format!("it has more than {CELLS_MAX} tiles"));
    }
    let other = drawing.layers.iter().find(|layer| {
        let is_known = match layer.content {
            Content::Tiles(_) => ["ground", "structures", "canopy"].contains(&layer.name.as_str()),
            Content::Objects(_) => layer.name == "objects",
            Content::Image { .. } => false,
        };
        !is_known || !layer.groups.is_empty()
    });
    if let Some(layer) = other {
        let name = shown(&layer.name);
        return Some(format!(
            "layer {name} is none of the tile layers ground, structures and canopy and the object layer objects, or is in a group"
        ));
    }
    let count = |wanted: &str| drawing.layers.iter().filter(|layer| layer.name == wanted).count();
    let twice = ["ground", "structures", "canopy", "objects"].into_iter().find(|name| count(name) > 1);
    let missing = ["ground", "objects"].into_iter().find(|name| count(name) == 0);
    let missing = missing.map(|name| format!("it has no layer {name}"));
    twice.map(|name| format!("it has two layers {name}")).or(missing)
}

/// The map as it is drawn, or why it is baked instead.
pub(crate) fn read(path: &Path, drawing: &Drawing, files: &dyn Files) -> Result<Result<Map, String>, LoadError> {
    if let Some(why) = is_other(drawing) {
        return Ok(Err(why));
    }
    let unread: RefCell<Option<LoadError>> = RefCell::new(None);
    let map = Map::from_tmx(path, |path| {
        read_near(files, path, &drawing.file).map(|(bytes, _)| bytes).map_err(|error| {
            let words = error.to_string();
            unread.replace(Some(LoadError::File { path: path.to_owned(), error }));
            io::Error::other(words)
        })
    });
    match map {
        Ok(map) => Ok(Ok(map)),
        Err(error) => match unread.into_inner() {
            // A played world would look otherwise without it, so it does not go on with a chequer.
            Some(unread) => Err(unread),
            None if may_bake(&error) && !lacks_a_tileset(drawing) => Ok(Err(error.to_string())),
            None => Err(error.into()),
        },
    }
}

/// Whether something stands for a tileset whose file is broken; it has nothing to draw.
fn lacks_a_tileset(drawing: &Drawing) -> bool {
    drawing.tilesets.iter().any(|placed| {
        let tileset = &placed.tileset;
        tileset.file != drawing.file && tileset.picture.is_none() && tileset.tiles.is_empty()
    })
}

/// Whether a map may be baked that the strict way of reading refuses. A world that was played
/// before such a door was refused would begin anew, and one with a warp that leads nowhere would be
/// another one until it is mended.
fn may_bake(error: &MapError) -> bool {
    !matches!(
        error,
        MapError::DoorTwice { .. }
            | MapError::DoorOnSolid { .. }
            | MapError::DoorClosedOn { .. }
            | MapError::DoorOnSpawn { .. }
            | MapError::WarpTarget { .. }
            | MapError::WarpChain { .. }
            | MapError::WarpTwice { .. }
            | MapError::WarpOnSpawn { .. }
            | MapError::WarpsMany { .. }
            | MapError::SpawnersMany { .. }
    )
}

/// Tells what is drawn otherwise than Tiled shows it, and what stands where nobody can walk.
pub(crate) fn check(drawing: &Drawing, map: &Map, problems: &mut Problems) {
    for layer in &drawing.layers {
        let looks = looks(layer);
        if !looks.is_empty() {
            let what = format!("its {} does not count in a map with the layers of our own worlds", looks.join(", "));
            problems.add(warning("layer-look", say::layer(drawing, layer), what, LEAVE_IT));
        }
    }
    for placed in &drawing.tilesets {
        let tileset = &placed.tileset;
        let looks = [
            (tileset.offset != (0, 0), "drawing offset"),
            (tileset.picture.as_ref().is_some_and(|picture| picture.color_key.is_some()), "transparent color"),
        ];
        let looks: Vec<_> = looks.iter().filter(|(has, _)| *has).map(|(_, look)| *look).collect();
        if !looks.is_empty() {
            let place = Place { tileset: Some(tileset.name.clone()), ..say::map(drawing) };
            let what = format!("its {} does not count in a map with the layers of our own worlds", looks.join(", "));
            problems.add(warning("tileset-look", place, what, LEAVE_IT));
        }
    }
    // Only for what it says of them: the strict way has read them.
    let _ = objects::read(drawing, |_, _| true, &mut AsDrawn(map), problems);
}

const LEAVE_IT: &str = "set it back, or call a layer otherwise to have the map baked, which draws it as Tiled does";

/// What of a layer's look is not as Tiled has it at first.
fn looks(layer: &Layer) -> Vec<&'static str> {
    // Objects are drawn by the game.
    let is_drawn = matches!(layer.content, Content::Tiles(_));
    let looks = [
        (!layer.visible, "being hidden"),
        (is_drawn && layer.opacity != 1.0, "opacity"),
        (is_drawn && layer.tint != [255; 4], "tint color"),
        (layer.offset != (0.0, 0.0), "offset"),
        (layer.parallax != (1.0, 1.0), "parallax factor"),
        (layer.blend_mode.is_some(), "blend mode"),
    ];
    looks.into_iter().filter(|(has, _)| *has).map(|(_, look)| look).collect()
}

/// The ground of a map that keeps the numbers of its tiles.
struct AsDrawn<'a>(&'a Map);

impl Ground for AsDrawn<'_> {
    fn is_blocked(&self, at: Position) -> bool {
        self.0.is_solid(at.x, at.y)
    }

    fn placed(&mut self, class: &str) -> Option<u16> {
        self.0.tileset.tiles.iter().find(|tile| tile.id > 0 && tile.name == class).map(|tile| tile.id)
    }
}
