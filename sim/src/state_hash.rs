//! The hashes over the state of the world, kept up to date as entities change: sums of one hash per entity, so
//! that neither the order of changes nor the number of entities matters to their cost. Session handles and entity
//! numbers of players are not part of them: the same people in the same places are the same state.

use bevy_ecs::prelude::*;
use tilemud_schema::{Entity as PublicEntity, EntityKind, Position, Tick, WorldHashes};

use crate::body::Face;
use crate::character::Character;
use crate::item::Stack;
use crate::room::make_room;
use crate::tick::{Clock, TickPhase};
use crate::wander::Home;

/// The running hashes and the entities whose part of them is out of date.
#[derive(Resource, Debug, Default)]
pub struct StateHash {
    sums: WorldHashes,
    stale: Vec<Entity>,
}

/// What an entity adds to which of the hashes.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    hash: u64,
    is_character: bool,
}

/// An entity's part of the hashes, as it was last computed.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct Fingerprint {
    hash: u64,
    is_character: bool,
    /// Of a character: over what seldom changes, and when that was computed.
    lasting: Option<(u64, Tick)>,
}

impl Fingerprint {
    /// What is in the sum now.
    #[must_use]
    pub fn part(&self) -> Part {
        Part { hash: self.hash, is_character: self.is_character }
    }
}

impl StateHash {
    /// As of the end of the last tick.
    #[must_use]
    pub fn hashes(&self) -> WorldHashes {
        self.sums
    }

    /// How often entities were noted since the last renewal.
    #[must_use]
    pub fn stale_len(&self) -> usize {
        self.stale.len()
    }

    /// Notes that an entity differs from what its part says.
    pub fn touch(&mut self, entity: Entity) {
        self.stale.push(entity);
    }

    /// Takes out an entity that is no more.
    pub fn forget(&mut self, part: Part) {
        self.change(part.is_character, part.hash, 0);
    }

    /// Takes in that a tile became another; `original` is what it is on the map. Tiles as on the map are no part.
    pub fn change_tile(&mut self, position: Position, original: u16, old: u16, new: u16) {
        let part = |tile: u16| {
            let differs = Mixer::new(TILE).with(place(position.x, position.y)).with(u64::from(tile));
            if tile == original { 0 } else { differs.finish() }
        };
        self.sums.tiles = self.sums.tiles.wrapping_sub(part(old)).wrapping_add(part(new));
    }

    fn change(&mut self, is_character: bool, old: u64, new: u64) {
        let sum = if is_character { &mut self.sums.characters } else { &mut self.sums.objects };
        *sum = sum.wrapping_sub(old).wrapping_add(new);
    }
}

/// One hash of the three.
#[must_use]
pub fn combined(hashes: &WorldHashes) -> u64 {
    Mixer::new(WORLD).with(hashes.characters).with(hashes.objects).with(hashes.tiles).finish()
}

fn place(x: i32, y: i32) -> u64 {
    u64::from(x as u32) << 32 | u64::from(y as u32)
}

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

/// Brings the hashes up to date.
pub fn renew_fingerprints(clock: Res<Clock>, mut hash: ResMut<StateHash>, mut bodies: Query<Hashed>) {
    let mut stale = std::mem::take(&mut hash.stale);
    make_room(&mut stale);
    for entity in stale.drain(..) {
        // Gone again within the tick: it was never in the sum, or despawning took it out.
        let Ok((face, mut fingerprint, character, stack, home)) = bodies.get_mut(entity) else { continue };
        let mixer = match character {
            Some(character) => {
                let newest = character.stats_changed.max(character.inventory_changed);
                match fingerprint.lasting {
                    Some((lasting, at)) if at >= newest => Mixer(lasting),
                    _ => {
                        let lasting = lasting_of(&face.0, character);
                        fingerprint.lasting = Some((lasting.0, clock.tick));
                        lasting
                    }
                }
            }
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
const TILE: u64 = 3;
const WORLD: u64 = 4;

/// Over what of a character does not change with every step.
fn lasting_of(face: &PublicEntity, character: &Character) -> Mixer {
    let identity = &character.identity;
    let (high, low) = identity.character_id.0.as_u64_pair();
    let mut mixer = Mixer::new(PLAYER).with(high).with(low);
    mixer = mixer.with_text(&face.name).with_text(&face.look).with(character.stats.len() as u64);
    for (name, value) in character.stats.iter() {
        mixer = mixer.with_text(name).with(*value as u64);
    }
    mixer = mixer.with(character.inventory.len() as u64);
    for stack in character.inventory.iter() {
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
        self.with_bytes(text.as_bytes())
    }

    /// Takes in bytes and how many they are.
    #[must_use]
    pub fn with_bytes(self, bytes: &[u8]) -> Self {
        bytes.chunks(8).fold(self.with(bytes.len() as u64), |mixer, chunk| {
            mixer.with(chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
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
