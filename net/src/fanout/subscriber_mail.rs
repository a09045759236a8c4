//! One subscriber: its mail is put into frames, and a full delta is requested when its connection
//! has fallen behind.

use std::collections::VecDeque;
use std::sync::Arc;

use tilemud_schema::{CloseCode, Effect, ServerMessage, Tick};
use tilemud_sim::api::Input;

use super::subscribers::Subscriber;
use crate::mailbox::Mailbox;
use crate::outbox::frame::OutFrame;
use crate::outbox::{Outbox, Verdict};
use crate::session::Past;

/// Acts on the outcome of a delivery: for a connection that has fallen behind, the world is asked
/// for a full delta.
pub(super) fn follow_up(mailbox: &Mailbox, subscriber: &mut Subscriber, tick: Tick, verdict: Verdict) {
    match verdict {
        Verdict::Accepted => {}
        Verdict::Covered => subscriber.mail.take_back(tick),
        Verdict::NeedsFull { since } => {
            subscriber.mail.take_back(since);
            if let Some(outbox) = &subscriber.outbox {
                outbox.liveness().take_back(since);
            }
            let asked = mailbox.try_push(Input::Resync { session: subscriber.session.key });
            if let (Err(_), Some(outbox)) = (asked, &subscriber.outbox) {
                outbox.close(CloseCode::TooSlow);
            }
        }
        Verdict::Closed => {
            if let Some(outbox) = subscriber.outbox.take() {
                subscriber.mail.confirm(outbox.liveness().arrived(), tick);
            }
        }
    }
}

/// Gives a session from before the start what it has not heard: lines from the log, and the lines
/// of the zone since.
pub(super) fn recall(subscriber: &mut Subscriber, past: Past, early: &VecDeque<(Tick, Arc<Effect>)>) {
    let Past { words, until, missed } = past;
    subscriber.mail.note_missed(missed);
    let since = early.iter().filter(|(tick, _)| *tick > until).cloned();
    for (tick, line) in words.into_iter().chain(since) {
        if subscriber.mail.push(tick, line, None).is_err() {
            subscriber.mail.note_missed(1);
        }
    }
}

/// Queues the errors that waited for a connection.
pub(super) fn deliver_notices(subscriber: &mut Subscriber) {
    let Some(outbox) = &subscriber.outbox else { return };
    for error in subscriber.notices.drain(..) {
        outbox.queue(OutFrame::message(outbox.encoding, &ServerMessage::Error { seq: None, error }));
    }
}

/// The part of a session's mail for the frame of a tick. Nothing while it waits for a full delta.
pub(super) fn take_effects(subscriber: &mut Subscriber, tick: Tick, is_full: bool, effects: &mut Vec<Arc<Effect>>) {
    effects.clear();
    if let Some(outbox) = &subscriber.outbox
        && subscriber.mail.is_waiting()
        && (is_full || !outbox.awaits_full())
    {
        subscriber.mail.confirm(outbox.liveness().arrived(), tick);
        subscriber.mail.take(tick, effects);
    }
}

/// Queues a session's own frame. A frame with effects is followed by a ping whose answer proves its
/// arrival. One such ping is on its way at a time; frames that leave meanwhile are asked about
/// after its answer.
pub(super) fn queue_own(
    outbox: &Outbox,
    tick: Tick,
    is_full: bool,
    frame: OutFrame,
    effects: &[Arc<Effect>],
) -> Verdict {
    if !effects.iter().any(|effect| matches!(**effect, Effect::Chat { .. })) {
        return outbox.queue_delta(tick, is_full, frame);
    }
    if let Some(question) = outbox.liveness().ask(tick) {
        return outbox.queue_delta(tick, is_full, frame.followed_by(OutFrame::ping(&question)));
    }
    let verdict = outbox.queue_delta(tick, is_full, frame);
    if verdict == Verdict::Accepted
        && let Some(question) = outbox.liveness().ask_later(tick)
    {
        outbox.queue(OutFrame::ping(&question));
    }
    verdict
}

/// Makes the world refuse whispers to a session whose mail is full, and accept them once it is not.
/// Without room in the mailbox this is retried with the session's next frame.
pub(super) fn send_if_full(mailbox: &Mailbox, subscriber: &mut Subscriber) {
    let is_full = subscriber.mail.is_full();
    if is_full != subscriber.is_full {
        let hearing = Input::Hearing { session: subscriber.session.key, is_full };
        if mailbox.try_push(hearing).is_ok() {
            subscriber.is_full = is_full;
        }
    }
}
