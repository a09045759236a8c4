//! Decides every step of the session: bootstrap, handshake, play, reconnect, end.
//! [`super::inbound`] handles input from the network, [`super::access`] the access token.
//!
//! Events come from the game loop (answers, messages, time, the player's input); commands go back
//! to it. No IO, no clock, no randomness of its own. [`super::state`] has the states that the
//! player sees; the reducer applies deltas.

use tilemud_schema::rest::{BootstrapRequest, BootstrapResponse};
use tilemud_schema::{ClientMessage, EntityId, Intent, SessionId, Tick, WireError, codec};

use super::backoff;
use super::command::Command;
use super::credentials::Credentials;
use super::outbox::{Outbox, Unanswered};
use super::signs::Signs;
use super::state::{ConnectStep, EndReason, SessionState};
use crate::connector::RETURN_WAIT_S;
use crate::http::{Body, CallId, HttpRequest};

/// Silence after which a full state is asked for, seconds; the server sends one frame a second.
const RESYNC_AFTER_S: f64 = 3.0;
/// Silence, or a heartbeat without an answer, after which the connection counts as lost, seconds.
const LOST_AFTER_S: f64 = 8.0;
/// Longest time for one step of an attempt, seconds.
const STEP_TIMEOUT_S: f64 = 12.0;
/// After this time of play the next loss starts again at the first attempt, seconds: longer than a
/// connection to a failing server lasts, shorter than the time between two restarts of a working
/// one.
const STABLE_AFTER_S: f64 = 2.0;

/// Where the machine is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Nothing happens until the player does something.
    Rest(SessionState),
    /// A moment to wait for.
    Waiting { until_s: f64 },
    /// One step of an attempt is under way.
    Trying { step: ConnectStep, call: CallId, since_s: f64 },
    /// The session is live on this socket.
    Live { socket: CallId, since_s: f64 },
}

/// What the player sees while the machine tries or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pursuit {
    First,
    Reconnect,
    /// All attempts have failed; further ones run behind the card that says so.
    Behind,
    Capacity,
    Unavailable,
}

/// The session state machine.
pub struct Session {
    pub(super) phase: Phase,
    pub(super) pursuit: Pursuit,
    pub(super) attempt: u32,
    pub(super) name: String,
    pub(super) credentials: Credentials,
    pub(super) bootstrap: Option<BootstrapResponse>,
    session_id: Option<SessionId>,
    pub(super) reconnect_token: Option<String>,
    /// Of the session that an earlier page had; used by the first bootstrap.
    pub(super) token_of_before: Option<String>,
    pub(super) entity_id: Option<EntityId>,
    pub(super) last_tick: Option<Tick>,
    pub(super) outbox: Outbox,
    unheard: Vec<Unanswered>,
    pub(super) cache_down: bool,
    pub(super) database_down: bool,
    pub(super) world_stuck: bool,
    pub(super) signs: Signs,
    last_resync_s: f64,
    pub(super) last_wake_s: f64,
    pub(super) offline: bool,
    pub(super) last_resend_s: f64,
    pub(super) refusal: Option<WireError>,
    calls: CallId,
    reconnects: u32,
    pub(super) random: Box<dyn FnMut() -> f64>,
    pub(super) out: Vec<Command>,
}

impl Session {
    /// A machine at rest; `random` gives numbers in `0.0..1.0`.
    pub fn new(random: impl FnMut() -> f64 + 'static) -> Self {
        Self {
            phase: Phase::Rest(SessionState::SignIn { problem: None }),
            pursuit: Pursuit::First,
            attempt: 0,
            name: String::new(),
            credentials: Credentials::default(),
            bootstrap: None,
            session_id: None,
            reconnect_token: None,
            token_of_before: None,
            entity_id: None,
            last_tick: None,
            outbox: Outbox::default(),
            unheard: Vec::new(),
            cache_down: false,
            database_down: false,
            world_stuck: false,
            signs: Signs::default(),
            last_resync_s: f64::MIN,
            last_wake_s: f64::MIN,
            offline: false,
            last_resend_s: f64::MIN,
            refusal: None,
            // Low ids are free for calls of the game itself.
            calls: 1_000,
            reconnects: 0,
            random: Box::new(random),
            out: Vec::new(),
        }
    }

    // What others may know. ---------------------------------------------------------------------

    /// What to show the player.
    #[must_use]
    pub fn state(&self) -> SessionState {
        match &self.phase {
            Phase::Rest(state) => state.clone(),
            Phase::Waiting { until_s } => self.pursued(None, Some(*until_s)),
            // Whatever it is on the way to, the player is to know that somebody waits for them
            // there.
            Phase::Trying { step: ConnectStep::AtProvider, .. } => {
                SessionState::Connecting { step: ConnectStep::AtProvider }
            }
            Phase::Trying { step, .. } => self.pursued(Some(*step), None),
            Phase::Live { .. } if self.database_down || self.world_stuck => {
                SessionState::Unavailable { retry_at_s: None }
            }
            Phase::Live { .. } if self.cache_down => SessionState::Degraded,
            Phase::Live { .. } => SessionState::Active,
        }
    }

    /// Whether the player's intents go anywhere.
    #[must_use]
    pub fn can_act(&self) -> bool {
        matches!(self.phase, Phase::Live { .. }) && !self.database_down && !self.world_stuck
    }

    /// The player's own entity.
    #[must_use]
    pub fn entity_id(&self) -> Option<EntityId> {
        self.entity_id
    }

    /// The player's name: the character's where it is known, else the one asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        self.bootstrap.as_ref().map_or(self.name.as_str(), |it| &it.state.character.state.display_name)
    }

    /// Intents without an answer.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Handshakes after the first of this sign-in.
    #[must_use]
    pub fn reconnects(&self) -> u32 {
        self.reconnects
    }

    /// Intents without an answer when their session ended; whether they took effect is unknown.
    pub fn take_unheard(&mut self) -> Vec<Unanswered> {
        std::mem::take(&mut self.unheard)
    }

    /// What there is to do; empties the list.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.out)
    }

    // The player's wishes. ----------------------------------------------------------------------

    /// Starts a first attempt right now, from wherever the machine is.
    pub fn retry(&mut self, now_s: f64) {
        if let (Phase::Trying { .. }, Pursuit::Behind) = (&self.phase, self.pursuit) {
            // The attempt under way becomes the first of a new series.
            self.attempt = 1;
            self.pursuit = Pursuit::Reconnect;
            return;
        }
        if !self.credentials.has_issuer() || matches!(self.phase, Phase::Live { .. } | Phase::Trying { .. }) {
            return;
        }
        self.attempt = 0;
        self.pursuit = Pursuit::First;
        self.start_attempt(now_s);
    }

    /// Ends the session for good.
    pub fn log_out(&mut self) {
        if matches!(self.phase, Phase::Live { .. }) {
            self.out.push(Command::Send(ClientMessage::Logout {}));
        }
        self.credentials.forget();
        self.token_of_before = None;
        self.end(SessionState::SessionEnded { reason: EndReason::LoggedOut });
        self.unheard.clear();
    }

    /// Back to the sign-in form.
    pub fn leave(&mut self) {
        self.credentials.forget();
        self.token_of_before = None;
        self.end(SessionState::SignIn { problem: None });
        self.unheard.clear();
    }

    /// Sends an intent; `false` when it cannot be sent now and is dropped.
    pub fn act(&mut self, intent: Intent, now_s: f64) -> bool {
        if !self.can_act() {
            return false;
        }
        match self.outbox.push(intent, now_s) {
            Some(message) => {
                self.out.push(Command::Send(message));
                true
            }
            None => false,
        }
    }

    /// Asks for the full state, at most every other second.
    pub fn resync(&mut self, now_s: f64) {
        if matches!(self.phase, Phase::Live { .. }) && now_s - self.last_resync_s > 2.0 {
            self.last_resync_s = now_s;
            self.out.push(Command::Send(ClientMessage::Resync {}));
        }
    }

    // What happens. -----------------------------------------------------------------------------

    /// Time passed. To be called a few times a second at least while anything is going on.
    pub fn tick(&mut self, now_s: f64) {
        self.signs.tick(now_s);
        match self.phase {
            Phase::Rest(_) => {}
            Phase::Waiting { until_s } if now_s >= until_s => self.start_attempt(now_s),
            Phase::Waiting { .. } => {}
            Phase::Trying { step, since_s, .. } => {
                let limit_s = if step == ConnectStep::AtProvider { RETURN_WAIT_S as f64 } else { STEP_TIMEOUT_S };
                if now_s - since_s > limit_s {
                    self.step_timed_out(step, now_s);
                }
            }
            Phase::Live { .. } => {
                if let Some(nonce) = self.signs.next_heartbeat(now_s) {
                    self.out.push(Command::Send(ClientMessage::Heartbeat { nonce }));
                }
                let silence_s = self.signs.silence_s(now_s);
                if silence_s.max(self.signs.unanswered_s(now_s)) > LOST_AFTER_S {
                    self.lost(now_s);
                } else if silence_s > RESYNC_AFTER_S {
                    self.resync(now_s);
                }
            }
        }
    }

    // Steps. ------------------------------------------------------------------------------------

    fn pursued(&self, step: Option<ConnectStep>, retry_at_s: Option<f64>) -> SessionState {
        match self.pursuit {
            Pursuit::First => SessionState::Connecting { step: step.unwrap_or(ConnectStep::SigningIn) },
            Pursuit::Reconnect => SessionState::Reconnecting { attempt: self.attempt, retry_at_s },
            Pursuit::Behind => SessionState::RetryLimitReached { retry_at_s },
            Pursuit::Capacity => SessionState::Capacity { retry_at_s },
            Pursuit::Unavailable => SessionState::Unavailable { retry_at_s },
        }
    }

    pub(super) fn next_call(&mut self) -> CallId {
        self.calls += 1;
        self.calls
    }

    pub(super) fn bootstrap(&mut self, now_s: f64) {
        self.reconnect_token = self.reconnect_token.take().or_else(|| self.token_of_before.take());
        let body = Body::json(codec::to_json(&BootstrapRequest {
            client_version: tilemud_schema::version().to_owned(),
            display_name: Some(self.name.clone()).filter(|name| !name.is_empty()),
            reconnect_token: self.reconnect_token.clone(),
        }));
        let bearer = self.credentials.bearer();
        let request = HttpRequest { path: "/api/session/bootstrap".into(), bearer, body: Some(body) };
        self.ask(ConnectStep::Bootstrapping, request, now_s);
    }

    pub(super) fn ask(&mut self, step: ConnectStep, request: HttpRequest, now_s: f64) {
        let call = self.next_call();
        self.phase = Phase::Trying { step, call, since_s: now_s };
        self.out.push(Command::Http { id: call, request });
    }

    pub(super) fn on_bootstrap(&mut self, answer: BootstrapResponse, now_s: f64) {
        let session_id = answer.session.session_id;
        if self.session_id == Some(session_id) {
            self.reconnects += 1;
        } else {
            // A fresh session: what the old one had in flight is lost, and nothing of it may be
            // sent under new numbers, because it may have taken effect.
            self.unheard.extend(self.outbox.restart(answer.session.last_sequence_number));
            self.last_tick = None;
            self.session_id = Some(session_id);
            self.out.push(Command::Forget);
        }
        self.reconnect_token = Some(answer.reconnect.token.clone());
        self.out.push(Command::World(answer.state.world.etag.clone()));
        let call = self.next_call();
        self.out.push(Command::OpenSocket { id: call, url: answer.realtime.url.clone() });
        self.bootstrap = Some(answer);
        self.phase = Phase::Trying { step: ConnectStep::Opening, call, since_s: now_s };
    }

    /// An attempt failed or the connection broke, and a retry may help: schedules the next attempt.
    pub(super) fn lost(&mut self, now_s: f64) {
        self.out.push(Command::CloseSocket);
        if let Phase::Live { since_s, .. } = self.phase
            && now_s - since_s >= STABLE_AFTER_S
        {
            self.attempt = 0;
        }
        self.attempt += 1;
        let wait_s = if let Some(delay_s) = backoff::delay_s(self.attempt, (self.random)()) {
            self.pursuit = Pursuit::Reconnect;
            delay_s
        } else {
            self.attempt = backoff::ATTEMPTS_MAX;
            self.pursuit = Pursuit::Behind;
            backoff::behind_s((self.random)())
        };
        self.phase = Phase::Waiting { until_s: now_s + wait_s };
    }

    /// Comes to rest and drops the session, so that the next start is clean.
    pub(super) fn end(&mut self, state: SessionState) {
        if matches!(self.phase, Phase::Trying { step: ConnectStep::AtProvider, .. }) {
            self.out.push(Command::StopWaiting);
            self.credentials.give_up_visit();
        }
        self.out.push(Command::CloseSocket);
        if matches!(state, SessionState::UpdateRequired { .. }) {
            // The build that comes with a reload goes on with the session.
            self.token_of_before = self.reconnect_token.take().or_else(|| self.token_of_before.take());
        }
        self.forget_session();
        self.phase = Phase::Rest(state);
    }

    pub(super) fn forget_session(&mut self) {
        self.session_id = None;
        self.reconnect_token = None;
        self.bootstrap = None;
        self.last_tick = None;
        self.unheard.extend(self.outbox.restart(0));
        self.reconnects = 0;
    }
}
