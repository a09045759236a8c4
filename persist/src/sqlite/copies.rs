//! A world goes from one file into another: SQLite copies the rows itself.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::image::{Image, attach};
use crate::copied::Scope;
use crate::copied::columns::{TABLES, Table};
use crate::store::StoreError;

/// False when the file has no such rows.
pub(crate) async fn copy_out(path: &Path, world: &str, image: &mut Image, scope: Scope) -> Result<bool, StoreError> {
    attach(&mut image.connection, path).await?;
    // One transaction sees one moment of the file.
    let mut transaction = image.connection.begin().await?;
    let rows = copy_rows(&mut transaction, world, scope).await?;
    transaction.commit().await?;
    Ok(rows > 0)
}

pub(crate) async fn copy_in(path: &Path, image: &Path, world: &str) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).pragma("synchronous", "FULL").disable_statement_logging();
    let mut connection = options.connect().await?;
    attach(&mut connection, image).await?;
    let mut transaction = connection.begin().await?;
    copy_rows(&mut transaction, world, Scope::World { from: 0 }).await?;
    transaction.commit().await?;
    Ok(connection.close().await?)
}

/// What of a world is in no table of [`TABLES`].
const OTHER_ROWS: [&str; 3] = [
    "INSERT INTO main.world_snapshots SELECT * FROM other.world_snapshots WHERE world_id = ?1",
    "INSERT INTO main.world_snapshot_parts SELECT * FROM other.world_snapshot_parts
     WHERE world_id = ?1 AND save_id IN (SELECT save_id FROM other.world_snapshots WHERE world_id = ?1)",
    "INSERT INTO main.world_leases (world_id, epoch, holder, renewed_at)
     SELECT world_id, epoch, NULL, renewed_at FROM other.world_leases WHERE world_id = ?1",
];

/// Copies rows of a world from `other`. Returns how many.
async fn copy_rows(connection: &mut SqliteConnection, world: &str, scope: Scope) -> Result<u64, StoreError> {
    let of_table = |table: &Table| {
        let (name, columns, condition) = (table.name, table.names(), table.condition(scope)?);
        Some(format!(
            "INSERT INTO main.{name} (world_id, {columns})
             SELECT world_id, {columns} FROM other.{name} WHERE world_id = ?1 AND {condition}"
        ))
    };
    let others =
        OTHER_ROWS.iter().filter(|_| matches!(scope, Scope::World { .. })).map(|&statement| statement.to_owned());
    let mut rows = 0;
    for statement in TABLES.iter().filter_map(of_table).chain(others) {
        let copied = sqlx::query(AssertSqlSafe(statement)).bind(world);
        rows += copied.execute(&mut *connection).await?.rows_affected();
    }
    Ok(rows)
}
