//! How tiles lie on the map: the shapes of Tiled's collision editor, turned, moved and enlarged
//! with their tile, and the cells that a whole tile covers.

use rustc_hash::FxHashMap;

use crate::drawing::{Drawing, FLIP_DIAGONALLY, Object, Tileset};
use crate::shapes::{Budget, Grid, Outline, outline};

/// Farther than this from its cell no tile is within a map, cells.
const CELLS_MAX: f64 = 1_000_000.0;

/// The shapes of a tile; `None` if it has none.
pub fn outlines(drawing: &Drawing, gid: u32) -> Option<Vec<Outline>> {
    let (placed, local) = drawing.tile(gid)?;
    let outlines: Vec<_> = placed.tileset.tiles.get(&local)?.shapes.iter().filter_map(outline).collect();
    (!outlines.is_empty()).then_some(outlines)
}

/// The shapes of a tile as they lie around the cell 0, 0.
pub fn lay(
    drawing: &Drawing,
    gid: u32,
    outlines: &[Outline],
    offset: (f64, f64),
    cell: (f64, f64),
    budget: &mut Budget,
) -> Option<Vec<(i64, i64, u64)>> {
    let (placed, local) = drawing.tile(gid)?;
    let size = size_of(&placed.tileset, local);
    let moved = placed.tileset.offset;
    let height = turned(gid, size).1;
    // A tile that fills the cell is scaled with its shapes.
    let (scale, drawn) =
        if placed.tileset.fills_cell { ((cell.0 / size.0, cell.1 / size.1), cell.1) } else { ((1.0, 1.0), height) };
    let (left, top) = (offset.0 + f64::from(moved.0), offset.1 + f64::from(moved.1) + cell.1 - drawn);
    let (columns, rows) = (i64::from(drawing.width), i64::from(drawing.height));
    let grid = Grid { columns: (-columns, columns + 1), rows: (-rows, rows + 1), cell };
    let mut cells: FxHashMap<(i64, i64), u64> = FxHashMap::default();
    for outline in outlines {
        let turned = outline.turned(gid, size).map(|(x, y)| (x * scale.0 + left, y * scale.1 + top));
        for (column, row, mask) in turned.cells(&grid, budget)? {
            *cells.entry((column, row)).or_default() |= mask;
        }
    }
    let mut cells: Vec<_> = cells.into_iter().map(|((column, row), mask)| (column, row, mask)).collect();
    cells.sort_unstable();
    Some(cells)
}

/// The shapes of a tile as they lie on the map where an object shows it.
pub fn of_object(drawing: &Drawing, object: &Object, gid: u32, outlines: &[Outline]) -> Vec<Outline> {
    let Some((placed, local)) = drawing.tile(gid) else { return Vec::new() };
    let size = size_of(&placed.tileset, local);
    let (width, height) = turned(gid, size);
    let scale = |said: f64, own: f64| if said >= 0.5 { said / own } else { 1.0 };
    let scale = (scale(object.width, width), scale(object.height, height));
    let (sin, cos) = object.rotation.to_radians().sin_cos();
    let moved = placed.tileset.offset;
    let (left, top) = (object.x + f64::from(moved.0), object.y + f64::from(moved.1));
    let lie = |(x, y): (f64, f64)| {
        // From the lower left corner, around which it turns.
        let (x, y) = (x * scale.0, (y - height) * scale.1);
        (left + x * cos - y * sin, top + x * sin + y * cos)
    };
    outlines.iter().map(|outline| outline.turned(gid, size).map(lie)).collect()
}

/// The cells that a tile covers, counted from the one that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// The lower left one.
    pub column: i64,
    pub row: i64,
    pub columns: i64,
    /// Upwards.
    pub rows: i64,
}

/// What a tile covers whose layer is moved. A cell counts when more than half of its edge does.
pub fn covered(drawing: &Drawing, gid: u32, offset: (f64, f64), cell: (f64, f64)) -> Covered {
    let (moved, size) = match drawing.tile(gid) {
        Some((placed, _)) if placed.tileset.fills_cell => (placed.tileset.offset, cell),
        Some((placed, local)) => (placed.tileset.offset, turned(gid, size_of(&placed.tileset, local))),
        None => ((0, 0), cell),
    };
    let whole = |cells: f64| cells.clamp(-CELLS_MAX, CELLS_MAX) as i64;
    let at = |moved: i32, offset: f64, cell: f64| whole((0.5 + (offset + f64::from(moved)) / cell).floor());
    let count = |size: f64, cell: f64| whole((size / cell - 0.5).ceil()).max(1);
    Covered {
        column: at(moved.0, offset.0, cell.0),
        row: at(moved.1, offset.1, cell.1),
        columns: count(size.0, cell.0),
        rows: count(size.1, cell.1),
    }
}

fn turned(gid: u32, (width, height): (f64, f64)) -> (f64, f64) {
    if gid & FLIP_DIAGONALLY != 0 { (height, width) } else { (width, height) }
}

/// Pixels of a tile; of a picture of its own as the file says.
fn size_of(tileset: &Tileset, local: u32) -> (f64, f64) {
    let tile = tileset.tiles.get(&local);
    let own = tile.filter(|tile| tile.picture.is_some()).and_then(|tile| {
        let part = tile.part.map(|(_, _, width, height)| (width, height));
        part.or_else(|| tile.picture.as_ref().and_then(|picture| picture.size))
    });
    let (width, height) = own.unwrap_or((tileset.tile_width, tileset.tile_height));
    (width.max(1).into(), height.max(1).into())
}
