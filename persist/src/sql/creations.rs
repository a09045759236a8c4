//! New characters, written together: whoever has the turn writes for all that wait, so a crowd of
//! newcomers costs few waits for the disk instead of one each (group commit). A name that is taken
//! leaves out only who asked for it. Who waits, and what is asked of a transaction; when it is
//! whose turn is in [`super::profiles`].

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tilemud_names::{LOOK_RULE, folded, look_keys};
use tilemud_schema::{CharacterId, Timestamp};
use tokio::sync::{Mutex as TurnMutex, oneshot};

use super::rows::Columns;
use super::value::{Value, statement};
use crate::column::now;
use crate::connections::unavailable;
use crate::document::document;
use crate::store::{NewCharacter, StoreError};
use crate::written::Written;

/// Characters of one transaction: some milliseconds, for which a tick may have to wait in the
/// embedded store.
const TOGETHER_MAX: usize = 64;

/// Characters that are looked at for one transaction, so that a crowd who all want the same name
/// does not cost more each.
const LOOKED_AT_MAX: usize = 2 * TOGETHER_MAX;

/// Characters that may wait. Full: UNAVAILABLE.
const WAITING_MAX: usize = 4_096;

/// Comes before and behind the rows, each of which takes [`COLUMNS`] parameters from the second on.
const INSERT: [&str; 2] = [
    "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look, health,
         inventory, stats, state, created_at, updated_at, name_rule,
         written_body, written_inventory, written_stats, written_state, projected_tick)
     SELECT $1, newer.*, 0 FROM (VALUES ",
    ") AS newer WHERE true ON CONFLICT DO NOTHING RETURNING character_id",
];

/// What a row takes besides the world.
const COLUMNS: usize = 16;

/// The same for the keys of names.
const INSERT_KEYS: [&str; 2] = [
    "INSERT INTO character_name_keys (world_id, name_key, character_id) SELECT $1, newer.* FROM (VALUES ",
    ") AS newer WHERE true ON CONFLICT DO NOTHING RETURNING name_key",
];
const KEY_COLUMNS: usize = 2;

/// Those of some keys that somebody has.
const TAKEN: [&str; 2] = ["SELECT name_key FROM character_name_keys WHERE world_id = $1 AND name_key IN (", ")"];

/// Characters that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Creations {
    /// Whoever has it writes.
    pub(super) turn: TurnMutex<()>,
    waiting: Mutex<VecDeque<Waiting>>,
}

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) new: Arc<New>,
    pub(super) answer: oneshot::Sender<Result<(), StoreError>>,
}

/// A character with what is written of it.
#[derive(Debug)]
pub(crate) struct New {
    character: NewCharacter,
    folded: String,
    /// In order, so that two who want the same keys wait for each other and not both for ever.
    keys: BTreeSet<String>,
    inventory: serde_json::Value,
    stats: serde_json::Value,
    document: serde_json::Value,
    written: Written,
    at: Timestamp,
}

/// A transaction, for what is asked of it one after the other.
#[async_trait]
pub(crate) trait Steps: Send {
    type Row: Columns;

    async fn rows(&mut self, statement: String, values: &[Value<'_>]) -> Result<Vec<Self::Row>, StoreError>;
}

impl New {
    pub(super) fn of(character: &NewCharacter) -> Result<Self, StoreError> {
        let state = &character.state;
        let document = document(state);
        let written = Written::of(state, &document);
        let json = |value: Result<_, serde_json::Error>| value.map_err(|error| StoreError::Rejected(error.into()));
        Ok(Self {
            folded: folded(&state.display_name),
            keys: look_keys(&state.display_name),
            inventory: json(serde_json::to_value(&*state.inventory))?,
            stats: json(serde_json::to_value(&state.stats))?,
            document: json(serde_json::to_value(document))?,
            written,
            at: now(),
            character: character.clone(),
        })
    }

    fn values(&self) -> [Value<'_>; COLUMNS] {
        let NewCharacter { character_id, user_id, state } = &self.character;
        [
            Value::Id(character_id.0),
            Value::Text(&user_id.0),
            Value::Text(&state.display_name),
            Value::Text(&self.folded),
            Value::Text(&state.look),
            Value::Number(Some(state.health.into())),
            Value::Document(&self.inventory),
            Value::Document(&self.stats),
            Value::Document(&self.document),
            Value::Time(self.at),
            Value::Time(self.at),
            Value::Number(Some(LOOK_RULE.into())),
            Value::Number(self.written.body),
            Value::Number(self.written.inventory),
            Value::Number(self.written.stats),
            Value::Number(self.written.document),
        ]
    }

    /// Whether one of two is left out if the other is written.
    fn clashes(&self, other: &Self) -> bool {
        let (own, others) = (&self.character, &other.character);
        own.user_id == others.user_id
            || own.character_id == others.character_id
            || self.folded == other.folded
            || !self.keys.is_disjoint(&other.keys)
    }
}

impl Creations {
    /// Puts a character behind those that wait.
    pub(super) fn queue(&self, new: &Arc<New>) -> Result<oneshot::Receiver<Result<(), StoreError>>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let mut waiting = self.waiting.lock();
        waiting.retain(|waiting| !waiting.answer.is_closed());
        if waiting.len() >= WAITING_MAX {
            return Err(unavailable(std::io::Error::other("too many new characters wait")));
        }
        waiting.push_back(Waiting { new: Arc::clone(new), answer });
        Ok(answered)
    }

    /// Takes those that have waited longest and do not clash: what comes of one of them does not
    /// depend on another. Whoever clashes with one before it stays, so each is judged after those
    /// that came before it.
    pub(super) fn next(&self) -> Vec<Waiting> {
        let mut group: Vec<Waiting> = Vec::new();
        let mut staying: Vec<Waiting> = Vec::new();
        let mut waiting = self.waiting.lock();
        while group.len() < TOGETHER_MAX
            && group.len() + staying.len() < LOOKED_AT_MAX
            && let Some(next) = waiting.pop_front()
        {
            if next.answer.is_closed() {
                continue;
            }
            if group.iter().chain(&staying).any(|other| next.new.clashes(&other.new)) {
                staying.push(next);
            } else {
                group.push(next);
            }
        }
        staying.into_iter().rev().for_each(|waiting_on| waiting.push_front(waiting_on));
        group
    }
}

/// Writes those whose user and name are free. False when that was no longer so while it went on:
/// then all of it is to be rolled back.
pub(crate) async fn insert_all(steps: &mut impl Steps, characters: &[&New]) -> Result<bool, StoreError> {
    let keys: BTreeSet<&str> = characters.iter().flat_map(|new| &new.keys).map(String::as_str).collect();
    let values: Vec<_> = keys.iter().map(|key| Value::Text(key)).collect();
    let mut taken = BTreeSet::new();
    for row in steps.rows(statement(TAKEN, 2, keys.len(), 1), &values).await? {
        taken.insert(row.text("name_key")?);
    }
    let is_free = |new: &&&New| new.keys.iter().all(|key| !taken.contains(&**key));
    let free: Vec<&New> = characters.iter().filter(is_free).copied().collect();
    if free.is_empty() {
        return Ok(true);
    }
    let values: Vec<_> = free.iter().flat_map(|new| new.values()).collect();
    let mut made = BTreeSet::new();
    for row in steps.rows(statement(INSERT, 2, free.len(), COLUMNS), &values).await? {
        made.insert(CharacterId(row.id("character_id")?));
    }
    let made = free.iter().filter(|new| made.contains(&new.character.character_id));
    let mut keys: Vec<_> = made.flat_map(|new| new.keys.iter().map(|key| (key, new.character.character_id))).collect();
    if keys.is_empty() {
        return Ok(true);
    }
    keys.sort_unstable();
    let values: Vec<_> = keys.iter().flat_map(|(key, id)| [Value::Text(key), Value::Id(id.0)]).collect();
    let written = steps.rows(statement(INSERT_KEYS, 2, keys.len(), KEY_COLUMNS), &values).await?;
    Ok(written.len() == keys.len())
}
