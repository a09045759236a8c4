//! FR-012: what was slower than it should be, and clocks that jump, leave lines in the log of a
//! real server. The clock is moved by a library that is loaded before the server's own.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tilemud_schema::Encoding;
use tilemud_support::player::{Player, until};
use tilemud_support::process::{Process, command, database};

use crate::cache::metric;

/// The line of the log with these words.
fn line<'a>(log: &'a str, words: &str) -> &'a str {
    log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("nothing about {words:?} in {log}"))
}

fn number(line: &str, field: &str) -> u64 {
    let value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
    value[field].as_u64().unwrap_or_else(|| panic!("{field} in {line}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_commits_skipped_ticks_and_a_clock_that_jumps_leave_lines_and_figures() {
    let data = tempfile::tempdir().unwrap();
    let (library, ahead) = (data.path().join("clock_jumps.so"), data.path().join("ahead"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clock_jumps.c");
    // The compiler is there: Rust links with it.
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap().success());
    let mut command = command(data.path(), &["--log-format", "json"]);
    command.env("LD_PRELOAD", &library).env("CLOCK_AHEAD_WHILE", &ahead).stderr(Stdio::piped());
    let mut server = Process::run(command);
    let url = server.url.clone();
    let mut ann = Player::join(&url, "Ann", Encoding::Json).await;

    let file = format!("sqlite:{}", database(data.path()).display());
    let mut other = SqliteConnection::connect(&file).await.unwrap();
    until(async || other.execute("BEGIN IMMEDIATE").await.is_ok()).await;
    let held = Instant::now();
    let seq = ann.say("This takes a while").await;
    let mut nonce = 0;
    until(async || {
        nonce += 1;
        ann.heartbeat(nonce).await;
        held.elapsed() > Duration::from_millis(400)
    })
    .await;
    other.execute("ROLLBACK").await.unwrap();
    ann.answer(seq).await.expect("it was only slow");

    server.pause();
    let paused = Instant::now();
    until(async || paused.elapsed() > Duration::from_millis(700)).await;
    server.resume();
    ann.heartbeat(0).await;

    std::fs::write(&ahead, []).unwrap();
    until(async || metric(&url, "clock_jumps_total").await >= 1.0).await;
    until(async || metric(&url, "ticks_skipped_total").await >= 1.0).await;
    server.ask_to_end();
    let mut log = String::new();
    server.stderr().read_to_string(&mut log).unwrap();
    assert!(number(line(&log, "slow commits"), "worst_ms") >= 250, "{log}");
    assert!(number(line(&log, "ticks were skipped"), "worst_behind_ms") >= 200, "{log}");
    let jump = number(line(&log, "the time of day has jumped"), "jump_ms");
    assert!((3_598_000..3_602_000).contains(&jump), "{log}");
}
