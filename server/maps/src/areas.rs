//! Connected areas: which places of a map can be reached from each other on foot.

use std::collections::VecDeque;

/// No area: a map has far fewer cells.
const NOBODY: u32 = u32::MAX;

/// The areas of a map.
#[derive(Debug)]
pub struct Areas {
    width: i64,
    /// The area of each cell, row by row; [`NOBODY`] where nobody can stand.
    of: Vec<u32>,
    /// How many cells each has.
    sizes: Vec<usize>,
}

impl Areas {
    /// The areas of a map of this width; steps go in four directions.
    #[must_use]
    pub fn of(width: usize, can_stand: &[bool]) -> Self {
        let mut areas = Self { width: width as i64, of: vec![NOBODY; can_stand.len()], sizes: Vec::new() };
        let mut next = VecDeque::new();
        for start in 0..can_stand.len() {
            if !can_stand[start] || areas.of[start] != NOBODY {
                continue;
            }
            let area = areas.sizes.len() as u32;
            areas.of[start] = area;
            next.push_back(start);
            let mut size = 0;
            while let Some(at) = next.pop_front() {
                size += 1;
                let column = at % width;
                let beside = [
                    (column > 0).then(|| at - 1),
                    (column + 1 < width).then_some(at + 1),
                    at.checked_sub(width),
                    at.checked_add(width),
                ];
                for beside in beside.into_iter().flatten() {
                    if can_stand.get(beside).copied().unwrap_or(false) && areas.of[beside] == NOBODY {
                        areas.of[beside] = area;
                        next.push_back(beside);
                    }
                }
            }
            areas.sizes.push(size);
        }
        areas
    }

    /// The largest one; of several the first.
    #[must_use]
    pub fn largest(&self) -> Option<u32> {
        let most = self.sizes.iter().max()?;
        self.sizes.iter().position(|size| size == most).map(|area| area as u32)
    }

    /// How many cells the area of a cell has; 0 where nobody can stand.
    #[must_use]
    pub fn size_at(&self, cell: usize) -> usize {
        self.at(cell).map_or(0, |area| self.sizes[area as usize])
    }

    fn at(&self, cell: usize) -> Option<u32> {
        self.of.get(cell).copied().filter(|area| *area != NOBODY)
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// The column and row in the middle of an area; it may lie outside of it.
    #[must_use]
    pub fn middle(&self, area: u32) -> (i64, i64) {
        let (mut columns, mut rows, mut count) = (0_i64, 0_i64, 0_i64);
        for (index, _) in self.of.iter().enumerate().filter(|(_, of)| **of == area) {
            columns += index as i64 % self.width;
            rows += index as i64 / self.width;
            count += 1;
        }
        let count = count.max(1);
        (columns / count, rows / count)
    }

    #[must_use]
    pub fn is_in(&self, cell: usize, area: u32) -> bool {
        self.at(cell) == Some(area)
    }
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
