//! Whether the tables of a store are those of this program, for whoever may not bring them up to
//! date.

use sqlx::migrate::{AppliedMigration, MigrateError, Migrator};

use crate::failure::{BACKUP_PAGE, made_by_a_newer_one, of_migration};
use crate::store::{StoreError, Unfit};

/// Compares what was done to the tables of `place` with what this program does to them.
pub(crate) fn check(applied: &[AppliedMigration], migrations: &Migrator, place: &str) -> Result<(), StoreError> {
    for done in applied {
        match migrations.iter().find(|migration| migration.version == done.version) {
            None => return Err(made_by_a_newer_one(place, done.version)),
            Some(known) if known.checksum != done.checksum => {
                return Err(of_migration(MigrateError::VersionMismatch(done.version), place, StoreError::from));
            }
            Some(_) => {}
        }
    }
    let newest = applied.iter().map(|done| done.version).max().unwrap_or(0);
    match migrations.iter().map(|migration| migration.version).max() {
        Some(known) if newest < known => Err(made_by_an_older_one(place, newest, known)),
        _ => Ok(()),
    }
}

/// The diagnostic for tables of an older program.
fn made_by_an_older_one(place: &str, newest: i64, known: i64) -> StoreError {
    let what = format!(
        "{place} was made by an older version of tilemud (its tables are at {newest}, those of this version at {known}), and this \
         command does not change them; start the server once, or use the version that wrote it, see {BACKUP_PAGE}"
    );
    StoreError::Unfit { reason: Unfit::Older, what }
}
