//! Who is in the world under which name, and how characters leave it: at the end of a tick, with a last word on
//! their durable state.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_names::folded;
use tilemud_schema::CharacterId;

use crate::api::{CharacterState, Identity, SessionKey};
use crate::body::{self, Face};
use crate::character::Character;
use crate::observe::Viewers;
use crate::profile::{self, Profiles};
use crate::record::Record;
use crate::session::{Session, Sessions};
use crate::tick::TickPhase;

/// Sessions that leave at the end of the tick.
#[derive(Resource, Debug, Default)]
pub struct Leaving {
    /// In the order they said so.
    pub sessions: Vec<SessionKey>,
}

/// Sessions that left in this tick.
#[derive(Resource, Debug, Default)]
pub struct Departed {
    /// In the order they left.
    pub sessions: Vec<(SessionKey, Arc<Identity>)>,
}

/// The characters in the world by id and by name. Ordered maps: names are chosen by strangers.
#[derive(Resource, Debug, Default)]
pub struct Roll {
    by_id: BTreeMap<CharacterId, Entity>,
    /// By the folded name. Names older than the rule may share one; those of today do not.
    by_name: BTreeMap<String, BTreeMap<CharacterId, (Arc<str>, Entity)>>,
}

impl Roll {
    /// The character with a display name, as names are the same everywhere ([`folded`]). Among older names that are: the
    /// one written exactly so, else the character that was made first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Entity> {
        let namesakes = self.by_name.get(&folded(name))?;
        let exact = namesakes.values().find(|(written, _)| **written == *name);
        exact.or_else(|| namesakes.values().next()).map(|(_, entity)| *entity)
    }

    /// Every character, by id.
    pub fn everyone(&self) -> impl Iterator<Item = Entity> {
        self.by_id.values().copied()
    }

    /// The entity of a character that is in the world.
    #[must_use]
    pub fn get(&self, character: CharacterId) -> Option<Entity> {
        self.by_id.get(&character).copied()
    }
}

/// Adds departures to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Leaving>();
    world.init_resource::<Departed>();
    world.init_resource::<Roll>();
    world.init_resource::<Record>();
    schedule.add_systems(take_out_leaving.in_set(TickPhase::Depart));
}

/// Enters a character into the roll.
pub fn register(world: &mut World, character: &Character, name: &Arc<str>, entity: Entity) {
    let mut roll = world.resource_mut::<Roll>();
    let id = character.identity.character_id;
    roll.by_id.insert(id, entity);
    roll.by_name.entry(folded(name)).or_default().insert(id, (name.clone(), entity));
}

/// Takes a character away from the session it is in, if it is in one. Returns the character as it was.
pub fn take_over(world: &mut World, character: CharacterId) -> Option<CharacterState> {
    let entity = world.resource::<Roll>().get(character)?;
    take_out(world, entity)
}

fn take_out_leaving(world: &mut World) {
    let mut leaving = std::mem::take(&mut world.resource_mut::<Leaving>().sessions);
    for key in leaving.drain(..) {
        let Some(entity) = world.resource::<Sessions>().get(key) else { continue };
        if let (Some(character), Some(face)) = (world.get::<Character>(entity), world.get::<Face>(entity)) {
            let (id, change) = (character.identity.character_id, profile::whole(character, face));
            world.resource_mut::<Profiles>().changes.push(change);
            world.resource_mut::<Record>().departures.push(id);
        }
        take_out(world, entity);
    }
    world.resource_mut::<Leaving>().sessions = leaving;
}

pub(crate) fn take_out(world: &mut World, entity: Entity) -> Option<CharacterState> {
    let (face, character) = (world.get::<Face>(entity)?, world.get::<Character>(entity)?);
    let session = world.get::<Session>(entity)?;
    let state = character.state(face);
    let identity = character.identity.clone();
    let (key, view) = (session.key, session.view());
    let mut roll = world.resource_mut::<Roll>();
    roll.by_id.remove(&identity.character_id);
    let name = folded(&state.display_name);
    if let Some(namesakes) = roll.by_name.get_mut(&name) {
        namesakes.remove(&identity.character_id);
        if namesakes.is_empty() {
            roll.by_name.remove(&name);
        }
    }
    if let Some(view) = view {
        world.resource_mut::<Viewers>().remove(view.cell);
    }
    world.resource_mut::<Sessions>().remove(key, identity.session_id);
    world.resource_mut::<Departed>().sessions.push((key, identity));
    body::despawn(world, entity);
    Some(state)
}
