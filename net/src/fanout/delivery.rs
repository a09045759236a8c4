//! What is acknowledged as said is delivered, or told: fills the [`Mail`](super::mail::Mail) of seats from committed ticks,
//! empties it into frames as connections allow, hands it on when a session ends, and tells speakers whom nobody heard.
//!
//! The mail is on this side of the gate, so it holds committed words only, and a world that goes back takes none of them away.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use tilemud_schema::{CharacterId, ChatChannel, Details, Effect, ErrorCode};
use tilemud_sim::api::{SessionKey, TickOutput};
use tokio::time::Instant;

use super::Fanout;
use super::body::{Body, Private};
use super::seat_mail::{deliver_notices, heed, queue_own, take_effects, tell_if_full};
use super::seats::{Seat, SeatId};
use crate::error::ApiError;
use crate::limits::{EARLY_LINES_MAX, NOTICES_MAX};

impl Fanout {
    /// Puts what happened in a tick into the mail of those who perceive it.
    pub(super) fn take_in(&mut self, output: &TickOutput) {
        let mut unheard = Unheard::default();
        for delta in output.private.iter().filter(|delta| !delta.effects.is_empty()) {
            let Some(seat) = self.seats.find(delta.session).and_then(|id| self.seats.get_mut(id)) else { continue };
            let mut given = 0;
            for (effect, after) in delta.effects.iter().zip(&delta.after_lines) {
                let before = output.zone.len().min(*after as usize);
                give_lines(seat, output, given..before);
                given = before;
                if let Err(effect) = seat.mail.push(output.tick, Arc::clone(effect), seat.entity) {
                    unheard.add(seat, &effect);
                }
            }
            seat.lines_of = (output.tick, given);
        }
        if !output.zone.is_empty() {
            self.keep_early(output);
            for (id, seat) in self.seats.iter_mut() {
                let given = if seat.lines_of.0 == output.tick { seat.lines_of.1 } else { 0 };
                give_lines(seat, output, given..output.zone.len());
                if !std::mem::replace(&mut seat.is_owing, true) {
                    self.owing.push(id);
                }
            }
        }
        self.tell_speakers(unheard);
    }

    /// Keeps what was said to all while there is time for sessions of before the start to come back.
    fn keep_early(&mut self, output: &TickOutput) {
        if !self.realm.registry.may_restore(Instant::now()) {
            self.early = VecDeque::new();
            return;
        }
        self.early.extend(output.zone.iter().map(|line| (output.tick, Arc::clone(line))));
        let surplus = self.early.len().saturating_sub(EARLY_LINES_MAX);
        self.early.drain(..surplus);
    }

    /// Gives those their mail who have no frame of their own in this tick.
    pub(super) fn send_owed<'a>(&mut self, output: &'a TickOutput, bodies: &mut [Body<'a>]) {
        let tick = output.tick;
        for id in std::mem::take(&mut self.owing) {
            let Some(seat) = self.seats.get_mut(id) else { continue };
            seat.is_owing = false;
            if seat.delta_tick != tick {
                take_effects(seat, tick, false, &mut self.effects);
                if let Some(outbox) = &seat.outbox
                    && !self.effects.is_empty()
                {
                    let private = Private { own: None, effects: &self.effects };
                    let frame = match output.cells.find(seat.cell) {
                        Some(number) => bodies[number].with_private(outbox.encoding, tick, &private),
                        None => Body::default().with_private(outbox.encoding, tick, &private),
                    };
                    let verdict = queue_own(outbox, tick, false, frame, &self.effects);
                    self.effects.clear();
                    seat.delta_tick = tick;
                    heed(&self.realm.mailbox, seat, tick, verdict);
                    self.sweep.rest(id, seat);
                }
            }
            self.owe(id);
        }
    }

    /// Sees to it that what waits for a connected session comes with the next tick.
    pub(super) fn owe(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(id) else { return };
        tell_if_full(&self.realm.mailbox, seat);
        let is_owed = seat.outbox.is_some() && seat.mail.is_waiting();
        if is_owed && !std::mem::replace(&mut seat.is_owing, true) {
            self.owing.push(id);
        }
    }

    /// A session leaves the world in a tick that is about to be taken in. When another one of its character is there already,
    /// that one gets what it has not heard: before what it hears in the tick itself.
    pub(super) fn hand_over(&mut self, key: SessionKey) {
        let Some(id) = self.seats.find(key) else { return };
        let Some(character) = self.seats.get_mut(id).map(|seat| seat.session.identity.character_id) else { return };
        let Some(heir) = self.heir(character, key) else { return };
        let whispers = self.seats.get_mut(id).map(unheard_by).unwrap_or_default();
        let mut unheard = Unheard::default();
        self.leave_to(heir, whispers, &mut unheard);
        self.tell_speakers(unheard);
    }

    /// A session has left the world. Another one of the same character gets what it has not heard; without one, whoever spoke
    /// is told.
    pub(super) fn pass_on(&mut self, seat: &mut Seat) {
        let whispers = unheard_by(seat);
        let heir = self.heir(seat.session.identity.character_id, seat.session.key);
        let mut unheard = Unheard::default();
        match heir {
            Some(heir) => self.leave_to(heir, whispers, &mut unheard),
            None => whispers.iter().for_each(|whisper| unheard.add(seat, whisper)),
        }
        if let Some(heir) = heir {
            self.owe(heir);
        }
        self.tell_speakers(unheard);
    }

    /// Another session of a character.
    fn heir(&mut self, character: CharacterId, than: SessionKey) -> Option<SeatId> {
        let is_it = |seat: &Seat| seat.session.identity.character_id == character && seat.session.key != than;
        self.seats.iter_mut().find(|(_, seat)| is_it(seat)).map(|(id, _)| id)
    }

    fn leave_to(&mut self, heir: SeatId, whispers: Vec<Arc<Effect>>, unheard: &mut Unheard) {
        let Some(heir) = self.seats.get_mut(heir) else { return };
        for whisper in whispers {
            if let Err(whisper) = heir.mail.push(heir.delta_tick, whisper, heir.entity) {
                unheard.add(heir, &whisper);
            }
        }
    }

    /// Tells those who spoke that they were not heard.
    fn tell_speakers(&mut self, Unheard { lines }: Unheard) {
        for ((from, to), lines) in lines {
            let speaker = self.seats.iter_mut().find(|(_, seat)| *seat.session.name() == *from);
            let Some((id, seat)) = speaker else { continue };
            let details = Details::Unheard { to: to.to_string(), lines };
            if seat.notices.len() == NOTICES_MAX {
                seat.notices.pop_front();
            }
            seat.notices.push_back(ApiError::with_details(ErrorCode::TargetAway, details).into_wire());
            deliver_notices(seat);
            self.sweep.urgent(id, seat);
        }
    }
}

/// Takes what was whispered to a session and is not known to have arrived.
fn unheard_by(seat: &mut Seat) -> Vec<Arc<Effect>> {
    if let Some(outbox) = &seat.outbox {
        seat.mail.confirm(outbox.signs().arrived(), 0);
    }
    seat.mail.unheard().collect()
}

/// Puts some of the lines said to all into the mail of a seat.
fn give_lines(seat: &mut Seat, output: &TickOutput, which: Range<usize>) {
    for line in &output.zone[which] {
        // A queue of what many hear takes everything, at the cost of its oldest.
        let _ = seat.mail.push(output.tick, Arc::clone(line), seat.entity);
    }
}

/// How many lines of whom somebody did not hear. By name, which is one person's: entities have new numbers after a world
/// has gone back.
#[derive(Default)]
struct Unheard {
    lines: BTreeMap<(Arc<str>, Arc<str>), u32>,
}

impl Unheard {
    fn add(&mut self, listener: &Seat, effect: &Effect) {
        let to = listener.session.name();
        if let Effect::Chat { channel: ChatChannel::Whisper, from, .. } = effect
            && *from != to
        {
            *self.lines.entry((Arc::clone(from), to)).or_default() += 1;
        }
    }
}
