//! Sessions. Only the holder of the lease writes them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tilemud_schema::SessionId;

use super::rows::session;
use super::value::statement;
use super::{Sql, Value};
use crate::store::{SessionRecord, Sessions, StoreError};

/// The statement before and after the rows. Each row takes [`COLUMNS`] parameters, from the third
/// on.
const SAVE: [&str; 2] = [
    "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, previous_token_hash,
         token_expires_at, started_at)
     SELECT $1, newer.* FROM (VALUES ",
    concat!(
        ") AS newer WHERE ",
        may_write!(),
        " ON CONFLICT (world_id, session_id) DO UPDATE SET
             token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
             token_expires_at = excluded.token_expires_at",
    ),
];

/// What a row takes besides the world.
const COLUMNS: usize = 7;

const FIND: &str = "SELECT * FROM sessions WHERE world_id = $1 AND (token_hash = $2 OR previous_token_hash = $2)";

const END: &str = concat!("DELETE FROM sessions WHERE world_id = $1 AND session_id = $3 AND ", may_write!());

fn values(record: &SessionRecord) -> [Value<'_>; COLUMNS] {
    [
        Value::Id(record.session_id.0),
        Value::Text(&record.user_id.0),
        Value::Id(record.character_id.0),
        Value::Bytes(&record.token_hash),
        Value::MaybeBytes(record.previous_token_hash.as_ref().map(|hash| &hash[..])),
        Value::Time(record.token_expires_at),
        Value::Time(record.started_at),
    ]
}

/// The last record of each session, because one statement cannot write a row twice.
fn last_of_each(records: &[SessionRecord]) -> Vec<&SessionRecord> {
    let last: BTreeMap<_, _> = records.iter().map(|record| (record.session_id, record)).collect();
    last.into_values().collect()
}

#[async_trait]
impl<S: Sql> Sessions for S {
    async fn save_sessions(&self, records: &[SessionRecord]) -> Result<(), StoreError> {
        let newer = last_of_each(records);
        if newer.is_empty() {
            return Ok(());
        }
        let mut parameters = vec![Value::Number(self.lease_epoch())];
        parameters.extend(newer.iter().flat_map(|record| values(record)));
        match self.change_many(statement(SAVE, 3, newer.len(), COLUMNS), &parameters).await? {
            0 => Err(StoreError::Fenced),
            _ => Ok(()),
        }
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        self.row(FIND, &[Value::Bytes(token_hash)]).await?.as_ref().map(session).transpose()
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        self.change(END, &[Value::Number(self.lease_epoch()), Value::Id(session_id.0)]).await.map(drop)
    }
}
