//! The ack gate (T014, FR-004): nothing that shows an effect leaves before its commit.

use tilemud_persist::testing::CommitFailure;
use tilemud_schema::{Ack, AckStatus, Direction, Encoding, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

/// Joins two players and waits until their arrival is durable and quiet.
async fn pair(server: &Local) -> (Player, Player) {
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    ann.delta_where(|delta| delta.enter.iter().any(|entity| entity.id == bob.entity_id)).await;
    (ann, bob)
}

#[tokio::test]
async fn neither_ack_nor_delta_leaves_while_the_commit_is_held() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let (mut ann, mut bob) = pair(&server).await;

    gate.close();
    let commits = gate.arrived();
    let seq = ann.step(Direction::East).await;
    gate.wait_for_arrivals(commits + 1).await;
    // Heartbeats are answered outside the gate: what had been released before has arrived with
    // them.
    for player in [&mut ann, &mut bob] {
        player.connection.send(&tilemud_schema::ClientMessage::Heartbeat { nonce: 7 }).await;
        loop {
            match player.next().await {
                ServerMessage::Heartbeat { nonce: 7, .. } => break,
                ServerMessage::Ack(ack) => panic!("acknowledged before the commit: {ack:?}"),
                ServerMessage::StateDelta(delta) => {
                    assert!(delta.update.is_empty() && delta.own.is_none(), "shown before the commit: {delta:?}");
                }
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    gate.open();
    let ack = ann.answer(seq).await.expect("applied");
    assert_eq!(ack.status, AckStatus::Applied);
    bob.delta_where(|delta| delta.update.iter().any(|update| update.id == ann.entity_id)).await;
}

#[tokio::test]
async fn a_failed_commit_is_tried_again_and_acknowledged_once() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let (mut ann, _bob) = pair(&server).await;
    gate.fail_next(3, CommitFailure::Unavailable);
    let first = ann.step(Direction::East).await;
    let ack = ann.answer(first).await.expect("applied in the end");
    assert_eq!(ack.status, AckStatus::Applied);
    // Another intent's ack comes after all of the first one's, so a second ack would have been
    // seen.
    let second = loop {
        let seq = ann.step(Direction::West).await;
        let mut acks = Vec::new();
        let refused = loop {
            match ann.next().await {
                ServerMessage::Ack(Ack::Intents { acks: new, .. }) => {
                    acks.extend(new);
                    if acks.iter().any(|ack| ack.seq == seq) {
                        break false;
                    }
                }
                ServerMessage::Error { seq: Some(refused), .. } if refused == seq => break true,
                _ => {}
            }
        };
        assert!(acks.iter().all(|ack| ack.seq != first), "acknowledged twice: {acks:?}");
        if !refused {
            break seq;
        }
    };
    assert!(second > first);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_takes_effect_once() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let (mut ann, _bob) = pair(&server).await;
    let before = ann.position;
    gate.fail_next(1, CommitFailure::AnswerLost);
    let seq = ann.step(Direction::East).await;
    let ack = ann.answer(seq).await.expect("applied");
    ann.delta_where(|delta| delta.own.is_some()).await;
    assert_eq!(ann.position.x, before.x + 1);
    // The repeat finds the one row that was written.
    ann.seq = seq;
    ann.step(Direction::East).await;
    let repeat = ann.answer(seq).await.expect("a duplicate");
    assert_eq!((repeat.status, repeat.action_id), (AckStatus::Duplicate, ack.action_id));
}
