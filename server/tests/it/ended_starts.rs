//! A start can be ended at every stage, and with `--wait` a database or provider that is away is
//! waited for, while the port answers that the server lives and is not ready.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use sqlx::{Connection as _, PgConnection};
use tilemud_persist::testing::PostgresServer;
use tilemud_support::player::{DEADLINE, until};
use tilemud_support::process::{Process, command};

fn quiet(data: &Path, flags: &[&str]) -> Command {
    let mut command = command(data, &[&["--log-format", "text"], flags].concat());
    command.stderr(std::fs::File::create(data.join("said")).unwrap());
    command
}

/// Asks it to end; what it said, which must name the stage.
pub fn ends(process: Process, data: &Path, stage: &str) {
    let asked = Instant::now();
    assert_eq!(process.terminate().code(), Some(0));
    assert!(asked.elapsed() < DEADLINE, "{:?}", asked.elapsed());
    let said = std::fs::read_to_string(data.join("said")).unwrap();
    assert!(said.contains("ended during the start") && said.contains(stage), "{stage:?} in: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_can_be_ended_while_a_database_hangs_and_while_a_migration_is_waited_for() {
    let data = tempfile::tempdir().unwrap();
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://me@{}/game", silent.local_addr().unwrap());
    let (process, _) = Process::spawn(quiet(data.path(), &["--database-url", &url]));
    let _connected = silent.accept().unwrap();
    ends(process, data.path(), "opening the database");

    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let first = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(first.path(), &["--database-url", &database]).terminate().code(), Some(0));
    let mut other = PgConnection::connect(&database).await.unwrap();
    let mut held = other.begin().await.unwrap();
    sqlx::query("LOCK TABLE _sqlx_migrations IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let (process, _) = Process::spawn(quiet(data.path(), &["--database-url", &database]));
    until(async || {
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *held).await.unwrap() > 0
    })
    .await;
    ends(process, data.path(), "opening the database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_waits_for_the_lease_can_be_ended() {
    let data = tempfile::tempdir().unwrap();
    let holder = Process::start(data.path(), &[]);
    // Silent for long enough not to be taken for alive, and not long enough for its lease to have
    // run out.
    holder.pause();
    let log = data.path().join("said");
    let is_waiting = || std::fs::read_to_string(&log).is_ok_and(|said| said.contains("looking whether it still is"));
    let mut starting = None;
    until(async || {
        // A holder that was heard of just now ends the start; then there is another.
        let process = starting.get_or_insert_with(|| {
            let flags = ["--log-format", "text", "--log-filter", "info"];
            let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
            command
                .args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--data-dir"])
                .arg(data.path())
                .args(flags);
            command.stderr(std::fs::File::create(&log).unwrap());
            Process::spawn(command).0
        });
        if process.ended().is_some() {
            starting = None;
        }
        is_waiting()
    })
    .await;
    ends(starting.expect("it waits"), data.path(), "lease");
    holder.resume();
    assert_eq!(holder.terminate().code(), Some(0));
}

/// The answer of the port to one request: status line, head and body.
pub fn get(address: &str, path: &str) -> String {
    get_after("", address, path)
}

/// The same after what a proxy says first.
fn get_after(before: &str, address: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "{before}GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_waited_for_and_the_port_answers_meanwhile() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    postgres.stop();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = port.to_string();
    let data = tempfile::tempdir().unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    serve.args([
        "serve",
        "--dev-issuer",
        "--wait",
        "--log-format",
        "text",
        "--listen",
        &address,
        "--database-url",
        &database,
    ]);
    serve.arg("--data-dir").arg(data.path()).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = serve.spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = log.find(|line| line.as_ref().is_ok_and(|line| line.contains("waiting (--wait)"))).unwrap().unwrap();
    assert!(told.contains("is away") && told.contains("as user \"postgres\""), "{told}");
    let ready = get(&address, "/readyz");
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("not ready: waiting for the database"), "{ready}");
    assert!(get(&address, "/livez").starts_with("HTTP/1.1 200"));
    for path in ["/api/health", "/", "/ws", "/metrics"] {
        let answer = get(&address, path);
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 2"), "{path}: {answer}");
        assert!(answer.contains("\"code\":\"UNAVAILABLE\""), "{path}: {answer}");
    }
    // Whoever reads nothing more would stop it.
    std::thread::spawn(move || log.for_each(drop));
    postgres.start_again();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), format!("tilemud ready http://{address}"));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_while_the_lease_is_waited_for_is_waited_for_as_well() {
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    let first = tempfile::tempdir().unwrap();
    // Silent for long enough not to be taken for alive: its lease is looked at for a while.
    let holder = Process::start(first.path(), &["--database-url", &database]);
    holder.pause();
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("said");
    let said = |words: &str| std::fs::read_to_string(&log).is_ok_and(|said| said.contains(words));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = port.to_string();
    let mut starting = None;
    until(async || {
        // A holder that was heard of just now ends the start; then there is another.
        let process = starting.get_or_insert_with(|| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
            command.args(["serve", "--dev-issuer", "--wait", "--log-format", "text", "--log-filter", "info"]);
            command.args(["--listen", &address, "--database-url", &database, "--data-dir"]).arg(data.path());
            command.stderr(std::fs::File::create(&log).unwrap());
            Process::spawn(command)
        });
        if process.0.ended().is_some() {
            starting = None;
        }
        said("looking whether it still is")
    })
    .await;
    postgres.kill();
    until(async || said("waiting (--wait)")).await;
    let ready = get(&address, "/readyz");
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("not ready: waiting for the database"), "{ready}");
    assert!(get(&address, "/livez").starts_with("HTTP/1.1 200"));
    holder.kill();
    postgres.start_again();
    let (process, announced) = starting.expect("it waits");
    assert_eq!(announced.url().unwrap(), format!("http://{address}"));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    assert_eq!(process.terminate().code(), Some(0));
}

#[test]
fn waiting_ends_when_its_time_is_over_and_does_not_begin_for_what_is_wrong() {
    let data = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = format!("postgres://me@{nobody}/game");
    let provider = format!("http://{nobody}");
    for (flags, code, fragment) in [
        (vec!["--wait", "1", "--database-url", &away], 1, "is the database running"),
        (vec!["--wait", "1", "--oidc-issuer", &provider, "--oidc-audience", "game"], 1, "identity provider http://"),
        (vec!["--wait", "--database-url", &PostgresServer::shared().url("missing")], 2, "there is no database"),
    ] {
        let output = command(data.path(), &[&["--log-format", "text"], &flags[..]].concat()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(fragment), "{said}");
    }
}

#[test]
fn probes_and_newcomers_are_answered_when_one_address_would_take_every_place() {
    probes_are_answered(&[], "", "");
}

#[test]
fn probes_are_answered_behind_the_proxy_protocol_and_under_a_path_when_every_place_is_taken() {
    probes_are_answered(&["--trusted-proxy", "127.0.0.1"], "PROXY TCP4 203.0.113.9 127.0.0.1 5000 80\r\n", "");
    probes_are_answered(&["--public-url", "http://localhost/game/"], "", "/game");
}

/// What comes before a request, and the path before its own.
fn probes_are_answered(flags: &[&str], before: &str, below: &str) {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[&["--max-sessions", "1"], flags].concat());
    let get = |address: &str, path: &str| get_after(before, address, &format!("{below}{path}"));
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    // Four and 256, and some more than that.
    let held: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for path in ["/livez", "/readyz", "/api/health", "/metrics", "/api/version"] {
        let answer = get(&address, path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    drop(held);
}
