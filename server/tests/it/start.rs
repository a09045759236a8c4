//! A start with a database that hangs or is gone ends by itself, soon, and says why.

use std::process::Output;

use sqlx::{Connection as _, PgConnection};
use tilemud_persist::testing::PostgresServer;
use tilemud_support::player::{DEADLINE, until};
use tilemud_support::process::{Process, command};

/// A start that is expected to fail.
async fn fails(database: &str) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut command = command(data.path(), &["--database-url", database]);
    let ended = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output: Output = tokio::time::timeout(DEADLINE, ended).await.expect("it ends").unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
    assert!(said.contains("is the database running and reachable"), "{said}");
    assert!(!said.contains(database), "the address may hold a password: {said}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_with_a_database_that_hangs_or_is_gone_ends_soon_and_says_why() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    postgres.pause();
    assert!(fails(&database).await.contains("no answer within 5 s"));
    postgres.kill();
    assert!(!fails(&database).await.contains("no answer within"), "it is refused at once");

    postgres.start_again();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database]);
    assert_eq!(server.terminate().code(), Some(0));
}

/// A migration takes as long as it takes, and one server waits for another's; but only for a
/// database that lives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_waits_for_a_migration_only_while_the_database_lives() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let data = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(data.path(), &["--database-url", &database]).terminate().code(), Some(0));
    let mut other = PgConnection::connect(&database).await.unwrap();
    let mut held = other.begin().await.unwrap();
    sqlx::query("LOCK TABLE _sqlx_migrations IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let starting = tokio::spawn(async move { fails(&database).await });
    until(async || {
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *held).await.unwrap() > 0
    })
    .await;
    postgres.pause();
    let ended = tokio::time::timeout(DEADLINE, starting).await;
    ended.expect("it does not wait for a database that hangs").unwrap();
}
