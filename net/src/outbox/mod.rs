//! What waits to be sent to one connection, the sending itself, and what happens when the peer does not keep up.
//!
//! Bound: deltas may wait for two seconds of ticks. Then they are dropped and one full delta is
//! asked for in their place; if that happens twice without the outbox running empty in between, the
//! connection ends with 4008. Acks and errors are never dropped: each intent gets its one answer,
//! or the connection ends.
//!
//! Whoever has something to say to a plain socket writes it there and then, without waiting, all that waits in one
//! vectored write; waking a task for it costs as much as the write. Only what the socket does not take at once is left to
//! the connection's task. Bytes of an encrypted connection always go through its task.

pub mod frame;
mod owed;
mod plain;
pub mod signs;
mod waiting;
pub(crate) mod writer;

use std::io::ErrorKind;
use std::sync::Arc;

use parking_lot::Mutex;
use tilemud_schema::{CloseCode, Encoding, Tick};
use tilemud_vitals::clock;
use tilemud_vitals::metrics::NetworkMetrics;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::frame::{OutFrame, goodbye};
pub(crate) use self::plain::Plain;
#[cfg(feature = "testing")]
pub use self::plain::Socket;
use self::signs::Signs;
use self::waiting::{Lag, State};
use crate::limits::RELIABLE_FRAMES_MAX;

/// The queue between the fan-out (and the reader) and the socket of one connection.
#[derive(Debug)]
pub struct Outbox {
    /// How its messages are encoded.
    pub encoding: Encoding,
    backlog_ticks_max: u64,
    state: Mutex<State>,
    /// For the connection's task: something waits that nobody else sends, or the end has come.
    ready: Notify,
    ended: CancellationToken,
    signs: Signs,
    metrics: Arc<NetworkMetrics>,
}

/// What became of a queued delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// It will be sent.
    Accepted,
    /// It and all older ones that had not begun to leave were dropped: ask the world for a full delta.
    NeedsFull {
        /// The oldest that was dropped.
        since: Tick,
    },
    /// It was left out: the full delta that was asked for covers it, but for what happened once.
    Covered,
    /// The connection is ending; nothing more is sent.
    Closed,
}

/// What the connection's task has to do next.
#[derive(Debug, Clone)]
pub(super) enum Chore {
    /// Wait for the next word.
    Wait,
    /// Wait until the socket takes more, then flush.
    AwaitSocket(Arc<Plain>),
    /// Nothing more is sent.
    End,
}

impl Outbox {
    /// An empty outbox whose deltas may wait `backlog_ticks_max` ticks, for a connection whose task sends what waits.
    #[must_use]
    pub fn new(encoding: Encoding, backlog_ticks_max: u64, metrics: Arc<NetworkMetrics>) -> Self {
        Self {
            encoding,
            backlog_ticks_max,
            state: Mutex::default(),
            ready: Notify::new(),
            ended: CancellationToken::new(),
            signs: Signs::new(Instant::now()),
            metrics,
        }
    }

    /// The same for a plain socket, which is written to directly.
    #[must_use]
    pub fn direct(
        socket: impl Into<Plain>,
        encoding: Encoding,
        backlog_ticks_max: u64,
        metrics: Arc<NetworkMetrics>,
    ) -> Self {
        let outbox = Self::new(encoding, backlog_ticks_max, metrics);
        outbox.state.lock().socket = Some(Arc::new(socket.into()));
        outbox
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
    pub fn queue_delta(&self, tick: Tick, full: bool, frame: OutFrame) -> Queue {
        self.queue_delta_in(&mut self.state.lock(), tick, full, frame)
    }

    fn queue_delta_in(&self, state: &mut State, tick: Tick, full: bool, frame: OutFrame) -> Queue {
        if state.closing {
            return Queue::Closed;
        }
        if full && state.lag == Lag::AwaitingFull {
            state.lag = Lag::Recovering;
        } else if state.lag == Lag::AwaitingFull {
            return Queue::Covered;
        }
        // One that had begun to leave could not be dropped; the full delta behind it has a time of its own.
        let begun = usize::from(state.lag == Lag::Recovering && state.begun > 0);
        let oldest = state.frames.iter().skip(begun).find_map(|queued| queued.delta_of);
        let late = oldest.is_some_and(|oldest| tick.saturating_sub(oldest) > self.backlog_ticks_max);
        if !late && !state.owed.is_too_much(&self.metrics) {
            state.push(frame, Some(tick));
            if state.owed.is_large() {
                self.settle(state);
            }
            Queue::Accepted
        } else if state.lag == Lag::Recovering {
            self.end(state, CloseCode::TooSlow);
            Queue::Closed
        } else {
            let since = state.drop_deltas().unwrap_or(tick);
            self.settle(state);
            state.lag = Lag::AwaitingFull;
            self.metrics.outbox_overflow();
            Queue::NeedsFull { since }
        }
    }

    /// Sends the delta of a tick at once, if nothing waits before it; otherwise, and what does not go at once, is queued. True
    /// in the latter case: [`Self::flush`] goes on with it.
    pub fn deliver_delta(&self, tick: Tick, frame: &OutFrame) -> (Queue, bool) {
        let mut state = self.state.lock();
        if let State { socket: Some(socket), closing: false, lag: Lag::None, is_stalled: false, .. } = &*state
            && state.frames.is_empty()
            && let [whole] = frame.parts()
        {
            match socket.send(whole) {
                Ok(written) if written == whole.len() => {
                    drop(state);
                    self.metrics.frames_sent(1, whole.len() as u64);
                    return (Queue::Accepted, false);
                }
                Ok(written) => state.begun = written,
                // Whatever it is, the flush meets it again.
                Err(_) => {}
            }
        }
        (self.queue_delta_in(&mut state, tick, false, frame.clone()), true)
    }

    /// Sends what waits, as far as it goes without waiting; the rest is the task's.
    pub fn flush(&self) {
        let mut state = self.state.lock();
        let must_tell = match state.socket {
            Some(_) => self.write(&mut state),
            None => state.closing || !state.frames.is_empty(),
        };
        drop(state);
        if must_tell {
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

    /// Ends without a word, after what is already queued: the peer is gone or has closed.
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
    pub fn signs(&self) -> &Signs {
        &self.signs
    }

    /// Has what every delivery looks at first come into the processor's cache. Among thousands of outboxes it is not there; for several
    /// asked one right after the other it comes at the same time.
    pub fn come_near(&self) {
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

    /// Waits for frames and moves them to `frames`. False when the connection has ended and all is sent. For connections
    /// without a plain socket.
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

    /// Sends what the plain socket takes now, and says what to do about the rest.
    pub(super) fn attend(&self) -> Chore {
        let mut state = self.state.lock();
        self.write(&mut state);
        match &state.socket {
            Some(socket) if !state.frames.is_empty() => Chore::AwaitSocket(Arc::clone(socket)),
            Some(_) if !state.closing => Chore::Wait,
            _ => Chore::End,
        }
    }

    /// Waits for the next word to the connection's task.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn told(&self) {
        self.ready.notified().await;
    }

    /// Lets go of the socket, which closes its sending side.
    pub(super) fn release(&self) {
        let mut state = self.state.lock();
        state.closing = true;
        state.socket = None;
        state.clear();
        state.is_stalled = false;
        self.settle(&mut state);
    }

    /// Writes to the plain socket. Whether the task must be told.
    fn write(&self, state: &mut State) -> bool {
        let Some(socket) = state.socket.take() else { return false };
        let (mut frames_sent, mut bytes_sent) = (0, 0);
        let mut must_tell = false;
        while !state.frames.is_empty() {
            match state.write_to(&socket) {
                Ok(written) if written > 0 => {
                    bytes_sent += written as u64;
                    frames_sent += state.written(written);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    must_tell = !std::mem::replace(&mut state.is_stalled, true);
                    break;
                }
                // Whoever waits for the connection to end must not wait for the peer; the task lets go of the socket.
                Ok(_) | Err(_) => {
                    state.closing = true;
                    state.clear();
                    self.ended.cancel();
                    must_tell = true;
                }
            }
        }
        state.socket = Some(socket);
        if frames_sent > 0 {
            self.metrics.frames_sent(frames_sent, bytes_sent);
        }
        if state.frames.is_empty() {
            state.ran_empty();
            state.is_stalled = false;
            must_tell |= state.closing;
        }
        self.settle(state);
        must_tell
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
