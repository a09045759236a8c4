//! Who is in which chunk, and the record of what changed there: entities that changed since the
//! last deltas, and every crossing of a chunk's border within the time a delta resume may ask for.
//! Filled by [`super::scene`], read by the diffs.
//!
//! A trick: the records are one list each for the whole world, in which what belongs to a chunk is
//! linked. It replaces a list for each chunk, for the reason that [`super::occupants`] gives; the
//! test `every_client_holds_what_brute_force_says` is the oracle. That those who changed are listed
//! at all replaces a look at everybody in a chunk in which something changed: with that, a tick of
//! 5,000 walking players and 50,000 entities takes 6.1 % more instructions, and one of a crowd of
//! 5,000 takes 0.7 % more (`perf sim-only`, release build; callgrind over 40 ticks after 20).

use std::collections::VecDeque;

use bevy_ecs::prelude::*;
use tilemud_schema::{EntityId, Position, Tick};

use crate::api::CellId;
use crate::limits::CROSSINGS_REMEMBERED_MAX;
use crate::reserve::reserve_ahead_in_ring;
use crate::world::clock::Clock;
use crate::world::grid::Grid;
use crate::world::occupants::{Occupant, Occupants};

/// An entity came into a chunk, left it, or went from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    pub tick: Tick,
    /// Order of all crossings of the world, from 1.
    pub serial: u64,
    pub entity: Entity,
    /// Its number; the entity itself may be gone.
    pub id: EntityId,
    /// `None`: it was made.
    pub from: Option<CellId>,
    /// `None`: it is no more.
    pub to: Option<CellId>,
    /// The crossing before this one that `from` was part of; 0: none.
    before_from: u64,
    /// The same of `to`.
    before_to: u64,
}

#[derive(Debug, Default)]
struct Chunk {
    /// Index of the entity noted last in this chunk in [`Chunks::noted`], plus one; 0: none.
    last_noted: u32,
    /// The last crossing it was part of; 0: none.
    last_crossing: u64,
    is_touched: bool,
}

/// An entity that changed, and the index of the one noted before it in its chunk, plus one.
#[derive(Debug, Clone, Copy)]
struct Noted {
    entity: Entity,
    before: u32,
}

/// All chunks of the world.
#[derive(Resource, Debug)]
pub struct Chunks {
    grid: Grid,
    chunks: Vec<Chunk>,
    occupants: Occupants,
    touched: Vec<CellId>,
    noted: Vec<Noted>,
    crossings: VecDeque<Crossing>,
    /// The serial of the first of them, or of the next one when there is none.
    first_serial: u64,
    /// The newest tick of which crossings were dropped.
    forgotten: Tick,
}

impl Chunks {
    #[must_use]
    pub fn new(grid: Grid) -> Self {
        let mut chunks = Vec::new();
        chunks.resize_with(grid.len(), Chunk::default);
        Self {
            grid,
            chunks,
            occupants: Occupants::new(grid.len()),
            touched: Vec::with_capacity(grid.len()),
            noted: Vec::new(),
            crossings: VecDeque::new(),
            first_serial: 1,
            forgotten: 0,
        }
    }

    #[must_use]
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Who is in a chunk, in no particular but always the same order.
    pub fn occupants(&self, cell: CellId) -> impl Iterator<Item = &Occupant> {
        self.occupants.of(cell)
    }

    /// Whether an entity was in its chunk at a tick.
    #[must_use]
    pub fn is_settled(&self, entity: Entity, tick: Tick) -> bool {
        self.occupants.get(entity).is_some_and(|occupant| occupant.since <= tick)
    }

    /// The chunks in which something changed since the last deltas, in order of the first change.
    #[must_use]
    pub fn touched(&self) -> &[CellId] {
        &self.touched
    }

    /// Whether something changed in a chunk since the last deltas.
    #[must_use]
    pub fn is_touched(&self, cell: CellId) -> bool {
        self.chunks[cell.0 as usize].is_touched
    }

    /// Those in a chunk that changed since the last deltas, newest first, without those that came
    /// in since. Some may have left since.
    pub fn changed(&self, cell: CellId) -> impl Iterator<Item = Entity> {
        let mut next = self.chunks[cell.0 as usize].last_noted;
        std::iter::from_fn(move || {
            let Noted { entity, before } = *self.noted.get(next.checked_sub(1)? as usize)?;
            next = before;
            Some(entity)
        })
    }

    /// The crossings after a tick that a chunk was part of, newest first.
    pub fn crossings_since(&self, cell: CellId, tick: Tick) -> impl Iterator<Item = &Crossing> {
        let mut next = self.chunks[cell.0 as usize].last_crossing;
        std::iter::from_fn(move || {
            let index = usize::try_from(next.checked_sub(self.first_serial)?).ok()?;
            let crossing = self.crossings.get(index).filter(|crossing| crossing.tick > tick)?;
            next = if crossing.from == Some(cell) { crossing.before_from } else { crossing.before_to };
            Some(crossing)
        })
    }

    /// Whether all crossings after `since` are still recorded.
    #[must_use]
    pub fn remembers(&self, since: Tick) -> bool {
        self.forgotten <= since
    }

    /// Takes in an entity that was made.
    pub fn take_in(&mut self, entity: Entity, id: EntityId, position: Position, tick: Tick) {
        let cell = self.grid.cell_of(position);
        self.occupants.push(cell, Occupant { entity, id, position, since: tick, changed: tick });
        // None is noted twice between two deltas.
        self.noted.reserve(self.occupants.population().saturating_sub(self.noted.len()));
        self.record(entity, id, None, Some(cell), tick);
    }

    /// Lets go an entity that is no more.
    pub fn let_go(&mut self, entity: Entity, position: Position, tick: Tick) {
        let cell = self.grid.cell_of(position);
        if let Some(Occupant { id, .. }) = self.occupants.remove(cell, entity) {
            self.record(entity, id, Some(cell), None, tick);
        }
    }

    /// Takes in that an entity went to another tile.
    pub fn relocate(&mut self, entity: Entity, from: Position, to: Position, clock: &Clock) {
        let (old, new) = (self.grid.cell_of(from), self.grid.cell_of(to));
        if old == new {
            if let Some(occupant) = self.occupants.get_mut(entity) {
                occupant.position = to;
            }
            self.note_change(entity, clock);
        } else if let Some(Occupant { id, .. }) = self.occupants.remove(old, entity) {
            let tick = clock.tick;
            self.occupants.push(new, Occupant { entity, id, position: to, since: tick, changed: tick });
            self.record(entity, id, Some(old), Some(new), tick);
        }
    }

    /// Lists an entity in a chunk that changed, once between two deltas.
    pub fn note_change(&mut self, entity: Entity, clock: &Clock) {
        let Some(occupant) = self.occupants.get_mut(entity) else { return };
        let before = std::mem::replace(&mut occupant.changed, clock.tick);
        if before <= clock.last_due {
            let cell = self.grid.cell_of(occupant.position);
            self.touch(cell);
            let chunk = &mut self.chunks[cell.0 as usize];
            self.noted.push(Noted { entity, before: chunk.last_noted });
            chunk.last_noted = self.noted.len() as u32;
        }
    }

    /// Records that something of a chunk itself changed.
    pub fn touch(&mut self, cell: CellId) {
        let chunk = &mut self.chunks[cell.0 as usize];
        if !chunk.is_touched {
            chunk.is_touched = true;
            self.touched.push(cell);
        }
    }

    /// Drops everything recorded up to a tick. No view from before it can be resumed afterwards.
    pub fn forget_all(&mut self, tick: Tick) {
        self.close_window();
        if !self.crossings.is_empty() {
            self.first_serial += self.crossings.len() as u64;
            self.crossings.clear();
            self.forgotten = tick;
        }
    }

    fn record(&mut self, entity: Entity, id: EntityId, from: Option<CellId>, to: Option<CellId>, tick: Tick) {
        let serial = self.first_serial + self.crossings.len() as u64;
        let mut link = |cell: Option<CellId>| {
            let Some(cell) = cell else { return 0 };
            self.touch(cell);
            std::mem::replace(&mut self.chunks[cell.0 as usize].last_crossing, serial)
        };
        let (before_from, before_to) = (link(from), link(to));
        self.crossings.push_back(Crossing { tick, serial, entity, id, from, to, before_from, before_to });
    }

    /// Starts a new window after deltas went out.
    pub fn close_window(&mut self) {
        for cell in self.touched.drain(..) {
            let chunk = &mut self.chunks[cell.0 as usize];
            chunk.is_touched = false;
            chunk.last_noted = 0;
        }
        self.noted.clear();
    }

    /// Drops crossings that no resume may ask for, and those beyond the bound.
    pub fn forget_before(&mut self, tick: Tick) {
        while let Some(oldest) = self.crossings.front()
            && (oldest.tick <= tick || self.crossings.len() > CROSSINGS_REMEMBERED_MAX)
        {
            self.forgotten = oldest.tick;
            self.first_serial += 1;
            self.crossings.pop_front();
        }
        reserve_ahead_in_ring(&mut self.crossings);
    }
}
