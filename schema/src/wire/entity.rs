//! Entities that come into view, in binary frames. A byte says what kind it is, its health if that
//! is full, and what is said of a door and of a lost connection. Then come how far its id and its
//! place are from those of the one before, the number of its look in a table, and its name.

use std::sync::Arc;

use super::delta::{Entity, EntityKind};
use super::packed::{MEANINGLESS, Reader, Unpacked, put};
use crate::EntityId;

/// Looks that are one number, from 1; any other is a text behind a 0.
const LOOKS: [&str; 12] = [
    "traveller_1",
    "traveller_2",
    "traveller_3",
    "traveller_4",
    "traveller_5",
    "traveller_6",
    "traveller_7",
    "traveller_8",
    "villager_1",
    "villager_2",
    "villager_3",
    "villager_4",
];

/// The health that most have.
const HEALTHY: i32 = 100;

/// Two bits each of the byte: the kind, and whether a flag is present and which it is.
const TWO_BITS: u8 = 0b11;
const HEALTH_SHIFT: u32 = 2;
const OPEN_SHIFT: u32 = 4;
const AWAY_SHIFT: u32 = 6;
const UNTOLD: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const IS_HEALTHY: u8 = 1;
const HEALTH_FOLLOWS: u8 = 2;

const KINDS: [EntityKind; 4] = [EntityKind::Player, EntityKind::Npc, EntityKind::Item, EntityKind::Door];

/// Appends entities after how many there are.
pub(super) fn write(entities: &[Entity], out: &mut Vec<u8>) {
    put(&entities.len(), out);
    let mut before = (0, 0, 0);
    for Entity { id, kind, name, x, y, look, health, open, away } in entities {
        let told_health = match health {
            None => UNTOLD,
            Some(HEALTHY) => IS_HEALTHY,
            Some(_) => HEALTH_FOLLOWS,
        };
        let flags = flag_bits(*open) << OPEN_SHIFT | flag_bits(*away) << AWAY_SHIFT;
        out.push(*kind as u8 | told_health << HEALTH_SHIFT | flags);
        let (id_before, x_before, y_before) = std::mem::replace(&mut before, (id.0, *x, *y));
        put(&(id.0.wrapping_sub(id_before), x.wrapping_sub(x_before), y.wrapping_sub(y_before)), out);
        if let (Some(health), HEALTH_FOLLOWS) = (health, told_health) {
            put(health, out);
        }
        match LOOKS.iter().position(|known| **known == **look) {
            Some(index) => out.push(index as u8 + 1),
            None => put(&(0_u8, look), out),
        }
        put(name, out);
    }
}

/// Reads what [`write`] wrote.
pub(super) fn read(reader: &mut Reader<'_>) -> Unpacked<Vec<Entity>> {
    let mut before = (0_u64, 0_i32, 0_i32);
    reader.list(|reader| {
        let head = reader.byte()?;
        let two_bits = |shift: u32| head >> shift & TWO_BITS;
        let (id, x, y): (u64, i32, i32) = reader.value()?;
        before = (before.0.wrapping_add(id), before.1.wrapping_add(x), before.2.wrapping_add(y));
        let health = match two_bits(HEALTH_SHIFT) {
            UNTOLD => None,
            IS_HEALTHY => Some(HEALTHY),
            HEALTH_FOLLOWS => Some(reader.value()?),
            _ => return Err(MEANINGLESS),
        };
        let look = match usize::from(reader.byte()?) {
            0 => reader.value()?,
            number => Arc::from(*LOOKS.get(number - 1).ok_or(MEANINGLESS)?),
        };
        Ok(Entity {
            id: EntityId(before.0),
            kind: KINDS[usize::from(two_bits(0))],
            name: reader.value()?,
            x: before.1,
            y: before.2,
            look,
            health,
            open: flag(two_bits(OPEN_SHIFT))?,
            away: flag(two_bits(AWAY_SHIFT))?,
        })
    })
}

fn flag_bits(flag: Option<bool>) -> u8 {
    match flag {
        None => UNTOLD,
        Some(false) => FALSE,
        Some(true) => TRUE,
    }
}

fn flag(bits: u8) -> Unpacked<Option<bool>> {
    match bits {
        UNTOLD => Ok(None),
        FALSE => Ok(Some(false)),
        TRUE => Ok(Some(true)),
        _ => Err(MEANINGLESS),
    }
}

const _: () = {
    let mut index = 0;
    while index < KINDS.len() {
        assert!(KINDS[index] as usize == index, "two bits say which kind");
        index += 1;
    }
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(entities: &[Entity]) -> Vec<u8> {
        let mut out = Vec::new();
        write(entities, &mut out);
        out
    }

    fn entity() -> impl Strategy<Value = Entity> {
        let look = prop_oneof![prop::sample::select(LOOKS.to_vec()).prop_map(str::to_owned), ".{0,9}"];
        let health = prop_oneof![Just(None), Just(Some(HEALTHY)), any::<Option<i32>>()];
        (any::<u64>(), 0..4_usize, ".{0,9}", look, health, any::<(i32, i32, Option<bool>, Option<bool>)>()).prop_map(
            |(id, kind, name, look, health, (x, y, open, away))| Entity {
                id: EntityId(id),
                kind: KINDS[kind],
                name: name.into(),
                x,
                y,
                look: look.into(),
                health,
                open,
                away,
            },
        )
    }

    proptest! {
        #[test]
        fn every_entity_survives(entities in prop::collection::vec(entity(), 0..5)) {
            let bytes = written(&entities);
            let mut reader = Reader(&bytes);
            prop_assert_eq!(read(&mut reader).unwrap(), entities);
            prop_assert!(reader.0.is_empty());
            for end in 0..bytes.len() {
                prop_assert!(read(&mut Reader(&bytes[..end])).is_err(), "cut off");
            }
        }
    }

    #[test]
    fn a_healthy_player_is_its_name_and_eight_bytes_and_one_beside_another_takes_fewer() {
        let player = |id, x| Entity {
            id: EntityId(id),
            kind: EntityKind::Player,
            name: "Ann".into(),
            x,
            y: 300,
            look: "traveller_3".into(),
            health: Some(100),
            open: None,
            away: None,
        };
        let name = 1 + "Ann".len();
        assert_eq!(written(&[player(300, 200)]).len(), 1 + 8 + name, "count, byte, id, x, y, look");
        assert_eq!(written(&[player(300, 200), player(310, 190)]).len(), 1 + 8 + name + 5 + name);
    }

    #[test]
    fn a_byte_that_means_nothing_is_no_entity() {
        let good = [1, 0b01, 7, 2, 2, 1, 1, b'A'];
        assert!(read(&mut Reader(&good)).is_ok());
        for (at, byte) in [(1, 0b1100), (1, 0b11_0000), (1, 0b1100_0000), (5, LOOKS.len() as u8 + 1), (7, 0xff)] {
            let mut bad = good;
            bad[at] = byte;
            assert!(read(&mut Reader(&bad)).is_err(), "{bad:?}");
        }
    }
}
