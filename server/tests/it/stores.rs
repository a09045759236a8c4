//! The same server on Postgres and Redis, through their outages (S5, S6), and the flags that change
//! how it runs.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, Row as _};
use tilemud_persist::testing::{PostgresServer, RedisServer};
use tilemud_schema::{Ack, Dependency, DependencyChange, Direction, Encoding, ErrorCode, Intent, Seq, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Process;

use crate::outage::refusal;

/// Takes the first step that nothing blocks.
pub async fn any_step(player: &mut Player) -> Direction {
    for direction in Direction::ALL {
        if player.attempt(&Intent::Move { direction }).await.is_ok() {
            return direction;
        }
    }
    panic!("walled in at {:?}", player.position);
}

async fn until_degraded(player: &mut Player, dependency: Dependency, status: DependencyChange) {
    loop {
        if let ServerMessage::Degraded(event) = player.next().await
            && (event.dependency, event.status) == (dependency, status)
        {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_server_runs_on_postgres_and_redis_and_comes_back_to_the_same_world() {
    let postgres = PostgresServer::start();
    let redis = RedisServer::start();
    let database = postgres.create_database().await;
    let redis_url = redis.url();
    let data = tempfile::tempdir().unwrap();
    let flags = ["--database-url", &*database, "--redis-url", &*redis_url];

    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    any_step(&mut ann).await;
    let ack = ann.say_for_sure("Hello, Postgres").await;
    server.kill();

    let mut connection = PgConnection::connect(&database).await.unwrap();
    let rows = sqlx::query(
        "select action_type, payload->>'text' as text, action_id from action_events order by tick, tick_order",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let last = rows.last().unwrap();
    assert_eq!(last.get::<String, _>("action_type"), "chat");
    assert_eq!(last.get::<Option<String>, _>("text").as_deref(), Some("Hello, Postgres"));
    assert_eq!(last.get::<uuid::Uuid, _>("action_id"), ack.action_id.0);

    let server = Process::start(data.path(), &flags);
    let again = Player::join(&server.url, "Ann", Encoding::Json).await;
    let step: serde_json::Value =
        sqlx::query("select payload->'to' as place from action_events where action_type = 'move' order by tick desc, tick_order desc limit 1")
            .fetch_one(&mut connection)
            .await
            .unwrap()
            .get("place");
    assert_eq!(serde_json::to_value(again.position).unwrap(), step);
    assert_eq!(server.terminate().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s5_with_redis_stopped_play_goes_on_and_players_are_told_and_told_again() {
    let redis = RedisServer::start();
    let redis_url = redis.url();
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--redis-url", &redis_url]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    redis.kill();
    until_degraded(&mut ann, Dependency::Cache, DependencyChange::Degraded).await;
    any_step(&mut ann).await;
    let (status, health) =
        tilemud_support::player::call(&server.url, hyper::Method::GET, "/api/health", None, None).await;
    assert_eq!((status.as_u16(), health["status"].as_str()), (200, Some("degraded")), "{health}");
    redis.start_again();
    until_degraded(&mut ann, Dependency::Cache, DependencyChange::Recovered).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s6_with_postgres_stopped_nothing_is_acknowledged_and_play_resumes_by_itself() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--database-url", &database, "--chat-per-s", "100"]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    any_step(&mut ann).await;

    postgres.kill();
    until_degraded(&mut ann, Dependency::Database, DependencyChange::Unavailable).await;
    // The few ticks the world may run ahead are taken and held; after that intents are refused,
    // which may come when more has been sent.
    let first = ann.seq;
    let mut refused = Vec::new();
    while refused.is_empty() {
        ann.say("Is anybody there?").await;
        refused.extend(tokio::time::timeout(Duration::from_millis(700), refusal(&mut ann)).await.ok());
    }
    let mut held: Vec<Seq> = (first..ann.seq).filter(|seq| !refused.contains(seq)).collect();
    postgres.start_again();
    let mut recovered = false;
    while !held.is_empty() || !recovered {
        match ann.next().await {
            ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                held.retain(|seq| !acks.iter().any(|ack| ack.seq == *seq));
            }
            ServerMessage::Error { seq: Some(refused), error } => {
                assert_eq!(error.code, ErrorCode::Unavailable, "{refused}");
                held.retain(|seq| *seq != refused);
            }
            ServerMessage::Degraded(event) => recovered |= event.status == DependencyChange::Recovered,
            _ => {}
        }
    }
    ann.say_for_sure("There you are").await;
}

#[tokio::test]
async fn with_a_lower_delta_rate_acks_leave_every_tick_and_deltas_are_fewer() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--tick-hz", "100", "--delta-hz", "10"]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    for _ in 0..3 {
        let direction = any_step(&mut ann).await;
        let delta = bob.delta_where(|delta| delta.update.iter().any(|update| update.id == ann.entity_id)).await;
        assert_eq!(delta.tick % 10, 0, "public deltas are due every tenth tick: {direction:?} {delta:?}");
    }
}
