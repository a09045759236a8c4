//! The life of the player's session as a pure state machine: events in, commands out, no IO.
//!
//! [`machine`] decides; its parts are `inbound` (input from the network), `refusal` (refusals),
//! `access` (access tokens) and `network` (events of device and page). `signs` checks whether the
//! connection lives, [`state`] is what the player sees, [`outbox`] numbers intents and keeps those
//! without an answer, [`backoff`] spaces the reconnects. Time and randomness come from the caller.

mod access;
pub mod backoff;
mod command;
mod credentials;
mod inbound;
pub mod machine;
mod network;
pub mod outbox;
mod refusal;
mod signs;
pub mod state;

pub use command::Command;
pub use credentials::Issuer;
pub use machine::Session;
pub use outbox::{Outbox, Unanswered};
pub use state::{ConnectStep, EndReason, SessionState};

#[cfg(test)]
mod tests;
