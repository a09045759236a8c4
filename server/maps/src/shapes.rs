//! Which parts of which cells an outline covers. A cell is looked at in 8 x 8 places, one bit each,
//! so that several outlines in one cell add up.

use rustc_hash::FxHashMap;

use crate::drawing::{FLIP_DIAGONALLY, FLIP_HORIZONTALLY, FLIP_VERTICALLY, Object, Shape};

/// Places of a cell along each edge.
const ALONG: i64 = 8;
/// The four places around the middle of a cell.
const MIDDLE: u64 = (0b0001_1000 << 24) | (0b0001_1000 << 32);
/// Corners by which an ellipse is drawn.
const ELLIPSE_CORNERS: u32 = 40;
/// How far from the edges of a cell a line counts, part of the cell: on the edge between two cells
/// it is in neither.
const LINE_INSET: f64 = 0.125;
/// How long it has to be in a cell, part of the cell's shorter edge.
const LINE_LENGTH: f64 = 1.0 / 3.0;
/// Farthest place of an outline, pixels.
const FAR: f64 = 1_000_000.0;

/// Work that may be done for all outlines of a map, in steps: a few seconds.
#[derive(Debug)]
pub struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(200_000_000)
    }
}

impl Budget {
    /// Takes one step; `None` when there are none left.
    pub fn take_one(&mut self) -> Option<()> {
        self.take(1)
    }

    fn take(&mut self, steps: u64) -> Option<()> {
        self.0 = self.0.checked_sub(steps.max(1))?;
        Some(())
    }
}

/// An outline on the map, pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    Area(Vec<(f64, f64)>),
    Line(Vec<(f64, f64)>),
}

/// The cells within which outlines are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    /// Columns and rows, the first ones and those behind the last.
    pub columns: (i64, i64),
    pub rows: (i64, i64),
    /// Pixels of a cell.
    pub cell: (f64, f64),
}

/// Whether what is covered of a cell blocks it: its middle, or more than a third. A character
/// stands in the middle, and less than a third is what roots and eaves cover.
#[must_use]
pub fn blocks(mask: u64) -> bool {
    covers_middle(mask) || mask.count_ones() * 3 > 64
}

/// Whether the middle of a cell is covered.
#[must_use]
pub fn covers_middle(mask: u64) -> bool {
    mask & MIDDLE == MIDDLE
}

/// The outline of an object; `None` for points, texts and what has no extent.
#[must_use]
pub fn outline(object: &Object) -> Option<Outline> {
    let (width, height) = (object.width, object.height);
    // A tile stands on its place, all else hangs from it.
    let top = if object.gid.is_some() { -height } else { 0.0 };
    let local = match &object.shape {
        Shape::Rectangle => Outline::Area(vec![(0.0, top), (width, top), (width, top + height), (0.0, top + height)]),
        Shape::Ellipse => Outline::Area(
            (0..ELLIPSE_CORNERS)
                .map(|corner| f64::from(corner) * std::f64::consts::TAU / f64::from(ELLIPSE_CORNERS))
                .map(|angle| (width / 2.0 * (1.0 + angle.cos()), height / 2.0 * (1.0 + angle.sin())))
                .collect(),
        ),
        Shape::Polygon(points) => Outline::Area(points.clone()),
        Shape::Polyline(points) => Outline::Line(points.clone()),
        Shape::Point | Shape::Text(_) => return None,
    };
    let (sin, cos) = object.rotation.to_radians().sin_cos();
    let outline = local.map(|(x, y)| (object.x + x * cos - y * sin, object.y + x * sin + y * cos));
    let is_sound = |(x, y): &(f64, f64)| x.abs() <= FAR && y.abs() <= FAR;
    outline.points().iter().all(is_sound).then_some(outline).filter(Outline::has_extent)
}

impl Outline {
    fn points(&self) -> &[(f64, f64)] {
        match self {
            Self::Area(points) | Self::Line(points) => points,
        }
    }

    fn has_extent(&self) -> bool {
        let points = self.points();
        points.iter().any(|point| Some(point) != points.first())
    }

    /// The outline with each point somewhere else.
    #[must_use]
    pub fn map(&self, place: impl Fn((f64, f64)) -> (f64, f64)) -> Self {
        let map = |points: &[(f64, f64)]| points.iter().map(|point| place(*point)).collect();
        match self {
            Self::Area(points) => Self::Area(map(points)),
            Self::Line(points) => Self::Line(map(points)),
        }
    }

    /// The outline on a tile of `size` pixels, turned as the cell says.
    #[must_use]
    pub fn turned(&self, gid: u32, size: (f64, f64)) -> Self {
        let is_diagonal = gid & FLIP_DIAGONALLY != 0;
        let (width, height) = if is_diagonal { (size.1, size.0) } else { size };
        self.map(|(x, y)| {
            let (x, y) = if is_diagonal { (y, x) } else { (x, y) };
            let x = if gid & FLIP_HORIZONTALLY != 0 { width - x } else { x };
            (x, if gid & FLIP_VERTICALLY != 0 { height - y } else { y })
        })
    }

    /// The cells of the grid that it covers, with the places in them; `None` when that is more work
    /// than the map may make.
    #[must_use]
    pub fn cells(&self, grid: &Grid, budget: &mut Budget) -> Option<Vec<(i64, i64, u64)>> {
        match self {
            Self::Area(points) => area(points, grid, budget),
            Self::Line(points) => line(points, grid, budget),
        }
    }
}

/// Scans the rows of places; inside is what an odd number of edges are left of.
fn area(points: &[(f64, f64)], grid: &Grid, budget: &mut Budget) -> Option<Vec<(i64, i64, u64)>> {
    let step = (grid.cell.0 / ALONG as f64, grid.cell.1 / ALONG as f64);
    let least = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let (first, end) = places(least, most, step.1, grid.rows);
    budget.take((end - first).max(0) as u64 * points.len() as u64)?;
    let least = points.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    let (left, right) = places(least, most, step.0, grid.columns);
    let first_column = left.div_euclid(ALONG);
    let mut row_cells = vec![0_u64; (right - left.min(right)) as usize / ALONG as usize + 2];
    let (mut cells, mut crossings) = (Vec::new(), Vec::new());
    for row in first..end {
        let y = (row as f64 + 0.5) * step.1;
        crossings.clear();
        for (index, from) in points.iter().enumerate() {
            let to = points[(index + 1) % points.len()];
            if (from.1 <= y) != (to.1 <= y) {
                crossings.push(from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0));
            }
        }
        crossings.sort_by(f64::total_cmp);
        for span in crossings.chunks_exact(2) {
            let (left, right) = places(span[0], span[1], step.0, grid.columns);
            budget.take((right - left).max(0) as u64 / ALONG as u64 + 1)?;
            let mut at = left;
            while at < right {
                let column = at.div_euclid(ALONG);
                let (from, to) = (at - column * ALONG, (right - column * ALONG).min(ALONG));
                let bits = (0xff_u64 >> (ALONG - (to - from))) << from;
                if let Some(cell) = row_cells.get_mut((column - first_column) as usize) {
                    *cell |= bits << (row.rem_euclid(ALONG) * ALONG);
                }
                at = (column + 1) * ALONG;
            }
        }
        if row + 1 == end || (row + 1).rem_euclid(ALONG) == 0 {
            let row = row.div_euclid(ALONG);
            let covered = row_cells.iter_mut().zip(first_column..).filter(|(mask, _)| **mask != 0);
            cells.extend(covered.map(|(mask, column)| (column, row, std::mem::take(mask))));
        }
    }
    Some(cells)
}

/// The places whose middle is between two pixels, within the cells of the grid.
fn places(from: f64, to: f64, step: f64, cells: (i64, i64)) -> (i64, i64) {
    let place = |at: f64| (at / step - 0.5).ceil() as i64;
    let (first, end) = (cells.0 * ALONG, cells.1 * ALONG);
    (place(from).clamp(first, end), place(to).clamp(first, end))
}

/// Cells in which a line is long enough, each covered as a whole.
fn line(points: &[(f64, f64)], grid: &Grid, budget: &mut Budget) -> Option<Vec<(i64, i64, u64)>> {
    let mut lengths: FxHashMap<(i64, i64), f64> = FxHashMap::default();
    for pair in points.windows(2) {
        // In cells instead of pixels.
        let (from, to) = (scaled(pair[0], grid), scaled(pair[1], grid));
        let (first, end) = span(from.1, to.1, grid.rows);
        for row in first..end {
            let Some((near, far)) = clip(from, to, (f64::NEG_INFINITY, f64::INFINITY), inner(row)) else {
                budget.take(1)?;
                continue;
            };
            let at = |part: f64| from.0 + (to.0 - from.0) * part;
            let (left, right) = span(at(near), at(far), grid.columns);
            budget.take((right - left).max(1) as u64)?;
            for column in left..right {
                let Some((near, far)) = clip(from, to, inner(column), inner(row)) else { continue };
                let size = ((to.0 - from.0) * grid.cell.0, (to.1 - from.1) * grid.cell.1);
                *lengths.entry((column, row)).or_default() += size.0.hypot(size.1) * (far - near);
            }
        }
    }
    let enough = grid.cell.0.min(grid.cell.1) * LINE_LENGTH;
    let long = lengths.into_iter().filter(|(_, length)| *length >= enough);
    let mut cells: Vec<_> = long.map(|((column, row), _)| (column, row, u64::MAX)).collect();
    cells.sort_unstable();
    Some(cells)
}

fn scaled((x, y): (f64, f64), grid: &Grid) -> (f64, f64) {
    (x / grid.cell.0, y / grid.cell.1)
}

/// The cells between two places, within the grid.
fn span(one: f64, other: f64, cells: (i64, i64)) -> (i64, i64) {
    let cell = |at: f64| (at.floor() as i64).clamp(cells.0 - 1, cells.1);
    (cell(one.min(other)).max(cells.0), (cell(one.max(other)) + 1).min(cells.1))
}

/// The part of a cell in which lines count.
fn inner(cell: i64) -> (f64, f64) {
    (cell as f64 + LINE_INSET, cell as f64 + 1.0 - LINE_INSET)
}

/// The part of a line that is within these columns and rows, from 0 to 1.
fn clip(from: (f64, f64), to: (f64, f64), columns: (f64, f64), rows: (f64, f64)) -> Option<(f64, f64)> {
    let (mut near, mut far) = (0.0_f64, 1.0_f64);
    for (start, change, (least, most)) in [(from.0, to.0 - from.0, columns), (from.1, to.1 - from.1, rows)] {
        if change == 0.0 {
            if start < least || start > most {
                return None;
            }
            continue;
        }
        let (one, other) = ((least - start) / change, (most - start) / change);
        near = near.max(one.min(other));
        far = far.min(one.max(other));
    }
    (near < far).then_some((near, far))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(shape: Shape, at: (f64, f64), size: (f64, f64)) -> Object {
        Object {
            id: 1,
            name: String::new(),
            class: String::new(),
            x: at.0,
            y: at.1,
            width: size.0,
            height: size.1,
            rotation: 0.0,
            visible: true,
            opacity: 1.0,
            gid: None,
            shape,
            properties: Default::default(),
        }
    }

    /// The cells of 16 pixels that an object blocks on a map of 8 x 8.
    fn blocked(object: &Object) -> Vec<(i64, i64)> {
        let grid = Grid { columns: (0, 8), rows: (0, 8), cell: (16.0, 16.0) };
        let Some(outline) = outline(object) else { return Vec::new() };
        let cells = outline.cells(&grid, &mut Budget::default()).expect("little work");
        cells.into_iter().filter(|(_, _, mask)| blocks(*mask)).map(|(column, row, _)| (column, row)).collect()
    }

    #[test]
    fn a_shape_blocks_cells_whose_middle_or_third_it_covers() {
        assert_eq!(blocked(&object(Shape::Rectangle, (16.0, 16.0), (32.0, 16.0))), [(1, 1), (2, 1)]);
        // Less than a third and not the middle: the foot of a wall.
        assert!(blocked(&object(Shape::Rectangle, (16.0, 16.0), (16.0, 5.0))).is_empty());
        assert_eq!(blocked(&object(Shape::Rectangle, (16.0, 16.0), (16.0, 6.5))), [(1, 1)]);
        // Little, but where a character stands.
        assert_eq!(blocked(&object(Shape::Rectangle, (21.0, 21.0), (6.0, 6.0))), [(1, 1)]);
        assert!(blocked(&object(Shape::Rectangle, (16.0, 16.0), (0.0, 0.0))).is_empty());
        assert!(blocked(&object(Shape::Point, (24.0, 24.0), (0.0, 0.0))).is_empty());
        assert_eq!(blocked(&object(Shape::Rectangle, (-900.0, -900.0), (916.0, 916.0))), [(0, 0)]);
    }

    #[test]
    fn an_ellipse_a_polygon_and_a_turned_rectangle_cover_what_is_inside() {
        let circle = blocked(&object(Shape::Ellipse, (0.0, 0.0), (64.0, 64.0)));
        assert_eq!(circle.len(), 12, "a circle over 4 x 4 cells leaves its corners free");
        let corner = Shape::Polygon(vec![(0.0, 0.0), (64.0, 0.0), (0.0, 64.0)]);
        let triangle = blocked(&object(corner, (0.0, 0.0), (0.0, 0.0)));
        assert!(triangle.contains(&(0, 3)) && !triangle.contains(&(3, 3)) && !triangle.contains(&(2, 2)));
        let mut turned = object(Shape::Rectangle, (64.0, 0.0), (64.0, 16.0));
        turned.rotation = 90.0;
        assert_eq!(blocked(&turned), [(3, 0), (3, 1), (3, 2), (3, 3)]);
    }

    #[test]
    fn a_line_blocks_the_cells_it_runs_through_and_none_along_their_edges() {
        let line = |points: &[(f64, f64)]| blocked(&object(Shape::Polyline(points.to_vec()), (0.0, 0.0), (0.0, 0.0)));
        assert_eq!(line(&[(0.0, 24.0), (48.0, 24.0)]), [(0, 1), (1, 1), (2, 1)]);
        assert!(line(&[(0.0, 16.0), (48.0, 16.0)]).is_empty());
        assert_eq!(line(&[(0.0, 0.0), (32.0, 32.0)]), [(0, 0), (1, 1)]);
        assert_eq!(line(&[(8.0, 2.0), (8.0, 6.0), (8.0, 10.0), (8.0, 14.0)]), [(0, 0)], "short steps add up");
    }

    #[test]
    fn a_shape_on_a_turned_tile_is_turned_with_it() {
        let left_half = outline(&object(Shape::Rectangle, (0.0, 0.0), (8.0, 16.0))).expect("an area");
        let middle = |gid| {
            let turned = left_half.turned(gid, (16.0, 16.0));
            let points = turned.points();
            (points.iter().map(|at| at.0).sum::<f64>() / 4.0, points.iter().map(|at| at.1).sum::<f64>() / 4.0)
        };
        assert_eq!(middle(0), (4.0, 8.0));
        assert_eq!(middle(FLIP_HORIZONTALLY), (12.0, 8.0));
        assert_eq!(middle(FLIP_DIAGONALLY), (8.0, 4.0));
        assert_eq!(middle(FLIP_DIAGONALLY | FLIP_VERTICALLY), (8.0, 12.0));
    }

    #[test]
    fn shapes_without_end_are_not_drawn_without_end() {
        assert!(outline(&object(Shape::Rectangle, (f64::NAN, 0.0), (1.0, 1.0))).is_none());
        assert!(outline(&object(Shape::Rectangle, (0.0, 0.0), (f64::INFINITY, 1.0))).is_none());
        let grid = Grid { columns: (0, 1024), rows: (0, 1024), cell: (16.0, 16.0) };
        let whole = outline(&object(Shape::Rectangle, (0.0, 0.0), (16_384.0, 16_384.0))).expect("an area");
        let mut budget = Budget(30_000_000);
        let drawn = std::iter::repeat_with(|| whole.cells(&grid, &mut budget)).take_while(Option::is_some).count();
        assert_eq!(drawn, 3, "shapes as large as the largest map");
    }
}
