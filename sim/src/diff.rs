//! What changed between a view of the past and a view of now. One rule for the shared deltas of cells, for sessions
//! that went to another cell, and for those that resume: only how far back and from where they looked differs.

use bevy_ecs::prelude::*;
use tilemud_schema::{Entity as PublicEntity, EntityId, EntityUpdate, Tick, TileChange};

use crate::api::CellId;
use crate::body::{Face, Stamps};
use crate::presence::{Chunks, Crossing};
use crate::session::ViewPoint;
use crate::terrain::Terrain;

/// The faces of all entities, to read.
pub type Faces<'w, 's> = Query<'w, 's, (&'static Face, &'static Stamps)>;

/// The public part of a delta. No id is in two of the lists; each is in the order of ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Entities that came into view.
    pub enter: Vec<PublicEntity>,
    /// Entities in view that changed.
    pub update: Vec<EntityUpdate>,
    /// Entities that went out of view.
    pub leave: Vec<EntityId>,
    /// Tiles in view that changed.
    pub tiles: Vec<TileChange>,
}

impl Change {
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

/// Everything that is seen from a cell.
#[must_use]
pub fn everything(cell: CellId, chunks: &Chunks, terrain: &Terrain, faces: &Faces) -> Change {
    let grid = chunks.grid();
    let mut change = Change::default();
    for seen in grid.cells(grid.view(cell)) {
        let inside = chunks.get(seen).occupants().iter();
        change.enter.extend(inside.filter_map(|(entity, _)| Some(faces.get(*entity).ok()?.0.0.clone())));
        change.tiles.extend(terrain.differences(seen));
    }
    change.sort();
    change
}

/// What differs between what was seen at `held` and what is seen from `cell` now. `window` is the tick of the last
/// deltas: the chunks list what changed since then; for any other tick every entity must be asked.
#[must_use]
pub fn since(held: ViewPoint, cell: CellId, window: Tick, chunks: &Chunks, terrain: &Terrain, faces: &Faces) -> Change {
    let grid = chunks.grid();
    let (old, new) = (grid.view(held.cell), grid.view(cell));
    let mut change = Change::default();
    let mut crossings = Vec::new();
    for seen in grid.cells(new) {
        let chunk = chunks.get(seen);
        crossings.extend(chunk.crossings_since(held.tick).copied());
        if !grid.is_in(seen, old) {
            let inside = chunk.occupants().iter().filter_map(|(entity, _)| faces.get(*entity).ok());
            let settled = inside.filter(|(_, stamps)| stamps.crossed <= held.tick);
            change.enter.extend(settled.map(|(face, _)| face.0.clone()));
            change.tiles.extend(terrain.changes_ever(seen));
            continue;
        }
        let mut update = |entity: Entity| {
            if let Ok((face, stamps)) = faces.get(entity)
                && stamps.crossed <= held.tick
                && stamps.changed > held.tick
            {
                change.update.push(face.update_since(stamps, held.tick));
            }
        };
        if held.tick == window {
            chunk.changed().iter().for_each(|entity| update(*entity));
        } else {
            chunk.occupants().iter().for_each(|(entity, _)| update(*entity));
        }
        change.tiles.extend(terrain.changes_since(seen, held.tick));
    }
    for lost in grid.cells(old).filter(|lost| !grid.is_in(*lost, new)) {
        let chunk = chunks.get(lost);
        crossings.extend(chunk.crossings_since(held.tick).copied());
        let inside = chunk.occupants().iter();
        let settled =
            inside.filter(|(entity, _)| faces.get(*entity).is_ok_and(|(_, stamps)| stamps.crossed <= held.tick));
        change.leave.extend(settled.map(|(_, id)| *id));
    }
    follow(&mut crossings, held.tick, faces, &mut change, |cell| grid.is_in(cell, old), |cell| grid.is_in(cell, new));
    change.sort();
    change
}

/// What became of those that crossed borders. Whoever was in view at the start has its first recorded crossing out
/// of a chunk in view; whoever is in view now has its last one into a chunk in view.
fn follow(
    crossings: &mut [Crossing],
    since: Tick,
    faces: &Faces,
    change: &mut Change,
    was_seen: impl Fn(CellId) -> bool,
    is_seen: impl Fn(CellId) -> bool,
) {
    crossings.sort_unstable_by_key(|crossing| (crossing.id, crossing.serial));
    for way in crossings.chunk_by(|a, b| a.id == b.id) {
        let (first, last) = (way[0], way[way.len() - 1]);
        let face = faces.get(last.entity);
        match (first.from.is_some_and(&was_seen), last.to.is_some_and(&is_seen), face) {
            (true, true, Ok((face, stamps))) => change.update.push(face.update_since(stamps, since)),
            (false, true, Ok((face, _))) => change.enter.push(face.0.clone()),
            (true, _, _) => change.leave.push(last.id),
            (false, _, _) => {}
        }
    }
}
