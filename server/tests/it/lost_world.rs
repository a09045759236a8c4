//! FR-012, DESIGN rule 1: a server that has lost what it cannot go on without says so and ends with
//! 1, its players with the word to come back: another server has its world, or a thread of it has
//! panicked. One that is only stuck lets nobody in.

use std::io::Read as _;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hyper::{Method, StatusCode};
use tilemud_persist::store::{LeaseRequest, Superseded};
use tilemud_persist::testing::CommitFailure;
use tilemud_schema::{CloseCode, Dependency, DependencyChange, Encoding, ErrorCode, ServerMessage};
use tilemud_support::player::{Closed, DEADLINE, Player, exchange, until};
use tilemud_support::process::{Local, Process, command, database};

use crate::cache::{WORLD, metric};
use crate::world::meadow;

/// Another server takes the world of a running one, as after a pause that was too long.
async fn take_over(url: &str) {
    let store = tilemud_persist::open(url, WORLD).await.unwrap();
    let held = store.lease().await.unwrap().expect("it is held");
    let supersedes = Some(Superseded { epoch: held.epoch, renewed: None });
    store.acquire_lease(&LeaseRequest { holder: "another".to_owned(), supersedes }).await.unwrap();
}

async fn end_of(process: &mut Process) -> ExitStatus {
    let mut status = None;
    until(async || {
        status = process.ended();
        tokio::task::yield_now().await;
        status.is_some()
    })
    .await;
    status.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_server_that_loses_its_world_says_so_and_ends_with_1() {
    for is_being_stopped in [false, true] {
        let data = tempfile::tempdir().unwrap();
        let mut command = command(data.path(), &[]);
        command.stderr(Stdio::piped());
        let mut server = Process::run(command);
        let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
        let url = format!("sqlite:{}", database(data.path()).display());
        if is_being_stopped {
            // It finds out only while it gives the world back.
            server.pause();
            take_over(&url).await;
            server.ask_to_end();
            server.resume();
        } else {
            take_over(&url).await;
        }
        let (_, closed) = ann.connection.drain().await;
        assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()), "to come back");
        assert_eq!(end_of(&mut server).await.code(), Some(1));
        let mut said = String::new();
        server.stderr().read_to_string(&mut said).unwrap();
        assert!(said.contains("another") && said.contains("has taken this world over"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_panics_ends_the_server_within_a_second_and_its_players_are_told_to_come_back() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    gate.fail_next(1, CommitFailure::Panic);
    ann.say("The last words").await;
    tokio::time::timeout(DEADLINE, server.failed()).await.expect("it is missed");
    let (_, _, body) = exchange(&server.url, Method::GET, "/readyz", None, None).await;
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(body.contains("the persistence thread has panicked"), "{body}");
    let error = tokio::time::timeout(DEADLINE, server.stop()).await.expect("it ends").expect_err("it did not end well");
    assert!(format!("{error:#}").contains("the persistence thread has panicked"), "{error:#}");
    let (messages, closed) = ann.connection.drain().await;
    assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()), "to come back");
    assert!(!format!("{messages:?}").contains("Applied"), "{messages:?}");
}

#[tokio::test]
async fn a_server_stopped_while_its_store_is_away_says_so_also_when_nothing_was_left_to_commit() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    gate.go_down();
    let error = server.stop().await.expect_err("the world was not closed");
    let said = format!("{error:#}");
    assert!(said.contains("nothing that was acknowledged is lost") && said.contains("did not come back"), "{said}");
}

#[test]
fn a_server_that_is_dropped_without_a_stop_leaves_no_thread_behind() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(async {
        let (server, gate) = Local::gated(meadow(), &[]).await;
        // It has nothing left to commit by then, which would end its threads together with the
        // runtime.
        until(async || metric(&server.url, "tick_duration_us_count").await > 20.0).await;
        drop(server);
        Arc::downgrade(&gate)
    });
    // What the runtime ran ends with it; a thread of the world would hold the store for ever.
    drop(runtime);
    let began = std::time::Instant::now();
    while store.strong_count() > 0 {
        assert!(began.elapsed() < DEADLINE, "somebody still has the store");
        std::thread::yield_now();
    }
}

/// Stops one thread of a process, and nothing else of it, until dropped.
struct Halted {
    release: std::sync::mpsc::Sender<()>,
    tracer: Option<std::thread::JoinHandle<()>>,
}

impl Halted {
    fn thread(process: u32, name: &str) -> Self {
        let is_named =
            |path: &std::path::Path| std::fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim() == name);
        let began = std::time::Instant::now();
        // A thread takes its name only once it runs.
        let task = loop {
            let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
            if let Some(task) = tasks.flatten().map(|task| task.path()).find(|path| is_named(path)) {
                break task;
            }
            assert!(began.elapsed() < DEADLINE, "there is no thread {name}");
            std::thread::yield_now();
        };
        let id: libc::pid_t = task.file_name().unwrap().to_str().unwrap().parse().unwrap();
        let (release, released) = std::sync::mpsc::channel();
        let (halted, is_halted) = std::sync::mpsc::channel();
        // A thread is traced by a thread, not by a process.
        let tracer = std::thread::spawn(move || {
            let trace = |request: libc::c_uint| {
                // SAFETY: a child of ours; without addresses of memory in it.
                #[allow(unsafe_code, reason = "std has no word for it")]
                let done = unsafe { libc::ptrace(request, id, std::ptr::null_mut::<u8>(), std::ptr::null_mut::<u8>()) };
                assert_eq!(done, 0, "{}", std::io::Error::last_os_error());
            };
            trace(libc::PTRACE_SEIZE);
            trace(libc::PTRACE_INTERRUPT);
            // SAFETY: waits for the thread that was just asked to halt; no status is wanted.
            #[allow(unsafe_code, reason = "std waits for processes only")]
            let stopped = unsafe { libc::waitpid(id, std::ptr::null_mut(), libc::__WALL) };
            assert_eq!(stopped, id);
            halted.send(()).unwrap();
            let _ = released.recv();
            trace(libc::PTRACE_DETACH);
        });
        is_halted.recv().expect("the thread halts");
        Self { release, tracer: Some(tracer) }
    }

    fn go_on(mut self) {
        drop(self.release);
        self.tracer.take().unwrap().join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_is_stuck_is_told_once_lets_nobody_in_and_is_told_again_when_it_moves() {
    for (name, words) in [
        ("tilemud-tick", "the tick thread has not moved"),
        ("tilemud-persist", "the persistence thread has not moved"),
        ("tilemud-fan-out", "the fan-out thread has not moved"),
    ] {
        stuck(name, words).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_is_stuck_for_half_a_minute_is_past_help_and_livez_says_so() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let url = &server.url;
    let halted = Halted::thread(server.id(), "tilemud-tick");
    let live = async || exchange(url, Method::GET, "/livez", None, None).await;
    let mut every = tokio::time::interval(Duration::from_millis(250));
    let dead = async {
        loop {
            every.tick().await;
            let (status, _, body) = live().await;
            if status != StatusCode::OK {
                return (status, String::from_utf8(body.to_vec()).unwrap());
            }
        }
    };
    let (status, body) = tokio::time::timeout(DEADLINE * 2, dead).await.expect("it is past help in time");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let (_, silent) = body.split_once("the tick thread has not moved for ").unwrap_or_else(|| panic!("{body}"));
    let silent_s: u64 = silent.split(' ').next().unwrap().parse().unwrap();
    assert!(silent_s >= 30, "{body}");
    halted.go_on();
    until(async || live().await.0 == StatusCode::OK).await;
    assert_eq!(server.terminate().code(), Some(0));
}

/// Longer than an answer takes on a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

async fn stuck(name: &str, words: &str) {
    // A thread may be halted while it holds what the network threads wait for: then nobody answers,
    // and it is tried with another server.
    while !is_told_as_stuck(name, words).await {}
}

/// False when the network threads were stuck with it.
async fn is_told_as_stuck(name: &str, words: &str) -> bool {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let halted = Halted::thread(server.id(), name);
    let mut is_answered = true;
    until(async || {
        let asked = exchange(url, Method::GET, "/readyz", None, None);
        let Ok((status, _, answer)) = tokio::time::timeout(ANSWERED_WITHIN, asked).await else {
            is_answered = false;
            return true;
        };
        let body = String::from_utf8(answer.to_vec()).unwrap();
        // One that waits for what this one holds may be told of before it.
        status == StatusCode::SERVICE_UNAVAILABLE && body.contains(words)
    })
    .await;
    if !is_answered {
        halted.go_on();
        return false;
    }
    assert_eq!(exchange(url, Method::GET, "/livez", None, None).await.0, StatusCode::OK, "it may move again");
    let bearer = tilemud_support::player::token(url, "Bob").await;
    let refused =
        tilemud_support::player::try_bootstrap_as(url, &bearer, "Bob", None).await.expect_err("nobody comes in");
    assert_eq!(refused["code"], serde_json::to_value(ErrorCode::Unavailable).unwrap());
    halted.go_on();
    let mut told = Vec::new();
    while told.last() != Some(&DependencyChange::Recovered) {
        // On a machine that stands still a store is away for a moment as well.
        if let ServerMessage::Degraded(event) = ann.next().await
            && event.dependency == Dependency::World
        {
            told.push(event.status);
        }
    }
    assert_eq!(told, [DependencyChange::Unavailable, DependencyChange::Recovered], "{name}");
    assert_eq!(exchange(url, Method::GET, "/readyz", None, None).await.0, StatusCode::OK);
    assert_eq!(server.terminate().code(), Some(0));
    true
}
