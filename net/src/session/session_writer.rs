//! Session records on their way to the store. Records that wait at the same time are written
//! together, so that many players who come back at once do not need a disk write each and do not
//! delay the commits of ticks.
//!
//! Records of one session are written in the order they came. What is full: see
//! [`SESSION_WRITER_LEN_MAX`].

use std::sync::Arc;

use tilemud_persist::store::{SessionRecord, Sessions, StoreError};
use tilemud_schema::ErrorCode;
use tilemud_vitals::process::Process;
use tokio::sync::{mpsc, oneshot};

use crate::error::ApiError;
use crate::limits::{SESSION_WRITER_BATCH_MAX, SESSION_WRITER_LEN_MAX};

/// The way to the store.
#[derive(Debug)]
pub(crate) struct SessionWriter {
    sender: mpsc::Sender<Line>,
}

#[derive(Debug)]
struct Line {
    record: SessionRecord,
    written: oneshot::Sender<Result<(), Arc<StoreError>>>,
}

impl SessionWriter {
    /// Writes to `store` until it is dropped. To be called inside a runtime.
    pub(crate) fn new(store: Arc<dyn Sessions>, process: &Process) -> Self {
        let (sender, lines) = mpsc::channel(SESSION_WRITER_LEN_MAX);
        process.spawn("the ledger of sessions", write(store, lines));
        Self { sender }
    }

    /// Returns when the record is durable.
    ///
    /// # Errors
    /// UNAVAILABLE, INTERNAL.
    ///
    /// # Cancel safety
    /// The record of a dropped call may or may not be written.
    pub(crate) async fn save(&self, record: SessionRecord) -> Result<(), ApiError> {
        let (written, outcome) = oneshot::channel();
        let stopped = |_| ApiError::caused(ErrorCode::Unavailable, "the ledger has ended");
        self.sender.send(Line { record, written }).await.map_err(|_| stopped(()))?;
        Ok(outcome.await.map_err(|_| stopped(()))??)
    }
}

async fn write(store: Arc<dyn Sessions>, mut lines: mpsc::Receiver<Line>) {
    let mut waiting = Vec::new();
    while lines.recv_many(&mut waiting, SESSION_WRITER_BATCH_MAX).await > 0 {
        let (records, written): (Vec<_>, Vec<_>) = waiting.drain(..).map(|line| (line.record, line.written)).unzip();
        let outcome = store.save_sessions(&records).await.map_err(Arc::new);
        for written in written {
            // Nobody waits any more for some of them.
            let _ = written.send(outcome.clone());
        }
    }
}
