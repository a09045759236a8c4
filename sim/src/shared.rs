//! Diff: one delta for each cell from which sessions look, shared by all of them.

use bevy_ecs::prelude::*;

use crate::api::{CellDelta, CellId};
use crate::diff::{Change, Sight};
use crate::limits::SPENT_CELLS_MAX;
use crate::observe::Viewers;
use crate::presence::Chunks;
use crate::session::ViewPoint;
use crate::tick::{Clock, TickPhase};

/// The deltas of the tick, ascending by cell; cells without change are absent.
#[derive(Resource, Debug, Default)]
pub struct CellDeltas {
    /// All of them.
    pub deltas: Vec<CellDelta>,
    cells: Vec<CellId>,
    is_listed: Vec<bool>,
    /// Of earlier ticks, with empty lists.
    spent: Vec<CellDelta>,
}

impl CellDeltas {
    /// Takes in deltas with empty lists, to be filled again.
    pub fn reuse(&mut self, mut deltas: Vec<CellDelta>) {
        let room = SPENT_CELLS_MAX.saturating_sub(self.spent.len());
        deltas.truncate(room);
        self.spent.append(&mut deltas);
        self.deltas = deltas;
    }
}

/// Adds shared deltas to a world that has [`Chunks`].
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let is_listed = vec![false; world.resource::<Chunks>().grid().len()];
    world.insert_resource(CellDeltas { is_listed, ..CellDeltas::default() });
    schedule.add_systems(diff_cells.in_set(TickPhase::Diff));
}

fn diff_cells(
    clock: Res<Clock>,
    chunks: Res<Chunks>,
    viewers: Res<Viewers>,
    mut sight: Sight,
    output: ResMut<CellDeltas>,
) {
    if !clock.is_due() {
        return;
    }
    let CellDeltas { deltas, cells, is_listed, spent } = output.into_inner();
    let grid = chunks.grid();
    // A chunk is seen from exactly the chunks it sees.
    for cell in chunks.touched().iter().flat_map(|touched| grid.cells(grid.view(*touched))) {
        if !std::mem::replace(&mut is_listed[cell.0 as usize], true) {
            cells.push(cell);
        }
    }
    cells.sort_unstable();
    for cell in cells.drain(..) {
        is_listed[cell.0 as usize] = false;
        if viewers.count(cell) == 0 {
            continue;
        }
        let mut delta = spent.pop().unwrap_or_default();
        delta.cell = cell;
        sight.since(ViewPoint { tick: clock.last_due, cell }, cell, Change::from(&mut delta));
        let list = if Change::from(&mut delta).is_empty() { &mut *spent } else { &mut *deltas };
        list.push(delta);
    }
}
