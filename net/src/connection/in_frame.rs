//! A frame that was received, and why no more can be.

use bytes::BytesMut;
use fastwebsockets::OpCode;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct InFrame {
    pub(super) fin: bool,
    pub(super) opcode: OpCode,
    pub(super) payload: BytesMut,
}

/// Why no more frames come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The peer has gone.
    Gone,
    /// A frame with more than [`INBOUND_FRAME_BYTES_MAX`] bytes.
    TooLarge,
    /// Something that RFC 6455 does not allow.
    Protocol,
    /// More than a peer may send.
    Flood,
}
