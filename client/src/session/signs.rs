//! Liveness of the connection: when the server was last heard, and which heartbeats it has not
//! answered. Unanswered heartbeats reveal a connection of which only one direction works. The
//! [machine](super::machine) sends and decides; time comes from the caller.

use std::collections::VecDeque;

/// Time between heartbeats, seconds.
const HEARTBEAT_S: f64 = 2.0;
/// A clock that jumped this far means the program slept, seconds.
const SLEPT_S: f64 = 2.0;
/// Most unanswered heartbeats that are remembered. Full: the oldest is forgotten; a visible page
/// counts the connection as lost before.
const UNANSWERED_MAX: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Signs {
    heard_s: f64,
    /// Nobody has listened before.
    awake_s: f64,
    clock_s: f64,
    next_heartbeat_s: f64,
    nonce: u64,
    /// Their numbers and when they were sent, oldest first.
    unanswered: VecDeque<(u64, f64)>,
}

impl Signs {
    /// A connection begins, with a heartbeat at once.
    pub(super) fn begin(&mut self, now_s: f64) {
        self.heard_s = now_s;
        self.next_heartbeat_s = now_s;
        self.unanswered.clear();
    }

    pub(super) fn tick(&mut self, now_s: f64) {
        if now_s - self.clock_s > SLEPT_S {
            // Not the server was silent but we were not listening.
            self.awake_s = now_s - SLEPT_S;
        }
        self.clock_s = now_s;
    }

    pub(super) fn heard(&mut self, now_s: f64) {
        self.heard_s = now_s;
    }

    /// The number of the heartbeat to send now, if one is due.
    pub(super) fn next_heartbeat(&mut self, now_s: f64) -> Option<u64> {
        if now_s < self.next_heartbeat_s {
            return None;
        }
        self.next_heartbeat_s = now_s + HEARTBEAT_S;
        self.nonce += 1;
        if self.unanswered.len() == UNANSWERED_MAX {
            self.unanswered.pop_front();
        }
        self.unanswered.push_back((self.nonce, now_s));
        Some(self.nonce)
    }

    /// A heartbeat was answered; earlier ones will not be answered any more.
    pub(super) fn answered(&mut self, nonce: u64) {
        while self.unanswered.front().is_some_and(|(oldest, _)| *oldest <= nonce) {
            self.unanswered.pop_front();
        }
    }

    /// How long ago the heartbeat of this number was sent that has no answer yet, seconds.
    pub(super) fn round_trip_s(&self, nonce: u64, now_s: f64) -> Option<f64> {
        let (_, sent_s) = self.unanswered.iter().find(|(number, _)| *number == nonce)?;
        Some(now_s - sent_s)
    }

    /// How long nothing has come, seconds.
    pub(super) fn silence_s(&self, now_s: f64) -> f64 {
        now_s - self.heard_s.max(self.awake_s)
    }

    /// How long the oldest heartbeat has waited for its answer, seconds.
    pub(super) fn unanswered_s(&self, now_s: f64) -> f64 {
        self.unanswered.front().map_or(0.0, |(_, sent_s)| now_s - sent_s.max(self.awake_s))
    }
}
