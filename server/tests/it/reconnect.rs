//! S3, T020, T084: reconnecting without loss or repetition, in the same process and across a
//! restart.

use tilemud_schema::{AckStatus, Direction, Encoding, Resume};
use tilemud_support::player::{Closed, Player, bootstrap};
use tilemud_support::process::{Local, Process};

use crate::world::meadow;

#[tokio::test]
async fn s3_a_reconnect_brings_the_session_back_and_resent_steps_take_effect_once() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    ann.walk(Direction::East).await;
    let (acked, unanswered) = (ann.seq - 1, ann.step(Direction::East).await);
    let (token, tick, session_id) = (ann.reconnect_token.clone(), ann.tick, ann.bootstrap.session.session_id);
    let start = ann.position;
    drop(ann);

    let again = bootstrap(&server.url, "Ann", Some(&token)).await;
    assert_eq!(again.session.session_id, session_id);
    let mut ann = Player::enter(&server.url, again, Encoding::Postcard, Some(tick), Some(unanswered)).await;
    assert_ne!(ann.resume, Resume::Fresh);
    // Both are resent, as if neither answer had come.
    ann.seq = acked;
    ann.step(Direction::East).await;
    assert_eq!(ann.answer(acked).await.unwrap().status, AckStatus::Duplicate);
    ann.step(Direction::East).await;
    ann.answer(unanswered).await.expect("applied before or now");
    while ann.position.x != start.x + 1 {
        ann.next().await;
    }
    ann.walk(Direction::South).await;
    assert_eq!((ann.position.x, ann.position.y), (start.x + 1, start.y + 1), "one step east, not two");
}

#[tokio::test]
async fn a_stolen_reconnect_token_gives_the_thief_a_session_of_their_own() {
    let server = Local::plain(meadow(), &[]).await;
    let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let stolen = bootstrap(&server.url, "Mallory", Some(&ann.reconnect_token)).await;
    assert_ne!(stolen.session.session_id, ann.bootstrap.session.session_id);
    assert_ne!(stolen.state.character.character_id, ann.bootstrap.state.character.character_id);
    let back = bootstrap(&server.url, "Ann", Some(&ann.reconnect_token)).await;
    assert_eq!(back.session.session_id, ann.bootstrap.session.session_id, "the owner's token is not used up");
}

#[tokio::test]
async fn the_newer_connection_of_a_user_wins_and_keeps_the_place() {
    let server = Local::plain(meadow(), &[]).await;
    let mut older = Player::join(&server.url, "Ann", Encoding::Json).await;
    older.walk(Direction::North).await;
    let newer = Player::join(&server.url, "Ann", Encoding::Json).await;
    assert_eq!(newer.position, older.position);
    let (messages, closed) = older.connection.drain().await;
    assert_eq!(closed, Closed(4005), "{messages:?}");
}

#[tokio::test]
async fn s8_a_session_comes_back_after_a_sigkill_with_its_numbers_and_answers() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let seq = ann.say("Before the crash").await;
    let original = ann.answer(seq).await.unwrap();
    let (token, session_id) = (ann.reconnect_token.clone(), ann.bootstrap.session.session_id);
    server.kill();

    let server = Process::start(data.path(), &[]);
    let again = bootstrap(&server.url, "Ann", Some(&token)).await;
    assert_eq!((again.session.session_id, again.session.last_sequence_number), (session_id, seq));
    let mut ann = Player::enter(&server.url, again, Encoding::Json, Some(ann.tick), Some(seq)).await;
    assert_eq!(ann.resume, Resume::Snapshot);
    ann.seq = seq;
    ann.say("Before the crash").await;
    let repeat = ann.answer(seq).await.unwrap();
    assert_eq!(
        (repeat.status, repeat.action_id, repeat.persisted_at),
        (AckStatus::Duplicate, original.action_id, original.persisted_at)
    );
    let next = ann.say("After it").await;
    assert_eq!(ann.answer(next).await.unwrap().status, AckStatus::Applied);
}
