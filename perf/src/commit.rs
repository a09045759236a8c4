//! `perf commit`: what the store does for a batch of ticks beside the limit: the same rows, written by a loop that does nothing but
//! insert them in bulk. Both alternate in one run on one private Postgres that waits for its disk.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;
use sqlx::types::Json;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tilemud_persist::store::{Batch, LeaseRequest};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{
    ActionEvent, ActionId, CharacterId, Direction, EventPayload, Position, SessionId, TickRecord, Timestamp, UserId,
};
use uuid::Uuid;

/// Rows per second of the store beside those of a bare bulk insert
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Rows in a batch; several sizes, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 5_000])]
    rows: Vec<usize>,
    /// Batches of each size
    #[arg(long, default_value_t = 60)]
    batches: usize,
}

const WORLD: &str = "perf";

/// The columns as the store writes them, with the same indexes and partitions, and nothing else.
const BARE_INSERT: &str = "INSERT INTO bare_events (world_id, session_id, sequence_number, action_id, user_id, character_id,
        action_type, payload, persisted_at, tick, tick_order)
    SELECT $1, event.* FROM UNNEST($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::jsonb[],
        $9::text[]::timestamptz[], $10::bigint[], $11::integer[]) AS event";

/// Measures and prints a line per size.
///
/// # Errors
/// A database that fails.
pub async fn run(options: &Options) -> Result<()> {
    let server = PostgresServer::start_durable();
    let url = server.create_database().await;
    let store = tilemud_persist::open(&url, WORLD).await?;
    store.acquire_lease(&LeaseRequest { holder: "perf".to_owned(), supersedes: None }).await?;
    let mut bare = PgConnection::connect(&url).await?;
    bare.execute("CREATE TABLE bare_events (LIKE action_events INCLUDING ALL) PARTITION BY RANGE (session_id)").await?;
    bare.execute("CREATE TABLE bare_events_default PARTITION OF bare_events DEFAULT").await?;
    let mut tick = 0;
    for &rows in &options.rows {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..options.batches {
            tick += 1;
            let began = Instant::now();
            let batch = batch(tick, rows);
            store.commit(&batch).await?;
            times[0].push(began.elapsed());
            let columns = Columns::of(&batch.events);
            let began = Instant::now();
            columns.insert(&mut bare).await?;
            times[1].push(began.elapsed());
        }
        let [stage, limit] = times.map(|times| Times::of(times, rows));
        println!(
            "{rows} rows: the store {:.0} rows/s (p50 {:.2} ms, p99 {:.2} ms), bare insert {:.0} rows/s (p50 {:.2} ms, p99 {:.2} ms): ratio {:.2}",
            stage.rows_per_s,
            stage.p50_ms,
            stage.p99_ms,
            limit.rows_per_s,
            limit.p50_ms,
            limit.p99_ms,
            stage.rows_per_s / limit.rows_per_s,
        );
    }
    Ok(())
}

struct Times {
    rows_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
}

impl Times {
    /// The rate is that of the median, so that a stall of the machine in one of the two does not decide the ratio.
    fn of(mut times: Vec<Duration>, rows: usize) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64();
        Self { rows_per_s: rows as f64 / at(50), p50_ms: at(50) * 1e3, p99_ms: at(99) * 1e3 }
    }
}

/// What the persistence stage makes of a tick with so many steps, one of each player.
fn batch(tick: u64, rows: usize) -> Batch {
    let persisted_at = Timestamp::from_micros(1_795_435_200_000_000);
    let events = (0..rows).map(|order| ActionEvent {
        action_id: ActionId(Uuid::now_v7()),
        session_id: SessionId(Uuid::from_u64_pair(0x0199_0000_0000_7000, 0x8000_0000_0000_0000 | order as u64)),
        user_id: UserId(format!("dev|walker-{order}").into()),
        character_id: CharacterId(Uuid::from_u64_pair(1, order as u64)),
        sequence_number: tick,
        payload: EventPayload::Move { direction: Direction::East, to: Position { x: 17, y: 40 } },
        persisted_at,
        tick,
        tick_order: u32::try_from(order).unwrap_or(u32::MAX),
    });
    let record = TickRecord { tick, ..TickRecord::default() };
    Batch {
        tick,
        persisted_at: Some(persisted_at),
        events: events.collect(),
        records: vec![record],
        ..Batch::default()
    }
}

/// The rows as one array per column, made beforehand.
struct Columns {
    sessions: Vec<Uuid>,
    numbers: Vec<i64>,
    actions: Vec<Uuid>,
    users: Vec<String>,
    characters: Vec<Uuid>,
    kinds: Vec<&'static str>,
    payloads: Vec<Json<EventPayload>>,
    ticks: Vec<i64>,
    orders: Vec<i32>,
}

impl Columns {
    fn of(events: &[ActionEvent]) -> Self {
        Self {
            sessions: events.iter().map(|event| event.session_id.0).collect(),
            numbers: events.iter().map(|event| event.sequence_number.cast_signed()).collect(),
            actions: events.iter().map(|event| event.action_id.0).collect(),
            users: events.iter().map(|event| event.user_id.0.to_string()).collect(),
            characters: events.iter().map(|event| event.character_id.0).collect(),
            kinds: events.iter().map(|event| event.payload.action_type().as_str()).collect(),
            payloads: events.iter().map(|event| Json(event.payload.clone())).collect(),
            ticks: events.iter().map(|event| event.tick.cast_signed()).collect(),
            orders: events.iter().map(|event| event.tick_order.cast_signed()).collect(),
        }
    }

    async fn insert(&self, connection: &mut PgConnection) -> Result<()> {
        // The time as text, cast once by the database, as a constant of the statement.
        let insert = sqlx::query(BARE_INSERT)
            .bind(WORLD)
            .bind(&self.sessions)
            .bind(&self.numbers)
            .bind(&self.actions)
            .bind(&self.users)
            .bind(&self.characters)
            .bind(&self.kinds)
            .bind(&self.payloads)
            .bind(vec!["2026-11-24T12:00:00Z"; self.sessions.len()])
            .bind(&self.ticks)
            .bind(&self.orders);
        insert.execute(connection).await.context("the bare insert")?;
        Ok(())
    }
}
