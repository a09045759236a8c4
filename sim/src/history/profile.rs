//! Which characters' durable state changed: at most one change for each character and tick, for the
//! persistence stage.

use bevy_ecs::prelude::*;

use crate::api::{ProfileChange, TickPhase};
use crate::reserve::reserve_ahead;
use crate::world::character::CharacterParts;
use crate::world::clock::Clock;
use crate::world::shifted::Shifted;
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
    shifted: Res<Shifted>,
    characters: Query<CharacterParts>,
) {
    for entity in unsaved.0.entities() {
        // Those that left meanwhile have said their last word already.
        let Ok(parts) = characters.get(*entity) else { continue };
        debug_assert!(parts.is_changed(clock.since(clock.tick - 1)), "what is noted did change");
        let (identity, state) = (parts.character.identity.clone(), shifted.stored(parts.state()));
        profiles.changes.push(ProfileChange { identity, state });
    }
    unsaved.0.clear();
    if !profiles.changes.is_empty() {
        reserve_ahead(&mut profiles.changes);
    }
}
