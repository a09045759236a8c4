//! Puts ticks together from what both databases answer when the log is read: the events of a tick come as one row of
//! joined columns, because a row of its own for each of a million events would cost more than everything else.

use serde::Deserialize;
use tilemud_schema::{Direction, EventPayload, LoggedEvent, LoggedTick, Position, SessionId, Tick};

use crate::column::seq_value;
use crate::store::StoreError;

/// A step, the most frequent payload by far: read directly, where [`EventPayload`] would first be read as just anything.
#[derive(Deserialize)]
struct Step {
    direction: Direction,
    to: Position,
}

/// Puts the events of a tick into its record. `payloads` are lines. Events of a tick without a record are older than all
/// records and left out: nothing can be replayed from before those.
pub(crate) fn join(
    ticks: &mut [LoggedTick],
    tick: Tick,
    sessions: &[SessionId],
    seqs: &[i64],
    payloads: &str,
) -> Result<(), StoreError> {
    let Ok(index) = ticks.binary_search_by_key(&tick, |logged| logged.record.tick) else { return Ok(()) };
    let events = &mut ticks[index].events;
    events.reserve_exact(sessions.len());
    for ((session_id, seq), payload) in sessions.iter().zip(seqs).zip(payloads.split('\n')) {
        let (session_id, sequence_number) = (*session_id, seq_value(*seq)?);
        events.push(LoggedEvent { session_id, sequence_number, payload: parsed(payload)? });
    }
    // This program writes payloads without line breaks; another one may have edited them.
    if events.len() == sessions.len() && sessions.len() == seqs.len() && payloads.split('\n').count() == events.len() {
        Ok(())
    } else {
        Err(StoreError::Corrupt { what: format!("the events of tick {tick} do not fit together") })
    }
}

fn parsed(payload: &str) -> Result<EventPayload, StoreError> {
    if let Ok(Step { direction, to }) = serde_json::from_str(payload) {
        return Ok(EventPayload::Move { direction, to });
    }
    serde_json::from_str(payload).map_err(|error| StoreError::Corrupt { what: format!("payload: {error}") })
}
