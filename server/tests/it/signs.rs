//! FR-021: signs of a map, as clients get them, and as they are after an edit.

use hyper::Method;
use serde_json::{Value, json};
use tilemud_schema::{Encoding, ServerMessage, WorldEvent};
use tilemud_support::player::{Player, call};
use tilemud_support::process::Process;

use crate::recovery::{assert_verified, replay};
use crate::warps::path_with;

const SIGN: &str = r#"<object id="2" name="Well" type="sign" x="40" y="8"><properties>
    <property name="text" value="Deep."/></properties><point/></object>"#;

async fn served(url: &str) -> Value {
    call(url, Method::GET, "/api/world", None, None).await.1
}

async fn told_of_map(player: &mut Player) -> WorldEvent {
    loop {
        if let ServerMessage::World(event) = player.next().await {
            return event;
        }
    }
}

#[tokio::test]
async fn signs_are_served_and_an_edited_one_is_read_while_people_play() {
    let data = tempfile::tempdir().unwrap();
    let world = path_with(data.path(), SIGN);
    let flags = ["--world", world.to_str().unwrap()];
    let server = Process::start(data.path(), &flags);
    assert_eq!(served(&server.url).await["signs"], json!([{"id": 2, "x": 2, "y": 0, "name": "Well", "text": "Deep."}]));

    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    path_with(data.path(), &SIGN.replace("Deep.", "Deeper.").replace("name=\"Well\" ", ""));
    server.reload();
    let event = told_of_map(&mut ann).await;
    assert_eq!(served(&server.url).await["signs"], json!([{"id": 2, "x": 2, "y": 0, "text": "Deeper."}]));
    path_with(data.path(), "");
    server.reload();
    assert_ne!(told_of_map(&mut ann).await.etag, event.etag);
    assert_eq!(served(&server.url).await.get("signs"), None, "a map without signs says nothing of them");
    ann.say_for_sure("It was deep").await;
    server.kill();
    assert_verified(&replay(data.path(), &flags), 1);
}
