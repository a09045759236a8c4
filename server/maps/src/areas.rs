//! Connected areas: which places of a map can be reached from each other on foot.

use std::collections::VecDeque;

use crate::bits::Bits;

/// Cells that an area needs for a character not to be shut in, unless it is the largest one.
const ROOM_MIN: usize = 9;

/// The areas of a map.
#[derive(Debug)]
pub struct Areas {
    count: usize,
    /// Cells of areas without room, but for the largest one.
    narrow: Bits,
    largest: Option<Largest>,
}

/// The largest area; of several the first.
#[derive(Debug)]
pub struct Largest {
    cells: Bits,
    pub size: usize,
    /// The column and row in its middle; it may lie outside of it.
    pub middle: (i64, i64),
}

impl Areas {
    /// The areas of a map of this width and so many cells; steps go in four directions.
    #[must_use]
    pub fn of(width: usize, cells: usize, can_stand: impl Fn(usize) -> bool) -> Self {
        let mut areas = Self { count: 0, narrow: Bits::new(cells), largest: None };
        let mut seen = Bits::new(cells);
        let mut most: Option<(usize, usize)> = None;
        let mut few = Vec::new();
        for start in 0..cells {
            if seen.get(start) || !can_stand(start) {
                continue;
            }
            areas.count += 1;
            few.clear();
            let size = flood(width, cells, start, &can_stand, &mut seen, |cell| {
                if few.len() < ROOM_MIN {
                    few.push(cell);
                }
            });
            if size < ROOM_MIN {
                for cell in &few {
                    areas.narrow.set(*cell);
                }
            }
            if most.is_none_or(|(_, known)| known < size) {
                most = Some((start, size));
            }
        }
        drop(seen);
        areas.largest = most.map(|(start, size)| {
            let mut within = Bits::new(cells);
            let (mut columns, mut rows) = (0_i64, 0_i64);
            flood(width, cells, start, &can_stand, &mut within, |cell| {
                columns += (cell % width) as i64;
                rows += (cell / width) as i64;
            });
            let count = size.max(1) as i64;
            Largest { cells: within, size, middle: (columns / count, rows / count) }
        });
        areas
    }

    /// The largest one.
    #[must_use]
    pub fn largest(&self) -> Option<&Largest> {
        self.largest.as_ref()
    }

    /// Whether somebody in a cell where one can stand is not shut in.
    #[must_use]
    pub fn has_room(&self, cell: usize) -> bool {
        !self.narrow.get(cell) || self.largest.as_ref().is_some_and(|largest| largest.has(cell))
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Largest {
    #[must_use]
    pub fn has(&self, cell: usize) -> bool {
        self.cells.get(cell)
    }
}

/// Goes through an area; how many cells it has.
fn flood(
    width: usize,
    cells: usize,
    start: usize,
    can_stand: &impl Fn(usize) -> bool,
    seen: &mut Bits,
    mut visit: impl FnMut(usize),
) -> usize {
    // A map has fewer cells than a u32 counts.
    let mut next = VecDeque::from([start as u32]);
    seen.set(start);
    let mut size = 0;
    while let Some(at) = next.pop_front() {
        let at = at as usize;
        visit(at);
        size += 1;
        let column = at % width;
        let beside = [
            (column > 0).then(|| at - 1),
            (column + 1 < width).then_some(at + 1),
            at.checked_sub(width),
            at.checked_add(width).filter(|below| *below < cells),
        ];
        for beside in beside.into_iter().flatten() {
            if !seen.get(beside) && can_stand(beside) {
                seen.set(beside);
                next.push_back(beside as u32);
            }
        }
    }
    size
}

/// The cell nearest to a place of those that are good; of several the first.
#[must_use]
pub fn nearest(width: usize, cells: usize, (x, y): (i64, i64), is_good: impl Fn(usize) -> bool) -> Option<usize> {
    let distance = |cell: usize| {
        let (dx, dy) = ((cell % width) as i64 - x, (cell / width) as i64 - y);
        // Places of a map and of an operator's setting: neither is beyond an i32.
        i128::from(dx) * i128::from(dx) + i128::from(dy) * i128::from(dy)
    };
    (0..cells).filter(|cell| is_good(*cell)).min_by_key(|cell| distance(*cell))
}
