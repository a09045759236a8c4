//! Maps. Only the holder of the lease writes them; nothing deletes one, because a map has the size
//! of a picture and is as old as the edits of its builder are many.

use async_trait::async_trait;
use tilemud_schema::MapId;

use super::rows::Columns as _;
use super::{Sql, Value};
use crate::store::{Maps, StoreError, StoredMap};

const SAVE: &str = concat!(
    "INSERT INTO world_maps (world_id, map_id, data, stored_at) SELECT $1, $3, $4, $5 WHERE ",
    may_write!(),
    " ON CONFLICT (world_id, map_id) DO UPDATE SET stored_at = world_maps.stored_at",
);

const FIND: &str = "SELECT data FROM world_maps WHERE world_id = $1 AND map_id = $2";

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

    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.row(FIND, &[Value::Bytes(&id.0)]).await?;
        row.map_or(Ok(None), |row| Ok(row.maybe_bytes("data")?.map(<[u8]>::to_vec)))
    }
}
