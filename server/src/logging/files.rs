//! Daily log files `tilemud.YYYY-MM-DD.log`, kept 30 days and never larger together than they may
//! be (FR-014, T088). A running server begins a new file and prunes at midnight (UTC); a start
//! prunes what expired meanwhile.
//!
//! A day whose file is full goes on in `tilemud.YYYY-MM-DD.2.log` and so on, so that for lack of
//! room the oldest part of a day is deleted and not all of it. A file that cannot be removed stays
//! and counts; when such files leave too little room, the newest file is truncated whenever it is
//! full. Used by one writer thread; the clock is an argument.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::error::LoggingError;

/// Days a file is kept.
const KEPT_DAYS: i64 = 30;

/// A gap of more days than this before the oldest file that is kept makes the clock doubtful.
const GAP_DAYS: i64 = KEPT_DAYS / 2;

/// A file may take this part of the room.
const SHARE: u64 = 8;

/// Parts of a day that are tried when one cannot be opened: it may be somebody else's, or no file.
const PARTS_TRIED: u32 = 8;

const PREFIX: &str = "tilemud";
const SUFFIX: &str = "log";

/// What a writer of files is given.
pub(super) struct Settings {
    pub(super) dir: PathBuf,
    /// All files together at most, bytes.
    pub(super) bytes_max: u64,
    /// What time it is.
    pub(super) now: Box<dyn Fn() -> Timestamp + Send>,
    /// Incremented to have the file reopened after it was moved away.
    pub(super) reopen: Arc<AtomicU64>,
    /// Counts lines that could not be written.
    pub(super) lost: Arc<AtomicU64>,
}

/// Writes lines to the file of the day.
pub(super) struct DailyFiles {
    settings: Settings,
    reopened: u64,
    current: Option<Current>,
    /// Bytes of all files, as far as this process knows.
    bytes: u64,
    /// Files that cannot be removed fill the room: only the newest file is left for further lines.
    is_cramped: bool,
    /// The last line could not be written, and this was said.
    is_losing: bool,
}

struct Current {
    file: File,
    name: Name,
    bytes: u64,
}

/// What a file's name says; ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    day: Date,
    part: u32,
}

impl DailyFiles {
    /// Opens today's file and removes files that are too old.
    pub(super) fn open(settings: Settings) -> Result<Self, LoggingError> {
        let reopened = settings.reopen.load(Ordering::Relaxed);
        let mut files = Self { settings, reopened, current: None, bytes: 0, is_cramped: false, is_losing: false };
        let opened = files.begin(files.today());
        opened
            .map_err(|reason| LoggingError::Folder { dir: files.settings.dir.clone(), reason: reason.to_string() })?;
        Ok(files)
    }

    fn today(&self) -> Date {
        (self.settings.now)().to_zoned(TimeZone::UTC).date()
    }

    fn file_bytes_max(&self) -> u64 {
        self.settings.bytes_max / SHARE
    }

    /// Opens the newest file of a day, or one more where that is full, and removes what is too old.
    /// Makes the folder when it is missing, at the start or because somebody took it away since.
    fn begin(&mut self, day: Date) -> io::Result<()> {
        (self.current, self.is_cramped) = (None, false);
        let dir = &self.settings.dir;
        // What users did is nobody else's on this machine.
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let oldest = day.saturating_sub(KEPT_DAYS.days());
        self.bytes = 0;
        let mut name = Name { day, part: 1 };
        let mut in_it = 0;
        let files = list(dir)?;
        let is_doubtful = is_after_a_gap(&files, oldest, day);
        for (known, bytes) in files {
            if known.day < oldest && !is_doubtful && remove(dir, known) {
                continue;
            }
            self.bytes += bytes;
            if known.day == day && known.part >= name.part {
                (name, in_it) = (known, bytes);
            }
        }
        if in_it >= self.file_bytes_max() {
            (name.part, in_it) = (name.part.saturating_add(1), 0);
        }
        for _ in 1..PARTS_TRIED {
            if let Ok(file) = open(dir, name) {
                self.current = Some(Current { file, name, bytes: in_it });
                return Ok(());
            }
            (name.part, in_it) = (name.part.saturating_add(1), 0);
        }
        self.current = Some(Current { file: open(dir, name)?, name, bytes: in_it });
        Ok(())
    }

    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        let (day, len) = (self.today(), line.len() as u64);
        let asked = self.settings.reopen.load(Ordering::Relaxed);
        let is_right = self.current.as_ref().is_some_and(|current| {
            let has_room = self.is_cramped || current.bytes < self.file_bytes_max();
            current.name.day == day && asked == self.reopened && has_room && is_there(&current.file)
        });
        if !is_right {
            self.begin(day)?;
            self.reopened = asked;
        }
        let share = self.file_bytes_max().max(len);
        let is_in_share = self.current.as_ref().is_some_and(|current| current.bytes + len <= share);
        if self.bytes + len > self.settings.bytes_max && !(self.is_cramped && is_in_share) {
            self.make_room(len)?;
            if self.is_cramped && !is_in_share {
                self.begin_anew()?;
            }
        }
        let current = self.current.as_mut().ok_or(io::ErrorKind::NotFound)?;
        current.file.write_all(line)?;
        current.bytes += len;
        self.bytes += len;
        Ok(())
    }

    /// Removes the oldest files that can be removed until there is room for this many bytes, or
    /// none is left.
    fn make_room(&mut self, len: u64) -> io::Result<()> {
        let current = self.current.as_ref().map(|current| current.name);
        let mut removed = 0_u64;
        // Others may have removed some, so what there is is counted anew.
        let files = list(&self.settings.dir)?;
        self.bytes = files.iter().map(|(_, bytes)| bytes).sum();
        for (name, bytes) in files {
            if self.bytes + len <= self.settings.bytes_max {
                break;
            }
            if Some(name) != current && remove(&self.settings.dir, name) {
                self.bytes -= bytes;
                removed += 1;
            }
        }
        let limit_mib = self.settings.bytes_max >> 20;
        if removed > 0 {
            tracing::warn!(removed, limit_mib, "the oldest log files were deleted for room; see --log-dir-max-mib");
        }
        let was_cramped = std::mem::replace(&mut self.is_cramped, self.bytes + len > self.settings.bytes_max);
        if self.is_cramped && !was_cramped {
            tracing::warn!(
                limit_mib,
                "log files that cannot be removed take the room there is; the newest is begun anew when its share is full"
            );
        }
        Ok(())
    }

    /// Empties the newest file.
    fn begin_anew(&mut self) -> io::Result<()> {
        let current = self.current.as_mut().ok_or(io::ErrorKind::NotFound)?;
        current.file.set_len(0)?;
        self.bytes = self.bytes.saturating_sub(std::mem::take(&mut current.bytes));
        Ok(())
    }
}

/// Whether a file has a name; what is written into one that was deleted, nobody can read.
fn is_there(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

fn open(dir: &Path, name: Name) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(name.path(dir))
}

/// Whether a file is gone.
fn remove(dir: &Path, name: Name) -> bool {
    match std::fs::remove_file(name.path(dir)) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => {
            tracing::warn!(reason = %error.kind(), day = %name.day, "a log file cannot be removed");
            false
        }
    }
}

impl Write for DailyFiles {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.write_line(line);
        if let Err(error) = &written {
            // The next line tries again with a file opened anew.
            self.settings.lost.fetch_add(1, Ordering::Relaxed);
            self.current = None;
            // Standard error takes lines still. Once, because this line is lost in the file, too.
            if !self.is_losing {
                let dir = self.settings.dir.display();
                tracing::warn!(reason = %error.kind(), %dir, "log lines cannot be written to --log-dir and are lost");
            }
        }
        self.is_losing = written.is_err();
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.current.as_mut().map_or(Ok(()), |current| current.file.flush())
    }
}

impl Name {
    fn of(file_name: &str) -> Option<Self> {
        let rest = file_name.strip_prefix(PREFIX)?.strip_prefix('.')?.strip_suffix(SUFFIX)?.strip_suffix('.')?;
        let (day, part) = match rest.split_once('.') {
            Some((day, part)) => (day, part.parse().ok().filter(|part| *part > 1)?),
            None => (rest, 1),
        };
        Some(Self { day: day.parse().ok()?, part })
    }

    fn path(self, dir: &Path) -> PathBuf {
        dir.join(match self.part {
            1 => format!("{PREFIX}.{}.{SUFFIX}", self.day),
            part => format!("{PREFIX}.{}.{part}.{SUFFIX}", self.day),
        })
    }
}

/// Whether the clock is too doubtful to remove files. A clock that is wrong by weeks makes a gap
/// between the files to be removed and the others: then nothing is removed until the gap itself is
/// old.
fn is_after_a_gap(files: &[(Name, u64)], oldest: Date, today: Date) -> bool {
    let days = || files.iter().map(|(name, _)| name.day);
    let newest_old = days().filter(|day| *day < oldest).max();
    let oldest_kept = days().filter(|day| *day >= oldest).chain([today]).min();
    newest_old.zip(oldest_kept).is_some_and(|(old, kept)| old.saturating_add(GAP_DAYS.days()) < kept)
}

/// The log files in a folder and their sizes, oldest first, without other files.
fn list(dir: &Path) -> io::Result<Vec<(Name, u64)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if let Some(name) = Name::of(&entry.file_name().to_string_lossy()) {
            // One that is gone by now takes no room.
            let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
            files.push((name, bytes));
        }
    }
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests;
