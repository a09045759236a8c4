//! What changed between a view of the past and a view of now. One rule makes cell deltas and the
//! views of sessions that went to another cell or resume: they differ only in the tick and the cell
//! they start from.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{EntityId, EntityUpdate, Tick};

use crate::api::{CellId, Change, TickPhase};
use crate::limits::RESERVE_MIN;
use crate::reserve::reserve_ahead;
use crate::views::seen::{Changing, Seen};
use crate::world::chunks::{Chunks, Crossing};
use crate::world::clock::Clock;
use crate::world::occupants::Occupant;
use crate::world::session::ViewPoint;
use crate::world::terrain::Terrain;

/// The updates since the last deltas, made once for each chunk and copied for each cell that sees
/// it.
#[derive(Resource, Debug, Default)]
pub struct Recent {
    /// The tick of the last deltas; `None` when no deltas are due.
    since: Option<Tick>,
    updates: Vec<EntityUpdate>,
    /// Where those of each chunk are.
    spans: Vec<(u32, u32)>,
    filled: Vec<CellId>,
}

impl Recent {
    fn of(&self, cell: CellId) -> &[EntityUpdate] {
        let (start, end) = self.spans[cell.0 as usize];
        &self.updates[start as usize..end as usize]
    }
}

/// Adds the collecting of updates to a world that has [`Chunks`].
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let chunks = world.resource::<Chunks>().grid().len();
    let (spans, filled) = (vec![(0, 0); chunks], Vec::with_capacity(chunks));
    world.insert_resource(Recent { spans, filled, ..Recent::default() });
    schedule.add_systems(collect_updates.in_set(TickPhase::Observe));
}

fn collect_updates(clock: Res<Clock>, chunks: Res<Chunks>, mut recent: ResMut<Recent>, changing: Query<Changing>) {
    let Recent { since, updates, spans, filled } = &mut *recent;
    for cell in filled.drain(..) {
        spans[cell.0 as usize] = (0, 0);
    }
    updates.clear();
    *since = clock.is_due().then_some(clock.last_due);
    let Some(since) = since.map(|tick| clock.since(tick)) else { return };
    for &cell in chunks.touched() {
        let start = updates.len() as u32;
        // Those that crossed a border as well are told by their crossings.
        let stayed = chunks.changed(cell).filter(|entity| chunks.is_settled(*entity, since.tick));
        updates.extend(stayed.filter_map(|entity| Some(changing.get(entity).ok()?.update(since))));
        spans[cell.0 as usize] = (start, updates.len() as u32);
        filled.push(cell);
    }
    reserve_ahead(updates);
}

/// All that can be seen, to read.
#[derive(SystemParam)]
pub struct Sight<'w, 's> {
    chunks: Res<'w, Chunks>,
    terrain: Res<'w, Terrain>,
    recent: Res<'w, Recent>,
    clock: Res<'w, Clock>,
    seen: Query<'w, 's, Seen>,
    changing: Query<'w, 's, Changing>,
    found: Local<'s, Found>,
}

/// Working lists of one delta; empty between deltas.
#[derive(Debug)]
struct Found {
    crossings: Vec<Crossing>,
    entering: Vec<Entering>,
}

impl Default for Found {
    fn default() -> Self {
        Self { crossings: Vec::with_capacity(RESERVE_MIN), entering: Vec::with_capacity(RESERVE_MIN) }
    }
}

/// An entity that comes into view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entering {
    id: EntityId,
    entity: Entity,
}

impl Sight<'_, '_> {
    /// Everything that is seen from a cell.
    pub(crate) fn everything(&mut self, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        for seen in grid.cells(grid.view(cell)) {
            self.find_settled(seen, Tick::MAX);
            change.tiles.extend(self.terrain.differences(seen));
        }
        self.show_entering(&mut change);
        change.sort();
    }

    /// What differs between what was seen at `held` and what is seen from `cell` now.
    pub(crate) fn since(&mut self, held: ViewPoint, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        let (old, new) = (grid.view(held.cell), grid.view(cell));
        let is_recent = self.recent.since == Some(held.tick);
        let stays = held.cell == cell;
        for seen in grid.cells(new) {
            let is_kept = stays || grid.is_in(seen, old);
            if is_kept && is_recent && !self.chunks.is_touched(seen) {
                continue;
            }
            self.found.crossings.extend(self.chunks.crossings_since(seen, held.tick).copied());
            if is_kept {
                self.update(seen, held.tick, change.update);
                change.tiles.extend(self.terrain.changes_since(seen, held.tick));
            } else {
                self.find_settled(seen, held.tick);
                change.tiles.extend(self.terrain.changes_ever(seen));
            }
        }
        if !stays {
            for lost in grid.cells(old).filter(|lost| !grid.is_in(*lost, new)) {
                self.found.crossings.extend(self.chunks.crossings_since(lost, held.tick).copied());
                self.settled(lost, held.tick).for_each(|occupant| change.leave.push(occupant.id));
            }
        }
        if !self.found.crossings.is_empty() {
            let (was_seen, is_seen) = (|cell| grid.is_in(cell, old), |cell| grid.is_in(cell, new));
            self.follow(held.tick, &mut change, was_seen, is_seen);
        }
        self.show_entering(&mut change);
        change.sort();
    }

    /// Names everybody who is seen from a cell now.
    pub(crate) fn name_all(&self, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        for seen in grid.cells(grid.view(cell)) {
            change.in_view.extend(self.chunks.occupants(seen).map(|occupant| occupant.id));
        }
        change.sort();
    }

    /// Those in a chunk that were in it at a tick too.
    fn settled(&self, cell: CellId, since: Tick) -> impl Iterator<Item = &Occupant> {
        self.chunks.occupants(cell).filter(move |occupant| occupant.since <= since)
    }

    /// Finds those that come into view because their chunk does: they were in it at that tick
    /// already.
    fn find_settled(&mut self, cell: CellId, since: Tick) {
        let entering = &mut self.found.entering;
        let inside = self.chunks.occupants(cell).filter(|occupant| occupant.since <= since);
        // Through blocks a loop from inside is quicker than `extend`, which asks for one after the
        // other.
        inside.for_each(|occupant| entering.push(Entering { id: occupant.id, entity: occupant.entity }));
    }

    /// Adds those that were found to come into view, in the order of ids.
    fn show_entering(&mut self, change: &mut Change<'_>) {
        let entering = &mut self.found.entering;
        // Sorted before they are put together: an id is far smaller.
        entering.sort_unstable();
        change.enter.extend(entering.iter().filter_map(|it| Some(self.seen.get(it.entity).ok()?.entity())));
        reserve_ahead(entering);
        entering.clear();
    }

    /// Updates of those in a chunk that were in it at that tick already and changed since.
    fn update(&self, cell: CellId, since: Tick, updates: &mut Vec<EntityUpdate>) {
        if self.recent.since == Some(since) {
            updates.extend_from_slice(self.recent.of(cell));
        } else {
            let changed = self.settled(cell, since).filter(|occupant| occupant.changed > since);
            let since = self.clock.since(since);
            updates.extend(changed.filter_map(|it| Some(self.changing.get(it.entity).ok()?.update(since))));
        }
    }

    /// Finds what became of the entities that crossed borders. One that was in view at the start
    /// has its first recorded crossing out of a chunk in view; one that is in view now has its last
    /// one into a chunk in view.
    fn follow(
        &mut self,
        since: Tick,
        change: &mut Change<'_>,
        was_seen: impl Fn(CellId) -> bool,
        is_seen: impl Fn(CellId) -> bool,
    ) {
        let Found { crossings, entering } = &mut *self.found;
        crossings.sort_unstable_by_key(|crossing| (crossing.id, crossing.serial));
        for way in crossings.chunk_by(|a, b| a.id == b.id) {
            let (first, last) = (way[0], way[way.len() - 1]);
            match (first.from.is_some_and(&was_seen), last.to.filter(|cell| is_seen(*cell))) {
                (true, Some(_)) => {
                    if let Ok(changing) = self.changing.get(last.entity) {
                        change.update.push(changing.update(self.clock.since(since)));
                    }
                }
                (false, Some(_)) => entering.push(Entering { id: last.id, entity: last.entity }),
                (true, None) => change.leave.push(last.id),
                (false, None) => {}
            }
        }
        reserve_ahead(crossings);
        crossings.clear();
    }
}
