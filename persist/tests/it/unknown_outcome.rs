//! Commits on Postgres whose answer never came: the transaction may still be going on in a backend
//! that nobody is connected to any more. What is asked or written next waits for it, and nothing is
//! ever there twice.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection, PgConnection, Row};
use tilemud_persist::store::{Batch, LeaseRequest, Superseded};
use tilemud_persist::testing::PostgresServer;
use tilemud_persist::{Store, StoreError};
use tilemud_schema::TickRecord;
use tokio::task::JoinHandle;

use crate::deeds::{Log, batch, hero};
use crate::lease_cases::request;
use crate::place::Place;

/// A batch with everything in it.
fn deed(log: &Log, tick: u64) -> Batch {
    let records = vec![TickRecord { tick, ..TickRecord::default() }];
    Batch { records, ..batch(tick, vec![log.step(tick, tick, 5)]) }
}

fn spawn_commit(store: &Arc<dyn Store>, batch: &Batch) -> JoinHandle<Result<(), StoreError>> {
    let (store, batch) = (Arc::clone(store), batch.clone());
    tokio::spawn(async move { store.commit(&batch).await.map(drop) })
}

/// Returns when so many statements of the database stand at a lock.
async fn wait_for_waiters(connection: &mut PgConnection, count: i64) {
    let waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted
         AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    let asking =
        async { while sqlx::query(waiting).fetch_one(&mut *connection).await.unwrap().get::<i64, _>(0) < count {} };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("so many wait");
}

/// A commit that hangs in the database after it was checked and before it ends, and whose client is
/// gone. It goes on when the holder ends its transaction.
async fn zombie(store: &Arc<dyn Store>, batch: &Batch, holder: &mut PgConnection, watcher: &mut PgConnection) {
    sqlx::query("BEGIN").execute(&mut *holder).await.unwrap();
    sqlx::query("SELECT FROM world_state WHERE world_id = 'meadow' FOR UPDATE").execute(holder).await.unwrap();
    let commit = spawn_commit(store, batch);
    wait_for_waiters(watcher, 1).await;
    commit.abort();
    assert!(commit.await.unwrap_err().is_cancelled());
}

async fn end(holder: &mut PgConnection) {
    sqlx::query("COMMIT").execute(holder).await.unwrap();
}

async fn rows(connection: &mut PgConnection) -> (i64, i64) {
    let counts = "SELECT (SELECT count(*) FROM action_events), (SELECT count(*) FROM world_ticks)";
    let row = sqlx::query(counts).fetch_one(connection).await.unwrap();
    (row.get(0), row.get(1))
}

struct Rig {
    place: Place,
    store: Arc<dyn Store>,
    log: Log,
    holder: PgConnection,
    watcher: PgConnection,
}

/// A world in which tick 1 is committed.
async fn rig() -> Rig {
    let place = Place::postgres().await;
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&deed(&log, 1)).await.unwrap();
    let [holder, watcher] = [place.postgres_connection().await, place.postgres_connection().await];
    Rig { place, store, log, holder, watcher }
}

#[tokio::test]
async fn reading_back_waits_for_a_commit_that_still_goes_on() {
    let Rig { store, log, mut holder, mut watcher, .. } = rig().await;
    let lost = deed(&log, 2);
    zombie(&store, &lost, &mut holder, &mut watcher).await;
    let settled = tokio::spawn({
        let (store, lost) = (Arc::clone(&store), lost.clone());
        async move { store.settled(&lost).await }
    });
    wait_for_waiters(&mut watcher, 2).await;
    assert_eq!(rows(&mut watcher).await, (1, 1), "it is not decided yet");
    end(&mut holder).await;
    assert!(settled.await.unwrap().unwrap());
    assert_eq!(rows(&mut watcher).await, (2, 2));
}

#[tokio::test]
async fn a_commit_that_was_killed_is_settled_as_not_done() {
    let Rig { store, log, mut holder, mut watcher, .. } = rig().await;
    let lost = deed(&log, 2);
    zombie(&store, &lost, &mut holder, &mut watcher).await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted
         AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
    sqlx::query(kill).execute(&mut watcher).await.unwrap();
    assert!(!store.settled(&lost).await.unwrap());
    end(&mut holder).await;
    store.commit(&lost).await.unwrap();
    assert!(store.settled(&lost).await.unwrap());
    assert_eq!(rows(&mut watcher).await, (2, 2));
}

#[tokio::test]
async fn a_repetition_waits_for_the_first_attempt_and_doubles_nothing() {
    let Rig { store, log, mut holder, mut watcher, .. } = rig().await;
    let lost = deed(&log, 2);
    zombie(&store, &lost, &mut holder, &mut watcher).await;
    // Without reading back, and with more in it, as after a restart of the stage.
    let mut again = lost.clone();
    again.records.extend(deed(&log, 3).records);
    again.events.extend(deed(&log, 3).events);
    again.tick = 3;
    let repetition = spawn_commit(&store, &again);
    wait_for_waiters(&mut watcher, 2).await;
    end(&mut holder).await;
    repetition.await.unwrap().unwrap();
    assert_eq!(rows(&mut watcher).await, (3, 3));
    let stored = store.find_action(log.session_id, 2).await.unwrap().unwrap();
    assert_eq!(stored.action_id, lost.events[0].action_id);
}

#[tokio::test]
async fn who_takes_the_world_over_waits_for_the_last_commit_and_finds_it() {
    let Rig { place, store, log, mut holder, mut watcher } = rig().await;
    let lost = deed(&log, 2);
    zombie(&store, &lost, &mut holder, &mut watcher).await;
    let successor = place.open_reader("meadow").await;
    let held = successor.lease().await.unwrap();
    let supersedes = held.map(|held| Superseded { epoch: held.epoch, renewed: None });
    let taking = tokio::spawn({
        let successor = Arc::clone(&successor);
        async move { successor.acquire_lease(&LeaseRequest { supersedes, ..request("successor") }).await }
    });
    wait_for_waiters(&mut watcher, 2).await;
    end(&mut holder).await;
    taking.await.unwrap().unwrap();
    assert_eq!(successor.committed_tick().await.unwrap(), 2);
    assert!(matches!(store.commit(&deed(&log, 3)).await, Err(StoreError::Fenced)));
    assert_eq!(rows(&mut watcher).await, (2, 2));
}

#[tokio::test]
async fn attempts_into_a_database_that_hangs_are_settled_when_it_wakes_up() {
    let server = PostgresServer::start();
    let url = server.create_database().await;
    let store = tilemud_persist::open(&url, "meadow").await.unwrap();
    store.acquire_lease(&request("test")).await.unwrap();
    let log = Log::of(&hero(&*store).await);
    let mut done_by_zombies = 0;
    for tick in 1..=20 {
        let lost = deed(&log, tick);
        server.pause();
        // The statement is on its way, or in the socket of a backend that stands still.
        assert!(tokio::time::timeout(Duration::from_millis(5), store.commit(&lost)).await.is_err());
        server.resume();
        if store.settled(&lost).await.unwrap() {
            done_by_zombies += 1;
        } else {
            store.commit(&lost).await.unwrap();
        }
        assert!(store.settled(&lost).await.unwrap());
    }
    println!("{done_by_zombies} of 20 attempts were carried out after their client had gone");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    assert_eq!(rows(&mut connection).await, (20, 20));
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 20);
}

#[tokio::test]
async fn a_batch_of_profiles_alone_is_never_settled_and_can_be_repeated() {
    for place in [Place::sqlite(), Place::postgres().await] {
        let store = place.open().await;
        let who = hero(&*store).await;
        let profiles = Batch { profiles: vec![crate::deeds::standing_at(&who, 1, 5)], ..batch(1, Vec::new()) };
        store.commit(&profiles).await.unwrap();
        assert!(!store.settled(&profiles).await.unwrap());
        store.commit(&profiles).await.unwrap();
        // By its record, or without one by its newest event.
        let log = Log::of(&who);
        let with_record = deed(&log, 2);
        let without = Batch { records: Vec::new(), ..deed(&log, 3) };
        for unsure in [with_record, without] {
            assert!(!store.settled(&unsure).await.unwrap());
            store.commit(&unsure).await.unwrap();
            assert!(store.settled(&unsure).await.unwrap());
        }
    }
}
