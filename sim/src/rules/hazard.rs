//! Hazards and recovery, once a second for every character they concern: standing on a tile that
//! hurts costs health, at 0 the character is put back where new ones appear, and a hurt character
//! slowly recovers.

use bevy_ecs::prelude::*;
use tilemud_schema::{Effect, EntityId, Position};

use crate::limits::{HEALTH_MAX, RECOVERY_S};
use crate::rules::context::Context;

/// Looks after those whose turn it is.
pub fn look_after(mut context: Context) {
    let tick = context.scene.clock.tick;
    if !context.scene.mortals.is_anyone_due(tick) {
        return;
    }
    let mut due = std::mem::take(context.scene.mortals.due(tick));
    due.retain(|id, entity| still_needs_it(&mut context, *id, *entity));
    // Whoever was noted meanwhile has the same turn.
    context.scene.mortals.due(tick).append(&mut due);
}

fn still_needs_it(context: &mut Context, id: EntityId, entity: Entity) -> bool {
    let (Some(place), Some(health)) = (context.scene.position(entity), context.scene.health(entity)) else {
        return false;
    };
    let damage = context.scene.terrain.damage(place);
    if damage > 0 {
        hurt(context, id, entity, place, health, damage);
        return true;
    }
    let second = context.scene.clock.tick / u64::from(context.scene.clock.second());
    if health < HEALTH_MAX && (second + id.0).is_multiple_of(RECOVERY_S) {
        context.scene.set_health(entity, health + 1);
        context.note_own_change(entity);
    }
    health < HEALTH_MAX
}

fn hurt(context: &mut Context, id: EntityId, entity: Entity, place: Position, health: i32, damage: i32) {
    context.audience.perceive(&context.scene, place, Effect::Damage { id, amount: damage });
    let left = health.saturating_sub(damage);
    if left > 0 {
        context.scene.set_health(entity, left);
    } else {
        let character = context.characters.get(entity).map(|character| character.identity.character_id);
        let home = character.map_or(place, |character| context.spawn.choose(character));
        context.scene.set_health(entity, HEALTH_MAX);
        context.scene.place(entity, home);
        context.count(entity, |stats| &mut stats.deaths);
    }
    context.note_own_change(entity);
}
