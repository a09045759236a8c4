//! The embedded store on a disk whose `fsync` fails: nothing is acknowledged that may be lost,
//! everybody can see it, and what was acknowledged before is there afterwards, once. The disk is
//! made to fail by a library that is loaded before the server's own, so everything above the system
//! call is real.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use hyper::{Method, StatusCode};
use tempfile::TempDir;
use tilemud_schema::{Ack, AckStatus, ActionId, Dependency, DependencyChange, Encoding, ErrorCode, Seq, ServerMessage};
use tilemud_support::player::{Player, call};
use tilemud_support::process::{Process, command};

use crate::traffic::Log;

/// A data folder on a disk that can be made to fail.
struct Disk {
    folder: TempDir,
    library: PathBuf,
    trigger: PathBuf,
}

impl Disk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (library, trigger) = (folder.path().join("fsync_fails.so"), folder.path().join("fails"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fsync_fails.c");
        // The compiler is there: Rust links with it.
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap();
        assert!(compiled.success());
        Self { folder, library, trigger }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn start(&self) -> Process {
        let mut command = command(&self.data(), &["--chat-per-s", "100"]);
        command.env("LD_PRELOAD", &self.library).env("FSYNC_FAILS_WHILE", &self.trigger);
        Process::run(command)
    }

    fn fail(&self) {
        std::fs::write(&self.trigger, []).unwrap();
    }

    fn work_again(&self) {
        std::fs::remove_file(&self.trigger).unwrap();
    }
}

/// A player and all answers it got.
struct Witness {
    player: Player,
    acks: BTreeMap<Seq, ActionId>,
    refused: Vec<Seq>,
    told: Vec<DependencyChange>,
}

impl Witness {
    async fn take(&mut self) {
        let message = self.player.next().await;
        self.note(message);
    }

    fn note(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                for ack in acks {
                    let before = self.acks.insert(ack.seq, ack.action_id);
                    assert!(before.is_none() && !self.refused.contains(&ack.seq), "{} is answered twice", ack.seq);
                }
            }
            ServerMessage::Error { seq: Some(seq), error } => {
                assert_eq!(error.code, ErrorCode::Unavailable, "{seq}");
                assert!(!self.acks.contains_key(&seq) && !self.refused.contains(&seq), "{seq} is answered twice");
                self.refused.push(seq);
            }
            ServerMessage::Degraded(event) => {
                assert_eq!(event.dependency, Dependency::Database);
                self.told.push(event.status);
            }
            _ => {}
        }
    }
}

/// Acts until the disk fails, and on until the server refuses; nothing is acknowledged from the
/// failure on. The last number acknowledged.
async fn up_to_the_failure(disk: &Disk, server: &Process) -> (Witness, Seq) {
    let player = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut ann = Witness { player, acks: BTreeMap::new(), refused: Vec::new(), told: Vec::new() };
    for words in ["One", "Two", "Three"] {
        let seq = ann.player.say(words).await;
        while !ann.acks.contains_key(&seq) {
            ann.take().await;
        }
    }
    let acknowledged = ann.player.seq - 1;
    disk.fail();
    ann.player.say("Is this heard?").await;
    while ann.told.is_empty() {
        ann.take().await;
    }
    assert_eq!(ann.told, [DependencyChange::Unavailable]);
    // The world runs ahead a little; then each further intent is refused.
    while ann.refused.is_empty() {
        ann.player.say("And this?").await;
        // While it runs ahead there is no answer, nor anything else that is sure to come.
        let _ = tokio::time::timeout(Duration::from_millis(100), ann.take()).await;
    }
    let (status, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{health}");
    assert_eq!(health["dependencies"]["database"]["status"], "unavailable", "{health}");
    assert_eq!(ann.acks.len() as u64, acknowledged, "acknowledged after the failure: {:?}", ann.acks);
    (ann, acknowledged)
}

/// Everything acknowledged is in the log, and nothing twice.
fn assert_logged(disk: &Disk, acks: &BTreeMap<Seq, ActionId>) {
    let log = Log::read(&disk.data());
    log.assert_unique();
    for (seq, action_id) in acks {
        let row = log.rows.iter().find(|row| row.sequence_number == *seq).unwrap_or_else(|| panic!("{seq} is lost"));
        assert_eq!(row.action_id, *action_id);
    }
}

fn assert_replays(disk: &Disk) {
    let mut replay = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    let output = replay.args(["replay", "--data-dir"]).arg(disk.data()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn with_a_failing_fsync_nothing_is_acknowledged_and_play_goes_on_when_it_works_again() {
    let disk = Disk::new();
    let server = disk.start();
    let (mut ann, _) = up_to_the_failure(&disk, &server).await;
    disk.work_again();
    let sent = ann.player.seq - 1;
    while !ann.told.contains(&DependencyChange::Recovered) || (ann.acks.len() + ann.refused.len()) as u64 != sent {
        ann.take().await;
    }
    let seq = ann.player.say("All is well").await;
    while !ann.acks.contains_key(&seq) {
        ann.take().await;
    }
    assert_eq!(server.terminate().code(), Some(0));
    assert_logged(&disk, &ann.acks);
    assert_replays(&disk);
}

/// After the failure the server ends, one way or another, and starts again on a disk that works.
async fn comes_back(end: impl FnOnce(Process)) {
    let disk = Disk::new();
    let server = disk.start();
    let (mut ann, acknowledged) = up_to_the_failure(&disk, &server).await;
    end(server);
    while let Ok(message) = ann.player.connection.next().await {
        ann.note(message);
    }
    assert_eq!(ann.acks.len() as u64, acknowledged, "acknowledged after the failure: {:?}", ann.acks);
    disk.work_again();
    assert_logged(&disk, &ann.acks);

    let server = disk.start();
    let token = ann.player.reconnect_token;
    let boot = tilemud_support::player::bootstrap(&server.url, "Ann", Some(&token)).await;
    assert_eq!(boot.session.session_id, ann.player.bootstrap.session.session_id);
    // What was refused is forgotten by now, but it was answered and is left out.
    let next = ann.player.seq;
    let unanswered: Vec<Seq> = (acknowledged + 1..next).filter(|seq| !ann.refused.contains(seq)).collect();
    assert!(!unanswered.is_empty() && !ann.refused.is_empty());
    let oldest = Some(unanswered[0]);
    let mut back = Player::try_enter(&server.url, boot, Encoding::Json, None, oldest, Some(next)).await.unwrap();
    for seq in unanswered.into_iter().chain([next]) {
        back.seq = seq;
        back.say("Is this heard?").await;
        let answer = back.answer(seq).await.unwrap();
        // It was written before its fsync failed, so it may be there; but then it was never told.
        assert!(seq < next || answer.status == AckStatus::Applied);
        ann.acks.insert(seq, answer.action_id);
    }
    back.seq = acknowledged;
    back.say("Three").await;
    let repeat = back.answer(acknowledged).await.unwrap();
    assert_eq!((repeat.status, repeat.action_id), (AckStatus::Duplicate, ann.acks[&acknowledged]));
    assert_eq!(server.terminate().code(), Some(0));
    assert_logged(&disk, &ann.acks);
    assert_replays(&disk);
}

#[tokio::test]
async fn after_a_failing_fsync_and_a_sigkill_everything_acknowledged_is_there_once() {
    comes_back(Process::kill).await;
}

#[tokio::test]
async fn a_server_that_is_stopped_while_fsync_fails_says_so_and_has_lost_nothing_acknowledged() {
    comes_back(|server| assert_eq!(server.terminate().code(), Some(1))).await;
}
