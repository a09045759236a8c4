//! What is durable in a simulated database, whoever wrote it: the log, profiles, sessions,
//! snapshots and the lease. Keeps the rules that the tables of the real stores keep, and complains
//! about what no server may ever write. Knows no time and no faults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tilemud_persist::store::{
    Batch, CharacterProfile, LeaseRequest, LeaseState, LoggedWords, SessionRecord, StoreError, StoredAction,
    StoredSnapshot,
};
use tilemud_schema::{
    ActionEvent, CharacterId, ChatChannel, Intent, IntentOutcome, LoggedEvent, LoggedTick, MapId, Position, Seq,
    SessionId, Tick, TickRecord, Timestamp, UserId,
};

use crate::plan::Mutant;

#[derive(Debug, Default, Clone)]
pub struct Disk {
    /// In the order in which they were written, which is that of the world.
    pub events: Vec<ActionEvent>,
    by_number: BTreeMap<(SessionId, Seq), usize>,
    /// With the epoch of who wrote it.
    pub records: BTreeMap<Tick, (TickRecord, i64)>,
    pub maps: BTreeMap<MapId, Vec<u8>>,
    /// How many events were committed with each record.
    events_recorded: BTreeMap<Tick, usize>,
    pub profiles: BTreeMap<CharacterId, (CharacterProfile, Tick)>,
    pub sessions: BTreeMap<SessionId, SessionRecord>,
    pub snapshots: BTreeMap<Tick, StoredSnapshot>,
    /// How many of the snapshots were written in part.
    pub snapshots_torn: u64,
    pub last_tick: Tick,
    lease: Option<LeaseState>,
    epochs: i64,
    /// Where each character stood from which tick on.
    places: BTreeMap<CharacterId, Vec<(Tick, Position)>>,
    /// Who is in the world.
    present: BTreeSet<CharacterId>,
    /// Numbers that are refused for good.
    pub refused: BTreeSet<(SessionId, Seq)>,
    /// The next commit with an event has its first one refused for good.
    pub refuses_next: bool,
    /// What no server may do, and one did.
    pub complaints: Vec<String>,
}

impl Disk {
    /// The newest time of a row.
    pub fn newest_row(&self) -> Option<Timestamp> {
        self.events.iter().map(|event| event.persisted_at).max_by_key(|at| at.as_micros())
    }

    /// Writes a batch, all or nothing.
    pub fn commit(&mut self, epoch: i64, batch: &Batch, mutant: Mutant) -> Result<(), StoreError> {
        if mutant != Mutant::LeaseIgnored {
            self.renew(epoch)?;
        }
        if std::mem::take(&mut self.refuses_next) {
            match batch.events.first() {
                Some(first) => drop(self.refused.insert((first.session_id, first.sequence_number))),
                None => self.refuses_next = true,
            }
        }
        if let Some(event) = batch.events.iter().find(|event| self.refused.contains(&number(event))) {
            return Err(StoreError::Rejected(format!("{} is refused, as planned", event.sequence_number).into()));
        }
        for event in &batch.events {
            if self.by_number.get(&number(event)).is_some_and(|known| self.events[*known].action_id != event.action_id)
            {
                self.complaints.push(format!("a number is used a second time: {event:?}"));
                return Err(StoreError::Rejected("unique (session_id, sequence_number)".into()));
            }
        }
        if let Some(record) = batch.records.iter().find(|record| self.is_contradicted(record)) {
            self.complaints.push(format!("tick {} is written a second time, as another one", record.tick));
            return Err(StoreError::Rejected("unique (tick)".into()));
        }
        self.write(epoch, batch);
        Ok(())
    }

    fn is_contradicted(&self, record: &TickRecord) -> bool {
        self.records.get(&record.tick).is_some_and(|(known, _)| known.hashes != record.hashes)
    }

    /// Writes what has been found good.
    pub fn write(&mut self, epoch: i64, batch: &Batch) {
        self.write_part(epoch, batch, batch.events.len());
    }

    /// Writes a batch with no more than its first events.
    pub fn write_part(&mut self, epoch: i64, batch: &Batch, events_max: usize) {
        for record in &batch.records {
            if self.records.contains_key(&record.tick) {
                continue;
            }
            if let Some((newest, (_, writer))) = self.records.last_key_value()
                && (*newest > record.tick || *writer > epoch)
            {
                let why = format!("tick {} of epoch {epoch} after {newest} of {writer}", record.tick);
                self.complaints.push(format!("two write this world: {why}"));
            }
            for arrival in &record.arrivals {
                // Whoever is there already is taken over where they stand.
                let is_new = self.present.insert(arrival.character_id);
                if let Some(position) = arrival.state.position.filter(|_| is_new) {
                    self.places.entry(arrival.character_id).or_default().push((record.tick, position));
                }
            }
            record.departures.iter().for_each(|gone| {
                self.present.remove(gone);
            });
            self.records.insert(record.tick, (record.clone(), epoch));
            let of_tick = batch.events.iter().filter(|event| event.tick == record.tick);
            self.events_recorded.insert(record.tick, of_tick.count());
        }
        for event in batch.events.iter().take(events_max) {
            if self.by_number.contains_key(&number(event)) {
                continue;
            }
            if let IntentOutcome::Move { to } = event.performed.outcome {
                self.places.entry(event.character_id).or_default().push((event.tick, to));
            }
            self.by_number.insert(number(event), self.events.len());
            self.events.push(event.clone());
        }
        for profile in &batch.profiles {
            let Some((known, tick)) = self.profiles.get_mut(&profile.character_id) else { continue };
            if *tick <= profile.tick {
                *tick = profile.tick;
                known.state = profile.state.clone();
            }
        }
        self.last_tick = self.last_tick.max(batch.tick);
    }

    /// Whether the newest thing in a batch that can be recognised is there.
    pub fn is_stored(&self, batch: &Batch) -> bool {
        match (batch.records.last(), batch.events.last()) {
            (Some(record), _) => self.records.get(&record.tick).is_some_and(|(known, _)| known.hashes == record.hashes),
            (None, Some(event)) => {
                self.find(event.session_id, event.sequence_number).is_some_and(|it| it.action_id == event.action_id)
            }
            (None, None) => false,
        }
    }

    /// The event of a number.
    pub fn event(&self, session_id: SessionId, seq: Seq) -> Option<&ActionEvent> {
        self.by_number.get(&(session_id, seq)).map(|index| &self.events[*index])
    }

    pub fn find(&self, session_id: SessionId, seq: Seq) -> Option<StoredAction> {
        let event = self.event(session_id, seq)?;
        Some(StoredAction { action_id: event.action_id, persisted_at: event.persisted_at })
    }

    /// In which tick something was said.
    pub fn said(&self, words: &str) -> Option<Tick> {
        let is_it =
            |event: &&ActionEvent| matches!(&event.performed.intent, Intent::Chat { text, .. } if **text == *words);
        self.events.iter().find(is_it).map(|event| event.tick)
    }

    pub fn last_seq(&self, session_id: SessionId) -> Seq {
        self.by_number.range((session_id, 0)..=(session_id, Seq::MAX)).next_back().map_or(0, |((_, seq), _)| *seq)
    }

    /// Where a character stood after a tick.
    pub fn place(&self, character_id: CharacterId, tick: Tick) -> Option<Position> {
        let places = self.places.get(&character_id)?;
        places.iter().rev().find(|(since, _)| *since <= tick).map(|(_, place)| *place)
    }

    /// How many steps and messages of a character there are.
    pub fn counts(&self, character_id: CharacterId) -> (u32, u32) {
        let of_it = self.events.iter().filter(|event| event.character_id == character_id);
        of_it.fold((0, 0), |(steps, messages), event| match event.performed.intent {
            Intent::Move { .. } => (steps + 1, messages),
            Intent::Chat { .. } => (steps, messages + 1),
            _ => (steps, messages),
        })
    }

    pub fn read_log(&self, after: Tick, events_max: usize) -> Vec<LoggedTick> {
        let mut events = 0;
        let records = self.records.range(after + 1..).map(|(_, (record, _))| record.clone());
        let mut ticks = Vec::new();
        for record in records {
            if events >= events_max {
                break;
            }
            let of_tick = self.events.iter().filter(|event| event.tick == record.tick);
            let logged = of_tick.map(|event| LoggedEvent {
                session_id: event.session_id,
                sequence_number: event.sequence_number,
                performed: event.performed.clone(),
            });
            let logged: Vec<_> = logged.collect();
            events += logged.len().max(1);
            let events_recorded = self.events_recorded.get(&record.tick).copied().unwrap_or(0);
            ticks.push(LoggedTick { record, events: logged, events_recorded });
        }
        ticks
    }

    /// When a session first came, after a tick.
    pub fn arrival(&self, session_id: SessionId, after: Tick) -> Option<Tick> {
        let mut later = self.records.range(after + 1..);
        let comes = |record: &TickRecord| record.arrivals.iter().any(|arrival| arrival.session_id == session_id);
        later.find(|(_, (record, _))| comes(record)).map(|(tick, _)| *tick)
    }

    pub fn read_words(&self, after: Tick, lines_max: usize) -> Vec<LoggedWords> {
        let words =
            self.events.iter().filter(|event| event.tick > after).filter_map(|event| match &event.performed.intent {
                Intent::Chat { channel, text, to } if *channel != ChatChannel::Say => Some(LoggedWords {
                    tick: event.tick,
                    from: Arc::clone(&self.profiles.get(&event.character_id)?.0.state.display_name),
                    channel: *channel,
                    text: Arc::clone(text),
                    to: to.clone(),
                }),
                _ => None,
            });
        let words: Vec<_> = words.collect();
        words[words.len().saturating_sub(lines_max)..].to_vec()
    }

    pub fn find_character(&self, user_id: &UserId) -> Option<CharacterProfile> {
        self.profiles.values().find(|(profile, _)| profile.user_id == *user_id).map(|(profile, _)| profile.clone())
    }

    pub fn lease(&self) -> Option<LeaseState> {
        self.lease.clone()
    }

    /// The epoch of the new holder.
    pub fn acquire(&mut self, request: &LeaseRequest) -> Result<i64, StoreError> {
        if let Some(held) = &self.lease {
            let is_superseded = request.supersedes.is_some_and(|superseded| {
                superseded.epoch == held.epoch && superseded.renewed.is_none_or(|renewed| renewed == held.renewed)
            });
            if held.holder != request.holder && !is_superseded {
                return Err(StoreError::Held { holder: held.holder.clone() });
            }
        }
        self.epochs += 1;
        let renewed = Timestamp::from_micros(self.epochs * 1_000_000);
        self.lease = Some(LeaseState { holder: request.holder.clone(), epoch: self.epochs, renewed });
        Ok(self.epochs)
    }

    pub fn renew(&mut self, epoch: i64) -> Result<(), StoreError> {
        match &mut self.lease {
            Some(held) if held.epoch == epoch => {
                held.renewed = held.renewed.plus_millis(1);
                Ok(())
            }
            _ => Err(StoreError::Fenced),
        }
    }

    pub fn release(&mut self, epoch: i64) {
        self.lease.take_if(|held| held.epoch == epoch);
    }
}

fn number(event: &ActionEvent) -> (SessionId, Seq) {
    (event.session_id, event.sequence_number)
}
