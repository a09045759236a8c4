//! The durable store as the rest of the server sees it: the calls, what goes in and out, and how they fail. The stores
//! themselves are in `postgres` and `sqlite`.

mod error;
mod history;
mod issuers;
mod lease;
mod log;
mod maintenance;
mod profiles;
mod retention;
mod sessions;
mod snapshots;

pub use self::error::{StoreError, Unfit};
pub use self::history::{History, LoggedWords, WordCount};
pub use self::issuers::{Issuers, KnownIssuer};
pub use self::lease::{LEASE_LASTS, Lease, LeaseRequest, LeaseState, Superseded};
pub use self::log::{Batch, CommitLog, CommitReport, StoredAction};
pub use self::maintenance::Maintenance;
pub use self::profiles::{CharacterProfile, HandChange, NamedCharacter, NewCharacter, ProfileWrite, Profiles};
pub(crate) use self::retention::newcomers_kept_from;
pub use self::retention::{ClockJump, ClockSigns, NEWCOMER_DAYS_KEPT, Retention, RetentionReport};
pub use self::sessions::{SessionRecord, Sessions};
pub use self::snapshots::{SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, Snapshots, StoredSnapshot};

/// A durable store of one world: all of its parts together. Whoever needs one of them asks for that one.
pub trait Store:
    CommitLog + History + Snapshots + Lease + Profiles + Sessions + Issuers + Retention + Maintenance
{
}

impl<S: CommitLog + History + Snapshots + Lease + Profiles + Sessions + Issuers + Retention + Maintenance> Store for S {}
