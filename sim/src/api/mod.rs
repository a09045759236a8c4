//! What goes into a tick and what comes out of it, as plain data; the only part of the world that
//! the rest of the server needs to know.

#![warn(missing_docs)]

mod deltas;
mod input;
mod intent;
mod output;
mod phase;
mod recycled;

pub(crate) use deltas::Change;
pub use deltas::{Delta, Deltas};
pub use input::{CellId, Identity, Input};
pub use intent::{Outcome, PendingIntent, Refusal, SessionKey};
pub use output::{Answer, Attached, Event, ProfileChange, SessionDelta, TickOutput, View};
pub use phase::TickPhase;
pub use recycled::RecycledOutput;
