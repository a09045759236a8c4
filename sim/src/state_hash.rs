//! The hash over the state of the world, kept up to date as entities change: a sum of one hash per entity, so
//! that neither the order of changes nor the number of entities matters to its cost. Session handles and entity
//! numbers of players are not part of it: a replay has others.

use bevy_ecs::prelude::*;
use tilemud_schema::{Entity as PublicEntity, EntityKind, Position};

use crate::body::{Face, Fingerprint};
use crate::character::Character;
use crate::tick::TickPhase;

/// The running hash and the entities whose part of it is out of date.
#[derive(Resource, Debug, Default)]
pub struct StateHash {
    sum: u64,
    stale: Vec<Entity>,
}

impl StateHash {
    /// As of the end of the last tick.
    #[must_use]
    pub fn value(&self) -> u64 {
        self.sum
    }

    /// Notes that an entity differs from what its part says.
    pub fn touch(&mut self, entity: Entity) {
        self.stale.push(entity);
    }

    /// Takes out an entity that is no more.
    pub fn forget(&mut self, fingerprint: Fingerprint) {
        self.sum = self.sum.wrapping_sub(fingerprint.0);
    }

    /// Takes in that a tile became another.
    pub fn change_tile(&mut self, position: Position, old: u16, new: u16) {
        let part = |tile: u16| Mixer::new(TILE).with(place(position.x, position.y)).with(u64::from(tile)).finish();
        self.sum = self.sum.wrapping_sub(part(old)).wrapping_add(part(new));
    }
}

fn place(x: i32, y: i32) -> u64 {
    u64::from(x as u32) << 32 | u64::from(y as u32)
}

/// Adds the hash to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<StateHash>();
    schedule.add_systems(renew_fingerprints.in_set(TickPhase::Diff));
}

fn renew_fingerprints(mut hash: ResMut<StateHash>, mut bodies: Query<(&Face, &mut Fingerprint, Option<&Character>)>) {
    let mut stale = std::mem::take(&mut hash.stale);
    for entity in stale.drain(..) {
        // Gone again within the tick: it was never in the sum, or despawning took it out.
        let Ok((face, mut fingerprint, character)) = bodies.get_mut(entity) else { continue };
        let renewed = fingerprint_of(&face.0, character);
        hash.sum = hash.sum.wrapping_sub(fingerprint.0).wrapping_add(renewed);
        fingerprint.0 = renewed;
    }
    hash.stale = stale;
}

const PLAYER: u64 = 1;
const OBJECT: u64 = 2;
const TILE: u64 = 3;

fn fingerprint_of(face: &PublicEntity, character: Option<&Character>) -> u64 {
    let mixer = match character {
        Some(character) => {
            let (high, low) = character.identity.character_id.0.as_u64_pair();
            let mut mixer = Mixer::new(PLAYER).with(high).with(low);
            for (name, value) in character.stats.iter() {
                mixer = mixer.with_text(name).with(*value as u64);
            }
            for stack in character.inventory.iter() {
                mixer = mixer.with_text(&stack.item).with(u64::from(stack.quantity));
            }
            mixer
        }
        None => Mixer::new(OBJECT).with(face.id.0),
    };
    let kind = match face.kind {
        EntityKind::Player => 0,
        EntityKind::Npc => 1,
        EntityKind::Item => 2,
        EntityKind::Door => 3,
    };
    mixer
        .with(kind)
        .with_text(&face.name)
        .with_text(&face.look)
        .with(place(face.x, face.y))
        .with(face.health.map_or(u64::MAX, |health| u64::from(health as u32)))
        .with(face.open.map_or(2, u64::from))
        .finish()
}

/// A small stable hash: recorded hashes must be found again by later builds, so it is spelled out here. The
/// finaliser is the one of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone, Copy)]
pub struct Mixer(u64);

impl Mixer {
    /// Starts a hash; different purposes take different seeds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(scramble(seed))
    }

    /// Takes in a number.
    #[must_use]
    pub fn with(self, value: u64) -> Self {
        Self(scramble(self.0.rotate_left(5) ^ value))
    }

    /// Takes in a text and its length.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        text.as_bytes().chunks(8).fold(self.with(text.len() as u64), |mixer, bytes| {
            mixer.with(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
        })
    }

    /// The hash.
    #[must_use]
    pub fn finish(self) -> u64 {
        self.0
    }
}

fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_texts_do_not_change_between_builds() {
        assert_eq!(Mixer::new(0).finish(), 0xe220_a839_7b1d_cdaf, "first output of splitmix64 for seed 0");
        assert_ne!(
            Mixer::new(1).with_text("ab").with_text("c").finish(),
            Mixer::new(1).with_text("a").with_text("bc").finish()
        );
    }
}
