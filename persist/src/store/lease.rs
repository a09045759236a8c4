//! The right to write a world.

use std::time::Duration;

use async_trait::async_trait;
use tilemud_schema::Timestamp;

use super::error::StoreError;

/// A lease that was not renewed for so long, by the clock of who watches it, may be taken by anybody.
pub const LEASE_LASTS: Duration = Duration::from_secs(10);

/// Who wants to write a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// Says which process this is. Asking again as the same holder is granted at once, and fences the earlier self.
    pub holder: String,
    /// The lease of a holder that is to be taken from it.
    pub supersedes: Option<Superseded>,
}

/// A holder that has ended, or has been silent for [`LEASE_LASTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    pub epoch: i64,
    /// Only if it has not renewed its lease since; `None` when it cannot have.
    pub renewed: Option<Timestamp>,
}

/// The lease of a world as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseState {
    /// As given in its [`LeaseRequest`].
    pub holder: String,
    /// Changes with every holder.
    pub epoch: i64,
    /// Another value with every renewal. By a clock that need not be ours: it says whether there was a renewal, not when.
    pub renewed: Timestamp,
}

/// The right to write a world, which one process has.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Makes this store the one writer of its world, if nobody else is. All writes of earlier holders fail from now on.
    ///
    /// # Errors
    /// [`StoreError::Held`] when there is another holder and it is not superseded. Whether one is still there is not for the
    /// store to say, because it would have to trust a clock; who asks watches it for [`LEASE_LASTS`].
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError>;

    /// Who holds the lease, still there or not; `None` when it was given back or there never was one.
    async fn lease(&self) -> Result<Option<LeaseState>, StoreError>;

    /// Says that the holder is alive; for times without commits. A durable write on the connection of the commits, so it
    /// also shows whether the next commit would work.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when this store does not hold the lease.
    async fn renew_lease(&self) -> Result<(), StoreError>;

    /// Gives the lease back, if this store holds it. It cannot write any more afterwards.
    async fn release_lease(&self) -> Result<(), StoreError>;
}
