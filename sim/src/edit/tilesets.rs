//! Which tile of an edited tileset a tile of the earlier one is. A baked map has its tiles numbered
//! in the order in which they are met, so a number alone says nothing; one that is drawn as our own
//! keeps its numbers and may have its pictures painted anew.

use std::collections::BTreeMap;

use crate::map::MapTileset;

/// What makes two tiles the same to who plays: the picture, what the rules read, and the name.
type Sameness<'a> = (u64, bool, i32, Option<&'a str>);

/// For each tile of the earlier tileset the tile that it is now, if there is one.
pub struct Tilesets {
    now: Vec<Option<u16>>,
}

impl Tilesets {
    /// Compares two tilesets.
    pub fn compare(old: &MapTileset, new: &MapTileset) -> Self {
        let (old, new) = (Known::of(old), Known::of(new));
        let now = (0..old.len()).map(|tile| find(&old, &new, tile)).collect();
        Self { now }
    }

    /// What a tile is now.
    pub fn now(&self, tile: u16) -> Option<u16> {
        self.now.get(usize::from(tile)).copied().flatten()
    }
}

struct Known<'a> {
    tileset: &'a MapTileset,
    /// The first tile of each.
    by_sameness: BTreeMap<Sameness<'a>, u16>,
    by_name: BTreeMap<(&'a str, bool, i32), u16>,
    has_prints: bool,
}

impl<'a> Known<'a> {
    fn of(tileset: &'a MapTileset) -> Self {
        let has_prints = tileset.prints.len() == tileset.tiles.len();
        let mut known = Self { tileset, by_sameness: BTreeMap::new(), by_name: BTreeMap::new(), has_prints };
        for tile in 0..known.len() {
            if let Some(sameness) = known.sameness(tile) {
                known.by_sameness.entry(sameness).or_insert(tile);
            }
            if let Some(name) = known.name(tile) {
                let (solid, damage) = known.rules(tile);
                known.by_name.entry((name, solid, damage)).or_insert(tile);
            }
        }
        known
    }

    fn len(&self) -> u16 {
        u16::try_from(self.tileset.tiles.len()).unwrap_or(u16::MAX)
    }

    fn has(&self, tile: u16) -> bool {
        tile < self.len()
    }

    fn rules(&self, tile: u16) -> (bool, i32) {
        (self.tileset.is_solid(tile), self.tileset.damage.get(&tile).copied().unwrap_or(0))
    }

    /// What its builder calls it; what readers call a tile without a class says nothing.
    fn name(&self, tile: u16) -> Option<&'a str> {
        let name = self.tileset.tiles.get(usize::from(tile)).map(|info| info.name.as_str())?;
        (!name.is_empty() && name != format!("tile {tile}")).then_some(name)
    }

    fn print(&self, tile: u16) -> Option<u64> {
        if self.has_prints { self.tileset.prints.get(usize::from(tile)).copied() } else { None }
    }

    fn sameness(&self, tile: u16) -> Option<Sameness<'a>> {
        let (solid, damage) = self.rules(tile);
        Some((self.print(tile)?, solid, damage, self.name(tile)))
    }
}

fn find(old: &Known, new: &Known, tile: u16) -> Option<u16> {
    // Nothing is nothing.
    if tile == 0 {
        return Some(0);
    }
    let is_as_it_was = |other: u16| new.rules(other) == old.rules(tile) && new.name(other) == old.name(tile);
    let stays = new.has(tile) && is_as_it_was(tile);
    if let (true, Some(sameness)) = (new.has_prints, old.sameness(tile)) {
        if stays && new.print(tile) == old.print(tile) {
            return Some(tile);
        }
        if let Some(same) = new.by_sameness.get(&sameness) {
            return Some(*same);
        }
        // Painted anew in its place: its picture is nowhere any more, and the one that is there now
        // was nowhere before.
        let painted = new.sameness(tile).is_some_and(|there| !old.by_sameness.contains_key(&there));
        if stays && painted {
            return Some(tile);
        }
    } else if stays {
        return Some(tile);
    }
    let (solid, damage) = old.rules(tile);
    let name = old.name(tile)?;
    new.by_name.get(&(name, solid, damage)).copied().or_else(|| {
        // Its builder has changed what it does, and it is the same all the same.
        let named = |other: &u16| new.name(*other) == Some(name);
        Some(tile).filter(|same| new.has(*same) && named(same)).or_else(|| (0..new.len()).find(named))
    })
}

#[cfg(test)]
mod tests {
    use tilemud_schema::rest::TileInfo;

    use super::*;
    use crate::map::Map;
    use crate::map_art::{CRATE, FIRE, FLOOR, RUG, WALL};

    fn tileset() -> MapTileset {
        let tileset = Map::open("field", 2, 2).tileset;
        MapTileset { prints: (0..tileset.tiles.len() as u64).map(|tile| 100 + tile).collect(), ..tileset }
    }

    /// The tiles of another one, by their old numbers, numbered in this order.
    fn renumbered(of: &MapTileset, order: &[u16]) -> MapTileset {
        let mut tileset = MapTileset { tiles: Vec::new(), prints: Vec::new(), damage: BTreeMap::new(), ..of.clone() };
        for (id, old) in (0_u16..).zip(order) {
            let info = of.tiles[usize::from(*old)].clone();
            let is_unnamed = info.name.starts_with("tile ");
            let name = if is_unnamed { format!("tile {id}") } else { info.name };
            tileset.tiles.push(TileInfo { id, name, ..info });
            tileset.prints.push(of.prints[usize::from(*old)]);
            if let Some(damage) = of.damage.get(old) {
                tileset.damage.insert(id, *damage);
            }
        }
        tileset
    }

    fn unnamed(mut tileset: MapTileset) -> MapTileset {
        for (tile, info) in tileset.tiles.iter_mut().enumerate().skip(1) {
            info.name = format!("tile {tile}");
        }
        tileset
    }

    #[test]
    fn tiles_are_found_by_their_pictures_whatever_their_numbers() {
        for old in [tileset(), unnamed(tileset())] {
            let new = renumbered(&old, &[0, RUG, WALL, CRATE, FLOOR, FIRE]);
            let compared = Tilesets::compare(&old, &new);
            let now = [FLOOR, WALL, FIRE, RUG, CRATE].map(|tile| compared.now(tile));
            assert_eq!(now, [4, 2, 5, 1, 3].map(Some));
            assert_eq!(compared.now(99), None);
        }
    }

    #[test]
    fn a_tile_that_is_painted_anew_in_its_place_stays_what_it_is() {
        let old = unnamed(tileset());
        let mut new = old.clone();
        new.prints[usize::from(RUG)] = 7;
        assert_eq!(Tilesets::compare(&old, &new).now(RUG), Some(RUG));
        // A picture that another tile had is that tile.
        new.prints[usize::from(RUG)] = old.prints[usize::from(FLOOR)];
        assert_eq!(Tilesets::compare(&old, &new).now(RUG), None);
    }

    #[test]
    fn a_tile_without_its_picture_is_found_by_its_name_and_without_that_not_at_all() {
        let old = tileset();
        let mut new = renumbered(&old, &[0, RUG, WALL, FLOOR]);
        new.prints = vec![1, 2, 3, 4];
        assert_eq!(Tilesets::compare(&old, &new).now(RUG), Some(1));
        assert_eq!(Tilesets::compare(&old, &new).now(CRATE), None);
        assert_eq!(Tilesets::compare(&unnamed(old), &unnamed(new)).now(CRATE), None);
    }

    #[test]
    fn without_pictures_a_tile_keeps_its_number_if_it_does_the_same() {
        let old = MapTileset { prints: Vec::new(), ..unnamed(tileset()) };
        let mut new = old.clone();
        new.tiles[usize::from(RUG)].solid = true;
        let compared = Tilesets::compare(&old, &new);
        assert_eq!((compared.now(CRATE), compared.now(RUG)), (Some(CRATE), None));
    }
}
