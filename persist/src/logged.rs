//! Puts ticks together from what both databases answer when the log is read: the events of a tick come as one row of
//! joined columns, because a row of its own for each of a million events would cost more than everything else.

use tilemud_schema::{Direction, EventPayload, LoggedEvent, LoggedTick, Position, SessionId, Tick};

use crate::column::seq_value;
use crate::store::{LoggedWords, StoreError};

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

/// A line from its row, newest last.
pub(crate) fn words(tick: Tick, from: String, payload: &str) -> Result<LoggedWords, StoreError> {
    match parsed(payload)? {
        EventPayload::Chat { channel, text, to } => Ok(LoggedWords { tick, from: from.into(), channel, text, to }),
        _ => {
            Err(StoreError::Corrupt { what: format!("payload: no words in an event of tick {tick} that says it has") })
        }
    }
}

pub(crate) fn parsed(payload: &str) -> Result<EventPayload, StoreError> {
    if let Some(step) = step_of_sqlite(payload).or_else(|| step_of_postgres(payload)) {
        return Ok(step);
    }
    serde_json::from_str(payload).map_err(|error| StoreError::Corrupt { what: format!("payload: {error}") })
}

/// A step, by far the most frequent payload, exactly as this program writes it; anything else is left to the real parser,
/// which takes ten times as long.
fn step_of_sqlite(payload: &str) -> Option<EventPayload> {
    let (direction, rest) = payload.strip_prefix(r#"{"direction":""#)?.split_once('"')?;
    let (x, rest) = rest.strip_prefix(r#","to":{"x":"#)?.split_once(',')?;
    step(direction, x, rest.strip_prefix(r#""y":"#)?.strip_suffix("}}")?)
}

/// The same as Postgres gives it back.
fn step_of_postgres(payload: &str) -> Option<EventPayload> {
    let (x, rest) = payload.strip_prefix(r#"{"to": {"x": "#)?.split_once(',')?;
    let (y, rest) = rest.strip_prefix(r#" "y": "#)?.split_once('}')?;
    step(rest.strip_prefix(r#", "direction": ""#)?.strip_suffix(r#""}"#)?, x, y)
}

fn step(direction: &str, x: &str, y: &str) -> Option<EventPayload> {
    let direction = match direction {
        "north" => Direction::North,
        "south" => Direction::South,
        "east" => Direction::East,
        "west" => Direction::West,
        _ => return None,
    };
    Some(EventPayload::Move { direction, to: Position { x: x.parse().ok()?, y: y.parse().ok()? } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_without_the_parser_and_as_it_would_read_them() {
        for direction in Direction::ALL {
            for (x, y) in [(0, 0), (-1, 7), (i32::MIN, i32::MAX)] {
                let step = EventPayload::Move { direction, to: Position { x, y } };
                let sqlite = serde_json::to_string(&step).unwrap();
                assert_eq!(step_of_sqlite(&sqlite), Some(step.clone()), "{sqlite}");
                let name = serde_json::to_string(&direction).unwrap();
                let postgres = format!(r#"{{"to": {{"x": {x}, "y": {y}}}, "direction": {name}}}"#);
                assert_eq!(step_of_postgres(&postgres), Some(step.clone()), "{postgres}");
                assert_eq!(parsed(&postgres).unwrap(), step);
            }
        }
    }

    #[test]
    fn what_is_written_otherwise_is_read_by_the_parser() {
        let step = EventPayload::Move { direction: Direction::East, to: Position { x: 1, y: 2 } };
        for text in [
            r#"{"to":{"y":2,"x":1},"direction":"east"}"#,
            r#"{ "direction" : "east", "to" : { "x" : 1, "y" : 2 } }"#,
            r#"{"direction":"east","to":{"x":1,"y":2},"later":true}"#,
        ] {
            assert!(step_of_sqlite(text).is_none() && step_of_postgres(text).is_none(), "{text}");
            assert_eq!(parsed(text).unwrap(), step, "{text}");
        }
        for text in ["", "{}", r#"{"direction":"up","to":{"x":1,"y":2}}"#, r#"{"direction":"east","to":{"x":1,"y":}}"#]
        {
            assert!(matches!(parsed(text), Err(StoreError::Corrupt { .. })), "{text}");
        }
    }
}
