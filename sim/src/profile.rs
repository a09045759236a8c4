//! Which characters' durable state changed: at most one change each and tick, for the persistence stage.

use bevy_ecs::prelude::*;

use crate::api::ProfileChange;
use crate::body::{Face, Stamps};
use crate::character::Character;
use crate::room::make_room;
use crate::tick::{Clock, TickPhase};

/// Characters whose durable state is not yet in the output of the tick.
#[derive(Resource, Debug, Default)]
pub struct Unsaved {
    entities: Vec<Entity>,
}

impl Unsaved {
    /// Notes that a character's durable state changed.
    pub fn note(&mut self, character: &mut Character, entity: Entity) {
        if !character.is_unsaved {
            character.is_unsaved = true;
            self.entities.push(entity);
        }
    }

    /// Empties the list; `each` gets those that were in it.
    pub fn forget(&mut self, each: impl FnMut(Entity)) {
        self.entities.drain(..).for_each(each);
    }
}

/// The changes of the tick.
#[derive(Resource, Debug, Default)]
pub struct Profiles {
    /// At most one a character.
    pub changes: Vec<ProfileChange>,
}

/// Adds profiles to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Unsaved>();
    world.init_resource::<Profiles>();
    schedule.add_systems(collect_changes.in_set(TickPhase::Emit));
}

/// All durable values of a character.
#[must_use]
pub fn whole(character: &Character, face: &Face) -> ProfileChange {
    ProfileChange {
        identity: character.identity.clone(),
        position: face.position(),
        health: face.0.health.unwrap_or_default(),
        stats: Some(character.stats.clone()),
        inventory: Some(character.inventory.clone()),
    }
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
        let mut change = whole(&character, face);
        if character.stats_changed <= since {
            change.stats = None;
        }
        if character.inventory_changed <= since {
            change.inventory = None;
        }
        let newest = stamps.changed.max(character.stats_changed).max(character.inventory_changed);
        debug_assert!(newest > since, "what is noted did change");
        profiles.changes.push(change);
    }
    if !profiles.changes.is_empty() {
        make_room(&mut profiles.changes);
    }
}
