//! What the device says about its network and the page about being looked at, as the session takes it (FR-008): known at
//! once instead of after a silence, and a reason to try at once instead of after a wait. Part of the
//! [machine](super::machine); the browser's events come in through the game.

use super::command::Command;
use super::machine::{Phase, Pursuit, Session};
use super::state::ConnectStep;

/// Silence after which the player is told that the server is waited for, seconds; it sends one frame a second.
const STALLED_AFTER_S: f64 = 2.0;
/// Most often the page makes an attempt start early, seconds: looking at a page again and again is no flood.
const WAKE_EVERY_S: f64 = 2.0;
/// A step that began longer ago than this does not outlive a change of network, seconds.
const STUCK_AFTER_S: f64 = 2.0;

impl Session {
    /// The player looks at the game again: what was waited for is tried now.
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
            // What is sent now goes nowhere. A server on this machine is back with the first attempt.
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

    /// Whether the server has been silent for longer than it ever is while all is well.
    #[must_use]
    pub fn is_stalled(&self, now_s: f64) -> bool {
        matches!(self.phase, Phase::Live { .. }) && self.signs.silence_s(now_s) > STALLED_AFTER_S
    }

    /// What this session can be gone on with by another page: the player's name as it was asked for, and the newest
    /// reconnect token.
    #[must_use]
    pub fn return_ticket(&self) -> Option<(&str, &str)> {
        let name = if self.name.is_empty() { self.name() } else { self.name.as_str() };
        Some((name, self.reconnect_token.as_deref().or(self.token_of_before.as_deref())?))
    }

    /// The next sign-in goes on with this session, if it is still there.
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
