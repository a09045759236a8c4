//! T020, T031, T062: what a player missed while away comes as deltas while the server has them, as
//! a snapshot when not, and either way leads to exactly what a forced refresh gives.

use std::time::Instant;

use tilemud_schema::{ClientMessage, Direction, Effect, Encoding, Resume, StateDelta, Tick};
use tilemud_sim::limits::RESUME_TICKS;
use tilemud_support::player::{DEADLINE, Player};
use tilemud_support::process::Local;
use tilemud_support::surroundings::Surroundings;

use crate::world::meadow;

/// Reads until the next delta and applies it.
async fn take(player: &mut Player, held: &mut Surroundings) -> StateDelta {
    let delta = player.delta().await;
    held.apply(&delta).expect("a delta that fits what is held");
    delta
}

/// What comes to somebody who has just come back and held this tick.
fn expected(player: &Player, last_tick: Tick) -> Resume {
    if player.tick - last_tick <= RESUME_TICKS { Resume::Delta } else { Resume::Snapshot }
}

async fn refreshed(player: &mut Player) -> Surroundings {
    player.connection.send(&ClientMessage::Resync {}).await;
    let mut held = Surroundings::default();
    let full = player.delta_where(|delta| delta.full).await;
    held.apply(&full).expect("a full delta fits anything");
    held
}

/// Joins and holds everything in view.
async fn watching(url: &str, user: &str, encoding: Encoding) -> (Player, Surroundings) {
    let mut player = Player::join(url, user, encoding).await;
    let held = refreshed(&mut player).await;
    (player, held)
}

async fn what_was_missed_comes_as_deltas(encoding: Encoding) {
    let began = Instant::now();
    while !comes_back_while_the_ring_has_it(encoding).await {
        assert!(began.elapsed() < DEADLINE, "the ring is always too short");
    }
}

/// False when the machine stood still for so long that the ring has gone on, and a snapshot came.
async fn comes_back_while_the_ring_has_it(encoding: Encoding) -> bool {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    let mut dan = Player::join(url, "Dan", Encoding::Postcard).await;
    let (mut ann, mut held) = watching(url, "Ann", encoding).await;
    // One step of her own is on its way when the connection is lost.
    let unanswered = ann.step(Direction::South).await;
    let (token, last_tick, session_id) = (ann.reconnect_token.clone(), held.tick, ann.session_id());
    bob.delta_where(|delta| delta.update.iter().any(|update| update.id == ann.entity_id)).await;
    drop(ann);

    for direction in [Direction::East, Direction::East, Direction::North] {
        bob.walk(direction).await;
    }
    bob.say_for_sure("Where is Ann?").await;
    dan.connection.send(&ClientMessage::Logout {}).await;
    bob.delta_where(|delta| delta.leave.contains(&dan.entity_id)).await;
    let cid = Player::join(url, "Cid", Encoding::Postcard).await;

    let mut ann = Player::resume(url, "Ann", &token, encoding, Some(last_tick)).await;
    assert_eq!((ann.session_id(), ann.resume), (session_id, expected(&ann, last_tick)));
    assert_eq!(ann.last_seq, unanswered);
    if ann.resume == Resume::Snapshot {
        return false;
    }
    let delta = take(&mut ann, &mut held).await;
    assert!(!delta.full);
    let heard =
        delta.effects.iter().any(|effect| matches!(effect, Effect::Chat { text, .. } if &**text == "Where is Ann?"));
    assert!(heard, "what was said meanwhile: {:?}", delta.effects);
    assert!(delta.enter.iter().any(|entity| entity.id == cid.entity_id));
    assert!(delta.leave.contains(&dan.entity_id));
    assert!(delta.own.is_some(), "her own step");

    let fresh = refreshed(&mut ann).await;
    held.tick = fresh.tick;
    assert_eq!(held, fresh);
    assert_eq!(held.own.position, Some(ann.position));
    true
}

#[tokio::test]
async fn what_was_missed_comes_as_deltas_that_lead_to_the_same_state_postcard() {
    Box::pin(what_was_missed_comes_as_deltas(Encoding::Postcard)).await;
}

#[tokio::test]
async fn what_was_missed_comes_as_deltas_that_lead_to_the_same_state_json() {
    Box::pin(what_was_missed_comes_as_deltas(Encoding::Json)).await;
}

#[tokio::test]
async fn who_is_away_for_longer_than_the_ring_gets_a_snapshot() {
    let server = Local::plain(meadow(), &["--tick-hz", "100"]).await;
    let url = &server.url;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    let (ann, mut held) = watching(url, "Ann", Encoding::Postcard).await;
    let (token, last_tick, session_id) = (ann.reconnect_token.clone(), held.tick, ann.session_id());
    drop(ann);
    bob.walk(Direction::East).await;
    bob.delta_where(|delta| delta.tick > last_tick + RESUME_TICKS).await;

    let boot = tilemud_support::player::bootstrap(url, "Ann", Some(&token)).await;
    // The first delta is taken, and found to be full, on the way in.
    let mut ann = Player::enter(url, boot, Encoding::Postcard, Some(last_tick), None).await;
    assert_eq!((ann.session_id(), ann.resume), (session_id, Resume::Snapshot));
    held = refreshed(&mut ann).await;
    assert!(held.players().any(|(name, position)| name == "Bob" && position == bob.position));
}

#[tokio::test]
async fn a_last_tick_that_never_was_or_is_yet_to_come_gets_a_snapshot() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let ann = Player::join(url, "Ann", Encoding::Json).await;
    let mut token = ann.reconnect_token.clone();
    drop(ann);
    for last_tick in [None, Some(0), Some(u64::MAX)] {
        let ann = Player::resume(url, "Ann", &token, Encoding::Json, last_tick).await;
        assert_eq!(ann.resume, Resume::Snapshot, "{last_tick:?}");
        token.clone_from(&ann.reconnect_token);
    }
}

#[tokio::test]
async fn t065_a_gap_in_the_numbers_after_a_resume_forces_a_snapshot_and_names_the_next_number() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let (mut ann, held) = watching(url, "Ann", Encoding::Postcard).await;
    ann.walk(Direction::East).await;
    let (token, last_tick, next) = (ann.reconnect_token.clone(), held.tick, ann.seq);
    drop(ann);
    let mut ann = Player::resume(url, "Ann", &token, Encoding::Postcard, Some(last_tick)).await;
    assert_eq!((ann.resume, ann.last_seq + 1), (expected(&ann, last_tick), next));
    ann.seq = next + 3;
    let seq = ann.step(Direction::East).await;
    let error = ann.answer(seq).await.unwrap_err();
    assert_eq!(error.details, Some(tilemud_schema::Details::Sequence { expected: next, received: next + 3 }));
    ann.delta_where(|delta| delta.full).await;
    ann.seq = next;
    ann.walk(Direction::West).await;
}
