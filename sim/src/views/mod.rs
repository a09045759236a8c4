//! Who sees what: from which cells sessions look, and what changed there.

pub mod cell_deltas;
pub mod crossings;
pub mod diff;
pub mod observe;
pub mod seen;
pub mod session_deltas;
