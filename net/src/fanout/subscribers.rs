//! Who is in the world as the fan-out sees it: one subscriber per session, and who stands in which
//! cell and has what in view. Subscribers are found by number, not by key, because every tick goes
//! through most of them.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tilemud_schema::{EntityId, InView, Tick, WireError};
use tilemud_sim::api::{CellId, Delta, SessionKey};

use super::answer_book::AnswerBook;
use super::mail::Mail;
use crate::outbox::Outbox;
use crate::session::Session;

/// Number of a subscriber. Given again when its session has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SubscriberId(u32);

/// What the fan-out knows of a session in the world.
pub(super) struct Subscriber {
    pub(super) session: Arc<Session>,
    /// The connection as of the last attach; gone when it has closed.
    pub(super) outbox: Option<Arc<Outbox>>,
    pub(super) answers: AnswerBook,
    /// Effects that have not arrived yet.
    pub(super) mail: Mail,
    /// Errors that answer no intent and wait for a connection.
    pub(super) notices: VecDeque<WireError>,
    pub(super) entity: Option<EntityId>,
    /// Whether it is in the list of those that get something with the next frame.
    pub(super) is_owing: bool,
    /// Whether the world refuses whispers to it, as last sent to the world.
    pub(super) is_full: bool,
    /// The tick of the last delta.
    pub(super) delta_tick: Tick,
    /// How many lines of the zone it got already in a tick, in order with its own effects.
    pub(super) lines_of: (Tick, usize),
    /// Whether its outbox waits to be flushed.
    pub(super) pending: Pending,
    pub(super) cell: CellId,
    /// Where it is in the list of its cell.
    index: u32,
}

#[derive(Default)]
pub(super) struct Subscribers {
    subscribers: Vec<Option<Subscriber>>,
    free: Vec<SubscriberId>,
    by_session: FxHashMap<SessionKey, SubscriberId>,
    cells: FxHashMap<CellId, Cell>,
}

/// A cell in which somebody stands.
#[derive(Default)]
struct Cell {
    members: Vec<SubscriberId>,
    /// What all of them have in view, once the world has told that.
    in_view: Option<InView>,
}

impl Subscribers {
    /// The subscriber of a session.
    pub(super) fn find(&self, key: SessionKey) -> Option<SubscriberId> {
        self.by_session.get(&key).copied()
    }

    pub(super) fn get_mut(&mut self, id: SubscriberId) -> Option<&mut Subscriber> {
        self.subscribers.get_mut(id.0 as usize)?.as_mut()
    }

    /// Brings an outbox into the processor's cache.
    pub(super) fn prefetch(&self, id: SubscriberId) {
        if let Some(Some(Subscriber { outbox: Some(outbox), .. })) = self.subscribers.get(id.0 as usize) {
            outbox.prefetch();
        }
    }

    /// The subscriber of a session, made if it has none.
    pub(super) fn subscribe(&mut self, session: Arc<Session>) -> SubscriberId {
        let key = session.key;
        if let Some(id) = self.find(key) {
            return id;
        }
        let subscriber = Subscriber {
            session,
            outbox: None,
            answers: AnswerBook::default(),
            mail: Mail::default(),
            notices: VecDeque::new(),
            entity: None,
            is_owing: false,
            is_full: false,
            delta_tick: 0,
            lines_of: (0, 0),
            pending: Pending::No,
            cell: CellId::default(),
            index: 0,
        };
        let id = self.free.pop().unwrap_or_else(|| {
            self.subscribers.push(None);
            SubscriberId(u32::try_from(self.subscribers.len() - 1).expect("sessions are bounded far below"))
        });
        self.subscribers[id.0 as usize] = Some(subscriber);
        self.by_session.insert(key, id);
        id
    }

    /// Moves a session to the cell it looks from now.
    pub(super) fn enter_cell(&mut self, id: SubscriberId, cell: CellId) {
        if self.get_mut(id).is_none_or(|subscriber| subscriber.cell == cell) {
            return;
        }
        self.leave_cell(id);
        let Cell { members, .. } = self.cells.entry(cell).or_default();
        let index = members.len() as u32;
        members.push(id);
        if let Some(subscriber) = self.get_mut(id) {
            (subscriber.cell, subscriber.index) = (cell, index);
        }
    }

    /// Those in a cell, taken out to be worked on; to be given back by [`Self::put_back`].
    pub(super) fn take_members(&mut self, cell: CellId) -> Vec<SubscriberId> {
        self.cells.get_mut(&cell).map(|cell| std::mem::take(&mut cell.members)).unwrap_or_default()
    }

    pub(super) fn put_back(&mut self, cell: CellId, members: Vec<SubscriberId>) {
        if let Some(emptied) = self.cells.get_mut(&cell) {
            emptied.members = members;
        }
    }

    /// What those for whom a cell's delta is have in view, taken out until [`Self::follow`] gives
    /// it back. Nothing where the delta tells it, for that is what comes behind it.
    pub(super) fn take_in_view(&mut self, delta: &Delta<'_>) -> Option<InView> {
        self.cells.get_mut(&delta.cell)?.in_view.take().filter(|_| delta.in_view.is_empty())
    }

    /// What they have in view behind the delta.
    pub(super) fn follow(&mut self, delta: &Delta<'_>, in_view: Option<InView>) {
        let Some(cell) = self.cells.get_mut(&delta.cell) else { return };
        cell.in_view = if delta.in_view.is_empty() {
            in_view.map(|mut in_view| {
                in_view.follow(delta.enter, delta.leave);
                in_view
            })
        } else {
            Some(InView::of(delta.in_view.to_vec()))
        };
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (SubscriberId, &mut Subscriber)> {
        self.subscribers
            .iter_mut()
            .enumerate()
            .filter_map(|(index, subscriber)| Some((SubscriberId(index as u32), subscriber.as_mut()?)))
    }

    /// Takes a session out.
    pub(super) fn remove(&mut self, key: SessionKey) -> Option<Subscriber> {
        let id = self.by_session.remove(&key)?;
        self.leave_cell(id);
        self.free.push(id);
        self.subscribers.get_mut(id.0 as usize)?.take()
    }

    fn leave_cell(&mut self, id: SubscriberId) {
        let Some(subscriber) = self.get_mut(id) else { return };
        let (cell, index) = (std::mem::take(&mut subscriber.cell), subscriber.index as usize);
        let Some(Cell { members, .. }) = self.cells.get_mut(&cell) else { return };
        members.swap_remove(index);
        let moved = members.get(index).copied();
        if members.is_empty() {
            self.cells.remove(&cell);
        }
        if let Some(moved) = moved.and_then(|moved| self.get_mut(moved)) {
            moved.index = index as u32;
        }
    }
}

/// Whether an outbox waits to be flushed, and in which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    No,
    Rest,
    Urgent,
}
