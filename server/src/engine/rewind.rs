//! What the characters of a world were at an earlier time. The world itself is brought back by its
//! snapshot and its log; characters outside of it have no history of their own, but the log has
//! each as it came in next. Reads the store.

use std::collections::BTreeMap;

use tilemud_persist::store::{ProfileWrite, StoreError};
use tilemud_schema::{CharacterId, CharacterState, Tick};
use tilemud_sim::Sim;

use super::high_water_mark::HighWaterMark;
use super::recovery::{PAGE_EVENTS_MAX, Recovery, RecoveryError};

/// The characters as they were after `tick`, of those that have changed since: who was in the
/// world, and who was not and came in later. `snapshot` is one of a tick up to that one.
///
/// # Errors
/// [`RecoveryError`].
pub async fn characters_at(
    recovery: &Recovery,
    snapshot: Tick,
    tick: Tick,
) -> Result<Vec<ProfileWrite>, RecoveryError> {
    let mut mark = HighWaterMark::of(&recovery.store).await?;
    let missing = || StoreError::Corrupt { what: format!("the snapshot of tick {snapshot} (in world_snapshots)") };
    let stored = recovery.store.snapshot(snapshot).await?.ok_or_else(missing)?;
    let mut sim = recovery.open(&stored, &mut mark).await?;
    let mut states = BTreeMap::<CharacterId, CharacterState>::new();
    let mut present = None;
    let mut after = sim.last_tick();
    loop {
        let page = recovery.store.read_log(after, PAGE_EVENTS_MAX).await?;
        let Some(last) = page.last() else { break };
        after = last.record.tick;
        for logged in &page {
            if logged.record.tick <= tick {
                recovery.replay(&mut sim, logged).await?;
                continue;
            }
            present.get_or_insert_with(|| in_world(&sim));
            for arrival in &logged.record.arrivals {
                states.entry(arrival.character_id).or_insert_with(|| arrival.state.clone());
            }
        }
    }
    states.extend(present.unwrap_or_else(|| in_world(&sim)));
    Ok(states.into_iter().map(|(character_id, state)| ProfileWrite { character_id, state, tick }).collect())
}

fn in_world(sim: &Sim) -> BTreeMap<CharacterId, CharacterState> {
    sim.characters().into_iter().map(|(identity, state)| (identity.character_id, state)).collect()
}
