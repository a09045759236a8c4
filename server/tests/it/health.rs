//! FR-006, FR-012: health, readiness and what players are told never argue. A store that can be
//! read and not written, whatever the reason, is one outage: one "unavailable", one "recovered",
//! and nobody is let in between; and a cache that answers and cannot write is degraded once.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::{Method, StatusCode};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tilemud_persist::testing::{PostgresServer, RedisServer};
use tilemud_schema::{Ack, ClientMessage, Dependency, DependencyChange, Encoding, ErrorCode, Seq, ServerMessage};
use tilemud_support::player::{Connection, Player, bootstrap, call, exchange, hello, try_bootstrap_as, until};
use tilemud_support::process::{Process, database};
use tokio::task::JoinHandle;

/// From one question of a prober to the next.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// Asks a probe over and over.
struct Prober {
    stop: Arc<AtomicBool>,
    asking: JoinHandle<Vec<StatusCode>>,
}

impl Prober {
    fn start(url: &str) -> Self {
        let (stop, url) = (Arc::new(AtomicBool::new(false)), url.to_owned());
        let stopped = Arc::clone(&stop);
        let asking = tokio::spawn(async move {
            let mut answers = Vec::new();
            // Paced, because an address may open only so many connections a second.
            let mut asks = tokio::time::interval(ASK_EVERY);
            while !stopped.load(Ordering::Acquire) {
                asks.tick().await;
                answers.push(exchange(&url, Method::GET, "/readyz", None, None).await.0);
            }
            answers
        });
        Self { stop, asking }
    }

    async fn stop(self) -> Vec<StatusCode> {
        self.stop.store(true, Ordering::Release);
        self.asking.await.unwrap()
    }
}

/// Reads until the dependency has changed; all changes of it that were told on the way.
async fn told(player: &mut Player, dependency: Dependency, wanted: DependencyChange) -> Vec<DependencyChange> {
    let mut told = Vec::new();
    loop {
        match player.next().await {
            ServerMessage::Degraded(event) if event.dependency == dependency => {
                told.push(event.status);
                if event.status == wanted {
                    return told;
                }
            }
            ServerMessage::Ack(Ack::Intents { acks, .. }) => panic!("acknowledged in an outage: {acks:?}"),
            _ => {}
        }
    }
}

/// When a store takes no more writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Onset {
    /// From the beginning of the outage on.
    AtOnce,
    /// Some time later; what is written before is acknowledged.
    Soon,
}

/// Speaks until it is told that the store is away; what is not answered then.
async fn speaks_into_an_outage(player: &mut Player) -> Option<Seq> {
    let mut held = Some(player.say("Is this heard?").await);
    loop {
        match player.next().await {
            ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| Some(ack.seq) == held) => {
                held = Some(player.say("Is this heard?").await);
            }
            ServerMessage::Error { seq: Some(seq), error } if held == Some(seq) => {
                assert_eq!(error.code, ErrorCode::Unavailable);
                held = None;
            }
            ServerMessage::Degraded(event) if event.dependency == Dependency::Database => {
                assert_eq!(event.status, DependencyChange::Unavailable);
                return held;
            }
            _ => {}
        }
    }
}

/// One outage of a store: `begin` makes it unwritable, `end` mends it. Once with nobody doing
/// anything, once with somebody who acts.
async fn one_outage(url: &str, reason: &str, onset: Onset, mut begin: impl AsyncFnMut(), mut end: impl AsyncFnMut()) {
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let bearer = tilemud_support::player::token(url, "Ann").await;
    for acts in [false, true] {
        // What a machine that stands still has made of the store before is no part of this outage.
        until(async || exchange(url, Method::GET, "/readyz", None, None).await.0 == StatusCode::OK).await;
        ann.heartbeat(99).await;
        begin().await;
        let mut held = None;
        if acts && onset == Onset::Soon {
            held = speaks_into_an_outage(&mut ann).await;
        } else {
            if acts {
                held = Some(ann.say("Is this heard?").await);
            }
            let began = told(&mut ann, Dependency::Database, DependencyChange::Unavailable).await;
            assert_eq!(began, [DependencyChange::Unavailable], "{reason}");
        }
        let prober = Prober::start(url);
        // Long enough for several attempts of every kind.
        let mut polls = 0;
        until(async || {
            let (status, health) = call(url, Method::GET, "/api/health", None, None).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{health}");
            let database = &health["dependencies"]["database"];
            assert_eq!(database["status"], "unavailable", "{health}");
            ann.heartbeat(polls).await;
            // At first it may only be known that there is no answer.
            polls += u64::from(database["message"].as_str().is_some_and(|message| message.contains(reason)));
            polls > 40
        })
        .await;
        let (_, _, body) = exchange(url, Method::GET, "/readyz", None, None).await;
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.lines().any(|line| line.starts_with("database: ") && line.contains(reason)), "{body}");
        let refused = try_bootstrap_as(url, &bearer, "Bob", None).await.expect_err("nobody comes in");
        assert_eq!((&refused["code"], &refused["retryable"]), (&"UNAVAILABLE".into(), &true.into()), "{refused}");
        let answers = prober.stop().await;
        assert!(answers.len() > 10 && answers.iter().all(|status| *status == 503), "{reason}: {answers:?}");
        end().await;
        let mut told = Vec::new();
        while !told.contains(&DependencyChange::Recovered) || held.is_some() {
            match ann.next().await {
                ServerMessage::Degraded(event) if event.dependency == Dependency::Database => told.push(event.status),
                ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                    held = held.filter(|held| !acks.iter().any(|ack| ack.seq == *held));
                }
                ServerMessage::Error { seq: Some(seq), error } if held == Some(seq) => {
                    assert_eq!((error.code, error.retryable), (ErrorCode::Unavailable, true));
                    held = None;
                }
                _ => {}
            }
        }
        assert_eq!(told, [DependencyChange::Recovered], "{reason}");
        assert_eq!(exchange(url, Method::GET, "/readyz", None, None).await.0, StatusCode::OK);
        ann.say_for_sure("There you are").await;
    }
    bootstrap(url, "Bob", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_that_another_program_holds_locked_is_one_outage() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let file = format!("sqlite:{}", database(data.path()).display());
    let other = tokio::sync::Mutex::new(SqliteConnection::connect(&file).await.unwrap());
    let run = async |statement: &'static str| other.lock().await.execute(statement).await.map(drop);
    one_outage(
        &server.url,
        "locked",
        Onset::AtOnce,
        async || until(async || run("BEGIN IMMEDIATE").await.is_ok()).await,
        async || run("ROLLBACK").await.unwrap(),
    )
    .await;
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_takes_no_writes_is_one_outage() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database, "--chat-per-s", "1000"]);
    let set = async |read_only: &'static str| {
        let mut operator = PgConnection::connect(&postgres.url("postgres")).await.unwrap();
        let setting = format!("ALTER SYSTEM SET default_transaction_read_only = {read_only}");
        operator.execute("SET default_transaction_read_only = off").await.unwrap();
        operator.execute(AssertSqlSafe(setting)).await.unwrap();
        operator.execute("SELECT pg_reload_conf()").await.unwrap();
        operator.close().await.unwrap();
    };
    // What is written until the processes of the database have read the setting is acknowledged.
    one_outage(&server.url, "read-only", Onset::Soon, async || set("on").await, async || set("off").await).await;
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_hangs_is_one_outage() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database]);
    one_outage(&server.url, "answer", Onset::AtOnce, async || postgres.pause(), async || postgres.resume()).await;
    assert_eq!(server.terminate().code(), Some(0));
}

/// A server whose data folder is a small disk of its own, which nobody else sees but through the
/// process.
fn on_a_small_disk(data: &Path) -> Process {
    let mut command = Command::new("unshare");
    // Its own user as well: not everybody may have disks.
    command.args([
        "--map-root-user",
        "--mount",
        "/bin/sh",
        "-c",
        "mount -t tmpfs -o size=24m tmpfs \"$0\" && exec \"$@\"",
    ]);
    command.arg(data).arg(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-filter", "warn", "--data-dir"]).arg(data);
    Process::run(command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_is_one_outage() {
    let data = tempfile::tempdir().unwrap();
    let server = on_a_small_disk(data.path());
    let inside = format!("/proc/{}/root{}", server.id(), data.path().display());
    let ballast = Path::new(&inside).join("ballast");
    assert!(Path::new(&inside).join("tilemud.db").exists(), "the store is on that disk");
    let fill = async || {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&ballast).unwrap();
        let full = std::iter::repeat_with(|| file.write_all(&[7; 4_096])).find_map(Result::err).unwrap();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    };
    one_outage(&server.url, "full", Onset::AtOnce, fill, async || std::fs::remove_file(&ballast).unwrap()).await;
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_takes_no_more_connections_is_one_outage() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let run = async |statement: &str| postgres.execute(&database, statement).await;
    run("CREATE ROLE player LOGIN").await;
    run("GRANT ALL ON SCHEMA public TO player").await;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database.replace("postgres@", "player@")]);
    let begin = async || {
        run("ALTER ROLE player CONNECTION LIMIT 0").await;
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'player'").await;
    };
    let end = async || run("ALTER ROLE player CONNECTION LIMIT -1").await;
    one_outage(&server.url, "no more connections", Onset::AtOnce, begin, end).await;
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_has_become_a_standby_is_one_outage() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database]);
    let begin = async || {
        postgres.stop();
        postgres.start_again_as_standby();
    };
    let end = async || postgres.execute(&database, "SELECT pg_promote()").await;
    one_outage(&server.url, "read-only", Onset::AtOnce, begin, end).await;
    assert_eq!(server.terminate().code(), Some(0));
}

/// Whoever took the right away may give it back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_whose_user_may_not_write_any_more_is_one_outage() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let name = database.rsplit('/').next().unwrap();
    let owner = format!("CREATE ROLE game LOGIN; ALTER DATABASE {name} OWNER TO game");
    postgres.execute(&database, &owner).await;
    let data = tempfile::tempdir().unwrap();
    let as_game = database.replacen("//postgres@", "//game@", 1);
    let server = Process::start(data.path(), &["--database-url", &as_game]);
    let begin = async || postgres.execute(&database, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM game").await;
    let end = async || postgres.execute(&database, "GRANT ALL ON ALL TABLES IN SCHEMA public TO game").await;
    one_outage(&server.url, "refuses us the right", Onset::AtOnce, begin, end).await;
    assert_eq!(server.terminate().code(), Some(0));
}

/// One outage of the cache.
async fn one_degradation(url: &str, player: &mut Player, reason: &str, mut end: impl AsyncFnMut()) {
    assert_eq!(told_cache(player, DependencyChange::Degraded).await, [DependencyChange::Degraded], "{reason}");
    for nonce in 0..20 {
        let (status, health) = call(url, Method::GET, "/api/health", None, None).await;
        assert_eq!((status.as_u16(), health["status"].as_str()), (200, Some("degraded")), "{health}");
        let cache = &health["dependencies"]["cache"];
        assert!(cache["message"].as_str().is_some_and(|message| message.contains(reason)), "{health}");
        player.heartbeat(nonce).await;
    }
    assert_eq!(exchange(url, Method::GET, "/readyz", None, None).await.0, StatusCode::OK, "play goes on");
    assert!(is_told_on_arrival(url).await, "{reason}");
    end().await;
    assert_eq!(told_cache(player, DependencyChange::Recovered).await, [DependencyChange::Recovered], "{reason}");
}

/// Whether somebody who comes in only now is told before they see anything.
async fn is_told_on_arrival(url: &str) -> bool {
    let boot = bootstrap(url, "Late", None).await;
    let mut connection = Connection::open(url, Encoding::Postcard).await;
    let hello = hello(boot.session.session_id, &boot.realtime.ticket);
    connection.send(&ClientMessage::Hello(hello)).await;
    loop {
        match connection.next().await.expect("the connection lives") {
            ServerMessage::Degraded(event) => return event.status == DependencyChange::Degraded,
            ServerMessage::StateDelta(_) => return false,
            _ => {}
        }
    }
}

async fn told_cache(player: &mut Player, wanted: DependencyChange) -> Vec<DependencyChange> {
    told(player, Dependency::Cache, wanted).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_answers_and_cannot_write_is_degraded_once_with_its_reason() {
    let redis = RedisServer::start();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--redis-url", &redis.url()]);
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    for (begin, end, reason) in [
        (&["REPLICAOF", "127.0.0.1", "1"][..], &["REPLICAOF", "NO", "ONE"][..], "read-only"),
        (&["CONFIG", "SET", "maxmemory", "1"], &["CONFIG", "SET", "maxmemory", "0"], "full"),
        (
            &["CONFIG", "SET", "min-replicas-to-write", "1"],
            &["CONFIG", "SET", "min-replicas-to-write", "0"],
            "replicas",
        ),
    ] {
        redis.command(begin);
        one_degradation(url, &mut ann, reason, async || redis.command(end)).await;
    }
}
