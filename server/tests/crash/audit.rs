//! Holds what everybody was told against the log: nothing lost, nothing doubled, nothing out of
//! order, everybody where their logged steps lead. Reads only what is new in the log, and at the
//! end all of it once more.

use std::collections::{HashMap, HashSet};

use tilemud_schema::{ActionId, CharacterId, Intent, IntentOutcome, Performed, Position, Seq, SessionId, Tick};

use crate::account::{Account, Fault, Wrong};
use crate::crowd::SharedAccount;
use crate::log::LogRow;

/// All that is known of the log.
#[derive(Default)]
pub struct Audit {
    rows: HashMap<(SessionId, Seq), LogRow>,
    actions: HashSet<ActionId>,
    /// The newest number of each session, by the order of the world.
    newest: HashMap<SessionId, Seq>,
    walks: HashMap<CharacterId, Walk>,
    /// Up to here the log has been read.
    pub newest_tick: Tick,
    pub acks_checked: u64,
    pub refusals_checked: u64,
    pub sightings_checked: u64,
    pub words_checked: u64,
    pub faults: Vec<Fault>,
}

/// Where a character stood: after which tick where. And how much it has said.
struct Walk {
    start: Position,
    steps: Vec<(Tick, Position)>,
    messages: usize,
}

impl Walk {
    fn new(start: Position) -> Self {
        Self { start, steps: Vec::new(), messages: 0 }
    }

    fn end(&self) -> Position {
        self.steps.last().map_or(self.start, |(_, to)| *to)
    }

    fn at_tick(&self, tick: Tick) -> Position {
        let past = self.steps.partition_point(|(at, _)| *at <= tick);
        past.checked_sub(1).map_or(self.start, |last| self.steps[last].1)
    }
}

impl Audit {
    fn fault(&mut self, wrong: Wrong, what: String) {
        self.faults.push(Fault { wrong, what });
    }

    /// Takes in what is new in the log.
    pub fn take_in(&mut self, rows: Vec<LogRow>, accounts: &[SharedAccount]) {
        for row in rows {
            self.newest_tick = row.tick;
            if !self.actions.insert(row.action_id) {
                self.fault(Wrong::Doubled, format!("one action twice: {row:?}"));
            }
            let newest = self.newest.insert(row.session_id, row.seq).unwrap_or(0);
            if row.seq <= newest {
                self.fault(Wrong::Other, format!("after {newest} of the same session: {row:?}"));
            }
            let whose = accounts.iter().find(|account| account.lock().session == Some(row.session_id));
            let Some(account) = whose else {
                self.fault(Wrong::Other, format!("a session that nobody plays did something: {row:?}"));
                continue;
            };
            let account = account.lock();
            self.compare(&row, &account);
            drop(account);
            if let Some(earlier) = self.rows.insert((row.session_id, row.seq), row.clone()) {
                self.fault(Wrong::Doubled, format!("{row:?}, and before {earlier:?}"));
            }
        }
    }

    /// A row against what its player sent and was told.
    fn compare(&mut self, row: &LogRow, account: &Account) {
        let Some(numbered) = account.intents.get(&row.seq) else {
            return self.fault(Wrong::Other, format!("{} never sent {row:?}", account.name));
        };
        if let Some(code) = numbered.refused {
            self.fault(Wrong::Doubled, format!("{} was refused with {code}, and there is {row:?}", account.name));
        }
        if row.performed.intent != numbered.intent {
            self.fault(Wrong::Other, format!("{} sent {:?}, and there is {row:?}", account.name, numbered.intent));
        }
        let walk = self.walks.entry(row.character_id).or_insert_with(|| Walk::new(account.start));
        walk.messages += usize::from(matches!(row.performed.intent, Intent::Chat { .. }));
        if let Performed { intent: Intent::Move { direction }, outcome: IntentOutcome::Move { to } } = row.performed {
            let (from, (dx, dy)) = (walk.end(), direction.step());
            walk.steps.push((row.tick, to));
            if to != (Position { x: from.x + dx, y: from.y + dy }) {
                self.fault(Wrong::Other, format!("{} stood at {from:?} before {row:?}", account.name));
            }
        }
    }

    /// Everything that everybody was told since the last time. Everybody has been answered and
    /// looked where they are.
    pub fn examine(&mut self, accounts: &[SharedAccount]) {
        let characters: HashMap<String, (CharacterId, SessionId, Position)> = accounts
            .iter()
            .filter_map(|account| {
                let account = account.lock();
                Some((account.name.clone(), (account.character?, account.session?, account.start)))
            })
            .collect();
        for (character, _, start) in characters.values() {
            self.walks.entry(*character).or_insert_with(|| Walk::new(*start));
        }
        for account in accounts {
            let mut account = account.lock();
            for seq in std::mem::take(&mut account.answered_lately) {
                self.answer(&account, seq);
            }
            for seen in std::mem::take(&mut account.sightings) {
                self.sightings_checked += 1;
                let at = characters.get(&seen.name).map(|(character, ..)| self.walks[character].at_tick(seen.tick));
                if at != Some(seen.position) {
                    self.fault(Wrong::Other, format!("{} saw {seen:?}, the log has it at {at:?}", account.name));
                }
            }
            for (tick, text) in std::mem::take(&mut account.heard) {
                self.words_checked += 1;
                let said = text
                    .rsplit_once(' ')
                    .and_then(|(name, seq)| self.rows.get(&(characters.get(name)?.1, seq.parse().ok()?)));
                let is_said = said.is_some_and(|row| {
                    row.tick <= tick
                        && matches!(&row.performed.intent, Intent::Chat { text: stored, .. } if **stored == *text)
                });
                if !is_said {
                    let what = format!("{} heard {text:?} in tick {tick}, and there is {said:?}", account.name);
                    self.fault(Wrong::Lost, what);
                }
            }
            let stands = account.held.own.position;
            let leads = account.character.map(|character| self.walks[&character].end());
            if stands != leads {
                self.fault(Wrong::Lost, format!("{} stands at {stands:?}, its steps lead to {leads:?}", account.name));
            }
            let counted = account.held.own.stats.as_ref();
            let counted = counted.map(|stats| (stats.steps as usize, stats.messages as usize));
            let logged = account.character.map(|character| &self.walks[&character]);
            let logged = logged.map(|walk| (walk.steps.len(), walk.messages));
            if counted != logged {
                let wrong = if counted > logged { Wrong::Doubled } else { Wrong::Lost };
                let what = format!("{}: counted {counted:?} steps and messages, logged {logged:?}", account.name);
                self.fault(wrong, what);
            }
        }
    }

    /// What somebody saw before the server went and after it was back, with nobody doing anything
    /// meanwhile.
    pub fn compare_views(&mut self, before: &[String], now: &[String]) {
        let mut new = now.to_vec();
        for line in before {
            if let Some(index) = new.iter().position(|kept| kept == line) {
                new.swap_remove(index);
            } else {
                self.fault(Wrong::Lost, format!("was there before the restart, and is not after it: {line}"));
            }
        }
        for line in new {
            self.fault(Wrong::Doubled, format!("was not there before the restart, and is after it: {line}"));
        }
    }

    /// An answer against the log.
    fn answer(&mut self, account: &Account, seq: Seq) {
        let (Some(session), Some(numbered)) = (account.session, account.intents.get(&seq)) else { return };
        let row = self.rows.get(&(session, seq)).cloned();
        let name = &account.name;
        if let Some(acked) = numbered.acked {
            self.acks_checked += 1;
            match &row {
                None => self.fault(Wrong::Lost, format!("{name}: {seq} was acknowledged as {acked:?}")),
                Some(row) => {
                    let is_same = (row.action_id, row.persisted_at) == (acked.action_id, acked.persisted_at);
                    if !is_same || acked.tick.is_some_and(|tick| tick != row.tick) {
                        self.fault(Wrong::Lost, format!("{name}: {seq} was acknowledged as {acked:?}, not {row:?}"));
                    }
                }
            }
        }
        if let Some(code) = numbered.refused {
            self.refusals_checked += 1;
            if let Some(row) = row {
                self.fault(Wrong::Doubled, format!("{name}: {seq} was refused with {code}, and there is {row:?}"));
            }
        }
    }

    /// The whole log once more, and every answer ever given against it.
    pub fn examine_all(&mut self, rows: &[LogRow], accounts: &[SharedAccount]) {
        let again: HashMap<_, _> = rows.iter().map(|row| ((row.session_id, row.seq), row)).collect();
        let known = std::mem::take(&mut self.rows);
        for (key, row) in &known {
            if again.get(key) != Some(&row) {
                self.fault(Wrong::Lost, format!("was in the log and is now {:?}: {row:?}", again.get(key)));
            }
        }
        if again.len() != rows.len() || known.len() != rows.len() {
            let what = format!("{} rows, {} known, {} of them unlike", rows.len(), known.len(), again.len());
            self.fault(Wrong::Doubled, what);
        }
        self.rows = known;
        (self.acks_checked, self.refusals_checked) = (0, 0);
        for account in accounts {
            let account = account.lock();
            let numbers: Vec<Seq> = account.intents.keys().copied().collect();
            for seq in numbers {
                self.answer(&account, seq);
            }
        }
    }
}
