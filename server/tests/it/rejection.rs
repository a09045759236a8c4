//! A batch that the store refuses for good: what is in it is taken back, and the world is not left ahead of the store.

use hyper::Method;
use tilemud_persist::testing::CommitFailure;
use tilemud_schema::{AckStatus, CloseCode, Details, Direction, Encoding, ErrorCode, ServerMessage};

use crate::player::{Closed, Player, call};
use crate::process::Local;
use crate::world::meadow;

#[tokio::test]
async fn what_the_store_refuses_for_good_is_taken_back_and_play_goes_on() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    bob.walk(Direction::South).await;
    let (start, bob_stands) = (ann.position, bob.position);
    ann.walk(Direction::East).await;

    // Held back, so that steps of later ticks follow from the refused one. The group is refused, then its tick by itself.
    gate.close();
    let commits = gate.arrived();
    let first = ann.step(Direction::East).await;
    gate.wait_for_arrivals(commits + 1).await;
    let second = ann.step(Direction::East).await;
    ann.heartbeat(1).await;
    // The world has come to the second one when two more ticks have run.
    let current =
        async || call(&server.url, Method::GET, "/api/health", None, None).await.1["tick"]["current"].as_u64();
    let then = current().await;
    while current().await < then.map(|tick| tick + 2) {}
    gate.fail_next(2, CommitFailure::Rejected);
    gate.open();
    for seq in [first, second] {
        let error = ann.answer(seq).await.expect_err("it was taken back");
        assert_eq!((error.code, error.retryable), (ErrorCode::ActionAtomicRollback, true));
        assert_eq!(error.details, Some(Details::Rollback { failed_step: 0, cause: ErrorCode::Internal }));
    }
    for (player, name) in [(ann, "Ann"), (bob, "Bob")] {
        let Player { mut connection, reconnect_token, tick, seq, .. } = player;
        let (messages, closed) = connection.drain().await;
        assert_eq!(closed, Closed(CloseCode::ShuttingDown.into()), "to come back");
        let is_stale =
            |message: &ServerMessage| matches!(message, ServerMessage::StateDelta(delta) if delta.own.is_some());
        assert!(!messages.iter().any(is_stale), "shown what was taken back: {messages:?}");
        let mut back = Player::resume(&server.url, name, &reconnect_token, Encoding::Json, Some(tick)).await;
        let expected = if name == "Ann" { tilemud_schema::Position { x: start.x + 1, ..start } } else { bob_stands };
        assert_eq!(back.position, expected, "{name} stands where the last committed step led");
        assert_eq!(back.seq, seq, "{name}: refused numbers are used up");
        let acted = back.step(Direction::West).await;
        assert_eq!(back.answer(acted).await.expect("play goes on").status, AckStatus::Applied);
    }
}
