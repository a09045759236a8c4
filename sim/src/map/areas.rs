//! What the areas of a map say of its tiles, as the rules ask for it. Where areas lie over one
//! another the rules of all of them hold: damage adds up, and what is safe anywhere is safe.

use serde::{Deserialize, Serialize};
use tilemud_schema::Position;
use tilemud_schema::rest::{Area, Run};

use super::drawn::Map;

/// Most areas of a map.
pub const AREAS_MAX: usize = 1_024;

/// Most tiles of all areas of a map together: four times those of the largest map.
pub const AREA_TILES_MAX: usize = 4 * 1_024 * 1_024;

/// Most runs of all areas of a map together.
pub const AREA_RUNS_MAX: usize = 65_536;

/// Most health points that an area costs in a second.
pub const AREA_DAMAGE_MAX: i32 = 1_000;

/// Nothing is built there.
pub const NO_BUILD: u8 = 1;

/// Nothing hurts there.
pub const SAFE: u8 = 2;

/// An area hurts there, unless it is [`SAFE`].
pub const HURTS: u8 = 4;

/// What the rules read of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rules {
    runs: Vec<(i32, i32, i32)>,
    marks: u8,
    damage: i32,
}

impl Rules {
    /// `None` for an area without any: such a one is no part of the world.
    pub(crate) fn of(area: &Area) -> Option<Self> {
        let (marks, damage) = (marks(area), area.damage.max(0));
        let runs = area.runs.iter().map(|run| (run.x, run.y, run.width)).collect();
        (marks != 0).then_some(Self { runs, marks, damage })
    }

    /// An area of which nothing else is known; `None` if no map of this size has it.
    pub(super) fn area(self, size: (i32, i32)) -> Option<Area> {
        let has = |x: i32, y: i32, width: i32| {
            (0..size.0).contains(&x) && (0..size.1).contains(&y) && (1..=size.0 - x).contains(&width)
        };
        let is_within = !self.runs.is_empty() && self.runs.iter().all(|(x, y, width)| has(*x, *y, *width));
        let is_sorted = is_within && self.runs.is_sorted_by(|(x, y, width), next| (*y, x + width) <= (next.1, next.0));
        let area = Area {
            runs: self.runs.into_iter().map(|(x, y, width)| Run { x, y, width }).collect(),
            damage: self.damage,
            no_build: self.marks & NO_BUILD != 0,
            safe: self.marks & SAFE != 0,
            ..Area::default()
        };
        (is_sorted && self.marks != 0 && marks(&area) == self.marks).then_some(area)
    }
}

fn marks(area: &Area) -> u8 {
    let has = |rule: bool, mark: u8| if rule { mark } else { 0 };
    has(area.no_build, NO_BUILD) | has(area.safe, SAFE) | has(area.damage > 0, HURTS)
}

impl Map {
    /// The rules of areas for each tile, row by row: [`NO_BUILD`], [`SAFE`] and [`HURTS`]. Empty
    /// where no area has any.
    #[must_use]
    pub fn area_marks(&self) -> Vec<u8> {
        if self.areas.iter().all(|area| marks(area) == 0) {
            return Vec::new();
        }
        let mut all = vec![0; self.tiles.len()];
        for area in &self.areas {
            for run in &area.runs {
                // A map has runs within it; for any other, what is within it counts.
                let from = self.index(run.x, run.y).unwrap_or(all.len());
                let end = self.index(run.x + run.width - 1, run.y).map_or(from, |last| last + 1);
                all.get_mut(from..end).into_iter().flatten().for_each(|of_tile| *of_tile |= marks(area));
            }
        }
        all
    }

    /// Health points that standing on `tile` costs every second, if it is there.
    #[must_use]
    pub fn damage_of(&self, tile: u16, at: Position) -> i32 {
        let here = || self.areas.iter().filter(|area| marks(area) != 0 && area.contains(at.x, at.y));
        if here().any(|area| area.safe) {
            return 0;
        }
        let of_tile = self.tileset.damage.get(&tile).copied().unwrap_or(0);
        here().fold(of_tile, |sum, area| sum.saturating_add(area.damage.max(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map_art::{FIRE, FIRE_DAMAGE, FLOOR};

    fn rectangle(x: i32, y: i32, width: i32, height: i32) -> Area {
        let runs = (y..y + height).map(|y| Run { x, y, width }).collect();
        Area { runs, ..Area::default() }
    }

    #[test]
    fn damage_of_areas_adds_up_and_safe_wins() {
        let mut map = Map::from_art(&["@.f..", "....."]);
        map.areas = vec![
            Area { damage: 3, ..rectangle(1, 0, 4, 1) },
            Area { damage: 4, ..rectangle(3, 0, 2, 2) },
            Area { safe: true, ..rectangle(4, 0, 1, 1) },
            Area { name: "Field".to_owned(), ..rectangle(0, 0, 5, 2) },
        ];
        let costs = |x, y| map.damage(x, y);
        assert_eq!([0, 1, 2, 3, 4].map(|x| costs(x, 0)), [0, 3, FIRE_DAMAGE + 3, 7, 0]);
        assert_eq!([0, 3, 4].map(|x| costs(x, 1)), [0, 4, 4]);
        assert_eq!(map.damage_of(FIRE, Position { x: 4, y: 0 }), 0, "nothing hurts where it is safe");
        assert_eq!(map.damage_of(FLOOR, Position { x: 2, y: 0 }), 3);
        assert_eq!(map.area_marks(), [0, 4, 4, 4, 6, 0, 0, 0, 4, 4]);
        map.areas.retain(|area| !area.name.is_empty());
        assert!(map.area_marks().is_empty(), "a name is no rule");
    }

    #[test]
    fn rules_that_no_map_has_are_no_area() {
        let area = Area { no_build: true, ..rectangle(1, 0, 2, 2) };
        let rules = Rules::of(&area).expect("it has a rule");
        assert_eq!(rules.clone().area((3, 2)), Some(area));
        assert_eq!(rules.clone().area((2, 2)), None, "beyond the edge");
        for odd in [
            Rules { runs: Vec::new(), ..rules.clone() },
            Rules { marks: 0, ..rules.clone() },
            Rules { marks: 9, ..rules.clone() },
            Rules { damage: 5, ..rules.clone() },
            Rules { runs: vec![(0, 1, 1), (0, 0, 1)], ..rules.clone() },
            Rules { runs: vec![(0, 0, 2), (1, 0, 1)], ..rules.clone() },
            Rules { runs: vec![(0, 0, i32::MAX)], ..rules },
        ] {
            assert_eq!(odd.clone().area((3, 2)), None, "{odd:?}");
        }
    }
}
