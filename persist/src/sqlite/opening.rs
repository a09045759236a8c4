//! Opens the file: checks what is there before anything is changed, migrates the tables, and writes
//! the application id. Returns a store whose connections have equal settings.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use sqlx::migrate::{Migrate as _, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::file::{self, APPLICATION_ID, Found, Watched};
use super::shard::Shard;
use super::{BUSY_TIMEOUT, READERS_MAX, SqliteStore, WRITER_CACHE, refusal};
use crate::access::OpenMode;
use crate::connections::Connections;
use crate::failure::{BACKUP_PAGE, of_migration};
use crate::store::{StoreError, Unfit};
use crate::tables;

pub(super) static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| tables::known(sqlx::migrate!("../migrations/sqlite")));

/// Largest database that is checked completely at a start, in about a second; of a larger one, only
/// what every start reads is checked.
const CHECKED_WHOLE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Tables that stay small beside the log.
const SMALL_TABLES: [&str; 4] = ["world_state", "world_leases", "character_profiles", "world_snapshots"];

/// The write-ahead log is truncated to this size when it restarts.
const WAL_KEPT_BYTES: &str = "4194304";

impl SqliteStore {
    /// Opens the stores of these worlds in one file, and makes it if it is not there and may be
    /// made.
    pub(crate) async fn open(path: &Path, worlds: &[&str], mode: OpenMode) -> Result<Vec<Self>, StoreError> {
        Self::open_file(path, worlds, mode).await.map_err(|error| refusal::explained(error, path))
    }

    async fn open_file(named: &Path, worlds: &[&str], mode: OpenMode) -> Result<Vec<Self>, StoreError> {
        let path = &*file::resolved(named);
        let found = file::look(path)?;
        if mode < OpenMode::Create && found != Found::Something {
            let is = if found == Found::Empty { "it is a file of 0 bytes" } else { "no such file" };
            let what =
                format!("there is no store at {}: {is}; --data-dir or --database-url says where it is", path.display());
            return Err(StoreError::Unfit { reason: Unfit::Missing, what });
        }
        let failed = |error: std::io::Error| StoreError::Unavailable(error.into());
        if mode > OpenMode::Read {
            file::make_folder(path).map_err(failed)?;
        }
        let plain = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
        if found == Found::Something {
            let mut connection = plain.connect().await.map_err(|error| unfit(path, error))?;
            let is_fit = examine(&mut connection, path, mode).await;
            connection.close().await?;
            is_fit?;
        }
        // Only now: what is not ours stays as it is.
        if mode > OpenMode::Read {
            file::close_to_others(path, found).map_err(failed)?;
        }
        // `query_only` instead of a read-only file: a read-only connection cannot make the WAL
        // index when it is first. What a server that was killed has left in the log, SQLite puts
        // into the file when the last connection is closed.
        let reading = plain.clone().pragma("query_only", "ON");
        let options = plain
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", WAL_KEPT_BYTES);
        // After an error of fsync the system takes unwritten pages for written, so a batch that was
        // not acknowledged, found again in the WAL, must not be built upon as it is. A checkpoint
        // whenever the writer begins anew copies it into the database and waits for the disk once
        // more. What undoes a single statement is kept in memory: it would be a new file for most
        // of them.
        let writing = options
            .clone()
            .pragma("cache_size", WRITER_CACHE)
            .pragma("temp_store", "MEMORY")
            .pragma("wal_checkpoint", "TRUNCATE");
        let is_read = mode == OpenMode::Read;
        let writer = Connections::<SqliteConnection>::new(if is_read { reading.clone() } else { writing }, 1);
        if mode >= OpenMode::Migrate {
            let mut acquired = writer.acquire().await?;
            let migrated = MIGRATIONS.run(&mut acquired.connection).await;
            migrated.map_err(|error| of_migration(error, &path.display().to_string(), StoreError::from))?;
            write_application_id(&mut acquired.connection).await?;
            acquired.release();
        }
        {
            let mut acquired = writer.acquire().await?;
            let there = sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table'");
            let there = there.fetch_all(&mut acquired.connection).await?;
            acquired.release();
            let names: Vec<&str> = there.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
            tables::check_there(names.into_iter(), &path.display().to_string())?;
        }
        let watched = Arc::new(Watched::begin(named, path).map_err(failed)?);
        let (folder, again) = (file::folder_of(path), Arc::clone(&watched));
        let writer = writer.only_while(move || {
            again.begin_anew();
            file::has_room(&folder)
        });
        let readers = Connections::new(if is_read { reading } else { options.pragma("query_only", "ON") }, READERS_MAX);
        let shard = Arc::new(Shard::new(writer, readers, watched));
        let stores: Vec<Self> = worlds.iter().map(|world| Self::new(&shard, world)).collect();
        if mode >= OpenMode::Migrate {
            let mut acquired = shard.writer.acquire().await?;
            for store in &stores {
                store.key_names(&mut acquired.connection).await?;
            }
            acquired.release();
        }
        Ok(stores)
    }
}

/// Whether a file that was there is a store of this program. Changes nothing in it.
async fn examine(connection: &mut SqliteConnection, path: &Path, mode: OpenMode) -> Result<(), StoreError> {
    let failed = |error| unfit(path, error);
    let id: i64 = number(connection, "PRAGMA application_id").await.map_err(failed)?;
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
    let tables: i64 = number(connection, tables).await.map_err(failed)?;
    let ours = "SELECT count(*) FROM sqlite_master WHERE type = 'table'
        AND name IN ('_sqlx_migrations', 'world_state', 'character_profiles', 'action_events')";
    let is_ours = number(connection, ours).await.map_err(failed)? == 4;
    // A first start that was ended before its first migration.
    let unfinished = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let is_unfinished = tables == 1 && number(connection, unfinished).await.map_err(failed)? == 1;
    if (tables == 0 || is_unfinished) && (id == 0 || id == i64::from(APPLICATION_ID)) {
        if mode == OpenMode::Create {
            return Ok(());
        }
        let what = format!("there is no store at {}: it is a database without tables", path.display());
        return Err(StoreError::Unfit { reason: Unfit::Missing, what });
    }
    // Files of versions that did not write it have the number 0.
    if !is_ours || (id != 0 && id != i64::from(APPLICATION_ID)) {
        let what = format!(
            "{} is the database of another program (application id {id}, {tables} tables); name another file, or move it away",
            path.display()
        );
        return Err(StoreError::Unfit { reason: Unfit::Foreign, what });
    }
    check(connection, path).await?;
    let place = path.display().to_string();
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await?;
    // It is not there yet in tables of older programs.
    let oldest = number(connection, tables::OLDEST_PROGRAM).await.ok();
    if mode < OpenMode::Migrate {
        return tables::check_unchanged(&applied, &MIGRATIONS, oldest, &place);
    }
    tables::check(&applied, &MIGRATIONS, oldest, &place)?;
    tables::tell_of_migration(&applied, &MIGRATIONS, &place);
    Ok(())
}

async fn check(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let failed = |error| unfit(path, error);
    let is_small = std::fs::metadata(path).is_ok_and(|there| there.len() <= CHECKED_WHOLE_BYTES_MAX);
    let parts = if is_small { vec!["1".to_owned()] } else { SMALL_TABLES.map(|table| format!("'{table}'")).to_vec() };
    for part in parts {
        let statement = AssertSqlSafe(format!("PRAGMA quick_check({part})"));
        let row = sqlx::query(statement).fetch_one(&mut *connection).await.map_err(failed)?;
        let said: String = row.try_get(0)?;
        if said != "ok" {
            return Err(damaged(path, &said));
        }
    }
    Ok(())
}

fn damaged(path: &Path, said: &str) -> StoreError {
    // It may say much, one line for each thing.
    let first = said.lines().next().unwrap_or_default();
    let what = format!("{} is damaged ({first}); restore a backup, see {BACKUP_PAGE}", path.display());
    StoreError::Unfit { reason: Unfit::Damaged, what }
}

/// The diagnostic for a file that SQLite cannot read at all.
fn unfit(path: &Path, error: sqlx::Error) -> StoreError {
    let code = match &error {
        sqlx::Error::Database(answer) => answer.code().and_then(|code| code.parse::<i64>().ok()),
        _ => None,
    };
    match code.map(|code| code & 0xff) {
        Some(11) => damaged(path, "database disk image is malformed"),
        Some(26) => {
            let what = format!(
                "{} is not a database, or its beginning is damaged; restore a backup, see {BACKUP_PAGE}, or name another file",
                path.display()
            );
            StoreError::Unfit { reason: Unfit::Damaged, what }
        }
        _ => error.into(),
    }
}

/// Writes our application id into the header if it is not there yet.
async fn write_application_id(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    if number(connection, "PRAGMA application_id").await? != i64::from(APPLICATION_ID) {
        let statement = AssertSqlSafe(format!("PRAGMA application_id = {APPLICATION_ID}"));
        sqlx::query(statement).execute(&mut *connection).await?;
        // Into the file itself, where it is looked for.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
    }
    Ok(())
}

/// The mark of the last checkpoint, as SQLite reads it.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<u32, StoreError> {
    let mark = number(connection, "PRAGMA user_version").await?;
    Ok(u32::try_from(mark).unwrap_or(0))
}

async fn number(connection: &mut SqliteConnection, query: &'static str) -> Result<i64, sqlx::Error> {
    sqlx::query(query).fetch_one(connection).await?.try_get(0)
}
