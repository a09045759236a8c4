//! The action log as an outside program reads it: straight from the tables of the embedded store.

use std::path::Path;

use anyhow::{Context as _, Result};
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tilemud_schema::{ActionId, CharacterId, Performed, Position, Seq, SessionId, Stats, Tick, Timestamp};

#[derive(Debug, Clone)]
pub struct LogRow {
    pub action_id: ActionId,
    pub session_id: SessionId,
    pub character_id: CharacterId,
    pub seq: Seq,
    pub performed: Performed,
    pub persisted_at: Timestamp,
    pub tick: Tick,
}

/// All rows in the order of the world, and where each character's profile says it stands and what
/// it counted.
#[derive(Debug)]
pub struct Log {
    pub rows: Vec<LogRow>,
    pub profiles: Vec<(CharacterId, Option<Position>, Stats)>,
}

impl Log {
    /// Reads a database file.
    pub async fn read(database: &Path) -> Result<Self> {
        let mut connection = SqliteConnection::connect(&format!("sqlite:{}", database.display())).await?;
        let sql = "select action_id, session_id, character_id, sequence_number, action_type, payload, persisted_at, tick \
                   from action_events order by tick, tick_order";
        let rows = sqlx::query(sql).fetch_all(&mut connection).await?;
        let rows = rows.iter().map(|row| {
            let text = |column: &str| row.try_get::<String, _>(column);
            let number = |column: &str| Ok::<_, anyhow::Error>(u64::try_from(row.try_get::<i64, _>(column)?)?);
            Ok(LogRow {
                action_id: ActionId(text("action_id")?.parse()?),
                session_id: SessionId(text("session_id")?.parse()?),
                character_id: CharacterId(text("character_id")?.parse()?),
                seq: number("sequence_number")?,
                performed: Performed::read(&text("action_type")?, &text("payload")?)?,
                persisted_at: serde_json::from_value(serde_json::Value::String(text("persisted_at")?))?,
                tick: number("tick")?,
            })
        });
        let rows = rows.collect::<Result<_>>().context("a row of the log is not readable")?;
        let sql = "select character_id, position_x, position_y, stats from character_profiles";
        let profiles = sqlx::query(sql).fetch_all(&mut connection).await?;
        let profiles = profiles.iter().map(|row| {
            let character_id = CharacterId(row.try_get::<String, _>("character_id")?.parse()?);
            let (x, y) = (row.try_get::<Option<i32>, _>("position_x")?, row.try_get::<Option<i32>, _>("position_y")?);
            let stats = serde_json::from_str(&row.try_get::<String, _>("stats")?)?;
            Ok((character_id, x.zip(y).map(|(x, y)| Position { x, y }), stats))
        });
        Ok(Self { rows, profiles: profiles.collect::<Result<_>>().context("a profile is not readable")? })
    }
}
