//! FR-021: figures that a world brings with it, as clients get them, and as they are after an edit.

use std::process::Stdio;

use hyper::Method;
use serde_json::{Value, json};
use tilemud_schema::{Encoding, ServerMessage};
use tilemud_support::player::{Player, call, exchange};
use tilemud_support::process::{Process, command};

use crate::drawn::wait_for;
use crate::warps::path_with;

const LIST: &str = r#"{"frame_w": 16, "frame_h": 24, "looks": {"fisher": {"kind": "character", "x": 0, "y": 0}}}"#;

const FISHER: &str = r#"<object id="2" name="Finn" type="npc" x="40" y="8"><properties>
    <property name="look" value="fisher"/><property name="wander" type="int" value="0"/></properties><point/></object>"#;

async fn told_of_map(player: &mut Player) {
    while !matches!(player.next().await, ServerMessage::World(_)) {}
}

async fn served(url: &str) -> Value {
    call(url, Method::GET, "/api/world", None, None).await.1
}

#[tokio::test]
async fn figures_of_a_world_are_served_encoded_anew_and_change_while_people_play() {
    let data = tempfile::tempdir().unwrap();
    let world = path_with(data.path(), FISHER);
    let of_kit = concat!(env!("CARGO_MANIFEST_DIR"), "/../sim/worlds/sprites.png");
    let mut picture = std::fs::read(of_kit).unwrap();
    picture.extend_from_slice(b"a note of the painter");
    let put = |list: &str, picture: &[u8]| {
        std::fs::write(data.path().join("sprites.json"), list).unwrap();
        std::fs::write(data.path().join("sprites.png"), picture).unwrap();
    };
    put(LIST, &picture);
    let mut command = command(data.path(), &["--world", world.to_str().unwrap()]);
    let mut server = Process::run({
        command.stderr(Stdio::piped());
        command
    });
    let url = server.url.clone();
    let before = served(&url).await["sprites"].clone();
    let directions = json!(["south", "north", "east", "west"]);
    let fisher = json!({"kind": "character", "x": 0, "y": 0});
    let image = before["image"].as_str().expect("an address").to_owned();
    let wanted = json!({
        "image": image, "frame_w": 16, "frame_h": 24, "directions": directions, "looks": {"fisher": fisher},
    });
    assert_eq!(before, wanted);
    let (status, headers, bytes) = exchange(&url, Method::GET, &image, None, None).await;
    assert_eq!((status.as_u16(), &headers["content-type"].to_str().unwrap()), (200, &"image/png"));
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(bytes.starts_with(b"\x89PNG") && !bytes.windows(7).any(|window| window == b"painter"));

    let mut ann = Player::join(&url, "Ann", Encoding::Json).await;
    put(&LIST.replace("fisher", "ferryman"), &picture);
    server.reload();
    told_of_map(&mut ann).await;
    let after = served(&url).await["sprites"].clone();
    assert_eq!((&after["image"], &after["looks"]), (&before["image"], &json!({"ferryman": fisher})));
    let line = wait_for(&mut server, "there is no look");
    assert!(line.contains("fisher") && line.contains("ferryman, traveller_1"), "{line}");
    // What cannot be used is told, and the world goes on without.
    put(LIST, b"no picture");
    server.reload();
    told_of_map(&mut ann).await;
    assert_eq!(served(&url).await.get("sprites"), None);
    let line = wait_for(&mut server, "sprites.png");
    assert!(line.contains("it is no PNG"), "{line}");
    ann.say_for_sure("So they are gone").await;
    assert!(server.terminate().success());
}
