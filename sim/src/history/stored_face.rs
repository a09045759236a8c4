//! How snapshots store the appearance of a thing: with the fields that they have had from the
//! start. A field that was added for clients (who is away) belongs to connections, and no thing has
//! one. Used by [`super::snapshot`] only.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tilemud_schema::{Entity, EntityId, EntityKind};

#[derive(Serialize, Deserialize)]
struct StoredFace {
    id: EntityId,
    kind: EntityKind,
    name: Arc<str>,
    x: i32,
    y: i32,
    look: Arc<str>,
    health: Option<i32>,
    open: Option<bool>,
}

pub(crate) fn serialize<S: Serializer>(face: &Entity, serializer: S) -> Result<S::Ok, S::Error> {
    let Entity { id, kind, name, x, y, look, health, open, away: _ } = face.clone();
    StoredFace { id, kind, name, x, y, look, health, open }.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Entity, D::Error> {
    let StoredFace { id, kind, name, x, y, look, health, open } = StoredFace::deserialize(deserializer)?;
    Ok(Entity { id, kind, name, x, y, look, health, open, away: None })
}
