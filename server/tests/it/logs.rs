//! T004, T058, T072, FR-014, FR-020, NFR-007: what really emitted logs hold. Each refusal is found
//! by its correlation id, each session event has its fields, each end its code; nobody fills a log;
//! and the audit of a folder says what should not be there.

use std::path::{Path, PathBuf};
use std::process::Command;

use hyper::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tilemud_schema::{Action, ClientMessage, Direction, Encoding, Hello, Intent, ServerMessage, SessionId};
use tilemud_support::player::{Closed, Connection, Player, bootstrap, call, token, until};
use tilemud_support::process::Process;

/// A real server that writes its log into a folder.
pub struct Desk {
    server: Option<Process>,
    pub url: String,
    pub data: tempfile::TempDir,
    logs: PathBuf,
}

impl Desk {
    pub fn start(flags: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let logs = data.path().join("logs");
        let server = Process::run(serve(data.path(), &logs, flags));
        Self { url: server.url.clone(), server: Some(server), data, logs }
    }

    /// Stops it; what it has logged.
    pub fn stop(&mut self) -> Vec<Value> {
        assert_eq!(self.server.take().unwrap().terminate().code(), Some(0));
        self.lines()
    }

    pub fn text(&self) -> String {
        let files = std::fs::read_dir(&self.logs).unwrap().map(|entry| entry.unwrap().path());
        files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
    }
}

/// The command line of a server that logs to a folder only.
fn serve(data: &Path, logs: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-format", "json", "--data-dir"]).arg(data);
    command.arg("--log-dir").arg(logs).args(flags).stderr(std::process::Stdio::null());
    command
}

/// How a session stands in a log; docs/logs.md says so.
fn mark(session_id: SessionId) -> String {
    let hash = Sha256::digest(session_id.to_string().as_bytes());
    hex::encode(&hash[..8])
}

fn audit(folder: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    let output = command.args(["logs", "audit"]).arg(folder).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn hello(session_id: SessionId, ticket: &str, client_version: &str) -> ClientMessage {
    let (last_tick, oldest_unanswered_seq, next_seq) = (None, None, None);
    let (ticket, client_version) = (ticket.to_owned(), client_version.to_owned());
    ClientMessage::Hello(Hello { session_id, ticket, client_version, last_tick, oldest_unanswered_seq, next_seq })
}

/// The first error that comes, with or without a number.
async fn error(connection: &mut Connection) -> (String, String) {
    loop {
        if let ServerMessage::Error { error, .. } = connection.next().await.expect("an error") {
            return (error.code.to_string(), error.correlation_id.to_string());
        }
    }
}

#[tokio::test]
async fn every_refusal_is_found_in_the_log_by_its_correlation_id() {
    let mut desk = Desk::start(&["--log-filter", "debug", "--chat-per-s", "1"]);
    let url = desk.url.clone();
    let mut ann = Player::join(&url, "Ann", Encoding::Json).await;
    let bob = bootstrap(&url, "Bob", None).await;
    let bearer = token(&url, "Ann").await;
    // By HTTP: code, id, and whether it is known who asked.
    let mut refused: Vec<(String, String, bool)> = Vec::new();
    let versionless = json!({ "client_version": "0.0.1+00000000" });
    let badly_named = json!({ "client_version": tilemud_schema::version(), "display_name": "x".repeat(99) });
    let foreign = format!("/api/character/{}", bob.state.character.character_id);
    let carol = token(&url, "Carol").await;
    for (bearer, method, path, body) in [
        (None, Method::POST, "/api/session/bootstrap", None),
        (Some("not.a.token"), Method::POST, "/api/session/bootstrap", None),
        (Some(&*bearer), Method::POST, "/api/session/bootstrap", Some(versionless)),
        (Some(&*bearer), Method::POST, "/api/session/bootstrap", Some(json!("nothing"))),
        (Some(&*carol), Method::POST, "/api/session/bootstrap", Some(badly_named)),
        (Some(&*bearer), Method::GET, &*foreign, None),
        (Some(&*bearer), Method::POST, "/api/session/logout", Some(json!({ "session_id": bob.session.session_id }))),
        (None, Method::GET, "/api/character/1", None),
        (None, Method::GET, "/ws", None),
    ] {
        let is_known = bearer.is_some_and(|bearer| bearer != "not.a.token");
        let (status, answer) = call(&url, method, path, bearer, body).await;
        assert!(status.is_client_error(), "{path}: {status}");
        let text = |field: &str| answer[field].as_str().unwrap_or_else(|| panic!("{path}: {answer}")).to_owned();
        refused.push((text("code"), text("correlation_id"), is_known));
    }
    // In the world: an item that is not there, a wrong number, a bad field, too much chat,
    // nonsense.
    let session_id = ann.session_id();
    let mut send = async |message: ClientMessage| {
        ann.connection.send(&message).await;
        let (code, id) = error(&mut ann.connection).await;
        refused.push((code, id, true));
    };
    let drop = vec![Action::Drop { item: "crown".into(), quantity: None }];
    send(ClientMessage::Intent { seq: 1, intent: Intent::Action { steps: drop } }).await;
    send(ClientMessage::Intent { seq: 7, intent: Intent::Move { direction: Direction::East } }).await;
    send(ClientMessage::Intent { seq: 2, intent: Intent::Action { steps: Vec::new() } }).await;
    send(hello(session_id, "again", tilemud_schema::version())).await;
    ann.seq = 3;
    ann.say("first").await;
    ann.say("second").await;
    let (code, id) = error(&mut ann.connection).await;
    refused.push((code, id, true));
    // A ticket that is not good.
    let mut thief = Connection::open(&url, Encoding::Json).await;
    thief.send(&hello(ann.session_id(), "made up", tilemud_schema::version())).await;
    let (code, id) = error(&mut thief).await;
    refused.push((code, id, false));

    let codes: Vec<&str> = refused.iter().map(|(code, ..)| code.as_str()).collect();
    for code in [
        "AUTH_TOKEN_MISSING",
        "AUTH_TOKEN_INVALID",
        "UPDATE_REQUIRED",
        "MALFORMED",
        "INTENT_INVALID",
        "FORBIDDEN",
        "ITEM_NOT_FOUND",
        "SEQ_OUT_OF_ORDER",
        "RATE_LIMITED",
        "TICKET_INVALID",
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    let lines = desk.stop();
    for (code, id, is_known) in refused {
        let found: Vec<_> = lines.iter().filter(|line| line["correlation_id"] == *id).collect();
        let [line] = found[..] else { panic!("{} lines with the id of {code}", found.len()) };
        assert_eq!((&line["code"], &line["message"]), (&json!(code), &json!("request refused")));
        assert_eq!(line["user_id"].is_string(), is_known, "{line}");
        let is_rule = ["ITEM_NOT_FOUND", "SEQ_OUT_OF_ORDER"].contains(&&*code);
        assert_eq!(line["level"], if is_rule { "DEBUG" } else { "INFO" }, "{line}");
        if code == "RATE_LIMITED" {
            assert_eq!((&line["limit"], &line["session"]), (&json!("chat"), &json!(mark(ann.session_id()))), "{line}");
        }
    }
    // What was really logged, at its most talkative, is clean; and the audit can tell.
    let (code, said) = audit(&desk.logs);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("0 of"), "{said}");
}

#[tokio::test]
async fn t004_every_session_event_has_its_fields_and_every_end_its_code_and_reason() {
    let mut desk = Desk::start(&[]);
    let url = desk.url.clone();
    let ann = Player::join(&url, "Ann", Encoding::Json).await;
    let (user, first) = (ann.bootstrap.session.user_id.clone(), ann.session_id());
    // Cut off, and back.
    let reconnect_token = ann.reconnect_token.clone();
    drop(ann);
    let mut ann = Player::resume(&url, "Ann", &reconnect_token, Encoding::Postcard, None).await;
    assert_eq!(ann.session_id(), first);
    // The same player from elsewhere, with another session.
    let mut elsewhere = Player::join(&url, "Ann", Encoding::Json).await;
    assert_eq!(ann.connection.drain().await.1, Closed(4005));
    let second = elsewhere.session_id();
    // Breaks the protocol, comes back, and logs out.
    for _ in 0..tilemud_schema::limits::MALFORMED_MAX {
        elsewhere.connection.send_raw(b"{").await;
    }
    assert_eq!(elsewhere.connection.drain().await.1, Closed(4007));
    let token = elsewhere.reconnect_token.clone();
    let mut back = Player::resume(&url, "Ann", &token, Encoding::Json, None).await;
    assert_eq!(back.session_id(), second);
    back.connection.send(&ClientMessage::Logout {}).await;
    assert_eq!(back.connection.drain().await.1, Closed(4010));
    // Somebody with a good ticket and another version; somebody without; somebody who is there at
    // the stop.
    let bob = bootstrap(&url, "Bob", None).await;
    let mut outdated = Connection::open(&url, Encoding::Json).await;
    outdated.send(&hello(bob.session.session_id, &bob.realtime.ticket, "0.0.1+00000000")).await;
    assert_eq!(outdated.drain().await.1, Closed(4002));
    let mut stranger = Connection::open(&url, Encoding::Json).await;
    stranger.send(&hello(SessionId(uuid::Uuid::nil()), "none", tilemud_schema::version())).await;
    assert_eq!(stranger.drain().await.1, Closed(4001));
    let mut carol = Player::join(&url, "Carol", Encoding::Postcard).await;
    let third = carol.session_id();
    desk.server.as_ref().unwrap().signal(libc::SIGTERM);
    assert_eq!(carol.connection.drain().await.1, Closed(4006));
    let lines = desk.stop();

    let events = |session: SessionId, event: &str| {
        let session = json!(mark(session));
        let found = lines.iter().filter(move |line| line["session"] == session && line["event"] == event);
        found.cloned().collect::<Vec<_>>()
    };
    for (session, event, expected) in [
        (first, "bootstrap", vec![(Value::Null, "fresh"), (Value::Null, "resumes")]),
        (first, "connect", vec![(Value::Null, "fresh")]),
        (first, "reconnect", vec![(Value::Null, "snapshot")]),
        (first, "disconnect", vec![(Value::Null, "connection_lost"), (json!(4005), "replaced")]),
        (first, "end", vec![(json!(4005), "replaced")]),
        (second, "connect", vec![(Value::Null, "fresh")]),
        (second, "disconnect", vec![(json!(4007), "protocol_violation"), (json!(4010), "logged_out")]),
        (second, "end", vec![(json!(4010), "logged_out")]),
        (third, "disconnect", vec![(json!(4006), "shutting_down")]),
        (third, "end", vec![]),
    ] {
        let found = events(session, event);
        let said: Vec<_> =
            found.iter().map(|line| (line["close_code"].clone(), line["reason"].as_str().unwrap())).collect();
        assert_eq!(said, expected, "{event} of {session}");
        for line in found {
            for field in ["timestamp", "level", "target", "service", "version", "instance", "message", "user_id"] {
                assert!(line[field].is_string(), "{field} in {line}");
            }
            assert!(session == third || line["user_id"] == json!(user), "{line}");
        }
    }
    let violation = events(second, "disconnect");
    assert_eq!(violation[0]["cause"], "too many malformed messages");
    let [rejected] = &events(bob.session.session_id, "version_reject")[..] else { panic!("one rejection") };
    assert_eq!(
        (&rejected["user_id"], &rejected["received"], &rejected["expected"]),
        (&json!(bob.session.user_id), &json!("0.0.1+00000000"), &json!(tilemud_schema::version())),
    );
    let refused: Vec<_> = lines.iter().filter(|line| line["event"] == "refused").collect();
    let said: Vec<_> = refused.iter().map(|line| (&line["close_code"], line["cause"].as_str().unwrap())).collect();
    assert_eq!(said, [(&json!(4002), "another version"), (&json!(4001), "no such session")]);
    assert_eq!(audit(&desk.logs).0, Some(0));
}

#[tokio::test]
async fn sigusr1_opens_the_log_anew_sigusr2_does_nothing_and_sighup_names_what_waits_for_a_restart() {
    let mut desk = Desk::start(&[]);
    let config = desk.data.path().join("tilemud.toml");
    std::fs::write(&config, "").unwrap();
    desk.stop();
    let flags = ["--config", config.to_str().unwrap()];
    let server = Process::run(serve(desk.data.path(), &desk.logs, &flags));
    let [file] = &std::fs::read_dir(&desk.logs).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()[..]
    else {
        panic!("one file")
    };
    let moved = desk.data.path().join("moved");
    std::fs::rename(file, &moved).unwrap();
    server.signal(libc::SIGUSR1);
    until(async || desk.text().contains("log files opened anew")).await;
    server.signal(libc::SIGUSR2);
    until(async || desk.text().contains("SIGUSR2")).await;
    std::fs::write(&config, "max_sessions = 7\nchat_per_s = 9").unwrap();
    server.reload();
    until(async || desk.text().contains("configuration read again")).await;
    let lines = desk.lines();
    let line = lines.iter().find(|line| line["needs_restart"].is_string()).expect("it says what waits");
    assert_eq!(line["needs_restart"], "--chat-per-s, --max-sessions");
    assert!(!std::fs::read_to_string(&moved).unwrap().contains("opened anew"));
    Player::join(&server.url, "Ann", Encoding::Json).await;
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn t072_the_audit_of_a_folder_says_what_it_found_by_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let (code, said) = audit(&dir.path().join("nowhere"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("nowhere"), "{said}");
    assert_eq!(audit(dir.path()).0, Some(2), "a folder without files");
    let log = dir.path().join("tilemud.2026-01-01.log");
    std::fs::write(&log, "{\"message\":\"session live\",\"user_id\":\"9f3c\"}\n").unwrap();
    assert_eq!(audit(dir.path()).0, Some(0));
    std::fs::write(&log, "{\"message\":\"seen\",\"display_name\":\"Annabel\"}\n{\"message\":\"from 203.0.113.7\"}\n")
        .unwrap();
    let (code, said) = audit(dir.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("tilemud.2026-01-01.log:1: a name") && said.contains(":2: a network address"), "{said}");
    assert!(!said.contains("Annabel") && !said.contains("203.0.113.7"), "{said}");
}
