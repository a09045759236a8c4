//! What a sampled session holds of its surroundings, by applying every delta as a client does; at
//! the end it is held against the full state the server sends.

use rustc_hash::FxHashMap;
use tilemud_schema::{Entity, EntityId, InView, Position, StateDelta, Tick};

/// Entities in view, changed tiles and the player's own place.
#[derive(Debug, Default)]
pub struct View {
    /// Newest tick covered; none before the first full delta.
    pub tick: Option<Tick>,
    entities: FxHashMap<EntityId, Entity>,
    tiles: FxHashMap<(i32, i32), u16>,
    /// Where the server says the player stands.
    pub position: Option<Position>,
    /// What deltas mean by places.
    pub in_view: InView,
}

impl View {
    /// Applies one delta.
    ///
    /// # Errors
    /// What about it no client could make sense of.
    pub fn apply(&mut self, delta: &StateDelta) -> Result<(), String> {
        if delta.full {
            *self = Self { in_view: std::mem::take(&mut self.in_view), ..Self::default() };
        } else if self.tick.is_none_or(|tick| delta.tick < tick) {
            return Err(format!("a delta of tick {} after {:?}", delta.tick, self.tick));
        }
        self.tick = Some(delta.tick);
        if let Some(position) = delta.own.as_ref().and_then(|own| own.position) {
            self.position = Some(position);
        }
        for entity in &delta.enter {
            self.entities.insert(entity.id, entity.clone());
        }
        for id in &delta.leave {
            if self.entities.remove(id).is_none() {
                return Err(format!("entity {id} leaves in tick {} without having been there", delta.tick));
            }
        }
        for change in &delta.tiles {
            self.tiles.insert((change.x, change.y), change.tile);
        }
        for update in &delta.update {
            let Some(entity) = self.entities.get_mut(&update.id) else {
                return Err(format!("entity {} changes in tick {} without having been there", update.id, delta.tick));
            };
            update.apply(entity);
        }
        Ok(())
    }

    /// What differs from what the server says is there; `None` when nothing does.
    #[must_use]
    pub fn difference(&self, full: &StateDelta) -> Option<String> {
        let mut truth = Self::default();
        if let Err(problem) = truth.apply(full) {
            return Some(problem);
        }
        let missing = truth.entities.values().find(|entity| self.entities.get(&entity.id) != Some(*entity));
        if let Some(entity) = missing {
            return Some(format!("the server has {entity:?}, held is {:?}", self.entities.get(&entity.id)));
        }
        let ghost = self.entities.values().find(|entity| !truth.entities.contains_key(&entity.id));
        if let Some(entity) = ghost {
            return Some(format!("{entity:?} is held and not there"));
        }
        if self.position != truth.position {
            return Some(format!("the server has the player at {:?}, held is {:?}", truth.position, self.position));
        }
        // A full delta has only the tiles that differ from the static world: a tile changed back
        // may still be held.
        let tile = truth.tiles.iter().find(|(place, tile)| self.tiles.get(*place) != Some(*tile));
        tile.map(|tile| format!("the server has tile {tile:?}, held is {:?}", self.tiles.get(tile.0)))
    }

    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::{EntityKind, EntityUpdate, SelfState};

    use super::*;

    fn entity(id: u64, x: i32) -> Entity {
        let (name, look) = ("a".into(), "b".into());
        Entity {
            id: EntityId(id),
            kind: EntityKind::Player,
            name,
            x,
            y: 0,
            look,
            health: Some(9),
            open: None,
            away: None,
        }
    }

    fn full(tick: Tick, enter: Vec<Entity>) -> StateDelta {
        StateDelta { tick, full: true, enter, ..StateDelta::default() }
    }

    #[test]
    fn deltas_lead_to_what_a_full_one_says() {
        let mut view = View::default();
        view.apply(&full(1, vec![entity(1, 5), entity(2, 6)])).unwrap();
        let update = EntityUpdate { x: Some(7), ..EntityUpdate::none(EntityId(1)) };
        let own = SelfState { position: Some(Position { x: 7, y: 0 }), ..SelfState::default() };
        let delta = StateDelta {
            tick: 2,
            own: Some(own.clone()),
            enter: vec![entity(3, 1)],
            update: vec![update],
            leave: vec![EntityId(2)],
            ..StateDelta::default()
        };
        view.apply(&delta).unwrap();
        let truth = StateDelta { own: Some(own), ..full(3, vec![entity(1, 7), entity(3, 1)]) };
        assert_eq!(view.difference(&truth), None);
        for wrong in
            [vec![entity(1, 7)], vec![entity(1, 8), entity(3, 1)], vec![entity(4, 0), entity(1, 7), entity(3, 1)]]
        {
            let truth = StateDelta { enter: wrong, ..truth.clone() };
            assert!(view.difference(&truth).is_some(), "{truth:?}");
        }
        assert!(view.difference(&StateDelta { own: None, ..truth }).is_some(), "another place");
    }

    #[test]
    fn what_no_client_could_apply_is_told() {
        let mut view = View::default();
        assert!(view.apply(&StateDelta { tick: 1, ..StateDelta::default() }).is_err(), "nothing full came before");
        view.apply(&full(5, vec![entity(1, 5)])).unwrap();
        for delta in [
            StateDelta { tick: 6, update: vec![EntityUpdate::none(EntityId(2))], ..StateDelta::default() },
            StateDelta { tick: 7, leave: vec![EntityId(2)], ..StateDelta::default() },
            StateDelta { tick: 4, ..StateDelta::default() },
        ] {
            assert!(view.apply(&delta).is_err(), "{delta:?}");
        }
    }
}
