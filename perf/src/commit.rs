//! `perf commit`: what the store does for a batch of ticks beside the limit: the same rows, written
//! by a loop that does nothing but insert them in bulk. Both alternate in one run on one private
//! Postgres that waits for its disk.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo};
use sqlx::{Connection as _, Encode, Executor as _, PgConnection, Postgres, Row as _, Type};
use tilemud_persist::store::{Batch, LeaseRequest};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{
    ActionEvent, CharacterId, Direction, Intent, IntentOutcome, Performed, Position, SessionId, TickRecord, Timestamp,
    UserId,
};
use tilemud_server::engine::action_ids::action_id;
use uuid::Uuid;

/// Rows per second of the store beside those of a bare bulk insert
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Rows in a batch; several sizes, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 5_000, 20_000])]
    rows: Vec<usize>,
    /// Rows written by each side for each size; a size has 60 batches at least
    #[arg(long, default_value_t = 200_000)]
    total: usize,
    /// Players who take turns
    #[arg(long, default_value_t = 2_000)]
    players: u64,
}

const WORLD: &str = "perf";
const BATCHES_MIN: usize = 60;

/// Bare and store, so that a slow spell meets both.
const SIDES: [Side; 2] = [Side::Store, Side::Bare];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Store,
    Bare,
}

/// The columns as the store writes them, in the same order, with the same indexes and partitions,
/// and nothing else.
const BARE_INSERT: &str =
    "INSERT INTO bare_events (world_id, session_id, sequence_number, action_id, user_id, character_id,
        action_type, payload, persisted_at, tick, tick_order)
    SELECT $1, UNNEST($2::uuid[]), UNNEST($3::bigint[]), UNNEST($4::uuid[]), UNNEST($5::text[]), UNNEST($6::uuid[]),
        UNNEST($7::text[]), UNNEST($8::json[]), '2026-11-24T12:00:00Z', UNNEST($9::bigint[]), UNNEST($10::integer[])";

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
    let players: Vec<Player> = (0..options.players).map(Player::new).collect();
    let mut rows_before = 0;
    let mut tick = 0;
    println!(
        "{:>6} rows | {:<5} | {:>8} | p50 ms | p99 ms | us CPU per row: {:>8} | {:>8} | ratio",
        "", "side", "rows/s", "database", "this side"
    );
    for &rows in &options.rows {
        let mut runs = SIDES.map(|_| Vec::new());
        for number in 0..BATCHES_MIN.max(options.total / rows) + 1 {
            tick += 1;
            let batch = || batch(&players, rows_before, rows, tick);
            let mut events = batch().events;
            events.sort_unstable_by_key(|event| event.session_id.0);
            let columns = Columns::of(&events);
            // Who is first changes from batch to batch: the second finds the first's pages on their
            // way to the disk.
            let order = if number % 2 == 0 { SIDES } else { [Side::Bare, Side::Store] };
            for side in order {
                let cpu_before = Cpu::now(&mut bare, side).await?;
                let began = Instant::now();
                match side {
                    Side::Store => drop(store.commit(&batch()).await?),
                    Side::Bare => columns.insert(&mut bare).await?,
                }
                let took = began.elapsed();
                // The first of a size finds nothing ready.
                if number > 0 {
                    runs[side as usize].push(Run { took, cpu: Cpu::now(&mut bare, side).await?.since(cpu_before) });
                }
            }
            rows_before += rows;
        }
        let [store, bare] = runs.map(|runs| Figures::of(&runs, rows));
        store.print(rows, "store", Some(store.rows_per_s / bare.rows_per_s));
        bare.print(rows, "bare", None);
    }
    Ok(())
}

struct Run {
    took: Duration,
    cpu: Cpu,
}

/// CPU time on both ends of a connection.
#[derive(Debug, Clone, Copy)]
struct Cpu {
    database: Duration,
    own: Duration,
}

impl Cpu {
    /// So far: of the process in the database that serves this side, and of all threads here.
    async fn now(bare: &mut PgConnection, side: Side) -> Result<Self> {
        let statement = match side {
            Side::Store => "SELECT pid FROM pg_stat_activity WHERE application_name = 'tilemud'",
            Side::Bare => "SELECT pg_backend_pid() AS pid",
        };
        let mut database = Duration::ZERO;
        for row in sqlx::query(statement).fetch_all(bare).await? {
            database += on_cpu(&format!("/proc/{}/schedstat", row.get::<i32, _>("pid")));
        }
        let threads = std::fs::read_dir("/proc/self/task")?;
        let own = threads.filter_map(|thread| Some(on_cpu(&format!("{}/schedstat", thread.ok()?.path().display()))));
        Ok(Self { database, own: own.sum() })
    }

    fn since(self, earlier: Self) -> Self {
        Self { database: self.database.saturating_sub(earlier.database), own: self.own.saturating_sub(earlier.own) }
    }
}

/// The first number in such a file is nanoseconds; zero where there is none.
fn on_cpu(schedstat: &str) -> Duration {
    let text = std::fs::read_to_string(schedstat).unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0))
}

/// Medians, so that a stall of the machine in one of the two sides does not decide the ratio.
struct Figures {
    rows_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
    database_us: f64,
    own_us: f64,
}

impl Figures {
    fn of(runs: &[Run], rows: usize) -> Self {
        let sorted = |of: fn(&Run) -> Duration| {
            let mut times: Vec<f64> = runs.iter().map(|run| of(run).as_secs_f64()).collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let at = |times: &[f64], percent: usize| times[(times.len() - 1) * percent / 100];
        let took = sorted(|run| run.took);
        let per_row = |of| at(&sorted(of), 50) * 1e6 / rows as f64;
        Self {
            rows_per_s: rows as f64 / at(&took, 50),
            p50_ms: at(&took, 50) * 1e3,
            p99_ms: at(&took, 99) * 1e3,
            database_us: per_row(|run| run.cpu.database),
            own_us: per_row(|run| run.cpu.own),
        }
    }

    fn print(&self, rows: usize, side: &str, ratio: Option<f64>) {
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        println!(
            "{rows:>6} rows | {side:<5} | {:>8.0} | {:>6.2} | {:>6.2} | {:>24.2} | {:>9.2} | {ratio}",
            self.rows_per_s, self.p50_ms, self.p99_ms, self.database_us, self.own_us
        );
    }
}

/// Who plays: begun in groups, as sessions begin.
struct Player {
    session_id: SessionId,
    user_id: UserId,
    character_id: CharacterId,
}

impl Player {
    fn new(number: u64) -> Self {
        let id = |time: u64| Uuid::from_u64_pair((time + number / 40) << 16 | 0x7000, 1 << 63 | number);
        Self {
            session_id: SessionId(id(0x0199_0000_0000)),
            user_id: UserId(format!("dev|walker-{number}").into()),
            character_id: CharacterId(id(0x0198_0000_0000)),
        }
    }
}

/// What the persistence stage makes of a tick in which players step in turn; `first` is how many
/// steps there were before.
fn batch(players: &[Player], first: usize, rows: usize, tick: u64) -> Batch {
    let persisted_at = Timestamp::from_micros(1_795_435_200_000_000);
    let events = (0..rows).map(|order| {
        // Next to each other in time are players who are far apart in the indexes.
        let player = &players[(first + order).wrapping_mul(7_919) % players.len()];
        ActionEvent {
            action_id: action_id(persisted_at),
            session_id: player.session_id,
            user_id: player.user_id.clone(),
            character_id: player.character_id,
            sequence_number: ((first + order) / players.len()) as u64,
            performed: Performed {
                intent: Intent::Move { direction: Direction::East },
                outcome: IntentOutcome::Move { to: Position { x: 17, y: 40 } },
            },
            persisted_at,
            tick,
            tick_order: u32::try_from(order).unwrap_or(u32::MAX),
        }
    });
    let events = events.collect();
    let record = TickRecord { tick, ..TickRecord::default() };
    Batch { tick: 1, persisted_at: Some(persisted_at), events, records: vec![record], ..Batch::default() }
}

/// The rows as one array per column, made beforehand.
struct Columns {
    sessions: Vec<Uuid>,
    numbers: Vec<i64>,
    actions: Vec<Uuid>,
    users: Vec<String>,
    characters: Vec<Uuid>,
    kinds: Vec<&'static str>,
    payloads: Vec<JsonText>,
    ticks: Vec<i64>,
    orders: Vec<i32>,
}

impl Columns {
    fn of(events: &[ActionEvent]) -> Self {
        let payload = |event: &ActionEvent| serde_json::to_string(&event.performed).map(JsonText);
        Self {
            sessions: events.iter().map(|event| event.session_id.0).collect(),
            numbers: events.iter().map(|event| event.sequence_number.cast_signed()).collect(),
            actions: events.iter().map(|event| event.action_id.0).collect(),
            users: events.iter().map(|event| event.user_id.0.to_string()).collect(),
            characters: events.iter().map(|event| event.character_id.0).collect(),
            kinds: events.iter().map(|event| event.performed.action_type()).collect(),
            payloads: events.iter().map(|event| payload(event).expect("every payload is JSON")).collect(),
            ticks: events.iter().map(|event| event.tick.cast_signed()).collect(),
            orders: events.iter().map(|event| event.tick_order.cast_signed()).collect(),
        }
    }

    async fn insert(&self, connection: &mut PgConnection) -> Result<()> {
        let insert = sqlx::query(BARE_INSERT)
            .bind(WORLD)
            .bind(&self.sessions)
            .bind(&self.numbers)
            .bind(&self.actions)
            .bind(&self.users)
            .bind(&self.characters)
            .bind(&self.kinds)
            .bind(&self.payloads)
            .bind(&self.ticks)
            .bind(&self.orders);
        insert.execute(connection).await.context("the bare insert")?;
        Ok(())
    }
}

/// Text for a column of type `json` (`pg_type.dat`: 114, its array 199).
struct JsonText(String);

impl Type<Postgres> for JsonText {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(114))
    }
}

impl PgHasArrayType for JsonText {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(199))
    }
}

impl Encode<'_, Postgres> for JsonText {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> std::result::Result<IsNull, BoxDynError> {
        buffer.extend(self.0.as_bytes());
        Ok(IsNull::No)
    }
}
