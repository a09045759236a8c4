//! Every step of docs/backup.md, done for real: a backup beside a running server and after a stop,
//! put back and proven by a replay; and what a start says of a world that it does not find.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{Encoding, Position};
use tilemud_support::player::Player;
use tilemud_support::process::{Process, command, database};

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} does not run: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn tilemud(verb: &str, data: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args([verb, "--data-dir"]).arg(data).args(flags).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn replays(data: &Path, flags: &[&str]) {
    let output = tilemud("replay", data, flags);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("everything is as recorded"), "{}", said(&output));
}

/// A player who speaks; where it stands.
async fn speaks(url: &str, times: usize) -> Position {
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    for _ in 0..times {
        ann.say_for_sure("worth keeping").await;
    }
    ann.position
}

async fn events(database: &Path) -> i64 {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", database.display())).await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM action_events").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    count
}

fn put_back(backup: &Path, data: &Path) {
    std::fs::create_dir_all(data).unwrap();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", database(data).display()));
    }
    std::fs::copy(backup, database(data)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_of_the_embedded_store_hot_and_cold_are_whole_and_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (hot, tidy, cold): (PathBuf, PathBuf, PathBuf) =
        ["hot.db", "tidy.db", "cold.db"].map(|name| folder.path().join(name)).into();
    let server = Process::start(&data, &[]);
    let place = speaks(&server.url, 3).await;
    let live = database(&data).display().to_string();
    run("sqlite3", &[&live, &format!(".backup {}", hot.display())]);
    run("sqlite3", &[&live, &format!("VACUUM INTO '{}'", tidy.display())]);
    speaks(&server.url, 2).await;
    assert!(server.terminate().success());
    std::fs::copy(database(&data), &cold).unwrap();

    for (backup, expected) in [(&hot, 3), (&tidy, 3), (&cold, 5)] {
        put_back(backup, &data);
        replays(&data, &[]);
        assert_eq!(events(&database(&data)).await, expected, "{}", backup.display());
        let server = Process::start(&data, &["--must-exist"]);
        assert_eq!(speaks(&server.url, 1).await, place);
        assert!(server.terminate().success());
        assert_eq!(events(&database(&data)).await, expected + 1);
        replays(&data, &[]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgres_is_whole_can_be_put_back_and_ends_a_server_it_is_put_under() {
    let (data, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let url = postgres.create_database().await;
    let flags = ["--database-url", &*url];
    let dump = data.path().join("backup.dump").display().to_string();
    let server = Process::start(data.path(), &flags);
    speaks(&server.url, 3).await;
    run("pg_dump", &["--format=custom", &format!("--file={dump}"), &url]);
    speaks(&server.url, 2).await;
    assert!(server.terminate().success());

    let fresh = postgres.create_database().await;
    let flags = ["--database-url", &*fresh];
    let into = format!("--dbname={fresh}");
    run("pg_restore", &["--no-owner", &into, &dump]);
    replays(data.path(), &flags);
    let count = "SELECT count(*) FROM action_events";
    let mut connection = PgConnection::connect(&fresh).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut connection).await.unwrap(), 3);

    let mut server = Process::start(data.path(), &[&flags[..], &["--must-exist"]].concat());
    speaks(&server.url, 1).await;
    // Not all of the tables can be dropped one by one, which it says; the rows are put back.
    let over =
        Command::new("pg_restore").args(["--no-owner", "--clean", "--if-exists", &into, &dump]).output().unwrap();
    assert!(String::from_utf8_lossy(&over.stderr).contains("errors ignored on restore: 1"));
    let mut status = None;
    tilemud_support::player::until(async || {
        tokio::task::yield_now().await;
        status = server.ended();
        status.is_some()
    })
    .await;
    assert_eq!(status.and_then(|status| status.code()), Some(1));
    assert_eq!(
        sqlx::query_scalar::<_, i64>(count).fetch_one(&mut connection).await.unwrap(),
        3,
        "it wrote nothing into it"
    );
    replays(data.path(), &flags);
}

/// Starts, says it, stops.
fn starts(data: &TempDir, flags: &[&str]) -> String {
    let said = data.path().join("said");
    let mut starting = command(data.path(), flags);
    starting.stderr(std::fs::File::create(&said).unwrap());
    assert!(Process::run(starting).terminate().success());
    std::fs::read_to_string(said).unwrap()
}

fn refused(data: &Path, flags: &[&str]) -> String {
    let output = command(data, flags).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    // As a line of JSON has it, quotes have a mark of their own.
    said(&output).replace("\\\"", "\"")
}

/// A map whose name, as Tiled keeps it, is this.
fn map_called(folder: &Path, name: &str) -> String {
    let path = folder.join(format!("{name}.tmx"));
    let worlds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/worlds");
    let map = std::fs::read_to_string(worlds.join("first_light.tmx")).unwrap();
    assert!(map.contains("First Light"));
    std::fs::write(&path, map.replace("First Light", name)).unwrap();
    for file in std::fs::read_dir(worlds).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension != "tmx") {
            std::fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
    }
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_world_is_said_with_the_worlds_that_are_there_and_must_exist_refuses_it() {
    let (data, maps) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = database(data.path()).display().to_string();
    let words = refused(data.path(), &["--must-exist"]);
    assert!(words.contains(&format!("there is no store at {path}: no such file")), "{words}");
    for verb in ["replay", "retain"] {
        let output = tilemud(verb, data.path(), &[]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    }
    assert!(!database(data.path()).exists(), "nothing was made");
    std::fs::write(database(data.path()), "").unwrap();
    let words = refused(data.path(), &["--must-exist"]);
    assert!(words.contains("it is a file of 0 bytes"), "{words}");

    let words = starts(&data, &[]);
    assert!(words.contains("made a new world, because the store was empty") && words.contains(&path), "{words}");
    for flags in [&[][..], &["--must-exist"]] {
        let words = starts(&data, flags);
        assert!(!words.contains("made a new world"), "{words}");
    }
    let other = map_called(maps.path(), "Second Dawn");
    let words = refused(data.path(), &["--world", &other, "--must-exist"]);
    assert!(words.contains("there is no world \"Second Dawn\"") && words.contains("First Light"), "{words}");
    let words = starts(&data, &["--world", &other]);
    assert!(words.contains("made a new world") && words.contains("First Light"), "{words}");

    let postgres = PostgresServer::start();
    let url = postgres.create_database().await;
    let words = refused(data.path(), &["--database-url", &url, "--must-exist"]);
    assert!(words.contains("there is no store in the database"), "{words}");
    let words = starts(&data, &["--database-url", &url]);
    assert!(words.contains("made a new world"), "{words}");
    let words = refused(data.path(), &["--database-url", &url, "--world", &other, "--must-exist"]);
    assert!(words.contains("First Light"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_goes_on_under_another_map_name_with_its_id() {
    let (data, maps) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Process::start(data.path(), &[]);
    let place = speaks(&server.url, 1).await;
    assert!(server.terminate().success());
    let renamed = map_called(maps.path(), "Second Dawn");
    let flags = ["--world", &*renamed, "--world-id", "First Light", "--must-exist"];
    let server = Process::start(data.path(), &flags);
    assert_eq!(speaks(&server.url, 1).await, place);
    assert!(server.terminate().success());
    replays(data.path(), &["--world", &renamed, "--world-id", "First Light"]);
    let words = refused(data.path(), &["--world-id", "a\u{7}b"]);
    assert!(words.contains("--world-id") && words.contains("is not the name of a world"), "{words}");
}
