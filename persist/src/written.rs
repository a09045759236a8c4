//! What this program last wrote into a profile, as short hashes beside the values, so that what somebody has changed by hand
//! meanwhile can be told from it. Finds repairs and accidents, not forgeries.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::{ItemStack, Position};

use crate::store::{CharacterProfile, HandChange, ProfileWrite, StoreError};

/// The hashes beside a profile; `None` where it is not known what was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) body: Option<i64>,
    pub(crate) inventory: Option<i64>,
    pub(crate) stats: Option<i64>,
}

impl Written {
    /// Of values that are about to be written; parts that are not written have none.
    pub(crate) fn of_write(write: &ProfileWrite) -> Self {
        Self {
            body: Some(body(Some(write.position), write.health)),
            inventory: write.inventory.as_ref().map(|inventory| of_inventory(inventory)),
            stats: write.stats.as_ref().map(|stats| of_stats(stats)),
        }
    }

    /// Of a whole profile.
    pub(crate) fn of(
        position: Option<Position>,
        health: i32,
        inventory: &[ItemStack],
        stats: &BTreeMap<Arc<str>, i32>,
    ) -> Self {
        Self {
            body: Some(body(position, health)),
            inventory: Some(of_inventory(inventory)),
            stats: Some(of_stats(stats)),
        }
    }

    /// What is in the row and is not what was written into it.
    pub(crate) fn differs(self, profile: CharacterProfile, lost_position: bool) -> Option<HandChange> {
        let now = Self::of(profile.position, profile.health, &profile.inventory, &profile.stats);
        let differs = |written: Option<i64>, now: Option<i64>| written.is_some() && written != now;
        let change = HandChange {
            body: differs(self.body, now.body),
            lost_position,
            inventory: differs(self.inventory, now.inventory),
            stats: differs(self.stats, now.stats),
            // A row that this program made always has all of them; one without comes from before them, or from elsewhere.
            is_unknown: self == Self::default(),
            profile,
        };
        let is_any = change.body || change.inventory || change.stats || change.is_unknown || lost_position;
        is_any.then_some(change)
    }
}

/// Whether a row has no position though it must have one. A profile into which the log was put has been in the world.
pub(crate) fn has_lost_position(x: Option<i32>, y: Option<i32>, projected_tick: i64) -> bool {
    x.is_some() != y.is_some() || (x.is_none() && projected_tick > 0)
}

/// Names the row that could not be read.
pub(crate) fn in_row(character_id: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Corrupt { what } => {
            StoreError::Corrupt { what: format!("character_profiles, character_id {character_id}: {what}") }
        }
        other => other,
    }
}

fn body(position: Option<Position>, health: i32) -> i64 {
    hash(&(position.map(|position| (position.x, position.y)), health))
}

fn of_inventory(inventory: &[ItemStack]) -> i64 {
    hash(&inventory)
}

fn of_stats(stats: &BTreeMap<Arc<str>, i32>) -> i64 {
    hash(&stats)
}

/// FNV-1a of the JSON form: stable whatever the version of the program, and cheap beside writing it.
fn hash(value: &impl serde::Serialize) -> i64 {
    let json = serde_json::to_vec(value).unwrap_or_default();
    let hash = json
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash.cast_signed()
}
