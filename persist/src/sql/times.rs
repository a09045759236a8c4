//! Jumps of the clock.

use super::rows::clock_jump;
use super::{Sql, Value};
use crate::store::{ClockJump, StoreError};

/// Those that were noted, this world's first.
pub(crate) async fn clock_jumps(store: &impl Sql) -> Result<Vec<ClockJump>, StoreError> {
    store
        .rows("SELECT * FROM clock_jumps ORDER BY world_id <> $1, world_id, went_to", &[])
        .await?
        .iter()
        .map(clock_jump)
        .collect()
}

/// See [`Retention::note_clock_jump`](crate::store::Retention::note_clock_jump).
pub(crate) async fn note_clock_jump(store: &impl Sql, jump: ClockJump) -> Result<(), StoreError> {
    let note = "INSERT INTO clock_jumps (world_id, came_from, went_to) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    store.change(note, &[Value::Time(jump.came_from), Value::Time(jump.went_to)]).await.map(drop)
}

/// See [`Retention::forget_clock_jumps`](crate::store::Retention::forget_clock_jumps).
pub(crate) async fn forget_clock_jumps(store: &impl Sql) -> Result<(), StoreError> {
    // Those of other worlds too, which would be doubted on account of them. Each statement of a
    // store takes the world.
    store.change("DELETE FROM clock_jumps WHERE $1 IS NOT NULL", &[]).await.map(drop)
}
