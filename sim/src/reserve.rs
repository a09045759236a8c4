//! A trick: lists that are filled and emptied in every tick get much more capacity than they use,
//! at once.
//!
//! It replaces growth as a `Vec` does it. With that, 3 to 12 ticks of a hundred allocate
//! (`perf sim-only`), because a list has to be longer than it ever was; with this, none does: the
//! test `a_tick_like_those_before_allocates_nothing` of `perf` holds it. What a list holds does not
//! depend on it.

use std::collections::VecDeque;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::limits::{MAP_RESERVE_FACTOR, MAP_RESERVE_MIN, RESERVE_FACTOR, RESERVE_MIN, RESERVED_LEN_MAX};

/// Reserves capacity in a full list for the ticks to come, when it is less than twice the length or
/// small. A list longer than [`RESERVED_LEN_MAX`] gets none: it is not needed again soon.
pub fn reserve_ahead<T>(list: &mut Vec<T>) {
    list.reserve_exact(missing(list.len(), list.capacity()));
}

/// The same for a ring.
pub fn reserve_ahead_in_ring<T>(ring: &mut VecDeque<T>) {
    ring.reserve_exact(missing(ring.len(), ring.capacity()));
}

/// The same for a map, which gets less: emptying it takes time for all of its capacity.
pub fn reserve_ahead_in_map<K: Eq + Hash, V>(map: &mut FxHashMap<K, V>) {
    if map.capacity() < 2 * map.len() {
        map.reserve(map.len() * (MAP_RESERVE_FACTOR - 1) + MAP_RESERVE_MIN);
    }
}

/// Empties a list, and gives its memory back when it is longer than [`RESERVED_LEN_MAX`].
pub fn drop_excess<T>(list: &mut Vec<T>) {
    if list.len() > RESERVED_LEN_MAX {
        *list = Vec::new();
    }
    list.clear();
}

/// How many entries to reserve beyond `len`.
fn missing(len: usize, capacity: usize) -> usize {
    let is_needed = len <= RESERVED_LEN_MAX && capacity < RESERVE_MIN.max(2 * len);
    if is_needed { len * (RESERVE_FACTOR - 1) + RESERVE_MIN } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacity_is_reserved_once_and_not_for_very_long_lists() {
        let mut list = Vec::new();
        reserve_ahead(&mut list);
        assert_eq!(list.capacity(), RESERVE_MIN, "little says nothing of what is to come");
        list.extend(0..RESERVE_MIN / 2 + 1);
        reserve_ahead(&mut list);
        let room = list.capacity();
        assert!(room >= list.len() * RESERVE_FACTOR + RESERVE_MIN);
        list.extend(list.len()..room / 2);
        reserve_ahead(&mut list);
        assert_eq!(list.capacity(), room);
        list.extend(0..RESERVED_LEN_MAX);
        let grown = list.capacity();
        reserve_ahead(&mut list);
        assert_eq!(list.capacity(), grown);
        drop_excess(&mut list);
        assert_eq!((list.len(), list.capacity()), (0, 0));
    }

    #[test]
    fn lists_with_capacity_ahead_hold_what_others_do() {
        let (mut list, mut ring, mut map) = (Vec::new(), VecDeque::new(), FxHashMap::default());
        for tick in 0..50 {
            let plain: Vec<usize> = (0..tick * 37 % 90).collect();
            drop_excess(&mut list);
            ring.clear();
            map.clear();
            for entry in &plain {
                list.push(*entry);
                ring.push_back(*entry);
                map.insert(*entry, *entry);
            }
            reserve_ahead(&mut list);
            reserve_ahead_in_ring(&mut ring);
            reserve_ahead_in_map(&mut map);
            assert_eq!(list, plain);
            assert!(ring.iter().eq(&plain) && map.len() == plain.len() && plain.iter().all(|it| map[it] == *it));
        }
    }
}
