//! T022: the store goes away and comes back while players act.

use tilemud_schema::{Ack, Dependency, DependencyChange, Direction, Encoding, ErrorCode, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

#[tokio::test]
async fn s6_with_the_store_away_nothing_is_acknowledged_and_every_intent_gets_one_answer() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let start = ann.position;

    gate.go_down();
    let first = ann.step(Direction::East).await;
    loop {
        match ann.next().await {
            ServerMessage::Degraded(event) => {
                assert_eq!((event.dependency, event.status), (Dependency::Database, DependencyChange::Unavailable));
                assert!(event.message.is_some() && event.at >= Some(event.observed_at), "{event:?}");
                break;
            }
            ServerMessage::Ack(ack) => panic!("acknowledged with the store away: {ack:?}"),
            _ => {}
        }
    }
    // The world runs ahead a little, then refuses; each refusal consumes its number.
    let refused = loop {
        let seq = ann.step(Direction::East).await;
        let answered = tokio::time::timeout(std::time::Duration::from_millis(500), ann.answer(seq)).await;
        match answered {
            Ok(Err(error)) => {
                assert_eq!(error.code, ErrorCode::Unavailable);
                break seq;
            }
            Ok(Ok(ack)) => panic!("acknowledged with the store away: {ack:?}"),
            Err(_) => {}
        }
    };

    gate.come_back();
    let mut answered = Vec::new();
    let mut recovered = false;
    while answered.len() < usize::try_from(refused - first).unwrap() || !recovered {
        match ann.next().await {
            ServerMessage::Ack(Ack::Intents { acks, .. }) => answered.extend(acks.into_iter().map(|ack| ack.seq)),
            ServerMessage::Error { seq: Some(seq), .. } => panic!("{seq} was taken before the outage was known"),
            ServerMessage::Degraded(event) => recovered |= event.status == DependencyChange::Recovered,
            _ => {}
        }
    }
    assert_eq!(answered, (first..refused).collect::<Vec<_>>(), "each once, in order");
    let steps = i32::try_from(answered.len()).unwrap();
    while ann.position.x != start.x + steps {
        ann.next().await;
    }
    // Play goes on by itself.
    ann.walk(Direction::West).await;
}
