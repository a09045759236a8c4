//! Delivers effects: fills the [`Mail`](super::mail::Mail) of subscribers from committed ticks,
//! empties it into frames as connections allow, hands it on when a session ends, and notifies
//! speakers whose whispers nobody heard. An acknowledged whisper is delivered or reported as
//! unheard.
//!
//! The mail is behind the gate, so it holds committed effects only, and a rollback of the world
//! removes none of them.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use tilemud_schema::{CharacterId, ChatChannel, Details, Effect, ErrorCode};
use tilemud_sim::api::{SessionKey, TickOutput};
use tokio::time::Instant;

use super::body::{Body, SessionPart};
use super::subscriber_mail::{deliver_notices, follow_up, queue_own, send_if_full, take_effects};
use super::subscribers::{Subscriber, SubscriberId};
use super::{Fanout, pulse};
use crate::error::ApiError;
use crate::limits::{EARLY_LINES_MAX, NOTICES_MAX};

impl Fanout {
    /// Puts the effects of a tick into the mail of those who perceive them.
    pub(super) fn take_in(&mut self, output: &TickOutput) {
        let mut unheard = Unheard::default();
        for delta in output.sessions.iter().filter(|delta| !delta.effects.is_empty()) {
            let Some(subscriber) = self.subscribers.find(delta.session).and_then(|id| self.subscribers.get_mut(id))
            else {
                continue;
            };
            let mut given = 0;
            for (effect, after) in delta.effects.iter().zip(&delta.after_lines) {
                let before = output.zone.len().min(*after as usize);
                give_lines(subscriber, output, given..before);
                given = before;
                if let Err(effect) = subscriber.mail.push(output.tick, Arc::clone(effect), subscriber.entity) {
                    unheard.add(subscriber, &effect);
                }
            }
            subscriber.lines_of = (output.tick, given);
        }
        if !output.zone.is_empty() {
            self.keep_early(output);
            for (id, subscriber) in self.subscribers.iter_mut() {
                pulse(&self.realm).beat();
                let given = if subscriber.lines_of.0 == output.tick { subscriber.lines_of.1 } else { 0 };
                give_lines(subscriber, output, given..output.zone.len());
                if !std::mem::replace(&mut subscriber.is_owing, true) {
                    self.owing.push(id);
                }
            }
        }
        self.notify_speakers(unheard);
    }

    /// Keeps the lines of the zone while sessions from before the start may still come back.
    fn keep_early(&mut self, output: &TickOutput) {
        if !self.realm.registry.may_restore(Instant::now()) {
            self.early = VecDeque::new();
            return;
        }
        self.early.extend(output.zone.iter().map(|line| (output.tick, Arc::clone(line))));
        let surplus = self.early.len().saturating_sub(EARLY_LINES_MAX);
        self.early.drain(..surplus);
    }

    /// Sends mail to sessions that have no frame of their own in this tick.
    pub(super) fn send_owed<'a>(&mut self, output: &'a TickOutput, bodies: &mut [Body<'a>]) {
        let tick = output.tick;
        for id in std::mem::take(&mut self.owing) {
            pulse(&self.realm).beat();
            let Some(subscriber) = self.subscribers.get_mut(id) else { continue };
            subscriber.is_owing = false;
            if subscriber.delta_tick != tick {
                take_effects(subscriber, tick, false, &mut self.effects);
                if let Some(outbox) = &subscriber.outbox
                    && !self.effects.is_empty()
                {
                    let part = SessionPart { own: None, effects: &self.effects };
                    let frame = match output.cells.find(subscriber.cell) {
                        Some(number) => bodies[number].with_session_part(outbox.encoding, tick, &part),
                        None => Body::default().with_session_part(outbox.encoding, tick, &part),
                    };
                    let verdict = queue_own(outbox, tick, false, frame, &self.effects);
                    self.effects.clear();
                    subscriber.delta_tick = tick;
                    follow_up(&self.realm.mailbox, subscriber, tick, verdict);
                    self.send_order.rest(id, subscriber);
                }
            }
            self.owe(id);
        }
    }

    /// Notes that a connected session has mail for the next tick.
    pub(super) fn owe(&mut self, id: SubscriberId) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        send_if_full(&self.realm.mailbox, subscriber);
        let is_owed = subscriber.outbox.is_some() && subscriber.mail.is_waiting();
        if is_owed && !std::mem::replace(&mut subscriber.is_owing, true) {
            self.owing.push(id);
        }
    }

    /// A session leaves the world in a tick that is about to be delivered. When its character has
    /// another session already, that one gets the undelivered mail before the effects of the tick
    /// itself.
    pub(super) fn hand_over(&mut self, key: SessionKey) {
        let Some(id) = self.subscribers.find(key) else { return };
        let Some(character) = self.subscribers.get_mut(id).map(|subscriber| subscriber.session.identity.character_id)
        else {
            return;
        };
        let Some(successor) = self.successor(character, key) else { return };
        let whispers = self.subscribers.get_mut(id).map(unheard_by).unwrap_or_default();
        let mut unheard = Unheard::default();
        self.leave_to(successor, whispers, &mut unheard);
        self.notify_speakers(unheard);
    }

    /// A session has left the world. Another session of its character gets the undelivered mail;
    /// without one, the speakers are notified.
    pub(super) fn pass_on(&mut self, subscriber: &mut Subscriber) {
        let whispers = unheard_by(subscriber);
        let successor = self.successor(subscriber.session.identity.character_id, subscriber.session.key);
        let mut unheard = Unheard::default();
        match successor {
            Some(successor) => self.leave_to(successor, whispers, &mut unheard),
            None => whispers.iter().for_each(|whisper| unheard.add(subscriber, whisper)),
        }
        if let Some(successor) = successor {
            self.owe(successor);
        }
        self.notify_speakers(unheard);
    }

    /// Another session of a character.
    fn successor(&mut self, character: CharacterId, than: SessionKey) -> Option<SubscriberId> {
        let is_it = |subscriber: &Subscriber| {
            subscriber.session.identity.character_id == character && subscriber.session.key != than
        };
        self.subscribers.iter_mut().find(|(_, subscriber)| is_it(subscriber)).map(|(id, _)| id)
    }

    fn leave_to(&mut self, successor: SubscriberId, whispers: Vec<Arc<Effect>>, unheard: &mut Unheard) {
        let Some(successor) = self.subscribers.get_mut(successor) else { return };
        for whisper in whispers {
            if let Err(whisper) = successor.mail.push(successor.delta_tick, whisper, successor.entity) {
                unheard.add(successor, &whisper);
            }
        }
    }

    /// Notifies speakers that they were not heard.
    fn notify_speakers(&mut self, Unheard { lines }: Unheard) {
        for ((from, to), lines) in lines {
            let speaker = self.subscribers.iter_mut().find(|(_, subscriber)| *subscriber.session.name() == *from);
            let Some((id, subscriber)) = speaker else { continue };
            let details = Details::Unheard { to: to.to_string(), lines };
            if subscriber.notices.len() == NOTICES_MAX {
                subscriber.notices.pop_front();
            }
            subscriber.notices.push_back(ApiError::with_details(ErrorCode::TargetAway, details).into_wire());
            deliver_notices(subscriber);
            self.send_order.urgent(id, subscriber);
        }
    }
}

/// Takes the whispers to a session that are not known to have arrived.
fn unheard_by(subscriber: &mut Subscriber) -> Vec<Arc<Effect>> {
    if let Some(outbox) = &subscriber.outbox {
        subscriber.mail.confirm(outbox.liveness().arrived(), 0);
    }
    subscriber.mail.unheard().collect()
}

/// Puts some lines of the zone into the mail of a subscriber.
fn give_lines(subscriber: &mut Subscriber, output: &TickOutput, which: Range<usize>) {
    for line in &output.zone[which] {
        // A queue of what many hear takes everything, at the cost of its oldest.
        let _ = subscriber.mail.push(output.tick, Arc::clone(line), subscriber.entity);
    }
}

/// How many unheard lines each speaker has. By name, because a rollback of the world gives entities
/// new numbers.
#[derive(Default)]
struct Unheard {
    lines: BTreeMap<(Arc<str>, Arc<str>), u32>,
}

impl Unheard {
    fn add(&mut self, listener: &Subscriber, effect: &Effect) {
        let to = listener.session.name();
        if let Effect::Chat { channel: ChatChannel::Whisper, from, .. } = effect
            && *from != to
        {
            *self.lines.entry((Arc::clone(from), to)).or_default() += 1;
        }
    }
}
