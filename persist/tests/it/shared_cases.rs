//! What holds of the stores of several worlds of one process that share a database.

use std::sync::Arc;

use futures_util::future::join_all;
use tilemud_persist::{Store, StoreError};

use crate::deeds::{Log, batch, hero};
use crate::lease_cases::request;
use crate::place::Place;

/// The stores of so many worlds, each with its lease, and a log in each.
async fn worlds(place: &Place, count: usize) -> (Vec<Arc<dyn Store>>, Vec<Log>) {
    let names: Vec<String> = (0..count).map(|number| format!("world {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let stores = tilemud_persist::open_all(&place.url.as_str().into(), &names).await.unwrap();
    let mut logs = Vec::new();
    for store in &stores {
        store.acquire_lease(&request("test")).await.unwrap();
        logs.push(Log::of(&hero(&**store).await));
    }
    (stores, logs)
}

/// Another process takes a world.
async fn take_over(place: &Place, world: &str) {
    let statement = "UPDATE world_leases SET epoch = epoch + 1, holder = 'another' WHERE world_id = $1";
    if place.url.starts_with("sqlite:") {
        let mut connection = place.sqlite_connection().await;
        sqlx::query(statement).bind(world).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = place.postgres_connection().await;
        sqlx::query(statement).bind(world).execute(&mut connection).await.unwrap();
    }
}

pub async fn each_world_commits_what_is_its_own_and_the_last_to_close_closes_the_database(place: &Place) {
    let (stores, logs) = worlds(place, 8).await;
    for tick in 1..=20 {
        let batches: Vec<_> = logs.iter().map(|log| batch(tick, vec![log.step(tick, tick, 5)])).collect();
        let commits = stores.iter().zip(&batches).map(|(store, batch)| store.commit(batch));
        assert!(join_all(commits).await.iter().all(Result::is_ok));
        for store in &stores {
            store.maintain().await.unwrap();
        }
    }
    let (last, rest) = stores.split_last().unwrap();
    for store in rest {
        store.release_lease().await.unwrap();
        store.close().await;
        store.close().await;
    }
    last.commit(&batch(21, Vec::new())).await.expect("it is open still");
    last.release_lease().await.unwrap();
    last.close().await;
    for (number, log) in logs.iter().enumerate() {
        let store = place.open_reader(&format!("world {number}")).await;
        assert_eq!(store.last_seq(log.session_id).await.unwrap(), 20, "world {number}");
        assert_eq!(store.last_seq(logs[(number + 1) % 8].session_id).await.unwrap(), 0, "of another world");
        store.close().await;
    }
}

pub async fn what_fails_in_one_world_fails_in_no_other(place: &Place) {
    let (stores, logs) = worlds(place, 6).await;
    let first = logs.iter().map(|log| batch(1, vec![log.step(1, 1, 5)])).collect::<Vec<_>>();
    for (store, batch) in stores.iter().zip(&first) {
        store.commit(batch).await.unwrap();
    }
    take_over(place, "world 2").await;
    for tick in 2..=10 {
        let events = |world: usize, log: &Log| match world {
            // The last of them has a number that was another action's: the others are undone.
            4 => (0..8).map(|more| log.step(100 * tick + more, tick, 5)).chain([log.step(1, tick, 5)]).collect(),
            _ => vec![log.step(tick, tick, 5)],
        };
        let batches: Vec<_> = logs.iter().enumerate().map(|(world, log)| batch(tick, events(world, log))).collect();
        let commits = stores.iter().zip(&batches).map(|(store, batch)| store.commit(batch));
        for (world, outcome) in join_all(commits).await.into_iter().enumerate() {
            match world {
                2 => assert!(matches!(outcome, Err(StoreError::Fenced)), "{outcome:?}"),
                4 => assert!(matches!(outcome, Err(StoreError::Rejected(_))), "{outcome:?}"),
                _ => drop(outcome.unwrap()),
            }
        }
    }
    for (world, (store, log)) in stores.iter().zip(&logs).enumerate() {
        let stored = if world == 2 || world == 4 { 1 } else { 10 };
        assert_eq!(store.last_seq(log.session_id).await.unwrap(), stored, "world {world}");
    }
    join_all(stores.iter().map(|store| store.close())).await;
}

pub async fn whoever_gives_up_its_commit_holds_up_nobody(place: &Place) {
    let (stores, logs) = worlds(place, 6).await;
    for tick in 1..=10 {
        let batches: Vec<_> = logs.iter().map(|log| batch(tick, vec![log.step(tick, tick, 5)])).collect();
        let commits = stores.iter().zip(&batches).enumerate().map(async |(world, (store, batch))| {
            // Two of them go away as soon as they have asked.
            if world % 3 == 1 {
                tokio::select! {
                    biased;
                    _ = store.commit(batch) => {}
                    () = tokio::task::yield_now() => {}
                }
            } else {
                store.commit(batch).await.unwrap();
            }
        });
        join_all(commits).await;
        for (world, (store, batch)) in stores.iter().zip(&batches).enumerate() {
            if world % 3 == 1 {
                // As the stage does it with what it does not know the outcome of.
                let is_stored = store.settled(batch).await.unwrap();
                if !is_stored {
                    store.commit(batch).await.unwrap();
                }
            }
        }
    }
    for (store, log) in stores.iter().zip(&logs) {
        assert_eq!(store.last_seq(log.session_id).await.unwrap(), 10);
    }
    join_all(stores.iter().map(|store| store.close())).await;
}

/// How many transactions a write-ahead log holds (<https://sqlite.org/fileformat2.html>, 4.1).
fn transactions(log: &[u8]) -> usize {
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    let frames = log[32..].chunks_exact(24 + page);
    frames.filter(|frame| frame[4..8] != [0; 4] && frame[8..16] == log[16..24]).count()
}

#[tokio::test]
async fn commits_of_worlds_that_wait_at_the_same_time_are_one_transaction_in_sqlite() {
    const WORLDS: usize = 12;
    let place = Place::sqlite();
    let (stores, logs) = worlds(&place, WORLDS).await;
    let wal = format!("{}-wal", place.url.strip_prefix("sqlite:").unwrap());
    let count = || transactions(&std::fs::read(&wal).unwrap());
    stores[0].commit(&batch(1, Vec::new())).await.unwrap();
    let before = count();
    let batches: Vec<_> = logs.iter().map(|log| batch(2, vec![log.step(1, 2, 5)])).collect();
    let commits = stores.iter().zip(&batches).map(|(store, batch)| store.commit(batch));
    assert!(join_all(commits).await.iter().all(Result::is_ok));
    let made = count() - before;
    assert!((1..=3).contains(&made), "{made} transactions for {WORLDS} worlds");
    join_all(stores.iter().map(|store| store.close())).await;
}

#[tokio::test]
async fn many_worlds_in_postgres_have_few_connections() {
    const WORLDS: usize = 24;
    let place = Place::postgres().await;
    let (stores, logs) = worlds(&place, WORLDS).await;
    for tick in 1..=5 {
        let batches: Vec<_> = logs.iter().map(|log| batch(tick, vec![log.step(tick, tick, 5)])).collect();
        let commits = stores.iter().zip(&batches).map(|(store, batch)| store.commit(batch));
        assert!(join_all(commits).await.iter().all(Result::is_ok));
        let reads = stores.iter().map(|store| store.newest_snapshot());
        assert!(join_all(reads).await.iter().all(Result::is_ok));
        let pings = stores.iter().map(|store| store.ping());
        assert!(join_all(pings).await.iter().all(Result::is_ok));
    }
    let count =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tilemud'";
    let count: i64 = sqlx::query_scalar(count).fetch_one(&mut place.postgres_connection().await).await.unwrap();
    assert!(count <= 16, "{count} connections");
    join_all(stores.iter().map(|store| store.close())).await;
}
