//! Tiles of which there is no picture, told once for each tileset.

use std::collections::BTreeMap;

use crate::drawing::{Content, Drawing, GID, Placed};
use crate::problem::{Place, Problems};
use crate::say::{self, warning};

/// Those that the map shows, by first id of their tileset.
#[derive(Debug, Default)]
pub struct Lost {
    /// Not within the picture of their tileset.
    outside: BTreeMap<u32, Several>,
    /// In a collection that has no picture for them.
    bare: BTreeMap<u32, Several>,
}

#[derive(Debug)]
struct Several {
    count: usize,
    /// The global and local id of the first.
    first: (u32, u32),
    /// The last one that is in the picture.
    last: Option<u32>,
}

impl Lost {
    /// The tile is outside of the picture, which has so many.
    pub fn note_outside(&mut self, placed: &Placed, gid: u32, shown: u32, in_picture: Option<u32>) {
        let last = in_picture.and_then(|count| count.checked_sub(1));
        note(&mut self.outside, placed, Several { count: 1, first: (gid, shown), last });
    }

    /// The tile has no picture. A tileset without any could not be read, which is told there.
    pub fn note_bare(&mut self, placed: &Placed, gid: u32, shown: u32) {
        let tileset = &placed.tileset;
        if tileset.tile_count.is_some() || tileset.tiles.values().any(|tile| tile.picture.is_some()) {
            note(&mut self.bare, placed, Several { count: 1, first: (gid, shown), last: None });
        }
    }

    /// Tells all of them.
    pub fn tell(self, drawing: &Drawing, problems: &mut Problems) {
        for (first_gid, Several { count, first, last }) in self.outside {
            let has = last.map_or_else(|| "is none".to_owned(), |last| format!("is {last}"));
            let what = format!(
                "the picture of the tileset is too small to hold this tile, the last one in it {has}; it is not drawn{}",
                others(count)
            );
            let remedy = "choose the right picture, or erase the tiles";
            problems.add(warning("tile-outside-picture", place(drawing, first_gid, first), what, remedy));
        }
        for (first_gid, Several { count, first, .. }) in self.bare {
            let what =
                format!("the tileset has no picture for this tile, and a chequer stands for it{}", others(count));
            let remedy = "place another tile there, or add its picture to the tileset";
            problems.add(warning("tile-without-picture", place(drawing, first_gid, first), what, remedy));
        }
    }
}

fn note(all: &mut BTreeMap<u32, Several>, placed: &Placed, one: Several) {
    match all.get_mut(&placed.first_gid) {
        Some(known) if known.first.1 <= one.first.1 => known.count += 1,
        Some(known) => *known = Several { count: known.count + 1, ..one },
        None => drop(all.insert(placed.first_gid, one)),
    }
}

fn others(count: usize) -> String {
    if count == 1 { String::new() } else { format!(" (and {} others)", count - 1) }
}

/// The tileset, the tile and the first cell with it.
fn place(drawing: &Drawing, first_gid: u32, (gid, shown): (u32, u32)) -> Place {
    let placed = drawing.tilesets.iter().find(|placed| placed.first_gid == first_gid);
    let cell = drawing.layers.iter().find_map(|layer| match &layer.content {
        Content::Tiles(cells) => cells.iter().position(|cell| cell & GID == gid),
        _ => None,
    });
    let cell = cell.map(|index| {
        let (column, row) = (index as u32 % drawing.width.max(1), index as u32 / drawing.width.max(1));
        (drawing.origin.0.saturating_add_unsigned(column), drawing.origin.1.saturating_add_unsigned(row))
    });
    let tileset = placed.map(|placed| placed.tileset.name.clone());
    Place { tileset, tile: Some(shown), cell, ..say::map(drawing) }
}
