//! The cells of a tile layer in two bytes each. Maps have millions of them and few different ones.

use rustc_hash::FxHashMap;

/// Most different cells of a layer, turned tiles and nothing counted. The game has no more tiles in
/// all.
pub const KINDS_MAX: usize = 1 << 16;

/// Cells row by row, each a global tile id with flip bits; 0 is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// Each different one, in the order in which they are met first.
    kinds: Vec<u32>,
    /// Which of them each cell has.
    of: Vec<u16>,
    left_out: usize,
}

impl Cells {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.of.len()
    }

    /// Cells that are empty because there are too many different ones.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// The cell at an index; nothing beyond the last.
    #[must_use]
    pub fn get(&self, index: usize) -> u32 {
        self.of.get(index).map_or(0, |kind| self.kinds[usize::from(*kind)])
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.of.iter().map(|kind| self.kinds[usize::from(*kind)])
    }

    /// The different cells.
    #[must_use]
    pub fn kinds(&self) -> &[u32] {
        &self.kinds
    }
}

impl FromIterator<u32> for Cells {
    fn from_iter<I: IntoIterator<Item = u32>>(cells: I) -> Self {
        let mut all = Self::default();
        let mut known: FxHashMap<u32, u16> = FxHashMap::default();
        let cells = cells.into_iter();
        all.of.reserve(cells.size_hint().0);
        // Neighbours are often the same.
        let mut last = (0, None);
        for mut cell in cells {
            if last.0 == cell
                && let Some(kind) = last.1
            {
                all.of.push(kind);
                continue;
            }
            if all.kinds.len() >= KINDS_MAX - 1 && cell != 0 && !known.contains_key(&cell) {
                // The last number is for nothing.
                all.left_out += 1;
                cell = 0;
            }
            let kind = *known.entry(cell).or_insert_with(|| {
                all.kinds.push(cell);
                // Fewer than a u16 has, as is seen to above.
                (all.kinds.len() - 1) as u16
            });
            all.of.push(kind);
            last = (cell, Some(kind));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_they_were_put_in() {
        let cells = [7, 7, 0, 0x8000_0007, 7, 0];
        let kept: Cells = cells.into_iter().collect();
        assert_eq!(kept.iter().collect::<Vec<_>>(), cells);
        assert_eq!((kept.count(), kept.get(3), kept.get(6)), (6, 0x8000_0007, 0));
        assert_eq!((kept.kinds(), kept.left_out()), (&[7, 0, 0x8000_0007][..], 0));
    }

    #[test]
    fn too_many_different_cells_are_counted_and_empty() {
        let many = KINDS_MAX as u32 + 9;
        let kept: Cells = (1..=many).chain([0, 1]).collect();
        assert_eq!(kept.left_out(), 10);
        assert_eq!((kept.get(KINDS_MAX - 2), kept.get(KINDS_MAX - 1)), (KINDS_MAX as u32 - 1, 0));
        assert_eq!(kept.get(many as usize + 1), 1);
    }
}
