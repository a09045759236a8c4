//! What changed between a view of the past and a view of now. One rule for the shared deltas of cells, for sessions
//! that went to another cell, and for those that resume: only how far back and from where they looked differs.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{Entity as PublicEntity, EntityId, EntityUpdate, StateDelta, Tick, TileChange};

use crate::api::{CellDelta, CellId};
use crate::body::{Face, Stamps};
use crate::presence::{Chunks, Crossing, Occupant};
use crate::session::ViewPoint;
use crate::terrain::Terrain;
use crate::tick::{Clock, TickPhase};

/// The public part of a delta, to be filled. No id gets into two of the lists; each is in the order of ids.
#[derive(Debug)]
pub struct Change<'a> {
    /// Entities that came into view.
    pub enter: &'a mut Vec<PublicEntity>,
    /// Entities in view that changed.
    pub update: &'a mut Vec<EntityUpdate>,
    /// Entities that went out of view.
    pub leave: &'a mut Vec<EntityId>,
    /// Tiles in view that changed.
    pub tiles: &'a mut Vec<TileChange>,
}

impl<'a> From<&'a mut CellDelta> for Change<'a> {
    fn from(delta: &'a mut CellDelta) -> Self {
        let CellDelta { enter, update, leave, tiles, .. } = delta;
        Self { enter, update, leave, tiles }
    }
}

impl<'a> From<&'a mut StateDelta> for Change<'a> {
    fn from(delta: &'a mut StateDelta) -> Self {
        let StateDelta { enter, update, leave, tiles, .. } = delta;
        Self { enter, update, leave, tiles }
    }
}

impl Change<'_> {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enter.is_empty() && self.update.is_empty() && self.leave.is_empty() && self.tiles.is_empty()
    }

    /// All but those that enter, who are found in order.
    fn sort(&mut self) {
        self.update.sort_unstable_by_key(|update| update.id);
        self.leave.sort_unstable();
        self.tiles.sort_unstable_by_key(|tile| (tile.y, tile.x));
    }
}

/// The updates since the last deltas, made once for each chunk and copied for each cell that sees it.
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
    let spans = vec![(0, 0); world.resource::<Chunks>().grid().len()];
    world.insert_resource(Recent { spans, ..Recent::default() });
    schedule.add_systems(collect_updates.in_set(TickPhase::Observe));
}

fn collect_updates(clock: Res<Clock>, chunks: Res<Chunks>, mut recent: ResMut<Recent>, faces: Query<(&Face, &Stamps)>) {
    let Recent { since, updates, spans, filled } = &mut *recent;
    for cell in filled.drain(..) {
        spans[cell.0 as usize] = (0, 0);
    }
    updates.clear();
    *since = clock.is_due().then_some(clock.last_due);
    let Some(since) = *since else { return };
    for &cell in chunks.touched() {
        let start = updates.len() as u32;
        let changed = chunks.changed(cell).filter_map(|entity| faces.get(entity).ok());
        // Those that crossed a border as well are told by their crossings.
        let stayed = changed.filter(|(_, stamps)| stamps.crossed <= since);
        updates.extend(stayed.map(|(face, stamps)| face.update_since(stamps, since)));
        spans[cell.0 as usize] = (start, updates.len() as u32);
        filled.push(cell);
    }
}

/// All that can be seen, to read.
#[derive(SystemParam)]
pub struct Sight<'w, 's> {
    chunks: Res<'w, Chunks>,
    terrain: Res<'w, Terrain>,
    recent: Res<'w, Recent>,
    faces: Query<'w, 's, (&'static Face, &'static Stamps)>,
    found: Local<'s, Found>,
}

/// What was found on the way to a delta; empty between two of them.
#[derive(Debug, Default)]
struct Found {
    crossings: Vec<Crossing>,
    entering: Vec<Entering>,
}

/// Somebody who comes into view, and where among the occupants of which chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entering {
    id: EntityId,
    cell: CellId,
    slot: u32,
}

impl Sight<'_, '_> {
    /// Everything that is seen from a cell.
    pub fn everything(&mut self, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        for seen in grid.cells(grid.view(cell)) {
            self.find_settled(seen, Tick::MAX);
            change.tiles.extend(self.terrain.differences(seen));
        }
        self.show_entering(&mut change);
        change.sort();
    }

    /// What differs between what was seen at `held` and what is seen from `cell` now.
    pub fn since(&mut self, held: ViewPoint, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        let (old, new) = (grid.view(held.cell), grid.view(cell));
        let is_recent = self.recent.since == Some(held.tick);
        for seen in grid.cells(new) {
            let is_kept = grid.is_in(seen, old);
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
        for lost in grid.cells(old).filter(|lost| !grid.is_in(*lost, new)) {
            self.found.crossings.extend(self.chunks.crossings_since(lost, held.tick).copied());
            change.leave.extend(self.settled(lost, held.tick).map(|occupant| occupant.face.id));
        }
        if !self.found.crossings.is_empty() {
            let (was_seen, is_seen) = (|cell| grid.is_in(cell, old), |cell| grid.is_in(cell, new));
            self.follow(held.tick, &mut change, was_seen, is_seen);
        }
        self.show_entering(&mut change);
        change.sort();
    }

    /// Those in a chunk that were in it at a tick too.
    fn settled(&self, cell: CellId, since: Tick) -> impl Iterator<Item = &Occupant> {
        self.chunks.occupants(cell).iter().filter(move |occupant| occupant.since <= since)
    }

    /// Finds those that come into view because the chunk does, in which they were at a tick too.
    fn find_settled(&mut self, cell: CellId, since: Tick) {
        let inside = self.chunks.occupants(cell).iter().zip(0..).filter(|(occupant, _)| occupant.since <= since);
        self.found.entering.extend(inside.map(|(occupant, slot)| Entering { id: occupant.face.id, cell, slot }));
    }

    /// Shows those that were found to come into view, in the order of ids.
    fn show_entering(&mut self, change: &mut Change<'_>) {
        let entering = &mut self.found.entering;
        // Sorted before they are copied: a face is far larger than its id.
        entering.sort_unstable();
        let faces = entering.iter().map(|it| self.chunks.occupants(it.cell)[it.slot as usize].face.clone());
        change.enter.extend(faces);
        entering.clear();
    }

    /// Updates of those in a chunk that were in it at a tick too and changed since.
    fn update(&self, cell: CellId, since: Tick, updates: &mut Vec<EntityUpdate>) {
        if self.recent.since == Some(since) {
            updates.extend_from_slice(self.recent.of(cell));
        } else {
            let settled = self.settled(cell, since).filter_map(|occupant| self.faces.get(occupant.entity).ok());
            let changed = settled.filter(|(_, stamps)| stamps.changed > since);
            updates.extend(changed.map(|(face, stamps)| face.update_since(stamps, since)));
        }
    }

    /// What became of those that crossed borders. Whoever was in view at the start has its first recorded crossing
    /// out of a chunk in view; whoever is in view now has its last one into a chunk in view.
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
                    if let Ok((face, stamps)) = self.faces.get(last.entity) {
                        change.update.push(face.update_since(stamps, since));
                    }
                }
                (false, Some(cell)) => {
                    entering.push(Entering { id: last.id, cell, slot: self.chunks.slot(last.entity) });
                }
                (true, None) => change.leave.push(last.id),
                (false, None) => {}
            }
        }
        crossings.clear();
    }
}
