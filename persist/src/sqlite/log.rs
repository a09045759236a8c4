//! Reads whole ticks back from the log in SQLite. With reading connections only.

use std::str::FromStr;

use sqlx::sqlite::SqliteRow;
use sqlx::types::Uuid;
use sqlx::{Row, SqliteConnection};
use tilemud_schema::{LoggedTick, SessionId, Tick, TickRecord, WorldHashes};

use super::rows::{document, text_of_uuid};
use crate::column::{count_value, limit_column, tick_column, tick_value};
use crate::logged::{self, Columns};
use crate::store::{LoggedWords, StoreError, WordCount};

/// Characters of an id.
const ID_LEN: usize = 36;

/// Records whose ticks begin before the limit of events is reached.
const RECORDS: &str = "
    SELECT * FROM (
        SELECT *, SUM(events) OVER (ORDER BY tick) - events AS events_before FROM (
            SELECT * FROM world_ticks WHERE world_id = ?1 AND tick > ?2 ORDER BY tick LIMIT ?3))
    WHERE events_before < ?3 ORDER BY tick";

/// The index gives the order within a tick, which the functions keep.
const EVENTS: &str = "
    SELECT tick, group_concat(session_id, '') AS sessions, group_concat(sequence_number, ' ') AS seqs,
        group_concat(action_type, ' ') AS action_types, group_concat(payload, char(10)) AS payloads
    FROM action_events INDEXED BY action_events_by_tick
    WHERE world_id = ?1 AND tick > ?2 AND tick <= ?3 GROUP BY tick ORDER BY tick";

/// See [`History::read_log`](crate::store::History::read_log).
pub(super) async fn read(
    connection: &mut SqliteConnection,
    world: &str,
    after: Tick,
    events_max: usize,
) -> Result<Vec<LoggedTick>, StoreError> {
    let records = sqlx::query(RECORDS).bind(world).bind(tick_column(after)?).bind(limit_column(events_max));
    let mut ticks = Vec::new();
    for row in records.fetch_all(&mut *connection).await? {
        ticks.push(without_events(&row)?);
    }
    let Some(last) = ticks.last() else { return Ok(ticks) };
    let events = sqlx::query(EVENTS).bind(world).bind(tick_column(after)?).bind(tick_column(last.record.tick)?);
    let rows = events.fetch_all(connection).await?;
    for row in rows {
        let tick = tick_value(row.try_get("tick")?)?;
        let sessions: Vec<SessionId> = ids(row.try_get("sessions")?)?;
        let seqs: Vec<i64> = numbers(row.try_get("seqs")?)?;
        let (action_types, payloads) = (row.try_get("action_types")?, row.try_get("payloads")?);
        logged::join(&mut ticks, tick, &Columns { sessions: &sessions, seqs: &seqs, action_types, payloads })?;
    }
    Ok(ticks)
}

/// The newest chat lines, of the zone or whispered. Read backwards, because their number is
/// bounded.
const WORDS: &str = "
    SELECT tick, payload AS payload, display_name FROM (
        SELECT tick, tick_order, character_id, payload FROM action_events
        WHERE world_id = ?1 AND tick > ?2 AND action_type = 'chat' AND json_extract(payload, '$.channel') <> 'say'
        ORDER BY tick DESC, tick_order DESC LIMIT ?3) AS words
    JOIN character_profiles ON character_profiles.world_id = ?1
        AND character_profiles.character_id = words.character_id
    ORDER BY tick, tick_order";

const WORD_COUNT: &str = "
    SELECT COUNT(*) FILTER (WHERE channel = 'zone') AS to_all, COUNT(*) FILTER (WHERE channel = 'whisper') AS whispered
    FROM (SELECT json_extract(payload, '$.channel') AS channel FROM action_events
        WHERE world_id = ?1 AND tick > ?2 AND action_type = 'chat') AS words";

/// See [`History::count_words`](crate::store::History::count_words).
pub(super) async fn word_count(
    connection: &mut SqliteConnection,
    world: &str,
    after: Tick,
) -> Result<WordCount, StoreError> {
    let row = sqlx::query(WORD_COUNT).bind(world).bind(tick_column(after)?).fetch_one(connection).await?;
    let count = |column| Ok::<_, StoreError>(row.try_get::<i64, _>(column)?.cast_unsigned());
    Ok(WordCount { to_all: count("to_all")?, whispered: count("whispered")? })
}

/// See [`History::read_words`](crate::store::History::read_words).
pub(super) async fn words(
    connection: &mut SqliteConnection,
    world: &str,
    after: Tick,
    lines_max: usize,
) -> Result<Vec<LoggedWords>, StoreError> {
    let query = sqlx::query(WORDS).bind(world).bind(tick_column(after)?).bind(limit_column(lines_max));
    let rows = query.fetch_all(connection).await?;
    let words = rows.iter().map(|row| {
        let payload: String = row.try_get("payload")?;
        logged::words(tick_value(row.try_get("tick")?)?, row.try_get("display_name")?, &payload)
    });
    words.collect()
}

/// See [`History::tick_before`](crate::store::History::tick_before).
pub(super) async fn tick_before(
    connection: &mut SqliteConnection,
    world: &str,
    records: usize,
) -> Result<Tick, StoreError> {
    let query = "SELECT tick FROM world_ticks WHERE world_id = ?1 ORDER BY tick DESC LIMIT 1 OFFSET ?2";
    let row = sqlx::query(query).bind(world).bind(limit_column(records)).fetch_optional(connection).await?;
    row.map_or(Ok(0), |row| tick_value(row.try_get("tick")?))
}

/// See [`History::arrival`](crate::store::History::arrival).
pub(super) async fn arrival(
    connection: &mut SqliteConnection,
    world: &str,
    session_id: SessionId,
    after: Tick,
) -> Result<Option<Tick>, StoreError> {
    let query = sqlx::query(
        "SELECT tick FROM world_ticks WHERE world_id = ?1 AND tick > ?2 AND instr(arrivals, ?3) ORDER BY tick LIMIT 1",
    );
    let query = query.bind(world).bind(tick_column(after)?).bind(text_of_uuid(session_id.0));
    let row = query.fetch_optional(connection).await?;
    row.map(|row| tick_value(row.try_get("tick")?)).transpose()
}

/// The record of a tick, to which its events are joined.
fn without_events(row: &SqliteRow) -> Result<LoggedTick, StoreError> {
    let events_recorded = count_value(row.try_get("events")?)?;
    Ok(LoggedTick { record: record(row)?, events: Vec::new(), events_recorded })
}

fn record(row: &SqliteRow) -> Result<TickRecord, StoreError> {
    Ok(TickRecord {
        tick: tick_value(row.try_get("tick")?)?,
        hashes: WorldHashes {
            characters: row.try_get::<i64, _>("hash_characters")?.cast_unsigned(),
            objects: row.try_get::<i64, _>("hash_objects")?.cast_unsigned(),
            tiles: row.try_get::<i64, _>("hash_tiles")?.cast_unsigned(),
        },
        arrivals: document(row, "arrivals")?.unwrap_or_default(),
        departures: document(row, "departures")?.unwrap_or_default(),
        map_change: document(row, "map_change")?,
    })
}

fn ids(text: &str) -> Result<Vec<SessionId>, StoreError> {
    let id = |text: &[u8]| Uuid::try_parse_ascii(text).map(SessionId);
    let ids: Result<_, _> = text.as_bytes().chunks(ID_LEN).map(id).collect();
    ids.map_err(|error| StoreError::Corrupt { what: format!("session_id: {error}") })
}

fn numbers(text: &str) -> Result<Vec<i64>, StoreError> {
    let numbers: Result<_, _> = text.split(' ').map(i64::from_str).collect();
    numbers.map_err(|error| StoreError::Corrupt { what: format!("sequence_number: {error}") })
}
