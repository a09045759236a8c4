//! What hurts and what heals by itself. Once a second, everyone who needs it is looked after: standing on a tile that
//! hurts costs health, at 0 one is put back where new characters appear, and whoever was hurt slowly recovers.
//!
//! When somebody's turn is within a second follows from the number of its entity, so there are no timers to keep, and
//! a tick only touches those whose turn it is.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use tilemud_schema::{Effect, EntityId, Position, Tick};

use crate::intents::Hands;
use crate::limits::{HEALTH_MAX, RECOVERY_S};

/// Players' entities that are hurt or may stand where it hurts, by the tick of the second in which it is their turn.
#[derive(Resource, Debug)]
pub struct Frail {
    turns: Vec<BTreeMap<EntityId, Entity>>,
}

impl Frail {
    /// Nobody, in a world of so many ticks a second.
    #[must_use]
    pub fn new(second: u32) -> Self {
        Self { turns: vec![BTreeMap::new(); second.max(1) as usize] }
    }

    /// The same ones, in a world of so many ticks a second.
    pub fn set_second(&mut self, second: u32) {
        let old = std::mem::replace(self, Self::new(second));
        old.turns.into_iter().flatten().for_each(|(id, entity)| self.watch(id, entity));
    }

    /// Sees to it that somebody is looked after.
    pub fn watch(&mut self, id: EntityId, entity: Entity) {
        let turn = self.turn(id.0);
        self.turns[turn].insert(id, entity);
    }

    /// Whether it is anybody's turn.
    #[must_use]
    pub fn is_anyone_due(&self, tick: Tick) -> bool {
        !self.turns[self.turn(tick)].is_empty()
    }

    fn turn(&self, number: u64) -> usize {
        (number % self.turns.len() as u64) as usize
    }

    fn due(&mut self, tick: Tick) -> &mut BTreeMap<EntityId, Entity> {
        let turn = self.turn(tick);
        &mut self.turns[turn]
    }
}

/// Looks after those whose turn it is.
pub fn look_after(mut hands: Hands) {
    let tick = hands.scene.clock.tick;
    if !hands.scene.frail.is_anyone_due(tick) {
        return;
    }
    let mut due = std::mem::take(hands.scene.frail.due(tick));
    due.retain(|id, entity| still_needs_it(&mut hands, *id, *entity));
    // Whoever was noted meanwhile has the same turn.
    hands.scene.frail.due(tick).append(&mut due);
}

fn still_needs_it(hands: &mut Hands, id: EntityId, entity: Entity) -> bool {
    let Some(face) = hands.scene.face(entity) else { return false };
    let (place, health) = (face.position(), face.0.health.unwrap_or(HEALTH_MAX));
    let damage = hands.scene.terrain.damage(place);
    if damage > 0 {
        hurt(hands, id, entity, place, health, damage);
        return true;
    }
    let second = hands.scene.clock.tick / u64::from(hands.scene.clock.second());
    if health < HEALTH_MAX && (second + id.0).is_multiple_of(RECOVERY_S) {
        hands.scene.set_health(entity, health + 1);
        hands.note_own_change(entity);
    }
    health < HEALTH_MAX
}

fn hurt(hands: &mut Hands, id: EntityId, entity: Entity, place: Position, health: i32, damage: i32) {
    hands.voices.perceive(&hands.scene, place, Effect::Damage { id, amount: damage });
    let left = health.saturating_sub(damage);
    if left > 0 {
        hands.scene.set_health(entity, left);
    } else {
        let character = hands.characters.get(entity).map(|character| character.identity.character_id);
        let home = character.map_or(place, |character| hands.spawn.choose(character));
        hands.scene.set_health(entity, HEALTH_MAX);
        hands.scene.place(entity, home);
    }
    hands.note_own_change(entity);
}
