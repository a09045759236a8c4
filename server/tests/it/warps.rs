//! FR-021: a warp within a map, over the socket and across a kill.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tilemud_schema::rest::{Warp, WorldMap};
use tilemud_schema::{Direction, Encoding, Intent, Position};
use tilemud_sim::Map;
use tilemud_support::player::{Player, call};
use tilemud_support::process::Process;

use crate::recovery::{assert_verified, replay};

/// A path of eight tiles on which everybody appears at the west end, before a warp; with the
/// tileset of the built-in world.
pub fn path_with(folder: &Path, objects: &str) -> PathBuf {
    let worlds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/worlds");
    for file in ["first_light.tsx", "first_light.png"] {
        std::fs::copy(worlds.join(file), folder.join(file)).unwrap();
    }
    let map = Map::built_in();
    let grass = map.tiles[map.index(map.spawn.x, map.spawn.y).unwrap()];
    let mut text = String::new();
    write!(
        text,
        r#"<map version="1.10" orientation="orthogonal" width="8" height="1" tilewidth="16" tileheight="16" infinite="0">
 <tileset firstgid="1" source="first_light.tsx"/>
 <layer id="1" name="ground" width="8" height="1"><data encoding="csv">{}</data></layer>
 <objectgroup id="2" name="objects"><object id="1" type="spawn" x="8" y="8"><point/></object>{objects}</objectgroup>
</map>"#,
        [grass; 8].map(|tile| tile.to_string()).join(",")
    )
    .unwrap();
    let file = folder.join("path.tmx");
    std::fs::write(&file, text).unwrap();
    file
}

const WARP: &str = r#"<object id="2" type="warp" x="16" y="0" width="16" height="16"><properties>
    <property name="to_x" type="int" value="5"/><property name="to_y" type="int" value="0"/></properties></object>"#;

/// A step that must be possible, and where it leads.
async fn step_to(player: &mut Player, direction: Direction, to: Position) {
    player.attempt(&Intent::Move { direction }).await.expect("a free way");
    while player.position != to {
        player.next().await;
    }
}

#[tokio::test]
async fn a_step_onto_a_warp_leads_to_its_target_and_does_again_after_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let world = path_with(data.path(), WARP);
    let flags = ["--world", world.to_str().unwrap()];
    let server = Process::start(data.path(), &flags);
    let (_, served) = call(&server.url, hyper::Method::GET, "/api/world", None, None).await;
    let served: WorldMap = serde_json::from_value(served).unwrap();
    let to = Position { x: 5, y: 0 };
    assert_eq!(served.warps, [Warp { x: 1, y: 0, width: 1, height: 1, to }]);

    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    assert_eq!(ann.position, Position { x: 0, y: 0 }, "the only place before the warp");
    step_to(&mut ann, Direction::East, to).await;
    let seen = bob.delta_where(|delta| delta.update.iter().any(|update| update.id == ann.entity_id)).await;
    let update = seen.update.iter().find(|update| update.id == ann.entity_id).unwrap();
    assert_eq!(update.x, Some(5));
    ann.walk(Direction::East).await;
    assert_eq!(ann.position, Position { x: 6, y: 0 });

    server.kill();
    assert_verified(&replay(data.path(), &flags), 2);
    let server = Process::start(data.path(), &flags);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    assert_eq!(ann.position, Position { x: 6, y: 0 });
    // Back over the target, and onto the warp from its other side.
    for x in [5, 4, 3, 2, 5] {
        step_to(&mut ann, Direction::West, Position { x, y: 0 }).await;
    }
    assert!(server.terminate().success());
}
