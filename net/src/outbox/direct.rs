//! For speed alone: whoever has something to say to a plain socket writes it there and then,
//! without waiting, all that waits in one write. Only what the socket does not take at once is left
//! to the connection's task.
//!
//! The plain version is the task, which does all of the writing of an encrypted connection
//! ([`writer::run`](super::writer::run)). For 1,000 sessions at 20 Hz and frames of 200 bytes
//! (loopback, two cores, two processes) a task for each connection took 6.8 to 8.2 us of the
//! server's CPU a frame, one thread that writes to all sockets 4.9 to 5.6: waking a task costs
//! nearly as much as its write.

use std::io::ErrorKind;
use std::sync::Arc;

use tilemud_schema::{Encoding, Tick};
use tilemud_vitals::metrics::NetworkMetrics;

use super::frame::OutFrame;
use super::plain::Plain;
use super::waiting::{Lag, State};
use super::{Outbox, Verdict};

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
    /// An empty outbox whose deltas may wait `backlog_ticks_max` ticks, for a plain socket.
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

    /// Sends the delta of a tick at once, if nothing waits before it. Otherwise it is queued, as is
    /// the rest of a partial write; the result is true then, and [`Self::flush`] goes on with it.
    pub fn deliver_delta(&self, tick: Tick, frame: &OutFrame) -> (Verdict, bool) {
        let mut state = self.state.lock();
        if let State { socket: Some(socket), closing: false, lag: Lag::None, is_stalled: false, .. } = &*state
            && state.frames.is_empty()
            && let [whole] = frame.parts()
        {
            match socket.send(whole) {
                Ok(written) if written == whole.len() => {
                    drop(state);
                    self.metrics.frames_sent(1, whole.len() as u64);
                    return (Verdict::Accepted, false);
                }
                Ok(written) => state.begun = written,
                // Whatever it is, the flush meets it again.
                Err(_) => {}
            }
        }
        (self.queue_delta_in(&mut state, tick, false, frame.clone()), true)
    }

    /// Sends what the plain socket takes now. Returns how the task goes on.
    pub(super) fn attend(&self) -> Chore {
        let mut state = self.state.lock();
        self.write(&mut state);
        match &state.socket {
            Some(socket) if !state.frames.is_empty() => Chore::AwaitSocket(Arc::clone(socket)),
            Some(_) if !state.closing => Chore::Wait,
            _ => Chore::End,
        }
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

    /// Writes to the plain socket. Returns whether the task must be woken.
    pub(super) fn write(&self, state: &mut State) -> bool {
        let Some(socket) = state.socket.take() else { return false };
        let (mut frames_sent, mut bytes_sent) = (0, 0);
        let mut must_wake = false;
        while !state.frames.is_empty() {
            match state.write_to(&socket) {
                Ok(written) if written > 0 => {
                    bytes_sent += written as u64;
                    frames_sent += state.written(written);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    must_wake = !std::mem::replace(&mut state.is_stalled, true);
                    break;
                }
                // Whoever waits for the connection to end must not wait for the peer; the task lets
                // go of the socket.
                Ok(_) | Err(_) => {
                    state.closing = true;
                    state.clear();
                    self.ended.cancel();
                    must_wake = true;
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
            must_wake |= state.closing;
        }
        self.settle(state);
        must_wake
    }
}
