//! Emotes (PROTOCOL, additions): seen by all in view and nobody beyond, after their commit, within
//! a limit of their own.

use serde_json::json;
use tilemud_schema::{Ack, ClientMessage, Direction, Effect, Emote, Encoding, ErrorCode, Intent, ServerMessage};
use tilemud_support::player::Player;
use tilemud_support::process::Local;

use crate::world::meadow;

fn emotes(message: &ServerMessage) -> Vec<Effect> {
    let ServerMessage::StateDelta(delta) = message else { return Vec::new() };
    delta.effects.iter().filter(|effect| matches!(effect, Effect::Emote { .. })).cloned().collect()
}

#[tokio::test]
async fn everybody_in_view_and_nobody_beyond_sees_an_emote_once_it_is_committed() {
    let (server, gate) = Local::gated(meadow(), &["--move-per-s", "1000"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut ben = Player::join(&server.url, "Ben", Encoding::Postcard).await;
    let mut cid = Player::join(&server.url, "Cid", Encoding::Postcard).await;
    // Two chunks away.
    for _ in 0..2 {
        let mut last = 0;
        for _ in 0..20 {
            last = cid.step(Direction::West).await;
        }
        cid.answer(last).await.expect("a free way");
    }
    ann.delta_where(|delta| delta.leave.contains(&cid.entity_id)).await;
    ben.delta_where(|delta| delta.leave.contains(&cid.entity_id)).await;

    gate.close();
    let commits = gate.arrived();
    let seq = ann.want(Intent::Emote { emote: Emote::Wave }).await;
    gate.wait_for_arrivals(commits + 1).await;
    // Heartbeats are answered outside the gate: what had been released before has arrived with
    // them.
    for player in [&mut ann, &mut ben] {
        player.connection.send(&ClientMessage::Heartbeat { nonce: 7 }).await;
        loop {
            let message = player.next().await;
            assert!(!matches!(message, ServerMessage::Ack(Ack::Intents { .. })), "before the commit: {message:?}");
            assert_eq!(emotes(&message), [], "seen before the commit");
            if matches!(message, ServerMessage::Heartbeat { nonce: 7, .. }) {
                break;
            }
        }
    }
    gate.open();
    let wave = Effect::Emote { id: ann.entity_id, emote: Emote::Wave };
    for player in [&mut ann, &mut ben] {
        loop {
            let seen = emotes(&player.next().await);
            if !seen.is_empty() {
                assert_eq!(seen, std::slice::from_ref(&wave));
                break;
            }
        }
    }
    // Deltas come in the order of the ticks: whatever Cid was to see of it comes before the answer
    // to this.
    let step = cid.step(Direction::West).await;
    loop {
        let message = cid.next().await;
        assert_eq!(emotes(&message), [], "too far away");
        if matches!(&message, ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| ack.seq == step)) {
            break;
        }
    }
    // The repeat of an emote is one.
    ann.seq = seq;
    ann.want(Intent::Emote { emote: Emote::Wave }).await;
    assert_eq!(ann.answer(seq).await.expect("a duplicate").status, tilemud_schema::AckStatus::Duplicate);
    ann.walk(Direction::East).await;
}

#[tokio::test]
async fn what_is_no_emote_is_malformed_and_consumes_no_number() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let bad =
        [json!({"seq": 1, "emote": "fly"}), json!({"seq": 1}), json!({"emote": "wave"}), json!({"seq": 1, "emote": 0})];
    for payload in bad {
        let text = json!({"type": "intent.emote", "payload": payload}).to_string();
        ann.connection.send_raw(text.as_bytes()).await;
        let error = loop {
            if let ServerMessage::Error { seq: None, error } = ann.next().await {
                break error;
            }
        };
        assert_eq!(error.code, ErrorCode::Malformed, "{payload}");
    }
    for emote in Emote::ALL.into_iter().take(2) {
        let seq = ann.want(Intent::Emote { emote }).await;
        ann.answer(seq).await.expect("it is one");
    }
}
