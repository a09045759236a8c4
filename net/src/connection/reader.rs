//! The reader: reassembles frames, decodes and checks messages, applies the limits, pushes intents.
//!
//! The [`FrameReader`](super::frame_reader) gives it one checked frame at a time.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use fastwebsockets::OpCode;
use tilemud_names::{NameFault, SpeechFault};
use tilemud_schema::codec::decode_client;
use tilemud_schema::limits::{DISPLAY_NAME_CHARS_MAX, INBOUND_FRAME_BYTES_MAX, MALFORMED_MAX};
use tilemud_schema::{ClientMessage, CloseCode, DecodeError, Details, Encoding, ErrorCode, Intent, ServerMessage};
use tilemud_sim::api::{Input, Outcome, PendingIntent, Refusal};
use tokio::time::Instant;

use super::budget::Budget;
use super::ending::{Ending, error_frame};
use super::frame_reader::{FrameReader, ReadHalf};
use super::in_frame::{Fault, InFrame};
use super::payload::{close_answer, is_text};
use crate::bucket::Bucket;
use crate::error::ApiError;
use crate::limits::PINGS_PER_SECOND_MAX;
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;
use crate::session::{Allowance, Connected, Realm};

/// Close codes of RFC 6455, 7.4.1: for what it does not allow, and for text that is none.
const PROTOCOL_ERROR: u16 = 1002;
const INVALID_PAYLOAD: u16 = 1007;

/// Owns the read half of a connection.
pub(super) struct Reader {
    frames: FrameReader,
    outbox: Arc<Outbox>,
    partial: Option<Partial>,
    /// A reader for a connection without a session.
    pings: Bucket,
    allowance: Option<Arc<Allowance>>,
    malformed: u32,
}

/// The fragments of a message that have come.
struct Partial {
    opcode: OpCode,
    bytes: BytesMut,
    /// Bytes of a text that are known to be UTF-8.
    checked: usize,
}

/// What came from the peer.
pub(super) enum Inbound {
    Message(ClientMessage),
    /// Something that is not one.
    Malformed(ApiError),
    End(Ending),
}

impl Reader {
    pub(super) fn new(socket: ReadHalf, outbox: Arc<Outbox>) -> Self {
        Self {
            frames: FrameReader::new(socket),
            outbox,
            partial: None,
            pings: Bucket::new(PINGS_PER_SECOND_MAX, Instant::now()),
            allowance: None,
            malformed: 0,
        }
    }

    /// The budget of the peer from now on, before it has a session.
    pub(super) fn meter(&mut self, budget: Budget) {
        self.frames.meter(budget);
    }

    /// It is known whose connection it is.
    pub(super) fn welcome(&mut self) {
        self.frames.welcome();
    }

    /// Takes what still comes after the goodbye.
    pub(super) async fn discard(&mut self) {
        self.frames.discard().await;
    }

    /// Reads for a live session until the connection ends.
    pub(super) async fn run(mut self, realm: &Arc<Realm>, connected: &Connected) -> Ending {
        let session = &connected.session;
        let allowance = realm.allowances.of(&session.identity.user_id, Instant::now());
        self.allowance = Some(Arc::clone(&allowance));
        let mut is_confirmed = false;
        loop {
            let flow = match self.next().await {
                Inbound::Message(message) => {
                    if !is_confirmed && session.is_answered() {
                        // Whoever speaks after the handshake's answer has it, and the token in it.
                        realm.registry.confirm_token(connected);
                        is_confirmed = true;
                    }
                    self.handle(realm, connected, &allowance, message).await
                }
                Inbound::Malformed(error) => self.refuse_malformed(error.of(&*session.identity)),
                Inbound::End(ending) => Err(ending),
            };
            if let Err(ending) = flow {
                if let Some(code) = ending.code {
                    self.outbox.close(code);
                }
                return ending;
            }
            // Slower reading is the back pressure for a client that sends more than it may.
            while let Err(wait) = allowance.message(Instant::now()) {
                tokio::time::sleep(wait).await;
            }
        }
    }

    async fn handle(
        &mut self,
        realm: &Arc<Realm>,
        connected: &Connected,
        allowance: &Allowance,
        message: ClientMessage,
    ) -> Result<(), Ending> {
        let now = Instant::now();
        let session = &connected.session;
        let key = session.key;
        let input = match message {
            ClientMessage::Intent { seq, mut intent } => {
                let refusal = check(&mut intent, allowance, now);
                if let Some(Refusal { details: Some(Details::Limit { limit, .. }), .. }) = &refusal {
                    realm.metrics.sessions.rate_limited.count(limit);
                }
                session.intent_arrived(seq, now);
                let (connection, outcome) = (connected.connection, refusal.map(Outcome::Refused));
                Input::Intent(PendingIntent { session: key, connection, seq, intent, outcome })
            }
            ClientMessage::Heartbeat { nonce } => {
                session.touch(now);
                let answer = ServerMessage::Heartbeat { nonce, tick: realm.released_tick() };
                self.outbox.send(OutFrame::message(self.outbox.encoding, &answer));
                return Ok(());
            }
            ClientMessage::Resync {} => {
                realm.metrics.sessions.state_refresh_forced.inc();
                Input::Resync { session: key }
            }
            ClientMessage::Logout {} => {
                // A stopped world ends everybody's connection anyway.
                let _ = realm.log_out(key).await;
                return Err(Ending::LOGGED_OUT);
            }
            ClientMessage::Hello(_) => {
                let error = ApiError::field(ErrorCode::Malformed, "type", "hello is only allowed once");
                return self.refuse_malformed(error.of(&*session.identity));
            }
        };
        let stopped = Ending { code: Some(CloseCode::ShuttingDown), cause: "the world has stopped" };
        realm.mailbox.push(input).await.map_err(|_| stopped)
    }

    fn refuse_malformed(&mut self, error: ApiError) -> Result<(), Ending> {
        self.outbox.send(error_frame(&self.outbox, error));
        self.malformed += 1;
        if self.malformed >= MALFORMED_MAX { Err(Ending::MALFORMED) } else { Ok(()) }
    }

    /// Fails the connection with a close code of RFC 6455 itself (7.1.7), which is none of the
    /// game's protocol.
    fn fail(&self, code: u16, cause: &'static str) -> Ending {
        self.outbox.send(OutFrame::close(code, cause));
        Ending { code: None, cause }
    }

    fn count_ping(&mut self, now: Instant) -> Result<(), Duration> {
        self.allowance.as_ref().map_or_else(|| self.pings.take(now), |allowance| allowance.ping(now))
    }

    /// The next message, answering pings on the way.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn next(&mut self) -> Inbound {
        match self.whole().await {
            Ok((opcode, message)) => decode(self.outbox.encoding, opcode, &message),
            Err(ending) => Inbound::End(ending),
        }
    }

    /// The next message as it came, whole.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn whole(&mut self) -> Result<(OpCode, BytesMut), Ending> {
        loop {
            let InFrame { fin, opcode, payload } = match self.frames.frame().await {
                Ok(frame) => frame,
                Err(Fault::TooLarge) => {
                    self.outbox.send(error_frame(&self.outbox, ErrorCode::PayloadTooLarge.into()));
                    return Err(Ending::protocol("a frame is too large"));
                }
                Err(Fault::Gone) => return Err(Ending::GONE),
                Err(Fault::Flood) => return Err(Ending::FLOOD),
                Err(Fault::Protocol) => return Err(Ending::protocol("a frame breaks RFC 6455")),
            };
            self.outbox.liveness().note_heard(Instant::now());
            match opcode {
                OpCode::Close => {
                    let Some(code) = close_answer(&payload) else {
                        return Err(self.fail(PROTOCOL_ERROR, "a close frame breaks RFC 6455"));
                    };
                    self.outbox.send(OutFrame::close(code, ""));
                    return Err(Ending::CLOSED);
                }
                OpCode::Ping => {
                    if self.count_ping(Instant::now()).is_err() {
                        return Err(Ending::protocol("too many pings"));
                    }
                    self.outbox.send(OutFrame::pong(payload.freeze()));
                }
                OpCode::Pong => {
                    if let Some(question) = self.outbox.liveness().note_answer(&payload) {
                        self.outbox.send(OutFrame::ping(&question));
                    }
                }
                OpCode::Text | OpCode::Binary => {
                    if self.partial.is_some() {
                        return Err(Ending::protocol("a message begins within another"));
                    }
                    let mut checked = 0;
                    if opcode == OpCode::Text && !is_text(&payload, &mut checked, fin) {
                        return Err(self.fail(INVALID_PAYLOAD, "a text is not UTF-8"));
                    }
                    if fin {
                        return Ok((opcode, payload));
                    }
                    self.partial = Some(Partial { opcode, bytes: payload, checked });
                }
                OpCode::Continuation => {
                    let Some(mut message) = self.partial.take() else {
                        return Err(Ending::protocol("a fragment continues nothing"));
                    };
                    if message.bytes.len() + payload.len() > INBOUND_FRAME_BYTES_MAX {
                        self.outbox.send(error_frame(&self.outbox, ErrorCode::PayloadTooLarge.into()));
                        return Err(Ending::protocol("a message is too large"));
                    }
                    message.bytes.extend_from_slice(&payload);
                    let Partial { opcode, bytes, checked } = &mut message;
                    if *opcode == OpCode::Text && !is_text(bytes, checked, fin) {
                        return Err(self.fail(INVALID_PAYLOAD, "a text is not UTF-8"));
                    }
                    if fin {
                        return Ok((message.opcode, message.bytes));
                    }
                    self.partial = Some(message);
                }
            }
        }
    }
}

/// Refusals that need no world: shape first, then the limits of the player. Chat text is
/// normalised.
fn check(intent: &mut Intent, allowance: &Allowance, now: Instant) -> Option<Refusal> {
    if let Err((code, details)) = shape(intent) {
        return Some(Refusal { code, details: Some(details) });
    }
    let (limit, wait) = allowance.intent(intent, now).err()?;
    let retry_after_ms = u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX);
    let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
    Some(Refusal { code: ErrorCode::RateLimited, details: Some(details) })
}

fn shape(intent: &mut Intent) -> Result<(), (ErrorCode, Details)> {
    intent.check()?;
    addressee(intent)?;
    if let Intent::Chat { text, .. } = intent {
        let refused = |fault: SpeechFault| Details::Field { field: "text".to_owned(), reason: fault.to_string() };
        let line = tilemud_names::said(text).map_err(|fault| (ErrorCode::IntentInvalid, refused(fault)))?;
        if line != **text {
            *text = line.into();
        }
    }
    Ok(())
}

/// Bounds the length of the name in a whisper. Names older than the rule for names (FR-031) are
/// still accepted.
fn addressee(intent: &Intent) -> Result<(), (ErrorCode, Details)> {
    match intent {
        Intent::Chat { to: Some(name), .. } if name.chars().count() > DISPLAY_NAME_CHARS_MAX => {
            match tilemud_names::checked(name) {
                Err(fault @ NameFault::TooLong) => Err((
                    ErrorCode::IntentInvalid,
                    Details::Field { field: "to".to_owned(), reason: fault.to_string() },
                )),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn decode(encoding: Encoding, opcode: OpCode, bytes: &[u8]) -> Inbound {
    let expected = match encoding {
        Encoding::Postcard => OpCode::Binary,
        Encoding::Json => OpCode::Text,
    };
    if opcode != expected {
        let reason = format!("{} uses {expected:?} frames", encoding.subprotocol());
        return Inbound::Malformed(ApiError::field(ErrorCode::Malformed, "frame", reason));
    }
    match decode_client(encoding, bytes) {
        Ok(message) => Inbound::Message(message),
        Err(DecodeError::TooLarge { .. }) => Inbound::Malformed(ErrorCode::PayloadTooLarge.into()),
        Err(error) => Inbound::Malformed(ApiError::field(ErrorCode::Malformed, "message", error.to_string())),
    }
}

#[cfg(test)]
pub(super) mod tests;
