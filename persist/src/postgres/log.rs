//! Reads whole ticks back from the log in Postgres.

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::types::{Json, Uuid};
use sqlx::{PgConnection, Row};
use tilemud_schema::{Arrival, CharacterId, LoggedTick, MapChange, SessionId, Tick, TickRecord, WorldHashes};

use crate::column::{count_value, limit_column, tick_column, tick_value};
use crate::logged::{self, Columns};
use crate::store::{LoggedWords, StoreError, WordCount};

/// Records whose ticks begin before the limit of events is reached.
const RECORDS: &str = "
    SELECT * FROM (
        SELECT *, SUM(events) OVER (ORDER BY tick) - events AS events_before FROM (
            SELECT * FROM world_ticks WHERE world_id = $1 AND tick > $2 ORDER BY tick LIMIT $3) AS next) AS counted
    WHERE events_before < $3 ORDER BY tick";

/// The functions keep the order of the rows as long as one process does all the work: see
/// [`SESSION_SETTINGS`].
const EVENTS: &str = "
    SELECT tick, array_agg(session_id) AS sessions, array_agg(sequence_number) AS seqs,
        string_agg(action_type, ' ') AS action_types, string_agg(payload::text, E'\\n') AS payloads
    FROM (
        SELECT tick, session_id, sequence_number, action_type, payload FROM action_events
        WHERE world_id = $1 AND tick > $2 AND tick <= $3 ORDER BY tick, tick_order) AS event
    GROUP BY tick ORDER BY tick";

/// Session settings of connections that read the log. They make Postgres read the rows in order
/// from the index, whatever the statistics expect, and skip compiling the query, which would take
/// longer than running it.
pub(super) const SESSION_SETTINGS: &str = "
    SET max_parallel_workers_per_gather = 0; SET enable_hashagg = off; SET enable_bitmapscan = off;
    SET enable_sort = off; SET jit = off";

/// See [`History::read_log`](crate::store::History::read_log).
pub(super) async fn read(
    connection: &mut PgConnection,
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
    // While these are put together the database goes on with the next ones.
    let mut rows = events.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let tick = tick_value(row.try_get("tick")?)?;
        let sessions: Vec<SessionId> = row.try_get::<Vec<Uuid>, _>("sessions")?.into_iter().map(SessionId).collect();
        let seqs: Vec<i64> = row.try_get("seqs")?;
        let (action_types, payloads) = (row.try_get("action_types")?, row.try_get("payloads")?);
        logged::join(&mut ticks, tick, &Columns { sessions: &sessions, seqs: &seqs, action_types, payloads })?;
    }
    Ok(ticks)
}

/// The newest chat lines, of the zone or whispered. Read backwards, because their number is
/// bounded.
const WORDS: &str = "
    SELECT tick, payload::text AS payload, display_name FROM (
        SELECT tick, tick_order, character_id, payload FROM action_events
        WHERE world_id = $1 AND tick > $2 AND action_type = 'chat' AND payload ->> 'channel' <> 'say'
        ORDER BY tick DESC, tick_order DESC LIMIT $3) AS words
    JOIN character_profiles ON character_profiles.world_id = $1
        AND character_profiles.character_id = words.character_id
    ORDER BY tick, tick_order";

const WORD_COUNT: &str = "
    SELECT COUNT(*) FILTER (WHERE channel = 'zone') AS to_all, COUNT(*) FILTER (WHERE channel = 'whisper') AS whispered
    FROM (SELECT payload ->> 'channel' AS channel FROM action_events
        WHERE world_id = $1 AND tick > $2 AND action_type = 'chat') AS words";

/// See [`History::count_words`](crate::store::History::count_words).
pub(super) async fn word_count(
    connection: &mut PgConnection,
    world: &str,
    after: Tick,
) -> Result<WordCount, StoreError> {
    let row = sqlx::query(WORD_COUNT).bind(world).bind(tick_column(after)?).fetch_one(connection).await?;
    let count = |column| Ok::<_, StoreError>(row.try_get::<i64, _>(column)?.cast_unsigned());
    Ok(WordCount { to_all: count("to_all")?, whispered: count("whispered")? })
}

/// See [`History::read_words`](crate::store::History::read_words).
pub(super) async fn words(
    connection: &mut PgConnection,
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
    connection: &mut PgConnection,
    world: &str,
    records: usize,
) -> Result<Tick, StoreError> {
    let query = "SELECT tick FROM world_ticks WHERE world_id = $1 ORDER BY tick DESC LIMIT 1 OFFSET $2";
    let row = sqlx::query(query).bind(world).bind(limit_column(records)).fetch_optional(connection).await?;
    row.map_or(Ok(0), |row| tick_value(row.try_get("tick")?))
}

/// See [`History::arrival`](crate::store::History::arrival).
pub(super) async fn arrival(
    connection: &mut PgConnection,
    world: &str,
    session_id: SessionId,
    after: Tick,
) -> Result<Option<Tick>, StoreError> {
    let query = sqlx::query(
        "SELECT tick FROM world_ticks WHERE world_id = $1 AND tick > $2
             AND arrivals @> jsonb_build_array(jsonb_build_object('session_id', $3::text))
         ORDER BY tick LIMIT 1",
    );
    let query = query.bind(world).bind(tick_column(after)?).bind(session_id.0.to_string());
    let row = query.fetch_optional(connection).await?;
    row.map(|row| tick_value(row.try_get("tick")?)).transpose()
}

/// The record of a tick, to which its events are joined.
fn without_events(row: &PgRow) -> Result<LoggedTick, StoreError> {
    let events_recorded = count_value(row.try_get::<i32, _>("events")?.into())?;
    Ok(LoggedTick { record: record(row)?, events: Vec::new(), events_recorded })
}

fn record(row: &PgRow) -> Result<TickRecord, StoreError> {
    let arrivals: Option<Json<Vec<Arrival>>> = row.try_get("arrivals")?;
    let departures: Option<Json<Vec<CharacterId>>> = row.try_get("departures")?;
    let map_change: Option<Json<MapChange>> = row.try_get("map_change")?;
    Ok(TickRecord {
        tick: tick_value(row.try_get("tick")?)?,
        hashes: WorldHashes {
            characters: row.try_get::<i64, _>("hash_characters")?.cast_unsigned(),
            objects: row.try_get::<i64, _>("hash_objects")?.cast_unsigned(),
            tiles: row.try_get::<i64, _>("hash_tiles")?.cast_unsigned(),
        },
        arrivals: arrivals.map(|Json(arrivals)| arrivals).unwrap_or_default(),
        departures: departures.map(|Json(departures)| departures).unwrap_or_default(),
        map_change: map_change.map(|Json(map_change)| map_change),
    })
}
