//! One realtime connection: upgrade, handshake, reader, outbox, writer.
//!
//! A connection is two tasks. The reader owns the read half, decodes and checks messages and pushes
//! intents into the mailbox. The writer owns the write half and sends whatever its outbox holds, one
//! vectored write per wake-up. The fan-out only ever touches the outbox.

mod bucket;
pub mod frame;
mod handshake;
pub mod outbox;
mod reader;
mod upgrade;
mod writer;

pub(crate) use handshake::version_mismatch;
pub(crate) use upgrade::upgrade;
