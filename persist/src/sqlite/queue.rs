//! The batches of several worlds of one file that wait for its writer.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::own::Own;
use crate::store::{Batch, CommitReport, StoreError};

/// Worlds of one transaction at most.
const WORLDS_MAX: usize = 64;

/// Rows of one transaction, from which on no further world comes in: all wait for all.
const ROWS_MAX: usize = 20_000;

/// The batches that wait for the writer, in the order of their arrival. Each world has one at a
/// time.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Waiting>>);

/// A batch that waits, and who is to be told.
pub(super) struct Waiting {
    pub(super) own: Arc<Own>,
    pub(super) batch: Batch,
    pub(super) tell: oneshot::Sender<Told>,
}

/// What becomes of a batch.
pub(super) enum Told {
    Done(Result<CommitReport, StoreError>),
    /// Nothing was written of any; it is to be tried by itself.
    Alone,
}

impl Queue {
    pub(super) fn add(&self, waiting: Waiting) {
        self.0.lock().push_back(waiting);
    }

    /// Those that go into the next transaction, without whoever has given up.
    pub(super) fn take(&self) -> Vec<Waiting> {
        let mut queue = self.0.lock();
        queue.retain(|waiting| !waiting.tell.is_closed());
        let (mut rows, mut worlds) = (0, 0);
        for waiting in queue.iter() {
            if worlds == WORLDS_MAX || (worlds > 0 && rows >= ROWS_MAX) {
                break;
            }
            rows += waiting.batch.events.len() + waiting.batch.records.len() + waiting.batch.profiles.len();
            worlds += 1;
        }
        queue.drain(..worlds).collect()
    }
}
