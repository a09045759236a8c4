//! How many sessions stand in each cell, and which wait for a view of their own.

use bevy_ecs::prelude::*;
use tilemud_schema::Tick;

use crate::api::CellId;
use crate::world::dirty::DirtySet;

/// How many sessions look from each cell, and whether it was told who is in view of it.
#[derive(Resource, Debug)]
pub struct Viewers {
    counts: Vec<u32>,
    is_told: Vec<bool>,
}

impl Viewers {
    /// Empty, for this many cells.
    #[must_use]
    pub fn new(cells: usize) -> Self {
        Self { counts: vec![0; cells], is_told: vec![false; cells] }
    }

    /// How many look from a cell.
    #[must_use]
    pub fn count(&self, cell: CellId) -> u32 {
        self.counts[cell.0 as usize]
    }

    pub fn remove(&mut self, cell: CellId) {
        let count = &mut self.counts[cell.0 as usize];
        *count = count.saturating_sub(1);
        // While nobody looks, no delta says how it goes on.
        self.is_told[cell.0 as usize] &= *count > 0;
    }

    pub fn add(&mut self, cell: CellId) {
        self.counts[cell.0 as usize] += 1;
    }

    /// Whether it is still to be told who is in view of a cell; from then on it is.
    pub fn is_to_be_told(&mut self, cell: CellId) -> bool {
        !std::mem::replace(&mut self.is_told[cell.0 as usize], true)
    }
}

/// Sessions that need a view of their own when deltas are next due: they went to another cell, or
/// got everything between two deltas.
#[derive(Resource, Debug, Default)]
pub struct Roaming(pub DirtySet);

/// A session's request for a full delta waits. Few have it, and never for long.
#[derive(Component, Debug)]
#[component(storage = "SparseSet")]
pub struct Waiting {
    /// The tick in which it is fulfilled.
    pub turn: Tick,
}
