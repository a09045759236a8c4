//! The life of the player's session as a pure state machine: events in, commands out, no IO.
//!
//! [`machine`] decides, [`state`] is what the player sees of it, [`outbox`] numbers intents and keeps
//! those without an answer, [`backoff`] spaces the reconnects. Time and chance come from the caller.

pub mod backoff;
pub mod machine;
pub mod outbox;
pub mod state;

pub use machine::{Command, Session};
pub use outbox::{Outbox, Unanswered};
pub use state::{ConnectStep, EndReason, SessionState};
