//! The sections of the tiles of a map that are here: those around one place, however large the map
//! is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use tilemud_schema::rest::{Section, Sections, WorldMap};

/// Sections on each side that are held: of 128 tiles, as servers cut them, a square of 640.
const WINDOW: i32 = 5;
/// How much farther one is kept that is here.
const KEPT: i32 = 1;
/// Edge of the sections that a map is cut into that came whole, tiles.
const WHOLE_EDGE: i32 = 128;
/// What is seen around a place, tiles to each side; also on wide screens, and on tall ones.
const SEEN: i32 = 32;

/// The sections of a map.
#[derive(Debug, Clone)]
pub struct Squares {
    /// Columns and rows of the map.
    size: (i32, i32),
    edge: i32,
    /// Sections side by side, and one below the other.
    count: (i32, i32),
    /// Where to fetch them; empty for a map that came whole.
    paths: Vec<String>,
    held: Vec<Option<Arc<Section>>>,
    /// Columns and rows of sections that are to be here.
    window: (Range<i32>, Range<i32>),
    version: u32,
}

impl Squares {
    /// Those of a map, whose layers are taken. `None` when they are not as large as it says.
    pub(super) fn of(map: &mut WorldMap) -> Option<Self> {
        let size = (map.width, map.height);
        let Some(sections) = &map.sections else { return Self::of_whole(map) };
        let Sections { edge, paths } = sections.clone();
        let count = sections.across(size);
        let is_whole = edge >= 1 && usize::try_from(count.0 * count.1).is_ok_and(|count| count == paths.len());
        is_whole.then(|| Self::empty(size, edge, count, paths))
    }

    fn of_whole(map: &mut WorldMap) -> Option<Self> {
        let (width, height) = (usize::try_from(map.width).ok()?, usize::try_from(map.height).ok()?);
        let layers = [&mut map.tiles, &mut map.ground, &mut map.canopy].map(std::mem::take);
        if layers.iter().any(|layer| layer.len() != width * height) {
            return None;
        }
        let sections = Sections { edge: WHOLE_EDGE, paths: Vec::new() };
        let count = sections.across((map.width, map.height));
        let mut all = Self::empty((map.width, map.height), WHOLE_EDGE, count, Vec::new());
        for index in 0..all.held.len() {
            let (columns, rows) = all.tiles_of(index);
            let (columns, rows) =
                (columns.start as usize..columns.end as usize, rows.start as usize..rows.end as usize);
            let cut = |layer: &[u16]| -> Vec<u16> {
                rows.clone()
                    .flat_map(|row| &layer[row * width + columns.start..row * width + columns.end])
                    .copied()
                    .collect()
            };
            let [tiles, ground, canopy] = [0, 1, 2].map(|layer| cut(&layers[layer]));
            all.held[index] = Some(Arc::new(Section { tiles, ground: Some(ground), canopy: Some(canopy) }));
        }
        Some(all)
    }

    fn empty(size: (i32, i32), edge: i32, count: (i32, i32), paths: Vec<String>) -> Self {
        let held = vec![None; (count.0 * count.1) as usize];
        let mut all = Self { size, edge, count, paths, held, window: (0..0, 0..0), version: 0 };
        all.look_from((0, 0));
        all
    }

    /// Which columns and rows of the map a section has.
    fn tiles_of(&self, index: usize) -> (Range<i32>, Range<i32>) {
        let (column, row) = self.place(index);
        let range = |at: i32, all: i32| at * self.edge..((at + 1) * self.edge).min(all);
        (range(column, self.size.0), range(row, self.size.1))
    }

    fn place(&self, index: usize) -> (i32, i32) {
        let index = index as i32;
        (index % self.count.0, index / self.count.0)
    }

    /// The section that has a tile, and where in it; `None` when it is not here.
    pub(super) fn find(&self, x: i32, y: i32) -> Option<(&Section, usize)> {
        if !(0..self.size.0).contains(&x) || !(0..self.size.1).contains(&y) {
            return None;
        }
        let (column, row) = (x / self.edge, y / self.edge);
        let section = self.held[(row * self.count.0 + column) as usize].as_deref()?;
        let columns = self.edge.min(self.size.0 - column * self.edge);
        Some((section, (y % self.edge * columns + x % self.edge) as usize))
    }

    /// Holds what is around a tile from now on. What is far from it goes.
    pub fn look_from(&mut self, (x, y): (i32, i32)) {
        let around = |at: i32, all: i32| {
            let first = (at.div_euclid(self.edge) - WINDOW / 2).clamp(0, (all - WINDOW).max(0));
            first..(first + WINDOW).min(all)
        };
        let window = (around(x, self.count.0), around(y, self.count.1));
        if window == self.window {
            return;
        }
        self.window = window;
        self.version += 1;
        if self.paths.is_empty() {
            return;
        }
        let near = |at: i32, range: &Range<i32>| (range.start - KEPT..range.end + KEPT).contains(&at);
        for index in 0..self.held.len() {
            let (column, row) = self.place(index);
            if !near(column, &self.window.0) || !near(row, &self.window.1) {
                self.held[index] = None;
            }
        }
        self.share();
    }

    /// Takes over what another map has of the same.
    pub fn adopt(&mut self, other: &Self) {
        self.fill(&other.by_path());
    }

    /// Sections that are to be here and are like one that is.
    fn share(&mut self) {
        self.fill(&self.by_path());
    }

    fn by_path(&self) -> BTreeMap<String, Arc<Section>> {
        let both = self.paths.iter().zip(&self.held);
        both.filter_map(|(path, held)| Some((path.clone(), held.clone()?))).collect()
    }

    fn fill(&mut self, known: &BTreeMap<String, Arc<Section>>) {
        for index in self.missing_indexes() {
            let found = self.paths.get(index).and_then(|path| known.get(path)).cloned();
            if let Some(section) = found.filter(|section| self.fits(index, section)) {
                self.held[index] = Some(section);
                self.version += 1;
            }
        }
    }

    fn fits(&self, index: usize, section: &Section) -> bool {
        let (columns, rows) = self.tiles_of(index);
        let count = columns.len() * rows.len();
        let has_all = |layer: &Option<Vec<u16>>| layer.as_ref().is_none_or(|layer| layer.len() == count);
        section.tiles.len() == count && has_all(&section.ground) && has_all(&section.canopy)
    }

    fn missing_indexes(&self) -> Vec<usize> {
        let (columns, rows) = self.window.clone();
        let all = rows.flat_map(|row| columns.clone().map(move |column| (row * self.count.0 + column) as usize));
        all.filter(|index| self.held[*index].is_none()).collect()
    }

    /// The paths of what is to be here and is not, the nearest to a tile first.
    #[must_use]
    pub fn missing(&self, (x, y): (i32, i32)) -> Vec<&str> {
        let mut missing = self.missing_indexes();
        missing.sort_by_key(|index| {
            let (columns, rows) = self.tiles_of(*index);
            let far = |at: i32, range: &Range<i32>| i64::from((range.start + range.end) / 2 - at);
            far(x, &columns).pow(2) + far(y, &rows).pow(2)
        });
        missing.iter().filter_map(|index| Some(self.paths.get(*index)?.as_str())).collect()
    }

    /// Takes a section that was fetched. `false` if it is not what the map says it is.
    pub fn take(&mut self, path: &str, section: &Arc<Section>) -> bool {
        let here: Vec<usize> = self
            .missing_indexes()
            .into_iter()
            .filter(|index| self.paths.get(*index).is_some_and(|it| it == path))
            .collect();
        for index in &here {
            if !self.fits(*index, section) {
                return false;
            }
            self.held[*index] = Some(Arc::clone(section));
            self.version += 1;
        }
        true
    }

    /// Whether all is here that is seen from a tile, as far as it is to be here.
    #[must_use]
    pub fn has_around(&self, (x, y): (i32, i32)) -> bool {
        let sections = |at: i32, window: &Range<i32>| {
            let within = |at: i32| at.div_euclid(self.edge).clamp(window.start, window.end - 1);
            within(at - SEEN)..=within(at + SEEN)
        };
        let columns = sections(x, &self.window.0);
        sections(y, &self.window.1)
            .all(|row| columns.clone().all(|column| self.held[(row * self.count.0 + column) as usize].is_some()))
    }

    /// The columns and rows of the map that are to be here.
    #[must_use]
    pub fn extent(&self) -> (Range<i32>, Range<i32>) {
        let tiles = |range: &Range<i32>, all: i32| range.start * self.edge..(range.end * self.edge).min(all);
        (tiles(&self.window.0, self.size.0), tiles(&self.window.1, self.size.1))
    }

    /// Another number after each change of what is here.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::map::tests::drawn;
    use super::*;

    /// A map of so many sections of 4 x 4 tiles, of which none is here. Two lie at each path.
    pub fn outline(across: i32, down: i32) -> WorldMap {
        let mut map = drawn(&["."]);
        (map.width, map.height) = (across * 4, down * 4);
        let paths = (0..across * down).map(|index| format!("/{}", index / 2)).collect();
        map.sections = Some(Sections { edge: 4, paths });
        [&mut map.tiles, &mut map.ground, &mut map.canopy].into_iter().for_each(Vec::clear);
        map
    }

    fn squares(across: i32, down: i32) -> Squares {
        Squares::of(&mut outline(across, down)).expect("a good map")
    }

    fn section(tile: u16) -> Arc<Section> {
        Arc::new(Section { tiles: vec![tile; 16], ground: None, canopy: None })
    }

    fn held(squares: &Squares) -> usize {
        squares.held.iter().flatten().count()
    }

    #[test]
    fn what_is_near_is_asked_for_first_and_equal_sections_once() {
        let mut squares = squares(4, 4);
        assert_eq!(squares.missing((13, 14))[..2], ["/7", "/7"], "the corner, and the like of it beside");
        assert!(!squares.has_around((14, 14)) && squares.find(14, 14).is_none());
        assert!(squares.take("/7", &section(9)));
        assert_eq!((held(&squares), squares.find(14, 14).map(|(section, index)| section.tiles[index])), (2, Some(9)));
        assert!(!squares.missing((14, 14)).contains(&"/7"));
        for path in 0..7 {
            assert!(squares.take(&format!("/{path}"), &section(1)));
        }
        assert!(squares.has_around((14, 14)) && squares.missing((0, 0)).is_empty());
    }

    #[test]
    fn only_so_much_is_held_and_what_is_far_goes() {
        let mut squares = squares(100, 100);
        let mut most = 0;
        for step in 0..100 {
            let at = (step * 4, step * 4);
            squares.look_from(at);
            let missing: Vec<String> = squares.missing(at).into_iter().map(str::to_owned).collect();
            for path in missing {
                assert!(squares.take(&path, &section(1)));
            }
            assert!(squares.has_around(at));
            most = most.max(held(&squares));
        }
        assert!((25..=49).contains(&most), "{most} are held");
        assert!(squares.find(0, 0).is_none() && squares.find(399, 399).is_some());
        let (columns, rows) = squares.extent();
        assert_eq!((columns, rows), (380..400, 380..400), "at an edge of the map the square lies within it");
    }

    #[test]
    fn a_section_that_is_not_as_large_as_it_is_to_be_is_refused() {
        let mut squares = squares(2, 2);
        let short = Arc::new(Section { tiles: vec![1; 15], ground: None, canopy: None });
        let uneven = Arc::new(Section { tiles: vec![1; 16], ground: None, canopy: Some(vec![0; 17]) });
        assert!(!squares.take("/0", &short) && !squares.take("/0", &uneven));
        assert_eq!(held(&squares), 0);
        let mut map = outline(2, 2);
        map.width = 9;
        assert!(Squares::of(&mut map).is_none(), "three sections would be side by side");
        let mut map = outline(2, 2);
        map.sections = Some(Sections { edge: 0, paths: Vec::new() });
        assert!(Squares::of(&mut map).is_none());
    }

    #[test]
    fn an_edited_map_takes_over_what_has_not_changed() {
        let mut before = squares(3, 1);
        assert!(before.take("/0", &section(5)) && before.take("/1", &section(6)));
        let mut map = outline(3, 1);
        map.sections.as_mut().expect("sections").paths[2] = "/new".to_owned();
        let mut after = Squares::of(&mut map).expect("a good map");
        after.adopt(&before);
        assert_eq!((held(&after), after.missing((0, 0))), (2, vec!["/new"]));
    }

    #[test]
    fn a_map_that_came_whole_is_all_here_and_stays() {
        let rows: Vec<String> =
            (0..140).map(|y| (0..260).map(|x| if (x + y) % 7 == 0 { '#' } else { '.' }).collect()).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut map = drawn(&rows);
        let tiles = map.tiles.clone();
        let mut squares = Squares::of(&mut map).expect("a good map");
        squares.look_from((5_000, 5_000));
        for (index, tile) in tiles.iter().enumerate() {
            let (x, y) = (index as i32 % 260, index as i32 / 260);
            let found = squares.find(x, y).map(|(section, index)| section.tiles[index]);
            assert_eq!(found, Some(*tile), "{x}, {y}");
        }
        assert!(squares.missing((0, 0)).is_empty() && squares.has_around((259, 139)));
    }
}
