//! The nearest place to another that is good for something.

use tilemud_schema::Position;

/// The nearest good place of a map of `width` x `height` tiles, by the larger of the two distances;
/// of equally near ones the one that is nearest as the crow flies, and of those the northernmost.
/// A place outside of the map counts as the one at its edge that is nearest to it.
#[must_use]
pub fn nearest((width, height): (i32, i32), from: Position, is_good: impl Fn(Position) -> bool) -> Option<Position> {
    let center = Position { x: from.x.clamp(0, (width - 1).max(0)), y: from.y.clamp(0, (height - 1).max(0)) };
    let is_inside = |at: &Position| (0..width).contains(&at.x) && (0..height).contains(&at.y);
    (0..width.max(height)).find_map(|far| {
        let found = ring(center, far).filter(is_inside).filter(|at| is_good(*at));
        found.min_by_key(|at| {
            let (dx, dy) = (i64::from(at.x - center.x), i64::from(at.y - center.y));
            (dx * dx + dy * dy, at.y, at.x)
        })
    })
}

/// The places that are this far away.
fn ring(Position { x, y }: Position, far: i32) -> impl Iterator<Item = Position> {
    (y - far..=y + far).flat_map(move |row| {
        let is_end = row == y - far || row == y + far;
        let step = if is_end { 1 } else { (2 * far).max(1) as usize };
        (x - far..=x + far).step_by(step).map(move |column| Position { x: column, y: row })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i32, y: i32) -> Position {
        Position { x, y }
    }

    #[test]
    fn a_ring_has_every_place_of_its_distance_once() {
        for far in 0..5 {
            let mut ring: Vec<_> = ring(at(3, 4), far).map(|it| (it.x, it.y)).collect();
            let count = ring.len();
            assert!(ring.iter().all(|(x, y)| (x - 3).abs().max((y - 4).abs()) == far));
            ring.sort_unstable();
            ring.dedup();
            assert_eq!((count, ring.len()), ((8 * far).max(1) as usize, (8 * far).max(1) as usize));
        }
    }

    #[test]
    fn the_nearest_good_place_is_found_also_from_outside() {
        assert_eq!(nearest((9, 9), at(4, 4), |_| true), Some(at(4, 4)));
        assert_eq!(nearest((9, 9), at(4, 4), |it| it != at(4, 4)), Some(at(4, 3)), "the northern one of four");
        assert_eq!(nearest((9, 9), at(40, 4), |_| true), Some(at(8, 4)));
        assert_eq!(nearest((9, 2), at(0, 0), |it| it == at(8, 1)), Some(at(8, 1)), "however far");
        assert_eq!(nearest((9, 9), at(4, 4), |_| false), None);
    }
}
