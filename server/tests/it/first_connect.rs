//! S1 and S2, and two players in one world, in both encodings.

use tilemud_schema::{Direction, Effect, Encoding, EntityUpdate, Resume};
use tilemud_support::player::Player;
use tilemud_support::process::{Local, Process};

use crate::world::meadow;

#[tokio::test]
async fn s1_two_players_see_each_other_walk_and_hear_each_other_speak() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    assert_eq!(ann.resume, Resume::Fresh);
    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;

    let entered = ann.delta_where(|delta| delta.enter.iter().any(|entity| entity.id == bob.entity_id)).await;
    let seen = entered.enter.iter().find(|entity| entity.id == bob.entity_id).unwrap();
    assert_eq!((&*seen.name, seen.x, seen.y), ("Bob", bob.position.x, bob.position.y));

    bob.walk(Direction::East).await;
    let east = EntityUpdate { step: Some(Direction::East), ..EntityUpdate::none(bob.entity_id) };
    ann.delta_where(|delta| delta.update.contains(&east)).await;

    ann.say("Good morning, Bob").await;
    let heard = bob.delta_where(|delta| !delta.effects.is_empty()).await;
    assert!(
        matches!(&heard.effects[..], [Effect::Chat { from, text, id, .. }]
            if &**from == "Ann" && &**text == "Good morning, Bob" && *id == Some(ann.entity_id)),
        "{heard:?}"
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn s2_a_returning_player_finds_the_position_as_left_after_a_restart_of_the_server() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut walked = false;
    for direction in Direction::ALL {
        let seq = ann.step(direction).await;
        if ann.answer(seq).await.is_ok() {
            walked = true;
            break;
        }
    }
    assert!(walked, "the spawn point is not walled in");
    let delta = ann.delta_where(|delta| delta.own.as_ref().is_some_and(|own| own.position.is_some())).await;
    let left = delta.own.unwrap().position.unwrap();
    assert_eq!(server.terminate().code(), Some(0));

    let server = Process::start(data.path(), &[]);
    let ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    assert_eq!(ann.bootstrap.state.character.state.position.expect("always given"), left);
    assert_eq!(ann.position, left);
}

#[tokio::test]
async fn a_quiet_world_still_marks_every_second() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let first = ann.delta().await.tick;
    let second = ann.delta().await;
    assert_eq!(second.tick - first, 20, "{second:?}");
    assert!(second.enter.is_empty() && second.update.is_empty() && second.leave.is_empty() && second.own.is_none());
}
