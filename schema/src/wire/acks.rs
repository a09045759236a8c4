//! Acknowledgements of intents in binary frames: a byte that says what the first one has, the tick,
//! and the first one; then each further one after a byte of its own, up to the end. An action's id
//! has the millisecond of its commit in it, so the time of the commit is told by how far it is from
//! that.

use uuid::Uuid;

use super::packed::{MEANINGLESS, Reader, Unpacked, put};
use super::server::{Ack, AckStatus, IntentAck};
use crate::{ActionId, Tick, Timestamp};

/// The first byte of acknowledgements, without what it says of the first of them. No message has
/// this number.
pub(crate) const ACKS: u8 = 1 << 6;

/// What it says: not the first answer to this intent; and how long it took.
const DUPLICATE: u8 = 1;
const LATENCY: u8 = 1 << 1;

/// Whether a message that begins with this byte is acknowledgements.
pub(crate) const fn begins(first: u8) -> bool {
    first & !(DUPLICATE | LATENCY) == ACKS
}

/// Appends acknowledgements, of which there is at least one.
pub(crate) fn write(tick: Tick, acks: &[IntentAck], out: &mut Vec<u8>) {
    let mut before = None;
    for IntentAck { seq, status, action_id, persisted_at, latency_ms } in acks {
        let duplicate = if *status == AckStatus::Duplicate { DUPLICATE } else { 0 };
        let latency = if latency_ms.is_some() { LATENCY } else { 0 };
        out.push(ACKS | duplicate | latency);
        if before.is_none() {
            put(&tick, out);
        }
        put(&seq.wrapping_sub(before.replace(*seq).unwrap_or(0)), out);
        out.extend(action_id.0.as_bytes());
        put(&persisted_at.as_micros().wrapping_sub(made_at_us(*action_id)), out);
        latency_ms.iter().for_each(|latency_ms| put(latency_ms, out));
    }
}

/// Reads what [`write`] wrote, to the end.
pub(crate) fn read(bytes: &[u8]) -> Unpacked<Ack> {
    let mut reader = Reader(bytes);
    let (mut acks, mut tick, mut seq) = (Vec::new(), 0, 0_u64);
    while !reader.0.is_empty() {
        let bits = reader.byte()?;
        if !begins(bits) {
            return Err(MEANINGLESS);
        }
        if acks.is_empty() {
            tick = reader.value()?;
        }
        seq = seq.wrapping_add(reader.value()?);
        let action_id = ActionId(Uuid::from_bytes(reader.bytes()?));
        let persisted_at = Timestamp::from_micros(made_at_us(action_id).wrapping_add(reader.value()?));
        let latency_ms = if bits & LATENCY == 0 { None } else { Some(reader.value()?) };
        let status = if bits & DUPLICATE == 0 { AckStatus::Applied } else { AckStatus::Duplicate };
        acks.push(IntentAck { seq, status, action_id, persisted_at, latency_ms });
    }
    Ok(Ack::Intents { tick, acks })
}

/// The time in a UUID v7; of any other something that the reader gets as well.
fn made_at_us(id: ActionId) -> i64 {
    let &[a, b, c, d, e, f, ..] = id.0.as_bytes();
    i64::from_be_bytes([0, 0, a, b, c, d, e, f]) * 1_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(tick: Tick, acks: &[IntentAck]) -> Vec<u8> {
        let mut out = Vec::new();
        write(tick, acks, &mut out);
        out
    }

    fn ack() -> impl Strategy<Value = IntentAck> {
        (any::<(u64, bool, u128, i64)>(), any::<Option<u16>>()).prop_map(|((seq, is_first, id, at), latency_ms)| {
            IntentAck {
                seq,
                status: if is_first { AckStatus::Applied } else { AckStatus::Duplicate },
                action_id: ActionId(Uuid::from_u128(id)),
                persisted_at: Timestamp::from_micros(at),
                latency_ms,
            }
        })
    }

    proptest! {
        #[test]
        fn every_acknowledgement_survives(tick in any::<u64>(), acks in prop::collection::vec(ack(), 1..4)) {
            let bytes = written(tick, &acks);
            prop_assert!(begins(bytes[0]));
            prop_assert_eq!(read(&bytes).unwrap(), Ack::Intents { tick, acks });
            let cut_off = read(&bytes[..bytes.len() - 1]);
            prop_assert!(cut_off.is_err());
        }
    }

    #[test]
    fn the_acknowledgement_of_a_step_has_24_bytes() {
        let persisted_at = Timestamp::from_micros(1_795_427_263_123_456);
        let id = uuid::Builder::from_unix_timestamp_millis(1_795_427_263_123, &[7; 10]).into_uuid();
        let status = AckStatus::Applied;
        let ack = IntentAck { seq: 300, status, action_id: ActionId(id), persisted_at, latency_ms: Some(31) };
        assert_eq!(written(2_000, &[ack]).len(), 1 + 2 + 2 + 16 + 2 + 1, "byte, tick, seq, id, time, latency");
    }

    #[test]
    fn a_byte_that_means_nothing_is_no_acknowledgement() {
        let good = [&[ACKS, 1, 1][..], &[0; 16], &[0]].concat();
        assert!(read(&good).is_ok());
        assert!(read(&[&good[..], &[ACKS | 1 << 2], &good[2..]].concat()).is_err());
    }
}
