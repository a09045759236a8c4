//! A batch that the store refuses for good: what is in it is taken back, and the world is not left
//! ahead of the store.

use std::sync::Arc;

use hyper::Method;
use serde_json::json;
use tilemud_persist::testing::GatedStore;
use tilemud_schema::{
    AckStatus, ClientMessage, CloseCode, Details, Direction, Encoding, ErrorCode, Position, ServerMessage, StateDelta,
};
use tilemud_support::player::{Closed, DEADLINE, Player, call, token, until};
use tilemud_support::process::Local;

use crate::world::meadow;

/// Slow ticks: what a test does one after the other comes into ticks of its own, well before the
/// world is as far ahead of its held store as it may be.
const TICK_HZ: [&str; 2] = ["--tick-hz", "5"];

async fn two_ticks(url: &str) {
    let current = async || call(url, Method::GET, "/api/health", None, None).await.1["tick"]["current"].as_u64();
    let then = current().await;
    until(async || current().await >= then.map(|tick| tick + 2)).await;
}

/// Says something whose commit is held: what comes after it waits together.
async fn hold(gate: &GatedStore, player: &mut Player) {
    gate.close();
    let commits = gate.arrived();
    player.say("Hold on").await;
    tokio::time::timeout(DEADLINE, gate.wait_for_arrivals(commits + 1)).await.expect("a commit");
}

async fn assert_taken_back(player: &mut Player, seq: u64) {
    let error = player.answer(seq).await.expect_err("it was taken back");
    assert_eq!((error.code, error.retryable), (ErrorCode::ActionAtomicRollback, true));
    assert_eq!(error.details, Some(Details::Rollback { failed_step: 0, cause: ErrorCode::Internal }));
}

fn character(player: &Player) -> tilemud_schema::CharacterId {
    player.bootstrap.state.character.character_id
}

#[tokio::test]
async fn what_the_store_refuses_for_good_is_taken_back_and_play_goes_on() {
    let (server, gate): (Local, Arc<GatedStore>) = Local::gated(meadow(), &TICK_HZ).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    ann.walk(Direction::East).await;
    let (ann_stands, bob_stands) = (ann.position, bob.position);

    hold(&gate, &mut bob).await;
    let first = ann.step(Direction::East).await;
    ann.heartbeat(1).await;
    two_ticks(&server.url).await;
    // Of a later tick than the refused one, and following from it.
    let second = ann.step(Direction::East).await;
    ann.heartbeat(2).await;
    two_ticks(&server.url).await;
    gate.refuse_actions_of(Some(character(&ann)));
    gate.open();
    assert_taken_back(&mut ann, first).await;
    assert_taken_back(&mut ann, second).await;
    gate.refuse_actions_of(None);
    for (player, name, stands) in [(ann, "Ann", ann_stands), (bob, "Bob", bob_stands)] {
        let Player { mut connection, reconnect_token, tick, seq, .. } = player;
        let (messages, closed) = connection.drain().await;
        assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()), "to come back");
        let is_stale = |message: &ServerMessage| match message {
            ServerMessage::StateDelta(StateDelta { own: Some(own), .. }) => own.position.is_some(),
            _ => false,
        };
        assert!(!messages.iter().any(is_stale), "shown what was taken back: {messages:?}");
        let mut back = Player::resume(&server.url, name, &reconnect_token, Encoding::Json, Some(tick)).await;
        assert_eq!(back.position, stands, "{name} stands where the last committed step led");
        assert_eq!(back.seq, seq, "{name}: refused numbers are used up");
        let acted = back.step(Direction::West).await;
        assert_eq!(back.answer(acted).await.expect("play goes on").status, AckStatus::Applied);
    }
}

#[tokio::test]
async fn who_left_just_before_the_refused_tick_is_kept_as_they_left() {
    let (server, gate): (Local, Arc<GatedStore>) = Local::gated(meadow(), &TICK_HZ).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    let mut bob = Player::join(url, "Bob", Encoding::Json).await;
    let mut cleo = Player::join(url, "Cleo", Encoding::Json).await;

    hold(&gate, &mut bob).await;
    let start = cleo.position;
    cleo.step(Direction::East).await;
    cleo.connection.send(&ClientMessage::Logout {}).await;
    cleo.connection.drain().await;
    two_ticks(url).await;
    let refused = ann.step(Direction::East).await;
    ann.heartbeat(1).await;
    two_ticks(url).await;
    gate.refuse_actions_of(Some(character(&ann)));
    gate.open();
    assert_taken_back(&mut ann, refused).await;

    let (bearer, path) = (token(url, "Cleo").await, format!("/api/character/{}", character(&cleo)));
    let (_, profile) = call(url, Method::GET, &path, Some(&bearer), None).await;
    assert_eq!(profile["position"], json!(Position { x: start.x + 1, ..start }));
}
