//! Whether a snapshot can be a world on a map.

use std::collections::BTreeSet;

use tilemud_schema::{EntityId, EntityKind, Position};

use super::snapshot::{RestoreError, WorldSnapshot};
use crate::limits::{SEQ_MAX, TICKS_PER_SECOND_MAX};
use crate::map::Map;
use crate::world::terrain;

impl WorldSnapshot {
    /// Whether it can be a world on a map.
    pub(crate) fn check(&self, map: &Map) -> Result<(), RestoreError> {
        let is_other = self.provenance.map.is_some_and(|id| id != map.id());
        if is_other || terrain::fingerprint_of(map) != self.map {
            return Err(RestoreError::OtherMap);
        }
        let inconsistent = |what| Err(RestoreError::Inconsistent { what });
        let is_inside = |position: Position| map.index(position.x, position.y).is_some();
        if !self.tiles.iter().all(|tile| is_inside(Position { x: tile.x, y: tile.y })) {
            return inconsistent("a tile is outside of the map");
        }
        if self.tick > SEQ_MAX || self.next_entity > SEQ_MAX {
            return inconsistent("a counter is beyond what can be stored");
        }
        if !(1..=TICKS_PER_SECOND_MAX).contains(&self.ticks_per_second) {
            return inconsistent("a second has no or too many ticks");
        }
        if !self.tiles.iter().all(|tile| usize::from(tile.tile) < map.tileset.tiles.len()) {
            return inconsistent("a tile is not in the tileset");
        }
        let objects =
            self.objects.iter().map(|object| (object.face.id, Position { x: object.face.x, y: object.face.y }));
        let characters = self.characters.iter().map(|it| (it.id, it.state.position.unwrap_or_default()));
        let mut ids = Vec::with_capacity(self.objects.len() + self.characters.len());
        for (id, position) in objects.chain(characters) {
            if !is_inside(position) {
                return inconsistent("an entity is outside of the map");
            }
            if id.0 == 0 || id.0 >= self.next_entity {
                return inconsistent("an entity has a number that was never given out");
            }
            ids.push(id);
        }
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return inconsistent("two entities have one number");
        }
        if !self.spawners.iter().all(|state| state.spawner.is_within(map)) {
            return inconsistent("a spawner is outside of the map");
        }
        let items = self.objects.iter().filter(|object| object.face.kind == EntityKind::Item);
        let items: BTreeSet<EntityId> = items.map(|object| object.face.id).collect();
        if !self.spawners.iter().flat_map(|state| &state.things).all(|id| items.contains(id)) {
            return inconsistent("a thing of a spawner is not there");
        }
        Ok(())
    }
}
