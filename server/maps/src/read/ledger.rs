//! How much memory the reading of a map may take, as an estimate that is never far too low: the
//! text of its files, their elements, and the drawing made of them.

use std::cell::Cell;

/// Bytes for all of it at any time. With a file of the largest size, as it comes from the disk,
/// less than 256 MiB.
pub(super) const MEMORY_MAX: usize = 176 << 20;
/// Cells of all layers together, as they are stored and as they are kept. Bounds the time as well.
const CELLS_MAX: usize = 40 << 20;

/// Which bound was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    Memory,
    Cells,
}

/// What is left.
#[derive(Debug)]
pub(super) struct Ledger {
    bytes: Cell<usize>,
    cells: Cell<usize>,
}

impl Ledger {
    pub(super) fn new(bytes: usize) -> Self {
        Self { bytes: Cell::new(bytes.min(MEMORY_MAX)), cells: Cell::new(CELLS_MAX) }
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.get()
    }

    /// Takes memory for good.
    pub(super) fn take(&self, bytes: usize) -> Result<(), Full> {
        self.bytes.set(self.bytes.get().checked_sub(bytes).ok_or(Full::Memory)?);
        Ok(())
    }

    /// Takes cells that are unpacked, and the memory they are kept in.
    pub(super) fn take_cells(&self, cells: usize) -> Result<(), Full> {
        let left = self.cells.get().checked_sub(cells).ok_or(Full::Cells)?;
        self.take(cells * size_of::<u32>())?;
        self.cells.set(left);
        Ok(())
    }

    /// Memory that is given back when the hold is dropped.
    pub(super) fn hold(&self) -> Hold<'_> {
        Hold { ledger: self, bytes: 0 }
    }
}

/// Memory that is held for a while.
#[derive(Debug)]
pub(super) struct Hold<'l> {
    ledger: &'l Ledger,
    bytes: usize,
}

impl Hold<'_> {
    /// Takes more.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Full> {
        self.ledger.take(bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.ledger.bytes.set(self.ledger.bytes.get() + self.bytes);
    }
}
