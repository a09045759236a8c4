//! Keeps the hashes of the world up to date: renews the part of every entity that changed in the tick.

use bevy_ecs::prelude::*;
use tilemud_schema::{Entity as PublicEntity, EntityKind};

use crate::api::TickPhase;
use crate::room::make_room;
use crate::world::body::Face;
use crate::world::character::Character;
use crate::world::clock::Clock;
use crate::world::hashes::{Fingerprint, StateHash, place};
use crate::world::item::Stack;
use crate::world::mixer::Mixer;
use crate::world::wanderers::Home;

/// Adds the hashes to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<StateHash>();
    schedule.add_systems(renew_fingerprints.in_set(TickPhase::Diff));
}

/// What the hash of an entity is made of.
type Hashed = (
    &'static Face,
    &'static mut Fingerprint,
    Option<&'static Character>,
    Option<&'static Stack>,
    Option<&'static Home>,
);

/// Brings the hashes up to date between two ticks.
pub fn renew(world: &mut World) {
    // The system's parameters are resources that every world has.
    let _ = world.run_system_cached(renew_fingerprints);
}

/// Brings the hashes up to date.
pub fn renew_fingerprints(clock: Res<Clock>, mut hash: ResMut<StateHash>, mut bodies: Query<Hashed>) {
    let mut stale = std::mem::take(&mut hash.stale);
    make_room(&mut stale);
    for entity in stale.drain(..) {
        // Gone again within the tick: it was never in the sum, or despawning took it out.
        let Ok((face, mut fingerprint, character, stack, home)) = bodies.get_mut(entity) else { continue };
        let mixer = match character {
            Some(character) => match fingerprint.lasting {
                Some((lasting, at)) if at >= character.changed.inventory => Mixer::resume(lasting),
                _ => {
                    let lasting = lasting_of(&face.0, character);
                    fingerprint.lasting = Some((lasting.finish(), clock.tick));
                    lasting
                }
            },
            None => object(&face.0, stack, home),
        };
        let renewed = mixer
            .with(place(face.0.x, face.0.y))
            .with(face.0.health.map_or(u64::MAX, |health| u64::from(health as u32)))
            .with(face.0.open.map_or(2, u64::from))
            .finish();
        hash.change(character.is_some(), fingerprint.hash, renewed);
        fingerprint.hash = renewed;
        fingerprint.is_character = character.is_some();
    }
    hash.stale = stale;
}

const PLAYER: u64 = 1;
const OBJECT: u64 = 2;

/// Over what of a character does not change with every step. What it has counted is no part: the recorded hashes of worlds in
/// which nothing was counted stay what they are, and counts follow from the events that are held against the log.
fn lasting_of(face: &PublicEntity, character: &Character) -> Mixer {
    let identity = &character.identity;
    let (high, low) = identity.character_id.0.as_u64_pair();
    let mut mixer = Mixer::new(PLAYER).with(high).with(low);
    mixer = mixer.with_text(&face.name).with_text(&face.look).with(character.own.stats.named.len() as u64);
    for (name, value) in character.own.stats.named.iter() {
        mixer = mixer.with_text(name).with(*value as u64);
    }
    mixer = mixer.with(character.own.inventory.len() as u64);
    for stack in character.own.inventory.iter() {
        mixer = mixer.with_text(&stack.item).with(u64::from(stack.quantity));
    }
    mixer
}

fn object(face: &PublicEntity, stack: Option<&Stack>, home: Option<&Home>) -> Mixer {
    let kind = match face.kind {
        EntityKind::Player => 0,
        EntityKind::Npc => 1,
        EntityKind::Item => 2,
        EntityKind::Door => 3,
    };
    let mixer = Mixer::new(OBJECT).with(face.id.0).with(kind).with_text(&face.name).with_text(&face.look);
    match (stack, home) {
        (Some(stack), _) => mixer.with(u64::from(stack.0)),
        (None, Some(home)) => mixer.with(place(home.position.x, home.position.y)).with(u64::from(home.reach)),
        (None, None) => mixer,
    }
}
