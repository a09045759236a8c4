//! When the last checkpoint of the write-ahead log was made, and under which mark.

use tokio::time::Instant;

/// What a look at the log needs to know.
#[derive(Clone, Copy, Default)]
pub(super) struct State {
    /// `None` until the first time.
    pub(super) last: Option<Instant>,
    pub(super) mark: u32,
    /// The mark is on its way into the file.
    pub(super) is_pending: bool,
}
