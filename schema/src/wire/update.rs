//! The updates of a delta in binary frames. Most are steps, and there are more of them than of
//! anything else, so a step is one or two bytes: `1ddnnnnn`, the direction `d` and how far its
//! number, a place or an id, is behind that of the update before. Up to a distance of 24, `n` is
//! that less one. Up to 1,816, `n` is 24 and more, and a byte follows: 256 distances for each `n`.
//! `n` = 31 is followed by any distance. An update that is no step is a byte that says what
//! changed, the distance, and the numbers. They go on to the end of the frame.

use super::client::Direction;
use super::delta::EntityUpdate;
use super::packed::{MEANINGLESS, Reader, Unpacked, put};
use crate::EntityId;

/// The bit of a step, and the parts of its byte.
const STEP: u8 = 1 << 7;
const DIRECTION_SHIFT: u32 = 5;
const NEAR_BITS: u8 = 0b1_1111;

/// From this `n` on a byte follows, and with the last one any distance.
const BYTE_FOLLOWS: u8 = 24;
const DISTANCE_FOLLOWS: u8 = NEAR_BITS;

/// The first distance that has to follow whole, less one.
const FAR: u64 = BYTE_FOLLOWS as u64 + 256 * (DISTANCE_FOLLOWS - BYTE_FOLLOWS) as u64;

/// Bits of the byte of any other update: which numbers follow, which flags are present, and what
/// they are.
const X: u8 = 1;
const Y: u8 = 1 << 1;
const HEALTH: u8 = 1 << 2;
const OPEN_TOLD: u8 = 1 << 3;
const OPEN: u8 = 1 << 4;
const AWAY_TOLD: u8 = 1 << 5;
const AWAY: u8 = 1 << 6;

/// Appends an update whose number is so far behind that of the one before.
pub(super) fn write(distance: u64, update: &EntityUpdate, out: &mut Vec<u8>) {
    let EntityUpdate { id: _, x, y, health, open, away, step } = update;
    if let Some(direction) = step {
        let head = STEP | ((*direction as u8) << DIRECTION_SHIFT);
        let less = distance.wrapping_sub(1);
        if less < u64::from(BYTE_FOLLOWS) {
            out.push(head | less as u8);
        } else if less < FAR {
            let [.., high, low] = (less - u64::from(BYTE_FOLLOWS)).to_be_bytes();
            out.extend([head | (BYTE_FOLLOWS + high), low]);
        } else {
            out.push(head | DISTANCE_FOLLOWS);
            put(&distance, out);
        }
        return;
    }
    let numbers = [(x, X), (y, Y), (health, HEALTH)].map(|(number, bit)| number.map(|number| (number, bit)));
    let flag = |flag: &Option<bool>, present: u8, set: u8| match flag {
        None => 0,
        Some(false) => present,
        Some(true) => present | set,
    };
    let there = numbers.iter().flatten().fold(0, |bits, (_, bit)| bits | bit);
    out.push(there | flag(open, OPEN_TOLD, OPEN) | flag(away, AWAY_TOLD, AWAY));
    put(&distance, out);
    numbers.iter().flatten().for_each(|(number, _)| put(number, out));
}

/// Reads an update and how far its number is behind that of the one before; its id is still to be
/// found.
pub(super) fn read(reader: &mut Reader<'_>) -> Unpacked<(u64, EntityUpdate)> {
    let bits = reader.byte()?;
    let mut update = EntityUpdate::none(EntityId(0));
    if bits & STEP != 0 {
        let distance = match bits & NEAR_BITS {
            near @ ..BYTE_FOLLOWS => u64::from(near) + 1,
            DISTANCE_FOLLOWS => reader.value()?,
            near => {
                let further = u16::from_be_bytes([near - BYTE_FOLLOWS, reader.byte()?]);
                u64::from(BYTE_FOLLOWS) + u64::from(further) + 1
            }
        };
        update.step = Some(Direction::ALL[usize::from((bits & !STEP) >> DIRECTION_SHIFT)]);
        return Ok((distance, update));
    }
    let distance = reader.value()?;
    let mut number = |bit: u8| if bits & bit == 0 { Ok(None) } else { reader.value().map(Some) };
    (update.x, update.y, update.health) = (number(X)?, number(Y)?, number(HEALTH)?);
    let flag = |present: u8, set: u8| match (bits & present != 0, bits & set != 0) {
        (true, is_set) => Ok(Some(is_set)),
        (false, false) => Ok(None),
        // A flag that is not present is set.
        (false, true) => Err(MEANINGLESS),
    };
    (update.open, update.away) = (flag(OPEN_TOLD, OPEN)?, flag(AWAY_TOLD, AWAY)?);
    Ok((distance, update))
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

    fn written(distance: u64, update: &EntityUpdate) -> Vec<u8> {
        let mut out = Vec::new();
        write(distance, update, &mut out);
        out
    }

    fn survives(distance: u64, update: &EntityUpdate) {
        let bytes = written(distance, update);
        let mut reader = Reader(&bytes);
        assert_eq!(read(&mut reader).unwrap(), (distance, update.clone()));
        assert!(reader.0.is_empty());
        for end in 0..bytes.len() {
            assert!(read(&mut Reader(&bytes[..end])).is_err(), "cut off");
        }
    }

    #[test]
    fn every_update_survives_in_as_few_bytes_as_it_says_things() {
        let numbers = [None, Some(-3), Some(70_000)];
        let flags = [None, Some(false), Some(true)];
        for (x, y, health) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y, *x))) {
            for (open, away) in flags.iter().flat_map(|open| flags.iter().map(move |away| (*open, *away))) {
                let update = EntityUpdate { x, y, health, open, away, ..EntityUpdate::none(EntityId(0)) };
                [0, 1, 300, u64::MAX].into_iter().for_each(|distance| survives(distance, &update));
            }
        }
        let leap = EntityUpdate { x: Some(40), y: Some(41), ..EntityUpdate::none(EntityId(0)) };
        assert_eq!(written(300, &leap).len(), 1 + 2 + 2, "byte, distance, two small coordinates");
    }

    #[test]
    fn a_step_of_somebody_near_in_the_list_is_one_byte_or_two() {
        for direction in Direction::ALL {
            for (distance, bytes) in [(1, 1), (24, 1), (25, 2), (1_816, 2), (1_817, 3), (u64::MAX - 7, 11), (0, 2)] {
                let step = EntityUpdate { step: Some(direction), ..EntityUpdate::none(EntityId(0)) };
                assert_eq!(written(distance, &step).len(), bytes, "{distance}");
                survives(distance, &step);
            }
        }
    }

    #[test]
    fn a_byte_that_means_nothing_is_no_update() {
        for present in [OPEN, AWAY] {
            assert!(read(&mut Reader(&[present, 0, 0, 0])).is_err(), "{present:#b}");
        }
    }
}
