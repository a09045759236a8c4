//! FR-010: an area of the map, over the socket: nothing is built where it says so, clients are told
//! of it, and its music is served.

use hyper::Method;
use tilemud_schema::rest::{Area, Run, WorldMap};
use tilemud_schema::{Action, Details, Direction, Encoding, EntityKind, ErrorCode, Intent};
use tilemud_support::player::{Player, call, exchange};
use tilemud_support::process::Process;

use crate::recovery::{assert_verified, replay};
use crate::warps::path_with;

/// Carrots at hand, an area around the third and fourth tile, and a warp that keeps newcomers in
/// the west.
const OBJECTS: &str = r#"<object id="2" name="Carrot" type="item" x="24" y="8"><properties>
    <property name="look" value="carrot"/><property name="places" value="crops"/>
    <property name="quantity" type="int" value="9"/></properties><point/></object>
    <object id="3" name="Market" type="area" x="32" y="0" width="32" height="16"><properties>
    <property name="light" type="int" value="80"/><property name="music" type="file" value="market.wav"/>
    <property name="no_build" type="bool" value="true"/></properties></object>
    <object id="4" type="warp" x="80" y="0" width="16" height="16"><properties>
    <property name="to_x" type="int" value="7"/><property name="to_y" type="int" value="0"/></properties></object>"#;

const MUSIC: &[u8] = b"RIFF\x24\0\0\0WAVE and what is heard";

fn place(x: i32) -> Intent {
    Intent::Action { steps: vec![Action::Place { item: "carrot".into(), x, y: 0 }] }
}

#[tokio::test]
async fn nothing_is_built_in_an_area_that_says_so_and_clients_get_it_with_its_music() {
    let data = tempfile::tempdir().unwrap();
    let world = path_with(data.path(), OBJECTS);
    std::fs::write(data.path().join("market.wav"), MUSIC).unwrap();
    let flags = ["--world", world.to_str().unwrap()];
    let server = Process::start(data.path(), &flags);
    let (_, served) = call(&server.url, Method::GET, "/api/world", None, None).await;
    let served: WorldMap = serde_json::from_value(served).unwrap();
    let [area] = served.areas.as_slice() else { panic!("{:?}", served.areas) };
    let music = area.music.clone().expect("it has music");
    let market = Area { id: 3, name: "Market".to_owned(), light: Some(80), no_build: true, ..Area::default() };
    assert_eq!(*area, Area { runs: vec![Run { x: 2, y: 0, width: 2 }], music: Some(music.clone()), ..market });
    let (status, headers, bytes) = exchange(&server.url, Method::GET, &music, None, None).await;
    assert_eq!((status.as_u16(), &bytes[..]), (200, MUSIC));
    assert_eq!(headers["content-type"], "audio/wav");
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    let (status, ..) = exchange(&server.url, Method::GET, &music.replace(".wav", ".ogg"), None, None).await;
    assert_eq!(status.as_u16(), 404);

    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.connection.send(&tilemud_schema::ClientMessage::Resync {}).await;
    let full = ann.delta_where(|delta| delta.full).await;
    let item = full.enter.iter().find(|entity| entity.kind == EntityKind::Item).expect("carrots").id;
    // She begins anywhere before the warp.
    let mut events = 0;
    while ann.position.x > 1 {
        ann.walk(Direction::West).await;
        events += 1;
    }
    ann.attempt(&Intent::Action { steps: vec![Action::Take { item }] }).await.expect("they are at hand");
    while ann.position.x < 1 {
        ann.walk(Direction::East).await;
        events += 1;
    }
    let refusal = ann.attempt(&place(2)).await.expect_err("in the market");
    assert_eq!(refusal.code, ErrorCode::ActionNotAllowed);
    assert!(matches!(refusal.details, Some(Details::Field { field, .. }) if field == "no_build"));
    for _ in 0..2 {
        ann.walk(Direction::East).await;
    }
    ann.attempt(&place(4)).await.expect("beside the market");

    server.kill();
    // Besides she took the carrots, went through the market and built.
    events += 4;
    assert_verified(&replay(data.path(), &flags), events);
    // A path that anybody may build on: the world goes on with it.
    std::fs::write(&world, std::fs::read_to_string(&world).unwrap().replace("no_build", "indoor")).unwrap();
    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    assert_eq!(ann.position.x, 3);
    ann.attempt(&place(2)).await.expect("the area says nothing of it any more");
    assert!(server.terminate().success());
    assert_verified(&replay(data.path(), &flags), events + 1);
}
