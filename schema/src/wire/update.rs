//! An [`EntityUpdate`] on the wire. In JSON it has the fields that changed. In binary it is the entity's number, a byte that
//! says what follows, and that: most updates are steps, and there are more of them than of anything else.

use std::fmt;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{SerializeTuple as _, Serializer};
use serde::{Deserialize, Serialize};

use super::delta::EntityUpdate;
use crate::EntityId;

/// Bits of the byte: which numbers follow, which flags are told, and what they are.
const X: u8 = 1;
const Y: u8 = 1 << 1;
const HEALTH: u8 = 1 << 2;
const OPEN_TOLD: u8 = 1 << 3;
const OPEN: u8 = 1 << 4;
const AWAY_TOLD: u8 = 1 << 5;
const AWAY: u8 = 1 << 6;

#[derive(Serialize, Deserialize)]
#[serde(remote = "EntityUpdate")]
struct Json {
    id: EntityId,
    #[serde(default)]
    x: Option<i32>,
    #[serde(default)]
    y: Option<i32>,
    #[serde(default)]
    health: Option<i32>,
    #[serde(default)]
    open: Option<bool>,
    #[serde(default)]
    away: Option<bool>,
}

impl Serialize for EntityUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return Json::serialize(self, serializer);
        }
        let Self { id, x, y, health, open, away } = self;
        let numbers = [(x, X), (y, Y), (health, HEALTH)].map(|(number, bit)| number.map(|number| (number, bit)));
        let flag = |flag: &Option<bool>, told: u8, set: u8| match flag {
            None => 0,
            Some(false) => told,
            Some(true) => told | set,
        };
        let there = numbers.iter().flatten().fold(0, |bits, (_, bit)| bits | bit);
        let told = there | flag(open, OPEN_TOLD, OPEN) | flag(away, AWAY_TOLD, AWAY);
        let mut tuple = serializer.serialize_tuple(2 + numbers.iter().flatten().count())?;
        tuple.serialize_element(id)?;
        tuple.serialize_element(&told)?;
        numbers.iter().flatten().try_for_each(|(number, _)| tuple.serialize_element(number))?;
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for EntityUpdate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Json::deserialize(deserializer)
        } else {
            // As many parts as there can be: a number, the byte, and three more.
            deserializer.deserialize_tuple(5, Binary)
        }
    }
}

struct Binary;

impl<'de> Visitor<'de> for Binary {
    type Value = EntityUpdate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the update of an entity")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<EntityUpdate, A::Error> {
        let cut_off = || A::Error::custom("the update of an entity ends too early");
        let id = parts.next_element()?.ok_or_else(cut_off)?;
        let told: u8 = parts.next_element()?.ok_or_else(cut_off)?;
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
        let known = X | Y | HEALTH | OPEN_TOLD | OPEN | AWAY_TOLD | AWAY;
        if told & !known != 0 {
            return Err(A::Error::custom("something is told that is not known"));
        }
        Ok(EntityUpdate { id, x, y, health, open, away })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_update_survives_in_as_few_bytes_as_it_says_things() {
        let numbers = [None, Some(-3), Some(70_000)];
        let flags = [None, Some(false), Some(true)];
        for (x, y, health) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y, *x))) {
            for (open, away) in flags.iter().flat_map(|open| flags.iter().map(move |away| (*open, *away))) {
                let update = EntityUpdate { id: EntityId(300), x, y, health, open, away };
                let bytes = postcard::to_stdvec(&vec![update.clone(), update.clone()]).unwrap();
                assert_eq!(postcard::from_bytes::<Vec<EntityUpdate>>(&bytes).unwrap(), [update.clone(), update]);
            }
        }
        let step = EntityUpdate { x: Some(40), y: Some(41), ..EntityUpdate::none(EntityId(300)) };
        assert_eq!(postcard::to_stdvec(&step).unwrap().len(), 2 + 1 + 2, "number, byte, two small coordinates");
    }

    #[test]
    fn a_byte_that_means_nothing_is_no_update() {
        for told in [OPEN, AWAY, 1 << 7] {
            assert!(postcard::from_bytes::<EntityUpdate>(&[1, told, 0, 0, 0]).is_err(), "{told:#b}");
        }
        assert!(postcard::from_bytes::<EntityUpdate>(&[1, X]).is_err(), "cut off");
    }
}
