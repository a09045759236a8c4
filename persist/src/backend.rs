//! Which kind of store a URL names: the one place that knows the schemes.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::access::{Access, OpenMode};
use crate::copied::Scope;
use crate::image::Image;
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
                if path.is_empty() || path == ":memory:" || has_parameters(path) {
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

    /// The store of one world.
    pub(crate) async fn open_one(self, access: &Access<'_>, world: &str) -> Result<Arc<dyn Store>, StoreError> {
        let mut stores = self.open(access, &[world]).await?;
        stores.pop().ok_or_else(|| StoreError::UnsupportedUrl { what: "no world was named".to_owned() })
    }

    /// Writes the rows of a world, or some of them, into an image. False when there are none.
    pub(crate) async fn copy_out(
        self,
        access: &Access<'_>,
        world: &str,
        image: &mut Image,
        scope: Scope,
    ) -> Result<bool, StoreError> {
        // Says what is wrong with the place.
        self.open_one(&Access { mode: OpenMode::Read, ..*access }, world).await?.close().await;
        match self {
            Self::Sqlite(path) => sqlite::copies::copy_out(path, world, image, scope).await,
            Self::Postgres(_) => postgres::copies::copy_out(access, world, image, scope).await,
        }
    }

    /// Writes the rows of an image into a store, which has none of its world.
    pub(crate) async fn copy_in(self, access: &Access<'_>, world: &str, image: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::copies::copy_in(path, image, world).await,
            Self::Postgres(_) => postgres::copies::copy_in(access, image, world).await,
        }
    }

    pub(crate) fn explained(self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(path) => sqlite::explained(error, path),
            Self::Postgres(_) => postgres::explained(error, &self.to_string()),
        }
    }
}

/// Whether an SQLite URL ends as those of other programs do, `?mode=memory`. A `?` elsewhere is of
/// the path.
fn has_parameters(path: &str) -> bool {
    let after = path.rsplit_once('?').map_or("", |(_, after)| after);
    after
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
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
