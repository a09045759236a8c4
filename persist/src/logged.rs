//! Builds ticks from the rows of the log: the events of a tick come as one row of joined columns,
//! because one row for each of a million events would cost more than everything else.

use tilemud_schema::{Intent, LoggedEvent, LoggedTick, Performed, SessionId, Tick};

use crate::column::seq_value;
use crate::store::{LoggedWords, StoreError};

/// The events of a tick as they are read: a column each.
pub(crate) struct Columns<'a> {
    pub(crate) sessions: &'a [SessionId],
    pub(crate) seqs: &'a [i64],
    /// Separated by spaces.
    pub(crate) action_types: &'a str,
    /// Lines.
    pub(crate) payloads: &'a str,
}

/// Joins events and records of ticks. Events without a record are older than all records and left
/// out, because no replay can start before those.
pub(crate) fn join(ticks: &mut [LoggedTick], tick: Tick, columns: &Columns<'_>) -> Result<(), StoreError> {
    let Columns { sessions, seqs, action_types, payloads } = columns;
    let Ok(index) = ticks.binary_search_by_key(&tick, |logged| logged.record.tick) else { return Ok(()) };
    let events = &mut ticks[index].events;
    events.reserve_exact(sessions.len());
    let rows = action_types.split(' ').zip(payloads.split('\n'));
    for ((session_id, seq), (action_type, payload)) in sessions.iter().zip(*seqs).zip(rows) {
        let (session_id, sequence_number) = (*session_id, seq_value(*seq)?);
        events.push(LoggedEvent { session_id, sequence_number, performed: parsed(action_type, payload)? });
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
    match parsed("chat", payload)?.intent {
        Intent::Chat { channel, text, to } => Ok(LoggedWords { tick, from: from.into(), channel, text, to }),
        _ => {
            Err(StoreError::Corrupt { what: format!("payload: no words in an event of tick {tick} that says it has") })
        }
    }
}

/// What a row says.
pub(crate) fn parsed(action_type: &str, payload: &str) -> Result<Performed, StoreError> {
    Performed::read(action_type, payload)
        .map_err(|error| StoreError::Corrupt { what: format!("payload of a {action_type:?}: {error}") })
}

#[cfg(test)]
mod tests {
    use tilemud_schema::{Action, ChatChannel, Direction, EntityId, IntentOutcome, Position};

    use super::*;

    fn step(direction: Direction, x: i32, y: i32) -> Performed {
        let to = Position { x, y };
        Performed { intent: Intent::Move { direction }, outcome: IntentOutcome::Move { to } }
    }

    fn said(channel: ChatChannel, text: &str, to: Option<&str>) -> Performed {
        let intent = Intent::Chat { channel, text: text.into(), to: to.map(Into::into) };
        Performed { intent, outcome: IntentOutcome::Chat {} }
    }

    /// Rows as builds before this one have written them, and as Postgres gives back those of when
    /// it kept them as `jsonb`.
    #[test]
    fn rows_of_earlier_builds_are_read() {
        let steps = vec![Action::Take { item: EntityId(5) }, Action::Drop { item: "apple".into(), quantity: Some(2) }];
        let action = Performed { intent: Intent::Action { steps }, outcome: IntentOutcome::Action {} };
        for (action_type, payload, expected) in [
            ("move", r#"{"direction":"east","to":{"x":1,"y":-2}}"#, step(Direction::East, 1, -2)),
            ("move", r#"{"to": {"x": 1, "y": -2}, "direction": "east"}"#, step(Direction::East, 1, -2)),
            (
                "chat",
                r#"{"channel":"say","text":"h\u00e9 \"you\"","to":null}"#,
                said(ChatChannel::Say, "h\u{e9} \"you\"", None),
            ),
            (
                "chat",
                r#"{"to": "Bo", "text": "psst", "channel": "whisper"}"#,
                said(ChatChannel::Whisper, "psst", Some("Bo")),
            ),
            ("chat", r#"{"channel":"zone","text":"hi"}"#, said(ChatChannel::Zone, "hi", None)),
            ("ability", r#"{"steps":[{"do":"take","item":5},{"do":"drop","item":"apple","quantity":2}]}"#, action),
        ] {
            assert_eq!(parsed(action_type, payload).unwrap(), expected, "{payload}");
        }
    }

    #[test]
    fn rows_are_written_as_earlier_builds_can_read_them() {
        for (performed, action_type, payload) in [
            (step(Direction::North, i32::MIN, 7), "move", r#"{"direction":"north","to":{"x":-2147483648,"y":7}}"#),
            (said(ChatChannel::Say, "hi", None), "chat", r#"{"channel":"say","text":"hi","to":null}"#),
        ] {
            assert_eq!((performed.action_type(), &*serde_json::to_string(&performed).unwrap()), (action_type, payload));
            assert_eq!(parsed(action_type, payload).unwrap(), performed);
        }
    }

    #[test]
    fn what_a_later_build_adds_is_passed_over_and_what_is_missing_or_left_over_is_an_error() {
        let later = r#"{"direction":"east","to":{"x":1,"y":2},"later":true}"#;
        assert_eq!(parsed("move", later).unwrap(), step(Direction::East, 1, 2));
        for (action_type, payload) in [
            ("move", ""),
            ("move", "{}"),
            ("move", r#"["east",{"x":1,"y":2}]"#),
            ("move", r#"{"direction":"up","to":{"x":1,"y":2}}"#),
            ("move", r#"{"direction":"east","to":{"x":1,"y":}}"#),
            ("move", r#"{"direction":"east","to":{"x":1,"y":2}} {}"#),
            ("chat", r#"{"direction":"east","to":{"x":1,"y":2}}"#),
            ("system", r#"{"direction":"east","to":{"x":1,"y":2}}"#),
        ] {
            assert!(matches!(parsed(action_type, payload), Err(StoreError::Corrupt { .. })), "{action_type} {payload}");
        }
    }
}
