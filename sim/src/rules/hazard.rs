//! What hurts and what heals by itself. Once a second, everyone who needs it is looked after: standing on a tile that
//! hurts costs health, at 0 one is put back where new characters appear, and whoever was hurt slowly recovers.

use bevy_ecs::prelude::*;
use tilemud_schema::{Effect, EntityId, Position};

use crate::limits::{HEALTH_MAX, RECOVERY_S};
use crate::rules::hands::Hands;

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
    let (Some(place), Some(health)) = (hands.scene.position(entity), hands.scene.health(entity)) else { return false };
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
        hands.count(entity, |stats| &mut stats.deaths);
    }
    hands.note_own_change(entity);
}
