//! Maintenance of the database itself.

use async_trait::async_trait;

use super::error::StoreError;

/// The database itself.
#[async_trait]
pub trait Maintenance: Send + Sync {
    /// The worlds in the database, by name, at most a hundred.
    async fn worlds(&self) -> Result<Vec<String>, StoreError>;

    /// One cheap round trip.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Maintains the database and checks that it is still the one that was opened; to be called
    /// about once a second by the holder of the lease.
    ///
    /// # Errors
    /// [`StoreError::Gone`] and [`StoreError::Unfit`] when it is lost.
    async fn maintain(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Closes the store: waits for running calls, closes all connections and leaves the files ready
    /// to be copied. Later calls fail.
    async fn close(&self) {}
}
