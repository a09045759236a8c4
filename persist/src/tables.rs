//! Whether this program can work with the tables of a store: it knows all that was done to them, or
//! what a newer one has done since leaves what this one uses.

use std::collections::BTreeSet;

use sqlx::migrate::{AppliedMigration, MigrateError, Migrator};

use crate::failure::{BACKUP_PAGE, made_by_a_newer_one, of_migration};
use crate::store::{StoreError, Unfit};

/// The newest migration that a program has to know to work with the tables.
pub(crate) const OLDEST_PROGRAM: &str = "SELECT max(migration) FROM oldest_program";

/// The tables of both databases.
const TABLES: [&str; 12] = [
    "action_events",
    "character_name_keys",
    "character_profiles",
    "clock_jumps",
    "oldest_program",
    "sessions",
    "world_issuers",
    "world_leases",
    "world_maps",
    "world_snapshots",
    "world_state",
    "world_ticks",
];

/// What is missing where all migrations are done, was taken away by hand.
///
/// # Errors
/// Names it.
pub(crate) fn check_there<'a>(there: impl Iterator<Item = &'a str>, place: &str) -> Result<(), StoreError> {
    let there: BTreeSet<&str> = there.collect();
    let missing: Vec<&str> = TABLES.into_iter().filter(|table| !there.contains(table)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = format!("{place} lacks tables that it had: {}; restore a backup, see {BACKUP_PAGE}", missing.join(", "));
    Err(StoreError::Unfit { reason: Unfit::Damaged, what })
}

/// Migrations that leave those of newer programs alone: [`check`] tells which of them matter.
pub(crate) fn known(mut migrations: Migrator) -> Migrator {
    migrations.set_ignore_missing(true);
    migrations
}

/// Compares what was done to the tables of `place` with what this program does to them.
/// `oldest_program` is the answer to [`OLDEST_PROGRAM`], if there is one.
pub(crate) fn check(
    applied: &[AppliedMigration],
    migrations: &Migrator,
    oldest_program: Option<i64>,
    place: &str,
) -> Result<(), StoreError> {
    for done in applied {
        let known = migrations.iter().find(|migration| migration.version == done.version);
        if known.is_some_and(|known| known.checksum != done.checksum) {
            return Err(of_migration(MigrateError::VersionMismatch(done.version), place, StoreError::from));
        }
    }
    let newest = applied.iter().map(|done| done.version).max().unwrap_or(0);
    let known = newest_of(migrations);
    if newest > known {
        if oldest_program.is_none_or(|oldest| oldest > known) {
            return Err(made_by_a_newer_one(place, newest));
        }
        tracing::info!(
            store = place,
            tables = newest,
            known,
            "a newer version of tilemud has worked with this store; this version can go on with what it left"
        );
    }
    Ok(())
}

/// The same for whoever may not bring the tables up to date.
pub(crate) fn check_unchanged(
    applied: &[AppliedMigration],
    migrations: &Migrator,
    oldest_program: Option<i64>,
    place: &str,
) -> Result<(), StoreError> {
    check(applied, migrations, oldest_program, place)?;
    let newest = applied.iter().map(|done| done.version).max().unwrap_or(0);
    let known = newest_of(migrations);
    if newest < known { Err(made_by_an_older_one(place, newest, known)) } else { Ok(()) }
}

/// Says that tables are about to be brought up to date, which may take its time.
pub(crate) fn tell_of_migration(applied: &[AppliedMigration], migrations: &Migrator, place: &str) {
    let newest = applied.iter().map(|done| done.version).max().unwrap_or(0);
    let known = newest_of(migrations);
    if (1..known).contains(&newest) {
        tracing::info!(
            store = place,
            from = newest,
            to = known,
            "the store is of an older version; it is brought up to date"
        );
    }
}

/// The newest migration of this program.
fn newest_of(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The diagnostic for tables of an older program.
fn made_by_an_older_one(place: &str, newest: i64, known: i64) -> StoreError {
    let what = format!(
        "{place} was made by an older version of tilemud (its tables are at {newest}, those of this version at {known}), and this \
         command does not change them; start the server once, or use the version that wrote it, see {BACKUP_PAGE}"
    );
    StoreError::Unfit { reason: Unfit::Older, what }
}
