//! The whole world between two ticks, as data. Taking it encodes nothing; [`WorldSnapshot::encode`]
//! and [`WorldSnapshot::decode`] write and read it; a world made from it goes on exactly like the
//! original. What only connections use (what they saw and heard) is no part of it.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::{
    CharacterState, Entity as PublicEntity, EntityId, EntityKind, Position, Tick, TileChange, WorldHashes,
};

use crate::api::Identity;
use crate::history::provenance::{Provenance, Thing};
use crate::history::{characters_before, state_hash};
use crate::intake::ingest;
use crate::map::MapObject;
use crate::views::seen::Seen;
use crate::world::body::{Appearance, Body, EntityIds, Id, Stack};
use crate::world::character::{Character, CharacterPartsItem};
use crate::world::character_index::CharacterIndex;
use crate::world::clock::Clock;
use crate::world::hashes::StateHash;
use crate::world::mixer::Mixer;
use crate::world::scene;
use crate::world::scene::Scene;
use crate::world::session::{DirtySessions, Sessions};
use crate::world::spawners::{SpawnerState, Spawners};
use crate::world::terrain::Terrain;
use crate::world::wanderers::Wander;

/// First byte of an encoded snapshot. A change of what follows takes the next number.
const FORMAT: u8 = 4;

/// As [`FORMAT`], and behind all else how far the places of the world have moved.
const FORMAT_SHIFTED: u8 = 5;

/// As [`FORMAT`], but without provenance and spawners.
const FORMAT_BEFORE_SPAWNERS: u8 = 3;

/// As [`FORMAT_BEFORE_SPAWNERS`], but with characters as [`characters_before`] has them.
const FORMAT_BEFORE_COUNTS: u8 = 2;

/// As [`FORMAT_BEFORE_COUNTS`], but without the version of the program.
const FORMAT_WITHOUT_VERSION: u8 = 1;

/// Bytes of the checksum at the end.
const CHECKSUM_LEN: usize = 8;

/// A world between two ticks. The lists are in no particular order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldSnapshot {
    /// The last tick that ran.
    pub tick: Tick,
    /// The hashes after it.
    pub hashes: WorldHashes,
    /// Version of the program that took it, at most 255 bytes; empty in formats without it. The log
    /// after the snapshot was recorded by the rules of that version.
    #[serde(skip)]
    pub version: String,
    /// Which map it is a world of.
    pub map: u64,
    /// How many ticks a second has.
    pub ticks_per_second: u32,
    /// The number of the next new entity.
    pub next_entity: u64,
    /// Tiles that are not as on the map.
    pub tiles: Vec<TileChange>,
    /// NPCs, items and doors.
    pub objects: Vec<ObjectSnapshot>,
    /// Encoded behind all that is above.
    #[serde(skip)]
    pub characters: Vec<CharacterSnapshot>,
    /// Encoded behind the characters.
    #[serde(skip)]
    pub provenance: Provenance,
    /// What makes things come back; none in formats without it. Encoded behind the provenance.
    #[serde(skip)]
    pub spawners: Vec<SpawnerState>,
}

/// An NPC, item or door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectSnapshot {
    /// What is seen of it.
    #[serde(with = "crate::history::stored_face")]
    pub face: PublicEntity,
    /// For items: how many.
    pub quantity: Option<u32>,
    /// For NPCs: where it belongs.
    pub home: Option<Wander>,
}

impl ObjectSnapshot {
    /// An object of a map that was not in the world until now.
    pub(crate) fn of_map(object: &MapObject, id: EntityId) -> Self {
        let MapObject { kind, name, look, position, open, quantity, wander, .. } = object.clone();
        let is = |other| kind == other;
        let Position { x, y } = position;
        let open = is(EntityKind::Door).then_some(open);
        Self {
            face: PublicEntity { id, kind, name, x, y, look, health: None, open, away: None },
            quantity: is(EntityKind::Item).then_some(quantity),
            home: is(EntityKind::Npc).then_some(Wander { home: position, reach: wander }),
        }
    }

    /// What its object on the map is found by.
    fn thing(&self) -> Thing<'_> {
        let stands = Position { x: self.face.x, y: self.face.y };
        (self.face.id, self.face.kind, &*self.face.look, self.home.map_or(stands, |home| home.home))
    }

    fn put(&self, world: &mut World) {
        let PublicEntity { id, kind, name, x, y, look, open, .. } = self.face.clone();
        let body = Body::new(id, Appearance { kind, name, look }, Position { x, y });
        match kind {
            EntityKind::Door => scene::put_door(world, body, open.unwrap_or_default()),
            EntityKind::Item => scene::put_item(world, body, self.quantity.unwrap_or_default()),
            EntityKind::Npc | EntityKind::Player => scene::put_npc(world, body, self.home),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacterSnapshot {
    pub id: EntityId,
    /// Who plays it, in which session.
    pub identity: Arc<Identity>,
    /// All of its state; the position is always given. Stored by field name, so that a new field
    /// does not change the format.
    #[serde(with = "crate::history::stored_state")]
    pub state: CharacterState,
}

/// Why a snapshot does not become a world.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("the world snapshot is empty")]
    Empty,
    /// Written by another version of the program.
    #[error("the world snapshot is of format {found}, this program reads format {FORMAT}")]
    Format { found: u8 },
    /// Cut short or changed since it was written.
    #[error("the world snapshot is damaged: its checksum is wrong")]
    Damaged,
    /// Not what its format says.
    #[error("the world snapshot cannot be read")]
    Unreadable(#[source] postcard::Error),
    /// The map was changed, or is another one.
    #[error("the world snapshot was taken on another map")]
    OtherMap,
    /// It can be decoded, but is no valid world: something is outside of the map, or two things
    /// have one number.
    #[error("the world snapshot contradicts itself: {what}")]
    Inconsistent { what: &'static str },
    /// The world made of it is not the one it was taken of.
    #[error("the world restored from the snapshot of tick {tick} has other hashes than the snapshot says")]
    Hashes {
        /// Of which tick it is.
        tick: Tick,
    },
}

impl WorldSnapshot {
    /// As bytes. Equal worlds give equal bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut sorted = self.clone();
        sorted.tiles.sort_unstable_by_key(|tile| (tile.y, tile.x));
        sorted.objects.sort_unstable_by_key(|object| object.face.id);
        sorted.characters.sort_unstable_by_key(|character| character.id);
        sorted.provenance.origins.sort_unstable();
        let version = &self.version.as_bytes()[..self.version.len().min(usize::from(u8::MAX))];
        let shifted = self.provenance.shifted;
        let is_shifted = shifted != Position::default();
        let mut bytes = vec![if is_shifted { FORMAT_SHIFTED } else { FORMAT }, version.len() as u8];
        bytes.extend_from_slice(version);
        let bytes = postcard::to_extend(&sorted, bytes)
            .and_then(|bytes| postcard::to_extend(&sorted.characters, bytes))
            .and_then(|bytes| postcard::to_extend(&sorted.provenance, bytes))
            .and_then(|bytes| postcard::to_extend(&sorted.spawners, bytes))
            .and_then(|bytes| if is_shifted { postcard::to_extend(&shifted, bytes) } else { Ok(bytes) });
        Self::sealed(bytes.expect("a vector takes all bytes, and every type here can be encoded"))
    }

    /// What was written, with its checksum.
    #[must_use]
    pub fn sealed(mut written: Vec<u8>) -> Vec<u8> {
        written.extend_from_slice(&checksum(&written));
        written
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`RestoreError`] for anything that [`Self::encode`] did not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, RestoreError> {
        match bytes.first() {
            None => return Err(RestoreError::Empty),
            Some(&(FORMAT_WITHOUT_VERSION..=FORMAT_SHIFTED)) => {}
            Some(&found) => return Err(RestoreError::Format { found }),
        }
        let (written, sum) = bytes.split_last_chunk::<CHECKSUM_LEN>().ok_or(RestoreError::Damaged)?;
        if written.is_empty() || checksum(written) != *sum {
            return Err(RestoreError::Damaged);
        }
        let (version, written) = match written {
            [FORMAT_BEFORE_COUNTS..=FORMAT_SHIFTED, len, rest @ ..] => {
                rest.split_at_checked(usize::from(*len)).ok_or(RestoreError::Damaged)?
            }
            _ => written.split_at(1),
        };
        let has_version = bytes[0] != FORMAT_WITHOUT_VERSION;
        let version = if has_version { String::from_utf8_lossy(version).into_owned() } else { String::new() };
        let (snapshot, rest): (Self, _) = postcard::take_from_bytes(written).map_err(RestoreError::Unreadable)?;
        let (characters, rest) = if bytes[0] >= FORMAT_BEFORE_SPAWNERS {
            postcard::take_from_bytes(rest).map_err(RestoreError::Unreadable)?
        } else {
            let (before, rest) = characters_before::read(rest).map_err(RestoreError::Unreadable)?;
            let snapshot = |(id, identity, state)| CharacterSnapshot { id, identity, state };
            (before.into_iter().map(snapshot).collect(), rest)
        };
        let ((mut provenance, spawners), rest): ((Provenance, _), _) = match bytes[0] {
            FORMAT | FORMAT_SHIFTED => postcard::take_from_bytes(rest).map_err(RestoreError::Unreadable)?,
            _ => (Default::default(), rest),
        };
        let rest = if bytes[0] == FORMAT_SHIFTED {
            let (shifted, rest) = postcard::take_from_bytes(rest).map_err(RestoreError::Unreadable)?;
            provenance.shifted = shifted;
            rest
        } else {
            rest
        };
        if !rest.is_empty() {
            return Err(RestoreError::Damaged);
        }
        Ok(Self { version, characters, provenance, spawners, ..snapshot })
    }
}

/// Finds accidents of storage, not forgeries.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    Mixer::new(CHECKSUM).with_bytes(bytes).finish().to_le_bytes()
}

const CHECKSUM: u64 = 6;

impl WorldSnapshot {
    /// The world as it is, between two ticks. Costs a copy of plain data and shared pointers per
    /// entity.
    #[must_use]
    pub(crate) fn of(world: &World) -> Self {
        let (clock, terrain) = (world.resource::<Clock>(), world.resource::<Terrain>());
        let mut objects = Vec::new();
        if let Some(mut faces) =
            world.try_query_filtered::<(Seen, Option<&Stack>, Option<&Wander>), Without<Character>>()
        {
            objects.extend(faces.iter(world).map(|(seen, stack, home)| ObjectSnapshot {
                face: seen.entity(),
                quantity: stack.map(|stack| stack.0),
                home: home.copied(),
            }));
        }
        let everyone = world.resource::<CharacterIndex>().everyone();
        let characters = everyone.filter_map(|entity| {
            let (parts, id) = (CharacterPartsItem::of(world, entity)?, world.get::<Id>(entity)?);
            Some(CharacterSnapshot { id: id.0, identity: parts.character.identity.clone(), state: parts.state() })
        });
        Self {
            tick: clock.tick,
            hashes: world.resource::<StateHash>().hashes(),
            version: tilemud_schema::version().to_owned(),
            map: terrain.map_fingerprint(),
            ticks_per_second: clock.second(),
            next_entity: world.resource::<EntityIds>().next,
            tiles: terrain.all_differences().collect(),
            objects,
            characters: characters.collect(),
            provenance: Provenance::of(world),
            spawners: world.resource::<Spawners>().states(),
        }
    }

    /// Puts its whole content into an empty world at its tick.
    ///
    /// # Errors
    /// [`RestoreError::Hashes`] when that is another world than the one it was taken of.
    pub(crate) fn fill(&self, world: &mut World) -> Result<(), RestoreError> {
        self.fill_unchecked(world);
        if world.resource::<StateHash>().hashes() == self.hashes {
            Ok(())
        } else {
            Err(RestoreError::Hashes { tick: self.tick })
        }
    }

    /// The same for a world whose hashes are not known yet.
    pub(crate) fn fill_unchecked(&self, world: &mut World) {
        let tiles = world.run_system_cached_with(restore_tiles, &self.tiles);
        debug_assert!(tiles.is_ok(), "its parameters are resources that every world has");
        for object in &self.objects {
            object.put(world);
        }
        self.provenance.fill(world, self.objects.iter().map(ObjectSnapshot::thing));
        world.resource_scope(|world, mut spawners: Mut<Spawners>| {
            let mut hash = world.resource_mut::<StateHash>();
            self.spawners.iter().for_each(|state| spawners.add(state.clone(), &mut hash));
        });
        world.resource_mut::<DirtySessions>().is_off = true;
        for character in &self.characters {
            let key = world.resource_mut::<Sessions>().unconnected_key();
            let (identity, state) = (character.identity.clone(), character.state.clone());
            ingest::enter(world, character.id, key, identity, state, 0, false);
        }
        world.resource_mut::<EntityIds>().next = self.next_entity;
        state_hash::renew(world);
        debug_assert_eq!(world.resource::<Clock>().tick, self.tick);
    }
}

fn restore_tiles(InRef(tiles): InRef<Vec<TileChange>>, mut scene: Scene) {
    for TileChange { x, y, tile } in tiles {
        scene.set_tile(Position { x: *x, y: *y }, *tile);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tilemud_schema::{CharacterId, ItemStack, SessionId, Stats, UserId};
    use uuid::Uuid;

    use super::*;
    use crate::map::Map;
    use crate::sim::{Sim, SimConfig};

    /// The bytes of an earlier format: `first` in place of the head, and the characters as that
    /// format has them.
    fn written_before(world: &WorldSnapshot, first: &[u8], characters: &[u8]) -> Vec<u8> {
        let provenance = Provenance::default();
        let none = WorldSnapshot { version: String::new(), characters: Vec::new(), provenance, ..world.clone() };
        let mut bytes = none.encode();
        bytes.truncate(bytes.len() - CHECKSUM_LEN);
        assert_eq!(bytes.split_off(bytes.len() - 4), [0; 4], "no map, no edits, no origins, no spawners");
        assert_eq!(bytes.pop(), Some(0), "no characters");
        assert_eq!(bytes[..2], [FORMAT, 0]);
        bytes.splice(..2, first.iter().copied());
        bytes.extend_from_slice(characters);
        WorldSnapshot::sealed(bytes)
    }

    #[test]
    fn what_was_written_without_a_version_can_still_be_read() {
        let now = Sim::new(Arc::new(Map::open("field", 8, 8)), SimConfig::default()).snapshot();
        assert_eq!(WorldSnapshot::decode(&now.encode()).unwrap(), now);
        assert!(!now.version.is_empty());
        let before = WorldSnapshot { version: String::new(), provenance: Provenance::default(), ..now };
        assert_eq!(WorldSnapshot::decode(&written_before(&before, &[FORMAT_WITHOUT_VERSION], &[0])).unwrap(), before);
    }

    #[test]
    fn what_was_written_before_there_were_spawners_can_still_be_read_and_has_none() {
        let before = Sim::new(Arc::new(Map::open("field", 8, 8)), SimConfig::default()).snapshot();
        let provenance = Provenance::default();
        let before = WorldSnapshot { version: "0.1".to_owned(), provenance, ..before };
        let bytes = written_before(&before, &[FORMAT_BEFORE_SPAWNERS, 3, b'0', b'.', b'1'], &[0]);
        assert_eq!(WorldSnapshot::decode(&bytes).unwrap(), before);
        assert!(before.spawners.is_empty());
    }

    #[test]
    fn what_was_written_before_anything_was_counted_can_still_be_read_and_has_the_same_hashes() {
        let apple = ItemStack { item: "apple".into(), quantity: 2 };
        let identity = Identity {
            session_id: SessionId(Uuid::from_u128(1)),
            user_id: UserId("user".into()),
            character_id: CharacterId(Uuid::from_u128(2)),
        };
        let state = CharacterState {
            display_name: "Anna".into(),
            look: "hero".into(),
            position: Some(Position { x: 3, y: 4 }),
            health: 80,
            stats: Stats { named: Arc::new(BTreeMap::from([("strength".into(), 5)])), ..Stats::default() },
            inventory: Arc::new(vec![apple.clone()]),
            ..CharacterState::default()
        };
        let mut world = Sim::new(Arc::new(Map::open("field", 8, 8)), SimConfig::default()).snapshot();
        world.provenance = Provenance::default();
        world.next_entity += 1;
        let id = EntityId(world.next_entity - 1);
        // A tuple has the bytes of a struct, and nested ones those of one.
        let strength = BTreeMap::from([("strength", 5)]);
        let old = (id, &identity, "Anna", "hero", Some(Position { x: 3, y: 4 }), 80_i32, strength, vec![apple]);
        // As the program of then had it over the same character.
        world.hashes.characters = HASH_BEFORE;
        let bytes = written_before(
            &world,
            &[FORMAT_BEFORE_COUNTS, 3, b'0', b'.', b'1'],
            &postcard::to_stdvec(&vec![old]).unwrap(),
        );
        let read = WorldSnapshot::decode(&bytes).unwrap();
        let characters = vec![CharacterSnapshot { id, identity: Arc::new(identity), state }];
        assert_eq!(read, WorldSnapshot { version: "0.1".to_owned(), characters, ..world });
        let restored = Sim::restore(Arc::new(Map::open("field", 8, 8)), SimConfig::default(), &read);
        assert!(restored.is_ok(), "{:?}", restored.err());
    }

    /// Recorded with the program of before.
    const HASH_BEFORE: u64 = 0x5890_6cb0_007b_883d;
}
