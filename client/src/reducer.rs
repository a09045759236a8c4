//! Holds the player's surroundings, by applying the server's state deltas in order.
//!
//! Pure data: no prediction, no animation. Effects are not state; the game plays them once.

use std::collections::BTreeMap;

use tilemud_schema::{CharacterState, Entity, EntityId, StateDelta, Tick};

/// What one delta did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It changed what is held.
    Yes,
    /// It was older than what is held, and was left out.
    Stale,
    /// It names an entity that is not held: a delta was missed, so ask for the full state.
    Gap,
}

/// Everything the server has shown of the player's surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    pub tick: Tick,
    pub entities: BTreeMap<EntityId, Entity>,
    /// Tiles that differ from the static world, by (x, y).
    pub tiles: BTreeMap<(i32, i32), u16>,
    /// The player's own private state.
    pub own: CharacterState,
}

impl Surroundings {
    /// Applies one delta. A full one replaces everything; an older one changes nothing.
    pub fn apply(&mut self, delta: &StateDelta) -> Applied {
        if delta.full {
            *self = Self::default();
        } else if delta.tick < self.tick {
            return Applied::Stale;
        }
        self.tick = delta.tick;
        if let Some(own) = &delta.own {
            self.own.apply(own);
        }
        for entity in &delta.enter {
            self.entities.insert(entity.id, entity.clone());
        }
        let mut missed = false;
        for update in &delta.update {
            match self.entities.get_mut(&update.id) {
                Some(entity) => update.apply(entity),
                None => missed = true,
            }
        }
        for id in &delta.leave {
            self.entities.remove(id);
        }
        for change in &delta.tiles {
            self.tiles.insert((change.x, change.y), change.tile);
        }
        if missed { Applied::Gap } else { Applied::Yes }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tilemud_schema::codec::{decode_server, encode_server};
    use tilemud_schema::{
        Direction, Encoding, EntityKind, EntityUpdate, InView, Position, SelfState, ServerMessage, TileChange,
    };

    use super::*;

    fn entity(id: u64, x: i32) -> Entity {
        let (name, look) = (format!("e{id}").into(), "villager_1".into());
        Entity {
            id: EntityId(id),
            kind: EntityKind::Player,
            name,
            x,
            y: 0,
            look,
            health: Some(10),
            open: None,
            away: None,
        }
    }

    fn at(tick: Tick) -> StateDelta {
        StateDelta { tick, ..StateDelta::default() }
    }

    #[test]
    fn enter_update_and_leave_change_only_what_they_name() {
        let mut held = Surroundings::default();
        held.apply(&StateDelta { enter: vec![entity(1, 5), entity(2, 6)], ..at(1) });
        let update = EntityUpdate { x: Some(7), health: Some(3), ..EntityUpdate::none(EntityId(1)) };
        assert_eq!(held.apply(&StateDelta { update: vec![update], leave: vec![EntityId(2)], ..at(2) }), Applied::Yes);
        let mut expected = entity(1, 7);
        expected.health = Some(3);
        assert_eq!(held.entities.values().cloned().collect::<Vec<_>>(), [expected]);
        assert_eq!(held.tick, 2);
    }

    #[test]
    fn a_full_delta_replaces_everything_even_an_older_tick() {
        let mut held = Surroundings::default();
        let tile = TileChange { x: 1, y: 1, tile: 9 };
        let own = SelfState { health: Some(4), ..SelfState::default() };
        held.apply(&StateDelta { enter: vec![entity(1, 5)], tiles: vec![tile], own: Some(own), ..at(9) });
        let full = StateDelta { full: true, enter: vec![entity(2, 6)], ..at(3) };
        assert_eq!(held.apply(&full), Applied::Yes);
        let expected = Surroundings { tick: 3, entities: [(EntityId(2), entity(2, 6))].into(), ..Default::default() };
        assert_eq!(held, expected);
    }

    #[test]
    fn an_older_delta_changes_nothing() {
        let mut held = Surroundings::default();
        held.apply(&StateDelta { enter: vec![entity(1, 5)], ..at(9) });
        let before = held.clone();
        assert_eq!(held.apply(&StateDelta { leave: vec![EntityId(1)], ..at(8) }), Applied::Stale);
        assert_eq!(held, before);
    }

    #[test]
    fn an_update_of_a_stranger_tells_that_something_was_missed() {
        let mut held = Surroundings::default();
        let update = vec![EntityUpdate::none(EntityId(4))];
        assert_eq!(held.apply(&StateDelta { update, ..at(1) }), Applied::Gap);
    }

    #[test]
    fn own_state_changes_field_by_field() {
        let mut held = Surroundings::default();
        let position = Some(Position { x: 1, y: 2 });
        let first = SelfState { position, health: Some(9), ..SelfState::default() };
        held.apply(&StateDelta { own: Some(first), ..at(1) });
        held.apply(&StateDelta { own: Some(SelfState { health: Some(8), ..SelfState::default() }), ..at(2) });
        assert_eq!((held.own.position, held.own.health), (position, 8));
    }

    /// What a server would hold: everything by id, and which of it is in view.
    #[derive(Debug, Clone, Default, PartialEq)]
    struct Truth {
        entities: BTreeMap<u64, Entity>,
        tiles: BTreeMap<(i32, i32), u16>,
    }

    #[derive(Debug, Clone)]
    enum Change {
        Put(u64, i32),
        Move(u64, i32),
        Hurt(u64, i32),
        Drop(u64),
        Tile(i32, u16),
    }

    fn change() -> impl Strategy<Value = Change> {
        let id = 1..6_u64;
        prop_oneof![
            (id.clone(), 0..50).prop_map(|(id, x)| Change::Put(id, x)),
            (id.clone(), 0..50).prop_map(|(id, x)| Change::Move(id, x)),
            (id.clone(), 1..10).prop_map(|(id, health)| Change::Hurt(id, health)),
            id.prop_map(Change::Drop),
            (0..9, 1..99_u16).prop_map(|(x, tile)| Change::Tile(x, tile)),
        ]
    }

    fn way(was: &Entity, now: &Entity) -> Option<Direction> {
        let [was, now] = [was, now].map(|entity| Position { x: entity.x, y: entity.y });
        Direction::between(was, now)
    }

    /// The delta between two truths, as the protocol describes it.
    fn difference(tick: Tick, before: &Truth, after: &Truth) -> StateDelta {
        let mut delta = at(tick);
        for (id, now) in &after.entities {
            match before.entities.get(id) {
                None => delta.enter.push(now.clone()),
                Some(was) if was != now => delta.update.push(EntityUpdate {
                    x: (was.x != now.x).then_some(now.x),
                    health: if was.health == now.health { None } else { now.health },
                    step: way(was, now).filter(|_| was.health == now.health),
                    ..EntityUpdate::none(EntityId(*id))
                }),
                Some(_) => {}
            }
        }
        delta.leave =
            before.entities.keys().filter(|id| !after.entities.contains_key(id)).map(|id| EntityId(*id)).collect();
        let changed = after.tiles.iter().filter(|(at, tile)| before.tiles.get(at) != Some(tile));
        delta.tiles = changed.map(|((x, y), tile)| TileChange { x: *x, y: *y, tile: *tile }).collect();
        delta
    }

    /// What a client reads of it.
    fn received(encoding: Encoding, delta: &StateDelta) -> StateDelta {
        let mut bytes = Vec::new();
        encode_server(encoding, &ServerMessage::StateDelta(delta.clone()), &mut bytes);
        match decode_server(encoding, &bytes, &mut InView::default()) {
            Ok(ServerMessage::StateDelta(delta)) => delta,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn applying_every_delta_in_order_holds_what_the_server_holds(
            ticks in prop::collection::vec((prop::collection::vec(change(), 0..6), any::<bool>()), 1..40)
        ) {
            let (mut truth, mut held) = (Truth::default(), Encoding::ALL.map(|encoding| (encoding, Surroundings::default())));
            for (index, (changes, full)) in ticks.into_iter().enumerate() {
                let before = truth.clone();
                for change in changes {
                    match change {
                        Change::Put(id, x) => drop(truth.entities.entry(id).or_insert_with(|| entity(id, x))),
                        Change::Move(id, x) => if let Some(entity) = truth.entities.get_mut(&id) { entity.x = x },
                        Change::Hurt(id, health) => if let Some(entity) = truth.entities.get_mut(&id) { entity.health = Some(health) },
                        Change::Drop(id) => drop(truth.entities.remove(&id)),
                        Change::Tile(x, tile) => drop(truth.tiles.insert((x, 0), tile)),
                    }
                }
                let from = if full { Truth::default() } else { before };
                let delta = StateDelta { full, ..difference(index as Tick + 1, &from, &truth) };
                for (encoding, held) in &mut held {
                    prop_assert_eq!(held.apply(&received(*encoding, &delta)), Applied::Yes);
                    let entities: BTreeMap<u64, Entity> = held.entities.iter().map(|(id, entity)| (id.0, entity.clone())).collect();
                    prop_assert_eq!(&Truth { entities, tiles: held.tiles.clone() }, &truth);
                }
            }
        }
    }
}
