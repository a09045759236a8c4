//! One file with all its connections, which the worlds in it share: one writer, some readers, and
//! what watches over the file. A file that is lost is lost for all of them.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use sqlx::sqlite::SqliteConnection;

use super::checkpoint_state::{State, checkpoint};
use super::file::Watched;
use super::queue::Queue;
use super::witness::Tampered;
use crate::connections::{Acquired, Connections};
use crate::store::{StoreError, Unfit};

/// How often, and after how long, files are looked at again that look as if they were not ours.
const LOOKS_AGAIN: u32 = 4;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A file and its connections.
pub(super) struct Shard {
    pub(super) writer: Connections<SqliteConnection>,
    pub(super) readers: Connections<SqliteConnection>,
    pub(super) watched: Arc<Watched>,
    pub(super) checkpoint: Mutex<State>,
    /// One who looks after the file at a time, and when somebody last did.
    pub(super) care: tokio::sync::Mutex<Option<tokio::time::Instant>>,
    /// Whether a world of it was ever run from here, so that the file bears marks of ours.
    pub(super) is_marked: AtomicBool,
    /// Stores of worlds that are not closed yet.
    pub(super) open: AtomicUsize,
    /// Batches of several worlds that wait for the writer.
    pub(super) queue: Queue,
    /// Set once the file was replaced or is damaged.
    pub(super) lost: OnceLock<Lost>,
}

/// Why nothing more is written.
pub(super) enum Lost {
    /// The file was taken away.
    Gone(String),
    Damaged(String),
}

impl Lost {
    pub(super) fn error(&self) -> StoreError {
        match self {
            Self::Gone(what) => StoreError::Gone { what: what.clone() },
            Self::Damaged(what) => StoreError::Unfit { reason: Unfit::Damaged, what: what.clone() },
        }
    }
}

impl Shard {
    /// Nothing is marked yet, and no world is open.
    pub(super) fn new(
        writer: Connections<SqliteConnection>,
        readers: Connections<SqliteConnection>,
        watched: Arc<Watched>,
    ) -> Self {
        Self {
            writer,
            readers,
            watched,
            checkpoint: Mutex::default(),
            care: tokio::sync::Mutex::default(),
            is_marked: AtomicBool::default(),
            open: AtomicUsize::default(),
            queue: Queue::default(),
            lost: OnceLock::new(),
        }
    }

    /// The writing connection, unless the file is lost.
    pub(super) async fn writer(&self) -> Result<Acquired<'_, SqliteConnection>, StoreError> {
        self.not_lost()?;
        self.writer.acquire().await
    }

    /// The same for ticks, leases and probes: whatever a world or its health waits for. A crowd of
    /// calls, each of which takes a wait for the disk, would hold them up until the store counts as
    /// away.
    pub(super) async fn first_writer(&self) -> Result<Acquired<'_, SqliteConnection>, StoreError> {
        self.not_lost()?;
        self.writer.acquire_first().await
    }

    /// To be called after a write, before anybody is told of it: what went into files that nobody
    /// can find any more is not stored.
    pub(super) async fn written(&self, mut acquired: Acquired<'_, SqliteConnection>) -> Result<(), StoreError> {
        let mut outcome = self.watched.untouched();
        for _ in 0..LOOKS_AGAIN {
            // It may be a checkpoint of another process that has just begun.
            if outcome != Err(Tampered::DatabaseOverwritten) {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            outcome = self.watched.untouched();
        }
        if outcome == Err(Tampered::LogDeleted) && self.watched.still_there().is_ok() {
            // The connection still has it, and the database is ours: all of it can be put there.
            let is_saved = checkpoint(&mut acquired.connection).await.is_ok_and(|is_complete| is_complete);
            tracing::error!(is_saved, "the log beside the database was deleted while it was in use");
        }
        // Not closed, which might put our log into what is there now.
        acquired.release();
        self.watched.still_there().map_err(|error| self.lost(error))?;
        outcome.map_err(|how| self.lost(self.watched.tampered(how)))
    }

    pub(super) fn not_lost(&self) -> Result<(), StoreError> {
        self.lost.get().map_or(Ok(()), |lost| Err(lost.error()))
    }

    /// Returns the error. If it means that the file is lost, nothing is written from now on.
    pub(super) fn lost(&self, error: StoreError) -> StoreError {
        let is_damage = matches!(error, StoreError::Unfit { reason: Unfit::Damaged, .. });
        // Half of another file under what we remember of ours looks like damage.
        let another = || self.watched.still_ours().err().or_else(|| self.watched.overwritten());
        let another = if is_damage && self.is_marked.load(Ordering::Acquire) { another() } else { None };
        let error = another.filter(|error| matches!(error, StoreError::Gone { .. })).unwrap_or(error);
        let lost = match &error {
            StoreError::Gone { what } => Some(Lost::Gone(what.clone())),
            StoreError::Unfit { reason: Unfit::Damaged, what } => Some(Lost::Damaged(what.clone())),
            _ => None,
        };
        if let Some(lost) = lost {
            let _ = self.lost.set(lost);
        }
        error
    }

    /// As [`Self::lost`], but a database that was restored through SQLite itself is complete and
    /// closed as usual.
    pub(super) fn damaged(&self, error: StoreError) -> StoreError {
        if matches!(error, StoreError::Gone { .. }) { error } else { self.lost(error) }
    }
}
