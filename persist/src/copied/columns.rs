//! The tables of a world and their columns, as they go from one database into the other. A column
//! that a migration adds belongs here, which a test holds against both databases.

use super::Scope;

/// How a column is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Any whole number.
    Number,
    Bytes,
    Uuid,
    Time,
    /// A document, of this type in Postgres.
    Json(&'static str),
}

use Kind::{Bytes, Json, Number, Text, Time, Uuid};

/// A table with a column `world_id`, which is not among these.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// Whether its rows are of ticks, and never change.
    pub(crate) is_log: bool,
}

/// Tables with a column `world_id` that are copied in ways of their own.
pub(crate) const OTHERS: [&str; 3] = ["world_snapshots", "world_snapshot_parts", "world_leases"];

/// In the order in which they are copied. Snapshots and leases are not here: the databases keep
/// the former in their own ways, and nobody holds the lease of a copy.
pub(crate) const TABLES: [Table; 9] = [
    Table { name: "world_state", columns: &[("last_tick", Number), ("updated_at", Time)], is_log: false },
    Table {
        name: "character_profiles",
        columns: &[
            ("character_id", Uuid),
            ("user_id", Text),
            ("display_name", Text),
            ("display_name_folded", Text),
            ("look", Text),
            ("position_x", Number),
            ("position_y", Number),
            ("health", Number),
            ("inventory", Json("jsonb")),
            ("stats", Json("jsonb")),
            ("projected_tick", Number),
            ("created_at", Time),
            ("updated_at", Time),
            ("name_rule", Number),
            ("written_body", Number),
            ("written_inventory", Number),
            ("written_stats", Number),
            ("state", Json("jsonb")),
            ("written_state", Number),
        ],
        is_log: false,
    },
    Table { name: "character_name_keys", columns: &[("name_key", Text), ("character_id", Uuid)], is_log: false },
    Table {
        name: "sessions",
        columns: &[
            ("session_id", Uuid),
            ("user_id", Text),
            ("character_id", Uuid),
            ("token_hash", Bytes),
            ("token_expires_at", Time),
            ("started_at", Time),
            ("previous_token_hash", Bytes),
        ],
        is_log: false,
    },
    Table {
        name: "world_issuers",
        columns: &[("issuer", Text), ("linked_to", Text), ("noted_at", Time)],
        is_log: false,
    },
    Table { name: "clock_jumps", columns: &[("came_from", Time), ("went_to", Time)], is_log: false },
    Table { name: "world_maps", columns: &[("map_id", Bytes), ("data", Bytes), ("stored_at", Time)], is_log: false },
    Table {
        name: "world_ticks",
        columns: &[
            ("tick", Number),
            ("hash_characters", Number),
            ("hash_objects", Number),
            ("hash_tiles", Number),
            ("arrivals", Json("jsonb")),
            ("departures", Json("jsonb")),
            ("events", Number),
            ("persisted_at", Time),
            ("map_change", Json("jsonb")),
        ],
        is_log: true,
    },
    Table {
        name: "action_events",
        columns: &[
            ("session_id", Uuid),
            ("sequence_number", Number),
            ("action_id", Uuid),
            ("user_id", Text),
            ("character_id", Uuid),
            ("action_type", Text),
            ("payload", Json("json")),
            ("persisted_at", Time),
            ("tick", Number),
            ("tick_order", Number),
        ],
        is_log: true,
    },
];

impl Table {
    /// What holds for the rows of a scope, in either database; `None` where there are none.
    pub(crate) fn condition(&self, scope: Scope) -> Option<String> {
        let has_character = || self.columns.iter().any(|(name, _)| *name == "character_id");
        match scope {
            Scope::World { from } if self.is_log => Some(format!("tick >= {from}")),
            Scope::World { .. } => Some("TRUE".to_owned()),
            Scope::Character(id) if has_character() => Some(format!("character_id = '{id}'")),
            Scope::Character(id) if self.is_log => Some(format!("CAST(arrivals AS text) LIKE '%{id}%'")),
            Scope::Character(_) => None,
        }
    }

    /// The names of its columns, for a statement.
    pub(crate) fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row};

    use super::*;
    use crate::access::OpenMode;
    use crate::sqlite::SqliteStore;
    use crate::store::Maintenance as _;
    use crate::testing::PostgresServer;

    type Columns = BTreeMap<String, BTreeSet<String>>;

    /// Of what a store has, nothing is forgotten. Days of the log have their tables in Postgres.
    fn is_all_copied(mut there: Columns, others: &[&str]) {
        there.retain(|table, columns| columns.remove("world_id") && !table.starts_with("action_events_"));
        for table in others {
            there.remove(*table).unwrap();
        }
        let copied = TABLES
            .iter()
            .map(|table| (table.name.to_owned(), table.columns.iter().map(|(name, _)| (*name).to_owned()).collect()));
        assert_eq!(there, copied.collect());
    }

    fn gathered<R: Row>(rows: &[R]) -> Columns
    where
        for<'row> String: sqlx::Decode<'row, R::Database> + sqlx::Type<R::Database>,
        usize: sqlx::ColumnIndex<R>,
    {
        let mut columns = Columns::new();
        for row in rows {
            columns.entry(row.get(0)).or_default().insert(row.get(1));
        }
        columns
    }

    #[tokio::test]
    async fn all_columns_of_all_tables_of_a_world_are_copied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        for store in SqliteStore::open(&path, &["meadow"], OpenMode::Create).await.unwrap() {
            store.close().await;
        }
        let mut connection = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        let columns =
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'";
        is_all_copied(gathered(&sqlx::query(columns).fetch_all(&mut connection).await.unwrap()), &OTHERS);

        let url = PostgresServer::shared().create_database().await;
        crate::open(&url, "meadow").await.unwrap().close().await;
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns
            WHERE table_schema = 'public'";
        let rows = sqlx::query(columns).fetch_all(&mut connection).await.unwrap();
        is_all_copied(gathered(&rows), &["world_snapshots", "world_leases"]);
    }
}
