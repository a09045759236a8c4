//! The durable store (Postgres; SQLite as the embedded default) and the cache (Redis; in process as
//! the embedded default), each behind one small trait. No game rules.
//!
//! Data comes from the persistence stage (batches of ticks) and from session handling (profiles,
//! session records), and goes into the tables that `migrations` makes; the rest of the server knows
//! neither database.

mod access;
mod authorities;
mod backend;
pub mod cache;
mod column;
mod connections;
mod copied;
pub mod copies;
pub mod diagnostic;
mod document;
mod failure;
mod logged;
mod postgres;
mod sql;
mod sqlite;
pub mod store;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod versions;
mod written;

use std::sync::Arc;

pub use access::{Access, OpenMode};
pub use authorities::{Authorities, AuthoritiesError, certificate_problem};
pub use backend::{BEGINNINGS, Backend};
pub use cache::{Cache, CacheError};
pub use diagnostic::Diagnostic;
pub use failure::NO_ANSWER;
use sqlite::image;
pub use store::{Store, StoreError};

/// Migrates and opens the store at `url` for one world. Several worlds may share a database.
///
/// `sqlite:PATH` is the embedded store; the file and its folder are made if missing, and the path
/// is taken as it is written. `postgres://USER@HOST/DATABASE` is Postgres.
///
/// # Errors
/// [`StoreError::UnsupportedUrl`] for anything else; [`StoreError::SetWrong`] for what will not get
/// better by waiting; otherwise what connecting and migrating answered.
pub async fn open(url: &str, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_with(&url.into(), world).await
}

/// [`open`] with all connection settings.
///
/// # Errors
/// As [`open`].
pub async fn open_with(access: &Access<'_>, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    Backend::of(access.url)?.open_one(access, world).await
}

/// The stores of several worlds of one process in one database, in their order. They share its
/// connections; it is migrated once, and closed with the last of them.
///
/// # Errors
/// As [`open`].
pub async fn open_all(access: &Access<'_>, worlds: &[&str]) -> Result<Vec<Arc<dyn Store>>, StoreError> {
    Backend::of(access.url)?.open(access, worlds).await
}

/// An error of the opened store at `url`, with a diagnostic when its file is the cause.
#[must_use]
pub fn explained(error: StoreError, url: &str) -> StoreError {
    match Backend::of(url) {
        Ok(backend) => backend.explained(error),
        Err(_) => error,
    }
}
