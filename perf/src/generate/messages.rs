//! The two messages that come all the time, read where they lie: acknowledgements of intents, and
//! the tick of a state delta. All others go through the schema's own decoder; a test holds this
//! reader against it.

use tilemud_schema::{Seq, Tick};

/// What acknowledgements of intents begin with, without what is said of the first of them.
const ACKS: u8 = 1 << 6;

/// What is said: it is not the first answer, and how long it took.
const DUPLICATE: u8 = 1;
const LATENCY: u8 = 1 << 1;

/// Bytes of an action's id.
const ACTION_ID_BYTES: usize = 16;

/// What a full state delta begins with, and one for a connection that came back.
const FULL: u8 = 1;
const RESUMED: u8 = (1 << 7) - 1;

/// The bit of the byte behind that, with which all others begin, and the bit of a tick in one byte.
const DELTA: u8 = 1 << 7;
const BRIEF: u8 = 1 << 6;

/// Bytes of a state delta that [`delta_head`] needs at most.
pub const DELTA_HEAD_BYTES_MAX: usize = 12;

/// Whether a message is a state delta, by its first byte.
#[must_use]
pub fn is_state_delta(first: u8) -> bool {
    first == FULL || first == RESUMED || first & DELTA != 0
}

/// Whether a message is acknowledgements of intents, by its first byte.
#[must_use]
pub fn is_acks(first: u8) -> bool {
    first & !(DUPLICATE | LATENCY) == ACKS
}

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
    /// What is said of the next one, where that was read before the tick.
    told: Option<u8>,
    seq: Seq,
    reader: Reader<'a>,
}

/// Reads acknowledgements of intents; `None` for any other message.
#[must_use]
pub fn acks(payload: &[u8]) -> Option<Acks<'_>> {
    let mut reader = Reader(payload);
    let told = reader.byte().filter(|first| is_acks(*first));
    told?;
    Some(Acks { tick: reader.number()?, told, seq: 0, reader })
}

impl Acks<'_> {
    /// The next one.
    ///
    /// # Errors
    /// `Some(Err)` where the bytes are not what the schema writes.
    pub fn next(&mut self) -> Option<Result<Acked, Malformed>> {
        if self.told.is_none() && self.reader.0.is_empty() {
            return None;
        }
        let acked = self.acked();
        if acked.is_none() {
            self.reader = Reader(&[]);
        }
        Some(acked.ok_or(Malformed))
    }

    fn acked(&mut self) -> Option<Acked> {
        let told = self.told.take().or_else(|| self.reader.byte()).filter(|told| is_acks(*told))?;
        self.seq = self.seq.wrapping_add(self.reader.number()?);
        self.reader.0 = self.reader.0.get(ACTION_ID_BYTES..)?;
        let _persisted_at = self.reader.number()?;
        if told & LATENCY != 0 {
            let _latency_ms = self.reader.number()?;
        }
        Some(Acked { seq: self.seq, is_duplicate: told & DUPLICATE != 0 })
    }
}

/// Bytes that are not an acknowledgement after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The tick of a state delta that comes after one of another tick, and whether it is a full one.
#[must_use]
pub fn delta_head(payload: &[u8], before: Option<Tick>) -> Option<(Tick, bool)> {
    let mut reader = Reader(payload);
    let first = reader.byte()?;
    let told = if first & DELTA == 0 { reader.byte()? } else { first };
    let tick = if told & BRIEF == 0 {
        reader.number()?
    } else {
        let before = before?;
        before + Tick::from(reader.byte()?.wrapping_sub(before.to_le_bytes()[0]))
    };
    Some((tick, first == FULL))
}

#[derive(Debug)]
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

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
}

#[cfg(test)]
mod tests {
    use tilemud_schema::codec::encode_server;
    use tilemud_schema::{
        Ack, AckStatus, ActionId, Effect, Encoding, EntityId, InView, IntentAck, ServerMessage, Shared, SharedParts,
        StateDelta, Timestamp,
    };
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
            assert_eq!((is_state_delta(bytes[0]), delta_head(head, None)), (true, Some((tick, full))));
        }
        let nobody = InView::default();
        for (in_view, held, before) in [(&[][..], Some(&nobody), Some(69_800)), (&[EntityId(7)], None, None)] {
            let parts = SharedParts::of(&Shared { in_view, ..Shared::default() }, held);
            let mut bytes = Vec::new();
            parts.begin(70_000, None, &[] as &[Effect], &mut bytes);
            assert_eq!((is_state_delta(bytes[0]), delta_head(&bytes, before)), (true, Some((70_000, false))));
        }
        let heartbeat = encoded(&ServerMessage::Heartbeat { nonce: 1, tick: 2 });
        assert!(acks(&heartbeat).is_none() && !is_state_delta(heartbeat[0]));
    }
}
