//! What waits to be sent to one connection, the sending itself, and what happens when the peer does
//! not keep up.
//!
//! Bound: deltas may wait for two seconds of ticks. Then they are dropped and one full delta is
//! asked for in their place; if that happens twice without the outbox running empty in between, the
//! connection ends with 4008. Acks and errors are never dropped: each intent gets its one answer,
//! or the connection ends.
//!
//! The connection's task sends what waits; a plain socket is written to [directly](direct) by
//! whoever queues a frame.

mod copied;
mod direct;
pub mod frame;
mod header_room;
pub mod liveness;
mod owed;
mod plain;
mod waiting;
pub(crate) mod writer;

use std::sync::Arc;

use parking_lot::Mutex;
use tilemud_schema::{CloseCode, Encoding, Tick};
use tilemud_vitals::clock;
use tilemud_vitals::metrics::NetworkMetrics;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::frame::{OutFrame, goodbye};
use self::liveness::Liveness;
#[cfg(feature = "testing")]
pub use self::plain::{Plain, Socket};
use self::waiting::{Lag, State};
use crate::limits::RELIABLE_FRAMES_MAX;

/// The queue between the fan-out (and the reader) and the socket of one connection.
#[derive(Debug)]
pub struct Outbox {
    /// How its messages are encoded.
    pub encoding: Encoding,
    backlog_ticks_max: u64,
    state: Mutex<State>,
    /// Wakes the connection's task: something waits that nobody else sends, or the connection ends.
    ready: Notify,
    ended: CancellationToken,
    liveness: Liveness,
    metrics: Arc<NetworkMetrics>,
}

/// What became of a queued delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It will be sent.
    Accepted,
    /// It and all older unsent ones were dropped: ask the world for a full delta.
    NeedsFull {
        /// The oldest that was dropped.
        since: Tick,
    },
    /// It was left out: the requested full delta covers it, except its effects.
    Covered,
    /// The connection is ending; nothing more is sent.
    Closed,
}

impl Outbox {
    /// An empty outbox whose deltas may wait `backlog_ticks_max` ticks, for a connection whose task
    /// sends what waits.
    #[must_use]
    pub fn new(encoding: Encoding, backlog_ticks_max: u64, metrics: Arc<NetworkMetrics>) -> Self {
        Self {
            encoding,
            backlog_ticks_max,
            state: Mutex::default(),
            ready: Notify::new(),
            ended: CancellationToken::new(),
            liveness: Liveness::new(Instant::now()),
            metrics,
        }
    }

    /// Sends a frame that must not be dropped, after all that waits.
    pub fn send(&self, frame: OutFrame) {
        self.queue(frame);
        self.flush();
    }

    /// Queues a frame that must not be dropped; [`Self::flush`] sends it.
    pub fn queue(&self, frame: OutFrame) {
        let mut state = self.state.lock();
        if state.closing {
            return;
        }
        if state.reliable >= RELIABLE_FRAMES_MAX || state.owed.is_too_much(&self.metrics) {
            self.end(&mut state, CloseCode::TooSlow);
        } else {
            state.reliable += 1;
            state.push(frame, None);
        }
        if state.owed.is_large() {
            self.settle(&mut state);
        }
    }

    /// Queues the state delta of a tick; [`Self::flush`] sends it.
    pub fn queue_delta(&self, tick: Tick, full: bool, frame: OutFrame) -> Verdict {
        self.queue_delta_in(&mut self.state.lock(), tick, full, frame)
    }

    fn queue_delta_in(&self, state: &mut State, tick: Tick, full: bool, frame: OutFrame) -> Verdict {
        if state.closing {
            return Verdict::Closed;
        }
        if full && state.lag == Lag::AwaitingFull {
            state.lag = Lag::Recovering;
        } else if state.lag == Lag::AwaitingFull {
            return Verdict::Covered;
        }
        // One that had begun to leave could not be dropped; the full delta behind it has a time of
        // its own.
        let begun = usize::from(state.lag == Lag::Recovering && state.begun > 0);
        let oldest = state.frames.iter().skip(begun).find_map(|queued| queued.delta_of);
        let late = oldest.is_some_and(|oldest| tick.saturating_sub(oldest) > self.backlog_ticks_max);
        if !late && !state.owed.is_too_much(&self.metrics) {
            state.push(frame, Some(tick));
            if state.owed.is_large() {
                self.settle(state);
            }
            Verdict::Accepted
        } else if state.lag == Lag::Recovering {
            self.end(state, CloseCode::TooSlow);
            Verdict::Closed
        } else {
            let since = state.drop_deltas().unwrap_or(tick);
            self.settle(state);
            state.lag = Lag::AwaitingFull;
            self.metrics.outbox_overflows.inc();
            Verdict::NeedsFull { since }
        }
    }

    /// Sends what waits, as far as it goes without waiting; the rest is the task's.
    pub fn flush(&self) {
        let mut state = self.state.lock();
        let must_wake = match state.socket {
            Some(_) => self.write(&mut state),
            None => state.closing || !state.frames.is_empty(),
        };
        drop(state);
        if must_wake {
            self.ready.notify_one();
        }
    }

    /// Sends `event.disconnect` and the close frame after what is already queued, then ends.
    pub fn close(&self, code: CloseCode) {
        let mut state = self.state.lock();
        if !state.closing {
            self.end(&mut state, code);
        }
        drop(state);
        self.flush();
    }

    /// Ends without a goodbye, after what is already queued: the peer is gone or has closed.
    pub fn shut(&self) {
        self.state.lock().closing = true;
        self.ended.cancel();
        self.ready.notify_one();
    }

    /// Whether deltas are left out until a full one comes.
    pub fn awaits_full(&self) -> bool {
        self.state.lock().lag == Lag::AwaitingFull
    }

    /// What has been heard from the peer.
    pub fn liveness(&self) -> &Liveness {
        &self.liveness
    }

    /// Brings what every delivery reads first into the processor's cache.
    pub fn prefetch(&self) {
        std::hint::black_box(self.state.is_locked());
    }

    /// Whether it has ended: what is queued is still sent, nothing more is taken.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.state.lock().closing
    }

    /// The code with which it was ended from here, if it was.
    #[must_use]
    pub fn ended_with(&self) -> Option<CloseCode> {
        self.state.lock().ended_with
    }

    /// Waits until it has ended.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Waits for frames and moves them to `frames`. False when the connection has ended and all is
    /// sent. For connections without a plain socket.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn take(&self, frames: &mut Vec<OutFrame>) -> bool {
        loop {
            {
                let mut state = self.state.lock();
                if !state.frames.is_empty() {
                    frames.extend(state.frames.drain(..).map(|queued| queued.frame));
                    self.metrics.frames_sent(frames.len() as u64, state.bytes as u64);
                    let leaving = state.owed.waiting;
                    state.ran_empty();
                    state.owed.leaving = leaving;
                    self.settle(&mut state);
                    return true;
                }
                state.owed.leaving = 0;
                self.settle(&mut state);
                if state.closing {
                    return false;
                }
            }
            self.ready.notified().await;
        }
    }

    /// Waits for the next word to the connection's task.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn ready(&self) {
        self.ready.notified().await;
    }

    fn settle(&self, state: &mut State) {
        state.owed.settle(state.is_stalled, &self.metrics);
    }

    fn end(&self, state: &mut State, code: CloseCode) {
        state.drop_deltas();
        for frame in goodbye(self.encoding, code, clock::now()) {
            state.push(frame, None);
        }
        state.closing = true;
        state.ended_with = Some(code);
        self.ended.cancel();
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        state.clear();
        state.owed.leaving = 0;
        state.owed.settle(false, &self.metrics);
    }
}

#[cfg(test)]
mod tests;
