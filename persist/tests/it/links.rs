//! A store that is reached by a link: its log is beside the file, not beside the link.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Arc;

use tempfile::TempDir;
use tilemud_persist::store::Unfit;
use tilemud_persist::{Store, StoreError};

use crate::deeds::{Log, batch, hero};
use crate::lease_cases::request;

/// A link in a folder of its own, to a file in another that is not there yet.
struct Linked {
    folder: TempDir,
}

impl Linked {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::create_dir(folder.path().join("disk")).unwrap();
        symlink("../disk/world.db", folder.path().join("data/store.db")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self, name: &str) -> Result<Arc<dyn Store>, StoreError> {
        tilemud_persist::open(&format!("sqlite:{}", self.path(name).display()), "meadow").await
    }

    /// A store of one character, in use and with something in its log.
    async fn in_use(&self) -> Arc<dyn Store> {
        let store = self.open("data/store.db").await.unwrap();
        store.acquire_lease(&request("test")).await.unwrap();
        let log = Log::of(&hero(&*store).await);
        store.commit(&batch(1, vec![log.step(1, 1, 5)])).await.unwrap();
        store.maintain().await.unwrap();
        assert!(std::fs::metadata(self.path("disk/world.db-wal")).unwrap().len() > 0);
        store
    }
}

#[tokio::test]
async fn a_log_without_its_file_is_found_behind_a_link() {
    let linked = Linked::new();
    std::fs::write(linked.path("disk/world.db-wal"), "of the one that was here").unwrap();
    let error = linked.open("data/store.db").await.err().expect("data lies there");
    assert!(matches!(error, StoreError::Unfit { reason: Unfit::Damaged, .. }), "{error:?}");
    assert!(error.to_string().contains("disk/world.db-wal beside it holds data"), "{error}");
    assert!(!linked.path("disk/world.db").exists());
}

#[tokio::test]
async fn a_file_that_replaces_the_one_behind_a_link_is_left_without_the_log_of_that_one() {
    let linked = Linked::new();
    let other = linked.open("disk/other.db").await.unwrap();
    other.acquire_lease(&request("test")).await.unwrap();
    other.release_lease().await.unwrap();
    other.close().await;
    let store = linked.in_use().await;
    let before = std::fs::read(linked.path("disk/other.db")).unwrap();
    std::fs::rename(linked.path("disk/other.db"), linked.path("disk/world.db")).unwrap();
    let error = store.maintain().await.unwrap_err();
    assert!(matches!(error, StoreError::Gone { .. }), "{error:?}");
    store.close().await;
    assert!(!linked.path("disk/world.db-wal").exists(), "it would be applied to the other file");
    assert_eq!(std::fs::read(linked.path("disk/world.db")).unwrap(), before);
    linked.open("data/store.db").await.unwrap();
}

#[tokio::test]
async fn a_link_that_is_led_elsewhere_is_noticed_and_the_file_keeps_its_log() {
    let linked = Linked::new();
    let store = linked.in_use().await;
    linked.open("disk/other.db").await.unwrap().close().await;
    std::fs::remove_file(linked.path("data/store.db")).unwrap();
    symlink("../disk/other.db", linked.path("data/store.db")).unwrap();
    let error = store.maintain().await.unwrap_err();
    assert!(matches!(error, StoreError::Gone { .. }), "{error:?}");
    store.close().await;
    assert!(std::fs::metadata(linked.path("disk/world.db-wal")).unwrap().len() > 0);
    let again = linked.open("disk/world.db").await.unwrap();
    assert_eq!(again.last_tick().await.unwrap(), 1);
}
