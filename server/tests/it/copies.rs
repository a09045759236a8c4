//! `tilemud backup`, `verify` and `restore`, beside real servers and between both databases.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{Encoding, Position, Timestamp};
use tilemud_support::player::Player;
use tilemud_support::process::Process;

/// Runs a command; what it said.
fn tilemud(arguments: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_tilemud")).args(arguments).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap(), said.replace("\\\"", "\""))
}

fn succeeds(arguments: &[&str]) -> String {
    let (code, said) = tilemud(arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

fn refused(arguments: &[&str], why: &[&str]) {
    let (code, said) = tilemud(arguments);
    assert_eq!(code, 2, "{arguments:?}: {said}");
    for why in why {
        assert!(said.contains(why), "{arguments:?}: {why} in {said}");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Walks a little and speaks; where it stands then.
async fn lives(url: &str, user: &str) -> Position {
    let mut player = Player::join(url, user, Encoding::Json).await;
    player.walk_somewhere().await;
    player.say_for_sure("worth keeping").await;
    player.position
}

async fn place_of(url: &str, user: &str) -> Position {
    Player::join(url, user, Encoding::Json).await.position
}

/// The flags of a store.
fn store<'a>(data: &'a Path, postgres: Option<&'a str>) -> Vec<&'a str> {
    match postgres {
        None => vec!["--data-dir", text(data)],
        Some(url) => vec!["--data-dir", text(data), "--database-url", url],
    }
}

fn without_data<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    flags[2..].to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_from_either_database_is_verified_and_can_be_put_into_either() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let origin = postgres.create_database().await;
    for from in [None, Some(&*origin)] {
        let name = if from.is_some() { "postgres" } else { "sqlite" };
        let data = folder.path().join(name);
        let flags = store(&data, from);
        let server = Process::start(&data, &without_data(&flags));
        let ann = lives(&server.url, "Ann").await;
        let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
        bob.walk_somewhere().await;
        let file = folder.path().join(format!("{name}.backup"));
        // Beside the server, with somebody in the world.
        let said = succeeds(&[&["backup", text(&file)], &flags[..]].concat());
        assert!(said.contains("the world \"First Light\"") && said.contains("everything is as recorded"), "{said}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
        bob.say_for_sure("after the backup").await;
        let bob = bob.position;
        assert!(server.terminate().success());
        assert!(succeeds(&["verify", text(&file)]).contains("everything is as recorded"));

        let target = postgres.create_database().await;
        for into in [None, Some(&*target)] {
            let data = folder.path().join(format!("{name} into {}", into.map_or("sqlite", |_| "postgres")));
            std::fs::create_dir(&data).unwrap();
            let flags = store(&data, into);
            let restore = [&["restore", text(&file)], &flags[..]].concat();
            assert!(succeeds(&restore).contains("everything is as recorded"));
            refused(&restore, &["has a world \"First Light\" already", "--world-id NAME"]);
            let beside = [&restore[..], &["--world-id", "fork"]].concat();
            succeeds(&beside);
            refused(&beside, &["has a world \"fork\" already"]);
            for world in ["First Light", "fork"] {
                succeeds(&[&["replay", "--world-id", world], &flags[..]].concat());
                let warned = data.join("said");
                let more = [&without_data(&flags)[..], &["--world-id", world, "--must-exist"]].concat();
                let mut starting = tilemud_support::process::command(&data, &more);
                starting.stderr(std::fs::File::create(&warned).unwrap());
                let server = Process::run(starting);
                assert_eq!(place_of(&server.url, "Ann").await, ann);
                assert_eq!(place_of(&server.url, "Bob").await, bob);
                assert!(server.terminate().success());
                let warned = std::fs::read_to_string(warned).unwrap();
                assert!(!warned.contains("by hand"), "what was put back counts as written by the server: {warned}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_can_be_put_back_as_it_was_at_an_earlier_time() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let data = folder.path().join("data");
    let file = folder.path().join("backup");
    let server = Process::start(&data, &[]);
    // Bob is outside at the time, and Ann in the world.
    let bob = lives(&server.url, "Bob").await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.walk_somewhere().await;
    let receipt = ann.say_for_sure("the last that stays").await;
    let then = ann.position;
    let until = receipt.persisted_at.to_string();
    for _ in 0..3 {
        ann.walk_somewhere().await;
        ann.say_for_sure("what goes").await;
    }
    drop(ann);
    for _ in 0..2 {
        lives(&server.url, "Bob").await;
    }
    lives(&server.url, "Cem").await;
    assert!(server.terminate().success());
    succeeds(&["backup", text(&file), "--data-dir", text(&data)]);

    let url = postgres.create_database().await;
    for into in [None, Some(&*url)] {
        let data = folder.path().join(into.map_or("as it was", |_| "as it was, in Postgres"));
        std::fs::create_dir(&data).unwrap();
        let flags = store(&data, into);
        succeeds(&[&["restore", text(&file), "--until", &until], &flags[..]].concat());
        succeeds(&[&["replay"], &flags[..]].concat());
        let server = Process::start(&data, &[&without_data(&flags)[..], &["--must-exist"]].concat());
        assert_eq!(place_of(&server.url, "Ann").await, then);
        assert_eq!(place_of(&server.url, "Bob").await, bob);
        // Nobody of that name has been here.
        lives(&server.url, "Cem").await;
        assert!(server.terminate().success());
        succeeds(&[&["replay"], &flags[..]].concat());
    }
    let into = ["--data-dir", text(folder.path())];
    let early = Timestamp::from_micros(1_000_000).to_string();
    refused(
        &[&["restore", text(&file), "--until", &early], &into[..]].concat(),
        &["--until", "does not reach back", "name a time from"],
    );
    refused(
        &[&["restore", text(&file), "--until", "noon"], &into[..]].concat(),
        &["is no time", "2026-12-01T18:30:00Z"],
    );
    assert!(!folder.path().join("tilemud.db").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_may_hold_only_what_is_newer_than_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let files: Vec<PathBuf> = ["whole", "second", "third"].map(|name| folder.path().join(name)).into();
    let files: Vec<&str> = files.iter().map(|file| text(file)).collect();
    let mut place = None;
    for (number, file) in files.iter().enumerate() {
        let server = Process::start(&data, &[]);
        place = Some(lives(&server.url, "Ann").await);
        assert!(server.terminate().success());
        let since = if number == 0 { vec![] } else { vec!["--since", files[number - 1]] };
        succeeds(&[&["backup", file, "--data-dir", text(&data)], &since[..]].concat());
    }
    let fresh = folder.path().join("fresh");
    succeeds(&[&["verify"], &files[..]].concat());
    let wrong = "does not go on from";
    refused(&["verify", files[1]], &["was made with --since", "name the backup before it first"]);
    refused(&["verify", files[0], files[2]], &[wrong, "in the order in which they were made"]);
    refused(&["verify", files[0], files[0]], &[wrong]);
    succeeds(&[&["restore"], &files[..], &["--data-dir", text(&fresh)]].concat());
    // A world that went back in time and went on has another log, and another world has another.
    let other = folder.path().join("other");
    succeeds(&["restore", files[0], "--data-dir", text(&other)]);
    let server = Process::start(&other, &[]);
    lives(&server.url, "Bob").await;
    assert!(server.terminate().success());
    let x = folder.path().join("x");
    let since = ["backup", text(&x), "--since", files[1], "--data-dir", text(&other)];
    refused(&since, &["does not go on from where it ends", "make a whole backup"]);
    succeeds(&["restore", files[0], "--data-dir", text(&other), "--world-id", "moon"]);
    refused(&[&since[..], &["--world-id", "moon"]].concat(), &["it is of the world \"First Light\""]);
    assert!(!x.exists());
    let server = Process::start(&fresh, &["--must-exist"]);
    assert_eq!(Some(place_of(&server.url, "Ann").await), place);
    assert!(server.terminate().success());
    succeeds(&["replay", "--data-dir", text(&fresh)]);
    succeeds(&["backup", text(&folder.path().join("again")), "--data-dir", text(&fresh)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_backup_or_damaged_is_refused_with_the_reason_and_nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let at = |name: &str| folder.path().join(name).display().to_string();
    refused(&["backup", &at("x"), "--data-dir", text(&data)], &["there is no store at"]);
    let server = Process::start(&data, &[]);
    lives(&server.url, "Ann").await;
    assert!(server.terminate().success());
    let flags = ["--data-dir", text(&data)];
    refused(&[&["backup", &at("x"), "--world-id", "moon"], &flags[..]].concat(), &["no world \"moon\"", "--world-id"]);
    refused(&[&["backup", "/nowhere/at/all"], &flags[..]].concat(), &["/nowhere/at", "No such file"]);
    succeeds(&[&["backup", text(&file)], &flags[..]].concat());
    refused(&[&["backup", text(&file)], &flags[..]].concat(), &["is there already", "not there yet"]);
    assert!(!Path::new(&at("x")).exists(), "complete or not there");

    let whole = std::fs::read(&file).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&std::fs::read(data.join("tilemud.db")).unwrap()).unwrap();
    let store = packed.finish().unwrap();
    let cut = &whole[..whole.len() / 2];
    let mut turned = whole.clone();
    let middle = turned.len() / 2;
    turned[middle] ^= 0x55;
    for (name, bytes, why) in [
        ("cut", cut, "not whole"),
        ("turned", &turned, "cannot be used"),
        ("empty", &[], "not whole"),
        ("text", b"once upon a time", "not compressed with gzip"),
        ("store", &store, "is no copy of a world"),
    ] {
        std::fs::write(at(name), bytes).unwrap();
        refused(&["verify", &at(name)], &[&at(name), why]);
        refused(&["restore", &at(name), "--data-dir", &at("fresh")], &[why]);
    }
    refused(&["verify", &at("none")], &["No such file"]);
    refused(&["restore", text(&file), "--data-dir", text(&data)], &["has a world \"First Light\" already"]);
    assert!(!Path::new(&at("fresh")).exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_stored_of_a_character_and_nothing_of_others_is_exported_as_json() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let url = postgres.create_database().await;
    for into in [None, Some(&*url)] {
        let data = folder.path().join(into.map_or("sqlite", |_| "postgres"));
        let flags = store(&data, into);
        let server = Process::start(&data, &without_data(&flags));
        lives(&server.url, "Ann").await;
        lives(&server.url, "Bob").await;
        lives(&server.url, "Ann").await;
        // Beside the server.
        let said = succeeds(&[&["users", "export", "ann"], &flags[..]].concat());
        assert!(!said.contains("Bob"), "{said}");
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let rows = |table: &str| said[table].as_array().cloned().unwrap_or_default();
        let profile = &rows("character_profiles")[0];
        assert_eq!(profile["display_name"], "Ann");
        let (id, words) = (profile["character_id"].as_str().unwrap(), "worth keeping");
        let said_words = rows("action_events").iter().filter(|it| it["payload"].to_string().contains(words)).count();
        assert_eq!((rows("character_profiles").len(), said_words), (1, 2));
        assert!(rows("action_events").iter().all(|it| it["character_id"] == id));
        let arrivals: Vec<_> = rows("world_ticks").iter().map(|tick| tick["arrivals"].clone()).collect();
        assert_eq!(arrivals.len(), 2, "{arrivals:?}");
        assert!(arrivals.iter().all(|it| it.as_array().unwrap().len() == 1 && it[0]["character_id"] == id));
        assert!(rows("sessions").iter().all(|it| it.get("token_hash").is_none()));
        assert!(succeeds(&[&["users", "export", id], &flags[..]].concat()).contains("Ann"));
        refused(&[&["users", "export", "Anm"], &flags[..]].concat(), &["no character \"Anm\"", "did you mean \"Ann\""]);
        assert!(server.terminate().success());
    }
}
