//! Things that come back, over the socket and across a kill.

use tilemud_schema::{Action, ClientMessage, Encoding, EntityId, EntityKind, Intent, StateDelta};
use tilemud_support::player::Player;
use tilemud_support::process::Process;

use crate::recovery::{assert_verified, replay};
use crate::warps::path_with;

const APPLE: &str = r#"<object id="2" name="Apple" type="item" x="24" y="8"><properties>
    <property name="look" value="apple"/><property name="respawn" type="int" value="1"/></properties><point/></object>
    <object id="3" type="warp" x="32" y="0" width="16" height="16"><properties>
    <property name="to_x" type="int" value="5"/><property name="to_y" type="int" value="0"/></properties></object>"#;

fn item(delta: &StateDelta) -> Option<EntityId> {
    delta.enter.iter().find(|entity| entity.kind == EntityKind::Item).map(|entity| entity.id)
}

/// The item that lies there, now or soon.
async fn lying(player: &mut Player) -> EntityId {
    player.connection.send(&ClientMessage::Resync {}).await;
    let full = player.delta_where(|delta| delta.full).await;
    match item(&full) {
        Some(id) => id,
        None => item(&player.delta_where(|delta| item(delta).is_some()).await).expect("just looked"),
    }
}

async fn take(player: &mut Player, item: EntityId) {
    player.attempt(&Intent::Action { steps: vec![Action::Take { item }] }).await.expect("it lies there");
}

#[tokio::test]
async fn what_was_taken_comes_back_and_does_after_a_kill_too() {
    let data = tempfile::tempdir().unwrap();
    let world = path_with(data.path(), APPLE);
    let flags = ["--world", world.to_str().unwrap()];
    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let first = lying(&mut ann).await;
    take(&mut ann, first).await;
    let second = item(&ann.delta_where(|delta| item(delta).is_some()).await).unwrap();
    assert_ne!(first, second);
    take(&mut ann, second).await;

    server.kill();
    assert_verified(&replay(data.path(), &flags), 2);
    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let third = lying(&mut ann).await;
    take(&mut ann, third).await;
    assert!(server.terminate().success());
    assert_verified(&replay(data.path(), &flags), 3);
}
