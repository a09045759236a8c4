//! The durable store as the rest of the server sees it: calls, their data, and their errors. The
//! implementations are in `postgres` and `sqlite`.

mod error;
mod history;
mod issuers;
mod lease;
mod log;
mod maintenance;
mod maps;
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
pub use self::maps::{Maps, StoredMap};
pub use self::profiles::{CharacterProfile, HandChange, NamedCharacter, NewCharacter, ProfileWrite, Profiles};
pub(crate) use self::retention::newcomers_kept_from;
pub use self::retention::{ClockJump, ClockSigns, NEWCOMER_DAYS_KEPT, Retention, RetentionReport};
pub use self::sessions::{SessionRecord, Sessions};
pub use self::snapshots::{SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, Snapshots, StoredSnapshot};

/// A durable store of one world: all traits together. A caller that needs one of them takes that
/// one.
pub trait Store:
    CommitLog + History + Snapshots + Maps + Lease + Profiles + Sessions + Issuers + Retention + Maintenance
{
}

impl<S: CommitLog + History + Snapshots + Maps + Lease + Profiles + Sessions + Issuers + Retention + Maintenance> Store
    for S
{
}
