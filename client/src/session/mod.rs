//! The life of the player's session as a pure state machine: events in, commands out, no IO.
//!
//! [`machine`] decides (what comes from the network is in `inbound`, what refusals mean in `refusal`, how an access token is
//! got in `access`, what the device and the page say in `network`), `signs` knows whether the connection lives, [`state`] is what the player sees of it, [`outbox`] numbers intents and keeps those without
//! an answer, [`backoff`] spaces the reconnects. Time and chance come from the caller.

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
