//! The action log of an embedded store, read as an outside program reads it.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tilemud_schema::{ActionId, Position, Seq};
use tilemud_support::process::database;

pub struct LogRow {
    pub action_id: ActionId,
    pub session_id: String,
    pub character_id: String,
    pub sequence_number: Seq,
    pub action_type: String,
    pub payload: Value,
}

/// All rows, in the order of the world.
pub struct Log {
    pub rows: Vec<LogRow>,
}

impl Log {
    /// Reads the log of a data folder; works beside a running server.
    pub fn read(data_dir: &Path) -> Self {
        let url = format!("sqlite:{}", database(data_dir).display());
        let rows = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                let sql = "select action_id, session_id, character_id, sequence_number, action_type, payload \
                           from action_events order by tick, tick_order";
                sqlx::query(sql).fetch_all(&mut connection).await.unwrap()
            })
        });
        let rows = rows.join().unwrap();
        let rows = rows
            .iter()
            .map(|row| LogRow {
                action_id: ActionId(row.get::<String, _>("action_id").parse().unwrap()),
                session_id: row.get("session_id"),
                character_id: row.get("character_id"),
                sequence_number: Seq::try_from(row.get::<i64, _>("sequence_number")).unwrap(),
                action_type: row.get("action_type"),
                payload: serde_json::from_str(&row.get::<String, _>("payload")).unwrap(),
            })
            .collect();
        Self { rows }
    }

    /// No intent is there twice.
    pub fn assert_unique(&self) {
        let mut seen = HashSet::new();
        for row in &self.rows {
            assert!(seen.insert((&row.session_id, row.sequence_number)), "{} is there twice", row.sequence_number);
        }
    }

    /// Where the last step of a character led.
    pub fn last_position(&self, character_id: &str) -> Option<Position> {
        let mut steps = self.rows.iter().filter(|row| row.character_id == character_id && row.action_type == "move");
        steps.next_back().map(|row| serde_json::from_value(row.payload["to"].clone()).unwrap())
    }
}
