//! The receiving half of a session: times every acknowledgement against the plan and checks that each move is answered once and
//! acknowledged in order (FR-018). State deltas are counted, not decoded: their cost belongs to clients, not to this program.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

use fastwebsockets::{OpCode, WebSocketError};
use tilemud_schema::codec::{decode_server, encode_server};
use tilemud_schema::{Ack, AckStatus, Encoding, Seq, ServerMessage, StateDelta};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::schedule::{Plan, Progress};
use crate::socket::Frames;
use crate::tally::Tally;

/// The first byte of a state delta in postcard: the number of its variant.
static STATE_DELTA: LazyLock<u8> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    encode_server(Encoding::Postcard, &ServerMessage::StateDelta(StateDelta::default()), &mut bytes);
    bytes[0]
});

/// What a session has been told so far.
pub struct Answers {
    session: usize,
    plan: Arc<Plan>,
    tally: Arc<Tally>,
    progress: Arc<Progress>,
    book: Book,
}

impl Answers {
    /// Nothing yet.
    pub fn new(session: usize, plan: Arc<Plan>, tally: Arc<Tally>, progress: Arc<Progress>) -> Self {
        Self { session, plan, tally, progress, book: Book::default() }
    }

    /// Reads until the connection ends; `live` gets the last seq of the handshake answer.
    pub async fn run(mut self, mut frames: Frames, live: oneshot::Sender<Seq>) {
        let mut live = Some(live);
        let closed = loop {
            // Neither pings nor closes are answered, so nothing is ever sent from here.
            let frame = frames.read_frame::<_, WebSocketError>(&mut |_| async { Ok(()) }).await;
            let Ok(frame) = frame else { break 0 };
            let now = Instant::now();
            match frame.opcode {
                OpCode::Binary => {}
                OpCode::Close => break frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code)),
                _ => continue,
            }
            if self.plan.is_measured(now) {
                Tally::count(&self.tally.frames);
                self.tally.bytes.fetch_add(frame.payload.len() as u64, Ordering::Relaxed);
            }
            if frame.payload.first() == Some(&STATE_DELTA) {
                continue;
            }
            match decode_server(Encoding::Postcard, &frame.payload) {
                Ok(ServerMessage::Ack(Ack::Handshake { last_seq, .. })) => {
                    if let Some(live) = live.take() {
                        // The other side only goes away when the whole program does.
                        let _ = live.send(last_seq);
                    }
                }
                Ok(ServerMessage::Ack(Ack::Intents { acks, .. })) => {
                    for ack in acks {
                        self.acknowledged(ack.seq, ack.status, now);
                    }
                }
                Ok(ServerMessage::Error { seq: Some(seq), error }) => {
                    self.answered(seq);
                    self.progress.is_blocked.store(true, Ordering::Relaxed);
                    if self.is_measured(seq) {
                        self.tally.refused(error.code.to_string());
                    }
                }
                Ok(ServerMessage::Error { seq: None, error }) => self.tally.refused(error.code.to_string()),
                Ok(_) => {}
                Err(_) => self.tally.refused("not decodable".to_owned()),
            }
        };
        self.tally.closed(closed);
    }

    fn acknowledged(&mut self, seq: Seq, status: AckStatus, now: Instant) {
        if status == AckStatus::Duplicate {
            Tally::count(&self.tally.duplicate);
        }
        if !self.book.acknowledge(seq) {
            Tally::count(&self.tally.out_of_order);
        }
        self.answered(seq);
        if let Some(due) = self.plan.due(self.session, seq)
            && self.plan.is_measured(due)
        {
            Tally::count(&self.tally.applied);
            self.tally.latency(self.session, now.saturating_duration_since(due));
        }
    }

    fn answered(&mut self, seq: Seq) {
        if self.book.answer(seq) {
            self.progress.answered.fetch_add(1, Ordering::Relaxed);
        } else {
            Tally::count(&self.tally.answered_twice);
        }
    }

    fn is_measured(&self, seq: Seq) -> bool {
        self.plan.due(self.session, seq).is_some_and(|due| self.plan.is_measured(due))
    }
}

/// Which numbers have been answered; small as long as answers come about in order.
#[derive(Debug, Default)]
struct Book {
    /// All up to here are answered.
    through: Seq,
    /// Answered beyond it.
    ahead: BTreeSet<Seq>,
    last_acknowledged: Seq,
}

impl Book {
    /// Whether this is the first answer to `seq`.
    fn answer(&mut self, seq: Seq) -> bool {
        if seq <= self.through || !self.ahead.insert(seq) {
            return false;
        }
        while self.ahead.remove(&(self.through + 1)) {
            self.through += 1;
        }
        true
    }

    /// Whether `seq` comes after everything acknowledged before.
    fn acknowledge(&mut self, seq: Seq) -> bool {
        let in_order = seq > self.last_acknowledged;
        self.last_acknowledged = self.last_acknowledged.max(seq);
        in_order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_answered_once() {
        let mut book = Book::default();
        assert!(book.answer(1) && book.answer(3) && book.answer(2));
        assert!(!book.answer(3) && !book.answer(1));
        assert!(book.answer(4));
        assert_eq!((book.through, book.ahead.len()), (4, 0));
    }

    #[test]
    fn acknowledgements_must_come_in_order() {
        let mut book = Book::default();
        assert!(book.acknowledge(1) && book.acknowledge(4));
        assert!(!book.acknowledge(4) && !book.acknowledge(2));
        assert!(book.acknowledge(5));
    }

    #[test]
    fn a_state_delta_is_told_by_its_first_byte() {
        let mut bytes = Vec::new();
        encode_server(Encoding::Postcard, &ServerMessage::Heartbeat { nonce: 1, tick: 2 }, &mut bytes);
        assert_ne!(bytes[0], *STATE_DELTA);
    }
}
