//! S8, FR-016: the world comes back from its snapshots and its log as it was, `tilemud replay`
//! verifies that, and only one server at a time may write it.

use std::path::Path;
use std::process::{Command, ExitStatus, Output};

use tilemud_persist::store::{LeaseRequest, StoredSnapshot};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{Direction, Encoding, ServerMessage};
use tilemud_sim::WorldSnapshot;
use tilemud_support::player::{Player, until};
use tilemud_support::process::{Process, command, database};

use crate::cache::WORLD;

/// `tilemud replay` on a data folder.
pub fn replay(data: &Path, flags: &[&str]) -> Output {
    upkeep("replay", data, flags)
}

/// Another command than `tilemud serve` on a data folder.
fn upkeep(verb: &str, data: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args([verb, "--log-filter", "warn", "--data-dir"]).arg(data).args(flags);
    command.output().unwrap()
}

#[tokio::test]
async fn t088_the_log_can_be_cleaned_up_by_hand_and_the_job_says_what_it_did() {
    let data = tempfile::tempdir().unwrap();
    let postgres = PostgresServer::start();
    let url = postgres.create_database().await;
    let flags = ["--database-url", &url];
    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.say_for_sure("This stays").await;
    let output = upkeep("retain", data.path(), &[&flags[..], &["--keep-days", "1"]].concat());
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("partitions: ") && said.contains("deleted: 0 events"), "{said}");
    assert!(server.terminate().success());
    assert_verified(&replay(data.path(), &flags), 1);
    let output = upkeep("retain", data.path(), &["--keep-days", "0"]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}

pub fn assert_verified(output: &Output, events: usize) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("with {events} events replayed")), "{said}");
    assert!(said.contains("everything is as recorded"), "{said}");
}

#[tokio::test]
async fn s8_the_log_replays_to_the_recorded_world_across_kills_and_a_changed_row_is_named() {
    let data = tempfile::tempdir().unwrap();
    let mut events = 0;
    for round in 0..3 {
        let server = Process::start(data.path(), &[]);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
        ann.say_for_sure("still here").await;
        let there = if round % 2 == 0 { Direction::East } else { Direction::West };
        let stepped = bob.step(there).await;
        events += 1 + usize::from(bob.answer(stepped).await.is_ok());
        if round == 1 {
            assert!(server.terminate().success());
        } else {
            server.kill();
        }
        assert_verified(&replay(data.path(), &[]), events);
    }

    let database = sqlx::SqlitePool::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    let changed =
        "UPDATE action_events SET payload = json_set(payload, '$.to.x', 1) WHERE action_type = 'move' AND tick =
                       (SELECT max(tick) FROM action_events WHERE action_type = 'move') RETURNING tick";
    let tick: i64 = sqlx::query_scalar(changed).fetch_one(&database).await.unwrap();
    let output = replay(data.path(), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("tick {tick} differs: event 0")), "{said}");
    assert!(said.contains("the step led to 1,"), "{said}");
    // Nor does a server start on it.
    let output = command(data.path(), &[]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("tick {tick} differs")), "{said}");
    // A row that is missing is counted, whatever state the world is in without it.
    let missing = "DELETE FROM action_events WHERE tick = ?1 RETURNING tick";
    let rows = sqlx::query(missing).bind(tick).fetch_all(&database).await.unwrap().len();
    for output in [replay(data.path(), &[]), command(data.path(), &[]).output().unwrap()] {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(&format!("tick {tick} differs: {rows} events were committed in it, and the log has 0")),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_replay_begins_with_the_first_snapshot_of_the_oldest_day_under_the_same_rules() {
    const ROUNDS: usize = 5;
    let data = tempfile::tempdir().unwrap();
    for _ in 0..ROUNDS {
        let server = Process::start(data.path(), &[]);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        ann.say_for_sure("another day").await;
        assert!(server.terminate().success());
    }
    // Two snapshots for each of the rounds; a replay from the newest ones alone would see two of
    // them.
    assert_verified(&replay(data.path(), &[]), ROUNDS);

    let store = tilemud_persist::open(&format!("sqlite:{}", database(data.path()).display()), WORLD).await.unwrap();
    store.acquire_lease(&LeaseRequest { holder: "test".to_owned(), supersedes: None }).await.unwrap();
    let ticks = store.snapshot_ticks().await.unwrap();
    let first = store.snapshot(ticks[0]).await.unwrap().unwrap();
    let mut world = WorldSnapshot::decode(&first.data).unwrap();
    world.version = "of other rules".to_owned();
    store.save_snapshot(&StoredSnapshot { data: world.encode(), ..first }).await.unwrap();
    store.release_lease().await.unwrap();
    assert_verified(&replay(data.path(), &[]), 2);
}

/// Neither a replay nor a start plays a world with this, and both say where it is and what to do.
fn assert_refused(data: &Path, problem: &str, remedy: &str) {
    for output in [replay(data, &[]), command(data, &[]).output().unwrap()] {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(problem) && said.contains(remedy), "{said}");
    }
}

#[tokio::test]
async fn a_tick_that_the_world_cannot_have_come_to_is_refused_with_its_place_and_not_played_for_ever() {
    const ABSURD: i64 = 1 << 62;
    let data = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let server = Process::start(data.path(), &[]);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        ann.say_for_sure("still here").await;
        assert!(server.terminate().success());
    }
    let database = sqlx::SqlitePool::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    let run = async |statement: &'static str, tick: i64| {
        sqlx::query_scalar::<_, i64>(statement).bind(tick).fetch_one(&database).await.unwrap()
    };

    let newest = run("SELECT max(tick) FROM world_ticks WHERE tick < ?1", ABSURD).await;
    run("UPDATE world_ticks SET tick = ?1 WHERE tick = (SELECT max(tick) FROM world_ticks) RETURNING tick", ABSURD)
        .await;
    assert_refused(data.path(), &format!("the log has a tick {ABSURD} (in world_ticks)"), "docs/backup.md");
    run("UPDATE world_ticks SET tick = ?1 WHERE tick = 1 << 62 RETURNING tick", newest).await;

    let reserved = run("SELECT last_tick FROM world_state WHERE last_tick < ?1", ABSURD).await;
    run("UPDATE world_state SET last_tick = ?1 RETURNING last_tick", ABSURD).await;
    let output = command(data.path(), &[]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let problem = format!("the world has come to tick {ABSURD} (last_tick in world_state)");
    assert!(said.contains(&problem) && said.contains("docs/backup.md"), "{said}");
    run("UPDATE world_state SET last_tick = ?1 RETURNING last_tick", reserved).await;

    let newest_snapshot =
        "UPDATE world_snapshots SET tick = ?1 WHERE tick = (SELECT max(tick) FROM world_snapshots) RETURNING tick";
    run(newest_snapshot, ABSURD).await;
    assert_refused(
        data.path(),
        &format!("under tick {ABSURD} (in world_snapshots)"),
        "delete that row of world_snapshots",
    );
    run("DELETE FROM world_snapshots WHERE tick = ?1 RETURNING tick", ABSURD).await;
    assert_verified(&replay(data.path(), &[]), 2);
    assert!(Process::start(data.path(), &[]).terminate().success());
}

#[tokio::test]
async fn a_world_whose_newest_snapshot_was_written_half_is_brought_back_from_the_one_before() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.walk(Direction::East).await;
    assert!(server.terminate().success());
    let database = sqlx::SqlitePool::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    let half = "UPDATE world_snapshot_parts SET data = substr(data, 1, length(data) / 2) WHERE save_id =
                    (SELECT save_id FROM world_snapshots ORDER BY tick DESC LIMIT 1)";
    assert_eq!(sqlx::query(half).execute(&database).await.unwrap().rows_affected(), 1);

    let server = Process::start(data.path(), &[]);
    let again = Player::join(&server.url, "Ann", Encoding::Json).await;
    assert_eq!(again.position, ann.position);
    assert!(server.terminate().success());
    let output = replay(data.path(), &[]);
    assert_verified(&output, 1);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("is left out: the world snapshot is damaged"), "{said}");

    // Without a whole one there is no telling what the world was.
    sqlx::query("UPDATE world_snapshot_parts SET data = substr(data, 1, 9)").execute(&database).await.unwrap();
    let output = command(data.path(), &[]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("damaged") && said.contains("put a backup back"), "{said}");
}

/// A server that was stopped for so long that another has taken its world shows nothing of it any
/// more, also when nobody does anything in it.
#[tokio::test]
async fn an_owner_that_was_stopped_for_too_long_sends_no_frame_when_it_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Process::start(data.path(), &[]);
    let mut ann = Player::join(&first.url, "Ann", Encoding::Json).await;
    ann.delta().await;
    first.pause();
    let second = follow(data.path(), &[]).await;
    let _again = Player::join(&second.url, "Ann", Encoding::Json).await;
    // What the first one had sent before it was stopped arrived long ago.
    while let Some(message) = at_once(ann.connection.next()).await {
        message.expect("the connection is open");
    }
    first.resume();
    assert_eq!(ends(&mut first).await.code(), Some(1), "it ends by itself");
    let (messages, _) = ann.connection.drain().await;
    let shows = |message: &&ServerMessage| matches!(message, ServerMessage::StateDelta(_));
    assert_eq!(messages.iter().find(shows), None, "of a world that is another server's");
    assert!(second.terminate().success());
}

/// What is there already.
async fn at_once<T>(next: impl Future<Output = T>) -> Option<T> {
    let looked = async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        next = next => Some(next),
        () = looked => None,
    }
}

/// The next server of a world whose owner is silent.
async fn follow(data: &Path, flags: &[&str]) -> Process {
    loop {
        // Refused at once at first; then it waits for the lease to run out.
        let (mut process, announcement) = Process::spawn(command(data, flags));
        if let Ok(url) = tokio::task::spawn_blocking(|| announcement.url()).await.unwrap() {
            process.url = url;
            break process;
        }
    }
}

/// Waits for the end of a server that ends by itself.
async fn ends(server: &mut Process) -> ExitStatus {
    let mut status = None;
    until(async || {
        status = server.ended();
        status.is_some()
    })
    .await;
    status.expect("it has ended")
}

/// A second server is refused while the first is there, gets the world when the first is silent for
/// too long, and the first can do nothing with it when it wakes up.
async fn one_writer(data: &Path, flags: &[&str]) {
    let mut first = Process::start(data, flags);
    let mut ann = Player::join(&first.url, "Ann", Encoding::Json).await;
    ann.say_for_sure("Here I am").await;
    let output = command(data, flags).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("another server runs this world"), "{said}");

    first.pause();
    let late = ann.say("Am I still here?").await;
    let second = follow(data, flags).await;
    let mut again = Player::join(&second.url, "Ann", Encoding::Json).await;
    assert_eq!(again.position, ann.position, "what was not acknowledged may be lost, nothing else");
    again.say_for_sure("Here I am again").await;

    first.resume();
    assert_eq!(ends(&mut first).await.code(), Some(1), "it ends by itself");
    let (messages, _) = ann.connection.drain().await;
    let told = format!("{messages:?}");
    assert!(!told.contains("Applied"), "{late} was acknowledged by a server that had lost the world: {told}");
    again.say_for_sure("Still here").await;
    assert!(second.terminate().success());
}

#[tokio::test]
async fn one_server_at_a_time_writes_a_world_in_sqlite() {
    let data = tempfile::tempdir().unwrap();
    one_writer(data.path(), &[]).await;
}

#[tokio::test]
async fn one_server_at_a_time_writes_a_world_in_postgres() {
    let data = tempfile::tempdir().unwrap();
    let postgres = PostgresServer::start();
    let url = postgres.create_database().await;
    one_writer(data.path(), &["--database-url", &url]).await;
}
