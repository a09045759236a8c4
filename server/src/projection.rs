//! The projection of the log onto profiles: the newest values of changed characters, merged until they are due. They are
//! written every second and when somebody leaves (FR-004), never later than what they follow from.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tilemud_persist::store::ProfileWrite;
use tilemud_schema::CharacterId;
use tilemud_sim::api::TickOutput;

/// Profiles are written at least this often.
const PROFILE_INTERVAL: Duration = Duration::from_secs(1);

/// What has to be written.
#[derive(Default)]
pub struct Projection {
    pending: BTreeMap<CharacterId, ProfileWrite>,
    due: bool,
    written: Option<Instant>,
}

impl Projection {
    /// Takes in what a tick changed.
    pub fn merge(&mut self, output: &TickOutput) {
        for change in &output.profiles {
            let character_id = change.identity.character_id;
            let write = ProfileWrite {
                character_id,
                position: change.position,
                health: change.health,
                stats: change.stats.clone(),
                inventory: change.inventory.clone(),
                tick: output.tick,
            };
            self.pending
                .entry(character_id)
                .and_modify(|pending| {
                    let (stats, inventory) = (pending.stats.take(), pending.inventory.take());
                    *pending = write.clone();
                    pending.stats = pending.stats.take().or(stats);
                    pending.inventory = pending.inventory.take().or(inventory);
                })
                .or_insert(write);
        }
        self.due |= !output.departed.is_empty();
    }

    /// From now on everything is due.
    pub fn finish(&mut self) {
        self.due = true;
    }

    /// What is to be written with the next commit; it is no longer pending.
    pub fn take_due(&mut self) -> Vec<ProfileWrite> {
        let now = Instant::now();
        let interval_over = self.written.is_none_or(|at| now - at >= PROFILE_INTERVAL);
        if !self.due && !interval_over {
            return Vec::new();
        }
        self.due = false;
        self.written = Some(now);
        std::mem::take(&mut self.pending).into_values().collect()
    }
}
