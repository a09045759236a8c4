//! Input from the network: HTTP answers, messages of the realtime channel, its opening and its end.
//! Part of the [machine](super::machine), which takes the steps that follow; `refusal` interprets
//! refusals.

use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{Ack, ClientMessage, CloseCode, Dependency, DependencyChange, Hello, ServerMessage, WireError};

use super::command::Command;
use super::machine::{Phase, Session};
use super::outbox::Unanswered;
use super::state::{ConnectStep, SessionState};
use crate::http::{CallId, HttpAnswer, Unreachable};

impl Session {
    /// An HTTP exchange ended; answers to earlier attempts are ignored.
    pub fn on_http(&mut self, id: CallId, outcome: Result<HttpAnswer, Unreachable>, now_s: f64) {
        let Phase::Trying { step, call, .. } = self.phase else { return };
        if call != id {
            return;
        }
        match step {
            ConnectStep::SigningIn => self.on_issuer(outcome, now_s),
            ConnectStep::Bootstrapping => match outcome {
                Err(_) => self.lost(now_s),
                Ok(answer) if answer.status == 200 => match serde_json::from_slice::<BootstrapResponse>(&answer.body) {
                    Ok(answer) => self.on_bootstrap(answer, now_s),
                    Err(_) => self.lost(now_s),
                },
                Ok(answer) => match serde_json::from_slice::<WireError>(&answer.body) {
                    Ok(error) => self.refused(error, now_s),
                    Err(_) => self.lost(now_s),
                },
            },
            ConnectStep::AtProvider | ConnectStep::Opening | ConnectStep::Greeting => {}
        }
    }

    /// The realtime channel opened.
    pub fn on_opened(&mut self, id: CallId, now_s: f64) {
        let Phase::Trying { step: ConnectStep::Opening, call, .. } = self.phase else { return };
        let Some(bootstrap) = self.bootstrap.as_ref().filter(|_| call == id) else { return };
        let hello = Hello {
            session_id: bootstrap.session.session_id,
            ticket: bootstrap.realtime.ticket.clone(),
            client_version: tilemud_schema::version().to_owned(),
            last_tick: self.last_tick,
            oldest_unanswered_seq: self.outbox.oldest(),
            next_seq: self.outbox.next_seq(),
        };
        self.out.push(Command::Send(ClientMessage::Hello(hello)));
        self.refusal = None;
        self.phase = Phase::Trying { step: ConnectStep::Greeting, call, since_s: now_s };
    }

    /// Whether messages of this socket count.
    #[must_use]
    pub fn listens_to(&self, socket: CallId) -> bool {
        match self.phase {
            Phase::Live { socket: current, .. } => current == socket,
            Phase::Trying { step: ConnectStep::Greeting, call, .. } => call == socket,
            _ => false,
        }
    }

    /// A message came on the current socket. Returns the intents it answers, whether they took
    /// effect, for the prediction.
    pub fn on_message(&mut self, message: &ServerMessage, now_s: f64) -> Vec<Unanswered> {
        self.signs.heard(now_s);
        match message {
            ServerMessage::Ack(Ack::Handshake { entity_id, last_seq, reconnect, .. }) => {
                if let Phase::Trying { call, .. } = self.phase {
                    self.entity_id = Some(*entity_id);
                    self.reconnect_token = Some(reconnect.token.clone());
                    self.signs.begin(now_s);
                    self.cache_down = false;
                    self.database_down = false;
                    self.world_stuck = false;
                    self.phase = Phase::Live { socket: call, since_s: now_s };
                    let again = self.outbox.resume(*last_seq);
                    self.out.extend(again.into_iter().map(Command::Send));
                }
            }
            ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                return acks.iter().filter_map(|ack| self.outbox.answer(ack.seq)).collect();
            }
            ServerMessage::StateDelta(delta) => self.last_tick = Some(delta.tick),
            ServerMessage::Error { seq, error } => return self.on_error(*seq, error, now_s),
            ServerMessage::Degraded(event) => {
                let down = event.status != DependencyChange::Recovered;
                match event.dependency {
                    Dependency::Cache => self.cache_down = down,
                    Dependency::Database => self.database_down = event.status == DependencyChange::Unavailable,
                    Dependency::World => self.world_stuck = event.status == DependencyChange::Unavailable,
                }
            }
            ServerMessage::VersionMismatch { expected, .. } => {
                self.end(SessionState::UpdateRequired { expected: expected.clone() });
            }
            ServerMessage::Heartbeat { nonce, .. } => self.signs.answered(*nonce),
            ServerMessage::World(event) => self.out.push(Command::World(event.etag.clone())),
            ServerMessage::Disconnect(event) => self.on_close_code(event.code, now_s),
        }
        Vec::new()
    }

    /// The round trip that this message completes, seconds; to be asked before
    /// [`Self::on_message`].
    #[must_use]
    pub fn heartbeat_rtt_s(&self, message: &ServerMessage, now_s: f64) -> Option<f64> {
        match message {
            ServerMessage::Heartbeat { nonce, .. } => self.signs.round_trip_s(*nonce, now_s),
            _ => None,
        }
    }

    /// The realtime channel is gone.
    pub fn on_closed(&mut self, id: CallId, code: Option<u16>, now_s: f64) {
        let current = match self.phase {
            Phase::Live { socket, .. } => socket,
            Phase::Trying { step: ConnectStep::Opening | ConnectStep::Greeting, call, .. } => call,
            _ => return,
        };
        if current != id {
            return;
        }
        match code.map(CloseCode::try_from) {
            Some(Ok(code)) => self.on_close_code(code, now_s),
            _ => self.lost(now_s),
        }
    }
}
