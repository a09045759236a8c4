//! When the write-ahead log was last folded into the database, and under which mark.

use parking_lot::Mutex;
use tokio::time::Instant;

/// When the log was folded.
pub(super) struct Folding {
    pub(super) state: Mutex<State>,
}

/// What a look at the log needs to know.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// `None` until the first time.
    pub(super) last: Option<Instant>,
    pub(super) mark: u32,
    /// The mark is on its way into the file.
    pub(super) is_pending: bool,
}

impl Folding {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { last: None, mark: 0, is_pending: false }) }
    }
}
