//! The write-ahead log of the embedded store: it grows while somebody reads for long, and no longer than that.

use sqlx::{Connection as _, Row as _};
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
    store.look_after().await.unwrap();
    assert!(wal_len() > LARGE as u64, "it is kept for who reads: {}", wal_len());
    // Nobody is held up meanwhile.
    store.renew_lease().await.unwrap();
    reading.commit().await.unwrap();
    store.look_after().await.unwrap();
    assert_eq!(wal_len(), 0);

    let rows = sqlx::query("PRAGMA application_id").fetch_one(&mut reader).await.unwrap();
    assert_eq!(rows.get::<i64, _>(0), 0x744d_5544, "the file says whose it is");
    reader.close().await.unwrap();
    store.renew_lease().await.unwrap();
    store.close().await;
    assert!(!std::path::Path::new(&wal).exists());
    assert!(store.renew_lease().await.is_err() && store.ping().await.is_err(), "it is closed");
}
