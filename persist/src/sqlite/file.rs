//! The file of the embedded store: whether the file at the path is one of this program, its
//! permissions, and whether it is still the same while a server runs. Never opens the file itself
//! after SQLite has, because closing any descriptor of it would release SQLite's locks in this
//! process.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::witness::{Identity, Tampered, Witness, identity};
use crate::store::{StoreError, Unfit};

/// The application id in the header of our files: "tMUD".
pub(super) const APPLICATION_ID: u32 = 0x744d_5544;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_LEN: usize = 100;
/// Where the header has the application id and the user version, which we use as the mark of our
/// last checkpoint.
const APPLICATION_ID_AT: usize = 68;
const MARK_AT: usize = 60;

/// Free bytes on the disk that a writer needs before it starts again after an error.
const ROOM_BYTES_MIN: u64 = 2 * 1024 * 1024;

/// Suffixes of the files beside an open database.
const SIDECARS: [&str; 2] = ["-wal", "-shm"];

/// Makes the folder of the file and its parents if missing. A new folder is accessible to this user
/// only.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The folder the file is in.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Links to follow from one to the next at most, as the system does.
const LINKS_MAX: usize = 40;

/// The file that the path leads to, which need not be there yet. SQLite follows links and puts its
/// log beside the file, so what is looked for beside the link would not be found.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS_MAX {
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = folder_of(&path).join(target);
    }
    match (folder_of(&path).canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        // Opening it says the rest.
        _ => path,
    }
}

/// Whether the disk has room for more than the next few commits. A writer that restarts after an
/// error frees a little room by a checkpoint, so on a full disk it would work for a moment and fail
/// again, over and over.
pub(super) fn has_room(folder: &Path) -> io::Result<()> {
    // Where that cannot be told, trying tells it.
    let Ok(disk) = rustix::fs::statvfs(folder) else { return Ok(()) };
    let free_bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free_bytes >= ROOM_BYTES_MIN { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
}

/// What was at the path before anything was done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A file of no bytes.
    Empty,
    Something,
}

/// Looks at the path. Refuses what SQLite would make a new database of although data lies beside
/// it.
pub(super) fn look(path: &Path) -> Result<Found, StoreError> {
    let found = match std::fs::metadata(path) {
        Ok(there) if there.len() > 0 => return Ok(Found::Something),
        Ok(_) => Found::Empty,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Nothing,
        // Opening it says the rest.
        Err(_) => return Ok(Found::Something),
    };
    let wal = sidecar(path, "-wal");
    if std::fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) {
        let what = format!(
            "{} {}, but {} beside it holds data of the database that was there: a database was copied or moved without it; \
             put the file back that belongs to it, or move the other away to begin a new world",
            path.display(),
            if found == Found::Empty { "is empty" } else { "is missing" },
            wal.display(),
        );
        return Err(StoreError::Unfit { reason: Unfit::Damaged, what });
    }
    Ok(found)
}

/// Makes the file readable for this user only, and restricts an existing one, with a warning.
/// SQLite gives the files beside it the same permissions.
pub(super) fn close_to_others(path: &Path, found: Found) -> io::Result<()> {
    if found == Found::Nothing {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(drop),
        }
    }
    for file in std::iter::once(path.to_owned()).chain(SIDECARS.map(|end| sidecar(path, end))) {
        let Ok(mode) = std::fs::metadata(&file).map(|there| there.permissions().mode() & 0o777) else { continue };
        if mode & 0o077 == 0 {
            continue;
        }
        match std::fs::set_permissions(&file, Permissions::from_mode(mode & 0o700)) {
            Ok(()) => tracing::warn!(
                file = %file.display(), before = format!("{mode:o}"),
                "other users of this machine could read what players say; they no longer can"
            ),
            Err(error) => tracing::warn!(
                file = %file.display(), mode = format!("{mode:o}"), %error,
                "other users of this machine can read what players say; take their rights away with chmod 600"
            ),
        }
    }
    Ok(())
}

fn sidecar(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Watches that the path still leads to the file that was opened, and that nobody else has written
/// into it.
pub(super) struct Watched {
    /// As it was named: a link may be led to another file meanwhile.
    path: PathBuf,
    /// The file itself, beside which its log is.
    real: PathBuf,
    identity: Identity,
    /// The write-ahead log, as last seen beside the file.
    wal: Mutex<Option<Identity>>,
    witness: Mutex<Witness>,
    /// Never closed, see above.
    file: &'static File,
    /// The valid marks of the header: that of the last complete checkpoint, and that of the next
    /// one.
    marks: [AtomicU32; 2],
}

impl Watched {
    /// Begins to watch a database that has been opened under `path` and is at `real`.
    pub(super) fn begin(path: &Path, real: &Path) -> io::Result<Self> {
        let file: &'static File = Box::leak(Box::new(File::open(real)?));
        let (identity, marks) = (identity(&file.metadata()?), Default::default());
        let (path, real) = (path.to_owned(), real.to_owned());
        Ok(Self { path, real, identity, wal: Mutex::default(), witness: Mutex::default(), file, marks })
    }

    /// Whether the files are as SQLite left them, after a write of the connection that is held.
    pub(super) fn untouched(&self) -> Result<(), Tampered> {
        self.witness.lock().look(&self.real, &self.wal(), &sidecar(&self.real, "-shm"))
    }

    /// The error for a database that was written over, if it was: a copy that is younger than the
    /// last checkpoint has its mark.
    pub(super) fn overwritten(&self) -> Option<StoreError> {
        let how = self.untouched().err().filter(|how| *how == Tampered::DatabaseOverwritten)?;
        Some(self.tampered(how))
    }

    /// The files may be others from now on: a new connection is made, maybe after the last one was
    /// closed.
    pub(super) fn begin_anew(&self) {
        self.witness.lock().forget();
    }

    /// The error for what was done to them.
    pub(super) fn tampered(&self, how: Tampered) -> StoreError {
        match how {
            Tampered::LogDeleted => self.gone("has lost its log (-wal), which was deleted"),
            Tampered::LogReplaced => self.gone("has lost its log (-wal), which was emptied or replaced"),
            Tampered::DatabaseOverwritten => self.gone(
                "was overwritten with another copy or damaged from outside (restore a backup, if that was not meant)",
            ),
        }
    }

    /// Whether the path still leads to the file; one call of the system.
    ///
    /// # Errors
    /// [`StoreError::Gone`].
    pub(super) fn still_there(&self) -> Result<(), StoreError> {
        let what = match std::fs::metadata(&self.path) {
            Ok(there) if identity(&there) == self.identity && there.len() > 0 => return Ok(()),
            Ok(there) if identity(&there) == self.identity => "was emptied",
            Ok(_) => "was replaced by another file",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "was deleted",
            // A folder that cannot be looked into for a moment says nothing about the file.
            Err(_) => return Ok(()),
        };
        Err(self.gone(what))
    }

    /// Whether the mark in the header is valid. It is not when a database was copied over this one.
    ///
    /// # Errors
    /// [`StoreError::Gone`].
    pub(super) fn still_ours(&self) -> Result<(), StoreError> {
        self.still_there()?;
        let mut header = [0; HEADER_LEN];
        match self.file.read_exact_at(&mut header, 0) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(self.gone("was cut short")),
            Err(error) => return Err(StoreError::Unavailable(error.into())),
        }
        if &header[..MAGIC.len()] != MAGIC || word(&header, APPLICATION_ID_AT) != APPLICATION_ID {
            return Err(self.gone("was overwritten with something else"));
        }
        let mark = word(&header, MARK_AT);
        if !self.marks.iter().any(|known| known.load(Ordering::Acquire) == mark) {
            return Err(self.gone("was overwritten with another copy"));
        }
        *self.wal.lock() = std::fs::metadata(self.wal()).ok().map(|there| identity(&there));
        Ok(())
    }

    /// Starts from the mark in the file, because another process may have written marks until now.
    pub(super) fn begin_with(&self, mark: u32) -> Result<(), StoreError> {
        let mut in_file = [0; 4];
        let read = self.file.read_exact_at(&mut in_file, MARK_AT as u64);
        read.map_err(|error| StoreError::Unavailable(error.into()))?;
        self.marks[0].store(u32::from_be_bytes(in_file), Ordering::Release);
        self.marks[1].store(mark, Ordering::Release);
        Ok(())
    }

    /// Announces the mark that a checkpoint is about to bring into the file.
    pub(super) fn expect(&self, mark: u32) {
        self.marks[1].store(mark, Ordering::Release);
    }

    /// The announced mark is in the file.
    pub(super) fn arrived(&self) {
        self.marks[0].store(self.marks[1].load(Ordering::Acquire), Ordering::Release);
    }

    /// Where the write-ahead log is.
    pub(super) fn wal(&self) -> PathBuf {
        sidecar(&self.real, "-wal")
    }

    /// Bytes of the write-ahead log.
    pub(super) fn wal_len(&self) -> u64 {
        std::fs::metadata(self.wal()).map_or(0, |wal| wal.len())
    }

    /// For a connection that only makes a checkpoint.
    pub(super) fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new().filename(&self.real).disable_statement_logging()
    }

    /// Moves our write-ahead log away from a database that replaced ours, so that it is not applied
    /// to that one. Returns its new path. When nothing replaced the database, the log stays, and
    /// the next start is refused with a remedy.
    pub(super) fn set_wal_aside(&self) -> Option<PathBuf> {
        let wal = self.wal();
        let there = std::fs::metadata(&wal).ok()?;
        // Who led the link elsewhere has left our file with its log.
        let is_file_ours = std::fs::metadata(&self.real).is_ok_and(|there| identity(&there) == self.identity);
        let is_left = is_file_ours && self.still_there().is_err();
        if is_left || *self.wal.lock() != Some(identity(&there)) || there.len() == 0 || look(&self.real).is_err() {
            return None;
        }
        let aside = sidecar(&self.real, &format!("-wal.of-{}", std::process::id()));
        std::fs::rename(&wal, &aside).ok()?;
        Some(aside)
    }

    fn gone(&self, how: &str) -> StoreError {
        StoreError::Gone { what: format!("{} {how} while this server was using it", self.path.display()) }
    }
}

fn word(header: &[u8; HEADER_LEN], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}
