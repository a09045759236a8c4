//! Calls for the log and for snapshots that are one statement.

use tilemud_schema::{Seq, SessionId, Tick};

use super::rows::{Columns as _, stored_action};
use super::{Sql, Value};
use crate::column::{seq_column, seq_value, tick_value};
use crate::store::{StoreError, StoredAction};

/// See [`CommitLog::last_tick`](crate::store::CommitLog::last_tick).
pub(crate) async fn last_tick(store: &impl Sql) -> Result<Tick, StoreError> {
    let row = store.row("SELECT last_tick FROM world_state WHERE world_id = $1", &[]).await?;
    row.map_or(Ok(0), |row| tick_value(row.number("last_tick")?))
}

/// See [`CommitLog::committed_tick`](crate::store::CommitLog::committed_tick).
pub(crate) async fn committed_tick(store: &impl Sql) -> Result<Tick, StoreError> {
    let newest = "SELECT tick FROM world_ticks WHERE world_id = $1 ORDER BY tick DESC LIMIT 1";
    store.row(newest, &[]).await?.map_or(Ok(0), |row| tick_value(row.number("tick")?))
}

/// See [`CommitLog::last_seq`](crate::store::CommitLog::last_seq).
pub(crate) async fn last_seq(store: &impl Sql, session_id: SessionId) -> Result<Seq, StoreError> {
    let newest = "SELECT sequence_number FROM action_events WHERE world_id = $1 AND session_id = $2
         ORDER BY sequence_number DESC LIMIT 1";
    let row = store.row(newest, &[Value::Id(session_id.0)]).await?;
    row.map_or(Ok(0), |row| seq_value(row.number("sequence_number")?))
}

/// See [`CommitLog::find_action`](crate::store::CommitLog::find_action).
pub(crate) async fn find_action(
    store: &impl Sql,
    session_id: SessionId,
    seq: Seq,
) -> Result<Option<StoredAction>, StoreError> {
    let find = "SELECT action_id, persisted_at FROM action_events
         WHERE world_id = $1 AND session_id = $2 AND sequence_number = $3";
    let row = store.row(find, &[Value::Id(session_id.0), Value::Number(Some(seq_column(seq)?))]).await?;
    row.as_ref().map(stored_action).transpose()
}

/// See [`Snapshots::snapshot_ticks`](crate::store::Snapshots::snapshot_ticks).
pub(crate) async fn snapshot_ticks(store: &impl Sql) -> Result<Vec<Tick>, StoreError> {
    let rows = store.rows("SELECT tick FROM world_snapshots WHERE world_id = $1 ORDER BY tick", &[]).await?;
    rows.iter().map(|row| tick_value(row.number("tick")?)).collect()
}
