//! The places for players that the worlds of a process share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A count of the places that are taken. Its clones count together, so that the places of a process
/// are as many as the operator allows, however its worlds share them.
#[derive(Debug, Clone, Default)]
pub struct Capacity(Arc<AtomicUsize>);

impl Capacity {
    /// Takes one of so many places; false when all are taken.
    pub(super) fn take(&self, max: usize) -> bool {
        let more = |taken| (taken < max).then_some(taken + 1);
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    pub(super) fn give_back(&self, places: usize) {
        self.0.fetch_sub(places, Ordering::AcqRel);
    }
}
