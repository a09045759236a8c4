//! WebSocket frames ready to send, and the sharing of their bodies.

use bytes::{BufMut, Bytes, BytesMut};
use fastwebsockets::OpCode;
use smallvec::SmallVec;
use tilemud_schema::codec::encode_server;
use tilemud_schema::{CloseCode, DisconnectEvent, Encoding, ServerMessage, Timestamp};

use crate::limits::FRAME_PART_BYTES;

/// Longest header of an unmasked frame (RFC 6455, 5.2).
pub(super) const HEAD_BYTES_MAX: usize = 10;

/// One frame in parts that are written one after the other; shared parts are shared by reference.
#[derive(Debug, Clone)]
pub struct OutFrame {
    pub(super) parts: SmallVec<[Bytes; 2]>,
}

impl OutFrame {
    /// A message in its own frame.
    #[must_use]
    pub fn message(encoding: Encoding, message: &ServerMessage) -> Self {
        Self::encoded(encoding, [], |out| encode_server(encoding, message, out))
    }

    /// A frame whose payload is the given parts in order.
    #[cfg(test)]
    pub fn payload<const N: usize>(encoding: Encoding, payload: [Bytes; N]) -> Self {
        Self::with_opcode(opcode_of(encoding), payload)
    }

    #[must_use]
    pub fn close(code: u16, reason: &str) -> Self {
        let mut payload = BytesMut::with_capacity(2 + reason.len());
        payload.put_u16(code);
        payload.put_slice(reason.as_bytes());
        Self::with_opcode(OpCode::Close, [payload.freeze()])
    }

    /// A ping; the peer answers with what is in it.
    #[must_use]
    pub fn ping(payload: &[u8]) -> Self {
        Self::with_opcode(OpCode::Ping, [Bytes::copy_from_slice(payload)])
    }

    /// This frame and another one behind it, which are sent, or dropped, together.
    #[must_use]
    pub fn followed_by(mut self, next: Self) -> Self {
        self.parts.extend(next.parts);
        self
    }

    /// The answer to a ping.
    #[must_use]
    pub fn pong(payload: Bytes) -> Self {
        Self::with_opcode(OpCode::Pong, [payload])
    }

    /// The parts, header first.
    #[must_use]
    pub fn parts(&self) -> &[Bytes] {
        &self.parts
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Bytes::len).sum()
    }

    /// Bytes of memory it keeps allocated while it waits. A shared part counts for each frame,
    /// because any of them may be its last holder.
    #[must_use]
    pub fn held(&self) -> usize {
        self.parts.iter().map(|part| part.len() + FRAME_PART_BYTES).sum()
    }

    fn with_opcode<const N: usize>(opcode: OpCode, payload: [Bytes; N]) -> Self {
        let len = payload.iter().map(Bytes::len).sum();
        let first = payload.first().map_or(0, Bytes::len);
        // The header is merged with a first part that is small and not shared: one slice less to
        // write.
        let merge = N > 0 && first <= 256;
        let mut head = BytesMut::with_capacity(HEAD_BYTES_MAX + if merge { first } else { 0 });
        head.resize(HEAD_BYTES_MAX, 0);
        let size = write_head(opcode, len, &mut head);
        head.truncate(size);
        let mut parts = SmallVec::new();
        let mut payload = payload.into_iter();
        if merge && let Some(first) = payload.next() {
            head.put_slice(&first);
        }
        parts.push(head.freeze());
        parts.extend(payload.filter(|part| !part.is_empty()));
        Self { parts }
    }
}

pub(super) fn opcode_of(encoding: Encoding) -> OpCode {
    match encoding {
        Encoding::Postcard => OpCode::Binary,
        Encoding::Json => OpCode::Text,
    }
}

/// Writes the header of a final, unmasked frame (RFC 6455, 5.2); returns its size.
pub(super) fn write_head(opcode: OpCode, len: usize, head: &mut [u8]) -> usize {
    head[0] = 0x80 | opcode as u8;
    match len {
        0..=125 => {
            head[1] = len as u8;
            2
        }
        126..=0xffff => {
            head[1] = 126;
            head[2..4].copy_from_slice(&(len as u16).to_be_bytes());
            4
        }
        _ => {
            head[1] = 127;
            head[2..10].copy_from_slice(&(len as u64).to_be_bytes());
            10
        }
    }
}

/// `event.disconnect` and the close frame that follows it.
#[must_use]
pub fn goodbye(encoding: Encoding, code: CloseCode, at: Timestamp) -> [OutFrame; 2] {
    let event = DisconnectEvent { at: Some(at), ..code.into() };
    [OutFrame::message(encoding, &ServerMessage::Disconnect(event)), OutFrame::close(code.into(), code.reason())]
}

/// The bytes before the goodbye with this code at the end, whatever time it names.
#[cfg(test)]
pub(super) fn before_goodbye(bytes: &[u8], code: CloseCode) -> Option<&[u8]> {
    let [event, close] = goodbye(Encoding::Postcard, code, tilemud_vitals::clock::now());
    let before = bytes.len().checked_sub(event.len() + close.len())?;
    let (event, rest) = bytes[before..].split_at(event.len());
    let mut in_view = tilemud_schema::InView::default();
    let event = tilemud_schema::codec::decode_server(Encoding::Postcard, event.get(2..)?, &mut in_view);
    let said = matches!(event, Ok(ServerMessage::Disconnect(event)) if event.code == code && event.at.is_some());
    (said && rest == close.parts().concat()).then_some(&bytes[..before])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(frame: &OutFrame) -> Vec<u8> {
        frame.parts().concat()
    }

    #[test]
    fn headers_follow_rfc_6455_at_every_length_class() {
        for (len, header) in [
            (0_usize, vec![0x82, 0]),
            (125, vec![0x82, 125]),
            (126, vec![0x82, 126, 0, 126]),
            (65_535, vec![0x82, 126, 0xff, 0xff]),
            (65_536, vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![7; len])]);
            let bytes = whole(&frame);
            assert_eq!(bytes[..header.len()], header, "length {len}");
            assert_eq!(bytes.len(), header.len() + len);
            assert_eq!(frame.len(), bytes.len());
        }
    }

    #[test]
    fn parts_are_joined_in_order_and_big_ones_are_shared() {
        let body = Bytes::from(vec![2; 1_000]);
        let frame =
            OutFrame::payload(Encoding::Json, [Bytes::from_static(b"a"), body.clone(), Bytes::from_static(b"z")]);
        let bytes = whole(&frame);
        assert_eq!(bytes[0], 0x81);
        assert_eq!(bytes.len(), 4 + 1_002);
        assert_eq!((bytes[4], bytes[5], bytes[bytes.len() - 1]), (b'a', 2, b'z'));
        assert!(frame.parts().iter().any(|part| part.as_ptr() == body.as_ptr()));
    }
}
