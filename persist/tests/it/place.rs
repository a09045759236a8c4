//! A database of its own for each test.

use std::sync::Arc;

use tempfile::TempDir;
use tilemud_persist::Store;
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

    /// Opens the store for another world.
    pub async fn open_world(&self, world: &str) -> Arc<dyn Store> {
        tilemud_persist::open(&self.url, world).await.unwrap()
    }
}
