//! What waits to be sent to one connection, and what happens when it does not keep up.
//!
//! Bound: deltas may wait for two seconds of ticks. Then they are dropped and one full delta is
//! asked for in their place; if that happens twice without the outbox running empty in between, the
//! connection ends with 4008. Acks and errors are never dropped: each intent gets its one answer,
//! or the connection ends.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tilemud_schema::{CloseCode, Encoding, Tick};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::frame::{OutFrame, goodbye};
use crate::limits::{OUTBOX_BYTES_MAX, RELIABLE_FRAMES_MAX};

/// The queue between the fan-out (and the reader) and the writer of one connection.
#[derive(Debug)]
pub struct Outbox {
    /// How its messages are encoded.
    pub encoding: Encoding,
    backlog_ticks_max: u64,
    state: Mutex<State>,
    ready: Notify,
    ended: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Queued>,
    bytes: usize,
    reliable: usize,
    lag: Lag,
    closing: bool,
}

#[derive(Debug)]
struct Queued {
    frame: OutFrame,
    /// Set for state deltas.
    delta_of: Option<Tick>,
}

/// Whether the connection keeps up.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Lag {
    #[default]
    None,
    /// Deltas were dropped; the full delta that replaces them is asked for but not here yet.
    AwaitingFull,
    /// The full delta is queued; the outbox has not been empty since.
    Recovering,
}

/// What became of a queued delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// It will be sent.
    Accepted,
    /// It and all older ones were dropped: ask the world for a full delta.
    NeedsFull,
    /// The connection is ending; nothing more is sent.
    Closed,
}

impl Outbox {
    /// An empty outbox whose deltas may wait `backlog_ticks_max` ticks.
    #[must_use]
    pub fn new(encoding: Encoding, backlog_ticks_max: u64) -> Self {
        Self {
            encoding,
            backlog_ticks_max,
            state: Mutex::default(),
            ready: Notify::new(),
            ended: CancellationToken::new(),
        }
    }

    /// Queues a frame that must not be dropped.
    pub fn reliable(&self, frame: OutFrame) {
        let mut state = self.state.lock();
        if state.closing {
            return;
        }
        if state.reliable >= RELIABLE_FRAMES_MAX {
            self.end(&mut state, CloseCode::TooSlow);
        } else {
            state.reliable += 1;
            state.push(frame, None);
        }
        drop(state);
        self.ready.notify_one();
    }

    /// Queues the state delta of a tick.
    pub fn delta(&self, tick: Tick, full: bool, frame: OutFrame) -> Queue {
        let mut state = self.state.lock();
        if state.closing {
            return Queue::Closed;
        }
        if full && state.lag == Lag::AwaitingFull {
            state.lag = Lag::Recovering;
        } else if state.lag == Lag::AwaitingFull {
            // The full delta on its way covers this one.
            return Queue::Accepted;
        }
        let oldest = state.frames.iter().find_map(|queued| queued.delta_of);
        let late = oldest.is_some_and(|oldest| tick.saturating_sub(oldest) > self.backlog_ticks_max);
        let verdict = if !late && state.bytes <= OUTBOX_BYTES_MAX {
            state.push(frame, Some(tick));
            Queue::Accepted
        } else if state.lag == Lag::Recovering {
            self.end(&mut state, CloseCode::TooSlow);
            Queue::Closed
        } else {
            state.drop_deltas();
            state.lag = Lag::AwaitingFull;
            return Queue::NeedsFull;
        };
        drop(state);
        self.ready.notify_one();
        verdict
    }

    /// Sends `event.disconnect` and the close frame after what is already queued, then ends.
    pub fn close(&self, code: CloseCode) {
        let mut state = self.state.lock();
        if !state.closing {
            self.end(&mut state, code);
        }
        drop(state);
        self.ready.notify_one();
    }

    /// Ends without a word, after what is already queued: the peer is gone or has closed.
    pub fn shut(&self) {
        self.state.lock().closing = true;
        self.ended.cancel();
        self.ready.notify_one();
    }

    /// Whether it has ended: what is queued is still sent, nothing more is taken.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.state.lock().closing
    }

    /// Waits until it has ended.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Waits for frames and moves them to `frames`. False when the connection has ended and all is sent.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn take(&self, frames: &mut Vec<OutFrame>) -> bool {
        loop {
            {
                let mut state = self.state.lock();
                if !state.frames.is_empty() {
                    frames.extend(state.frames.drain(..).map(|queued| queued.frame));
                    state.bytes = 0;
                    state.reliable = 0;
                    if state.lag == Lag::Recovering {
                        state.lag = Lag::None;
                    }
                    return true;
                }
                if state.closing {
                    return false;
                }
            }
            self.ready.notified().await;
        }
    }

    fn end(&self, state: &mut State, code: CloseCode) {
        state.drop_deltas();
        for frame in goodbye(self.encoding, code) {
            state.push(frame, None);
        }
        state.closing = true;
        self.ended.cancel();
    }
}

impl State {
    fn push(&mut self, frame: OutFrame, delta_of: Option<Tick>) {
        self.bytes += frame.len();
        self.frames.push_back(Queued { frame, delta_of });
    }

    fn drop_deltas(&mut self) {
        self.frames.retain(|queued| queued.delta_of.is_none());
        self.bytes = self.frames.iter().map(|queued| queued.frame.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn frame(mark: u8) -> OutFrame {
        OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![mark])])
    }

    async fn marks(outbox: &Outbox) -> Vec<u8> {
        let mut frames = Vec::new();
        outbox.take(&mut frames).await;
        frames.iter().map(|frame| *frame.parts().concat().last().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_backlog_of_deltas_becomes_one_full_delta_and_keeps_the_acks() {
        let outbox = Outbox::new(Encoding::Postcard, 2);
        assert_eq!(outbox.delta(1, false, frame(1)), Queue::Accepted);
        outbox.reliable(frame(100));
        assert_eq!(outbox.delta(3, false, frame(3)), Queue::Accepted);
        assert_eq!(outbox.delta(4, false, frame(4)), Queue::NeedsFull);
        assert_eq!(outbox.delta(5, false, frame(5)), Queue::Accepted);
        assert_eq!(outbox.delta(6, true, frame(6)), Queue::Accepted);
        assert_eq!(marks(&outbox).await, [100, 6]);
    }

    #[tokio::test]
    async fn a_second_backlog_in_a_row_ends_the_connection_with_4008() {
        let outbox = Outbox::new(Encoding::Postcard, 2);
        outbox.delta(1, false, frame(1));
        assert_eq!(outbox.delta(4, false, frame(4)), Queue::NeedsFull);
        assert_eq!(outbox.delta(5, true, frame(5)), Queue::Accepted);
        assert_eq!(outbox.delta(8, false, frame(8)), Queue::Closed);
        let mut frames = Vec::new();
        assert!(outbox.take(&mut frames).await);
        let close = frames.last().unwrap().parts().concat();
        assert_eq!(&close[..4], &[0x88, 2 + 8, (4008_u16 >> 8) as u8, 4008_u16 as u8]);
        assert!(!outbox.take(&mut frames).await);
    }

    #[tokio::test]
    async fn an_outbox_that_ran_empty_in_between_may_fall_behind_again() {
        let outbox = Outbox::new(Encoding::Postcard, 2);
        outbox.delta(1, false, frame(1));
        assert_eq!(outbox.delta(4, false, frame(4)), Queue::NeedsFull);
        outbox.delta(5, true, frame(5));
        assert_eq!(marks(&outbox).await, [5]);
        outbox.delta(6, false, frame(6));
        assert_eq!(outbox.delta(9, false, frame(9)), Queue::NeedsFull);
    }

    #[tokio::test]
    async fn unread_answers_end_the_connection_instead_of_growing() {
        let outbox = Outbox::new(Encoding::Postcard, 2);
        for _ in 0..=RELIABLE_FRAMES_MAX {
            outbox.reliable(frame(1));
        }
        assert_eq!(outbox.delta(1, false, frame(2)), Queue::Closed);
    }
}
