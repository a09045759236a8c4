//! Maps the errors of both databases to those of the store: whether the same call may succeed
//! later. In doubt it may, because a final refusal costs the player an action and a needless retry
//! only time. Also gives a reason that is safe for everybody: no address, no name, no words of the
//! database.

use std::io::ErrorKind;
use std::sync::Arc;

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

use crate::diagnostic::{Diagnostic, in_one_line};
use crate::store::{StoreError, Unfit};

/// Where operators read on.
pub(crate) const BACKUP_PAGE: &str = "docs/backup.md";

/// SQLSTATE classes that say the statement itself is at fault: cardinality, data, integrity,
/// unsupported, syntax or missing object, view check, program limit.
const POSTGRES_REJECTIONS: [&str; 7] = ["21", "22", "23", "0A", "42", "44", "54"];

/// SQLite result codes of the same meaning: ERROR (SQL logic), TOOBIG, CONSTRAINT, MISMATCH, RANGE.
const SQLITE_REJECTIONS: [i64; 5] = [1, 18, 19, 20, 25];

/// SQLSTATE of a user who may not do it.
const NO_RIGHT: &str = "42501";

/// Whether a table or column is not there: all that we ask for were made by a migration.
fn lacks_table(answer: &dyn DatabaseError) -> bool {
    match answer.code().as_deref() {
        Some("42P01" | "42703") => true,
        Some("1") => {
            ["no such table", "no such column", "has no column"].iter().any(|it| answer.message().contains(it))
        }
        _ => false,
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            // A row of the default partition whose own partition was made meanwhile; the next
            // attempt finds that one.
            Error::Database(answer) if answer.code().as_deref() == Some("23514") && answer.constraint().is_none() => {
                Self::Unavailable(error.into())
            }
            Error::Database(answer) if is_damage(answer.code().as_deref()) => {
                let what =
                    format!("the database is damaged ({}); restore a backup, see {BACKUP_PAGE}", answer.message());
                Self::Unfit { reason: Unfit::Damaged, what }
            }
            // Somebody may give us the right again.
            Error::Database(answer) if answer.code().as_deref() == Some(NO_RIGHT) => Self::Unavailable(error.into()),
            Error::Database(answer) if lacks_table(&**answer) => {
                let what = format!(
                    "tables of the database were taken away or changed ({}); restore a backup, see {BACKUP_PAGE}",
                    answer.message()
                );
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

/// An error of a migration of `place`; `explained` handles errors of the database itself.
pub(crate) fn of_migration(
    error: MigrateError,
    place: &str,
    explained: impl FnOnce(Error) -> StoreError,
) -> StoreError {
    match error {
        MigrateError::ExecuteMigration(error, number) if is_there_already(&error) => {
            let what = format!(
                "{place} has tables that migration {number} would make, and its list of migrations (_sqlx_migrations) does not \
                 hold it: the list was emptied or copied without its rows; restore a backup, see {BACKUP_PAGE}"
            );
            StoreError::Unfit { reason: Unfit::Damaged, what }
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explained(error),
        MigrateError::VersionMissing(newest) => made_by_a_newer_one(place, newest),
        MigrateError::VersionMismatch(number) => {
            let problem = format!("{place} was made by another build of tilemud (migration {number})");
            StoreError::SetWrong(Diagnostic::new(problem, "run that build, or restore a backup from before it"))
        }
        other => StoreError::Rejected(other.into()),
    }
}

/// Whether a table, column or index could not be made because there is one of that name.
fn is_there_already(error: &Error) -> bool {
    let Error::Database(answer) = error else { return false };
    match answer.code().as_deref() {
        Some("42P07" | "42701") => true,
        // SQLite has one code for whatever is wrong with a statement.
        Some("1") => answer.message().contains("already exists") || answer.message().contains("duplicate column"),
        _ => false,
    }
}

/// The diagnostic for tables of a newer program.
pub(crate) fn made_by_a_newer_one(place: &str, newest: i64) -> StoreError {
    let what = format!(
        "{place} was made by a newer version of tilemud (its tables are at {newest}, which this version does not know); run that \
         version, or restore a backup from before the change, see {BACKUP_PAGE}"
    );
    StoreError::Unfit { reason: Unfit::Newer, what }
}

/// SQLite: CORRUPT and NOTADB. A broken page may have damaged what was read from it before.
fn is_damage(code: Option<&str>) -> bool {
    let code = code.filter(|code| code.len() < 5).and_then(|code| code.parse::<i64>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
}

/// The error of a write that several waited for, as each of them gets it.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Shared(Arc<StoreError>);

impl Shared {
    pub(crate) fn error(error: &Arc<StoreError>) -> StoreError {
        match &**error {
            StoreError::Gone { what } => StoreError::Gone { what: what.clone() },
            StoreError::Unfit { reason, what } => StoreError::Unfit { reason: *reason, what: what.clone() },
            StoreError::Corrupt { what } => StoreError::Corrupt { what: what.clone() },
            _ => StoreError::Unavailable(Box::new(Self(Arc::clone(error)))),
        }
    }
}

impl StoreError {
    /// What is wrong, for players and probes. What the database itself said is for the log.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unavailable(error) => match error.downcast_ref::<Error>() {
                Some(Error::Database(answer)) => database_reason(answer.code().as_deref()),
                Some(Error::Io(error)) => io_reason(error),
                Some(Error::Tls(_)) => "no secure connection to it can be made",
                Some(_) => "it cannot be reached",
                None if error.is::<tokio::time::error::Elapsed>() => NO_ANSWER,
                None if let Some(Shared(error)) = error.downcast_ref() => error.reason(),
                None => error.downcast_ref::<std::io::Error>().map_or("it does not work", io_reason),
            },
            Self::Held { .. } | Self::Fenced => "another server runs this world",
            Self::Gone { .. } => "it was deleted or replaced",
            Self::Corrupt { .. } => "what is stored cannot be read",
            Self::Unfit { .. } => "it cannot be used as it is",
            _ => "it refuses what it is asked to do",
        }
    }

    /// All that is known of the cause, in one line, for the log.
    #[must_use]
    pub fn causes(&self) -> String {
        in_one_line(self)
    }
}

/// What is said of a store that is not heard of.
pub const NO_ANSWER: &str = "it does not answer in time";

fn io_reason(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::ConnectionRefused => "it refuses connections",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "its disk is full",
        ErrorKind::ReadOnlyFilesystem => "it takes no writes: it is read-only",
        ErrorKind::PermissionDenied => "we may not use it",
        ErrorKind::TimedOut => NO_ANSWER,
        _ => "it cannot be reached",
    }
}

/// By SQLSTATE (five characters) or by the result code of SQLite, whose low byte is the class.
fn database_reason(code: Option<&str>) -> &'static str {
    let Some(code) = code else { return "it cannot work" };
    if code.len() == 5 {
        return match code {
            NO_RIGHT => "it refuses us the right to do it",
            "25006" => "it takes no writes: it is read-only",
            "53100" => "its disk is full",
            "53200" => "it has no memory left",
            "53300" => "it takes no more connections",
            "57014" | "55P03" => NO_ANSWER,
            "57P01" | "57P02" | "57P03" => "it is starting or shutting down",
            "58030" => "its disk fails",
            "3D000" => "the database is not there",
            _ if code.starts_with("28") => "it refuses our sign-in",
            _ if code.starts_with("XX") => "it is damaged",
            _ => "it cannot work",
        };
    }
    match code.parse::<i64>().map(|code| code & 0xff) {
        Ok(5 | 6) => "another program holds it locked",
        Ok(8) => "it takes no writes: it is read-only",
        Ok(10) => "its disk fails",
        Ok(11 | 26) => "it is damaged",
        Ok(13) => "its disk is full",
        Ok(3 | 14 | 23) => "its file cannot be opened",
        _ => "it cannot work",
    }
}

/// Postgres codes have five characters and a class in the first two; those of SQLite are numbers
/// whose low byte is the class. No SQLite code with five digits exists.
fn is_rejection(code: Option<&str>) -> bool {
    match code {
        Some(code) if code.len() == 5 => POSTGRES_REJECTIONS.iter().any(|class| code.starts_with(class)),
        Some(code) => code.parse::<i64>().is_ok_and(|code| SQLITE_REJECTIONS.contains(&(code & 0xff))),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, StoreError, database_reason, io_reason, is_damage, is_rejection};

    #[test]
    fn what_keeps_a_store_from_working_is_said_in_words_without_anything_of_its_own() {
        for (code, words) in [
            ("25006", "read-only"),
            ("53100", "full"),
            ("53300", "connections"),
            ("57P03", "starting"),
            ("28P01", "sign-in"),
            ("5", "locked"),
            ("8", "read-only"),
            ("13", "full"),
            ("778", "disk fails"),
            ("99999", "cannot work"),
        ] {
            assert!(database_reason(Some(code)).contains(words), "{code}");
        }
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(io_reason(&refused), "it refuses connections");
        let error = StoreError::Unavailable(Error::Io(std::io::Error::other("at 10.0.0.7")).into());
        assert_eq!(error.reason(), "it cannot be reached");
        assert_eq!(error.causes().matches("10.0.0.7").count(), 1, "the log has the rest, once: {}", error.causes());
    }

    #[test]
    fn a_broken_rule_is_rejected_for_good() {
        // Postgres: unique violation, text that is not UTF-8, undefined table. SQLite: unique,
        // check, too big.
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
        // Postgres: shutdown, starting up, too many connections, disk full, IO error, deadlock,
        // lock timeout, statement timeout, read-only standby. SQLite: busy, IO error on fsync, disk
        // full, cannot open.
        for code in
            ["57P01", "57P03", "53300", "53100", "58030", "40P01", "55P03", "57014", "25006", "5", "1034", "13", "14"]
        {
            assert!(!is_rejection(Some(code)), "{code}");
        }
        assert!(!is_rejection(None));
    }
}
