//! Finds a way to a clicked tile: breadth first over known walkable tiles, within a bound.

use std::collections::{BTreeMap, VecDeque};

use tilemud_schema::Direction;

/// Furthest a clicked way may lead, tiles.
const STEPS_MAX: usize = 96;
/// Most tiles looked at for one click.
const LOOKED_AT_MAX: usize = 8_192;

/// The steps of a shortest way from `from` to `to`, or as near to it as can be reached; empty when
/// there is nothing nearer. The order of directions is fixed, so the same click gives the same way.
/// No way leads over a warp, and onto one only if one is clicked.
#[must_use]
pub fn find(
    from: (i32, i32),
    to: (i32, i32),
    walkable: impl Fn(i32, i32) -> bool,
    is_warp: impl Fn(i32, i32) -> bool,
) -> VecDeque<Direction> {
    let distance = |tile: (i32, i32)| (tile.0 - to.0).abs() + (tile.1 - to.1).abs();
    let mut came: BTreeMap<(i32, i32), Option<Direction>> = BTreeMap::from([(from, None)]);
    let mut edge = VecDeque::from([(from, 0)]);
    let mut best = from;
    let leads_into_one = is_warp(to.0, to.1);
    while let Some((tile, steps)) = edge.pop_front() {
        let leads_away = tile != from && is_warp(tile.0, tile.1);
        if leads_away && !leads_into_one {
            continue;
        }
        if distance(tile) < distance(best) {
            best = tile;
        }
        if tile == to || came.len() > LOOKED_AT_MAX {
            break;
        }
        if steps == STEPS_MAX || leads_away {
            continue;
        }
        for direction in Direction::ALL {
            let (dx, dy) = direction.step();
            let next = (tile.0 + dx, tile.1 + dy);
            if !came.contains_key(&next) && walkable(next.0, next.1) {
                came.insert(next, Some(direction));
                edge.push_back((next, steps + 1));
            }
        }
    }
    let mut way = VecDeque::new();
    let mut tile = best;
    while let Some(Some(direction)) = came.get(&tile) {
        way.push_front(*direction);
        let (dx, dy) = direction.step();
        tile = (tile.0 - dx, tile.1 - dy);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::super::map::tests::terrain;
    use super::*;

    fn walk(rows: &[&str], from: (i32, i32), to: (i32, i32)) -> (usize, (i32, i32)) {
        let terrain = terrain(rows);
        let changed = BTreeMap::new();
        let way = find(from, to, |x, y| terrain.walkable(x, y, &changed), |_, _| false);
        let end = way.iter().fold(from, |(x, y), direction| {
            let (dx, dy) = direction.step();
            assert!(terrain.walkable(x + dx, y + dy, &changed), "the way leads through a wall");
            (x + dx, y + dy)
        });
        (way.len(), end)
    }

    #[test]
    fn goes_around_a_wall_by_the_shortest_way() {
        assert_eq!(walk(&[".....", ".###.", "....."], (1, 0), (1, 2)), (4, (1, 2)));
    }

    #[test]
    fn ends_as_near_as_it_can_get_to_a_wall() {
        let (_, end) = walk(&["....#", "....#"], (0, 0), (4, 0));
        assert_eq!(end, (3, 0));
    }

    #[test]
    fn leads_around_warps_and_into_one_that_is_clicked() {
        let steps = |to| find((0, 1), to, |x, y| (0..5).contains(&x) && (0..3).contains(&y), |x, _| x == 2);
        assert_eq!(steps((4, 1)), [Direction::East], "the other side cannot be reached on foot");
        assert_eq!(steps((2, 1)), [Direction::East; 2]);
        assert_eq!(find((2, 1), (4, 1), |x, y| y == 1 && x < 5, |x, _| x == 2), [Direction::East; 2], "off it");
    }

    #[test]
    fn stays_when_there_is_nothing_nearer() {
        assert_eq!(walk(&[".#.", ".#."], (0, 0), (2, 0)), (0, (0, 0)));
    }
}
