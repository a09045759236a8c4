//! How characters leave the world: at the end of a tick, with a last change of their profile.

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterId, CharacterState};

use crate::api::{ProfileChange, TickPhase};
use crate::world::character::CharacterPartsItem;
use crate::world::character_index::CharacterIndex;
use crate::world::record::{Leave, Record};
use crate::world::scene;
use crate::world::session::{Session, Sessions};
use crate::world::shifted::Shifted;
use crate::world::unsaved::Profiles;
use crate::world::viewers::Viewers;

/// Adds departures to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Messages<Leave>>();
    world.init_resource::<CharacterIndex>();
    world.init_resource::<Record>();
    schedule.add_systems(take_out_leaving.in_set(TickPhase::Depart));
}

/// Takes a character away from the session it is in, if it is in one. Returns the character as it
/// was.
pub fn take_over(world: &mut World, character: CharacterId) -> Option<CharacterState> {
    let entity = world.resource::<CharacterIndex>().get(character)?;
    take_out(world, entity)
}

fn take_out_leaving(world: &mut World) {
    world.resource_scope(|world, mut leaving: Mut<Messages<Leave>>| {
        for Leave(key) in leaving.drain() {
            let Some(entity) = world.resource::<Sessions>().get(key) else { continue };
            if let Some(parts) = CharacterPartsItem::of(world, entity) {
                let state = world.resource::<Shifted>().stored(parts.state());
                let change = ProfileChange { identity: parts.character.identity.clone(), state };
                world.resource_mut::<Record>().departures.push(change.identity.character_id);
                world.resource_mut::<Profiles>().changes.push(change);
            }
            take_out(world, entity);
        }
    });
}

pub(crate) fn take_out(world: &mut World, entity: Entity) -> Option<CharacterState> {
    let (parts, session) = (CharacterPartsItem::of(world, entity)?, world.get::<Session>(entity)?);
    let (state, identity) = (parts.state(), parts.character.identity.clone());
    let (key, view) = (session.key, session.view());
    world.resource_mut::<CharacterIndex>().remove(identity.character_id, &state.display_name);
    if let Some(view) = view {
        world.resource_mut::<Viewers>().remove(view.cell);
    }
    world.resource_mut::<Sessions>().remove(key, identity.session_id);
    world.resource_mut::<Record>().departed.push((key, identity));
    scene::despawn(world, entity);
    Some(state)
}
