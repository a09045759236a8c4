//! The same server on Postgres and Redis, through their outages (S5, S6), and the flags that change how it runs.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, Row as _};
use tilemud_persist::testing::{PostgresServer, RedisServer};
use tilemud_schema::{Dependency, DependencyChange, Direction, Encoding, ErrorCode, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Process;

/// Takes the first step that nothing blocks.
pub async fn any_step(player: &mut Player) -> Direction {
    for direction in Direction::ALL {
        let seq = player.step(direction).await;
        if player.answer(seq).await.is_ok() {
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
    let said = ann.say("Hello, Postgres").await;
    let ack = ann.answer(said).await.unwrap();
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
    let server = Process::start(data.path(), &["--database-url", &database]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    any_step(&mut ann).await;

    postgres.kill();
    until_degraded(&mut ann, Dependency::Database, DependencyChange::Unavailable).await;
    // The few ticks the world may run ahead are taken and held; after that intents are refused.
    let mut held = Vec::new();
    loop {
        let seq = ann.say("Is anybody there?").await;
        match tokio::time::timeout(Duration::from_millis(700), ann.answer(seq)).await {
            Ok(Err(error)) if error.code == ErrorCode::Unavailable => break,
            Ok(Err(error)) => panic!("refused for another reason: {error:?}"),
            Ok(Ok(ack)) => panic!("acknowledged without a store: {ack:?}"),
            Err(_) => held.push(seq),
        }
    }
    postgres.start_again();
    let mut recovered = false;
    while !held.is_empty() || !recovered {
        match ann.next().await {
            ServerMessage::Ack(tilemud_schema::Ack::Intents { acks, .. }) => {
                held.retain(|seq| !acks.iter().any(|ack| ack.seq == *seq));
            }
            ServerMessage::Degraded(event) => recovered |= event.status == DependencyChange::Recovered,
            _ => {}
        }
    }
    let seq = ann.say("There you are").await;
    ann.answer(seq).await.expect("play goes on");
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
