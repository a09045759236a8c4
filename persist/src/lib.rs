//! The durable store (Postgres; SQLite as the embedded default) and the cache (Redis; in process as
//! the embedded default), each behind one small trait. No game rules.
//!
//! Data comes from the persistence stage (batches of ticks) and from session handling (profiles, session
//! records), and goes into the tables that `migrations` makes; the rest of the server knows neither database.

pub mod advice;
mod authorities;
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

pub use advice::Advice;
pub use authorities::{Authorities, AuthoritiesError, certificate_problem};
pub use cache::{Cache, CacheError};
pub use failure::NO_ANSWER;
pub use store::{Store, StoreError};

/// How a server is reached.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// Its address; may hold a password.
    pub url: &'a str,
    /// The password, instead of one in the address.
    pub password: Option<&'a str>,
    /// Whose certificates are believed; those built in when it is `None`.
    pub authorities: Option<&'a Authorities>,
    /// Whether there must be a store already; else it is made.
    pub must_exist: bool,
}

impl<'a> From<&'a str> for Access<'a> {
    fn from(url: &'a str) -> Self {
        Self { url, password: None, authorities: None, must_exist: false }
    }
}

/// Opens the store at `url` for one world, bringing its tables up to date first. Several worlds may share a database.
///
/// `sqlite:PATH` is the embedded store; the file and its folder are made if missing, and the path is taken as it
/// is written. `postgres://USER@HOST/DATABASE` is Postgres.
///
/// # Errors
/// [`StoreError::UnsupportedUrl`] for anything else; [`StoreError::SetWrong`] for what will not get better by waiting;
/// otherwise what connecting and migrating answered.
pub async fn open(url: &str, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_with(&url.into(), world).await
}

/// [`open`], with all there is to say about how the server is reached.
///
/// # Errors
/// As [`open`].
pub async fn open_with(access: &Access<'_>, world: &str) -> Result<Arc<dyn Store>, StoreError> {
    let url = access.url;
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    match scheme {
        "sqlite" => {
            let path = sqlite_path(rest);
            if path.is_empty() || path == ":memory:" || path.contains('?') {
                let what = "sqlite: needs the path of a file and nothing after it".to_owned();
                return Err(StoreError::UnsupportedUrl { what });
            }
            Ok(Arc::new(sqlite::SqliteStore::open(Path::new(path), world, access.must_exist).await?))
        }
        "postgres" | "postgresql" => Ok(Arc::new(postgres::PostgresStore::open(access, world).await?)),
        // The rest of an URL may hold a password, so it is not repeated.
        other => Err(StoreError::UnsupportedUrl { what: format!("{other}: is neither sqlite: nor postgres:") }),
    }
}

/// An error of a store at `url`, met after it was opened, in words when its file is to blame.
#[must_use]
pub fn explained(error: StoreError, url: &str) -> StoreError {
    match url.split_once(':') {
        Some(("sqlite", rest)) => sqlite::explained(error, Path::new(sqlite_path(rest))),
        _ => error,
    }
}

fn sqlite_path(rest: &str) -> &str {
    rest.strip_prefix("//").unwrap_or(rest)
}
