//! The embedded store on a disk that is full. The disk is real, or the process may write no further
//! into a file (which is a write error of another kind): both in a child process, which is this
//! test program again, so that no other test is hit.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use tilemud_persist::StoreError;
use tilemud_persist::store::Batch;
use tilemud_schema::TickRecord;

use crate::deeds::{Log, batch, hero};
use crate::lease_cases::request;

const FOLDER: &str = "TILEMUD_TEST_FULL_DISK";
const EVENTS_PER_TICK: u64 = 50;

fn deed(log: &Log, tick: u64) -> Batch {
    let events = (0..EVENTS_PER_TICK).map(|order| log.step(tick * EVENTS_PER_TICK + order, tick, 5)).collect();
    Batch { records: vec![TickRecord { tick, ..TickRecord::default() }], ..batch(tick, events) }
}

/// What the child does: commits until the disk is full, and goes on when there is room. Nothing in
/// the other runs.
#[tokio::test]
async fn child_that_fills_its_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let url = format!("sqlite:{}", Path::new(&folder).join("store.db").display());
    let store = tilemud_persist::open(&url, "meadow").await.unwrap();
    store.acquire_lease(&request("child")).await.unwrap();
    let log = Log::of(&hero(&*store).await);
    let mut committed = 0;
    let mut next = deed(&log, 1);
    let mut failures = 0;
    while failures < 3 {
        let outcome = store.commit(&next).await;
        let is_committed = match outcome {
            Ok(_) => true,
            Err(StoreError::Unavailable(_)) => store.settled(&next).await.unwrap_or(false),
            Err(failure) => panic!("{failure:?}"),
        };
        if is_committed {
            (committed, failures) = (committed + 1, 0);
            next = deed(&log, committed + 1);
        } else {
            failures += 1;
        }
    }
    // What was committed can be read, on the connections there are and on new ones.
    let reader = tilemud_persist::open(&url, "meadow").await;
    for store in [&store].into_iter().chain(&reader) {
        assert_eq!(store.committed_tick().await.unwrap(), committed);
        assert_eq!(store.read_log(0, usize::MAX).await.unwrap().len() as u64, committed);
    }
    println!("\nFULL after {committed}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    assert!(!store.settled(&next).await.unwrap());
    store.commit(&next).await.unwrap();
    for tick in committed + 2..=committed + 20 {
        store.commit(&deed(&log, tick)).await.unwrap();
    }
    let ticks = store.read_log(0, usize::MAX).await.unwrap();
    assert_eq!(ticks.len() as u64, committed + 20);
    assert!(ticks.iter().all(|tick| tick.events.len() as u64 == EVENTS_PER_TICK));
}

/// Runs the child within a program (if any) and behind a shell command, makes room when its disk is
/// full, and waits for its good end.
fn fill(folder: &Path, within: &[&str], setting: &str, make_room: impl FnOnce(u32)) {
    let program = std::env::current_exe().unwrap();
    let line = [within, &["/bin/sh"]].concat();
    let mut child = Command::new(line[0])
        .args(&line[1..])
        .args(["-c", &format!("{setting} exec \"$0\" --exact disk::child_that_fills_its_disk --nocapture")])
        .arg(program)
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    while !said.lines().last().is_some_and(|line| line.starts_with("FULL")) {
        assert!(output.read_line(&mut said).unwrap() > 0, "the child ended before its disk was full:\n{said}");
    }
    make_room(child.id());
    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    std::io::copy(&mut output, &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn commits_fail_for_now_when_no_more_can_be_written_and_work_again_when_it_can() {
    let folder = tempfile::tempdir().unwrap();
    // 3,000 blocks of 512 bytes for each file; without the trap the system would end the process.
    fill(folder.path(), &[], "trap '' XFSZ; ulimit -S -f 3000;", |child| {
        assert!(run("prlimit", &["--pid", &child.to_string(), "--fsize=unlimited"]));
    });
}

/// A disk in memory that only the child sees: gone with it, and makeable without being root.
#[test]
fn commits_fail_for_now_when_the_disk_is_full_and_work_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mount = format!("mount -t tmpfs -o size=2m tmpfs {path} &&");
    fill(folder.path(), &["unshare", "--user", "--map-root-user", "--mount"], &mount, |child| {
        let child = child.to_string();
        let inside = ["--target", &child, "--user", "--mount", "--preserve-credentials"];
        assert!(run("nsenter", &[&inside[..], &["mount", "-o", "remount,size=32m", path]].concat()));
    });
}
