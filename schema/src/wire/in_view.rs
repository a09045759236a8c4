//! Who is in view of a cell, as the server and everybody who looks from there know it. Binary
//! frames name an entity by its place in it, which is a smaller number than its id.

use super::delta::Entity;
use crate::{EntityId, Tick};

/// The ids of those in view, ascending. Of a connection it begins with its first state delta and
/// follows each one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InView {
    pub(super) ids: Vec<EntityId>,
    /// Of the newest delta that a connection got.
    pub(super) tick: Tick,
}

impl InView {
    /// With exactly these, ascending.
    #[must_use]
    pub fn of(ids: Vec<EntityId>) -> Self {
        Self { ids, tick: 0 }
    }

    /// Follows a delta that was read.
    pub fn follow(&mut self, enter: &[Entity], leave: &[EntityId]) {
        if !leave.is_empty() {
            self.ids.retain(|id| leave.binary_search(id).is_err());
        }
        if !enter.is_empty() {
            self.ids.extend(enter.iter().map(|entity| entity.id));
            // Two ascending runs, which this sort merges.
            self.ids.sort();
            self.ids.dedup();
        }
    }

    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        self.ids.clear();
    }

    /// The place of an entity, from 1, found behind another place.
    pub(super) fn place(&self, id: EntityId, behind: usize) -> Option<usize> {
        self.ids.get(behind..)?.binary_search(&id).ok().map(|index| behind + index + 1)
    }

    /// Who has a place.
    pub(super) fn at(&self, place: u64) -> Option<EntityId> {
        let index = usize::try_from(place.checked_sub(1)?).ok()?;
        self.ids.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityKind;

    fn entity(id: u64) -> Entity {
        Entity {
            id: EntityId(id),
            kind: EntityKind::Item,
            name: "a".into(),
            x: 0,
            y: 0,
            look: "b".into(),
            health: None,
            open: None,
            away: None,
        }
    }

    #[test]
    fn places_follow_who_comes_and_who_goes() {
        let mut in_view = InView::of([3, 5, 8].map(EntityId).into());
        in_view.follow(&[entity(4), entity(9)], &[EntityId(3), EntityId(8)]);
        assert_eq!(in_view.ids, [4, 5, 9].map(EntityId));
        for (index, id) in [4, 5, 9].into_iter().enumerate() {
            assert_eq!(in_view.place(EntityId(id), index), Some(index + 1));
            assert_eq!(in_view.at(index as u64 + 1), Some(EntityId(id)));
        }
        assert_eq!((in_view.place(EntityId(4), 1), in_view.place(EntityId(6), 0)), (None, None));
        assert_eq!((in_view.at(0), in_view.at(4), in_view.at(u64::MAX)), (None, None, None));
    }
}
