//! The two messages that come all the time, read where they lie: acknowledgements of intents, and the tick of a state delta. All
//! others go through the schema's own decoder; a test holds this reader against it.

use tilemud_schema::{Seq, Tick};

/// First byte of an acknowledgement in postcard: the number of its variant.
pub const ACK: u8 = 0;

/// First byte of a state delta.
pub const STATE_DELTA: u8 = 1;

/// Second byte of an acknowledgement of intents.
const INTENTS: u8 = 1;

/// The bit of a full one in the byte behind that.
const FULL: u8 = 1;

/// Bytes of a state delta that [`delta_head`] needs at most.
pub const DELTA_HEAD_BYTES_MAX: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acked {
    pub seq: Seq,
    /// It took effect earlier.
    pub is_duplicate: bool,
}

/// The intents a message acknowledges.
#[derive(Debug)]
pub struct Acks<'a> {
    /// The tick they took effect in.
    pub tick: Tick,
    left: u64,
    reader: Reader<'a>,
}

/// Reads an acknowledgement of intents; `None` for any other message.
#[must_use]
pub fn acks(payload: &[u8]) -> Option<Acks<'_>> {
    let mut reader = Reader(payload.strip_prefix(&[ACK, INTENTS])?);
    let tick = reader.number()?;
    Some(Acks { tick, left: reader.number()?, reader })
}

impl Acks<'_> {
    /// The next one.
    ///
    /// # Errors
    /// `Some(Err)` where the bytes are not what the schema writes.
    pub fn next(&mut self) -> Option<Result<Acked, Malformed>> {
        if self.left == 0 {
            return if self.reader.0.is_empty() { None } else { Some(Err(Malformed)) };
        }
        self.left -= 1;
        let acked = self.reader.acked();
        if acked.is_none() {
            self.left = 0;
            self.reader = Reader(&[]);
        }
        Some(acked.ok_or(Malformed))
    }
}

/// Bytes that are not an acknowledgement after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The tick of a state delta, and whether it is a full one.
#[must_use]
pub fn delta_head(payload: &[u8]) -> Option<(Tick, bool)> {
    let (told, rest) = payload.strip_prefix(&[STATE_DELTA])?.split_first()?;
    Some((Reader(rest).number()?, told & FULL != 0))
}

#[derive(Debug)]
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// A variable-length number: seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for (index, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.0 = &self.0[index + 1..];
                return Some(number);
            }
        }
        None
    }

    fn acked(&mut self) -> Option<Acked> {
        let seq = self.number()?;
        let is_duplicate = self.number()? != 0;
        let id_bytes = usize::try_from(self.number()?).ok()?;
        self.0 = self.0.get(id_bytes..)?;
        let _persisted_at = self.number()?;
        if self.number()? != 0 {
            let _latency_ms = self.number()?;
        }
        Some(Acked { seq, is_duplicate })
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::codec::encode_server;
    use tilemud_schema::{Ack, AckStatus, ActionId, Encoding, IntentAck, ServerMessage, StateDelta, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn encoded(message: &ServerMessage) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode_server(Encoding::Postcard, message, &mut bytes);
        bytes
    }

    #[test]
    fn acknowledgements_are_read_as_the_schema_writes_them() {
        let ack = |seq, status, micros, latency_ms| IntentAck {
            seq,
            status,
            action_id: ActionId(Uuid::now_v7()),
            persisted_at: Timestamp::from_micros(micros),
            latency_ms,
        };
        let sent = vec![
            ack(1, AckStatus::Applied, 1_795_435_200_000_000, Some(0)),
            ack(300, AckStatus::Duplicate, -1, None),
            ack(u64::MAX, AckStatus::Applied, i64::MAX, Some(u16::MAX)),
        ];
        let bytes = encoded(&ServerMessage::Ack(Ack::Intents { tick: 70_000, acks: sent.clone() }));
        let mut read = acks(&bytes).unwrap();
        assert_eq!(read.tick, 70_000);
        for ack in sent {
            let acked = read.next().unwrap().unwrap();
            assert_eq!(acked.seq, ack.seq);
            assert_eq!(acked.is_duplicate, ack.status == AckStatus::Duplicate);
        }
        assert_eq!(read.next(), None);
        let mut cut_short = acks(&bytes[..bytes.len() - 1]).unwrap();
        assert!(std::iter::from_fn(|| cut_short.next()).any(|acked| acked.is_err()));
        let too_long = [&bytes[..], &[0]].concat();
        let mut too_long = acks(&too_long).unwrap();
        assert!(std::iter::from_fn(|| too_long.next()).take(5).any(|acked| acked.is_err()));
    }

    #[test]
    fn a_delta_is_told_by_its_head() {
        for (tick, full) in [(0, true), (127, false), (u64::MAX, true)] {
            let bytes = encoded(&ServerMessage::StateDelta(StateDelta { tick, full, ..StateDelta::default() }));
            let head = &bytes[..bytes.len().min(DELTA_HEAD_BYTES_MAX)];
            assert_eq!((bytes[0], delta_head(head)), (STATE_DELTA, Some((tick, full))));
        }
        let heartbeat = encoded(&ServerMessage::Heartbeat { nonce: 1, tick: 2 });
        assert_eq!((acks(&heartbeat).is_none(), delta_head(&heartbeat)), (true, None));
    }
}
