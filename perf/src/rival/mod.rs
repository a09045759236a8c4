//! The rival: a Colyseus server with Postgres, in `perf/peers/colyseus`, started and measured as
//! this server is. One point is one private durable Postgres, one fresh server process and one run
//! of the rival's own load generator.
//!
//! Data flows Node and generator -> program (lines) -> answer -> [`Outcome`].

mod answer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tilemud_persist::testing::PostgresServer;

use self::answer::Answer;
use crate::cores::{self, Affinity};
use crate::outcome::{Cpu, Memory, Outcome};
use crate::processes;
use crate::program::{self, Program};

/// How the rival persists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Variant {
    /// The moves of a tick in one statement; acknowledgements wait for the tick
    Batched,
    /// A statement per move; acknowledgements leave when it has committed
    Action,
}

impl Variant {
    fn name(self) -> &'static str {
        match self {
            Self::Batched => "batched",
            Self::Action => "action",
        }
    }
}

/// What each client of the rival is shown in `steady`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sight {
    /// The players within 16 tiles, found pair by pair; its fastest
    Exact,
    /// Those in the 3 x 3 chunks of 16 tiles around, as with this server
    Chunk,
}

impl Sight {
    fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Chunk => "chunk",
        }
    }
}

/// One point of the rival.
#[derive(Debug, Clone)]
pub struct Point<'a> {
    /// `steady` or `crowd`.
    pub scenario: &'a str,
    pub sessions: usize,
    /// Load before the measured time.
    pub warmup_s: u64,
    pub seconds: u64,
    pub variant: Variant,
    pub sight: Sight,
    /// Whether the server has a core for itself.
    pub pin: bool,
}

/// Name of this rival in reports.
const COLYSEUS: &str = "colyseus";

/// Where it is in the checkout.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/colyseus");

/// Node takes a few seconds on a cold disk.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// Beyond the load itself: sessions are let in within three minutes, and last answers within ten
/// seconds, or never.
const RUN_PATIENCE: Duration = Duration::from_secs(240);

/// Sees to it that everything it needs is there, before anything is measured in vain.
///
/// # Errors
/// What is missing, and where it comes from.
pub fn prepare() -> Result<()> {
    node()?;
    generator().map(drop)
}

/// Measures a point.
///
/// # Errors
/// When something of it does not start or breaks off. What is only wrong with the figures is among
/// the outcome's faults.
pub fn point(point: &Point) -> Result<Outcome> {
    let node = node()?;
    let generator = generator()?;
    let _affinity = point.pin.then(|| Affinity::set(cores::OTHERS)).transpose()?;
    eprintln!("{COLYSEUS} {}, {} sessions: starting database and server", point.scenario, point.sessions);
    let postgres = PostgresServer::start_durable();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let database: PgConnectOptions = runtime.block_on(postgres.create_database()).parse()?;
    runtime.block_on(make_table(&database))?;
    let socket = database.get_socket().context("the private Postgres listens on a socket")?;
    let postmaster = processes::postmaster(&database)?;

    let mut server = Program::start("the Colyseus server", server_command(point, &node, &database, socket))?;
    let ready = server.said("READY", START_PATIENCE)?;
    let ready: serde_json::Value = serde_json::from_str(&ready)?;
    let port = ready["port"].as_u64().context("the Colyseus server names no port")?;
    let before = processes::settled_memory(server.pid())?;

    let mut load = Program::start("the rival's load generator", load_command(point, &generator, port))?;
    let patience = RUN_PATIENCE + Duration::from_secs(point.warmup_s + point.seconds);
    let used = || anyhow::Ok((processes::cpu_s(server.pid())?, processes::family_cpu_s(postmaster)?));
    load.said("MEASURE_START", patience)?;
    let at_start = used()?;
    server.signal(Signal::USR2)?;
    load.said("MEASURE_END", patience)?;
    let at_end = used()?;
    let with_sessions = processes::resident_bytes(server.pid())?;
    let answer = Answer::parse(&load.said("RESULT", patience)?)?;

    let rows = runtime.block_on(count_rows(&database))?;
    let mut faults = answer.faults(point.sessions, rows);
    faults.extend(server.complaints().into_iter().take(5).map(|line| format!("the server said: {line}")));
    faults.extend(load.complaints().into_iter().take(5).map(|line| format!("the generator said: {line}")));
    Ok(Outcome {
        system: system(point),
        scenario: point.scenario.to_owned(),
        sessions: answer.ready,
        seconds: point.seconds as f64,
        ack_us: answer.acks_us(),
        more_us: answer.more_us(),
        acks: answer.acks,
        frames: answer.frames,
        bytes: answer.bytes,
        cpu_s: Cpu { server: at_end.0 - at_start.0, database: at_end.1 - at_start.1, generator: answer.cpu_s },
        server_memory: Memory { before, with_sessions },
        faults,
        figures: BTreeMap::new(),
    })
}

/// What the point is called in reports: whatever is not its default is named.
fn system(point: &Point) -> String {
    let mut name = COLYSEUS.to_owned();
    if point.variant != Variant::Batched {
        name = format!("{name}-{}", point.variant.name());
    }
    if point.sight != Sight::Exact {
        name = format!("{name}-{}", point.sight.name());
    }
    name
}

/// The Node that came with the rival's packages.
fn node() -> Result<PathBuf> {
    let node = Path::new(FOLDER).join("node_modules/.bin/node");
    ensure!(
        node.exists(),
        "the rival's packages are not installed: run `npm ci` in perf/peers/colyseus (`cargo xtask perf compare` does it)"
    );
    Ok(node)
}

/// Compiles the load generator when its source is newer than it, beside this program.
fn generator() -> Result<PathBuf> {
    let source = Path::new(FOLDER).join("loadgen.c");
    let program = std::env::current_exe()?.with_file_name("colyseus-loadgen");
    let changed = |path: &Path| path.metadata().and_then(|metadata| metadata.modified());
    if changed(&program).is_ok_and(|made| changed(&source).is_ok_and(|written| written < made)) {
        return Ok(program);
    }
    let mut compile = Command::new("cc");
    compile.args(["-O2", "-Wall", "-o"]).arg(&program).arg(&source);
    let output = compile.output().context("cc did not start; install gcc")?;
    ensure!(output.status.success(), "the rival's load generator: {}", String::from_utf8_lossy(&output.stderr));
    Ok(program)
}

fn server_command(point: &Point, node: &Path, database: &PgConnectOptions, socket: &Path) -> Command {
    let mut command = program::command(node, point.pin.then_some(cores::SERVER));
    command
        .args(["--max-semi-space-size=64", "server.mjs"])
        .current_dir(FOLDER)
        .env("NODE_ENV", "production")
        .env("END_WITH_STDIN", "1")
        .env("SCENARIO", point.scenario)
        .env("PERSIST", point.variant.name())
        .env("AOI", point.sight.name())
        .env("PORT", "0")
        .env("PGHOST", socket)
        .env("PGDATABASE", database.get_database().unwrap_or("postgres"));
    command
}

fn load_command(point: &Point, generator: &Path, port: u64) -> Command {
    let mut command = Command::new(generator);
    for (option, number) in
        [("--n", point.sessions as u64), ("--port", port), ("--ramp", point.warmup_s), ("--measure", point.seconds)]
    {
        command.args([option, &number.to_string()]);
    }
    command
}

async fn make_table(database: &PgConnectOptions) -> Result<()> {
    let mut connection = database.connect().await?;
    sqlx::raw_sql(include_str!("../../peers/colyseus/schema.sql")).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

async fn count_rows(database: &PgConnectOptions) -> Result<u64> {
    let mut connection = database.connect().await?;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM action_events").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(u64::try_from(rows)?)
}
