//! Characters as snapshots of the formats 1 and 2 hold them, without counts. Used by
//! [`super::snapshot`] only.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tilemud_schema::{CharacterState, EntityId, ItemStack, Position, Stats};

use crate::api::Identity;

#[derive(Deserialize)]
struct Before {
    id: EntityId,
    identity: Arc<Identity>,
    display_name: Arc<str>,
    look: Arc<str>,
    position: Option<Position>,
    health: i32,
    stats: Arc<BTreeMap<Arc<str>, i32>>,
    inventory: Arc<Vec<ItemStack>>,
}

/// The number of its entity, who plays it, and all of its state.
type Character = (EntityId, Arc<Identity>, CharacterState);

impl From<Before> for Character {
    fn from(before: Before) -> Self {
        let Before { id, identity, display_name, look, position, health, stats, inventory } = before;
        let stats = Stats { named: stats, ..Stats::default() };
        let state =
            CharacterState { display_name, look, position, health, stats, inventory, ..CharacterState::default() };
        (id, identity, state)
    }
}

/// Reads them. Returns the remaining bytes as well.
pub(crate) fn read(bytes: &[u8]) -> postcard::Result<(Vec<Character>, &[u8])> {
    let (characters, rest): (Vec<Before>, _) = postcard::take_from_bytes(bytes)?;
    Ok((characters.into_iter().map(Into::into).collect(), rest))
}
