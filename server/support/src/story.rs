//! What one session was told: the answers to its intents, what it saw and what it heard. Fed by the
//! player as messages come in; judged at once where that is possible, and against the log at the
//! end of the case.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use tilemud_schema::{
    AckStatus, ActionId, ChatChannel, Details, Effect, ErrorCode, Intent, IntentAck, Position, Seq, SessionId,
    StateDelta, Tick, Timestamp, WireError,
};

use crate::surroundings::Surroundings;

#[derive(Debug)]
pub struct Story {
    pub id: SessionId,
    /// The player knows that it has ended.
    pub is_over: bool,
    /// The life of the server in which it last had a connection.
    pub life: u32,
    /// The number of the next intent.
    pub next_seq: Seq,
    /// Everything ever sent, by number.
    pub intents: BTreeMap<Seq, Numbered>,
    pub held: Surroundings,
    pub sightings: Vec<Sighting>,
    pub heard: Vec<Heard>,
    /// Ticks of which nothing that could be heard may be missing, as (first, last).
    pub attentive: Vec<(Tick, Tick)>,
    /// The next full delta replaces what was missed.
    pub awaits_snapshot: bool,
    /// Whether it has come back without saying what it holds.
    pub holds_unsaid: bool,
    /// What the server of this life knows, from answers to its pings, to have arrived.
    pub confirmed: (u32, Tick),
    /// Positions told by bootstraps, each with the newest step acknowledged by then.
    pub greetings: Vec<(Position, Option<ActionId>)>,
    pub newest_step: Option<ActionId>,
}

/// All that is known of a number.
#[derive(Debug, Default)]
pub struct Numbered {
    /// What was sent under it: one intent, or more where somebody leapt ahead.
    pub wants: Vec<Intent>,
    pub ack: Option<Acked>,
    /// The life of the server in which it was first sent.
    pub sent_in: Option<u32>,
    /// Refusals that consumed the number, with the life of the server they came from.
    pub refusals: Vec<(u32, WireError)>,
}

/// The record of an applied intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acked {
    pub action_id: ActionId,
    pub persisted_at: Timestamp,
    /// Known from the first acknowledgement only.
    pub tick: Option<Tick>,
}

/// One life of the server.
#[derive(Debug, Default, Clone, Copy)]
pub struct Life {
    pub number: u32,
    /// Its store was away at some time.
    pub had_outage: bool,
    /// What it had done was refused by its store for good at some time.
    pub had_undo: bool,
}

/// A character stood somewhere in a tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub tick: Tick,
    pub name: String,
    pub position: Position,
}

/// Words that were heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub tick: Tick,
    pub channel: ChatChannel,
    pub from: String,
    pub text: String,
    /// The life of the server in which they were.
    pub life: u32,
}

impl Numbered {
    pub fn is_answered(&self) -> bool {
        self.ack.is_some() || !self.refusals.is_empty()
    }
}

impl Story {
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            is_over: false,
            life: 0,
            next_seq: 1,
            intents: BTreeMap::new(),
            held: Surroundings::default(),
            sightings: Vec::new(),
            heard: Vec::new(),
            attentive: Vec::new(),
            awaits_snapshot: true,
            holds_unsaid: false,
            confirmed: (0, 0),
            greetings: Vec::new(),
            newest_step: None,
        }
    }

    /// Gives an intent the next number.
    pub fn number(&mut self, intent: Intent) -> Seq {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.intents.entry(seq).or_default().wants.push(intent);
        seq
    }

    /// The numbers without an answer, oldest first.
    pub fn unanswered(&self) -> Vec<Seq> {
        let own = self.intents.range(..self.next_seq);
        own.filter(|(_, intent)| !intent.is_answered()).map(|(seq, _)| *seq).collect()
    }

    /// The oldest number without an answer; everything below was answered.
    pub fn oldest_unanswered(&self) -> Seq {
        self.unanswered().first().copied().unwrap_or(self.next_seq)
    }

    /// The highest number known to be consumed.
    pub fn newest_answered(&self) -> Seq {
        self.intents.iter().rev().find(|(_, intent)| intent.is_answered()).map_or(0, |(seq, _)| *seq)
    }

    /// The highest number known to be applied.
    pub fn newest_applied(&self) -> Seq {
        self.intents.iter().rev().find(|(_, intent)| intent.ack.is_some()).map_or(0, |(seq, _)| *seq)
    }

    /// An acknowledgement came. True when it is the first of its number.
    pub fn acknowledged(&mut self, tick: Tick, ack: &IntentAck) -> Result<bool> {
        let seq = ack.seq;
        let Some(intent) = self.intents.get_mut(&seq) else { bail!("{seq} is acknowledged and was never sent") };
        ensure!(intent.refusals.is_empty(), "{seq} was refused and is acknowledged now: {:?}", intent.refusals);
        let is_applied = ack.status == AckStatus::Applied;
        let acked =
            Acked { action_id: ack.action_id, persisted_at: ack.persisted_at, tick: is_applied.then_some(tick) };
        let Some(before) = intent.ack else {
            if intent.wants.iter().any(|want| matches!(want, Intent::Move { .. })) {
                self.newest_step = Some(ack.action_id);
            }
            intent.ack = Some(acked);
            return Ok(true);
        };
        ensure!(!is_applied || before.tick.is_none(), "{seq} is applied twice");
        ensure!(
            (before.action_id, before.persisted_at) == (acked.action_id, acked.persisted_at),
            "{seq} was acknowledged as {before:?} and is now {acked:?}"
        );
        intent.ack = Some(Acked { tick: before.tick.or(acked.tick), ..acked });
        Ok(false)
    }

    /// A refusal came. Some number when the server wants to go on from there: nothing was consumed.
    pub fn refused(&mut self, life: &Life, seq: Seq, error: &WireError) -> Result<Option<Seq>> {
        if error.code == ErrorCode::SeqOutOfOrder {
            let Some(Details::Sequence { expected, received }) = error.details else {
                bail!("no numbers in {error:?}");
            };
            ensure!(received == seq && expected < seq, "{seq} is out of order, but {error:?}");
            return Ok(Some(expected));
        }
        let Some(intent) = self.intents.get_mut(&seq) else { bail!("{seq} is refused and was never sent") };
        ensure!(intent.ack.is_none(), "{seq} was applied as {:?} and is refused now: {error:?}", intent.ack);
        let is_of_before = intent.sent_in.is_some_and(|sent_in| sent_in < life.number);
        let may_be = match error.code {
            ErrorCode::Unavailable => life.had_outage,
            ErrorCode::SessionNotFound => self.is_over,
            ErrorCode::ActionAtomicRollback if life.had_undo => true,
            code => intent.wants.iter().any(|want| is_reason(code, want, is_of_before)),
        };
        ensure!(may_be, "{seq} is refused without reason: {error:?}, {intent:?}");
        if let Some((_, before)) = intent.refusals.iter().find(|(earlier, _)| *earlier == life.number) {
            // Of a number consumed in an earlier life only that it was not applied is known, so its
            // error is a new one.
            let is_same = before == error || (before.code == error.code && error.code == ErrorCode::ActionNotAllowed);
            ensure!(is_same, "{seq} was refused with {before:?} and now with {error:?}");
        } else {
            intent.refusals.push((life.number, error.clone()));
        }
        Ok(None)
    }

    /// A state delta came.
    pub fn saw(&mut self, delta: &StateDelta) -> Result<()> {
        self.held.apply(delta)?;
        if delta.full && self.awaits_snapshot {
            self.awaits_snapshot = false;
            self.attentive.push((delta.tick, delta.tick));
        } else if let Some((_, last)) = self.attentive.last_mut() {
            *last = delta.tick;
        }
        let own = delta.own.as_ref().and_then(|own| own.position);
        let changed: Vec<_> =
            delta.enter.iter().map(|entity| entity.id).chain(delta.update.iter().map(|u| u.id)).collect();
        for (name, position) in self.held.players() {
            self.sightings.push(Sighting { tick: delta.tick, name: name.to_owned(), position });
        }
        // One's own place is told twice: in private and as one of those in view.
        if own.is_some() || !changed.is_empty() {
            let own = self.held.own.position;
            ensure!(own.is_none_or(|own| self.held.players().any(|(_, at)| at == own)), "nobody is seen at {own:?}");
        }
        for effect in &delta.effects {
            if let Effect::Chat { channel, from, text, .. } = effect {
                let (from, text) = (from.to_string(), text.to_string());
                if let Some(before) = self.heard.iter().find(|heard| heard.text == text) {
                    // Whoever comes back and does not say what it holds is told again what it is
                    // not known to hold.
                    ensure!(self.holds_unsaid, "{text:?} is heard twice");
                    let (life, up_to) = self.confirmed;
                    let is_known = before.life == self.life && self.life == life && before.tick <= up_to;
                    ensure!(!is_known, "{text:?} is heard twice, and was known to have been heard in {before:?}");
                    continue;
                }
                self.heard.push(Heard { tick: delta.tick, channel: *channel, from, text, life: self.life });
            }
        }
        Ok(())
    }
}

/// Whether an intent can be refused with this code. What was consumed without effect in an earlier
/// life of the server is refused as not allowed, whatever it was.
fn is_reason(code: ErrorCode, want: &Intent, is_of_before: bool) -> bool {
    match (code, want) {
        (ErrorCode::ActionNotAllowed, _) if is_of_before => true,
        (ErrorCode::MoveBlocked, Intent::Move { .. }) | (_, Intent::Action { .. }) => true,
        (ErrorCode::RateLimited, Intent::Chat { .. }) => true,
        (ErrorCode::IntentInvalid, Intent::Chat { text, .. }) => text.trim().is_empty(),
        (ErrorCode::TargetAway, Intent::Chat { channel, .. }) => *channel == ChatChannel::Whisper,
        _ => false,
    }
}
