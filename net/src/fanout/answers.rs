//! Answers to the intents of a session, and the frames that carry them. A repeat gets the answer of
//! the first (FR-007).

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::store::{CommitLog, StoreError};
use tilemud_schema::{
    Ack, AckStatus, ActionId, CloseCode, Details, ErrorCategory, ErrorCode, IntentAck, Seq, ServerMessage, Timestamp,
    WireError,
};
use tilemud_sim::api::{Answer, Identity, Outcome, Refusal};
use tokio::time::Instant;

use super::answer_book::Recorded;
use super::subscribers::Subscriber;
use super::{Fanout, pulse};
use crate::committed::CommittedTick;
use crate::error::{self, ApiError};
use crate::outbox::Outbox;
use crate::outbox::frame::OutFrame;

/// Time between two attempts to look up an old answer while the store is away.
const LOOKUP_RETRY: Duration = Duration::from_millis(250);

/// The unfinished frames of one session. Consecutive acks share one message.
struct Frames<'a> {
    outbox: Option<&'a Outbox>,
    tick: u64,
    acks: Vec<IntentAck>,
}

impl Frames<'_> {
    fn applied(&mut self, seq: Seq, action_id: ActionId, persisted_at: Timestamp, latency: Option<Duration>) {
        // A longer one is told as the longest that fits.
        let latency_ms = latency.map(|latency| u16::try_from(latency.as_millis()).unwrap_or(u16::MAX));
        self.acks.push(IntentAck { seq, status: AckStatus::Applied, action_id, persisted_at, latency_ms });
    }

    fn duplicate(&mut self, seq: Seq, action_id: ActionId, persisted_at: Timestamp) {
        let status = AckStatus::Duplicate;
        self.acks.push(IntentAck { seq, status, action_id, persisted_at, latency_ms: None });
    }

    fn error(&mut self, seq: Seq, error: WireError) {
        self.flush();
        if let Some(outbox) = self.outbox {
            outbox.queue(OutFrame::message(outbox.encoding, &ServerMessage::Error { seq: Some(seq), error }));
        }
    }

    fn flush(&mut self) {
        let acks = std::mem::take(&mut self.acks);
        if let Some(outbox) = self.outbox
            && !acks.is_empty()
        {
            let message = ServerMessage::Ack(Ack::Intents { tick: self.tick, acks });
            outbox.queue(OutFrame::message(outbox.encoding, &message));
        }
    }
}

impl Fanout {
    /// Answers the intents of one session; `committed` is absent for refusals during an outage.
    pub(super) fn answer(&mut self, committed: Option<&CommittedTick>, answers: &[Answer]) {
        pulse(&self.realm).beat();
        let Some(id) = answers.first().and_then(|answer| self.subscribers.find(answer.session)) else { return };
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        let now = Instant::now();
        self.send_order.urgent(id, subscriber);
        let Subscriber { session, outbox, answers: book, .. } = subscriber;
        let tick = committed.map_or(self.realm.released_tick(), |committed| committed.output.tick);
        let mut frames = Frames { outbox: outbox.as_deref(), tick, acks: Vec::new() };
        let metrics = &self.realm.metrics.sessions;
        for answer in answers {
            let seq = answer.seq;
            match &answer.outcome {
                Outcome::Applied { event } => {
                    let Some((action_id, persisted_at)) =
                        committed.and_then(|tick| Some((*tick.action_ids.get(*event)?, tick.persisted_at)))
                    else {
                        continue;
                    };
                    session.note_seq(seq);
                    session.touch(now);
                    book.record(seq, Recorded::Applied { action_id, persisted_at });
                    let arrived = session.wire.lock().take_arrival(seq);
                    let latency = arrived.map(|at| now.saturating_duration_since(at));
                    frames.applied(seq, action_id, persisted_at, latency);
                    metrics.intent_applied(now, latency);
                }
                Outcome::Refused(refusal) => {
                    let error = error::refusal(refusal, seq, &session.identity);
                    session.note_seq(seq);
                    book.record(seq, Recorded::Refused(Box::new(error.clone())));
                    frames.error(seq, error);
                    session.wire.lock().take_arrival(seq);
                    match refusal.code.category() {
                        ErrorCategory::Dependency | ErrorCategory::Internal => metrics.intents_failed.inc(),
                        _ => metrics.intents_refused.inc(),
                    };
                }
                Outcome::Duplicate => {
                    metrics.intents_duplicate.inc();
                    match book.find(seq) {
                        Some(Recorded::Applied { action_id, persisted_at }) => {
                            frames.duplicate(seq, *action_id, *persisted_at);
                        }
                        Some(Recorded::Refused(error)) => frames.error(seq, (**error).clone()),
                        None => {
                            if let Some(outbox) = outbox.as_ref() {
                                let lookup = Lookup {
                                    store: self.realm.store.clone(),
                                    identity: Arc::clone(&session.identity),
                                    outbox: Arc::clone(outbox),
                                    tick,
                                    seq,
                                };
                                match Arc::clone(&self.lookups).try_acquire_owned() {
                                    Ok(permit) => {
                                        self.runtime.spawn(async move {
                                            lookup.run().await;
                                            drop(permit);
                                        });
                                    }
                                    // No answer is better than a wrong one: whoever comes back asks
                                    // again.
                                    Err(_) => lookup.outbox.close(CloseCode::ShuttingDown),
                                }
                            }
                        }
                    }
                }
                Outcome::OutOfOrder { expected } => {
                    let details = Details::Sequence { expected: *expected, received: seq };
                    let refused = Refusal { code: ErrorCode::SeqOutOfOrder, details: Some(details) };
                    frames.error(seq, error::refusal(&refused, seq, &session.identity));
                    metrics.intents_refused.inc();
                }
            }
        }
        frames.flush();
    }
}

/// Finds the original of a duplicate in the log.
struct Lookup {
    store: Arc<dyn CommitLog>,
    identity: Arc<Identity>,
    outbox: Arc<Outbox>,
    tick: u64,
    seq: Seq,
}

impl Lookup {
    async fn run(self) {
        let Self { store, identity, outbox, tick, seq } = self;
        // A store that is away does not say whether the intent was applied, and neither may we.
        let found = loop {
            match store.find_action(identity.session_id, seq).await {
                Ok(found) => break Ok(found),
                Err(StoreError::Unavailable(_)) if !outbox.is_closing() => tokio::time::sleep(LOOKUP_RETRY).await,
                Err(error) => break Err(error),
            }
        };
        let frame = match found {
            Ok(Some(original)) => {
                let ack = IntentAck {
                    seq,
                    status: AckStatus::Duplicate,
                    action_id: original.action_id,
                    persisted_at: original.persisted_at,
                    latency_ms: None,
                };
                ServerMessage::Ack(Ack::Intents { tick, acks: vec![ack] })
            }
            // Not in the log, so it was refused, and long enough ago that the reason is forgotten.
            Ok(None) => {
                let refused = Refusal { code: ErrorCode::ActionNotAllowed, details: None };
                ServerMessage::Error { seq: Some(seq), error: error::refusal(&refused, seq, &identity) }
            }
            Err(error) => {
                ServerMessage::Error { seq: Some(seq), error: ApiError::from(error).of(&*identity).into_wire() }
            }
        };
        outbox.send(OutFrame::message(outbox.encoding, &frame));
    }
}
