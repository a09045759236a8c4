//! Who is in the world as the fan-out sees it: one seat per session, and who sits in which cell. Places are found by number,
//! not by key, because every tick goes through most of them.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tilemud_schema::{EntityId, Tick, WireError};
use tilemud_sim::api::{CellId, SessionKey};

use super::answer_book::AnswerBook;
use super::mail::Mail;
use crate::outbox::Outbox;
use crate::session::Session;

/// Number of a seat. Given again when its session has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SeatId(u32);

/// What the fan-out knows of a session in the world.
pub(super) struct Seat {
    pub(super) session: Arc<Session>,
    /// The connection as of the last attach; gone when it has closed.
    pub(super) outbox: Option<Arc<Outbox>>,
    pub(super) answers: AnswerBook,
    /// What it is owed of what happens once.
    pub(super) mail: Mail,
    /// What it is owed of errors that answer no intent.
    pub(super) notices: VecDeque<WireError>,
    pub(super) entity: Option<EntityId>,
    /// Whether it is in the list of those that are owed something.
    pub(super) is_owing: bool,
    /// What the world was told last of whether more may be whispered to it.
    pub(super) is_full: bool,
    /// The tick of the last delta.
    pub(super) delta_tick: Tick,
    /// How many of the lines said to all in a tick it has been given already, in their place among what it perceives alone.
    pub(super) lines_of: (Tick, usize),
    /// Whether something waits in its outbox for the sweep.
    pub(super) pending: Pending,
    pub(super) cell: CellId,
    /// Its place in the list of its cell.
    place: u32,
}

#[derive(Default)]
pub(super) struct Seats {
    seats: Vec<Option<Seat>>,
    free: Vec<SeatId>,
    by_session: FxHashMap<SessionKey, SeatId>,
    cells: FxHashMap<CellId, Vec<SeatId>>,
}

impl Seats {
    /// The seat of a session.
    pub(super) fn find(&self, key: SessionKey) -> Option<SeatId> {
        self.by_session.get(&key).copied()
    }

    pub(super) fn get_mut(&mut self, id: SeatId) -> Option<&mut Seat> {
        self.seats.get_mut(id.0 as usize)?.as_mut()
    }

    /// Has the outboxes of these come near, a handful at most: they are to be written to next.
    pub(super) fn come_near<'a>(&self, ids: impl Iterator<Item = &'a SeatId>) {
        for id in ids {
            if let Some(Some(Seat { outbox: Some(outbox), .. })) = self.seats.get(id.0 as usize) {
                outbox.come_near();
            }
        }
    }

    /// The seat of a session, which is given one if it has none.
    pub(super) fn seat(&mut self, session: Arc<Session>) -> SeatId {
        let key = session.key;
        if let Some(id) = self.find(key) {
            return id;
        }
        let seat = Seat {
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
            place: 0,
        };
        let id = self.free.pop().unwrap_or_else(|| {
            self.seats.push(None);
            SeatId(u32::try_from(self.seats.len() - 1).expect("sessions are bounded far below"))
        });
        self.seats[id.0 as usize] = Some(seat);
        self.by_session.insert(key, id);
        id
    }

    /// Moves a session to the cell it looks from now.
    pub(super) fn enter_cell(&mut self, id: SeatId, cell: CellId) {
        if self.get_mut(id).is_none_or(|seat| seat.cell == cell) {
            return;
        }
        self.leave_cell(id);
        let members = self.cells.entry(cell).or_default();
        let place = members.len() as u32;
        members.push(id);
        if let Some(seat) = self.get_mut(id) {
            (seat.cell, seat.place) = (cell, place);
        }
    }

    /// Those in a cell, taken out to be worked on; to be given back by [`Self::put_back`].
    pub(super) fn take_members(&mut self, cell: CellId) -> Vec<SeatId> {
        self.cells.get_mut(&cell).map(std::mem::take).unwrap_or_default()
    }

    pub(super) fn put_back(&mut self, cell: CellId, members: Vec<SeatId>) {
        if let Some(place) = self.cells.get_mut(&cell) {
            *place = members;
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (SeatId, &mut Seat)> {
        self.seats.iter_mut().enumerate().filter_map(|(index, seat)| Some((SeatId(index as u32), seat.as_mut()?)))
    }

    /// Takes a session out.
    pub(super) fn remove(&mut self, key: SessionKey) -> Option<Seat> {
        let id = self.by_session.remove(&key)?;
        self.leave_cell(id);
        self.free.push(id);
        self.seats.get_mut(id.0 as usize)?.take()
    }

    fn leave_cell(&mut self, id: SeatId) {
        let Some(seat) = self.get_mut(id) else { return };
        let (cell, place) = (std::mem::take(&mut seat.cell), seat.place);
        let Some(members) = self.cells.get_mut(&cell) else { return };
        members.swap_remove(place as usize);
        let moved = members.get(place as usize).copied();
        if members.is_empty() {
            self.cells.remove(&cell);
        }
        if let Some(moved) = moved.and_then(|moved| self.get_mut(moved)) {
            moved.place = place;
        }
    }
}

/// Whether something waits in an outbox, and how it got into which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    No,
    Rest,
    Urgent,
}
