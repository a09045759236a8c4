//! The write-ahead log of the embedded store: it grows while somebody reads for long, and no longer
//! than that.

use sqlx::{Connection as _, Executor as _, Row as _};
use tilemud_persist::StoreError;
use tilemud_persist::store::StoredSnapshot;

use crate::deeds::NOON;
use crate::place::Place;

/// More than the log may have for long.
const LARGE: usize = 12 * 1024 * 1024;

#[tokio::test]
async fn the_log_is_cut_back_when_a_long_reader_has_ended_and_gone_after_the_close() {
    let place = Place::sqlite();
    let store = place.open().await;
    let wal = format!("{}-wal", place.url.strip_prefix("sqlite:").unwrap());
    let wal_len = || std::fs::metadata(&wal).map_or(0, |wal| wal.len());
    let mut reader = place.sqlite_connection().await;
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT * FROM world_leases").fetch_all(&mut *reading).await.unwrap();
    store.save_snapshot(&StoredSnapshot { tick: 1, taken_at: NOON, data: vec![7; LARGE] }).await.unwrap();
    store.maintain().await.unwrap();
    assert!(wal_len() > LARGE as u64, "it is kept for who reads: {}", wal_len());
    // Nobody is held up meanwhile.
    store.renew_lease().await.unwrap();
    reading.commit().await.unwrap();
    store.maintain().await.unwrap();
    assert_eq!(wal_len(), 0);

    let rows = sqlx::query("PRAGMA application_id").fetch_one(&mut reader).await.unwrap();
    assert_eq!(rows.get::<i64, _>(0), 0x744d_5544, "the file says whose it is");
    reader.close().await.unwrap();
    store.renew_lease().await.unwrap();
    store.close().await;
    assert!(!std::path::Path::new(&wal).exists());
    assert!(store.renew_lease().await.is_err() && store.ping().await.is_err(), "it is closed");
}

#[tokio::test]
async fn a_fold_that_meets_a_lock_of_another_program_loses_nothing_and_is_done_when_it_is_gone() {
    let place = Place::sqlite();
    let store = place.open().await;
    let wal = format!("{}-wal", place.url.strip_prefix("sqlite:").unwrap());
    let wal_len = || std::fs::metadata(&wal).map_or(0, |wal| wal.len());
    let (mut other, mut reader) = (place.sqlite_connection().await, place.sqlite_connection().await);
    let large = |tick| StoredSnapshot { tick, taken_at: NOON, data: vec![7; LARGE] };

    // Held before the fold begins: not even its mark can be written.
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT * FROM world_leases").fetch_all(&mut *reading).await.unwrap();
    store.save_snapshot(&large(1)).await.unwrap();
    reading.commit().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = store.maintain().await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "it may work later: {refused:?}");
    assert_eq!(refused.reason(), "another program holds it locked");
    other.execute("ROLLBACK").await.unwrap();
    store.maintain().await.unwrap();
    assert_eq!(wal_len(), 0);

    // Held between the mark and the fold: the mark is on its way, and is looked for until it has
    // arrived.
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT * FROM world_leases").fetch_all(&mut *reading).await.unwrap();
    store.save_snapshot(&large(2)).await.unwrap();
    store.maintain().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    reading.commit().await.unwrap();
    store.maintain().await.unwrap();
    assert!(wal_len() > LARGE as u64, "nobody is waited for: {}", wal_len());
    other.execute("ROLLBACK").await.unwrap();
    store.maintain().await.unwrap();
    assert_eq!(wal_len(), 0);
    assert_eq!(store.newest_snapshot().await.unwrap(), Some(large(2)));
    store.renew_lease().await.unwrap();
    reader.close().await.unwrap();
    other.close().await.unwrap();
    store.close().await;
    assert!(!std::path::Path::new(&wal).exists());
}
