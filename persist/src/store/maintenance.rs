//! What keeps the database itself in order.

use async_trait::async_trait;

use super::error::StoreError;

/// The database itself.
#[async_trait]
pub trait Maintenance: Send + Sync {
    /// The worlds in the database, by name, at most a hundred.
    async fn worlds(&self) -> Result<Vec<String>, StoreError>;

    /// One cheap round trip.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Keeps the database in order and makes sure that it is still the one that was opened; to be called about once a second
    /// by who holds the lease.
    ///
    /// # Errors
    /// [`StoreError::Gone`] and [`StoreError::Unfit`] when it is lost.
    async fn maintain(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Ends the use of the store: waits for the calls under way, closes what is open and leaves the database so that its files
    /// can be copied. Later calls fail.
    async fn close(&self) {}
}
