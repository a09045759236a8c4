//! The updates of a delta in binary frames. Most are steps, and there are more of them than of anything else, so a step is
//! one or two bytes: `1ddnnnnn`, the direction `d` and how far its id is behind that of the update before. Up to a distance
//! of 16, `n` is that less one. Up to 3,856, `n` is 16 and more, and a byte follows: 256 distances for each `n`. `n` = 31 is
//! followed by any distance. An update that is no step is a byte that says what changed, the distance, and the numbers.

use std::fmt;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeTuple as _, Serializer};
use serde::{Deserialize, Serialize};

use super::client::Direction;
use super::delta::EntityUpdate;
use crate::EntityId;

/// The bit of a step, and the parts of its byte.
const STEP: u8 = 1 << 7;
const DIRECTION_SHIFT: u32 = 5;
const NEAR_BITS: u8 = 0b1_1111;

/// From this `n` on a byte follows, and with the last one any distance.
const BYTE_FOLLOWS: u8 = 16;
const DISTANCE_FOLLOWS: u8 = NEAR_BITS;

/// The first distance that has to follow whole, less one.
const FAR: u64 = BYTE_FOLLOWS as u64 + 256 * (DISTANCE_FOLLOWS - BYTE_FOLLOWS) as u64;

/// Bits of the byte of any other update: which numbers follow, which flags are told, and what they are.
const X: u8 = 1;
const Y: u8 = 1 << 1;
const HEALTH: u8 = 1 << 2;
const OPEN_TOLD: u8 = 1 << 3;
const OPEN: u8 = 1 << 4;
const AWAY_TOLD: u8 = 1 << 5;
const AWAY: u8 = 1 << 6;

/// Updates as a delta writes them.
pub(super) struct Written<'a>(pub(super) &'a [EntityUpdate]);

/// Updates as a reader gets them, with their ids whole again.
#[derive(Default)]
pub(super) struct Read(pub(super) Vec<EntityUpdate>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut before = 0;
        // Ids ascend; where they did not, a distance would be long and still right.
        serializer.collect_seq(self.0.iter().map(|update| {
            let distance = update.id.0.wrapping_sub(std::mem::replace(&mut before, update.id.0));
            Packed { distance, update }
        }))
    }
}

/// One of them, and how far its id is behind the one before.
struct Packed<'a> {
    distance: u64,
    update: &'a EntityUpdate,
}

impl Serialize for Packed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { distance, update: EntityUpdate { id: _, x, y, health, open, away, step } } = self;
        if let Some(direction) = step {
            let head = STEP | ((*direction as u8) << DIRECTION_SHIFT);
            let less = distance.wrapping_sub(1);
            let mut tuple = serializer.serialize_tuple(1 + usize::from(less >= u64::from(BYTE_FOLLOWS)))?;
            if less < u64::from(BYTE_FOLLOWS) {
                tuple.serialize_element(&(head | less as u8))?;
            } else if less < FAR {
                let [.., high, low] = (less - u64::from(BYTE_FOLLOWS)).to_be_bytes();
                tuple.serialize_element(&(head | (BYTE_FOLLOWS + high)))?;
                tuple.serialize_element(&low)?;
            } else {
                tuple.serialize_element(&(head | DISTANCE_FOLLOWS))?;
                tuple.serialize_element(distance)?;
            }
            return tuple.end();
        }
        let numbers = [(x, X), (y, Y), (health, HEALTH)].map(|(number, bit)| number.map(|number| (number, bit)));
        let flag = |flag: &Option<bool>, told: u8, set: u8| match flag {
            None => 0,
            Some(false) => told,
            Some(true) => told | set,
        };
        let there = numbers.iter().flatten().fold(0, |bits, (_, bit)| bits | bit);
        let told = there | flag(open, OPEN_TOLD, OPEN) | flag(away, AWAY_TOLD, AWAY);
        let mut tuple = serializer.serialize_tuple(2 + numbers.iter().flatten().count())?;
        tuple.serialize_element(&told)?;
        tuple.serialize_element(distance)?;
        numbers.iter().flatten().try_for_each(|(number, _)| tuple.serialize_element(number))?;
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("updates of entities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Read, A::Error> {
        let mut updates: Vec<EntityUpdate> = Vec::new();
        while let Some(Unpacked(mut update)) = list.next_element()? {
            let before = updates.last().map_or(0, |update| update.id.0);
            update.id = EntityId(before.wrapping_add(update.id.0));
            updates.push(update);
        }
        Ok(Read(updates))
    }
}

/// An update whose id is the distance.
struct Unpacked(EntityUpdate);

impl<'de> Deserialize<'de> for Unpacked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As many parts as there can be: the byte, a distance, and three numbers.
        deserializer.deserialize_tuple(5, One)
    }
}

struct One;

impl<'de> Visitor<'de> for One {
    type Value = Unpacked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the update of an entity")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Unpacked, A::Error> {
        let cut_off = || A::Error::custom("the update of an entity ends too early");
        let told: u8 = parts.next_element()?.ok_or_else(cut_off)?;
        if told & STEP != 0 {
            let distance = match told & NEAR_BITS {
                near @ ..BYTE_FOLLOWS => u64::from(near) + 1,
                DISTANCE_FOLLOWS => parts.next_element()?.ok_or_else(cut_off)?,
                near => {
                    let low: u8 = parts.next_element()?.ok_or_else(cut_off)?;
                    u64::from(BYTE_FOLLOWS) + u64::from(u16::from_be_bytes([near - BYTE_FOLLOWS, low])) + 1
                }
            };
            let direction = Direction::ALL[usize::from((told & !STEP) >> DIRECTION_SHIFT)];
            return Ok(Unpacked(EntityUpdate { step: Some(direction), ..EntityUpdate::none(EntityId(distance)) }));
        }
        let id = parts.next_element()?.ok_or_else(cut_off)?;
        let mut number = |bit: u8| -> Result<Option<i32>, A::Error> {
            if told & bit == 0 { Ok(None) } else { parts.next_element()?.ok_or_else(cut_off).map(Some) }
        };
        let (x, y, health) = (number(X)?, number(Y)?, number(HEALTH)?);
        let flag = |told_bit: u8, set: u8| match (told & told_bit != 0, told & set != 0) {
            (true, is_set) => Ok(Some(is_set)),
            (false, false) => Ok(None),
            (false, true) => Err(A::Error::custom("a flag that is not told is set")),
        };
        let (open, away) = (flag(OPEN_TOLD, OPEN)?, flag(AWAY_TOLD, AWAY)?);
        Ok(Unpacked(EntityUpdate { id, x, y, health, open, away, step: None }))
    }
}

const _: () = {
    let mut index = 0;
    while index < Direction::ALL.len() {
        assert!(Direction::ALL[index] as usize == index && index < 4, "two bits say which direction");
        index += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    fn written(updates: &[EntityUpdate]) -> Vec<u8> {
        postcard::to_stdvec(&Written(updates)).unwrap()
    }

    #[test]
    fn every_update_survives_in_as_few_bytes_as_it_says_things() {
        let numbers = [None, Some(-3), Some(70_000)];
        let flags = [None, Some(false), Some(true)];
        for (x, y, health) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y, *x))) {
            for (open, away) in flags.iter().flat_map(|open| flags.iter().map(move |away| (*open, *away))) {
                let one = EntityUpdate { x, y, health, open, away, ..EntityUpdate::none(EntityId(300)) };
                let updates = [one.clone(), EntityUpdate { id: EntityId(u64::MAX), ..one.clone() }, one];
                assert_eq!(postcard::from_bytes::<Read>(&written(&updates)).unwrap().0, updates);
            }
        }
        let leap = EntityUpdate { x: Some(40), y: Some(41), ..EntityUpdate::none(EntityId(300)) };
        assert_eq!(written(&[leap]).len(), 1 + 1 + 2 + 2, "length, byte, distance, two small coordinates");
    }

    #[test]
    fn a_step_of_somebody_near_in_the_list_is_one_byte_or_two() {
        for direction in Direction::ALL {
            for (distance, bytes) in [(1, 1), (16, 1), (17, 2), (3_856, 2), (3_857, 3), (u64::MAX - 7, 11), (0, 2)] {
                let step = |id| EntityUpdate { step: Some(direction), ..EntityUpdate::none(EntityId(id)) };
                let updates = [step(7), step(distance + 7)];
                let bytes_of_both = written(&updates);
                assert_eq!(bytes_of_both.len(), 1 + 1 + bytes, "{distance}");
                assert_eq!(postcard::from_bytes::<Read>(&bytes_of_both).unwrap().0, updates);
            }
        }
    }

    #[test]
    fn a_byte_that_means_nothing_is_no_update() {
        for told in [OPEN, AWAY] {
            assert!(postcard::from_bytes::<Read>(&[1, told, 0, 0, 0]).is_err(), "{told:#b}");
        }
        for cut_off in [&[1, X, 1][..], &[1, STEP | BYTE_FOLLOWS], &[1, STEP | DISTANCE_FOLLOWS], &[1], &[2, STEP]] {
            assert!(postcard::from_bytes::<Read>(cut_off).is_err(), "{cut_off:?}");
        }
    }
}
