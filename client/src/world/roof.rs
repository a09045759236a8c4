//! What is above a place and connected to it: the canopy that is taken away from whoever is under
//! it or in an indoor area.

use std::collections::{BTreeSet, VecDeque};

use super::map::Terrain;

/// Most tiles that are looked through; a wood that is larger stays closed farther away.
const TILES_MAX: usize = 4_096;

/// The tiles whose canopy is taken away from who is at a place: in an indoor area all that is
/// connected to it within that area, elsewhere the canopy that is connected to what is above it.
#[must_use]
pub fn opened(terrain: &Terrain, at: (i32, i32)) -> BTreeSet<(i32, i32)> {
    let indoor = terrain.areas(at.0, at.1).find(|area| area.indoor);
    let reaches = |(x, y): (i32, i32)| match indoor {
        Some(area) => area.contains(x, y),
        None => terrain.canopy(x, y) != 0,
    };
    let mut seen = BTreeSet::new();
    let mut next = VecDeque::from([at]);
    while let Some((x, y)) = next.pop_front() {
        if seen.len() >= TILES_MAX {
            break;
        }
        if terrain.contains(x, y) && reaches((x, y)) && seen.insert((x, y)) {
            next.extend([(x, y - 1), (x - 1, y), (x + 1, y), (x, y + 1)]);
        }
    }
    seen.retain(|(x, y)| terrain.canopy(*x, *y) != 0);
    seen
}

#[cfg(test)]
mod tests {
    use tilemud_schema::rest::{Area, Run};

    use super::*;
    use crate::world::map::tests::drawn;

    /// A map with a canopy where there is a letter, and indoors where it is a capital one.
    fn covered(rows: &[&str]) -> Terrain {
        let mut map = drawn(rows);
        let letters: Vec<char> = rows.concat().chars().collect();
        map.canopy = letters.iter().map(|letter| u16::from(letter.is_alphabetic())).collect();
        let place = |index: usize| (index as i32 % map.width, index as i32 / map.width);
        let inside = letters.iter().enumerate().filter(|(_, letter)| letter.is_uppercase() || **letter == '_');
        let runs = inside.map(|(index, _)| place(index)).map(|(x, y)| Run { x, y, width: 1 }).collect();
        map.areas = vec![Area { indoor: true, runs, ..Area::default() }];
        Terrain::new(map).expect("a good map")
    }

    fn shown(rows: &[&str], at: (i32, i32)) -> Vec<(i32, i32)> {
        opened(&covered(rows), at).into_iter().collect()
    }

    #[test]
    fn a_wood_opens_as_far_as_it_is_connected_side_by_side() {
        let rows = ["tt.t", ".t..", "t.tt"];
        assert_eq!(shown(&rows, (0, 0)), [(0, 0), (1, 0), (1, 1)]);
        assert_eq!(shown(&rows, (3, 0)), [(3, 0)]);
        assert!(shown(&rows, (2, 0)).is_empty(), "nothing is above");
    }

    #[test]
    fn a_house_opens_as_a_whole_from_where_nothing_is_above_and_the_wood_at_its_wall_stays() {
        let rows = ["tHH.", "tH_.", "t___"];
        assert_eq!(shown(&rows, (3, 2)), [(1, 0), (1, 1), (2, 0)]);
        assert_eq!(shown(&rows, (1, 1)), [(1, 0), (1, 1), (2, 0)]);
        assert!(shown(&rows, (3, 0)).is_empty(), "before the house");
        assert_eq!(shown(&rows, (0, 0)).len(), 6, "in the wood, which the roof is connected to");
    }

    #[test]
    fn however_large_a_wood_is_only_so_much_of_it_opens() {
        let row = "t".repeat(100);
        let rows = vec![row.as_str(); 100];
        let opened = opened(&covered(&rows), (50, 50));
        assert_eq!(opened.len(), TILES_MAX);
        assert!(opened.contains(&(50, 50)) && opened.contains(&(50, 40)), "around the place");
    }
}
