//! T022: the store goes away and comes back while players act.

use std::time::Duration;

use tilemud_schema::{Ack, Dependency, DependencyChange, Direction, Encoding, ErrorCode, Seq, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

/// Reads until an intent is refused because the store is away; which one. Nothing is acknowledged
/// meanwhile.
pub async fn refusal(player: &mut Player) -> Seq {
    loop {
        match player.next().await {
            ServerMessage::Error { seq: Some(seq), error } => {
                assert_eq!(error.code, ErrorCode::Unavailable, "{seq}");
                return seq;
            }
            ServerMessage::Ack(ack) => panic!("acknowledged with the store away: {ack:?}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn s6_with_the_store_away_nothing_is_acknowledged_and_every_intent_gets_one_answer() {
    let (server, gate) = Local::gated(meadow(), &["--move-per-s", "100"]).await;
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
    // The world runs ahead a little, then refuses; each refusal consumes its number. It may come
    // when more has been sent.
    let mut refused = Vec::new();
    while refused.is_empty() {
        ann.step(Direction::East).await;
        refused.extend(tokio::time::timeout(Duration::from_millis(500), refusal(&mut ann)).await.ok());
    }

    gate.come_back();
    let sent: Vec<Seq> = (first..ann.seq).collect();
    let mut answered = Vec::new();
    let mut recovered = false;
    while answered.len() + refused.len() < sent.len() || !recovered {
        match ann.next().await {
            ServerMessage::Ack(Ack::Intents { acks, .. }) => answered.extend(acks.into_iter().map(|ack| ack.seq)),
            ServerMessage::Error { seq: Some(seq), error } => {
                assert_eq!(error.code, ErrorCode::Unavailable, "{seq}");
                refused.push(seq);
            }
            ServerMessage::Degraded(event) => recovered |= event.status == DependencyChange::Recovered,
            _ => {}
        }
    }
    assert_eq!(answered.first(), Some(&first), "it was taken before the outage was known");
    assert!(answered.is_sorted() && refused.is_sorted(), "in order: {answered:?}, {refused:?}");
    let mut each = [&answered[..], &refused[..]].concat();
    each.sort_unstable();
    assert_eq!(each, sent, "each once");
    let steps = i32::try_from(answered.len()).unwrap();
    while ann.position.x != start.x + steps {
        ann.next().await;
    }
    // Play goes on by itself.
    ann.walk(Direction::West).await;
}
