//! Keeps the hashes of the world up to date: renews the part of every entity that changed in the
//! tick.

use bevy_ecs::prelude::*;
use tilemud_schema::{Entity as PublicEntity, EntityKind, Position};

use crate::api::TickPhase;
use crate::views::seen::Seen;
use crate::world::body::{Health, Stack, TilePosition};
use crate::world::character::Character;
use crate::world::hashes::{Fingerprint, StateHash, place};
use crate::world::inventory::Inventory;
use crate::world::mixer::Mixer;
use crate::world::wanderers::Wander;

/// Adds the hashes to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<StateHash>();
    schedule.add_systems(renew_fingerprints.in_set(TickPhase::Diff));
}

/// What the hash of an NPC, an item or a door is made of.
type Thing = (Seen, &'static mut Fingerprint, Option<&'static Stack>, Option<&'static Wander>);

/// Brings the hashes up to date between two ticks.
pub fn renew(world: &mut World) {
    // The system's parameters are resources that every world has.
    let _ = world.run_system_cached(renew_fingerprints);
}

/// Brings the hashes up to date.
pub fn renew_fingerprints(
    mut hash: ResMut<StateHash>,
    mut characters: Query<(&Character, Ref<Inventory>, &TilePosition, &Health, &mut Fingerprint)>,
    mut things: Query<Thing, Without<Character>>,
) {
    let mut stale = std::mem::take(&mut hash.stale);
    for entity in stale.entities() {
        let mut renew = |is_character, fingerprint: &mut Fingerprint, renewed| {
            hash.change(is_character, fingerprint.hash, renewed);
            (fingerprint.hash, fingerprint.is_character) = (renewed, is_character);
        };
        if let Ok((character, inventory, TilePosition { tile, .. }, health, mut fingerprint)) =
            characters.get_mut(*entity)
        {
            let mixer = match fingerprint.lasting {
                Some((lasting, of)) if of == inventory.last_changed() => Mixer::resume(lasting),
                _ => {
                    let lasting = lasting_of(character, &inventory);
                    fingerprint.lasting = Some((lasting.finish(), inventory.last_changed()));
                    lasting
                }
            };
            renew(true, &mut fingerprint, with_visible(mixer, *tile, Some(health.0), None));
        } else if let Ok((seen, mut fingerprint, stack, wanderer)) = things.get_mut(*entity) {
            let seen = seen.entity();
            let mixer = object(&seen, stack, wanderer);
            let position = Position { x: seen.x, y: seen.y };
            renew(false, &mut fingerprint, with_visible(mixer, position, seen.health, seen.open));
        }
        // Neither: gone again within the tick, and either never in the sum, or taken out when it
        // was despawned.
    }
    stale.clear();
    hash.stale = stale;
}

/// Takes in what may change with every tick.
fn with_visible(mixer: Mixer, Position { x, y }: Position, health: Option<i32>, open: Option<bool>) -> u64 {
    mixer
        .with(place(x, y))
        .with(health.map_or(u64::MAX, |health| u64::from(health as u32)))
        .with(open.map_or(2, u64::from))
        .finish()
}

const PLAYER: u64 = 1;
const OBJECT: u64 = 2;

/// Hash of the parts of a character that do not change with every step. Counts are left out: hashes
/// recorded without counts stay valid, and counts follow from the events that a replay compares
/// with the log.
fn lasting_of(character: &Character, Inventory(stacks): &Inventory) -> Mixer {
    let Character { identity, own, .. } = character;
    let (high, low) = identity.character_id.0.as_u64_pair();
    let mut mixer = Mixer::new(PLAYER).with(high).with(low);
    mixer = mixer.with_text(&own.display_name).with_text(&own.look).with(own.stats.named.len() as u64);
    for (name, value) in own.stats.named.iter() {
        mixer = mixer.with_text(name).with(*value as u64);
    }
    mixer = mixer.with(stacks.len() as u64);
    for stack in stacks.iter() {
        mixer = mixer.with_text(&stack.item).with(u64::from(stack.quantity));
    }
    mixer
}

fn object(face: &PublicEntity, stack: Option<&Stack>, wanderer: Option<&Wander>) -> Mixer {
    let kind = match face.kind {
        EntityKind::Player => 0,
        EntityKind::Npc => 1,
        EntityKind::Item => 2,
        EntityKind::Door => 3,
    };
    let mixer = Mixer::new(OBJECT).with(face.id.0).with(kind).with_text(&face.name).with_text(&face.look);
    match (stack, wanderer) {
        (Some(stack), _) => mixer.with(u64::from(stack.0)),
        (None, Some(wanderer)) => mixer.with(place(wanderer.home.x, wanderer.home.y)).with(u64::from(wanderer.reach)),
        (None, None) => mixer,
    }
}
