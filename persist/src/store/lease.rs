//! The right to write a world.

use std::time::Duration;

use async_trait::async_trait;
use tilemud_schema::Timestamp;

use super::error::StoreError;

/// A lease that was not renewed for this long, by the clock of the observer, may be taken by
/// anybody, unless its holder says another time in its [`LeaseRequest`].
pub const LEASE_LASTS: Duration = Duration::from_secs(10);

/// Who wants to write a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// The process that takes the lease. The same holder gets it again at once, which fences its
    /// earlier epoch.
    pub holder: String,
    /// The lease of a holder from which it is taken.
    pub supersedes: Option<Superseded>,
}

/// A holder that has ended, or has been silent for as long as its lease lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    pub epoch: i64,
    /// Only if it has not renewed its lease since this time; `None` when it has ended for sure.
    pub renewed: Option<Timestamp>,
}

/// The lease of a world as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseState {
    /// As given in its [`LeaseRequest`].
    pub holder: String,
    /// Changes with every holder.
    pub epoch: i64,
    /// Changes with every renewal. It may come from another clock: it says whether there was a
    /// renewal, not when.
    pub renewed: Timestamp,
}

/// The right to write a world, which one process has.
#[async_trait]
pub trait Lease: Send + Sync {
    /// Makes this store the one writer of its world, if nobody else is. All writes of earlier
    /// holders fail from now on.
    ///
    /// # Errors
    /// [`StoreError::Held`] when there is another holder and it is not superseded. The store does
    /// not judge whether that holder still lives, because it would have to trust a clock; the
    /// caller observes the lease for as long as it lasts.
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError>;

    /// The holder of the lease, alive or not; `None` when it was given back or there never was one.
    async fn lease(&self) -> Result<Option<LeaseState>, StoreError>;

    /// Renews the lease in times without commits. It is a durable write on the connection of the
    /// commits, so it also shows whether the next commit would work.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when this store does not hold the lease.
    async fn renew_lease(&self) -> Result<(), StoreError>;

    /// Gives the lease back, if this store holds it. It cannot write any more afterwards.
    async fn release_lease(&self) -> Result<(), StoreError>;
}
