//! A world goes out of Postgres into an image, and from an image into Postgres: row by row out, and
//! in pages in. Texts of both databases mean the same ([`Kind`]).

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::connection;
use crate::access::Access;
use crate::copied::Scope;
use crate::copied::columns::{Kind, TABLES, Table};
use crate::image::{self, Image, ImageConnection, ImageRow, PART_LEN_MAX};
use crate::store::StoreError;

/// Rows that go into Postgres with one statement.
const PAGE_ROWS: usize = 1_000;

impl Kind {
    /// The column, as an image keeps it.
    fn read(self, name: &str) -> String {
        match self {
            Self::Text | Self::Bytes => name.to_owned(),
            Self::Number => format!("{name}::bigint"),
            Self::Uuid | Self::Json(_) => format!("{name}::text"),
            Self::Time => format!("to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        }
    }

    /// What an image keeps, as the type of the column.
    fn write(self, name: &str) -> String {
        match self {
            Self::Text | Self::Bytes | Self::Number => name.to_owned(),
            Self::Uuid => format!("{name}::uuid"),
            Self::Time => format!("{name}::timestamptz"),
            Self::Json(json) => format!("{name}::{json}"),
        }
    }

    /// The type of a page of it.
    const fn array(self) -> &'static str {
        match self {
            Self::Number => "bigint[]",
            Self::Bytes => "bytea[]",
            _ => "text[]",
        }
    }
}

/// False when the database has no such world.
pub(crate) async fn copy_out(
    access: &Access<'_>,
    world: &str,
    image: &mut Image,
    scope: Scope,
) -> Result<bool, StoreError> {
    let mut database = connection(access).await?;
    // One transaction sees one moment of the database.
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut database).await?;
    let mut transaction = image.connection.begin().await?;
    let mut rows = 0;
    for table in &TABLES {
        rows += out_of_table(&mut database, &mut transaction, table, world, scope).await?;
    }
    if matches!(scope, Scope::World { .. }) {
        rows += snapshots_out(&mut database, &mut transaction, world).await?;
        rows += lease_out(&mut database, &mut transaction, world).await?;
    }
    transaction.commit().await?;
    sqlx::raw_sql("COMMIT").execute(&mut database).await?;
    database.close().await?;
    Ok(rows > 0)
}

async fn out_of_table(
    database: &mut PgConnection,
    image: &mut ImageConnection,
    table: &Table,
    world: &str,
    scope: Scope,
) -> Result<u64, StoreError> {
    let read: Vec<String> = table.columns.iter().map(|(name, kind)| kind.read(name)).collect();
    let Some(condition) = table.condition(scope) else { return Ok(0) };
    let select = format!("SELECT {} FROM {} WHERE world_id = $1 AND {condition}", read.join(", "), table.name);
    let places: Vec<String> = (0..=table.columns.len()).map(|at| format!("?{}", at + 1)).collect();
    let insert = format!("INSERT INTO {} (world_id, {}) VALUES ({})", table.name, table.names(), places.join(", "));
    let mut rows = sqlx::query(AssertSqlSafe(select)).persistent(false).bind(world).fetch(database);
    let mut copied = 0;
    while let Some(row) = rows.try_next().await? {
        let mut query = sqlx::query(AssertSqlSafe(insert.clone())).bind(world.to_owned());
        for (at, (_, kind)) in table.columns.iter().enumerate() {
            query = match kind {
                Kind::Number => query.bind(row.try_get::<Option<i64>, _>(at)?),
                Kind::Bytes => query.bind(row.try_get::<Option<Vec<u8>>, _>(at)?),
                _ => query.bind(row.try_get::<Option<String>, _>(at)?),
            };
        }
        query.execute(&mut *image).await?;
        copied += 1;
    }
    Ok(copied)
}

async fn snapshots_out(
    database: &mut PgConnection,
    image: &mut ImageConnection,
    world: &str,
) -> Result<u64, StoreError> {
    let select = format!(
        "SELECT tick, {} AS taken_at, data FROM world_snapshots WHERE world_id = $1 ORDER BY tick",
        Kind::Time.read("taken_at")
    );
    let mut rows = sqlx::query(AssertSqlSafe(select)).persistent(false).bind(world).fetch(database);
    let mut save_id: i64 = 0;
    while let Some(row) = rows.try_next().await? {
        save_id += 1;
        sqlx::query("INSERT INTO world_snapshots (world_id, tick, save_id, taken_at) VALUES (?1, ?2, ?3, ?4)")
            .bind(world.to_owned())
            .bind(row.try_get::<i64, _>("tick")?)
            .bind(save_id)
            .bind(row.try_get::<String, _>("taken_at")?)
            .execute(&mut *image)
            .await?;
        let data: Vec<u8> = row.try_get("data")?;
        for (part, data) in (0_i64..).zip(data.chunks(PART_LEN_MAX)) {
            sqlx::query("INSERT INTO world_snapshot_parts (world_id, save_id, part, data) VALUES (?1, ?2, ?3, ?4)")
                .bind(world.to_owned())
                .bind(save_id)
                .bind(part)
                .bind(data.to_owned())
                .execute(&mut *image)
                .await?;
        }
    }
    Ok(save_id.unsigned_abs())
}

async fn lease_out(database: &mut PgConnection, image: &mut ImageConnection, world: &str) -> Result<u64, StoreError> {
    let select =
        format!("SELECT epoch, {} AS renewed_at FROM world_leases WHERE world_id = $1", Kind::Time.read("renewed_at"));
    let lease: Option<PgRow> =
        sqlx::query(AssertSqlSafe(select)).persistent(false).bind(world).fetch_optional(database).await?;
    let Some(lease) = lease else { return Ok(0) };
    sqlx::query("INSERT INTO world_leases (world_id, epoch, holder, renewed_at) VALUES (?1, ?2, NULL, ?3)")
        .bind(world.to_owned())
        .bind(lease.try_get::<i64, _>("epoch")?)
        .bind(lease.try_get::<String, _>("renewed_at")?)
        .execute(image)
        .await?;
    Ok(1)
}

pub(crate) async fn copy_in(access: &Access<'_>, image: &Path, world: &str) -> Result<(), StoreError> {
    let mut image = image::open(image).await?;
    let mut database = connection(access).await?;
    sqlx::raw_sql("SET synchronous_commit = on").execute(&mut database).await?;
    let mut transaction = database.begin().await?;
    for table in &TABLES {
        let select = format!("SELECT {} FROM {}", table.names(), table.name);
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut image);
        let mut page = Vec::with_capacity(PAGE_ROWS);
        while let Some(row) = rows.try_next().await? {
            page.push(row);
            if page.len() == PAGE_ROWS {
                into_table(&mut transaction, table, world, &page).await?;
                page.clear();
            }
        }
        into_table(&mut transaction, table, world, &page).await?;
    }
    snapshots_in(&mut image, &mut transaction, world).await?;
    lease_in(&mut image, &mut transaction, world).await?;
    transaction.commit().await?;
    database.close().await?;
    Ok(image.close().await?)
}

async fn into_table(
    database: &mut PgConnection,
    table: &Table,
    world: &str,
    page: &[ImageRow],
) -> Result<(), StoreError> {
    if page.is_empty() {
        return Ok(());
    }
    let write: Vec<String> = table.columns.iter().map(|(name, kind)| kind.write(name)).collect();
    let arrays: Vec<String> =
        (2..).zip(table.columns).map(|(at, (_, kind))| format!("${at}::{}", kind.array())).collect();
    let insert = format!(
        "INSERT INTO {name} (world_id, {columns}) SELECT $1, {write} FROM UNNEST({arrays}) AS page ({columns})",
        name = table.name,
        columns = table.names(),
        write = write.join(", "),
        arrays = arrays.join(", "),
    );
    let mut query = sqlx::query(AssertSqlSafe(insert)).persistent(false).bind(world);
    for (at, (_, kind)) in table.columns.iter().enumerate() {
        query = match kind {
            Kind::Number => query.bind(column::<i64>(page, at)?),
            Kind::Bytes => query.bind(column::<Vec<u8>>(page, at)?),
            _ => query.bind(column::<String>(page, at)?),
        };
    }
    query.execute(database).await?;
    Ok(())
}

fn column<T>(page: &[ImageRow], at: usize) -> Result<Vec<Option<T>>, StoreError>
where
    for<'row> T: sqlx::Decode<'row, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    page.iter().map(|row| Ok(row.try_get::<Option<T>, _>(at)?)).collect()
}

async fn snapshots_in(image: &mut ImageConnection, database: &mut PgConnection, world: &str) -> Result<(), StoreError> {
    let saves = sqlx::query("SELECT tick, save_id, taken_at FROM world_snapshots ORDER BY tick");
    for save in saves.fetch_all(&mut *image).await? {
        let parts = sqlx::query_scalar("SELECT data FROM world_snapshot_parts WHERE save_id = ?1 ORDER BY part");
        let parts: Vec<Vec<u8>> = parts.bind(save.try_get::<i64, _>("save_id")?).fetch_all(&mut *image).await?;
        let insert =
            "INSERT INTO world_snapshots (world_id, tick, data, taken_at) VALUES ($1, $2, $3, $4::text::timestamptz)";
        sqlx::query(insert)
            .persistent(false)
            .bind(world)
            .bind(save.try_get::<i64, _>("tick")?)
            .bind(parts.concat())
            .bind(save.try_get::<String, _>("taken_at")?)
            .execute(&mut *database)
            .await?;
    }
    Ok(())
}

async fn lease_in(image: &mut ImageConnection, database: &mut PgConnection, world: &str) -> Result<(), StoreError> {
    let Some(lease) = sqlx::query("SELECT epoch, renewed_at FROM world_leases").fetch_optional(image).await? else {
        return Ok(());
    };
    let insert =
        "INSERT INTO world_leases (world_id, epoch, holder, renewed_at) VALUES ($1, $2, NULL, $3::text::timestamptz)";
    sqlx::query(insert)
        .persistent(false)
        .bind(world)
        .bind(lease.try_get::<i64, _>("epoch")?)
        .bind(lease.try_get::<String, _>("renewed_at")?)
        .execute(database)
        .await?;
    Ok(())
}
