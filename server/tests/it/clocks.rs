//! The server and its commands under clocks that are wrong: nothing is deleted, no world is taken
//! from who runs it, and what happens stays in order. The wall clock is moved by a library that is
//! loaded before the program's own; everything above it is real.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::Encoding;
use tilemud_support::player::Player;
use tilemud_support::process::{Process, command, database};

const DAY_S: i64 = 24 * 3_600;

/// A clock in the hands of a test.
struct Clock {
    folder: TempDir,
    library: PathBuf,
}

impl Clock {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("clock_shift.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clock_shift.c");
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap();
        assert!(compiled.success());
        let clock = Self { folder, library };
        clock.shift(0);
        clock
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("shift")
    }

    fn shift(&self, seconds: i64) {
        std::fs::write(self.folder.path().join("next"), seconds.to_string()).unwrap();
        // At once: it is read all the time.
        std::fs::rename(self.folder.path().join("next"), self.file()).unwrap();
    }

    fn rules(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("CLOCK_SHIFT_FILE", self.file());
    }

    fn start(&self, data: &Path, flags: &[&str]) -> Process {
        let mut command = command(data, flags);
        self.rules(&mut command);
        Process::run(command)
    }

    fn retain(&self, data: &Path, flags: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        command.args(["retain", "--log-filter", "warn", "--data-dir"]).arg(data).args(flags);
        self.rules(&mut command);
        command.output().unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn speaks(server: &Process, times: usize) {
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    for _ in 0..times {
        ann.say_for_sure("for the record").await;
    }
}

async fn one(data: &Path, postgres: Option<&str>, query: &'static str) -> i64 {
    match postgres {
        Some(url) => sqlx::query_scalar(query).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await.unwrap(),
        None => {
            let url = format!("sqlite:{}", database(data).display());
            sqlx::query_scalar(query).fetch_one(&mut SqliteConnection::connect(&url).await.unwrap()).await.unwrap()
        }
    }
}

const EVENTS: &str = "SELECT count(*) FROM action_events";

async fn nothing_is_deleted(postgres: Option<&str>) {
    let (clock, data) = (Clock::new(), tempfile::tempdir().unwrap());
    let flags: Vec<&str> = postgres.map_or_else(Vec::new, |url| vec!["--database-url", url]);
    let with = |more: &[&'static str]| [&flags[..], more].concat();
    let server = clock.start(data.path(), &flags);
    speaks(&server, 5).await;
    assert!(server.terminate().success());
    for days in [16, 40, 365] {
        clock.shift(days * DAY_S);
        let output = clock.retain(data.path(), &flags);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("nothing was deleted: the clock says") && told.contains("--force"), "{told}");
        assert!(
            told.contains(&format!("{days} days after")) || told.contains(&format!("{} days after", days - 1)),
            "{told}"
        );
        let output = clock.retain(data.path(), &with(&["--dry-run"]));
        let told = said(&output);
        assert_eq!(output.status.code(), Some(0), "{told}");
        let would = if days > 30 { "would delete: 5 events" } else { "would delete: 0 events" };
        assert!(told.contains(would) && told.contains("without --force nothing would be deleted"), "{told}");
    }
    // A server that is started under that clock makes the jump no truer.
    let server = clock.start(data.path(), &flags);
    speaks(&server, 1).await;
    assert!(server.terminate().success());
    let output = clock.retain(data.path(), &flags);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("the clock went from"), "{}", said(&output));
    assert_eq!(one(data.path(), postgres, EVENTS).await, 6);
    // The operator knows better.
    let output = clock.retain(data.path(), &with(&["--force"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("deleted: 5 events"), "{}", said(&output));
    assert_eq!(one(data.path(), postgres, EVENTS).await, 1);
    assert_eq!(clock.retain(data.path(), &flags).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_deleted_on_the_word_of_a_clock_that_is_far_ahead() {
    nothing_is_deleted(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_deleted_on_the_word_of_a_clock_that_is_far_ahead_in_postgres() {
    let postgres = PostgresServer::start();
    let url = postgres.create_database().await;
    nothing_is_deleted(Some(&url)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_and_times_stay_in_order_when_the_clock_goes_back() {
    let (clock, data) = (Clock::new(), tempfile::tempdir().unwrap());
    for shift in [0, -3_600, 7_200, -400 * DAY_S] {
        let server = clock.start(data.path(), &[]);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        for round in 0..4 {
            if round == 2 {
                clock.shift(shift);
            }
            ann.say_for_sure("tick, tock").await;
        }
        assert!(server.terminate().success());
    }
    let url = format!("sqlite:{}", database(data.path()).display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT tick, persisted_at, action_id FROM action_events ORDER BY tick, tick_order")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(rows.len(), 16);
    // The first twelve digits of an id are its milliseconds.
    assert!(rows.windows(2).all(|two| two[0].1 < two[1].1 && two[0].2[..13] <= two[1].2[..13]), "{rows:?}");
    let replay = Command::new(env!("CARGO_BIN_EXE_tilemud")).args(["replay", "--data-dir"]).arg(data.path()).output();
    assert!(replay.unwrap().status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_another_clock_takes_no_world_from_one_that_runs_it() {
    let (clock, data) = (Clock::new(), tempfile::tempdir().unwrap());
    let first = Process::start(data.path(), &[]);
    for shift in [3_600, -3_600, 400 * DAY_S] {
        clock.shift(shift);
        let mut second = command(data.path(), &[]);
        clock.rules(&mut second);
        let output = second.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("another server runs this world"), "{}", said(&output));
    }
    speaks(&first, 1).await;
    assert_eq!(first.terminate().code(), Some(0));
}
