//! A [`StateDelta`] on the wire. In JSON it has the fields that say something. In binary it is a byte that says which parts
//! follow, the tick, and those parts: most deltas have one or two of seven.

use std::fmt;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeTuple as _, Serializer};
use serde::{Deserialize, Serialize};

use super::delta::{Entity, EntityUpdate, StateDelta, TileChange};
use super::update;
use crate::EntityId;

/// Bits of the byte, in the order of the parts.
const FULL: u8 = 1;
const OWN: u8 = 1 << 1;
const ENTER: u8 = 1 << 2;
const UPDATE: u8 = 1 << 3;
const LEAVE: u8 = 1 << 4;
const TILES: u8 = 1 << 5;
const EFFECTS: u8 = 1 << 6;

/// The parts of a delta that several players may share.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shared<'a> {
    /// Entities that came into view.
    pub enter: &'a [Entity],
    /// Entities in view that changed.
    pub update: &'a [EntityUpdate],
    /// Entities that went out of view.
    pub leave: &'a [EntityId],
    /// Tiles that changed.
    pub tiles: &'a [TileChange],
}

impl Shared<'_> {
    /// The bits of those that are there.
    pub(crate) fn told(&self) -> u8 {
        bit(ENTER, !self.enter.is_empty())
            | bit(UPDATE, !self.update.is_empty())
            | bit(LEAVE, !self.leave.is_empty())
            | bit(TILES, !self.tiles.is_empty())
    }
}

/// The bit of the effects, if there are any.
pub(crate) const fn told_effects(has_effects: bool) -> u8 {
    bit(EFFECTS, has_effects)
}

const fn bit(bit: u8, is_told: bool) -> u8 {
    if is_told { bit } else { 0 }
}

/// In binary frames only.
impl Serialize for Shared<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { enter, update, leave, tiles } = self;
        let told = self.told();
        let mut tuple = serializer.serialize_tuple(told.count_ones() as usize)?;
        if told & ENTER != 0 {
            tuple.serialize_element(enter)?;
        }
        if told & UPDATE != 0 {
            tuple.serialize_element(&update::Written(update))?;
        }
        if told & LEAVE != 0 {
            tuple.serialize_element(leave)?;
        }
        if told & TILES != 0 {
            tuple.serialize_element(tiles)?;
        }
        tuple.end()
    }
}

impl Serialize for StateDelta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return Self::serialize(self, serializer);
        }
        let Self { tick, full, own, enter, update, leave, tiles, effects } = self;
        let shared = Shared { enter, update, leave, tiles };
        let told = bit(FULL, *full) | bit(OWN, own.is_some()) | shared.told() | told_effects(!effects.is_empty());
        let mut tuple =
            serializer.serialize_tuple(3 + usize::from(own.is_some()) + usize::from(!effects.is_empty()))?;
        tuple.serialize_element(&told)?;
        tuple.serialize_element(tick)?;
        own.iter().try_for_each(|own| tuple.serialize_element(own))?;
        tuple.serialize_element(&shared)?;
        if !effects.is_empty() {
            tuple.serialize_element(effects)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for StateDelta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Self::deserialize(deserializer)
        } else {
            // As many parts as there can be: the byte, the tick, and one for each bit but the first.
            deserializer.deserialize_tuple(8, Binary)
        }
    }
}

struct Binary;

impl<'de> Visitor<'de> for Binary {
    type Value = StateDelta;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a state delta")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<StateDelta, A::Error> {
        let told: u8 = next(&mut parts)?;
        if told & !(FULL | OWN | ENTER | UPDATE | LEAVE | TILES | EFFECTS) != 0 {
            return Err(A::Error::custom("a part is told that is not known"));
        }
        let tick = next(&mut parts)?;
        let own = if told & OWN == 0 { None } else { Some(next(&mut parts)?) };
        let enter = part(told, ENTER, &mut parts)?;
        let update::Read(update) = part(told, UPDATE, &mut parts)?;
        let leave = part(told, LEAVE, &mut parts)?;
        let tiles = part(told, TILES, &mut parts)?;
        let effects = part(told, EFFECTS, &mut parts)?;
        Ok(StateDelta { tick, full: told & FULL != 0, own, enter, update, leave, tiles, effects })
    }
}

fn next<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(parts: &mut A) -> Result<T, A::Error> {
    parts.next_element()?.ok_or_else(|| A::Error::custom("the state delta ends too early"))
}

/// A part that is told, or nothing.
fn part<'de, A: SeqAccess<'de>, T: Deserialize<'de> + Default>(
    told: u8,
    bit: u8,
    parts: &mut A,
) -> Result<T, A::Error> {
    if told & bit == 0 { Ok(T::default()) } else { next(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Effect, SelfState};

    #[test]
    fn a_delta_has_a_byte_for_what_it_says_and_nothing_for_what_it_does_not() {
        let nothing = StateDelta { tick: 100, ..StateDelta::default() };
        assert_eq!(postcard::to_stdvec(&nothing).unwrap(), [0, 100]);
        let step = EntityUpdate { step: Some(Direction::West), ..EntityUpdate::none(EntityId(9)) };
        let tile = TileChange { x: 1, y: 2, tile: 3 };
        let missed = Effect::Missed { lines: 4 };
        for bits in 0..0x80_u8 {
            let has = |bit: u8| usize::from(bits & bit != 0);
            let delta = StateDelta {
                tick: 300,
                full: bits & FULL != 0,
                own: (bits & OWN != 0).then(SelfState::default),
                enter: Vec::new(),
                update: vec![step.clone(); has(UPDATE)],
                leave: vec![EntityId(70); has(LEAVE)],
                tiles: vec![tile; has(TILES)],
                effects: vec![missed.clone(); has(EFFECTS)],
            };
            let bytes = postcard::to_stdvec(&delta).unwrap();
            assert_eq!(bytes[0], bits & !ENTER);
            assert_eq!(postcard::from_bytes::<StateDelta>(&bytes).unwrap(), delta);
            assert!(postcard::from_bytes::<StateDelta>(&bytes[..bytes.len() - 1]).is_err(), "cut off");
        }
        assert!(postcard::from_bytes::<StateDelta>(&[1 << 7, 0]).is_err(), "an unknown part");
    }
}
