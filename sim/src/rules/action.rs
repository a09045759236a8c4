//! Actions: the steps of an `intent.action`. They run on a [`Staged`] copy of what they change,
//! which is swapped in when all of them succeeded (FR-011). What a kind of item can be used for
//! comes from the map.

use bevy_ecs::prelude::*;
use tilemud_schema::{Action, Details, Effect, EntityId, EntityKind, ErrorCode, IntentOutcome, ItemKind, Position};

use crate::api::Refusal;
use crate::limits::{HEALTH_MAX, REACH};
use crate::rules::context::Context;
use crate::rules::staged::{Changes, Laid, Staged};
use crate::world::body::{Appearance, Body};
use crate::world::grid::distance;
use crate::world::scene;

/// Does all steps or none.
///
/// # Errors
/// The step's own code when there is only one; ACTION_ATOMIC_ROLLBACK with the step and its code
/// when there are more.
pub fn act(context: &mut Context, actor: Entity, steps: &[Action]) -> Result<IntentOutcome, Refusal> {
    let mut staged = Staged::new(context, actor).ok_or(ErrorCode::SessionNotFound)?;
    for (index, step) in steps.iter().enumerate() {
        if let Err(refusal) = take_step(&mut staged, step) {
            return Err(if steps.len() == 1 {
                refusal
            } else {
                let details = Details::Rollback { failed_step: index as u32, cause: refusal.code };
                Refusal { code: ErrorCode::ActionAtomicRollback, details: Some(details) }
            });
        }
    }
    swap_in(context, staged.into_changes());
    for _ in steps.iter().filter(|step| matches!(step, Action::Give { .. })) {
        context.count(actor, |stats| &mut stats.gifts_given);
    }
    Ok(IntentOutcome::Action {})
}

fn take_step(staged: &mut Staged, step: &Action) -> Result<(), Refusal> {
    let done = match step {
        Action::Place { item, x, y } => return place(staged, item, Position { x: *x, y: *y }),
        Action::Take { item } => take(staged, *item),
        Action::Drop { item, quantity } => lay_down(staged, item, quantity.unwrap_or(1)),
        Action::Use { item, target } => use_up(staged, item, *target),
        Action::Give { item, quantity, to } => give(staged, item, *quantity, *to),
        Action::Open { x, y } => turn_door(staged, Position { x: *x, y: *y }, true),
        Action::Close { x, y } => turn_door(staged, Position { x: *x, y: *y }, false),
        Action::Remove { x, y } => remove(staged, Position { x: *x, y: *y }),
    };
    Ok(done?)
}

/// Picks up a pile, as far as there is room for it; the rest stays.
fn take(staged: &mut Staged, item: EntityId) -> Result<(), ErrorCode> {
    let (kind, quantity, place) = staged.item(item).ok_or(ErrorCode::ItemNotFound)?;
    check_reach(staged, place)?;
    let taken = quantity.min(staged.room_for(&kind)?);
    if taken == 0 {
        return Err(ErrorCode::InventoryFull);
    }
    staged.put_into_inventory(staged.actor(), &kind, taken)?;
    staged.leave(item, quantity - taken);
    staged.sound(place, "take");
    Ok(())
}

fn lay_down(staged: &mut Staged, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
    staged.take_from_inventory(kind, quantity)?;
    staged.lay_down(kind, quantity)?;
    staged.sound(staged.place(), "drop");
    Ok(())
}

/// Eats it, or feeds it to somebody.
fn use_up(staged: &mut Staged, kind: &ItemKind, target: Option<EntityId>) -> Result<(), ErrorCode> {
    staged.take_from_inventory(kind, 1)?;
    let heals = staged.map().items.get(kind).map_or(0, |info| info.heals);
    if heals <= 0 {
        return Err(ErrorCode::ActionNotAllowed);
    }
    let eater = match target {
        None => staged.actor(),
        Some(target) => person_in_reach(staged, target)?,
    };
    let (id, place, health) = staged.person(eater).ok_or(ErrorCode::ActionNotAllowed)?;
    let amount = heals.min(HEALTH_MAX.saturating_sub(health));
    if amount <= 0 {
        return Err(ErrorCode::ActionNotAllowed);
    }
    staged.set_health(eater, health + amount);
    staged.sound(place, "eat");
    staged.effect(place, Effect::Heal { id, amount });
    Ok(())
}

fn give(staged: &mut Staged, kind: &ItemKind, quantity: u32, to: EntityId) -> Result<(), ErrorCode> {
    if !staged.customs().gifts {
        return Err(ErrorCode::ActionNotAllowed);
    }
    let receiver = person_in_reach(staged, to)?;
    if receiver == staged.actor() {
        return Err(ErrorCode::ActionNotAllowed);
    }
    staged.take_from_inventory(kind, quantity)?;
    staged.put_into_inventory(receiver, kind, quantity)?;
    staged.sound(staged.place(), "give");
    Ok(())
}

fn turn_door(staged: &mut Staged, place: Position, open: bool) -> Result<(), ErrorCode> {
    check_reach(staged, place)?;
    let (door, is_open) = staged.door(place).ok_or(ErrorCode::ActionNotAllowed)?;
    if is_open == open {
        return Err(ErrorCode::ActionNotAllowed);
    }
    if !open && staged.is_occupied(place) {
        return Err(ErrorCode::MoveBlocked);
    }
    staged.turn_door(door, open);
    staged.sound(place, if open { "door_open" } else { "door_close" });
    Ok(())
}

/// Builds on a tile that is as on the map and on which nobody stands. Nothing is built where an
/// area of the map says so, on a warp or where one leads; nothing that blocks or hurts is built
/// where new characters appear or close by, so that they always find a place and a way from it.
fn place(staged: &mut Staged, kind: &ItemKind, place: Position) -> Result<(), Refusal> {
    check_reach(staged, place)?;
    staged.take_from_inventory(kind, 1)?;
    let map = staged.map();
    let tile = map.items.get(kind).and_then(|info| info.places).ok_or(ErrorCode::ActionNotAllowed)?;
    let current = staged.tile(place).ok_or(ErrorCode::ActionNotAllowed)?;
    if staged.is_kept(place) {
        let (field, reason) = ("no_build".to_owned(), "nothing may be built there".to_owned());
        return Err(Refusal { code: ErrorCode::ActionNotAllowed, details: Some(Details::Field { field, reason }) });
    }
    if staged.is_built(place) || current == tile || staged.is_of_warp(place) {
        return Err(ErrorCode::ActionNotAllowed.into());
    }
    let is_harmless = !map.tileset.is_solid(tile) && !map.tileset.damage.contains_key(&tile);
    if !is_harmless && staged.is_spawn(place) {
        return Err(ErrorCode::ActionNotAllowed.into());
    }
    let is_in_the_way = map.tileset.is_solid(tile) && staged.has_items(place);
    if map.tileset.is_solid(current) || staged.door(place).is_some() || staged.is_occupied(place) || is_in_the_way {
        return Err(ErrorCode::MoveBlocked.into());
    }
    if !is_harmless && staged.customs().keeps_spawn_open && staged.is_by_spawn(place) {
        return Err(ErrorCode::ActionNotAllowed.into());
    }
    staged.set_tile(place, tile);
    staged.sound(place, "place");
    Ok(())
}

/// Takes away what was built. Tiles of the map itself stay. A bridge over what hurts stays while
/// somebody is on it.
fn remove(staged: &mut Staged, place: Position) -> Result<(), ErrorCode> {
    check_reach(staged, place)?;
    let (built, original) = (staged.tile(place), staged.map_tile(place));
    let (Some(built), Some(original), true) = (built, original, staged.is_built(place)) else {
        return Err(ErrorCode::ActionNotAllowed);
    };
    let hurts = staged.map().tileset.damage.contains_key(&original);
    if hurts && staged.is_occupied(place) && staged.customs().keeps_covers {
        return Err(ErrorCode::MoveBlocked);
    }
    let kind = staged.map().item_of_tile(built).ok_or(ErrorCode::ActionNotAllowed)?.clone();
    staged.put_into_inventory(staged.actor(), &kind, 1)?;
    staged.set_tile(place, original);
    staged.sound(place, "remove");
    Ok(())
}

fn check_reach(staged: &Staged, place: Position) -> Result<(), ErrorCode> {
    if distance(staged.place(), place) <= REACH { Ok(()) } else { Err(ErrorCode::TargetOutOfRange) }
}

/// A player's entity. One that is not in the world is refused as out of reach.
fn person_in_reach(staged: &Staged, id: EntityId) -> Result<Entity, ErrorCode> {
    let entity = staged.entity(id).ok_or(ErrorCode::TargetOutOfRange)?;
    let (_, place, _) = staged.person(entity).ok_or(ErrorCode::ActionNotAllowed)?;
    check_reach(staged, place)?;
    Ok(entity)
}

fn swap_in(context: &mut Context, changes: Changes) {
    for (entity, inventory) in changes.inventories {
        if let Ok(mut carried) = context.inventories.get_mut(entity) {
            *carried = inventory;
        }
        context.scene.hash.touch(entity);
        context.note_own_change(entity);
    }
    for (entity, health) in changes.healths {
        context.scene.set_health(entity, health);
        context.note_own_change(entity);
    }
    for (entity, open) in changes.doors {
        context.scene.set_open(entity, open);
    }
    for (place, tile) in changes.tiles {
        context.scene.set_tile(place, tile);
    }
    for (entity, quantity) in changes.stacks {
        if quantity == 0 {
            context.defer(move |world: &mut World| scene::despawn(world, entity));
        } else if let Ok((_, mut stack)) = context.stacks.get_mut(entity) {
            stack.0 = quantity;
            context.scene.hash.touch(entity);
        }
    }
    for Laid { id, kind, name, quantity, position } in changes.laid {
        let drawn = context.scene.ids.draw();
        debug_assert_eq!(drawn, id, "nothing else draws numbers during an action");
        // Laid and taken by the same action: only its number is used up.
        if quantity > 0 {
            let appearance = Appearance { kind: EntityKind::Item, name, look: kind };
            let body = Body::new(id, appearance, position);
            context.defer(move |world: &mut World| scene::put_item(world, body, quantity));
        }
    }
    for (place, effect) in changes.effects {
        context.audience.perceive(&context.scene, place, effect);
    }
}
