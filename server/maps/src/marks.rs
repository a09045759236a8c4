//! Layers on which nobody can walk, and which show nothing: marks for whoever builds the map.
//! Others show what is in the way, and are drawn.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::blocking::Named;
use crate::drawing::{Cells, Content, Drawing, GID, Layer};
use crate::names::words;

/// Least opacity of a layer that shows something.
const OPAQUE: f32 = 0.9;
/// Most different tiles that are marks and nothing more.
const MARKS_MAX: usize = 2;
/// Words of tilesets of marks.
const TILESETS: [&str; 11] = [
    "block",
    "blocked",
    "blocks",
    "collider",
    "colliders",
    "collision",
    "collisions",
    "marker",
    "markers",
    "meta",
    "metatiles",
];

/// What the other layers show.
pub struct Shown {
    tiles: FxHashSet<u32>,
    /// First ids of their tilesets.
    tilesets: BTreeSet<u32>,
    /// Where they show something, row by row.
    covered: Vec<bool>,
}

impl Shown {
    /// Of the layers that are chosen.
    pub fn of<'a>(drawing: &Drawing, layers: impl Iterator<Item = &'a Layer>) -> Self {
        let area = drawing.width as usize * drawing.height as usize;
        let mut shown = Self { tiles: FxHashSet::default(), tilesets: BTreeSet::new(), covered: vec![false; area] };
        for layer in layers.filter(|layer| layer.visible) {
            match &layer.content {
                Content::Tiles(cells) => {
                    shown.tiles.extend(tiles(cells));
                    let covered = shown.covered.iter_mut().zip(cells.iter()).filter(|(_, gid)| gid & GID != 0);
                    covered.for_each(|(covered, _)| *covered = true);
                }
                Content::Objects(objects) => {
                    shown.tiles.extend(objects.iter().filter_map(|object| object.gid).map(|gid| gid & GID));
                }
                Content::Image { picture, .. } if picture.is_some() => shown.covered.fill(true),
                Content::Image { .. } => {}
            }
        }
        shown.tilesets = shown.tiles.iter().filter_map(|gid| Some(drawing.tile(*gid)?.0.first_gid)).collect();
        shown
    }

    /// Whether a tile layer of such a name is nothing but marks.
    pub fn is_marks(&self, drawing: &Drawing, layer: &Layer, named: Named) -> bool {
        let Content::Tiles(cells) = &layer.content else { return false };
        let own = tiles(cells);
        let tilesets = || own.iter().filter_map(|gid| Some(drawing.tile(*gid)?.0));
        let is_called_so = |name: &str| words(name).iter().any(|word| TILESETS.contains(&word.as_str()));
        let is_of_marks = tilesets().all(|placed| is_called_so(&placed.tileset.name));
        // Where nothing else shows anything, it is all that there is to see.
        let is_apart =
            self.covered.contains(&true) && tilesets().all(|placed| !self.tilesets.contains(&placed.first_gid));
        let is_plain = own.len() <= MARKS_MAX && own.iter().all(|gid| !self.tiles.contains(gid));
        // What lies over a picture need not be one.
        let (mut all, mut over) = (0_usize, 0_usize);
        for (_, covered) in cells.iter().zip(&self.covered).filter(|(gid, _)| gid & GID != 0) {
            all += 1;
            over += usize::from(*covered);
        }
        let is_simple = is_plain && over * 2 >= all;
        let by_name = match named {
            Named::Collision => is_apart || is_simple,
            _ => is_apart && is_simple,
        };
        layer.opacity <= OPAQUE || is_of_marks || by_name
    }
}

/// The different tiles of a layer.
fn tiles(cells: &Cells) -> FxHashSet<u32> {
    cells.kinds().iter().map(|gid| gid & GID).filter(|gid| *gid != 0).collect()
}
