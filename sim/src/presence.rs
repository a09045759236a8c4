//! Who is in which chunk, and the record of what changed there: entities that changed since the last deltas, and
//! every crossing of a chunk's border within the time a delta resume may ask for. Filled by [`crate::body`], read by
//! the diffs.

use std::collections::VecDeque;

use bevy_ecs::prelude::*;
use tilemud_schema::{EntityId, Tick};

use crate::api::CellId;
use crate::grid::Grid;
use crate::limits::{CROSSINGS_REMEMBERED_MAX, RESUME_TICKS};
use crate::tick::{Clock, TickPhase};

/// An entity came into a chunk, left it, or both chunks' records have its way from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// When.
    pub tick: Tick,
    /// Order of all crossings of the world.
    pub serial: u64,
    /// Whose.
    pub entity: Entity,
    /// Its number; the entity itself may be gone.
    pub id: EntityId,
    /// `None`: it was made.
    pub from: Option<CellId>,
    /// `None`: it is no more.
    pub to: Option<CellId>,
}

/// Somebody or something in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupant {
    /// The entity.
    pub entity: Entity,
    /// Its number.
    pub id: EntityId,
    /// When it came in.
    pub since: Tick,
}

/// One chunk.
#[derive(Debug, Default)]
pub struct Chunk {
    occupants: Vec<Occupant>,
    changed: Vec<Entity>,
    crossings: VecDeque<Crossing>,
    /// The newest tick of which crossings were dropped.
    forgotten: Tick,
    is_touched: bool,
}

impl Chunk {
    /// Who is in it, in no particular but always the same order.
    #[must_use]
    pub fn occupants(&self) -> &[Occupant] {
        &self.occupants
    }

    /// Those that changed here since the last deltas and did not come in since. Some may have left since.
    #[must_use]
    pub fn changed(&self) -> &[Entity] {
        &self.changed
    }

    /// The crossings after a tick, in order.
    pub fn crossings_since(&self, tick: Tick) -> impl Iterator<Item = &Crossing> {
        let is_quiet = self.crossings.back().is_none_or(|last| last.tick <= tick);
        let start = if is_quiet {
            self.crossings.len()
        } else {
            self.crossings.partition_point(|crossing| crossing.tick <= tick)
        };
        self.crossings.range(start..)
    }
}

/// All chunks of the world.
#[derive(Resource, Debug)]
pub struct Chunks {
    grid: Grid,
    chunks: Vec<Chunk>,
    touched: Vec<CellId>,
    /// Chunks that remember crossings.
    recorded: Vec<CellId>,
    serial: u64,
}

impl Chunks {
    /// Empty chunks.
    #[must_use]
    pub fn new(grid: Grid) -> Self {
        let mut chunks = Vec::new();
        chunks.resize_with(grid.len(), Chunk::default);
        Self { grid, chunks, touched: Vec::new(), recorded: Vec::new(), serial: 0 }
    }

    /// Their geometry.
    #[must_use]
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, cell: CellId) -> &Chunk {
        &self.chunks[cell.0 as usize]
    }

    /// The chunks in which something changed since the last deltas, in order of the first change.
    #[must_use]
    pub fn touched(&self) -> &[CellId] {
        &self.touched
    }

    /// Records that an entity went from one chunk to another, was made or is gone.
    pub fn cross(&mut self, entity: Entity, id: EntityId, from: Option<CellId>, to: Option<CellId>, tick: Tick) {
        self.serial += 1;
        let crossing = Crossing { tick, serial: self.serial, entity, id, from, to };
        if let Some(cell) = from {
            let occupants = &mut self.chunks[cell.0 as usize].occupants;
            if let Some(index) = occupants.iter().position(|occupant| occupant.entity == entity) {
                occupants.swap_remove(index);
            }
            self.record(cell, crossing);
        }
        if let Some(cell) = to {
            self.chunks[cell.0 as usize].occupants.push(Occupant { entity, id, since: tick });
            self.record(cell, crossing);
        }
    }

    /// Records that an entity in a chunk changed, for the first time since the last deltas.
    pub fn note_change(&mut self, cell: CellId, entity: Entity) {
        self.touch(cell);
        self.chunks[cell.0 as usize].changed.push(entity);
    }

    /// Records that something of a chunk itself changed.
    pub fn touch(&mut self, cell: CellId) {
        let chunk = &mut self.chunks[cell.0 as usize];
        if !chunk.is_touched {
            chunk.is_touched = true;
            self.touched.push(cell);
        }
    }

    /// Whether all crossings after `since` in these chunks are still recorded.
    #[must_use]
    pub fn remembers(&self, cells: impl IntoIterator<Item = CellId>, since: Tick) -> bool {
        cells.into_iter().all(|cell| self.get(cell).forgotten <= since)
    }

    fn record(&mut self, cell: CellId, crossing: Crossing) {
        self.touch(cell);
        let chunk = &mut self.chunks[cell.0 as usize];
        if chunk.crossings.is_empty() {
            self.recorded.push(cell);
        }
        chunk.crossings.push_back(crossing);
    }

    /// Drops all that was recorded up to a tick, after which nobody who looked before may ask for it.
    pub fn forget_all(&mut self, tick: Tick) {
        for cell in self.touched.drain(..) {
            let chunk = &mut self.chunks[cell.0 as usize];
            chunk.is_touched = false;
            chunk.changed.clear();
        }
        for cell in self.recorded.drain(..) {
            let chunk = &mut self.chunks[cell.0 as usize];
            chunk.crossings.clear();
            chunk.forgotten = tick;
        }
    }

    /// Starts a new window after deltas went out.
    fn close_window(&mut self) {
        for cell in self.touched.drain(..) {
            let chunk = &mut self.chunks[cell.0 as usize];
            chunk.is_touched = false;
            chunk.changed.clear();
        }
    }

    /// Drops crossings that no resume may ask for, and those beyond the bound.
    fn forget_before(&mut self, tick: Tick) {
        let chunks = &mut self.chunks;
        self.recorded.retain(|cell| {
            let chunk = &mut chunks[cell.0 as usize];
            let old = chunk.crossings.partition_point(|crossing| crossing.tick <= tick);
            let excess = chunk.crossings.len().saturating_sub(CROSSINGS_REMEMBERED_MAX);
            if let Some(last) = old.max(excess).checked_sub(1) {
                chunk.forgotten = chunk.crossings[last].tick;
                chunk.crossings.drain(..=last);
            }
            !chunk.crossings.is_empty()
        });
    }
}

/// Adds the upkeep of the record to a world that has [`Chunks`].
pub fn install(_world: &mut World, schedule: &mut Schedule) {
    schedule.add_systems(age_record.in_set(TickPhase::Emit));
}

fn age_record(clock: Res<Clock>, mut chunks: ResMut<Chunks>) {
    if clock.is_due() {
        chunks.close_window();
        chunks.forget_before(clock.tick.saturating_sub(RESUME_TICKS));
    }
}
