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

    fn sort(&mut self) {
        self.enter.sort_unstable_by_key(|entity| entity.id);
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
        let changed = chunks.get(cell).changed().iter().filter_map(|entity| faces.get(*entity).ok());
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
    crossings: Local<'s, Vec<Crossing>>,
}

impl Sight<'_, '_> {
    /// Everything that is seen from a cell.
    pub fn everything(&self, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        for seen in grid.cells(grid.view(cell)) {
            let inside = self.chunks.get(seen).occupants();
            change.enter.reserve(inside.len());
            change
                .enter
                .extend(inside.iter().filter_map(|occupant| Some(self.faces.get(occupant.entity).ok()?.0.0.clone())));
            change.tiles.extend(self.terrain.differences(seen));
        }
        change.sort();
    }

    /// What differs between what was seen at `held` and what is seen from `cell` now.
    pub fn since(&mut self, held: ViewPoint, cell: CellId, mut change: Change) {
        let grid = self.chunks.grid();
        let (old, new) = (grid.view(held.cell), grid.view(cell));
        let mut crossings = std::mem::take(&mut *self.crossings);
        for seen in grid.cells(new) {
            crossings.extend(self.chunks.get(seen).crossings_since(held.tick).copied());
            if grid.is_in(seen, old) {
                self.update(seen, held.tick, change.update);
                change.tiles.extend(self.terrain.changes_since(seen, held.tick));
            } else {
                change.enter.reserve(self.chunks.get(seen).occupants().len());
                let settled = self.settled(seen, held.tick).filter_map(|occupant| self.faces.get(occupant.entity).ok());
                change.enter.extend(settled.map(|(face, _)| face.0.clone()));
                change.tiles.extend(self.terrain.changes_ever(seen));
            }
        }
        for lost in grid.cells(old).filter(|lost| !grid.is_in(*lost, new)) {
            crossings.extend(self.chunks.get(lost).crossings_since(held.tick).copied());
            change.leave.extend(self.settled(lost, held.tick).map(|occupant| occupant.id));
        }
        if !crossings.is_empty() {
            let (was_seen, is_seen) = (|cell| grid.is_in(cell, old), |cell| grid.is_in(cell, new));
            self.follow(&mut crossings, held.tick, &mut change, was_seen, is_seen);
        }
        change.sort();
        crossings.clear();
        *self.crossings = crossings;
    }

    /// Those in a chunk that were in it at a tick too.
    fn settled(&self, cell: CellId, since: Tick) -> impl Iterator<Item = &Occupant> {
        self.chunks.get(cell).occupants().iter().filter(move |occupant| occupant.since <= since)
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
        &self,
        crossings: &mut [Crossing],
        since: Tick,
        change: &mut Change<'_>,
        was_seen: impl Fn(CellId) -> bool,
        is_seen: impl Fn(CellId) -> bool,
    ) {
        crossings.sort_unstable_by_key(|crossing| (crossing.id, crossing.serial));
        for way in crossings.chunk_by(|a, b| a.id == b.id) {
            let (first, last) = (way[0], way[way.len() - 1]);
            let face = self.faces.get(last.entity);
            match (first.from.is_some_and(&was_seen), last.to.is_some_and(&is_seen), face) {
                (true, true, Ok((face, stamps))) => change.update.push(face.update_since(stamps, since)),
                (false, true, Ok((face, _))) => change.enter.push(face.0.clone()),
                (true, _, _) => change.leave.push(last.id),
                (false, _, _) => {}
            }
        }
    }
}
