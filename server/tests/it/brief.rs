//! What most frames say takes few bytes: the step of somebody in view, and its acknowledgement.

use tilemud_schema::{Ack, Direction, Encoding, EntityId, Resume, ServerMessage, StateDelta};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

/// The first byte of a delta, the lowest one of its tick, and the step.
const STEP_BYTES: usize = 3;

/// The next delta that shows somebody changed, and how many bytes it has.
async fn shown(viewer: &mut Player, id: EntityId) -> (StateDelta, usize) {
    loop {
        let payload = viewer.connection.next_payload().await.expect("the connection lives");
        let message = viewer.connection.read(&payload);
        viewer.note(&message);
        if let ServerMessage::StateDelta(delta) = message
            && delta.update.iter().any(|update| update.id == id)
        {
            return (delta, payload.len());
        }
    }
}

#[tokio::test]
async fn a_step_is_three_bytes_to_all_who_see_it_also_to_who_came_back() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    for direction in [Direction::East, Direction::West] {
        ann.walk(direction).await;
        let (delta, bytes) = shown(&mut bob, ann.entity_id).await;
        assert_eq!((delta.update[0].step, bytes), (Some(direction), STEP_BYTES), "{delta:?}");
    }

    let (token, last_tick) = (bob.reconnect_token.clone(), bob.tick);
    drop(bob);
    ann.delta_where(|delta| delta.update.iter().any(|update| update.away == Some(true))).await;
    ann.walk(Direction::South).await;
    let mut bob = Player::resume(url, "Bob", &token, Encoding::Postcard, Some(last_tick)).await;
    assert_eq!(bob.resume, Resume::Delta);
    let (missed, _) = shown(&mut bob, ann.entity_id).await;
    assert!(missed.update.iter().any(|update| update.id == ann.entity_id && update.is_move()), "{missed:?}");
    ann.delta_where(|delta| delta.update.iter().any(|update| update.away == Some(false))).await;
    ann.walk(Direction::North).await;
    let (delta, bytes) = shown(&mut bob, ann.entity_id).await;
    assert_eq!((delta.update[0].step, bytes), (Some(Direction::North), STEP_BYTES), "{delta:?}");
}

#[tokio::test]
async fn an_acknowledgement_is_the_id_of_its_action_and_less_than_ten_bytes() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    ann.step(Direction::East).await;
    loop {
        let payload = ann.connection.next_payload().await.expect("the connection lives");
        if let ServerMessage::Ack(Ack::Intents { acks, .. }) = ann.connection.read(&payload) {
            assert_eq!(acks.len(), 1);
            assert!(payload.len() < 16 + 10, "{} bytes", payload.len());
            return;
        }
    }
}
