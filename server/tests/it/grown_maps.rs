//! FR-022: where a map has grown at its left and upper edge, whoever asks is told places of the map
//! as it is now, also of characters that are away and whose rows have the places of the first map.

use std::process::{Command, Output};

use hyper::Method;
use sqlx::Connection as _;
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{ClientMessage, Position};
use tilemud_support::player::{bootstrap, call, token, until};
use tilemud_support::process::database;

use crate::drawn::{Drawn, Place, WATER, come};

const GRASS: u32 = 21;
/// Cells along the edge of a chunk.
const CHUNK: usize = 16;
/// What has grown: a chunk to the left, and one above it.
const GROWN: [(i32, i32); 3] = [(0, 0), (-16, 0), (-16, -16)];

/// Draws an infinite map of these chunks, all grass but for water in the upper left tile of each.
fn draw(place: &Place, chunks: &[(i32, i32)]) {
    // For the tileset beside it.
    place.draw(&Drawn::first());
    let tile = |at: usize| if at == 0 { WATER } else { GRASS };
    let cells: Vec<String> = (0..CHUNK * CHUNK).map(|at| tile(at).to_string()).collect();
    let chunk = |(x, y): &(i32, i32)| {
        format!(r#"<chunk x="{x}" y="{y}" width="{CHUNK}" height="{CHUNK}">{}</chunk>"#, cells.join(","))
    };
    let chunks: String = chunks.iter().map(chunk).collect();
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="16" height="16" tilewidth="16" tileheight="16" infinite="1">
<properties><property name="name" value="row"/><property name="world_id" value="row"/></properties>
<tileset firstgid="1" source="first_light.tsx"/>
<layer id="1" name="ground" width="16" height="16"><data encoding="csv">{chunks}</data></layer>
<objectgroup id="2" name="objects"><object id="1" type="spawn" x="136" y="136"><point/></object></objectgroup></map>"#
    );
    std::fs::write(place.map(), map).unwrap();
}

/// Where the server says somebody is, in the answer to a bootstrap and to a question for them.
async fn told(url: &str, came: &BootstrapResponse) -> [Position; 2] {
    let path = format!("/api/character/{}", came.state.character.character_id);
    let (status, body) = call(url, Method::GET, &path, Some(&token(url, "Ann").await), None).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    let place = serde_json::from_value(body["position"].clone()).unwrap();
    [came.state.character.state.position.unwrap(), place]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_are_told_as_they_are_on_a_map_that_has_grown_and_rows_are_judged_there() {
    let place = Place::new(&[]);
    draw(&place, &GROWN[..1]);
    let server = place.start();
    let (mut ann, _) = come(&server.url).await;
    let stood = ann.position;
    ann.connection.send(&ClientMessage::Logout {}).await;
    ann.connection.drain().await;
    let came = bootstrap(&server.url, "Ann", None).await;
    assert_eq!(told(&server.url, &came).await, [stood; 2]);

    // While it runs.
    let moved = Position { x: stood.x + 16, y: stood.y + 16 };
    draw(&place, &GROWN);
    server.reload();
    until(async || {
        let path = format!("/api/character/{}", came.state.character.character_id);
        let bearer = token(&server.url, "Bob").await;
        drop(call(&server.url, Method::GET, &path, Some(&bearer), None).await);
        bootstrap(&server.url, "Ann", None).await.state.character.state.position == Some(moved)
    })
    .await;
    assert!(server.terminate().success());

    // And after a start.
    let server = place.start();
    let came = bootstrap(&server.url, "Ann", None).await;
    assert_eq!(told(&server.url, &came).await, [moved; 2]);
    let (ann, _) = come(&server.url).await;
    assert_eq!(ann.position, moved, "where she then is");
    assert!(server.terminate().success());

    // By hand to the water of the first chunk, which is no water in its own row.
    by_hand(&place, 0, 0).await;
    let said = refused(&place);
    let words =
        "position 0, 0 (16, 16 on the map, which has grown or was cut at its left or upper edge) is where nobody";
    assert!(said.contains(words), "{said}");
    // On the new ground, which the first map did not have.
    by_hand(&place, -3, -5).await;
    let server = place.start();
    let came = bootstrap(&server.url, "Ann", None).await;
    assert_eq!(told(&server.url, &came).await, [Position { x: 13, y: 11 }; 2]);
    assert!(server.terminate().success());
    place.replays();
}

async fn by_hand(place: &Place, x: i32, y: i32) {
    let url = format!("sqlite:{}", database(place.data.path()).display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let change = "UPDATE character_profiles SET position_x = ?1, position_y = ?2 WHERE display_name = 'Ann'";
    let changed = sqlx::query(change).bind(x).bind(y).execute(&mut connection).await.unwrap().rows_affected();
    connection.close().await.unwrap();
    assert_eq!(changed, 1);
}

fn refused(place: &Place) -> String {
    let mut command: Command = place.command();
    let Output { status, stderr, .. } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(1), "{said}");
    said
}
