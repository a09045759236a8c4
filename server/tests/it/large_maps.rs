//! FR-002: a map of more tiles than one answer may have is served and played in sections, of which
//! an edit changes only those that it is in.

use std::fmt::Write as _;
use std::path::Path;

use hyper::Method;
use tilemud_schema::rest::{Section, WorldMap};
use tilemud_schema::{Encoding, ServerMessage};
use tilemud_support::player::{Player, call, exchange};
use tilemud_support::process::Process;

/// More than 1,048,576 tiles.
const WIDTH: usize = 4_096;
const HEIGHT: usize = 257;

/// Global ids of tiles of the built-in world.
const WATER: u16 = 1;
const GRASS: u16 = 21;

/// What a builder has painted at a place: grass with water here and there, and grass around where
/// players begin, at the far end.
fn painted(x: usize, y: usize) -> u16 {
    let is_begin = x + 10 > WIDTH && y + 10 > HEIGHT;
    if (x * 7 + y * 13).is_multiple_of(31) && !is_begin { WATER } else { GRASS }
}

fn write_map(folder: &Path, cells: &[u16]) {
    let worlds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/worlds");
    for file in ["first_light.tsx", "first_light.png"] {
        std::fs::copy(worlds.join(file), folder.join(file)).unwrap();
    }
    let mut csv = String::with_capacity(cells.len() * 3);
    for cell in cells {
        write!(csv, "{cell},").unwrap();
    }
    let (x, y) = (WIDTH * 16 - 40, HEIGHT * 16 - 40);
    let size = format!(r#"width="{WIDTH}" height="{HEIGHT}""#);
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" {size} tilewidth="16" tileheight="16" infinite="0">
<tileset firstgid="1" source="first_light.tsx"/>
<layer id="1" name="ground" {size}><data encoding="csv">{}</data></layer>
<objectgroup id="2" name="objects"><object id="1" type="spawn" x="{x}" y="{y}"><point/></object></objectgroup></map>"#,
        csv.trim_end_matches(',')
    );
    std::fs::write(folder.join("large.tmx"), map).unwrap();
}

async fn map(url: &str, path: &str) -> (WorldMap, String) {
    let (status, headers, body) = exchange(url, Method::GET, path, None, None).await;
    assert_eq!(status.as_u16(), 200, "{path}");
    (serde_json::from_slice(&body).unwrap(), headers["etag"].to_str().unwrap().to_owned())
}

fn paths(map: &WorldMap) -> &[String] {
    &map.sections.as_ref().expect("sections").paths
}

#[tokio::test]
async fn a_map_too_large_for_one_answer_is_played_in_sections_and_an_edit_changes_one_of_them() {
    let (data, maps) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut cells: Vec<u16> = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| painted(x, y))).collect();
    write_map(maps.path(), &cells);
    let file = maps.path().join("large.tmx");
    let server = Process::start(data.path(), &["--world", file.to_str().unwrap()]);
    let (outline, etag) = map(&server.url, "/api/map").await;
    assert_eq!(map(&server.url, "/api/world").await, (outline.clone(), etag.clone()));
    assert_eq!((outline.width as usize, outline.height as usize), (WIDTH, HEIGHT));
    assert!(outline.tiles.is_empty() && outline.ground.is_empty() && outline.canopy.is_empty());

    let edge = outline.sections.as_ref().unwrap().edge as usize;
    let across = WIDTH.div_ceil(edge);
    assert_eq!(paths(&outline).len(), across * HEIGHT.div_ceil(edge));
    // The first, those at the corners, and where players begin.
    for index in [0, 1, across - 1, paths(&outline).len() - across, paths(&outline).len() - 1] {
        let (status, headers, body) = exchange(&server.url, Method::GET, &paths(&outline)[index], None, None).await;
        assert_eq!((status.as_u16(), headers["content-type"].to_str().unwrap()), (200, "application/json"));
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        let section: Section = serde_json::from_slice(&body).unwrap();
        let (left, top) = (index % across * edge, index / across * edge);
        let (right, bottom) = ((left + edge).min(WIDTH), (top + edge).min(HEIGHT));
        let solid = |tile: u16| outline.tileset.tiles.iter().find(|it| it.id == tile).expect("known").solid;
        let found: Vec<bool> = section.tiles.iter().map(|tile| solid(*tile)).collect();
        let wanted: Vec<bool> =
            (top..bottom).flat_map(|y| (left..right).map(move |x| painted(x, y) == WATER)).collect();
        assert!(found == wanted, "section {index}");
    }
    let (status, ..) = exchange(&server.url, Method::GET, "/world/sections/0123456789abcdef.json", None, None).await;
    assert_eq!(status.as_u16(), 404);

    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    assert!(ann.position.x as usize + 10 > WIDTH && ann.position.y as usize + 10 > HEIGHT, "{:?}", ann.position);
    // Both are there before it, so it changes the number of no tile.
    cells[64 * WIDTH + 64] = WATER;
    write_map(maps.path(), &cells);
    server.reload();
    let event = loop {
        if let ServerMessage::World(event) = ann.next().await {
            break event;
        }
    };
    let (edited, new_etag) = map(&server.url, "/api/map").await;
    assert_eq!(event.etag, new_etag);
    assert_ne!(new_etag, etag);
    let differ: Vec<usize> =
        (0..paths(&edited).len()).filter(|index| paths(&edited)[*index] != paths(&outline)[*index]).collect();
    assert_eq!(differ, [0]);
}

#[tokio::test]
async fn the_built_in_world_comes_in_one_and_in_sections_with_the_same_tiles() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let ((whole, etag), (outline, same)) = (map(&server.url, "/api/world").await, map(&server.url, "/api/map").await);
    assert_eq!(etag, same);
    assert!(whole.sections.is_none());
    let edge = outline.sections.as_ref().unwrap().edge as usize;
    let (width, height) = (whole.width as usize, whole.height as usize);
    let across = width.div_ceil(edge);
    for (index, path) in paths(&outline).iter().enumerate() {
        let (_, section) = call(&server.url, Method::GET, path, None, None).await;
        let section: Section = serde_json::from_value(section).unwrap();
        let (left, top) = (index % across * edge, index / across * edge);
        let cut = |layer: &[u16]| -> Vec<u16> {
            let rows = top..(top + edge).min(height);
            rows.flat_map(|y| layer[y * width + left..y * width + (left + edge).min(width)].to_vec()).collect()
        };
        let count = section.tiles.len();
        assert_eq!(section.tiles, cut(&whole.tiles), "{path}");
        assert_eq!(section.ground.unwrap_or_else(|| section.tiles.clone()), cut(&whole.ground), "{path}");
        assert_eq!(section.canopy.unwrap_or_else(|| vec![0; count]), cut(&whole.canopy), "{path}");
    }
}
