//! Deliberate flaws on the way of an action, for the simulation of the whole server to find: one
//! that finds none of them is worth nothing. Nothing but tests has them built in, which a test of
//! the manifests holds, and a thread has one only where a test puts it there.

use std::cell::Cell;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Ticks are released before they are committed.
    AckBeforeCommit,
    /// Ticks that are released together are released in the wrong order.
    ReleaseOutOfOrder,
    /// A number that was consumed before is consumed again.
    DedupOff,
    /// A commit that is refused because another process has the lease is taken for a good one.
    LeaseUnchecked,
}

thread_local! {
    static OF_THIS_THREAD: Cell<Option<Flaw>> = const { Cell::new(None) };
}

/// Sets the flaw of everything that runs on this thread from now on, or clears it.
pub fn put_in(flaw: Option<Flaw>) {
    OF_THIS_THREAD.set(flaw);
}

/// Ticks that are released together; reordered when [`Flaw::ReleaseOutOfOrder`] is set.
pub fn turned_if_in<T>(ticks: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let mut ticks: Vec<T> = ticks.collect();
    if is_in(Flaw::ReleaseOutOfOrder) {
        ticks.reverse();
    }
    ticks.into_iter()
}

/// Whether what runs on this thread has a flaw.
#[must_use]
pub fn is_in(flaw: Flaw) -> bool {
    OF_THIS_THREAD.get() == Some(flaw)
}
