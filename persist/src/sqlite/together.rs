//! Commits of several worlds of one file that wait at the same time go into one transaction, with
//! one wait for the disk. Each world's part is undone by itself when it fails; what fails as a
//! whole before its commit is left to each world alone, so that each is told its own reason.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Sqlite, Transaction};
use tokio::sync::oneshot;

use super::commit;
use super::own::{Own, Part};
use super::queue::{Told, Waiting};
use super::shard::Shard;
use crate::connections::Acquired;
use crate::store::{Batch, CommitReport, StoreError};

/// Why the outcome of a batch is not known.
#[derive(Debug, thiserror::Error)]
#[error("the transaction with other worlds, which this commit was part of, was not completed")]
struct NotCompleted;

fn unknown() -> StoreError {
    StoreError::Unavailable(Box::new(NotCompleted))
}

impl Shard {
    /// Commits a batch in one transaction with those that wait.
    pub(super) async fn commit_together(&self, own: &Arc<Own>, batch: &Batch) -> Result<CommitReport, StoreError> {
        let (tell, mut told) = oneshot::channel();
        self.queue.add(Waiting { own: Arc::clone(own), batch: batch.clone(), tell });
        loop {
            let acquired = tokio::select! {
                biased;
                told = &mut told => return self.as_told(told, own, batch).await,
                acquired = self.first_writer() => acquired?,
            };
            let together = self.queue.take();
            if together.is_empty() {
                // Somebody has it, and is about to say what came of it.
                acquired.release();
                let told = (&mut told).await;
                return self.as_told(told, own, batch).await;
            }
            self.lead(acquired, together).await;
        }
    }

    async fn as_told(
        &self,
        told: Result<Told, oneshot::error::RecvError>,
        own: &Own,
        batch: &Batch,
    ) -> Result<CommitReport, StoreError> {
        match told {
            Ok(Told::Done(outcome)) => outcome,
            Ok(Told::Alone) => self.commit_alone(own, batch).await,
            // Whoever wrote it was given up half-way. What is written already is not written again.
            Err(_) => self.commit_alone(own, batch).await,
        }
    }

    /// Commits the batch of one world.
    pub(super) async fn commit_alone(&self, own: &Own, batch: &Batch) -> Result<CommitReport, StoreError> {
        let mut acquired = self.first_writer().await?;
        let report = commit::write(&mut acquired.connection, own, batch).await;
        let report = report.map_err(|error| self.damaged(error))?;
        self.written(acquired).await?;
        Ok(report)
    }

    /// Writes the batches of several worlds and tells each what came of it.
    async fn lead(&self, mut acquired: Acquired<'_, SqliteConnection>, together: Vec<Waiting>) {
        let Some((parts, transaction)) = all_parts(&mut acquired.connection, &together).await else {
            // Thrown away with what was begun on it.
            drop(acquired);
            for waiting in together {
                let _ = waiting.tell.send(Told::Alone);
            }
            return;
        };
        let mut outcome = transaction.commit().await.map_err(|error| self.damaged(error.into()));
        if outcome.is_ok() {
            outcome = self.written(acquired).await;
        }
        let mut failure = outcome.err();
        for (waiting, part) in together.into_iter().zip(parts) {
            let told = match (part, failure.is_some()) {
                (Ok(written), false) => Ok(written.note(&waiting.own, &waiting.batch)),
                // One is told the reason; that the file is lost, all are.
                (Ok(_), true) => {
                    Err(failure.replace(self.not_lost().err().unwrap_or_else(unknown)).unwrap_or_else(unknown))
                }
                (Err(error), _) => Err(self.damaged(error)),
            };
            let _ = waiting.tell.send(Told::Done(told));
        }
    }
}

type Parts<'c> = (Vec<Result<Part, StoreError>>, Transaction<'c, Sqlite>);

/// The parts of all worlds in one transaction; `None` when the transaction has failed.
async fn all_parts<'c>(connection: &'c mut SqliteConnection, together: &[Waiting]) -> Option<Parts<'c>> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.ok()?;
    let mut parts = Vec::with_capacity(together.len());
    for Waiting { own, batch, .. } in together {
        let mut part = transaction.begin().await.ok()?;
        let written = commit::write_part(&mut part, own, batch).await;
        // An error that has undone all of it leaves nothing to go back to.
        let settled = if written.is_ok() { part.commit().await } else { part.rollback().await };
        settled.ok()?;
        parts.push(written);
    }
    Some((parts, transaction))
}
