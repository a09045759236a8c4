//! Sorts the errors of both databases into those of the store: may the same call succeed later, or never?
//! Decides nothing else. In doubt it says "later", because refusing for good costs the player an action,
//! while a needless retry costs a little time.

use sqlx::Error;
use sqlx::migrate::MigrateError;

use crate::advice::Advice;
use crate::store::{StoreError, Unfit};

/// Where operators read on.
pub(crate) const BACKUP_PAGE: &str = "docs/backup.md";

/// SQLSTATE classes that say the statement itself is at fault: cardinality, data, integrity, unsupported,
/// syntax or missing object, view check, program limit.
const POSTGRES_REJECTIONS: [&str; 7] = ["21", "22", "23", "0A", "42", "44", "54"];

/// SQLite result codes of the same meaning: ERROR (SQL logic), TOOBIG, CONSTRAINT, MISMATCH, RANGE.
const SQLITE_REJECTIONS: [i64; 5] = [1, 18, 19, 20, 25];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            // A row of the default partition whose own partition was made meanwhile; the next attempt finds that one.
            Error::Database(answer) if answer.code().as_deref() == Some("23514") && answer.constraint().is_none() => {
                Self::Unavailable(error.into())
            }
            Error::Database(answer) if is_damage(answer.code().as_deref()) => {
                let what =
                    format!("the database is damaged ({}); restore a backup, see {BACKUP_PAGE}", answer.message());
                Self::Unfit { reason: Unfit::Damaged, what }
            }
            Error::Database(answer) if is_rejection(answer.code().as_deref()) => Self::Rejected(error.into()),
            Error::Encode(_) | Error::InvalidArgument(_) => Self::Rejected(error.into()),
            Error::ColumnDecode { index, source } => Self::Corrupt { what: format!("column {index}: {source}") },
            Error::Decode(source) => Self::Corrupt { what: source.to_string() },
            Error::ColumnNotFound(_) | Error::ColumnIndexOutOfBounds { .. } | Error::TypeNotFound { .. } => {
                Self::Corrupt { what: error.to_string() }
            }
            Error::RowNotFound => Self::Corrupt { what: "a row that must be there is missing".to_owned() },
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(newest) => made_by_a_newer_one("the database", newest),
            other => Self::Rejected(other.into()),
        }
    }
}

/// An error of bringing the tables of `place` up to date; `explained` finds words for one of the database itself.
pub(crate) fn of_migration(
    error: MigrateError,
    place: &str,
    explained: impl FnOnce(Error) -> StoreError,
) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explained(error),
        MigrateError::VersionMissing(newest) => made_by_a_newer_one(place, newest),
        MigrateError::VersionMismatch(number) => {
            let problem = format!("{place} was made by another build of tilemud (migration {number})");
            StoreError::SetWrong(Advice::new(problem, "run that build, or restore a backup from before it"))
        }
        other => StoreError::Rejected(other.into()),
    }
}

/// What is said of tables that this program does not know yet.
pub(crate) fn made_by_a_newer_one(place: &str, newest: i64) -> StoreError {
    let what = format!(
        "{place} was made by a newer version of tilemud (its tables are at {newest}, which this version does not know); run that \
         version, or restore a backup from before the change, see {BACKUP_PAGE}"
    );
    StoreError::Unfit { reason: Unfit::Newer, what }
}

/// SQLite: CORRUPT and NOTADB. What a broken page has done to what is in memory nobody knows.
fn is_damage(code: Option<&str>) -> bool {
    let code = code.filter(|code| code.len() < 5).and_then(|code| code.parse::<i64>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
}

/// Postgres codes have five characters and a class in the first two; those of SQLite are numbers whose low
/// byte is the class. No SQLite code with five digits exists.
fn is_rejection(code: Option<&str>) -> bool {
    match code {
        Some(code) if code.len() == 5 => POSTGRES_REJECTIONS.iter().any(|class| code.starts_with(class)),
        Some(code) => code.parse::<i64>().is_ok_and(|code| SQLITE_REJECTIONS.contains(&(code & 0xff))),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_damage, is_rejection};

    #[test]
    fn a_broken_rule_is_rejected_for_good() {
        // Postgres: unique violation, text that is not UTF-8, undefined table. SQLite: unique, check, too big.
        for code in ["23505", "22021", "42P01", "2067", "275", "18"] {
            assert!(is_rejection(Some(code)), "{code}");
        }
    }

    #[test]
    fn a_damaged_database_is_none_that_may_be_asked_again() {
        for code in ["11", "26", "267"] {
            assert!(is_damage(Some(code)), "{code}");
        }
        for code in ["5", "10", "57P01", "XX000", "11000", "26000"] {
            assert!(!is_damage(Some(code)), "{code}");
        }
    }

    #[test]
    fn a_database_in_trouble_may_be_asked_again() {
        // Postgres: shutdown, starting up, too many connections, disk full, IO error, deadlock, lock timeout,
        // statement timeout, read-only standby. SQLite: busy, IO error on fsync, disk full, cannot open.
        for code in
            ["57P01", "57P03", "53300", "53100", "58030", "40P01", "55P03", "57014", "25006", "5", "1034", "13", "14"]
        {
            assert!(!is_rejection(Some(code)), "{code}");
        }
        assert!(!is_rejection(None));
    }
}
