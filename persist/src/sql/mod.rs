//! SQL that both stores share: statements without a dialect, calls that are one statement, and the
//! decoding of rows. What differs (column types of ids, times and documents, locks, batches) is in
//! `postgres` and `sqlite`.

/// Whether the writer with epoch $2 may write: a cheap check of the lease for a statement that is a
/// transaction by itself.
macro_rules! may_write {
    () => {
        "(EXISTS (SELECT 1 FROM world_leases WHERE world_id = $1 AND epoch = $2)
          OR (CAST($2 AS bigint) IS NULL AND NOT EXISTS (SELECT 1 FROM world_leases WHERE world_id = $1)))"
    };
}
pub(crate) use may_write;

mod creations;
mod log;
mod maps;
mod profiles;
mod rows;
mod sessions;
mod times;
mod value;

use async_trait::async_trait;

pub(crate) use self::creations::{Creations, New, Steps, insert_all};
pub(crate) use self::log::{committed_tick, find_action, last_seq, last_tick, snapshot_ticks};
pub(crate) use self::profiles::NAMES;
pub(crate) use self::rows::{Columns, named};
pub(crate) use self::times::{clock_jumps, forget_clock_jumps, note_clock_jump};
pub(crate) use self::value::Value;
use crate::store::StoreError;
use crate::versions::Versions;

/// A store with SQL statements. Parameters are written `$1`, which is the world, `$2` and so on.
#[async_trait]
pub(crate) trait Sql: Send + Sync {
    /// A row of an answer.
    type Row: Columns + Send + Sync;

    /// The epoch of the lease this store has acquired, if it has.
    fn lease_epoch(&self) -> Option<i64>;

    /// Which versions of profiles were read and written.
    fn versions(&self) -> &Versions;

    async fn row(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<Self::Row>, StoreError>;

    /// All rows, for what nobody waits for in play.
    async fn rows(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Self::Row>, StoreError>;

    /// Writes; how many rows.
    async fn change(&self, statement: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Writes many rows with one unprepared statement. Returns the number of rows. One statement
    /// per row would hold the connection for a round trip or a thread switch each.
    async fn change_many(&self, statement: String, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Those that wait to be written.
    fn creations(&self) -> &Creations;

    /// Writes characters in one transaction, by [`insert_all`]; what that answers.
    async fn insert_characters(&self, characters: &[&New]) -> Result<bool, StoreError>;
}
