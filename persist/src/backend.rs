//! Which kind of store a URL names: the one place that knows the schemes.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::access::Access;
use crate::postgres::{self, PostgresStore};
use crate::sqlite::{self, SqliteStore};
use crate::store::{Store, StoreError};

/// How the URL of a store may begin.
pub const BEGINNINGS: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// A kind of store, and where it is. Shown without a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend<'a> {
    /// The file of an embedded store.
    Sqlite(&'a Path),
    /// A server, by its whole URL.
    Postgres(&'a str),
}

impl<'a> Backend<'a> {
    /// Parses a URL. The path of a file is used as it is written.
    ///
    /// # Errors
    /// [`StoreError::UnsupportedUrl`].
    pub fn of(url: &'a str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() || path == ":memory:" || path.contains('?') {
                    let what = "sqlite: needs the path of a file and nothing after it".to_owned();
                    return Err(StoreError::UnsupportedUrl { what });
                }
                Ok(Self::Sqlite(Path::new(path)))
            }
            "postgres" | "postgresql" => Ok(Self::Postgres(url)),
            // The rest of an URL may hold a password, so it is not repeated.
            other => Err(StoreError::UnsupportedUrl { what: format!("{other}: is neither sqlite: nor postgres:") }),
        }
    }

    /// Whether there is somebody to show a password to.
    #[must_use]
    pub const fn takes_password(self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// One store for each world, in their order.
    pub(crate) async fn open(self, access: &Access<'_>, worlds: &[&str]) -> Result<Vec<Arc<dyn Store>>, StoreError> {
        Ok(match self {
            Self::Sqlite(path) => SqliteStore::open(path, worlds, access.mode).await?.into_iter().map(shared).collect(),
            Self::Postgres(_) => PostgresStore::open(access, worlds).await?.into_iter().map(shared).collect(),
        })
    }

    pub(crate) fn explained(self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(path) => sqlite::explained(error, path),
            Self::Postgres(_) => postgres::explained(error, &self.to_string()),
        }
    }
}

fn shared(store: impl Store + 'static) -> Arc<dyn Store> {
    Arc::new(store)
}

impl fmt::Display for Backend<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(url) => {
                let url = url.split('?').next().unwrap_or_default();
                let end = url.rsplit_once('@').map_or(url, |(_, end)| end);
                let end = end.split_once("://").map_or(end, |(_, end)| end);
                write!(f, "Postgres at {end}")
            }
        }
    }
}
