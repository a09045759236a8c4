//! The partitions of the log in Postgres: a day's rows go together, and nothing that is made or
//! dropped fails a commit.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tilemud_persist::store::{Batch, RetentionReport, StoredSnapshot};
use tilemud_persist::{Store, StoreError};
use tilemud_schema::{SessionId, TickRecord, Timestamp};
use uuid::Uuid;

use crate::deeds::{Log, NOON, batch, hero};
use crate::lease_cases::request;
use crate::place::Place;

fn day(number: i64) -> Timestamp {
    NOON.plus_millis(number * 24 * 3_600 * 1_000)
}

/// A session that began on a day.
fn session_of(number: i64) -> SessionId {
    let seconds = u64::try_from(day(number).as_micros() / 1_000_000).unwrap();
    SessionId(Uuid::new_v7(uuid::Timestamp::from_unix_time(seconds, 0, 0, 0)))
}

async fn partitions_with_rows(connection: &mut PgConnection) -> Vec<(String, i64)> {
    let statement = "SELECT tableoid::regclass::text AS name, count(*) FROM action_events GROUP BY 1 ORDER BY 1";
    let rows = sqlx::query(statement).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (row.get("name"), row.get("count"))).collect()
}

#[tokio::test]
async fn a_day_of_sessions_has_a_partition_and_goes_with_it() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let mut connection = place.postgres_connection().await;
    let log = Log::of(&hero(&*store).await);
    let of_day = |number| Log { session_id: session_of(number), ..log.clone() };
    // Rows from before there were partitions keep their day in the default one.
    store.commit(&batch(1, vec![of_day(0).step(1, 1, 5)])).await.unwrap();
    let report = store.retain(day(0), 30).await.unwrap();
    assert_eq!(report, RetentionReport { partitions_made: 2, partitions_left_out: 1, ..RetentionReport::default() });
    let report = store.retain(day(1), 30).await.unwrap();
    assert_eq!(report, RetentionReport { partitions_made: 1, ..RetentionReport::default() });

    for (number, tick) in [(1, 2), (2, 3), (3, 4)] {
        store
            .commit(&Batch { persisted_at: Some(day(number)), ..batch(tick, vec![of_day(number).step(1, tick, 5)]) })
            .await
            .unwrap();
    }
    let default = ("action_events_default".to_owned(), 1);
    let [first, second, third] = ["20261124", "20261125", "20261126"].map(|date| (format!("action_events_{date}"), 1));
    assert_eq!(partitions_with_rows(&mut connection).await, [first, second.clone(), third.clone(), default.clone()]);

    // Whatever its age, it is needed until there is a snapshot after it.
    assert_eq!(store.retain(day(32), 30).await.unwrap().partitions_dropped, 0);
    store.save_snapshot(&StoredSnapshot { tick: 3, taken_at: NOON, data: vec![1] }).await.unwrap();
    let report = store.retain(day(32), 30).await.unwrap();
    assert_eq!((report.partitions_dropped, report.partitions_in_use, report.rows_deleted), (1, 0, 1));
    assert_eq!(partitions_with_rows(&mut connection).await, [second, third.clone()]);
    // Of the third, tick 4 is after the snapshot.
    assert_eq!(store.retain(day(400), 30).await.unwrap().partitions_dropped, 1 + 3);
    assert_eq!(partitions_with_rows(&mut connection).await, [third]);
}

#[tokio::test]
async fn a_partition_in_which_a_session_goes_on_stays() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let log = Log { session_id: session_of(0), ..Log::of(&hero(&*store).await) };
    store.retain(day(0), 30).await.unwrap();
    for (number, tick) in [(0, 1), (35, 2)] {
        let batch = batch(tick, vec![log.step(tick, tick, 5)]);
        store.commit(&Batch { persisted_at: Some(day(number)), ..batch }).await.unwrap();
    }
    store.save_snapshot(&StoredSnapshot { tick: 2, taken_at: NOON, data: vec![1] }).await.unwrap();
    // The two days without sessions go, this one stays until its newest row is old.
    assert_eq!(store.retain(day(40), 30).await.unwrap().partitions_dropped, 2);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 2);
    assert_eq!(store.retain(day(66), 30).await.unwrap().partitions_dropped, 1);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 0);
}

#[tokio::test]
async fn a_day_that_worlds_share_loses_the_rows_of_each_by_its_own_retention() {
    let place = Place::postgres().await;
    let (meadow, harbour) = (place.open().await, place.open_world("harbour").await);
    let mut connection = place.postgres_connection().await;
    meadow.retain(day(0), 30).await.unwrap();
    let snapshot = StoredSnapshot { tick: 2, taken_at: NOON, data: vec![1] };
    for store in [&meadow, &harbour] {
        let log = Log { session_id: session_of(0), ..Log::of(&hero(&**store).await) };
        for tick in [1, 2, 3] {
            let at = Some(day(if tick == 3 { 40 } else { 0 }));
            store.commit(&Batch { persisted_at: at, ..batch(tick, vec![log.step(tick, tick, 5)]) }).await.unwrap();
        }
        store.save_snapshot(&snapshot).await.unwrap();
    }
    let partition = "action_events_20261123".to_owned();
    assert_eq!(partitions_with_rows(&mut connection).await, [(partition.clone(), 6)]);
    let deleted = |report: RetentionReport| (report.partitions_dropped, report.rows_deleted);
    // The two other days have no rows.
    assert_eq!(deleted(meadow.retention_plan(day(40), 30).await.unwrap()), (2, 2));
    assert_eq!(deleted(meadow.retain(day(40), 30).await.unwrap()), (2, 2));
    assert_eq!(partitions_with_rows(&mut connection).await, [(partition.clone(), 4)]);
    // All of a world's own rows are old; those of the other are not its own.
    meadow.save_snapshot(&StoredSnapshot { tick: 3, ..snapshot.clone() }).await.unwrap();
    assert_eq!(deleted(meadow.retain(day(80), 30).await.unwrap()), (3, 1));
    assert_eq!(partitions_with_rows(&mut connection).await, [(partition.clone(), 3)]);
    assert_eq!(deleted(harbour.retain(day(80), 30).await.unwrap()), (0, 0), "tick 3 is after its snapshot");
    harbour.save_snapshot(&StoredSnapshot { tick: 3, ..snapshot }).await.unwrap();
    assert_eq!(deleted(harbour.retain(day(80), 30).await.unwrap()), (1, 0));
    assert_eq!(partitions_with_rows(&mut connection).await, []);
}

#[tokio::test]
async fn a_partition_that_is_in_use_is_left_for_the_next_time() {
    let place = Place::postgres().await;
    let store = place.open().await;
    store.retain(day(0), 30).await.unwrap();
    store.commit(&batch(1, Vec::new())).await.unwrap();
    let mut connection = place.postgres_connection().await;
    let mut transaction = connection.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM action_events").execute(&mut *transaction).await.unwrap();
    let report = store.retain(day(40), 30).await.unwrap();
    // Reading does not hinder making new ones, which only the default partition is locked for, but
    // it reads that too.
    assert_eq!((report.partitions_dropped, report.partitions_in_use), (0, 3));
    assert_eq!((report.partitions_made, report.partitions_left_out), (0, 3));
    transaction.rollback().await.unwrap();
    let report = store.retain(day(40), 30).await.unwrap();
    assert_eq!((report.partitions_dropped, report.partitions_made), (3, 3));
}

#[tokio::test]
async fn a_commit_that_waited_for_its_own_new_partition_is_to_be_tried_again() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let log = Log { session_id: session_of(0), ..Log::of(&hero(&*store).await) };
    let [mut maker, mut watcher] = [place.postgres_connection().await, place.postgres_connection().await];
    let mut transaction = maker.begin().await.unwrap();
    let [from, to] = [session_of(-1), session_of(1)];
    let attach = format!(
        "CREATE TABLE late (LIKE action_events INCLUDING ALL);
         ALTER TABLE action_events ATTACH PARTITION late FOR VALUES FROM ('{}') TO ('{}')",
        from.0, to.0
    );
    sqlx::raw_sql(AssertSqlSafe(attach)).execute(&mut *transaction).await.unwrap();
    let written =
        Batch { records: vec![TickRecord { tick: 1, ..TickRecord::default() }], ..batch(1, vec![log.step(1, 1, 5)]) };
    let commit = tokio::spawn({
        let (store, written) = (store.clone(), written.clone());
        async move { store.commit(&written).await }
    });
    // It stands at the lock, having chosen the default partition.
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'action_events_default'::regclass";
    while sqlx::query(waiting).fetch_one(&mut watcher).await.unwrap().get::<i64, _>(0) == 0 {}
    transaction.commit().await.unwrap();

    let outcome = commit.await.unwrap();
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    store.commit(&written).await.unwrap();
    assert_eq!(partitions_with_rows(&mut watcher).await, [("late".to_owned(), 1)]);
}

/// A day goes as a whole when all rows in it are of worlds that share their connections, once, for
/// all of them.
#[tokio::test]
async fn worlds_of_one_process_have_one_janitor() {
    let place = Place::postgres().await;
    let worlds = ["a", "b", "c"];
    let stores = tilemud_persist::open_all(&place.url.as_str().into(), &worlds).await.unwrap();
    let mut connection = place.postgres_connection().await;
    let other = place.open_world("another process'").await;
    let mut logs = Vec::new();
    for store in &stores {
        store.acquire_lease(&request("test")).await.unwrap();
        logs.push(Log::of(&hero(&**store).await));
    }
    let log_of_another = Log::of(&hero(&*other).await);
    stores[0].retain(day(0), 30).await.unwrap();
    let of_day = |log: &Log, number| Log { session_id: session_of(number), ..log.clone() };
    let write = async |store: &dyn Store, log: &Log, number: i64, tick| {
        let events = vec![of_day(log, number).step(1, tick, 5)];
        store.commit(&Batch { persisted_at: Some(day(number)), ..batch(tick, events) }).await.unwrap();
    };
    for (store, log) in stores.iter().zip(&logs) {
        write(&**store, log, 1, 2).await;
        write(&**store, log, 2, 3).await;
    }
    write(&*other, &log_of_another, 2, 3).await;
    let names = |days: &[&str]| days.iter().map(|date| format!("action_events_{date}")).collect::<Vec<_>>();
    let there = async |connection: &mut PgConnection| {
        let found = partitions_with_rows(connection).await;
        found.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(there(&mut connection).await, names(&["20261124", "20261125"]));

    // One of them would need the day for its recovery, so it stays for all.
    let snapshot = StoredSnapshot { tick: 9, taken_at: NOON, data: vec![1] };
    for store in &stores[..2] {
        store.save_snapshot(&snapshot).await.unwrap();
    }
    assert_eq!(stores[0].retain(day(400), 30).await.unwrap().rows_deleted, 1, "of the day that is shared");
    assert_eq!(there(&mut connection).await, names(&["20261124", "20261125"]));
    stores[2].save_snapshot(&snapshot).await.unwrap();
    let report = stores[1].retain(day(401), 30).await.unwrap();
    assert_eq!((report.partitions_dropped, report.rows_deleted), (1, 1), "{report:?}");
    assert_eq!(there(&mut connection).await, names(&["20261125"]), "which another process has a part in");
    // One that is missing now is made the next day, for none looks again today.
    sqlx::query("DROP TABLE action_events_20271230").execute(&mut connection).await.unwrap();
    let report = stores[2].retain(day(401), 30).await.unwrap();
    assert_eq!((report.partitions_made, report.partitions_dropped, report.rows_deleted), (0, 0, 1), "it is done");
    assert_eq!(partitions_with_rows(&mut connection).await, [("action_events_20261125".to_owned(), 1)]);
}
