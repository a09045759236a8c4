//! Frames from a socket (RFC 6455, 5.2), unmasked and each checked alone. The reader makes messages
//! of them.
//!
//! Reads into one buffer per thread and keeps only the bytes of a frame that is not complete yet:
//! thousands of quiet connections hold no buffers. The library's own reader keeps 8 KiB for each,
//! takes frames without a mask and big control frames, and loses bytes when it is cancelled.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};

use bytes::{Buf, BytesMut};
use fastwebsockets::{OpCode, unmask};
use tilemud_schema::limits::INBOUND_FRAME_BYTES_MAX;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use super::budget::Budget;
use super::in_frame::{Fault, InFrame};
use crate::limits::{DISCARD_PAUSE, DISCARDED_BYTES_MAX};

/// Bytes of one read at most; more wait in the socket.
const READ_BYTES_MAX: usize = 16 * 1024;

/// Longest payload of a control frame (RFC 6455, 5.5).
const CONTROL_BYTES_MAX: usize = 125;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES_MAX]);
}

pub(super) type ReadHalf = Box<dyn AsyncRead + Send + Unpin>;

/// The receiving side of a connection.
pub(super) struct FrameReader {
    socket: ReadHalf,
    /// Bytes that were read and are not frames yet: an incomplete frame and at most one read.
    waiting: BytesMut,
    /// The budget of the peer; none for bytes that are there already.
    budget: Option<Budget>,
}

impl FrameReader {
    pub(super) fn new(socket: ReadHalf) -> Self {
        Self { socket, waiting: BytesMut::new(), budget: None }
    }

    /// What the peer may send from now on.
    pub(super) fn meter(&mut self, budget: Budget) {
        self.budget = Some(budget);
    }

    /// It is known whose connection it is.
    pub(super) fn welcome(&mut self) {
        self.budget.iter_mut().for_each(Budget::welcome);
    }

    /// The next frame.
    ///
    /// # Errors
    /// [`Fault`]; nothing useful comes after one.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn frame(&mut self) -> Result<InFrame, Fault> {
        loop {
            if let Some(frame) = parse(&mut self.waiting)? {
                if self.waiting.is_empty() {
                    self.waiting = BytesMut::new();
                }
                if let Some(budget) = &mut self.budget {
                    budget.frame(&frame, Instant::now())?;
                }
                return Ok(frame);
            }
            if let Some(budget) = &self.budget {
                let pause = budget.pause(Instant::now());
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
            let read = self.read().await?;
            if let Some(budget) = &mut self.budget {
                budget.read(read, Instant::now())?;
            }
        }
    }

    /// Reads and discards what still arrives after a goodbye, slowly. Ends at the end of the stream
    /// or when too much has arrived.
    pub(super) async fn discard(&mut self) {
        let mut discarded = 0;
        while discarded < DISCARDED_BYTES_MAX
            && let Ok(read) = self.read().await
        {
            self.waiting = BytesMut::new();
            discarded += read;
            tokio::time::sleep(DISCARD_PAUSE).await;
        }
    }

    /// One read; how many bytes came.
    pub(super) async fn read(&mut self) -> Result<usize, Fault> {
        let Self { socket, waiting, .. } = self;
        poll_fn(|context| {
            SCRATCH.with_borrow_mut(|scratch| {
                let mut buffer = ReadBuf::new(scratch);
                let outcome = ready!(Pin::new(&mut *socket).poll_read(context, &mut buffer));
                let read = buffer.filled();
                Poll::Ready(if outcome.is_err() || read.is_empty() {
                    Err(Fault::Gone)
                } else {
                    waiting.extend_from_slice(read);
                    Ok(read.len())
                })
            })
        })
        .await
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.waiting.len()
    }
}

/// Takes the first frame out of `bytes`, if it is complete.
fn parse(bytes: &mut BytesMut) -> Result<Option<InFrame>, Fault> {
    let &[first, second, ..] = &bytes[..] else { return Ok(None) };
    // No extension is ever agreed on, so the reserved bits are clear; and a client masks every
    // frame (5.1).
    if first & 0x70 != 0 || second & 0x80 == 0 {
        return Err(Fault::Protocol);
    }
    let fin = first & 0x80 != 0;
    let opcode = OpCode::try_from(first & 0x0f).map_err(|_| Fault::Protocol)?;
    // A length in a longer form than it needs is none (5.2).
    let (size, len, len_min) = match second & 0x7f {
        126 => (4, bytes.get(2..4).map(|mut len| u64::from(len.get_u16())), 126),
        127 => (10, bytes.get(2..10).map(|mut len| len.get_u64()), 1 << 16),
        len => (2, Some(u64::from(len)), 0),
    };
    let Some(len) = len else { return Ok(None) };
    if len < len_min {
        return Err(Fault::Protocol);
    }
    let len = usize::try_from(len).map_err(|_| Fault::TooLarge)?;
    if len > INBOUND_FRAME_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    if matches!(opcode, OpCode::Close | OpCode::Ping | OpCode::Pong) && (!fin || len > CONTROL_BYTES_MAX) {
        return Err(Fault::Protocol);
    }
    let head = size + 4;
    if bytes.len() < head + len {
        return Ok(None);
    }
    let mask = [bytes[size], bytes[size + 1], bytes[size + 2], bytes[size + 3]];
    bytes.advance(head);
    let mut payload = bytes.split_to(len);
    unmask(&mut payload, mask);
    Ok(Some(InFrame { fin, opcode, payload }))
}

/// The bytes of a frame; `len` is its length as it stands in the head, with the bit of the mask.
#[cfg(test)]
pub(super) fn masked(first: u8, len: &[u8], payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [1, 2, 3, 4];
    let payload = payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask);
    [&[first], len, &MASK].concat().into_iter().chain(payload).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(bytes: &[u8]) -> Result<Option<InFrame>, Fault> {
        parse(&mut BytesMut::from(bytes))
    }

    #[test]
    fn a_frame_is_taken_when_its_last_byte_is_there_and_what_follows_stays() {
        let long = vec![7; 300];
        for (len, payload) in [(vec![0x80 | 5], &b"hello"[..]), (vec![0x80 | 126, 1, 44], &long)] {
            let bytes = masked(0x82, &len, payload);
            for cut in 0..bytes.len() {
                assert_eq!(outcome(&bytes[..cut]), Ok(None), "{cut} bytes");
            }
            let mut more = BytesMut::from(&[&bytes[..], b"next"].concat()[..]);
            let frame = InFrame { fin: true, opcode: OpCode::Binary, payload: BytesMut::from(payload) };
            assert_eq!((parse(&mut more), &more[..]), (Ok(Some(frame)), &b"next"[..]));
        }
    }

    #[test]
    fn what_the_protocol_forbids_is_refused_before_the_payload_comes() {
        for (bytes, fault) in [
            (vec![0x82, 5], Fault::Protocol),                                // no mask
            (vec![0xc2, 0x85], Fault::Protocol),                             // a reserved bit
            (vec![0x83, 0x85], Fault::Protocol),                             // no such opcode
            (vec![0x09, 0x80], Fault::Protocol),                             // a ping in parts
            (vec![0x89, 0xfe, 0, 126], Fault::Protocol),                     // a long ping
            (vec![0x82, 0xfe, 0, 125], Fault::Protocol),                     // a length that fits into one byte
            (vec![0x82, 0xff, 0, 0, 0, 0, 0, 0, 255, 255], Fault::Protocol), // and into two
            (vec![0x82, 0xfe, 0x10, 1], Fault::TooLarge),
            (vec![0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0], Fault::TooLarge),
            (vec![0x82, 0xff, 255, 255, 255, 255, 255, 255, 255, 255], Fault::TooLarge),
        ] {
            assert_eq!(outcome(&bytes), Err(fault), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn a_cancelled_read_loses_nothing_and_nothing_is_kept_between_frames() {
        let (mut peer, socket) = tokio::io::duplex(1_024);
        let mut frames = FrameReader::new(Box::new(socket));
        let bytes = masked(0x82, &[0x85], b"hello");
        for byte in &bytes[..bytes.len() - 1] {
            tokio::io::AsyncWriteExt::write_all(&mut peer, &[*byte]).await.unwrap();
            let mut next = std::pin::pin!(frames.frame());
            assert!(futures_util::poll!(&mut next).is_pending());
        }
        tokio::io::AsyncWriteExt::write_all(&mut peer, &bytes[bytes.len() - 1..]).await.unwrap();
        assert_eq!(frames.frame().await.unwrap().payload, b"hello"[..]);
        assert_eq!(frames.waiting.capacity(), 0);
        drop(peer);
        assert_eq!(frames.frame().await, Err(Fault::Gone));
    }
}
