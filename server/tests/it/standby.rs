//! Failover of a world: a server that stands by goes on with it when the one that runs it ends, is
//! killed or falls silent, and with all that was acknowledged (FR-016, NFR-004).

use std::net::{TcpListener, TcpStream};
use std::path::Path;

use serde_json::json;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{ChatChannel, Encoding, ServerMessage};
use tilemud_support::player::{Player, token, try_bootstrap_as, until};
use tilemud_support::process::{Announcement, Process, command_at};

use crate::cache::WORLD;
use crate::drawn::{Drawn, Place, WATER};
use crate::ended_starts::get;

const STANDING_BY: &str = "not ready: another server runs this world; standing by";

/// A server that stands by.
struct Standby {
    address: String,
    process: Process,
    announced: Announcement,
}

impl Standby {
    /// Waits until it has seen that another server runs the world.
    async fn beside(data: &Path, flags: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let flags = [&["--standby"], flags].concat();
        let (process, announced) = Process::spawn(command_at(&address, data, &flags));
        let standby = Self { address, process, announced };
        until(async || standby.readiness().contains(STANDING_BY)).await;
        standby
    }

    /// Empty before it listens.
    fn readiness(&self) -> String {
        if TcpStream::connect(&self.address).is_err() { String::new() } else { get(&self.address, "/readyz") }
    }

    /// Waits until it runs the world.
    async fn takes_over(self) -> Process {
        let Self { mut process, announced, .. } = self;
        process.url = tokio::task::spawn_blocking(|| announced.url()).await.unwrap().expect("a ready line");
        process
    }
}

/// Comes back to the next server with what is left of the session at the one before.
async fn comes_back(url: &str, left: &Player) -> Player {
    let back = Player::resume(url, "Ann", &left.reconnect_token, Encoding::Json, Some(left.tick)).await;
    assert_eq!((back.session_id(), back.position), (left.session_id(), left.position));
    back
}

/// Says something to all, and is told that it is stored.
async fn calls(player: &mut Player, text: &str) {
    let seq = player.speak(ChatChannel::Zone, text, None).await;
    player.answer(seq).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_by_goes_on_with_the_world_of_one_that_ends_or_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let postgres = PostgresServer::start();
    let database = postgres.create_database().await;
    // Nobody is silent here, however slow the machine is.
    let flags = ["--database-url", &*database, "--lease-ttl", "60"];
    let first = Process::start(data.path(), &flags);
    let mut ann = Player::join(&first.url, "Ann", Encoding::Json).await;
    ann.walk_somewhere().await;
    let second = Standby::beside(data.path(), &flags).await;
    assert!(get(&second.address, "/livez").starts_with("HTTP/1.1 200"));
    let bearer = token(&first.url, "Ann").await;
    let there = format!("http://{}", second.address);
    let refused = try_bootstrap_as(&there, &bearer, "Ann", None).await.expect_err("it does not run the world");
    assert_eq!((&refused["code"], &refused["retryable"]), (&json!("UNAVAILABLE"), &json!(true)));
    calls(&mut ann, "Before the first one ends.").await;
    assert!(first.terminate().success());

    let second = second.takes_over().await;
    let mut ann = comes_back(&second.url, &ann).await;
    calls(&mut ann, "At the second.").await;
    ann.walk_somewhere().await;
    let third = Standby::beside(data.path(), &flags).await;
    second.kill();

    let third = third.takes_over().await;
    let mut ann = comes_back(&third.url, &ann).await;
    calls(&mut ann, "At the third.").await;
    assert!(third.terminate().success());
    let store = tilemud_persist::open(&database, WORLD).await.unwrap();
    assert_eq!(store.count_words(0).await.unwrap().to_all, 3, "each once");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_by_follows_one_that_is_silent_and_that_one_shows_nothing_any_more() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Process::start(data.path(), &[]);
    let mut ann = Player::join(&first.url, "Ann", Encoding::Json).await;
    ann.say_for_sure("Before the silence.").await;
    let second = Standby::beside(data.path(), &[]).await;
    let idle = Standby::beside(data.path(), &[]).await;
    assert!(idle.process.terminate().success(), "nobody needs it");
    first.pause();
    let second = second.takes_over().await;
    let mut back = comes_back(&second.url, &ann).await;
    back.say_for_sure("After it.").await;
    first.resume();
    until(async || first.ended().is_some()).await;
    assert_eq!(first.ended().and_then(|status| status.code()), Some(1), "it has lost its world");
    let (messages, _) = ann.connection.drain().await;
    let newest = messages.iter().rev().find_map(|message| match message {
        ServerMessage::StateDelta(delta) => Some(delta.tick),
        _ => None,
    });
    assert!(newest.is_none_or(|tick| tick < back.tick), "{newest:?} of a world that is another server's");
    assert!(second.terminate().success());
}

/// The owner has taken an edit while the other one stood by with the map of before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_over_does_so_on_the_map_as_it_is_then() {
    let place = Place::new(&[]);
    let mut drawn = Drawn::first();
    place.draw(&drawn);
    let first = place.start();
    let file = place.map().display().to_string();
    let second = Standby::beside(place.data.path(), &["--world", &file]).await;
    let map = |address: &str| get(address, "/api/map").split_once("\r\n\r\n").unwrap().1.to_owned();
    let address = |server: &Process| server.url.strip_prefix("http://").unwrap().to_owned();
    let before = map(&address(&first));
    drawn.row[1] = WATER;
    place.draw(&drawn);
    first.reload();
    until(async || map(&address(&first)) != before).await;
    let edited = map(&address(&first));
    assert!(first.terminate().success());
    let second = second.takes_over().await;
    assert_eq!(map(&address(&second)), edited);
    assert!(second.terminate().success());
    place.replays();
}
