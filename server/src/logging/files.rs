//! Daily log files `tilemud.YYYY-MM-DD.log`, kept 30 days (FR-014, T088). A server that runs prunes at midnight (UTC); one that
//! starts prunes what fell due while it was away.

use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::Date;
use tracing_appender::rolling::{RollingFileAppender, Rotation};

use super::LoggingError;

/// Days a file is kept.
const KEPT_DAYS: i64 = 30;

/// Files at most: those days, today, and one because the appender prunes before it opens today's.
const FILES_MAX: usize = KEPT_DAYS as usize + 2;

const PREFIX: &str = "tilemud";
const SUFFIX: &str = "log";

/// Opens today's file, makes the folder when missing, and removes files that are too old.
pub(super) fn open(dir: &Path) -> Result<RollingFileAppender, LoggingError> {
    let failed = |reason: String| LoggingError::Folder { dir: dir.to_owned(), reason };
    std::fs::create_dir_all(dir).map_err(|error| failed(error.to_string()))?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    remove_older(dir, today).map_err(|error| failed(error.to_string()))?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix(SUFFIX)
        .max_log_files(FILES_MAX)
        .build(dir)
        .map_err(|error| {
            failed(std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
        })
}

/// Removes the files of days that are more than [`KEPT_DAYS`] before `today`; leaves everything that is not a log of ours.
fn remove_older(dir: &Path, today: Date) -> std::io::Result<()> {
    let oldest = today.saturating_sub(KEPT_DAYS.days());
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if day_of(&entry.file_name().to_string_lossy()).is_some_and(|day| day < oldest) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn day_of(file_name: &str) -> Option<Date> {
    let rest = file_name.strip_prefix(PREFIX)?.strip_prefix('.')?;
    rest.strip_suffix(SUFFIX)?.strip_suffix('.')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_older_than_thirty_days_are_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let names = [
            "tilemud.2026-01-01.log",
            "tilemud.2026-01-29.log",
            "tilemud.2026-01-30.log",
            "tilemud.2026-03-01.log",
            "tilemud.log",
            "notes.2020-01-01.log",
            "tilemud.2020-01-01.log.bak",
        ];
        for name in names {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        remove_older(dir.path(), "2026-03-01".parse().unwrap()).unwrap();
        let mut left: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected = names[2..].to_vec();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }

    #[test]
    fn todays_file_is_made_with_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("a/b");
        drop(open(&logs).unwrap());
        let names: Vec<_> = std::fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 1);
        assert!(day_of(&names[0].to_string_lossy()).is_some(), "{names:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = open(&file.path().join("logs")).unwrap_err().to_string();
        assert!(error.contains("--log-dir") && error.contains(&file.path().display().to_string()), "{error}");
    }
}
