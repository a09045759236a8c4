//! Diff: one delta for each cell with sessions, which all of these get.

use bevy_ecs::prelude::*;

use crate::api::{CellId, Deltas, TickPhase};
use crate::views::diff::Sight;
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;
use crate::world::session::ViewPoint;
use crate::world::viewers::Viewers;

/// The deltas of the tick, ascending by cell; cells without change are absent.
#[derive(Resource, Debug, Default)]
pub struct CellDeltas {
    pub deltas: Deltas,
    cells: Vec<CellId>,
    is_listed: Vec<bool>,
}

/// Adds cell deltas to a world that has [`Chunks`].
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let chunks = world.resource::<Chunks>().grid().len();
    let (cells, is_listed) = (Vec::with_capacity(chunks), vec![false; chunks]);
    world.insert_resource(CellDeltas { deltas: Deltas::default(), cells, is_listed });
    schedule.add_systems(diff_cells.in_set(TickPhase::Diff));
}

fn diff_cells(
    clock: Res<Clock>,
    chunks: Res<Chunks>,
    mut viewers: ResMut<Viewers>,
    mut sight: Sight,
    output: ResMut<CellDeltas>,
) {
    if !clock.is_due() {
        return;
    }
    let CellDeltas { deltas, cells, is_listed } = output.into_inner();
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
        sight.since(ViewPoint { tick: clock.last_due, cell }, cell, deltas.open());
        if deltas.is_unchanged() {
            continue;
        }
        if viewers.is_to_be_told(cell) {
            sight.name_all(cell, deltas.open());
        }
        deltas.close(cell, false);
    }
    deltas.reserve_ahead();
}
