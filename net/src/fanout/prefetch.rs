//! For speed alone: outboxes that are to be written to next are looked at a few at a time, so that
//! what each of them is asked first comes from memory at the same time for all, instead of for one
//! after the other.
//!
//! The plain version is the same loop without [`ahead`]. With it, in `wide` (12,000 sessions, 10
//! Hz; three alternating pairs of runs at ddf60c4, on the machine of docs/performance.md) freshness
//! p95 was 124, 141 and 119 ms instead of 184, 210 and 140, and a frame took 7.65, 7.73 and 7.60 us
//! of the server's CPU instead of 7.90, 7.90 and 7.70. In `steady` there is no difference beyond
//! noise.

/// Outboxes looked at at once. More would have been pushed out of the cache again by what the
/// kernel needs for the writing.
const AHEAD: usize = 16;

/// To be called in a loop before item number `served` is served, with an iterator from that item
/// on. Looks at the next few, each once.
pub(super) fn ahead<T>(served: usize, next: impl Iterator<Item = T>, look: impl FnMut(T)) {
    if served.is_multiple_of(AHEAD) {
        next.take(AHEAD).for_each(look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_looked_at_once_and_before_it_is_served_in_the_order_of_the_plain_loop() {
        for len in 0..100 {
            let items: Vec<usize> = (0..len).collect();
            let (mut looked, mut served) = (Vec::new(), Vec::new());
            for (place, item) in items.iter().enumerate() {
                ahead(place, items[place..].iter(), |item| looked.push(*item));
                assert!(looked.contains(item) && looked.len() <= place + AHEAD, "{item} of {len}");
                served.push(*item);
            }
            assert_eq!((&looked, &served), (&items, &items), "as without looking ahead");
        }
    }
}
