//! The action log as an outside program reads it: straight from the tables, of either store.

use anyhow::{Context as _, Result, ensure};
use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};
use tilemud_schema::{ActionId, CharacterId, Performed, Seq, SessionId, Tick, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    pub action_id: ActionId,
    pub session_id: SessionId,
    pub character_id: CharacterId,
    pub seq: Seq,
    pub performed: Performed,
    pub persisted_at: Timestamp,
    pub tick: Tick,
    pub tick_order: i64,
}

/// The columns, as text where the stores differ.
const SQLITE: &str = "select action_id, session_id, character_id, sequence_number, action_type, payload, persisted_at, \
                      tick, tick_order from action_events where tick > $1 order by tick, tick_order";
const POSTGRES: &str = "select action_id::text, session_id::text, character_id::text, sequence_number, \
                        action_type, payload::text as payload, to_char(persisted_at at time zone 'utc', \
                        'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as persisted_at, tick, tick_order::bigint as tick_order \
                        from action_events where tick > $1 order by tick, tick_order";

/// All rows of later ticks, in the order of the world.
pub async fn read(url: &str, after: Tick) -> Result<Vec<LogRow>> {
    let after = i64::try_from(after)?;
    // A macro, because a row of one store and a row of the other have nothing but their methods in
    // common.
    macro_rules! rows {
        ($connection:ty, $sql:expr) => {{
            let mut connection = <$connection>::connect(url).await?;
            let rows = sqlx::query($sql).bind(after).fetch_all(&mut connection).await?;
            let rows = rows.iter().map(|row| {
                let text = |column: &str| row.try_get::<String, _>(column);
                let number = |column: &str| row.try_get::<i64, _>(column);
                Ok(LogRow {
                    action_id: ActionId(text("action_id")?.parse()?),
                    session_id: SessionId(text("session_id")?.parse()?),
                    character_id: CharacterId(text("character_id")?.parse()?),
                    seq: u64::try_from(number("sequence_number")?)?,
                    performed: Performed::read(&text("action_type")?, &text("payload")?)?,
                    persisted_at: text("persisted_at")?.parse()?,
                    tick: u64::try_from(number("tick")?)?,
                    tick_order: number("tick_order")?,
                })
            });
            let rows = rows.collect::<Result<Vec<_>>>();
            connection.close().await?;
            rows
        }};
    }
    let rows: Vec<LogRow> =
        if url.starts_with("sqlite:") { rows!(SqliteConnection, SQLITE) } else { rows!(PgConnection, POSTGRES) }
            .context("a row of the log is not readable")?;
    let places: Vec<_> = rows.iter().map(|row| (row.tick, row.tick_order)).collect();
    ensure!(places.windows(2).all(|pair| pair[0] < pair[1]), "two rows have the same place in the order of the world");
    Ok(rows)
}
