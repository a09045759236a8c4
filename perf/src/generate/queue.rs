//! Who waits to come in, and the doors they come through. Asks nothing of the server itself.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::link::Link;

/// Who waits to come in, and the connections they ask through.
#[derive(Debug, Default)]
pub struct Entrance {
    pub(super) doors: Vec<Door>,
    pub(super) waiting: VecDeque<usize>,
    /// By the time they are to come again, nanoseconds.
    pub(super) put_off: BinaryHeap<Reverse<(u64, usize)>>,
    pub(super) under_way: usize,
}

/// A connection for requests.
#[derive(Debug)]
pub struct Door {
    pub(super) link: Option<Link>,
    /// Whose request is under way.
    pub(super) session: Option<usize>,
}

impl Entrance {
    /// Puts a session at the end of the queue.
    pub fn queue(&mut self, session: usize) {
        self.waiting.push_back(session);
    }

    /// When the first of those put off is to come again.
    #[must_use]
    pub fn next_due_ns(&self) -> Option<u64> {
        self.put_off.peek().map(|Reverse((due_ns, _))| *due_ns)
    }
}
