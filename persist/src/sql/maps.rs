//! Maps. Only the holder of the lease writes them. Retention deletes those that neither the log nor
//! a snapshot names any more.

use async_trait::async_trait;
use tilemud_schema::{MapChange, MapId, Timestamp};

use super::rows::Columns;
use super::{Sql, Value};
use crate::store::{Maps, StoreError, StoredMap};

const SAVE: &str = concat!(
    "INSERT INTO world_maps (world_id, map_id, data, stored_at) SELECT $1, $3, $4, $5 WHERE ",
    may_write!(),
    " ON CONFLICT (world_id, map_id) DO UPDATE SET stored_at = excluded.stored_at",
);

const RENEW: &str =
    concat!("UPDATE world_maps SET stored_at = $4 WHERE world_id = $1 AND map_id = $3 AND ", may_write!());

const FIND: &str = "SELECT data FROM world_maps WHERE world_id = $1 AND map_id = $2";

const OLD: &str = "SELECT map_id FROM world_maps WHERE world_id = $1 AND stored_at < $2 ORDER BY map_id";

/// Reads all of the log, which is why it is asked only when there is an old map.
const CHANGES: &str = "SELECT map_change FROM world_ticks WHERE world_id = $1 AND map_change IS NOT NULL";

/// One at a time: a commit that waits meanwhile is before the next.
const FORGET: &str = "DELETE FROM world_maps WHERE world_id = $1 AND map_id = $2 AND stored_at < $3";

#[async_trait]
impl<S: Sql> Maps for S {
    async fn save_map(&self, map: &StoredMap) -> Result<(), StoreError> {
        let values = [
            Value::Number(self.lease_epoch()),
            Value::Bytes(&map.id.0),
            Value::Bytes(&map.data),
            Value::Time(map.stored_at),
        ];
        if self.change(SAVE, &values).await? == 0 { Err(StoreError::Fenced) } else { Ok(()) }
    }

    async fn renew_map(&self, id: MapId, now: Timestamp) -> Result<bool, StoreError> {
        let values = [Value::Number(self.lease_epoch()), Value::Bytes(&id.0), Value::Time(now)];
        Ok(self.change(RENEW, &values).await? > 0)
    }

    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.row(FIND, &[Value::Bytes(&id.0)]).await?;
        row.map_or(Ok(None), |row| Ok(row.maybe_bytes("data")?.map(<[u8]>::to_vec)))
    }

    async fn unneeded_maps(&self, need: &[MapId], stored_before: Timestamp) -> Result<Vec<MapId>, StoreError> {
        let mut old = Vec::new();
        for row in self.rows(OLD, &[Value::Time(stored_before)]).await? {
            let bytes = row.maybe_bytes("map_id")?.and_then(|bytes| bytes.try_into().ok());
            let id = bytes.ok_or_else(|| StoreError::Corrupt { what: "column map_id has no 32 bytes".to_owned() })?;
            old.push(MapId(id));
        }
        old.retain(|id| !need.contains(id));
        if old.is_empty() {
            return Ok(old);
        }
        for row in self.rows(CHANGES, &[]).await? {
            let MapChange { from, to } = row.document("map_change")?;
            old.retain(|id| ![from, to].contains(id));
        }
        Ok(old)
    }

    async fn forget_maps(&self, maps: &[MapId], stored_before: Timestamp) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        for id in maps {
            forgotten += self.change(FORGET, &[Value::Bytes(&id.0), Value::Time(stored_before)]).await?;
        }
        Ok(forgotten)
    }
}
