//! The public deltas of a tick. Filled by the views, part of the output, emptied by its last reader.
//!
//! A trick: they stand one behind the other in a few lists. It replaces lists of its own for each delta, which come back
//! in another order: any of them may have to be longer than it ever was, and 3 to 12 ticks of a hundred allocate
//! (`perf sim-only`). Together they need about as much as in the tick before, and none does.

use tilemud_schema::{Effect, Entity as PublicEntity, EntityId, EntityUpdate, SelfState, StateDelta, Tick, TileChange};

use super::input::CellId;
use crate::reserve::{drop_excess, reserve_ahead};

/// One delta. No id is in two of the lists; each is in the order of ids (tiles: row by row).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delta<'a> {
    /// The cell it is seen from.
    pub cell: CellId,
    /// Whether this is everything, instead of what changed.
    pub full: bool,
    /// Entities that came into view.
    pub enter: &'a [PublicEntity],
    /// Entities in view that changed.
    pub update: &'a [EntityUpdate],
    /// Entities that went out of view.
    pub leave: &'a [EntityId],
    /// Tiles in view that changed.
    pub tiles: &'a [TileChange],
    /// Everybody who is in view at its end, in a delta whose reader cannot know it otherwise: the first of a cell since somebody
    /// looks from there, and one for a connection that came back.
    pub in_view: &'a [EntityId],
}

impl Delta<'_> {
    /// The message of a tick to one session, with what only that session is told.
    #[must_use]
    pub fn message(&self, tick: Tick, own: Option<SelfState>, effects: Vec<Effect>) -> StateDelta {
        let Self { cell: _, full, enter, update, leave, tiles, in_view: _ } = *self;
        let (enter, update) = (enter.to_vec(), update.to_vec());
        StateDelta { tick, full, own, enter, update, leave: leave.to_vec(), tiles: tiles.to_vec(), effects }
    }
}

/// Deltas in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Deltas {
    heads: Vec<Head>,
    enter: Vec<PublicEntity>,
    update: Vec<EntityUpdate>,
    leave: Vec<EntityId>,
    tiles: Vec<TileChange>,
    in_view: Vec<EntityId>,
}

/// What a delta has beside its lists, and where those end.
#[derive(Debug, Clone, Copy)]
struct Head {
    cell: CellId,
    full: bool,
    ends: Ends,
}

/// How long the lists are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Ends {
    enter: usize,
    update: usize,
    leave: usize,
    tiles: usize,
    in_view: usize,
}

impl Deltas {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The one with a number, from 0. Panics when there are not so many.
    #[must_use]
    pub fn get(&self, number: usize) -> Delta<'_> {
        let Head { cell, full, ends } = self.heads[number];
        let starts = number.checked_sub(1).map_or_else(Ends::default, |before| self.heads[before].ends);
        Delta {
            cell,
            full,
            enter: &self.enter[starts.enter..ends.enter],
            update: &self.update[starts.update..ends.update],
            leave: &self.leave[starts.leave..ends.leave],
            tiles: &self.tiles[starts.tiles..ends.tiles],
            in_view: &self.in_view[starts.in_view..ends.in_view],
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Delta<'_>> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// The number of the one that is seen from a cell, where there is at most one for each and they ascend.
    #[must_use]
    pub fn find(&self, cell: CellId) -> Option<usize> {
        self.heads.binary_search_by_key(&cell, |head| head.cell).ok()
    }

    /// A change to be filled, which [`Self::close`] makes a delta.
    pub(crate) fn open(&mut self) -> Change<'_> {
        let starts = self.ends();
        let Self { enter, update, leave, tiles, in_view, .. } = self;
        Change { enter, update, leave, tiles, in_view, starts }
    }

    /// Makes what was added since the last time a delta. Returns its number.
    pub(crate) fn close(&mut self, cell: CellId, full: bool) -> usize {
        self.heads.push(Head { cell, full, ends: self.ends() });
        self.heads.len() - 1
    }

    /// Whether nothing was added since the last delta.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.ends() == self.heads.last().map_or_else(Ends::default, |head| head.ends)
    }

    /// Reserves capacity for the ticks to come, also in lists that these did not need. A world in which nothing happens has no
    /// use for it.
    pub(crate) fn reserve_ahead(&mut self) {
        if self.is_empty() {
            return;
        }
        reserve_ahead(&mut self.heads);
        reserve_ahead(&mut self.enter);
        reserve_ahead(&mut self.update);
        reserve_ahead(&mut self.leave);
        reserve_ahead(&mut self.tiles);
        reserve_ahead(&mut self.in_view);
    }

    /// Drops all of them and keeps the memory, except that of very long lists.
    pub(crate) fn clear(&mut self) {
        self.heads.clear();
        drop_excess(&mut self.enter);
        drop_excess(&mut self.update);
        drop_excess(&mut self.leave);
        drop_excess(&mut self.tiles);
        drop_excess(&mut self.in_view);
    }

    fn ends(&self) -> Ends {
        Ends {
            enter: self.enter.len(),
            update: self.update.len(),
            leave: self.leave.len(),
            tiles: self.tiles.len(),
            in_view: self.in_view.len(),
        }
    }
}

/// A delta to be filled, behind those that are made already.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    /// Entities that came into view.
    pub(crate) enter: &'a mut Vec<PublicEntity>,
    /// Entities in view that changed.
    pub(crate) update: &'a mut Vec<EntityUpdate>,
    /// Entities that went out of view.
    pub(crate) leave: &'a mut Vec<EntityId>,
    /// Tiles in view that changed.
    pub(crate) tiles: &'a mut Vec<TileChange>,
    /// Everybody who is in view.
    pub(crate) in_view: &'a mut Vec<EntityId>,
    starts: Ends,
}

impl Change<'_> {
    /// Puts what was added into order: all but those that enter, who are found in order.
    pub(crate) fn sort(&mut self) {
        self.update[self.starts.update..].sort_unstable_by_key(|update| update.id);
        self.leave[self.starts.leave..].sort_unstable();
        self.tiles[self.starts.tiles..].sort_unstable_by_key(|tile| (tile.y, tile.x));
        self.in_view[self.starts.in_view..].sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delta_has_its_own_part_of_the_lists_in_order() {
        let mut deltas = Deltas::default();
        for (cell, ids) in [(1, vec![3, 2]), (4, vec![]), (6, vec![1])] {
            let mut change = deltas.open();
            change.leave.extend(ids.iter().map(|id| EntityId(*id)));
            change.sort();
            assert_eq!(deltas.is_unchanged(), ids.is_empty());
            deltas.close(CellId(cell), cell == 6);
        }
        let seen: Vec<_> = deltas.iter().map(|delta| (delta.cell.0, delta.full, delta.leave.to_vec())).collect();
        let ids = |ids: &[u64]| ids.iter().map(|id| EntityId(*id)).collect::<Vec<_>>();
        assert_eq!(seen, [(1, false, ids(&[2, 3])), (4, false, ids(&[])), (6, true, ids(&[1]))]);
        assert_eq!((deltas.find(CellId(4)), deltas.find(CellId(5))), (Some(1), None));
        deltas.clear();
        assert!(deltas.is_empty() && deltas.is_unchanged());
    }
}
