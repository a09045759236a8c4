//! Stores that cannot be opened: the message names the place and the remedy.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use tilemud_persist::store::Unfit;
use tilemud_persist::testing::{Pooler, PostgresServer};
use tilemud_persist::{Diagnostic, OpenMode, StoreError};

use crate::place::Place;

async fn refusal(url: &str) -> String {
    let error = tilemud_persist::open(url, "meadow").await.err().expect("it cannot be used");
    assert!(matches!(error, StoreError::SetWrong(_) | StoreError::Unfit { .. }), "{error:?}");
    Diagnostic::within(&error)
        .map_or(error.to_string(), |diagnostic| format!("{}; {}", diagnostic.problem, diagnostic.remedy))
}

#[tokio::test]
async fn a_pooler_with_sessions_works_and_one_without_is_named() {
    let server = PostgresServer::start();
    server.create_database().await;
    // Twice: the second finds the tables, and what the first left in the sessions of the pool.
    let pooler = Pooler::start(&server, "session", "");
    for _ in 0..2 {
        let store = tilemud_persist::open(&pooler.url("test_0"), "meadow").await.unwrap();
        store.ping().await.unwrap();
    }
    for (mode, fragment) in [("transaction", "no session of its own"), ("statement", "PgBouncer")] {
        let pooler = Pooler::start(&server, mode, "");
        let said = refusal(&pooler.url("test_0")).await;
        assert!(said.contains(fragment) && said.contains("pool_mode = session"), "{mode}: {said}");
    }
    let options = format!("{}?options=-c%20jit%3Doff", pooler.url("test_0"));
    let said = refusal(&options).await;
    assert!(said.contains("PgBouncer") && said.contains("ignore_startup_parameters"), "{said}");
}

/// Enough of the protocol to name a version.
fn postgres_of(version: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut message = [0; 1024];
            let _ = socket.read(&mut message).unwrap();
            let mut answer = b"R\0\0\0\x08\0\0\0\0".to_vec();
            let status = format!("server_version\0{version}\0");
            answer.push(b'S');
            answer.extend(u32::try_from(status.len() + 4).unwrap().to_be_bytes());
            answer.extend(status.as_bytes());
            answer.extend(b"Z\0\0\0\x05I");
            socket.write_all(&answer).unwrap();
        }
    });
    format!("postgres://player:secret@127.0.0.1:{port}/game?sslmode=disable")
}

#[tokio::test]
async fn a_postgres_that_is_too_old_is_told_so() {
    for version in ["10.23", "9.6.24", "11.5 (Debian 11.5-1)"] {
        let said = refusal(&postgres_of(version)).await;
        let number = version.split(' ').next().unwrap();
        let short = if number.starts_with('9') { "9.6" } else { number };
        assert!(said.contains(&format!("Postgres {short}")) && said.contains("12 or newer is needed"), "{said}");
    }
}

#[tokio::test]
async fn what_is_not_postgres_is_told_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://a@{}/b", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let _ = socket.read(&mut [0; 1024]).unwrap();
            socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
        }
    });
    let said = refusal(&url).await;
    assert!(said.contains("not Postgres") && said.contains("5432"), "{said}");
}

#[tokio::test]
async fn tables_without_a_record_of_how_they_were_made_are_told_as_that() {
    for place in [Place::postgres().await, Place::sqlite()] {
        place.open().await.close().await;
        place.execute("DELETE FROM _sqlx_migrations").await;
        let error = tilemud_persist::open(&place.url, "meadow").await.err().expect("it is damaged");
        let said = error.to_string();
        assert!(matches!(error, StoreError::Unfit { reason: Unfit::Damaged, .. }), "{said}");
        assert!(said.contains("_sqlx_migrations") && said.contains("restore a backup"), "{said}");
    }
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_used_where_that_left_what_is_used_and_else_told() {
    let insert = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (99990101, 'times to come', TRUE, 'x', 0)";
    let leave_behind = "UPDATE oldest_program SET migration = 99990101";
    let server = PostgresServer::shared();
    let url = server.create_database().await;
    drop(tilemud_persist::open(&url, "meadow").await.unwrap());
    server.execute(&url, insert).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.db");
    let sqlite = format!("sqlite:{}", file.display());
    drop(tilemud_persist::open(&sqlite, "meadow").await.unwrap());
    let in_sqlite = async |statement: &'static str| {
        use sqlx::{Connection as _, Executor as _};
        let mut connection = sqlx::SqliteConnection::connect(&sqlite).await.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    };
    in_sqlite(insert).await;
    for url in [&url, &sqlite] {
        for mode in [OpenMode::Create, OpenMode::Migrate, OpenMode::Write, OpenMode::Read] {
            let access = tilemud_persist::Access { mode, ..tilemud_persist::Access::from(url.as_str()) };
            let store = tilemud_persist::open_with(&access, "meadow").await.unwrap();
            assert_eq!(store.last_tick().await.unwrap(), 0);
        }
    }
    in_sqlite(leave_behind).await;
    server.execute(&url, leave_behind).await;
    for (url, place) in [(url, "database \"test_".to_owned()), (sqlite, file.display().to_string())] {
        let said = refusal(&url).await;
        assert!(said.contains("made by a newer version of tilemud") && said.contains(&place), "{said}");
    }
}

#[tokio::test]
async fn files_that_are_no_databases_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("letter.db"), "this is a letter, not a database, ".repeat(40)).unwrap();
    std::fs::write(path("file"), "").unwrap();
    std::fs::create_dir(path("folder.db")).unwrap();
    for (file, fragments) in [
        (path("letter.db"), ["is not a database", "restore a backup"]),
        (path("file/world.db"), ["there is a file where a folder should be", "--data-dir"]),
        (path("folder.db"), ["is a folder, not a database", "sqlite:PATH"]),
        ("/proc/none/world.db".into(), ["folder /proc/none of the world", "--data-dir"]),
    ] {
        let said = refusal(&format!("sqlite:{}", file.display())).await;
        assert!(fragments.iter().all(|fragment| said.contains(fragment)), "{said}");
        assert!(said.contains(&file.parent().unwrap().display().to_string()), "{said}");
    }
}

#[tokio::test]
async fn looking_for_a_store_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("mistyped/world.db").display());
    let postgres = PostgresServer::shared().create_database().await;
    let existing = |url| tilemud_persist::Access { mode: OpenMode::Migrate, ..tilemud_persist::Access::from(url) };
    for url in [&*url, &*postgres] {
        let error = tilemud_persist::open_with(&existing(url), "meadow").await.err().unwrap();
        assert!(
            matches!(error, StoreError::Unfit { .. }) && error.to_string().contains("there is no store"),
            "{error}"
        );
    }
    assert!(!folder.path().join("mistyped").exists());
    tilemud_persist::open(&postgres, "meadow").await.unwrap();
    tilemud_persist::open_with(&existing(&postgres), "meadow").await.unwrap();
}
