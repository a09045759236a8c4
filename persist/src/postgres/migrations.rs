//! The tables of this program in Postgres, and what was done to those that are there.

use std::sync::LazyLock;

use sqlx::migrate::{AppliedMigration, Migrate as _, Migrator};
use sqlx::{PgConnection, Row as _};

use super::deadlines::{PING_TIMEOUT, within};
use super::opening::Place;
use crate::connections::Connections;
use crate::store::{StoreError, Unfit};
use crate::tables;

pub(super) static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| tables::known(sqlx::migrate!("../migrations/postgres")));

/// Says that the tables are about to be brought up to date, if they can be looked at by now.
pub(super) async fn tell(connections: &Connections<PgConnection>, place: &Place) {
    let looked = within(PING_TIMEOUT, async {
        let mut acquired = connections.acquire().await?;
        let (applied, _) = applied(&mut acquired.connection).await?;
        acquired.release();
        Ok(applied)
    });
    if let Ok(applied) = looked.await {
        tables::tell_of_migration(&applied, &MIGRATIONS, &format!("the {place}"));
    }
}

/// What was done to the tables, and the newest migration that a program must know.
pub(super) async fn applied(connection: &mut PgConnection) -> Result<(Vec<AppliedMigration>, Option<i64>), StoreError> {
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await?;
    let oldest = sqlx::query_scalar(tables::OLDEST_PROGRAM).persistent(false).fetch_one(connection).await;
    match oldest {
        Ok(oldest) => Ok((applied, oldest)),
        // It is not there yet in tables of older programs.
        Err(sqlx::Error::Database(answer)) if answer.code().as_deref() == Some("42P01") => Ok((applied, None)),
        Err(error) => Err(error.into()),
    }
}

/// Whether there are tables of ours at all.
pub(super) async fn exists(connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT to_regclass('world_state') IS NOT NULL AS is_there").fetch_one(connection).await?;
    if row.try_get("is_there")? {
        return Ok(());
    }
    let what = "there is no store in the database of --database-url: it has no tables of this program".to_owned();
    Err(StoreError::Unfit { reason: Unfit::Missing, what })
}

/// Whether all tables are there.
pub(super) async fn all_there(connection: &mut PgConnection, place: &str) -> Result<(), StoreError> {
    let list = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid)";
    let names: Vec<String> = sqlx::query_scalar(list).persistent(false).fetch_all(connection).await?;
    tables::check_there(names.iter().map(String::as_str), &format!("the {place}"))
}
