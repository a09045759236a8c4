//! The maps in the store of a world: what it is played on now, and what it was played on when the
//! ticks were recorded that a recovery or a replay plays again. A map from a file comes with its
//! pictures; one from the store has none, and is only played on.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use tilemud_persist::store::{Maps, StoreError, StoredMap};
use tilemud_schema::MapId;
use tilemud_sim::Map;
use tilemud_sim::map::{ContentError, MAP_EDGE_MAX};
use tilemud_vitals::clock;

/// Most bytes of a map: the largest has two layers of tiles, of three bytes at most each, and what
/// else there is.
const CONTENT_BYTES_MAX: u64 = 6 * (MAP_EDGE_MAX as u64).pow(2) + (28 << 20);

/// Why a stored map cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum StoredMapError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store does not have the map {id} that the world was played on (in world_maps)")]
    Missing { id: MapId },
    #[error("the stored map {id} is damaged (in world_maps)")]
    Damaged { id: MapId },
    #[error("the stored map {id} (in world_maps) cannot be used")]
    Unusable { id: MapId, source: ContentError },
}

/// Stores a map that the world is about to go on with, unless it is there.
///
/// # Errors
/// What the store answers.
pub async fn save(store: &dyn Maps, map: &Map) -> Result<(), StoreError> {
    let content = map.content();
    let (id, stored_at) = (Map::id_of(&content), clock::now());
    // From now on it is young, so that retention leaves it until the world is on it.
    if store.renew_map(id, stored_at).await? {
        return Ok(());
    }
    store.save_map(&StoredMap { id, stored_at, data: compressed(&content) }).await
}

/// A map of this content, from the store if it is not the one at hand.
///
/// # Errors
/// [`StoredMapError`].
pub async fn load(store: &dyn Maps, id: MapId, at_hand: &Arc<Map>) -> Result<Arc<Map>, StoredMapError> {
    if at_hand.id() == id {
        return Ok(Arc::clone(at_hand));
    }
    let data = store.map(id).await?.ok_or(StoredMapError::Missing { id })?;
    let mut content = Vec::new();
    let read = ZlibDecoder::new(&*data).take(CONTENT_BYTES_MAX).read_to_end(&mut content);
    if read.is_err() || Map::id_of(&content) != id {
        return Err(StoredMapError::Damaged { id });
    }
    Map::from_content(&content).map(Arc::new).map_err(|source| StoredMapError::Unusable { id, source })
}

fn compressed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    encoder.write_all(content).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes")
}
