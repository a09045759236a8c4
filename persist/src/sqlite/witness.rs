//! Whether anybody has changed the files of the embedded store beside SQLite: taken its log away,
//! or copied another database over it. Looked at after every write, while the one writing
//! connection is held, so that nothing is acknowledged that is not in the files.
//!
//! The database file is written by checkpoints alone. One that was made by SQLite, in whichever
//! process, shows in the index of the log; a file that has changed without one was changed by
//! something else. Where the index says so: <https://sqlite.org/walformat.html>, 2.1.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::time::SystemTime;

/// Which file a path leads to.
pub(super) type Identity = (u64, u64);

pub(super) fn identity(there: &Metadata) -> Identity {
    (there.dev(), there.ino())
}

/// Where the index has the salt of the log, and how much of the log is, and is about to be, in the
/// database.
const SALT_AT: u64 = 32;
const BACKFILLED_AT: u64 = 96;
const ATTEMPTED_AT: u64 = 128;

/// What a log begins with, but for its last bit, which is the order of its bytes.
const LOG_MAGIC: u32 = 0x377f_0682;

/// The files as they were after a write of ours.
#[derive(Debug, Default)]
pub(super) struct Witness {
    log: Option<Identity>,
    database: Option<(SystemTime, u64)>,
    checkpointed: Option<Checkpointed>,
    index: Option<(Identity, &'static File)>,
}

/// Changes with every checkpoint that SQLite makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Checkpointed {
    salt: [u8; 8],
    backfilled: [u8; 4],
    attempted: [u8; 4],
}

/// What was done to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tampered {
    /// The log was deleted; the connection that is open still has it.
    LogDeleted,
    /// Another log is in its place, or it was emptied or written over.
    LogReplaced,
    /// The database was written over by something that is not SQLite.
    DatabaseOverwritten,
}

impl Witness {
    /// Looks at the files after a write of the connection that is held, which leaves frames in the
    /// log unless a checkpoint has taken them out since. Notes them if they are as they should be.
    pub(super) fn look(&mut self, database: &Path, log: &Path, index: &Path) -> Result<(), Tampered> {
        let there = match std::fs::metadata(log) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Tampered::LogDeleted),
            // What cannot be looked at for a moment says nothing.
            Err(_) => return Ok(()),
        };
        let is_same = self.log.is_none_or(|known| known == identity(&there));
        if !is_same || !begins_well(log, &there) {
            return Err(Tampered::LogReplaced);
        }
        let Ok(file) = std::fs::metadata(database) else { return Ok(()) };
        let Ok(modified) = file.modified() else { return Ok(()) };
        let (now, checkpointed) = ((modified, file.len()), self.checkpointed(index));
        let is_known = self.database.is_none_or(|known| known == now);
        if !is_known && checkpointed.is_some() && checkpointed == self.checkpointed {
            return Err(Tampered::DatabaseOverwritten);
        }
        (self.log, self.database, self.checkpointed) = (Some(identity(&there)), Some(now), checkpointed);
        Ok(())
    }

    /// Takes the files as they are next time; the descriptor of the index is kept, for as it cannot
    /// be closed, there would be more and more of them.
    pub(super) fn forget(&mut self) {
        *self = Self { index: self.index.take(), ..Self::default() };
    }

    /// Reads the index through one descriptor for each file of that name, which is never closed:
    /// closing any would release the locks that SQLite has on it in this process.
    fn checkpointed(&mut self, index: &Path) -> Option<Checkpointed> {
        let there = identity(&std::fs::metadata(index).ok()?);
        let file = match self.index {
            Some((known, file)) if known == there => file,
            _ => {
                let file: &'static File = Box::leak(Box::new(File::open(index).ok()?));
                self.index = Some((there, file));
                file
            }
        };
        let mut seen = Checkpointed { salt: [0; 8], backfilled: [0; 4], attempted: [0; 4] };
        file.read_exact_at(&mut seen.salt, SALT_AT).ok()?;
        file.read_exact_at(&mut seen.backfilled, BACKFILLED_AT).ok()?;
        file.read_exact_at(&mut seen.attempted, ATTEMPTED_AT).ok()?;
        Some(seen)
    }
}

/// Whether a log that is not empty begins as one.
fn begins_well(log: &Path, there: &Metadata) -> bool {
    if there.len() == 0 {
        // A checkpoint has just taken all out of it.
        return true;
    }
    let mut magic = [0; 4];
    // SQLite has no locks on the log, so this descriptor may be closed.
    let read = File::open(log).and_then(|file| file.read_exact_at(&mut magic, 0));
    read.is_err() || u32::from_be_bytes(magic) & !1 == LOG_MAGIC
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
    use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

    use super::*;

    #[tokio::test]
    async fn a_database_that_changes_without_a_checkpoint_was_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let beside = |end: &str| folder.path().join(format!("a.db{end}"));
        let options = SqliteConnectOptions::new().filename(beside("")).create_if_missing(true);
        let mut connection = options.journal_mode(SqliteJournalMode::Wal).connect().await.expect("a database");
        let mut witness = Witness::default();
        let mut look = || witness.look(&beside(""), &beside("-wal"), &beside("-shm"));
        for statement in [
            "CREATE TABLE a (b)",
            "INSERT INTO a VALUES (1)",
            "PRAGMA wal_checkpoint(PASSIVE)",
            "INSERT INTO a VALUES (2)",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "INSERT INTO a VALUES (3)",
        ] {
            connection.execute(statement).await.expect(statement);
            assert_eq!(look(), Ok(()), "{statement}");
        }
        let file = File::options().write(true).open(beside("")).expect("it is there");
        let later = SystemTime::now() + Duration::from_secs(5);
        file.set_modified(later).expect("a time");
        assert_eq!(look(), Err(Tampered::DatabaseOverwritten));
        // A checkpoint that had begun is seen when it is looked again.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await.expect("a checkpoint");
        assert_eq!(look(), Ok(()));
        connection.close().await.expect("closed");
    }
}
