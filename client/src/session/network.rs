//! Events of the device's network and of the page's visibility (FR-008): they report a loss before
//! a silence does, and start an attempt before its wait is over. Part of the
//! [machine](super::machine); the browser's events come in through the game.

use super::command::Command;
use super::machine::{Phase, Pursuit, Session};
use super::state::ConnectStep;

/// Silence after which the player sees that the client waits for the server, seconds; the server
/// sends one frame a second.
const STALLED_AFTER_S: f64 = 2.0;
/// Least time between two attempts that the page starts early, seconds, so that switching tabs
/// causes no flood.
const WAKE_EVERY_S: f64 = 2.0;
/// A step that began longer ago than this is restarted after a change of network, seconds.
const STUCK_AFTER_S: f64 = 2.0;

impl Session {
    /// The page is visible again: retries immediately.
    pub fn wake(&mut self, now_s: f64) {
        if now_s - self.last_wake_s < WAKE_EVERY_S {
            return;
        }
        if matches!(self.phase, Phase::Waiting { .. }) && self.tries_by_itself() {
            self.last_wake_s = now_s;
            self.start_attempt(now_s);
        }
    }

    /// The device has a network again, or none any more.
    pub fn network(&mut self, is_there: bool, now_s: f64) {
        self.offline = !is_there;
        match self.phase {
            // What is sent now goes nowhere. A server on this machine is back with the first
            // attempt.
            Phase::Live { .. } if !is_there => self.lost(now_s),
            Phase::Waiting { .. } if is_there && self.tries_by_itself() => self.start_again(now_s),
            Phase::Trying {
                step: ConnectStep::Bootstrapping | ConnectStep::Opening | ConnectStep::Greeting,
                since_s,
                ..
            } if is_there && now_s - since_s > STUCK_AFTER_S && self.tries_by_itself() => self.start_again(now_s),
            _ => {}
        }
    }

    /// Whether the device says that it has no network.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// The attempts to come back since all was well.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Whether the server has been silent for longer than normal.
    #[must_use]
    pub fn is_stalled(&self, now_s: f64) -> bool {
        matches!(self.phase, Phase::Live { .. }) && self.signs.silence_s(now_s) > STALLED_AFTER_S
    }

    /// What another page needs to resume this session: the requested name and the newest reconnect
    /// token.
    #[must_use]
    pub fn return_ticket(&self) -> Option<(&str, &str)> {
        let name = if self.name.is_empty() { self.name() } else { self.name.as_str() };
        Some((name, self.reconnect_token.as_deref().or(self.token_of_before.as_deref())?))
    }

    /// The next sign-in resumes this session, if it still exists.
    pub fn resume_later(&mut self, reconnect_token: Option<String>) {
        self.token_of_before = reconnect_token;
    }

    fn tries_by_itself(&self) -> bool {
        matches!(self.pursuit, Pursuit::Reconnect | Pursuit::Behind)
    }

    /// The attempts before failed for want of a network, so they do not count.
    fn start_again(&mut self, now_s: f64) {
        self.out.push(Command::CloseSocket);
        self.attempt = 1;
        self.pursuit = Pursuit::Reconnect;
        self.start_attempt(now_s);
    }
}
