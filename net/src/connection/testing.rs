//! The reader alone, for tests and fuzzing: how it decodes a stream of bytes that arrives in given
//! segments. Never part of the server.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tilemud_schema::{ClientMessage, CloseCode, Encoding, WireError};
use tokio::io::{AsyncRead, ReadBuf};

use super::reader::{Inbound, Reader};
use crate::outbox::Outbox;

/// What the reader made of the bytes, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    Message(ClientMessage),
    /// Something that is no message, and the error it is answered with.
    Refused(WireError),
    /// The end, with the close code for the sender.
    End(Option<CloseCode>),
}

/// Reads until the bytes end. To be called inside a paused runtime, so that limits do not depend on
/// the machine.
pub async fn heard(encoding: Encoding, segments: impl IntoIterator<Item = Vec<u8>>) -> Vec<Heard> {
    let socket = Segments(segments.into_iter().filter(|segment| !segment.is_empty()).collect());
    let mut reader = Reader::new(Box::new(socket), Arc::new(Outbox::new(encoding, 40, Arc::default())));
    let mut all = Vec::new();
    loop {
        all.push(match reader.next().await {
            Inbound::Message(message) => Heard::Message(message),
            Inbound::Malformed(error) => Heard::Refused(error.into_wire()),
            Inbound::End(ending) => Heard::End(ending.code),
        });
        if let Some(Heard::End(_)) = all.last() {
            return all;
        }
    }
}

/// A socket that gives one segment at each read, and then ends.
struct Segments(VecDeque<Vec<u8>>);

impl AsyncRead for Segments {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(mut segment) = self.0.pop_front() {
            let rest = segment.split_off(segment.len().min(buffer.remaining()));
            buffer.put_slice(&segment);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}
