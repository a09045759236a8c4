//! A world goes from one file into another: SQLite copies the rows itself.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tilemud_schema::Tick;

use super::image::{Image, attach};
use crate::column::tick_column;
use crate::copied::columns::TABLES;
use crate::store::StoreError;

/// False when the file has no such world.
pub(crate) async fn copy_out(path: &Path, world: &str, image: &mut Image, after: Tick) -> Result<bool, StoreError> {
    attach(&mut image.connection, path).await?;
    // One transaction sees one moment of the file.
    let mut transaction = image.connection.begin().await?;
    let rows = copy_rows(&mut transaction, world, after).await?;
    transaction.commit().await?;
    Ok(rows > 0)
}

pub(crate) async fn copy_in(path: &Path, image: &Path, world: &str) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).pragma("synchronous", "FULL").disable_statement_logging();
    let mut connection = options.connect().await?;
    attach(&mut connection, image).await?;
    let mut transaction = connection.begin().await?;
    copy_rows(&mut transaction, world, 0).await?;
    transaction.commit().await?;
    Ok(connection.close().await?)
}

/// Copies the rows of a world from `other`, those of the log after a tick. Returns how many.
async fn copy_rows(connection: &mut SqliteConnection, world: &str, after: Tick) -> Result<u64, StoreError> {
    let mut statements: Vec<String> = TABLES
        .iter()
        .map(|table| {
            let (name, columns) = (table.name, table.names());
            let since = if table.is_log { "tick > ?2" } else { "?2 IS NOT NULL" };
            format!(
                "INSERT INTO main.{name} (world_id, {columns})
                 SELECT world_id, {columns} FROM other.{name} WHERE world_id = ?1 AND {since}"
            )
        })
        .collect();
    statements.extend(
        [
            "INSERT INTO main.world_snapshots SELECT * FROM other.world_snapshots WHERE world_id = ?1 AND ?2 IS NOT NULL",
            "INSERT INTO main.world_snapshot_parts SELECT * FROM other.world_snapshot_parts
             WHERE world_id = ?1 AND ?2 IS NOT NULL
                 AND save_id IN (SELECT save_id FROM other.world_snapshots WHERE world_id = ?1)",
            "INSERT INTO main.world_leases (world_id, epoch, holder, renewed_at)
             SELECT world_id, epoch, NULL, renewed_at FROM other.world_leases WHERE world_id = ?1 AND ?2 IS NOT NULL",
        ]
        .map(str::to_owned),
    );
    let mut rows = 0;
    for statement in statements {
        let copied = sqlx::query(AssertSqlSafe(statement)).bind(world).bind(tick_column(after)?);
        rows += copied.execute(&mut *connection).await?.rows_affected();
    }
    Ok(rows)
}
