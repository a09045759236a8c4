//! How long each step of an end may take.

use std::time::Duration;

/// A drain: longer than a commit and the wait for a store that is away. A longer drain counts as
/// hanging.
pub(super) const DRAIN_PATIENCE: Duration = Duration::from_secs(30);

/// The same for what cannot go on; with the grace, which the store has too, well within a second.
pub(super) const LOST_PATIENCE: Duration = Duration::from_millis(250);
pub(super) const LOST_GRACE: Duration = Duration::from_millis(150);
const _: () = assert!(LOST_PATIENCE.as_millis() + 2 * LOST_GRACE.as_millis() < 1_000);

/// How long connections have to take their goodbye.
pub(super) const GOODBYE_GRACE: Duration = Duration::from_secs(3);
