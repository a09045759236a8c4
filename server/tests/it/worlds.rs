//! Several worlds in one process (`--worlds`): each is played below its own path and kept apart,
//! one ends alone, and what belongs to the process is there once.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{ClientMessage, CloseCode, Encoding};
use tilemud_support::player::{Closed, Connection, Player, call, exchange, token, try_bootstrap_as, until};
use tilemud_support::process::{Process, command, command_at, database};

use crate::cache::metric;
use crate::drawn::{Drawn, WATER};
use crate::ended_starts::get;

/// Ids of the worlds, by the names of their files.
const IDS: [&str; 3] = ["harbour", "old mill", "tower"];

/// Where a world is played.
fn at(url: &str, id: &str) -> String {
    format!("{url}/w/{}", id.replace(' ', "%20"))
}

/// A folder of maps, each a world of its own.
struct Maps(TempDir);

impl Maps {
    fn of(ids: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (number, id) in ids.iter().enumerate() {
            Drawn { id: Some(id), ..Drawn::first() }.write(folder.path(), &format!("{number}.tmx"));
        }
        Self(folder)
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn serve(&self, data: &Path, flags: &[&str]) -> Process {
        Process::start(data, &[&["--worlds", self.path()], flags].concat())
    }
}

/// Another server takes a world, as after a pause that was too long: only its lease, for in a file
/// of the embedded store there would be marks of another process, too, which end all.
async fn take_over(url: &str, world: &str) {
    let statement = "UPDATE world_leases SET epoch = epoch + 1, holder = 'another' WHERE world_id = $1";
    let taken = if let Some(file) = url.strip_prefix("sqlite:") {
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        sqlx::query(statement).bind(world).execute(&mut connection).await.unwrap().rows_affected()
    } else {
        let mut connection = url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
        sqlx::query(statement).bind(world).execute(&mut connection).await.unwrap().rows_affected()
    };
    assert_eq!(taken, 1, "it is held");
}

async fn text(url: &str, path: &str) -> (StatusCode, String) {
    let (status, _, body) = exchange(url, Method::GET, path, None, None).await;
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The databases that the worlds of a process may be in.
async fn on_each_store(play: impl AsyncFn(&Path, &str)) {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), &format!("sqlite:{}", database(data.path()).display())).await;
    let postgres = PostgresServer::start();
    let data = tempfile::tempdir().unwrap();
    play(data.path(), &postgres.create_database().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_world_is_played_below_its_path_and_all_come_back_after_a_crash() {
    let maps = Maps::of(&IDS);
    on_each_store(async |data, database| {
        let flags = ["--database-url", database];
        let server = maps.serve(data, &flags);
        let mut left = Vec::new();
        for id in IDS {
            let mut ann = Player::join(&at(&server.url, id), "Ann", Encoding::Json).await;
            let path = ann.bootstrap.realtime.url.strip_prefix("ws://").unwrap();
            assert!(path.ends_with(&format!("/w/{}/ws", id.replace(' ', "%20"))), "{path}");
            ann.say_for_sure(&format!("This is {id}.")).await;
            ann.walk_somewhere().await;
            left.push(ann);
        }
        let characters: Vec<_> = left.iter().map(|ann| ann.bootstrap.state.character.character_id).collect();
        assert!(characters[0] != characters[1] && characters[1] != characters[2], "one in each world: {characters:?}");
        server.kill();

        let server = maps.serve(data, &flags);
        for (id, ann) in IDS.into_iter().zip(&left) {
            let url = at(&server.url, id);
            let mut back = Player::resume(&url, "Ann", &ann.reconnect_token, Encoding::Json, Some(ann.tick)).await;
            assert_eq!((back.session_id(), back.position), (ann.session_id(), ann.position), "in {id}");
            back.say_for_sure("Here I am.").await;
        }
        // The first by its file's name is at the address of the game itself.
        let ben = Player::join(&server.url, "Ben", Encoding::Json).await;
        let (_, list) = call(&server.url, Method::GET, "/api/worlds", None, None).await;
        let players: Vec<_> = list["worlds"].as_array().unwrap().iter().map(|world| &world["players"]).collect();
        assert_eq!(players, [&json!(2), &json!(1), &json!(1)], "{list}");
        drop(ben);
        assert!(server.terminate().success());
        for id in IDS {
            let store = tilemud_persist::open(database, id).await.unwrap();
            assert!(store.lease().await.unwrap().is_none(), "{id} is given back");
            assert_eq!(store.names().await.unwrap().len(), if id == IDS[0] { 2 } else { 1 }, "{id}");
            store.close().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_says_where_each_world_is_and_the_whole_client_is_there() {
    let (maps, data) = (Maps::of(&IDS[..2]), tempfile::tempdir().unwrap());
    let server = maps.serve(data.path(), &["--first-world", "1.tmx"]);
    let (status, list) = call(&server.url, Method::GET, "/api/worlds", None, None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        list,
        json!({ "worlds": [
            { "id": "old mill", "name": "row", "path": "/w/old%20mill/", "players": 0, "state": "open" },
            { "id": "harbour", "name": "row", "path": "/w/harbour/", "players": 0, "state": "open" },
        ] })
    );
    let (status, one) = call(&server.url, Method::GET, "/api/world/old%20mill", None, None).await;
    assert_eq!((status, &one["id"], &one["map"]["width"]), (StatusCode::OK, &json!("old mill"), &json!(12)), "{one}");
    let (status, _) = call(&server.url, Method::GET, "/api/world/nowhere", None, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let there = at(&server.url, "harbour");
    for path in ["/", "/api/map", "/api/world", "/api/version", "/readyz", "/livez", "/api/health"] {
        let (status, body) = text(&there, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
    }
    let (_, first) = text(&server.url, "/").await;
    assert_eq!(text(&there, "/").await.1, first, "it is the same client");
    let (status, headers, _) = exchange(&there, Method::GET, "?a", None, None).await;
    assert_eq!((status, &headers["location"]), (StatusCode::PERMANENT_REDIRECT, &"./harbour/?a".parse().unwrap()));
    for path in ["/w/nowhere/", "/w/nowhere/api/map", "/w/", "/w", "/w/harbour/w/harbour/", "/w/%zz/"] {
        assert_eq!(text(&server.url, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_world_alone_is_where_it_was_and_has_no_path_of_its_own() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let (_, list) = call(&server.url, Method::GET, "/api/worlds", None, None).await;
    assert_eq!((&list["worlds"][0]["path"], list["worlds"].as_array().unwrap().len()), (&json!("/"), 1));
    let id = list["worlds"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(text(&at(&server.url, &id), "/api/map").await.0, StatusCode::NOT_FOUND);
    let (_, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
    assert_eq!(health.get("worlds"), None, "{health}");
    let (_, metrics) = text(&server.url, "/metrics").await;
    assert!(!metrics.contains("world=\""), "{metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_that_another_server_takes_ends_alone_and_the_last_one_with_the_process() {
    let maps = Maps::of(&IDS[..2]);
    on_each_store(async |data, database| {
        let mut command = command(data, &["--worlds", maps.path(), "--database-url", database, "--log-format", "json"]);
        command.stderr(Stdio::piped());
        let mut server = Process::run(command);
        let [lost, stays] = [0, 1].map(|number| at(&server.url, IDS[number]));
        let mut ann = Player::join(&lost, "Ann", Encoding::Json).await;
        let mut ben = Player::join(&stays, "Ben", Encoding::Json).await;
        take_over(database, IDS[0]).await;
        let (_, closed) = ann.connection.drain().await;
        assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()), "to come back");
        ben.say_for_sure("I am still here.").await;

        for url in [&lost, &server.url] {
            let (status, refusal) = call(url, Method::GET, "/", None, None).await;
            assert_eq!((status, &refusal["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("UNAVAILABLE")));
            assert!(refusal["message"].as_str().unwrap().contains("has lost it"), "{refusal}");
        }
        let refused = Connection::attempt(&lost, Encoding::Json).await;
        assert!(refused.is_err(), "nobody comes in");
        let (status, body) = text(&server.url, "/readyz").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert!(body.contains("world \"harbour\": it has ended: the server has lost it"), "{body}");
        assert_eq!(text(&lost, "/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(text(&server.url, "/livez").await.0, StatusCode::OK);
        let (status, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
        assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("degraded")), "{health}");
        let states: Vec<_> = health["worlds"].as_array().unwrap().iter().map(|world| &world["state"]).collect();
        assert_eq!(states, [&json!("ended"), &json!("open")]);
        ben.say_for_sure("And still.").await;

        take_over(database, IDS[1]).await;
        let (_, closed) = ben.connection.drain().await;
        assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()));
        until(async || server.ended().is_some()).await;
        assert_eq!(server.ended().and_then(|status| status.code()), Some(1), "nothing is left");
        let mut said = String::new();
        server.stderr().read_to_string(&mut said).unwrap();
        for id in &IDS[..2] {
            let lines = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            let told = lines.filter(|line| line["world"] == *id && line["message"] == "this world has ended").count();
            assert_eq!(told, 1, "{id} in {said}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_by_goes_on_with_all_worlds_of_one_that_is_killed() {
    let (maps, data, postgres) = (Maps::of(&IDS), tempfile::tempdir().unwrap(), PostgresServer::start());
    let database = postgres.create_database().await;
    let flags = ["--worlds", maps.path(), "--database-url", &database, "--lease-ttl", "60"];
    let first = Process::start(data.path(), &flags);
    let mut left = Vec::new();
    for id in IDS {
        let mut ann = Player::join(&at(&first.url, id), "Ann", Encoding::Json).await;
        ann.walk_somewhere().await;
        left.push(ann);
    }
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (mut second, announced) =
        Process::spawn(command_at(&address, data.path(), &[&flags[..], &["--standby"]].concat()));
    let is_there = || TcpStream::connect(&address).is_ok();
    until(async || is_there() && get(&address, "/readyz").contains("another server runs this world")).await;
    first.kill();
    second.url = tokio::task::spawn_blocking(|| announced.url()).await.unwrap().expect("a ready line");
    for (id, ann) in IDS.into_iter().zip(&left) {
        let url = at(&second.url, id);
        let mut back = Player::resume(&url, "Ann", &ann.reconnect_token, Encoding::Json, Some(ann.tick)).await;
        assert_eq!((back.session_id(), back.position), (ann.session_id(), ann.position), "in {id}");
        back.say_for_sure("At the second.").await;
    }
    assert!(second.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_world_sleeps_wakes_with_whoever_comes_and_replays_as_it_was() {
    let (maps, data) = (Maps::of(&[]), tempfile::tempdir().unwrap());
    for (number, id) in IDS[..2].iter().enumerate() {
        let mut drawn = Drawn { id: Some(id), ..Drawn::first() };
        // Somebody walks about in it.
        drawn.objects.last_mut().unwrap().4 = String::new();
        drawn.write(maps.0.path(), &format!("{number}.tmx"));
    }
    let server = maps.serve(data.path(), &["--sleep-after", "1"]);
    let [sleeps, plays] = [0, 1].map(|number| at(&server.url, IDS[number]));
    let mut ben = Player::join(&plays, "Ben", Encoding::Json).await;
    let asleep = async |id: &str| metric(&server.url, &format!("world_asleep{{world=\"{id}\"}}")).await;
    let ticks = async || metric(&server.url, "tick_duration_us_count{world=\"harbour\"}").await;
    let tick =
        async || call(&sleeps, Method::GET, "/api/health", None, None).await.1["tick"]["current"].as_u64().unwrap();
    let mut ann = Player::join(&sleeps, "Ann", Encoding::Json).await;
    ann.walk_somewhere().await;
    assert_eq!(asleep("harbour").await, 0.0);
    ann.connection.send(&ClientMessage::Logout {}).await;
    drop(ann);
    until(async || asleep("harbour").await == 1.0).await;
    let (ran, now) = (ticks().await, tick().await);
    // Twice what it owes was made up for.
    until(async || tick().await > now + 150).await;
    assert_eq!(ticks().await, ran, "none has run");
    assert_eq!(asleep("old mill").await, 0.0);
    ben.say_for_sure("I am here.").await;

    let mut ann = Player::join(&sleeps, "Ann", Encoding::Json).await;
    ann.walk_somewhere().await;
    assert!(ann.tick > now + 150, "{} after {now}", ann.tick);
    until(async || ticks().await > ran).await;
    until(async || asleep("harbour").await == 0.0).await;
    drop((ann, ben));
    assert!(server.terminate().success());
    for number in 0..2 {
        let map = maps.0.path().join(format!("{number}.tmx"));
        let mut replay = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        replay.args(["replay", "--log-filter", "error", "--world"]).arg(map).arg("--data-dir").arg(data.path());
        let output = replay.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("everything is as recorded"), "{output:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_read_again_in_its_world_and_in_no_other() {
    let (maps, data) = (Maps::of(&IDS[..2]), tempfile::tempdir().unwrap());
    let server = maps.serve(data.path(), &[]);
    let [edited, other] = [0, 1].map(|number| at(&server.url, IDS[number]));
    let map = async |url: &str| text(url, "/api/world").await.1;
    let before = [map(&edited).await, map(&other).await];
    assert_eq!(before[0], before[1], "they are drawn alike");
    let mut drawn = Drawn { id: Some(IDS[0]), ..Drawn::first() };
    drawn.row[1] = WATER;
    drawn.write(maps.0.path(), "0.tmx");
    server.reload();
    until(async || map(&edited).await != before[0]).await;
    assert_eq!(map(&other).await, before[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_places_and_the_limits_of_an_address_count_over_all_worlds() {
    let (maps, data) = (Maps::of(&IDS[..2]), tempfile::tempdir().unwrap());
    let flags = ["--max-sessions", "2", "--new-characters-per-hour", "3"];
    let server = maps.serve(data.path(), &flags);
    let [one, other] = [0, 1].map(|number| at(&server.url, IDS[number]));
    let ann = Player::join(&one, "Ann", Encoding::Json).await;
    let ben = Player::join(&other, "Ben", Encoding::Json).await;
    let refused = async |url: &str, user: &str| {
        let bearer = token(url, user).await;
        try_bootstrap_as(url, &bearer, user, None).await.expect_err("there is no place")["code"].clone()
    };
    let full = json!("CAPACITY_FULL");
    assert_eq!(refused(&one, "Cid").await, full, "made, and let wait");
    let limited = json!("RATE_LIMITED");
    assert_eq!(refused(&other, "Dan").await, limited, "three new characters were made in all worlds together");
    assert_eq!(metric(&server.url, "rate_limited_total{limit=\"new_character\"}").await, 1.0);
    drop((ann, ben));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_and_lines_of_the_log_say_which_world_they_are_about() {
    let (maps, data) = (Maps::of(&IDS[..2]), tempfile::tempdir().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-format", "json", "--worlds", maps.path()]);
    command.arg("--data-dir").arg(data.path()).stderr(Stdio::piped());
    let mut server = Process::run(command);
    let ann = Player::join(&at(&server.url, "old mill"), "Ann", Encoding::Json).await;
    for (id, players) in [("harbour", 0.0), ("old mill", 1.0)] {
        until(async || metric(&server.url, &format!("active_sessions_gauge{{world=\"{id}\"}}")).await == players).await;
        assert!(metric(&server.url, &format!("tick_duration_us_count{{world=\"{id}\"}}")).await > 0.0);
    }
    assert_eq!(metric(&server.url, "alert_active{alert=\"version_rejects_high\"}").await, 0.0);
    drop(ann);
    server.ask_to_end();
    let mut said = String::new();
    server.stderr().read_to_string(&mut said).unwrap();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_ann: Vec<_> = lines.iter().filter(|line| line.get("user_id").is_some()).collect();
    assert!(of_ann.len() >= 2 && of_ann.iter().all(|line| line["world"] == "old mill"), "{of_ann:?}");
    assert!(lines.iter().any(|line| line["message"] == "drained" && line.get("world").is_none()), "{said}");
}

/// What a start said that did not come to be.
fn refused(flags: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let output = command(data.path(), &[&["--log-format", "text"], flags].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_start_with_maps_that_cannot_be_told_apart_or_read_says_all_that_is_wrong_at_once() {
    let maps = Maps::of(&IDS);
    Drawn { id: Some("tower"), ..Drawn::first() }.write(maps.0.path(), "3.tmx");
    for broken in ["4.tmx", "5.tmj"] {
        std::fs::write(maps.0.path().join(broken), "<map/>").unwrap();
    }
    let said = refused(&["--worlds", maps.path()]);
    assert_eq!(said.matches("--worlds").count(), 1, "{said}");
    for fragment in ["4.tmx", "5.tmj", "2.tmx\" and ", "3.tmx\" are all the world \"tower\"", "remedy: "] {
        assert!(said.contains(fragment), "{fragment:?} in {said}");
    }
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().to_str().unwrap();
    for (flags, fragment) in [
        (&["--worlds", empty][..], "there is no Tiled map in"),
        (&["--worlds", maps.path(), "--world", "a.tmx"], "--world: means one world, and --worlds names several"),
        (&["--worlds", maps.path(), "--world-id", "a"], "--world-id: means one world"),
        (&["--first-world", "a.tmx"], "--first-world: means nothing without --worlds"),
    ] {
        let said = refused(flags);
        assert!(said.contains(fragment) && said.contains("remedy: "), "{fragment:?} in {said}");
    }
    let maps = Maps::of(&IDS[..1]);
    let said = refused(&["--worlds", maps.path(), "--first-world", "9.tmx"]);
    assert!(
        said.contains("--first-world: none of the maps is called \"9.tmx\"") && said.contains("name one of \"0.tmx\""),
        "{said}"
    );
}
