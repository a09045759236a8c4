//! WebSocket frames (RFC 6455, 5.2) cut out of a stream of bytes without copying them, and the
//! masked frames that go the other way.

/// Opcode of a binary frame.
pub const BINARY: u8 = 2;

/// Opcode of a close frame.
pub const CLOSE: u8 = 8;

/// Opcode of a ping.
pub const PING: u8 = 9;

/// Opcode of the answer to one.
const PONG: u8 = 10;

/// Longest header of a frame without mask.
const HEAD_BYTES_MAX: usize = 10;

/// A frame of the server.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    pub opcode: u8,
    /// The payload; of a frame that was passed over only the beginning.
    pub payload: &'a [u8],
    /// Bytes on the wire, header included.
    pub wire_bytes: usize,
}

/// How far a connection's stream has been cut.
#[derive(Debug, Default)]
pub struct Cutter {
    /// Payload bytes of a frame that was already given out, still to come.
    to_skip: usize,
}

/// A stream that is not what a server may send.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFrames;

impl Cutter {
    /// Cuts the next frame off `bytes`, which is left with the rest; `None` when there is no whole
    /// frame.
    ///
    /// A binary frame whose first `peek` bytes `is_passed_over` is given out as soon as those are
    /// there, and its rest is skipped however late it comes, so that it need not be kept.
    ///
    /// # Errors
    /// [`NotFrames`] for masked or fragmented frames and reserved bits.
    pub fn next<'a>(
        &mut self,
        bytes: &mut &'a [u8],
        peek: usize,
        is_passed_over: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<Frame<'a>>, NotFrames> {
        let skipped = self.to_skip.min(bytes.len());
        *bytes = &bytes[skipped..];
        self.to_skip -= skipped;
        let &[first, second, ..] = *bytes else { return Ok(None) };
        if first & 0xf0 != 0x80 || second & 0x80 != 0 {
            return Err(NotFrames);
        }
        let (head, len) = match second {
            126 => match bytes.get(2..4) {
                Some(len) => (4, usize::from(u16::from_be_bytes([len[0], len[1]]))),
                None => return Ok(None),
            },
            127 => match bytes.get(2..HEAD_BYTES_MAX).and_then(|len| <[u8; 8]>::try_from(len).ok()) {
                Some(len) => (HEAD_BYTES_MAX, usize::try_from(u64::from_be_bytes(len)).map_err(|_| NotFrames)?),
                None => return Ok(None),
            },
            len => (2, usize::from(len)),
        };
        let there = &bytes[head..];
        let opcode = first & 0x0f;
        let wire_bytes = head + len;
        if there.len() >= len {
            let payload = &there[..len];
            *bytes = &there[len..];
            return Ok(Some(Frame { opcode, payload, wire_bytes }));
        }
        if opcode == BINARY && there.len() >= peek && is_passed_over(&there[..peek]) {
            self.to_skip = len - there.len();
            let payload = &there[..peek];
            *bytes = &[];
            return Ok(Some(Frame { opcode, payload, wire_bytes }));
        }
        Ok(None)
    }
}

/// Appends a masked binary frame around `payload`.
pub fn append(payload: &[u8], mask: [u8; 4], out: &mut Vec<u8>) {
    append_as(BINARY, payload, mask, out);
}

/// Appends the answer to a ping with this payload.
pub fn append_pong(payload: &[u8], out: &mut Vec<u8>) {
    append_as(PONG, payload, [1, 2, 3, 4], out);
}

fn append_as(opcode: u8, payload: &[u8], mask: [u8; 4], out: &mut Vec<u8>) {
    out.push(0x80 | opcode);
    match u8::try_from(payload.len()) {
        Ok(len) if len < 126 => out.push(0x80 | len),
        _ => {
            let len = u16::try_from(payload.len()).expect("client messages are at most 4 KiB");
            out.push(0x80 | 126);
            out.extend(len.to_be_bytes());
        }
    }
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x80 | opcode];
        match payload.len() {
            len @ 0..126 => bytes.push(len as u8),
            len @ 126..=0xffff => {
                bytes.push(126);
                bytes.extend((len as u16).to_be_bytes());
            }
            len => {
                bytes.push(127);
                bytes.extend((len as u64).to_be_bytes());
            }
        }
        bytes.extend(payload);
        bytes
    }

    /// Feeds a stream in pieces of one size, keeping what is not yet a frame, as the sockets do.
    fn cut(stream: &[u8], piece: usize, passed_over: u8) -> (Vec<(u8, Vec<u8>, usize)>, usize) {
        let (mut cutter, mut kept, mut frames, mut kept_max) = (Cutter::default(), Vec::new(), Vec::new(), 0);
        for piece in stream.chunks(piece) {
            kept.extend_from_slice(piece);
            let whole = std::mem::take(&mut kept);
            let mut rest = &whole[..];
            while let Some(frame) = cutter.next(&mut rest, 1, |head| head[0] == passed_over).unwrap() {
                frames.push((frame.opcode, frame.payload.to_vec(), frame.wire_bytes));
            }
            kept.extend_from_slice(rest);
            kept_max = kept_max.max(kept.len());
        }
        assert!(kept.is_empty(), "all of the stream is frames");
        (frames, kept_max)
    }

    #[test]
    fn frames_are_the_same_however_the_stream_is_split() {
        let sizes = [0, 1, 125, 126, 300, 65_535, 65_536];
        let payloads: Vec<Vec<u8>> = sizes.iter().map(|size| vec![7; *size]).collect();
        let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(BINARY, payload)).collect();
        let expected: Vec<_> =
            payloads.iter().map(|payload| (BINARY, payload.clone(), frame(BINARY, payload).len())).collect();
        for piece in [1, 2, 3, 7, 1_000, 65_540, stream.len()] {
            assert_eq!(cut(&stream, piece, 99).0, expected, "pieces of {piece}");
        }
    }

    #[test]
    fn a_frame_passed_over_is_given_out_at_once_and_never_kept() {
        let mut stream = frame(BINARY, &[&[1][..], &[9; 5_000]].concat());
        stream.extend(frame(BINARY, &[2, 3]));
        for piece in [1, 5, 100, 4_999, 5_005] {
            let (frames, kept_max) = cut(&stream, piece, 1);
            assert_eq!(frames.len(), 2, "pieces of {piece}");
            assert_eq!((frames[0].1[0], frames[0].2), (1, 5_005));
            assert_eq!(frames[1], (BINARY, vec![2, 3], 4));
            assert!(kept_max < 10, "{kept_max} bytes kept with pieces of {piece}");
        }
    }

    #[test]
    fn masked_and_fragmented_frames_are_refused() {
        for head in [[0x02, 1, 0], [0x82, 0x81, 0], [0xc2, 1, 0]] {
            assert_eq!(Cutter::default().next(&mut &head[..], 1, |_| false), Err(NotFrames));
        }
    }

    #[test]
    fn what_is_sent_is_masked_and_unmasks_to_the_payload() {
        for len in [3, 125, 126, 200] {
            let payload: Vec<u8> = (0..len).collect();
            let mut bytes = Vec::new();
            append(&payload, [1, 2, 3, 4], &mut bytes);
            let head = if len < 126 { 2 } else { 4 };
            assert_eq!((bytes[0], bytes[1] & 0x80), (0x82, 0x80));
            assert_eq!(bytes[head..head + 4], [1, 2, 3, 4]);
            let unmasked = bytes[head + 4..].iter().zip([1, 2, 3, 4].iter().cycle()).map(|(byte, mask)| byte ^ mask);
            assert_eq!(unmasked.collect::<Vec<u8>>(), payload);
        }
    }
}
