//! One realtime connection: upgrade, handshake, reader, outbox, writer.
//!
//! A connection is two tasks. The reader owns the read half, decodes and checks messages and pushes
//! intents into the mailbox. The outbox writes to a plain socket itself, called by the fan-out; the
//! writer sends what the socket did not take at once, and all of an encrypted connection.

mod budget;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod echo;
mod ending;
mod frame_reader;
mod handshake;
mod in_frame;
mod payload;
mod reader;
mod request;
#[cfg(feature = "testing")]
pub mod testing;
mod upgrade;

pub(crate) use request::{VERSION, VERSION_HEADER, no_upgrade};
pub(crate) use upgrade::upgrade;
#[cfg(feature = "testing")]
pub(crate) use upgrade::{serve_plain, serve_stream};
