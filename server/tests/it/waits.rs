//! `--wait` in the midst of a start: the database goes away while something is asked of it, stage
//! by stage. What holds a start at a stage is a lock of a prepared transaction, because that
//! outlives the processes of the database.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::Encoding;

use crate::ended_starts::{ends, get};
use tilemud_support::player::{Player, token, try_bootstrap_as, until};
use tilemud_support::process::{Announcement, Process};

/// Where a start is held.
struct Stage {
    lock: &'static str,
    /// Part of the statement that waits for it.
    waiting: &'static str,
    /// What the server is not ready for while it waits there.
    words: &'static str,
    /// The stage in the log when it is ended there.
    logged: &'static str,
}

const WORLDS: Stage = Stage {
    lock: "LOCK TABLE world_snapshots IN ACCESS EXCLUSIVE MODE",
    waiting: "UNION SELECT world_id",
    words: "waiting for the database",
    logged: "opening the database",
};

const REPLAY: Stage = Stage {
    lock: "LOCK TABLE action_events IN ACCESS EXCLUSIVE MODE",
    waiting: "AS payloads",
    words: "bringing the world back",
    logged: "playing the log of the world again",
};

const REPAIRS: Stage = Stage {
    lock: "SELECT FROM character_profiles FOR UPDATE",
    // The beginning of a commit; Postgres shows no more of it.
    waiting: "writer AS (",
    words: "bringing the world back",
    logged: "playing the log of the world again",
};

const ISSUERS: Stage = Stage {
    lock: "LOCK TABLE world_issuers IN ACCESS EXCLUSIVE MODE",
    waiting: "FROM world_issuers",
    words: "bringing the world back",
    logged: "playing the log of the world again",
};

/// A Postgres that knows prepared transactions.
async fn postgres() -> PostgresServer {
    let postgres = PostgresServer::start();
    postgres.execute(&postgres.url("postgres"), "ALTER SYSTEM SET max_prepared_transactions = 1").await;
    postgres.stop();
    postgres.start_again();
    postgres
}

/// A start that is held at a stage, on a world with a log to play again and a row that was changed
/// by hand.
struct Held<'a> {
    postgres: &'a PostgresServer,
    stage: &'a Stage,
    database: String,
    data: tempfile::TempDir,
    address: String,
    process: Process,
    announced: Announcement,
}

impl<'a> Held<'a> {
    async fn at(postgres: &'a PostgresServer, stage: &'a Stage) -> Self {
        let database = postgres.create_database().await;
        let data = tempfile::tempdir().unwrap();
        world_to_bring_back(data.path(), &database).await;
        let mut connection = PgConnection::connect(&database).await.unwrap();
        for statement in ["BEGIN", stage.lock, "PREPARE TRANSACTION 'held'"] {
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        connection.close().await.unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = port.to_string();
        let (process, announced) = Process::spawn(serve(data.path(), &database, &address));
        let held = Self { postgres, stage, database, data, address, process, announced };
        held.waits_there().await;
        held
    }

    /// It waits at the stage, and the port says so.
    async fn waits_there(&self) {
        let mut connection = PgConnection::connect(&self.database).await.unwrap();
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'";
        until(async || {
            let waiting = sqlx::query_scalar::<_, i64>(waiting).bind(self.stage.waiting);
            waiting.fetch_one(&mut connection).await.unwrap() > 0
        })
        .await;
        connection.close().await.unwrap();
        self.is_not_ready(self.stage.words).await;
    }

    async fn is_not_ready(&self, words: &str) {
        let words = format!("not ready: {words}");
        until(async || {
            let ready = get(&self.address, "/readyz");
            ready.starts_with("HTTP/1.1 503") && ready.contains(&words)
        })
        .await;
        assert!(get(&self.address, "/livez").starts_with("HTTP/1.1 200"));
        let health = get(&self.address, "/api/health");
        assert!(health.starts_with("HTTP/1.1 503") && health.contains("\"code\":\"UNAVAILABLE\""), "{health}");
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.data.path().join("said")).unwrap()
    }

    /// The database goes, and is waited for.
    async fn loses_the_database(&self) {
        self.postgres.kill();
        until(async || self.said().contains("waiting (--wait)")).await;
        self.is_not_ready("waiting for the database").await;
    }
}

async fn release(postgres: &PostgresServer, database: &str) {
    postgres.execute(database, "ROLLBACK PREPARED 'held'").await;
}

/// Ann has played and is in the world of a server that was killed, and her row was changed by hand
/// since.
async fn world_to_bring_back(data: &Path, database: &str) {
    for ends_well in [true, false] {
        let server = Process::start(data, &["--database-url", database]);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        ann.walk_somewhere().await;
        if ends_well {
            assert_eq!(server.terminate().code(), Some(0));
        } else {
            server.kill();
        }
    }
    let mut connection = PgConnection::connect(database).await.unwrap();
    let changed = connection.execute("UPDATE character_profiles SET health = 41").await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
}

fn serve(data: &Path, database: &str, address: &str) -> Command {
    // The public key of RFC 7515, A.3.
    let key = r#"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "alg": "ES256", "use": "sig",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    let keys = data.join("keys.json");
    std::fs::write(&keys, key).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--dev-issuer", "--wait", "--log-format", "text", "--log-filter", "info"]);
    command.args(["--listen", address, "--database-url", database, "--data-dir"]).arg(data);
    command.args(["--oidc-issuer", "https://id.example", "--oidc-audience", "game", "--oidc-jwks-file"]).arg(keys);
    command.stderr(File::create(data.join("said")).unwrap());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_at_any_stage_of_a_start_is_waited_for_and_the_start_goes_on_when_it_is_back() {
    let postgres = postgres().await;
    for stage in [WORLDS, REPLAY, REPAIRS, ISSUERS] {
        let held = Held::at(&postgres, &stage).await;
        held.loses_the_database().await;
        postgres.start_again();
        // All of it again, up to the same lock.
        held.waits_there().await;
        release(&postgres, &held.database).await;
        let said = held.said();
        let Held { database, data, address, process, announced, .. } = held;
        assert_eq!(announced.url(), Ok(format!("http://{address}")), "{said}");
        // On a busy machine a connection of before the database went, or a thread that waits for
        // its turn, may be told of for a moment.
        until(async || get(&address, "/readyz").starts_with("HTTP/1.1 200")).await;
        let url = format!("http://{address}");
        let (bearer, mut health) = (token(&url, "Ann").await, 0);
        until(async || match try_bootstrap_as(&url, &bearer, "Ann", None).await {
            Ok(ann) => {
                health = ann.state.character.state.health;
                true
            }
            // A connection of before the database went fails once more.
            Err(refusal) => {
                assert_eq!(refusal["code"], "UNAVAILABLE", "{refusal}");
                false
            }
        })
        .await;
        assert_eq!(health, 41, "what was changed by hand is taken: {said}");
        assert_eq!(process.terminate().code(), Some(0));
        let mut replay = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        replay.args(["replay", "--database-url", &database, "--data-dir"]).arg(data.path());
        let replayed = replay.output().unwrap();
        assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_can_be_ended_at_any_stage_at_which_the_database_is_slow_or_has_gone_away() {
    let postgres = postgres().await;
    for stage in [WORLDS, REPLAY, REPAIRS, ISSUERS] {
        let Held { database, data, process, .. } = Held::at(&postgres, &stage).await;
        ends(process, data.path(), stage.logged);
        release(&postgres, &database).await;
    }
    for stage in [WORLDS, REPLAY, REPAIRS, ISSUERS] {
        let held = Held::at(&postgres, &stage).await;
        held.loses_the_database().await;
        let Held { database, data, process, .. } = held;
        let is_opened = stage.logged != WORLDS.logged;
        ends(process, data.path(), if is_opened { "waiting for the database" } else { stage.logged });
        postgres.start_again();
        release(&postgres, &database).await;
    }
}
