//! Room in the lists that are filled and emptied in every tick: much more than they hold, and made at once, so that a list
//! which has to be longer than it ever was does not grow for it.

use std::collections::VecDeque;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::limits::{MAP_ROOM_FACTOR, MAP_ROOM_MIN, ROOM_FACTOR, ROOM_MADE_MAX, ROOM_MIN};

/// Makes room in a full list for the ticks to come, when it has room for less than twice of what it holds or for little at all. A
/// list that is longer than [`ROOM_MADE_MAX`] has what it needs: it is of a rush of newcomers.
pub fn make_room<T>(list: &mut Vec<T>) {
    list.reserve_exact(missing(list.len(), list.capacity()));
}

/// The same for a ring.
pub fn make_room_in_ring<T>(ring: &mut VecDeque<T>) {
    ring.reserve_exact(missing(ring.len(), ring.capacity()));
}

/// The same for a map, which gets less of it: it is emptied over all its room.
pub fn make_room_in_map<K: Eq + Hash, V>(map: &mut FxHashMap<K, V>) {
    if map.capacity() < 2 * map.len() {
        map.reserve(map.len() * (MAP_ROOM_FACTOR - 1) + MAP_ROOM_MIN);
    }
}

/// Empties a list, and gives its memory back when it is so long that no room is made in it.
pub fn drop_excess<T>(list: &mut Vec<T>) {
    if list.len() > ROOM_MADE_MAX {
        *list = Vec::new();
    }
    list.clear();
}

/// For how many more than `len` there has to be room.
fn missing(len: usize, capacity: usize) -> usize {
    let is_needed = len <= ROOM_MADE_MAX && capacity < ROOM_MIN.max(2 * len);
    if is_needed { len * (ROOM_FACTOR - 1) + ROOM_MIN } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_once_and_not_for_a_rush() {
        let mut list = Vec::new();
        make_room(&mut list);
        assert_eq!(list.capacity(), ROOM_MIN, "little says nothing of what is to come");
        list.extend(0..ROOM_MIN / 2 + 1);
        make_room(&mut list);
        let room = list.capacity();
        assert!(room >= list.len() * ROOM_FACTOR + ROOM_MIN);
        list.extend(list.len()..room / 2);
        make_room(&mut list);
        assert_eq!(list.capacity(), room);
        list.extend(0..ROOM_MADE_MAX);
        let grown = list.capacity();
        make_room(&mut list);
        assert_eq!(list.capacity(), grown);
        drop_excess(&mut list);
        assert_eq!((list.len(), list.capacity()), (0, 0));
    }
}
