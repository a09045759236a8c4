//! A store that is only looked at: nothing in it changes, and one of an older version is refused.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use tilemud_persist::store::{KnownIssuer, Unfit};
use tilemud_persist::{Access, OpenMode, Store, StoreError};

use crate::deeds::{Log, batch, hero};
use crate::place::Place;

async fn open(url: &str, mode: OpenMode) -> Result<Arc<dyn Store>, StoreError> {
    tilemud_persist::open_with(&Access { mode, ..Access::from(url) }, "meadow").await
}

fn file_of(place: &Place) -> PathBuf {
    place.url.strip_prefix("sqlite:").unwrap().into()
}

fn beside(file: &Path, end: &str) -> PathBuf {
    format!("{}{end}", file.display()).into()
}

/// Content and permissions.
fn state(file: &Path) -> (Vec<u8>, u32) {
    (std::fs::read(file).unwrap(), std::fs::metadata(file).unwrap().permissions().mode() & 0o777)
}

async fn older_store_is_refused(url: &str) {
    for mode in [OpenMode::Read, OpenMode::Write] {
        let error = open(url, mode).await.err().expect("its tables are not ours");
        assert!(matches!(error, StoreError::Unfit { reason: Unfit::Older, .. }), "{error:?}");
        let said = error.to_string();
        assert!(said.contains("start the server once, or use the version that wrote it"), "{said}");
    }
}

#[tokio::test]
async fn an_older_store_is_refused_and_left_as_it_is_in_the_embedded_store() {
    let place = Place::sqlite();
    let file = file_of(&place);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::migrate!("../migrations/sqlite").run_to(5, &mut connection).await.unwrap();
    connection.close().await.unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let before = state(&file);
    let error = open(&place.url, OpenMode::Read).await.err().expect("its tables are not ours");
    assert!(error.to_string().contains("older version"), "{error}");
    assert!(state(&file) == before, "it was changed");
    older_store_is_refused(&place.url).await;
    open(&place.url, OpenMode::Migrate).await.unwrap().close().await;
    open(&place.url, OpenMode::Read).await.unwrap();
}

#[tokio::test]
async fn an_older_store_is_refused_and_left_as_it_is_in_postgres() {
    let place = Place::postgres().await;
    let mut connection = place.postgres_connection().await;
    sqlx::migrate!("../migrations/postgres").run_to(6, &mut connection).await.unwrap();
    older_store_is_refused(&place.url).await;
    let newest = sqlx::query_scalar::<_, i64>("SELECT max(version) FROM _sqlx_migrations");
    assert_eq!(newest.fetch_one(&mut connection).await.unwrap(), 6);
    open(&place.url, OpenMode::Migrate).await.unwrap();
    open(&place.url, OpenMode::Read).await.unwrap();
}

async fn writes_are_refused(store: &dyn Store) {
    let issuer = KnownIssuer { issuer: "https://id.example".to_owned(), linked_to: None };
    store.note_issuer(&issuer).await.unwrap_err();
    assert_eq!(store.issuers().await.unwrap(), []);
}

#[tokio::test]
async fn who_only_reads_a_file_changes_nothing_of_it() {
    let place = Place::sqlite();
    let store = place.open().await;
    hero(&*store).await;
    store.close().await;
    let file = file_of(&place);
    // As a backup may be: without a log, a program's number or names by the present rule.
    let mut connection = place.sqlite_connection().await;
    for statement in
        ["PRAGMA journal_mode = DELETE", "PRAGMA application_id = 0", "UPDATE character_profiles SET name_rule = 0"]
    {
        connection.execute(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let before = state(&file);
    let store = open(&place.url, OpenMode::Read).await.unwrap();
    assert_eq!(store.names().await.unwrap().len(), 1);
    writes_are_refused(&*store).await;
    store.close().await;
    assert!(state(&file) == before, "it was changed");
    assert!(!beside(&file, "-wal").exists());
}

#[tokio::test]
async fn who_only_reads_postgres_can_write_nothing() {
    let place = Place::postgres().await;
    place.open().await;
    writes_are_refused(&*open(&place.url, OpenMode::Read).await.unwrap()).await;
}

/// What a killed server has left is put in order by whoever opens the store next; SQLite does so
/// when it is closed.
#[tokio::test]
async fn what_lies_in_the_log_is_read_and_in_the_file_afterwards() {
    let (place, copied) = (Place::sqlite(), Place::sqlite());
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&batch(1, vec![log.step(1, 1, 5)])).await.unwrap();
    let (from, to) = (file_of(&place), file_of(&copied));
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    for end in ["", "-wal"] {
        std::fs::copy(beside(&from, end), beside(&to, end)).unwrap();
    }
    let reader = open(&copied.url, OpenMode::Read).await.unwrap();
    assert_eq!(reader.last_tick().await.unwrap(), 1);
    reader.close().await;
    assert!(!beside(&to, "-wal").exists());
    assert_eq!(copied.open_reader("meadow").await.last_tick().await.unwrap(), 1);
}
