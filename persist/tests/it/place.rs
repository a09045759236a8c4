//! A database of its own for each test.

use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tilemud_persist::Store;
use tilemud_persist::store::LeaseRequest;
use tilemud_persist::testing::PostgresServer;

/// Where a test's store is; gone when dropped.
pub struct Place {
    /// For [`tilemud_persist::open`].
    pub url: String,
    _folder: Option<TempDir>,
}

impl Place {
    /// A file in a folder that does not exist yet.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite:{}", folder.path().join("new folder/store.db").display()), _folder: Some(folder) }
    }

    /// An empty database on the server that all tests share.
    pub async fn postgres() -> Self {
        Self { url: PostgresServer::shared().create_database().await, _folder: None }
    }

    /// Opens the store for the usual world.
    pub async fn open(&self) -> Arc<dyn Store> {
        self.open_world("meadow").await
    }

    /// Opens the store for another world and takes its lease, from whoever this function gave it to
    /// before.
    pub async fn open_world(&self, world: &str) -> Arc<dyn Store> {
        let store = self.open_reader(world).await;
        store.acquire_lease(&LeaseRequest { holder: "test".to_owned(), supersedes: None }).await.unwrap();
        store
    }

    /// Makes all leases look as if they had been renewed so many seconds earlier.
    pub async fn age_leases(&self, seconds: i32) {
        if self.url.starts_with("sqlite:") {
            let statement = "UPDATE world_leases SET renewed_at =
                 strftime('%Y-%m-%dT%H:%M:%f000Z', renewed_at, ? || ' seconds')";
            sqlx::query(statement).bind(-seconds).execute(&mut self.sqlite_connection().await).await.unwrap();
        } else {
            let statement = "UPDATE world_leases SET renewed_at = renewed_at - make_interval(secs => $1::integer)";
            sqlx::query(statement).bind(seconds).execute(&mut self.postgres_connection().await).await.unwrap();
        }
    }

    /// A connection of the test's own, for what the store does not offer.
    pub async fn sqlite_connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.url.strip_prefix("sqlite:").unwrap());
        options.connect().await.unwrap()
    }

    /// A connection of the test's own, for what the store does not offer.
    pub async fn postgres_connection(&self) -> PgConnection {
        self.url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
    }

    /// Carries out a statement that the store does not offer.
    pub async fn execute(&self, statement: &'static str) {
        if self.url.starts_with("sqlite:") {
            sqlx::query(statement).execute(&mut self.sqlite_connection().await).await.unwrap();
        } else {
            sqlx::query(statement).execute(&mut self.postgres_connection().await).await.unwrap();
        }
    }

    /// Opens the store without the right to write.
    pub async fn open_reader(&self, world: &str) -> Arc<dyn Store> {
        tilemud_persist::open(&self.url, world).await.unwrap()
    }
}
