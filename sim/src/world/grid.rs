//! The geometry of chunks: which chunk a tile is in and which chunks are seen from where. Pure
//! arithmetic over the size of the map; who is in a chunk is in [`super::chunks`].

use tilemud_schema::Position;

use crate::api::CellId;
use crate::limits::{CHUNK_SIZE, VIEW_CHUNKS};

/// The chunks of a map, numbered row by row. A [`CellId`] names a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    columns: i32,
    rows: i32,
}

/// A rectangle of chunks, bounds included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    west: i32,
    north: i32,
    east: i32,
    south: i32,
}

impl Grid {
    /// The chunks of a map of `width` x `height` tiles; at least one.
    #[must_use]
    pub fn of_map(width: i32, height: i32) -> Self {
        let chunks = |tiles: i32| ((tiles.max(1) - 1) / CHUNK_SIZE) + 1;
        Self { columns: chunks(width), rows: chunks(height) }
    }

    /// How many chunks there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The chunk of a tile. Tiles outside of the map count to the nearest chunk.
    #[must_use]
    pub fn cell_of(self, position: Position) -> CellId {
        let column = position.x.div_euclid(CHUNK_SIZE).clamp(0, self.columns - 1);
        let row = position.y.div_euclid(CHUNK_SIZE).clamp(0, self.rows - 1);
        self.cell(column, row)
    }

    /// What is seen from a chunk.
    #[must_use]
    pub fn view(self, cell: CellId) -> Area {
        let (column, row) = self.place(cell);
        Area {
            west: (column - VIEW_CHUNKS).max(0),
            north: (row - VIEW_CHUNKS).max(0),
            east: (column + VIEW_CHUNKS).min(self.columns - 1),
            south: (row + VIEW_CHUNKS).min(self.rows - 1),
        }
    }

    /// Whether a chunk is in an area.
    #[must_use]
    pub fn is_in(self, cell: CellId, area: Area) -> bool {
        let (column, row) = self.place(cell);
        (area.west..=area.east).contains(&column) && (area.north..=area.south).contains(&row)
    }

    /// The chunks of an area, ascending.
    pub fn cells(self, area: Area) -> impl Iterator<Item = CellId> {
        let (mut column, mut row) = (area.west, area.north);
        std::iter::from_fn(move || {
            let cell = (row <= area.south).then(|| self.cell(column, row))?;
            (column, row) = if column < area.east { (column + 1, row) } else { (area.west, row + 1) };
            Some(cell)
        })
    }

    fn place(self, cell: CellId) -> (i32, i32) {
        (cell.0 as i32 % self.columns, cell.0 as i32 / self.columns)
    }

    fn cell(self, column: i32, row: i32) -> CellId {
        CellId((row * self.columns + column) as u32)
    }
}

/// How far apart two tiles are: the larger of the two distances.
#[must_use]
pub fn distance(a: Position, b: Position) -> u32 {
    a.x.abs_diff(b.x).max(a.y.abs_diff(b.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(grid: Grid, cell: u32) -> Vec<u32> {
        grid.cells(grid.view(CellId(cell))).map(|cell| cell.0).collect()
    }

    #[test]
    fn a_map_that_does_not_fill_its_last_chunk_still_has_it() {
        assert_eq!(Grid::of_map(16, 16).len(), 1);
        assert_eq!(Grid::of_map(17, 33).len(), 2 * 3);
    }

    #[test]
    fn a_view_is_three_by_three_chunks_cut_at_the_edges() {
        let grid = Grid::of_map(64, 64);
        assert_eq!(cells(grid, 5), [0, 1, 2, 4, 5, 6, 8, 9, 10]);
        assert_eq!(cells(grid, 0), [0, 1, 4, 5]);
        assert_eq!(cells(grid, 15), [10, 11, 14, 15]);
    }

    #[test]
    fn tiles_belong_to_the_chunk_they_lie_in() {
        let grid = Grid::of_map(64, 64);
        assert_eq!(grid.cell_of(Position { x: 15, y: 15 }), CellId(0));
        assert_eq!(grid.cell_of(Position { x: 16, y: 15 }), CellId(1));
        assert_eq!(grid.cell_of(Position { x: 16, y: 16 }), CellId(5));
        assert_eq!(grid.cell_of(Position { x: -1, y: 900 }), CellId(12));
    }
}
