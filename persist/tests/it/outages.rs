//! A Postgres that goes away and comes back, and the embedded store beside another program that
//! locks its file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};
use tilemud_persist::store::{Batch, LeaseRequest, NewCharacter, Store, StoreError};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{CharacterId, CharacterState, UserId};
use uuid::Uuid;

use crate::place::Place;

fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

fn tick(tick: u64) -> Batch {
    Batch { tick, ..Batch::default() }
}

fn somebody() -> NewCharacter {
    NewCharacter {
        character_id: CharacterId(Uuid::now_v7()),
        user_id: UserId("user-1".into()),
        state: CharacterState {
            display_name: "Zoe".into(),
            look: "ranger".into(),
            health: 100,
            ..CharacterState::default()
        },
    }
}

/// A server of its own, a store on it, and both of the store's kinds of connection in use before
/// the outage.
async fn store_with_history() -> (PostgresServer, Arc<dyn Store>) {
    let server = PostgresServer::start();
    let store = tilemud_persist::open(&server.create_database().await, "meadow").await.unwrap();
    store.commit(&tick(1)).await.unwrap();
    store.ping().await.unwrap();
    (server, store)
}

async fn assert_all_calls_are_unavailable(store: &dyn Store) {
    assert!(is_unavailable(&store.commit(&tick(2)).await));
    assert!(is_unavailable(&store.last_tick().await));
    assert!(is_unavailable(&store.create_character(&somebody()).await));
    assert!(is_unavailable(&store.read_log(0, 1).await));
    assert!(is_unavailable(&store.settled(&tick(2)).await));
    assert!(is_unavailable(&store.ping().await));
}

async fn assert_works_after(store: &dyn Store, last_tick: u64) {
    store.ping().await.unwrap();
    assert_eq!(store.last_tick().await.unwrap(), last_tick);
    store.commit(&tick(9)).await.unwrap();
    assert_eq!(store.last_tick().await.unwrap(), 9);
    store.create_character(&somebody()).await.unwrap();
}

#[tokio::test]
async fn a_killed_postgres_is_unavailable_and_the_store_works_again_when_it_is_back() {
    let (server, store) = store_with_history().await;
    server.kill();
    assert_all_calls_are_unavailable(&*store).await;
    server.start_again();
    assert_works_after(&*store, 1).await;
}

#[tokio::test]
async fn a_postgres_shut_down_in_good_order_is_unavailable_too() {
    let (server, store) = store_with_history().await;
    server.stop();
    assert_all_calls_are_unavailable(&*store).await;
    server.start_again();
    assert_works_after(&*store, 1).await;
}

#[tokio::test]
async fn a_restart_between_two_commits_costs_one_retry_at_most() {
    let (server, store) = store_with_history().await;
    server.stop();
    server.start_again();
    assert_eq!(store.last_tick().await.unwrap(), 1);
    if let Err(failure) = store.commit(&tick(2)).await {
        assert!(matches!(failure, StoreError::Unavailable(_)), "{failure:?}");
        store.commit(&tick(2)).await.unwrap();
    }
    assert_eq!(store.last_tick().await.unwrap(), 2);
}

#[tokio::test]
async fn a_postgres_that_hangs_is_unavailable_within_the_deadline_of_a_ping() {
    let (server, store) = store_with_history().await;
    server.pause();
    assert!(is_unavailable(&store.ping().await));
    server.resume();
    assert_works_after(&*store, 1).await;
}

#[tokio::test]
async fn an_abandoned_commit_does_not_harm_the_next_one() {
    let (server, store) = store_with_history().await;
    server.pause();
    assert!(tokio::time::timeout(Duration::from_millis(50), store.commit(&tick(2))).await.is_err());
    server.resume();
    // Whether the abandoned commit took effect is open; that the next one does is not.
    store.commit(&tick(3)).await.unwrap();
    assert_eq!(store.last_tick().await.unwrap(), 3);
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_unavailable_at_once() {
    let server = PostgresServer::start();
    let url = server.create_database().await;
    server.stop();
    assert!(is_unavailable(&tilemud_persist::open(&url, "meadow").await.map(drop)));
    server.start_again();
    tilemud_persist::open(&url, "meadow").await.unwrap();
}

#[tokio::test]
async fn two_servers_may_open_a_new_database_at_the_same_time() {
    let url = PostgresServer::shared().create_database().await;
    let opened = tokio::join!(tilemud_persist::open(&url, "meadow"), tilemud_persist::open(&url, "harbour"));
    opened.0.unwrap().ping().await.unwrap();
    opened.1.unwrap().ping().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let place = Place::sqlite();
    let path = place.url.strip_prefix("sqlite:").unwrap();
    std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
    std::fs::write(path, "this is a letter, not a database, and nothing may overwrite it").unwrap();
    assert!(tilemud_persist::open(&place.url, "meadow").await.is_err());
    assert!(std::fs::read_to_string(path).unwrap().starts_with("this is a letter"));
}

/// A commit that waits for a standby for so many milliseconds.
const WAITS: &str = "SELECT pid FROM pg_stat_activity
    WHERE wait_event = 'SyncRep' AND clock_timestamp() - state_change > $1 * interval '1 ms' LIMIT 1";

/// Cancels a commit of the store that waits, once one has for so many milliseconds.
async fn cancel_a_commit_that_waits(operator: &mut PgConnection, ms: i32) {
    let pid: i32 = loop {
        if let Some(pid) = sqlx::query_scalar(WAITS).bind(ms).fetch_optional(&mut *operator).await.unwrap() {
            break pid;
        }
        tokio::task::yield_now().await;
    };
    sqlx::query("SELECT pg_cancel_backend($1)").bind(pid).execute(operator).await.unwrap();
}

/// The database takes such a setting when it comes to it: a write of somebody else waits then.
async fn until_commits_wait(url: &str, operator: &mut PgConnection) {
    let mut other = PgConnection::connect(url).await.unwrap();
    let writing = tokio::spawn(async move {
        let write = "CREATE TABLE IF NOT EXISTS waited_for (); DROP TABLE waited_for";
        loop {
            let began = Instant::now();
            sqlx::raw_sql(write).execute(&mut other).await.unwrap();
            if began.elapsed() > Duration::from_millis(300) {
                break;
            }
        }
        other.close().await.unwrap();
    });
    cancel_a_commit_that_waits(operator, 300).await;
    writing.await.unwrap();
}

/// FR-004: what an operator lets go that waits for a standby may be lost with the machine, and is
/// not taken for done before the standbys have it.
#[tokio::test]
async fn a_commit_that_is_let_go_while_it_waits_for_a_standby_is_no_commit_yet() {
    let server = PostgresServer::start();
    let url = server.create_database().await;
    let store = tilemud_persist::open(&url, "meadow").await.unwrap();
    store.acquire_lease(&LeaseRequest { holder: "here".to_owned(), supersedes: None }).await.unwrap();
    store.commit(&tick(1)).await.unwrap();
    // A standby that is not there. The settings are taken by connections of before, too.
    let standbys = async |names: &str| {
        server.execute(&url, &format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'")).await;
        server.execute(&url, "SELECT pg_reload_conf()").await;
    };
    standbys("nobody").await;
    let mut operator = PgConnection::connect(&url).await.unwrap();
    until_commits_wait(&url, &mut operator).await;
    let committing = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            // The database takes the settings when it comes to it: the first one that waits counts.
            for number in 2.. {
                let began = Instant::now();
                store.commit(&tick(number)).await?;
                if began.elapsed() > Duration::from_secs(1) {
                    return Ok::<_, StoreError>(number);
                }
            }
            unreachable!("there is always another number")
        }
    });
    cancel_a_commit_that_waits(&mut operator, 1_100).await;
    // What was written to be sure waits as well, and is let go too, by somebody in a hurry.
    cancel_a_commit_that_waits(&mut operator, 300).await;
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut operator).await.unwrap() {
        assert!(!committing.is_finished(), "no standby has it");
    }
    assert!(!committing.is_finished(), "no standby has it");
    standbys("").await;
    let number = committing.await.unwrap().unwrap();
    assert_eq!(store.last_tick().await.unwrap(), number);

    // Who gives the lease back has none to be sure with.
    standbys("nobody").await;
    until_commits_wait(&url, &mut operator).await;
    let leaving = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.release_lease().await }
    });
    cancel_a_commit_that_waits(&mut operator, 1_100).await;
    standbys("").await;
    leaving.await.unwrap().unwrap();
    assert_eq!(store.lease().await.unwrap(), None);
}
