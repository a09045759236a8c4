//! Sessions. Each is written only by whoever holds the lease.

use async_trait::async_trait;
use tilemud_schema::SessionId;

use super::rows::session;
use super::{Sql, Value};
use crate::store::{SessionRecord, Sessions, StoreError};

const SAVE: &str = concat!(
    "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, previous_token_hash,
         token_expires_at, started_at)
     SELECT $1, $3, $4, $5, $6, $7, $8, $9 WHERE ",
    may_write!(),
    " ON CONFLICT (world_id, session_id) DO UPDATE SET
         token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
         token_expires_at = excluded.token_expires_at",
);

const FIND: &str = "SELECT * FROM sessions WHERE world_id = $1 AND (token_hash = $2 OR previous_token_hash = $2)";

const END: &str = concat!("DELETE FROM sessions WHERE world_id = $1 AND session_id = $3 AND ", may_write!());

fn values(epoch: Option<i64>, record: &SessionRecord) -> Vec<Value<'_>> {
    vec![
        Value::Number(epoch),
        Value::Id(record.session_id.0),
        Value::Text(&record.user_id.0),
        Value::Id(record.character_id.0),
        Value::Bytes(&record.token_hash),
        Value::MaybeBytes(record.previous_token_hash.as_ref().map(|hash| &hash[..])),
        Value::Time(record.token_expires_at),
        Value::Time(record.started_at),
    ]
}

#[async_trait]
impl<S: Sql> Sessions for S {
    async fn save_session(&self, record: &SessionRecord) -> Result<(), StoreError> {
        match self.change(SAVE, &values(self.lease_epoch(), record)).await? {
            0 => Err(StoreError::Fenced),
            _ => Ok(()),
        }
    }

    async fn save_sessions(&self, records: &[SessionRecord]) -> Result<(), StoreError> {
        let epoch = self.lease_epoch();
        let all: Vec<_> = records.iter().map(|record| values(epoch, record)).collect();
        self.change_all(SAVE, &all).await
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        self.row(FIND, &[Value::Bytes(token_hash)]).await?.as_ref().map(session).transpose()
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        self.change(END, &[Value::Number(self.lease_epoch()), Value::Id(session_id.0)]).await.map(drop)
    }
}
