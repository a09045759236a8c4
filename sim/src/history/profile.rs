//! Which characters' durable state changed: at most one change each and tick, for the persistence stage.

use bevy_ecs::prelude::*;

use crate::api::{ProfileChange, TickPhase};
use crate::room::make_room;
use crate::world::body::{Face, Stamps};
use crate::world::character::Character;
use crate::world::clock::Clock;
use crate::world::unsaved::{Profiles, Unsaved};

/// Adds profiles to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Unsaved>();
    world.init_resource::<Profiles>();
    schedule.add_systems(collect_changes.in_set(TickPhase::Emit));
}

fn collect_changes(
    clock: Res<Clock>,
    mut unsaved: ResMut<Unsaved>,
    mut profiles: ResMut<Profiles>,
    mut characters: Query<(&mut Character, &Face, &Stamps)>,
) {
    let since = clock.tick - 1;
    make_room(&mut unsaved.entities);
    for entity in unsaved.entities.drain(..) {
        // Those that left meanwhile have said their last word already.
        let Ok((mut character, face, stamps)) = characters.get_mut(entity) else { continue };
        character.is_unsaved = false;
        debug_assert!(stamps.changed.max(character.changed.newest()) > since, "what is noted did change");
        profiles.changes.push(ProfileChange { identity: character.identity.clone(), state: character.state(face) });
    }
    if !profiles.changes.is_empty() {
        make_room(&mut profiles.changes);
    }
}
