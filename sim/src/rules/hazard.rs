//! Hazards and recovery, once a second for every character they concern: being on a tile or in an
//! area that hurts costs health, at 0 the character is put back where new ones appear, and a hurt
//! character slowly recovers.

use bevy_ecs::prelude::*;
use tilemud_schema::{Effect, EntityId, Position};

use crate::limits::{HEALTH_MAX, RECOVERY_S};
use crate::rules::context::Context;

/// Looks after those whose turn it is, in the order of their numbers.
pub fn look_after(mut context: Context, mut due: Local<Vec<(EntityId, Entity)>>) {
    let (second, now) = context.scene.clock.turn();
    // A loop from inside is quicker than `extend`, which asks for one after the other.
    context.scene.mortals(|id| id.0 % second == now).for_each(|mortal| due.push(mortal));
    due.sort_unstable();
    for (id, entity) in due.drain(..) {
        look_after_one(&mut context, id, entity);
    }
}

fn look_after_one(context: &mut Context, id: EntityId, entity: Entity) {
    let (Some(place), Some(health)) = (context.scene.position(entity), context.scene.health(entity)) else { return };
    let damage = context.scene.terrain.damage(place);
    if damage > 0 {
        hurt(context, id, entity, place, health, damage);
        return;
    }
    let second = context.scene.clock.tick / u64::from(context.scene.clock.second());
    if (second + id.0).is_multiple_of(RECOVERY_S) {
        context.scene.set_health(entity, health + 1);
        context.note_own_change(entity);
    }
}

fn hurt(context: &mut Context, id: EntityId, entity: Entity, place: Position, health: i32, damage: i32) {
    context.audience.perceive(&context.scene, place, Effect::Damage { id, amount: damage });
    let left = health.saturating_sub(damage);
    if left > 0 {
        context.scene.set_health(entity, left);
    } else {
        let character = context.characters.get(entity).map(|character| character.identity.character_id);
        let home = character.map_or(place, |character| context.spawn.place(character, &context.scene.terrain));
        context.scene.set_health(entity, HEALTH_MAX);
        context.scene.place(entity, home);
        context.count(entity, |stats| &mut stats.deaths);
    }
    context.note_own_change(entity);
}
