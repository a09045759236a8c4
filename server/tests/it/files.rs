//! The files of the embedded store: what a stop leaves behind, who may read it, what a start makes
//! of what it finds, and what a running server does when its database is taken away. Real files
//! under the real binary.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hyper::Method;
use sqlx::Connection as _;
use tilemud_schema::{Ack, Direction, Encoding, ServerMessage};
use tilemud_support::player::{Player, until};
use tilemud_support::process::{Process, command, database};

fn beside(data: &Path, end: &str) -> PathBuf {
    data.join(format!("tilemud.db{end}"))
}

/// What a start that is expected to fail says.
fn refused(data: &Path, flags: &[&str], code: i32) -> String {
    let output = command(data, flags).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

fn upkeep(verb: &str, data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args([verb, "--log-filter", "warn", "--data-dir"]).arg(data);
    command.output().unwrap()
}

/// A player who does a few things; how many were acknowledged.
async fn plays(server: &Process) -> i64 {
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let mut done = 0;
    for round in 0..3 {
        ann.say_for_sure(&format!("still here {round}")).await;
        let stepped = ann.step(if round % 2 == 0 { Direction::East } else { Direction::West }).await;
        done += 1 + i64::from(ann.answer(stepped).await.is_ok());
    }
    done
}

/// How many actions the one file has, wherever it is copied to.
async fn actions_in_a_copy_of(database: &Path) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(database, &copy).unwrap();
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM action_events").fetch_one(&pool).await.unwrap();
    pool.close().await;
    count
}

fn assert_folded(data: &Path) {
    for end in ["-wal", "-shm"] {
        assert!(!beside(data, end).exists(), "{end} is left");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_stop_the_one_file_is_the_whole_world() {
    let data = tempfile::tempdir().unwrap();
    let mut done = 0;
    for round in 0..4 {
        let server = Process::start(data.path(), &[]);
        done += plays(&server).await;
        let status = if round % 2 == 0 { server.terminate() } else { server.interrupt() };
        assert_eq!(status.code(), Some(0));
        assert_folded(data.path());
        assert_eq!(actions_in_a_copy_of(&database(data.path())).await, done);
    }
    // After a kill something is left, and the next who opens the store puts it in order.
    for verb in ["replay", "retain"] {
        let server = Process::start(data.path(), &[]);
        done += plays(&server).await;
        server.kill();
        let output = upkeep(verb, data.path());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_folded(data.path());
        assert_eq!(actions_in_a_copy_of(&database(data.path())).await, done);
    }
    let server = Process::start(data.path(), &[]);
    done += plays(&server).await;
    server.kill();
    let mut by_hand =
        sqlx::SqliteConnection::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    sqlx::query("UPDATE character_profiles SET health = -1").execute(&mut by_hand).await.unwrap();
    let starting = command(data.path(), &[]).output().unwrap();
    assert!(!starting.status.success(), "a row is impossible, which is found when the store is open");
    by_hand.close().await.unwrap();
    assert_folded(data.path());
    assert_eq!(actions_in_a_copy_of(&database(data.path())).await, done);
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_on_the_machine_can_read_what_the_server_writes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("games/data");
    let logs = folder.path().join("logs");
    let mut starting = command(&data, &["--log-dir", logs.to_str().unwrap()]);
    let files = [database(&data), beside(&data, "-wal"), beside(&data, "-shm"), data.join("dev-issuer.key")];
    let server = Process::run(starting_with_umask(&mut starting, "022"));
    plays(&server).await;
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    for folder in [&data, &folder.path().join("games"), &logs] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for log in std::fs::read_dir(&logs).unwrap() {
        assert_eq!(mode(&log.unwrap().path()), 0o600);
    }
    server.kill();

    // What an earlier version left open is closed, and that is said.
    for file in &files[..2] {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    let said = folder.path().join("said");
    let mut starting = command(&data, &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let server = Process::run(starting);
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    assert!(server.terminate().success());
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains("other users of this machine could read"), "{said}");
}

/// The same command line with another umask; through a shell, which is what sets it in life.
fn starting_with_umask(command: &mut Command, umask: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    shell
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_where_the_database_should_be_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let data = |name: &str| {
        let data = folder.path().join(name);
        std::fs::create_dir(&data).unwrap();
        data
    };
    let good = data("good");
    let server = Process::start(&good, &[]);
    plays(&server).await;
    assert!(server.terminate().success());
    let bytes = std::fs::read(database(&good)).unwrap();

    let foreign = data("foreign");
    run_sql(&database(&foreign), "CREATE TABLE notes (text TEXT)").await;
    let before = std::fs::read(database(&foreign)).unwrap();
    let said = refused(&foreign, &[], 2);
    assert!(said.contains("tilemud.db is the database of another program"), "{said}");
    assert_eq!(std::fs::read(database(&foreign)).unwrap(), before, "it was left alone");

    let newer = data("newer");
    std::fs::write(database(&newer), &bytes).unwrap();
    let later = "INSERT INTO _sqlx_migrations VALUES (999, 'later', '2030-01-01', 1, x'00', 1);
        ALTER TABLE character_profiles ADD COLUMN title TEXT";
    run_sql(&database(&newer), later).await;
    let server = Process::start(&newer, &[]);
    plays(&server).await;
    assert!(server.terminate().success());
    run_sql(&database(&newer), "UPDATE oldest_program SET migration = 999").await;
    let said = refused(&newer, &[], 2);
    assert!(said.contains("made by a newer version of tilemud"), "{said}");

    for (name, content) in [
        ("text", b"not a database at all, but long enough to look like one".repeat(40)),
        ("header", [&[0; 100], &bytes[100..]].concat()),
        ("cut", bytes[..bytes.len() / 2].to_vec()),
        ("middle", spoilt(&bytes)),
    ] {
        let data = data(name);
        std::fs::write(database(&data), content).unwrap();
        let said = refused(&data, &[], 2);
        let path = database(&data).display().to_string();
        assert!(said.contains(&path) && said.contains("restore a backup"), "{name}: {said}");
        for verb in ["replay", "retain"] {
            let output = upkeep(verb, &data);
            assert_eq!(output.status.code(), Some(2), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }

    // A database that was taken away from its log.
    let torn = data("torn");
    std::fs::write(beside(&torn, "-wal"), "of the one that was here").unwrap();
    for empty in [false, true] {
        if empty {
            std::fs::write(database(&torn), "").unwrap();
        }
        let said = refused(&torn, &[], 2);
        assert!(said.contains("tilemud.db-wal beside it holds data"), "{said}");
    }
    assert_eq!(std::fs::read(beside(&torn, "-wal")).unwrap(), b"of the one that was here");
}

async fn run_sql(database: &Path, statement: &'static str) {
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}?mode=rwc", database.display())).await.unwrap();
    sqlx::raw_sql(statement).execute(&pool).await.unwrap();
    pool.close().await;
}

/// With a page of the middle overwritten.
fn spoilt(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let pages = bytes.len() / 4096;
    for page in (pages / 2)..(pages / 2 + 4).min(pages) {
        bytes[page * 4096..page * 4096 + 512].fill(0xa5);
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_found_damaged_while_it_is_used_ends_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (data, said) = (folder.path().join("data"), folder.path().join("said"));
    let server = Process::start(&data, &[]);
    plays(&server).await;
    assert!(server.terminate().success());
    // Nothing is left in the log that would be read instead of the file.
    let mut starting = command(&data, &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let mut server = Process::run(starting);
    let spoilt: Vec<u8> = std::fs::read(database(&data)).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(database(&data)).unwrap();
    for page in 1..spoilt.len() / 4096 {
        std::os::unix::fs::FileExt::write_all_at(&file, &[0xa5; 4096], page as u64 * 4096).unwrap();
    }
    let mut status = None;
    until(async || {
        // Whoever signs in is looked for in it.
        let body = Some(serde_json::json!({ "user": "Cy" }));
        let signed_in =
            tilemud_support::player::try_exchange(&server.url, Method::POST, "/dev/token", None, body).await;
        let token = signed_in.ok().and_then(|(_, _, body)| serde_json::from_slice::<serde_json::Value>(&body).ok());
        if let Some(token) = token.as_ref().and_then(|token| token["access_token"].as_str()) {
            let body = Some(serde_json::json!({ "client_version": tilemud_schema::version(), "display_name": "Cy" }));
            let path = "/api/session/bootstrap";
            let _ = tilemud_support::player::try_exchange(&server.url, Method::POST, path, Some(token), body).await;
        }
        status = server.ended();
        status.is_some()
    })
    .await;
    assert_eq!(status.and_then(|status| status.code()), Some(1));
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains("damaged") && said.contains("restore a backup"), "{said}");
}

/// What is done to the database of a server that runs.
type Mischief = fn(&Path, &Path);

/// Takes the database away from a running server: nothing is acknowledged any more that is not in
/// it, and the server ends and says why. What it said.
async fn taken_away(mischief: Mischief) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (data, said) = (folder.path().join("data"), folder.path().join("said"));
    let older = folder.path().join("older.db");
    let server = Process::start(&data, &[]);
    plays(&server).await;
    assert!(server.terminate().success());
    std::fs::copy(database(&data), &older).unwrap();

    let mut starting = command(&data, &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let mut server = Process::run(starting);
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    bob.say_for_sure("before").await;
    mischief(&database(&data), &older);
    let mut status = None;
    until(async || {
        // Whoever is told that all is well is told the truth.
        if let Ok((code, _, _)) =
            tilemud_support::player::try_exchange(&server.url, Method::GET, "/readyz", None, None).await
        {
            assert!(code == 200 || code == 503, "{code}");
        }
        tokio::task::yield_now().await;
        status = server.ended();
        status.is_some()
    })
    .await;
    assert_eq!(status.and_then(|status| status.code()), Some(1), "it ends by itself");
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains("while this server was using it"), "{said}");
    // What was put there is as it was put there.
    if database(&data).exists() {
        assert_eq!(std::fs::read(database(&data)).unwrap(), std::fs::read(&older).unwrap());
        let server = Process::start(&data, &[]);
        Player::join(&server.url, "Ann", Encoding::Postcard).await;
        assert!(server.terminate().success());
        let replayed = upkeep("replay", &data);
        assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    } else {
        // Nor does another start pass over what is left of it.
        let is_torn = beside(&data, "-wal").exists();
        assert!(!is_torn || refused(&data, &[], 2).contains("is missing"));
    }
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_deleted_under_a_running_server_ends_it() {
    let said = taken_away(|database, _| {
        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(format!("{}{end}", database.display())).unwrap();
        }
    })
    .await;
    assert!(said.contains("tilemud.db was deleted"), "{said}");
    let said = taken_away(|database, _| std::fs::remove_file(database).unwrap()).await;
    assert!(said.contains("tilemud.db was deleted"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_replaced_or_overwritten_under_a_running_server_ends_it_and_is_left_as_it_was_put() {
    let said = taken_away(|database, older| {
        let beside = database.with_extension("new");
        std::fs::copy(older, &beside).unwrap();
        std::fs::rename(beside, database).unwrap();
    })
    .await;
    assert!(said.contains("was replaced by another file"), "{said}");
    let said = taken_away(|database, older| {
        std::fs::copy(older, database).unwrap();
    })
    .await;
    assert!(said.contains("was overwritten"), "{said}");
}

/// Everything that was acknowledged is there after the log was taken from under a running server,
/// as long as a connection had it; nothing is acknowledged after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_deleted_under_a_running_server_ends_it_and_nothing_acknowledged_is_lost() {
    for ends in [&["-wal"][..], &["-wal", "-shm"]] {
        let data = tempfile::tempdir().unwrap();
        let mut server = Process::start(data.path(), &[]);
        let done = plays(&server).await;
        for end in ends {
            std::fs::remove_file(beside(data.path(), end)).unwrap();
        }
        until(async || server.ended().is_some()).await;
        assert_eq!(server.ended().and_then(|status| status.code()), Some(1), "it ends by itself");
        assert_eq!(actions_in_a_copy_of(&database(data.path())).await, done, "{ends:?}");
        assert!(Process::start(data.path(), &[]).terminate().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_emptied_under_a_running_server_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let said = data.path().join("said");
    let mut starting = command(data.path(), &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let mut server = Process::run(starting);
    plays(&server).await;
    let log = std::fs::File::options().write(true).open(beside(data.path(), "-wal")).unwrap();
    log.set_len(0).unwrap();
    until(async || server.ended().is_some()).await;
    assert_eq!(server.ended().and_then(|status| status.code()), Some(1), "it ends by itself");
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains("has lost its log (-wal), which was emptied or replaced"), "{said}");
}

/// A copy that is younger than the last checkpoint has the same mark.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_copy_that_is_put_over_the_database_of_a_running_server_ends_it_and_is_left_whole() {
    let data = tempfile::tempdir().unwrap();
    let said = data.path().join("said");
    let mut starting = command(data.path(), &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let mut server = Process::run(starting);
    let done = plays(&server).await;
    let copy = data.path().join("copy.db");
    let mut beside_it =
        sqlx::SqliteConnection::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    let statement = format!("VACUUM INTO '{}'", copy.display());
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut beside_it).await.unwrap();
    beside_it.close().await.unwrap();
    std::fs::copy(&copy, database(data.path())).unwrap();
    until(async || server.ended().is_some()).await;
    assert_eq!(server.ended().and_then(|status| status.code()), Some(1), "it ends by itself");
    let said = std::fs::read_to_string(said).unwrap();
    // Also when SQLite comes upon pages that do not belong together before.
    assert!(said.contains("was overwritten with another copy"), "{said}");
    assert_eq!(std::fs::read(database(data.path())).unwrap(), std::fs::read(&copy).unwrap());
    assert_eq!(actions_in_a_copy_of(&database(data.path())).await, done);
    assert!(Process::start(data.path(), &[]).terminate().success());
}

/// What SQLite itself does to the files in another process is no harm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkpoints_of_other_programs_are_no_harm() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    for mode in ["PASSIVE", "FULL", "RESTART", "TRUNCATE", "TRUNCATE"] {
        ann.say_for_sure(mode).await;
        // Another program is another process: locks are by process.
        let output = Command::new("python3")
            .args([
                "-c",
                "import sqlite3, sys; print(sqlite3.connect(sys.argv[1], timeout=9).execute(sys.argv[2]).fetchall())",
            ])
            .arg(database(data.path()))
            .arg(format!("PRAGMA wal_checkpoint({mode})"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        ann.say_for_sure("still here").await;
    }
    assert!(server.terminate().success());
    assert_eq!(actions_in_a_copy_of(&database(data.path())).await, 10);
}

#[test]
fn files_of_others_keep_their_rights_when_a_start_is_refused() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(database(data.path()), "some notes, and no database at all").unwrap();
    std::fs::set_permissions(database(data.path()), PermissionsExt::from_mode(0o664)).unwrap();
    let said = refused(data.path(), &[], 2);
    assert!(!said.contains("other users of this machine"), "{said}");
    assert_eq!(mode(&database(data.path())), 0o664);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_is_taken_away_ends_the_server_and_stops_the_next_start() {
    let data = tempfile::tempdir().unwrap();
    let said = data.path().join("said");
    let mut starting = command(data.path(), &[]);
    starting.stderr(std::fs::File::create(&said).unwrap());
    let mut server = Process::run(starting);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    run_sql(&database(data.path()), "DROP TABLE world_ticks").await;
    ann.say("Is this kept?").await;
    let (messages, _) = ann.connection.drain().await;
    let is_acknowledged = |message: &ServerMessage| matches!(message, ServerMessage::Ack(Ack::Intents { .. }));
    assert!(!messages.iter().any(is_acknowledged), "of what is not stored: {messages:?}");
    until(async || server.ended().is_some()).await;
    assert_eq!(server.ended().and_then(|status| status.code()), Some(1), "it ends by itself");
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.contains("tables of the database were taken away or changed (no such table: "), "{said}");
    let said = refused(data.path(), &[], 2);
    assert!(said.contains("lacks tables that it had: world_ticks"), "{said}");
}
