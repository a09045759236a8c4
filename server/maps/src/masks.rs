//! What shapes cover of each cell of a map, in two bytes a cell: there are few different ones.

use rustc_hash::FxHashMap;

/// The 64 places of every cell, row by row; see [`crate::shapes`].
#[derive(Debug)]
pub struct Masks {
    of: Vec<u16>,
    kinds: Vec<u64>,
    known: FxHashMap<u64, u16>,
}

impl Masks {
    /// Nothing is covered.
    #[must_use]
    pub fn new(cells: usize) -> Self {
        Self { of: vec![0; cells], kinds: vec![0], known: FxHashMap::from_iter([(0, 0)]) }
    }

    /// Covers more of a cell; what is covered of it then. `None` if there are too many different
    /// ones; the cell stays as it was.
    pub fn add(&mut self, cell: usize, mask: u64) -> Option<u64> {
        let Some(of) = self.of.get_mut(cell) else { return Some(0) };
        let covered = self.kinds[usize::from(*of)] | mask;
        *of = match self.known.get(&covered) {
            Some(known) => *known,
            None => {
                let number = u16::try_from(self.kinds.len()).ok()?;
                self.kinds.push(covered);
                self.known.insert(covered, number);
                number
            }
        };
        Some(covered)
    }
}
