//! Diff: one delta for each cell from which sessions look, shared by all of them.

use bevy_ecs::prelude::*;

use crate::api::{CellDelta, CellId};
use crate::diff::{self, Change, Faces};
use crate::observe::Viewers;
use crate::presence::Chunks;
use crate::session::ViewPoint;
use crate::terrain::Terrain;
use crate::tick::{Clock, TickPhase};

/// The deltas of the tick, ascending by cell; cells without change are absent.
#[derive(Resource, Debug, Default)]
pub struct CellDeltas {
    /// All of them.
    pub deltas: Vec<CellDelta>,
    cells: Vec<CellId>,
}

/// Adds shared deltas to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<CellDeltas>();
    schedule.add_systems(diff_cells.in_set(TickPhase::Diff));
}

fn diff_cells(
    clock: Res<Clock>,
    chunks: Res<Chunks>,
    terrain: Res<Terrain>,
    viewers: Res<Viewers>,
    faces: Faces,
    mut output: ResMut<CellDeltas>,
) {
    if !clock.is_due() {
        return;
    }
    let CellDeltas { deltas, cells } = &mut *output;
    let grid = chunks.grid();
    cells.clear();
    // A chunk is seen from exactly the chunks it sees.
    cells.extend(chunks.touched().iter().flat_map(|touched| grid.cells(grid.view(*touched))));
    cells.retain(|cell| viewers.count(*cell) > 0);
    cells.sort_unstable();
    cells.dedup();
    for &cell in cells.iter() {
        let held = ViewPoint { tick: clock.last_due, cell };
        let change = diff::since(held, cell, clock.last_due, &chunks, &terrain, &faces);
        if !change.is_empty() {
            let Change { enter, update, leave, tiles } = change;
            deltas.push(CellDelta { cell, enter, update, leave, tiles });
        }
    }
}
