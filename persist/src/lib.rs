//! The durable store (Postgres; SQLite as the embedded default) and the cache (Redis; in process as
//! the embedded default), each behind one small trait. No game rules.
//!
//! Data comes from the persistence stage (batches of ticks) and from session handling (profiles, session
//! records), and goes into the tables that `migrations` makes; the rest of the server knows neither database.

pub mod cache;
mod column;
mod connections;
mod failure;
mod logged;
mod postgres;
mod sqlite;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod versions;
mod written;

use std::path::Path;
use std::sync::Arc;

pub use cache::{Cache, CacheError};
pub use store::{Store, StoreError};

/// Opens the store at `url` for one world, bringing its tables up to date first. Several worlds may share a database.
///
/// `sqlite:PATH` is the embedded store; the file and its folder are made if missing, and the path is taken as it
/// is written. `postgres://USER@HOST/DATABASE` is Postgres.
///
/// # Errors
/// [`StoreError::UnsupportedUrl`] for anything else; otherwise what connecting and migrating answered.
pub async fn open(url: &str, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_or_make(url, world, false).await
}

/// As [`open`], but makes nothing.
///
/// # Errors
/// As [`open`], and [`StoreError::Unfit`] when there is no store.
pub async fn open_existing(url: &str, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_or_make(url, world, true).await
}

async fn open_or_make(url: &str, world: &str, must_exist: bool) -> Result<Arc<dyn Store>, StoreError> {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    match scheme {
        "sqlite" => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path == ":memory:" || path.contains('?') {
                let what = "sqlite: needs the path of a file and nothing after it".to_owned();
                return Err(StoreError::UnsupportedUrl { what });
            }
            Ok(Arc::new(sqlite::SqliteStore::open(Path::new(path), world, must_exist).await?))
        }
        "postgres" | "postgresql" => Ok(Arc::new(postgres::PostgresStore::open(url, world, must_exist).await?)),
        // The rest of an URL may hold a password, so it is not repeated.
        other => Err(StoreError::UnsupportedUrl { what: format!("{other}: is neither sqlite: nor postgres:") }),
    }
}
