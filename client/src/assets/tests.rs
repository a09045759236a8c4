//! What is fetched of the world, and when it is shown.

use super::*;

use crate::world::map::tests::drawn;
use crate::world::squares::tests::outline;

/// The map of a world this wide, with this picture, as the server answers.
fn map(row: &str, image: &str, etag: &str) -> Result<HttpAnswer, Unreachable> {
    let mut map = drawn(&[row]);
    image.clone_into(&mut map.tileset.image);
    Ok(HttpAnswer { status: 200, etag: Some(etag.to_owned()), body: tilemud_schema::codec::to_json(&map) })
}

fn width(assets: &Assets) -> Option<i32> {
    assets.terrain().map(|terrain| terrain.size().0)
}

#[test]
fn another_map_is_shown_with_its_picture_and_one_that_is_named_meanwhile_is_fetched_too() {
    let mut assets = Assets::default();
    let ask = |assets: &mut Assets| assets.next_request(0.0).map(|(_, request)| request.path);
    assets.want("one");
    assert_eq!(ask(&mut assets).as_deref(), Some("/api/map"));
    assert_eq!(assets.on_http(WORLD_CALL, map(".", "/a.png", "one"), 0.0), Ok(()));
    assert_eq!((width(&assets), ask(&mut assets).as_deref()), (Some(1), Some("/a.png")));
    assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
    assert!(assets.take_tileset().is_some() && ask(&mut assets).is_none());

    assets.want("two");
    assert_eq!(ask(&mut assets).as_deref(), Some("/api/map"));
    assets.want("three");
    assert_eq!(assets.on_http(WORLD_CALL, map("..", "/b.png", "two"), 0.0), Ok(()));
    assert_eq!(width(&assets), Some(1), "its picture is not here");
    assert_eq!(ask(&mut assets).as_deref(), Some("/api/map"), "it was named while the other was on its way");
    assert_eq!(assets.on_http(WORLD_CALL, map("...", "/c.png", "three"), 0.0), Ok(()));
    assert_eq!((width(&assets), ask(&mut assets).as_deref()), (Some(1), Some("/c.png")));
    assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
    assert_eq!(width(&assets), Some(3));
    assert!(assets.take_tileset().is_some());

    // With the picture that is here already it is shown at once, and the small map drawn anew.
    assets.want("four");
    ask(&mut assets);
    assert_eq!(assets.on_http(WORLD_CALL, map("....", "/c.png", "four"), 0.0), Ok(()));
    assert_eq!((width(&assets), ask(&mut assets)), (Some(4), None));
    assert!(assets.take_tileset().is_some());
}

#[test]
fn a_map_is_shown_when_all_of_its_pictures_are_here_and_those_of_the_map_before_are_kept() {
    let mut assets = Assets::default();
    let ask = |assets: &mut Assets| assets.next_request(0.0).map(|(_, request)| request.path);
    let picture = |body: u8| Ok(HttpAnswer { status: 200, etag: None, body: vec![body] });
    let mut map = drawn(&["."]);
    map.tileset.more_images = vec!["/b.png".to_owned(), "/c.png".to_owned()];
    ask(&mut assets);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&map, "one"), 0.0), Ok(()));
    for (body, path) in (1..).zip(["/tiles.png", "/b.png", "/c.png"]) {
        assert!(assets.take_tileset().is_none(), "before {path}");
        assert_eq!(ask(&mut assets).as_deref(), Some(path));
        assert_eq!(assets.on_http(TILESET_CALL, picture(body), 0.0), Ok(()));
    }
    let files =
        |assets: &mut Assets| assets.take_tileset().map(|it| it.files().map(<[u8]>::to_vec).collect::<Vec<_>>());
    assert_eq!(files(&mut assets), Some(vec![vec![1], vec![2], vec![3]]));

    assets.want("two");
    ask(&mut assets);
    map.tileset.more_images[0] = "/new.png".to_owned();
    assert_eq!(assets.on_http(WORLD_CALL, sent(&map, "two"), 0.0), Ok(()));
    assert_eq!((ask(&mut assets).as_deref(), files(&mut assets)), (Some("/new.png"), None));
    assert_eq!(assets.on_http(TILESET_CALL, picture(9), 0.0), Ok(()));
    assert_eq!((files(&mut assets), ask(&mut assets)), (Some(vec![vec![1], vec![9], vec![3]]), None));
}

fn section(tile: u16) -> Result<HttpAnswer, Unreachable> {
    let section = Section { tiles: vec![tile; 16], ground: None, canopy: None };
    Ok(HttpAnswer { status: 200, etag: None, body: tilemud_schema::codec::to_json(&section) })
}

fn sent(map: &WorldMap, etag: &str) -> Result<HttpAnswer, Unreachable> {
    Ok(HttpAnswer { status: 200, etag: Some(etag.to_owned()), body: tilemud_schema::codec::to_json(map) })
}

/// All that is asked for now.
fn asked(assets: &mut Assets, now_s: f64) -> Vec<(CallId, String)> {
    std::iter::from_fn(|| assets.next_request(now_s)).map(|(call, request)| (call, request.path)).collect()
}

#[test]
fn the_tiles_around_the_player_come_a_few_at_a_time_and_again_when_they_did_not() {
    let mut assets = Assets::default();
    let map = outline(8, 4);
    assert_eq!(asked(&mut assets, 0.0).len(), 1, "the map");
    assert_eq!(assets.on_http(WORLD_CALL, sent(&map, "one"), 0.0), Ok(()));
    assets.look_from(Some((30, 14)));
    let first = asked(&mut assets, 0.0);
    let paths: Vec<&str> = first.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!((paths[0], paths[1], paths.len()), ("/tiles.png", "/15", 7), "the picture, and six sections");
    assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
    assert_eq!(assets.on_http(first[1].0, section(2), 0.0), Ok(()));
    let next = asked(&mut assets, 0.0);
    assert!(next.len() == 1 && next[0].0 == first[1].0 && !paths.contains(&next[0].1.as_str()), "{next:?}");

    // One that does not come is asked for later, and meanwhile none is.
    assert_eq!(assets.on_http(first[2].0, answered(503), 5.0), Ok(()));
    assert!(assets.problem().is_some_and(|problem| problem.contains("A part of the map is not here")));
    assert!(asked(&mut assets, 5.0).is_empty());
    assert_eq!(asked(&mut assets, 5.0 + AGAIN_AFTER_S)[0].1, first[2].1);
    // It is told until one comes, and the picture's own trouble beside it.
    assert_eq!(assets.on_http(first[4].0, section(3), 9.0), Ok(()));
    assert_eq!(assets.problem(), None);
    // What cannot be read is no section.
    assert_eq!(assets.on_http(first[3].0, answered(200), 9.0), Ok(()));
    assert!(assets.problem().is_some_and(|problem| problem.contains("cannot be read")));
}

#[test]
fn an_edited_map_is_shown_when_the_tiles_around_the_player_are_here_and_only_what_changed_is_fetched() {
    let mut assets = Assets::default();
    let mut map = outline(2, 1);
    map.sections.as_mut().unwrap().paths = vec!["/a".to_owned(), "/b".to_owned()];
    asked(&mut assets, 0.0);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&map, "one"), 0.0), Ok(()));
    for (call, path) in asked(&mut assets, 0.0) {
        let answer = if path == "/tiles.png" { answered(200) } else { section(1) };
        assert_eq!(assets.on_http(call, answer, 0.0), Ok(()));
    }
    assert!(assets.take_tileset().is_some() && asked(&mut assets, 0.0).is_empty());

    assets.want("two");
    assert_eq!(asked(&mut assets, 0.0).len(), 1);
    map.name = "edited".to_owned();
    map.sections.as_mut().unwrap().paths[1] = "/new".to_owned();
    assert_eq!(assets.on_http(WORLD_CALL, sent(&map, "two"), 0.0), Ok(()));
    let name = |assets: &Assets| assets.terrain().unwrap().map().name.clone();
    let next = asked(&mut assets, 0.0);
    assert_eq!((next.len(), next[0].1.as_str(), name(&assets).as_str()), (1, "/new", "test"));
    assert_eq!(assets.on_http(next[0].0, section(2), 0.0), Ok(()));
    assert_eq!(name(&assets), "edited");
    assert_eq!([0, 4].map(|x| assets.terrain().unwrap().drawn(x, 0)), [Some(1), Some(2)]);
    assert!(assets.take_tileset().is_some(), "the small map is drawn anew");
}

#[test]
fn the_map_is_asked_for_again_when_its_picture_is_no_more() {
    let mut assets = Assets::default();
    asked(&mut assets, 0.0);
    assert_eq!(assets.on_http(WORLD_CALL, map(".", "/gone.png", "one"), 0.0), Ok(()));
    assert_eq!(asked(&mut assets, 0.0), [(TILESET_CALL, "/gone.png".to_owned())]);
    assert_eq!(assets.on_http(TILESET_CALL, answered(404), 0.0), Ok(()));
    assert_eq!(asked(&mut assets, AGAIN_AFTER_S), [(WORLD_CALL, "/api/map".to_owned())]);
    assert_eq!(assets.on_http(WORLD_CALL, map(".", "/there.png", "two"), AGAIN_AFTER_S), Ok(()));
    assert_eq!(asked(&mut assets, AGAIN_AFTER_S), [(TILESET_CALL, "/there.png".to_owned())]);
}

#[test]
fn the_map_is_asked_for_again_when_a_section_is_no_more() {
    let mut assets = Assets::default();
    asked(&mut assets, 0.0);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&outline(2, 1), "one"), 0.0), Ok(()));
    let calls = asked(&mut assets, 0.0);
    let (call, _) = calls.iter().find(|(call, _)| SECTION_CALLS.contains(call)).expect("a section");
    assert_eq!(assets.on_http(TILESET_CALL, answered(200), 0.0), Ok(()));
    assert_eq!(assets.on_http(*call, answered(404), 0.0), Ok(()));
    assert_eq!(asked(&mut assets, 0.0), [(WORLD_CALL, "/api/map".to_owned())]);
    assert_eq!(assets.problem(), None, "an edit is no trouble");
    // Another map's sections are asked for at once, the same one's later.
    assert_eq!(assets.on_http(WORLD_CALL, sent(&outline(2, 1), "one"), 0.0), Ok(()));
    assert!(asked(&mut assets, 0.0).is_empty());
    assets.want("two");
    assert_eq!(asked(&mut assets, 0.0).len(), 1);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&outline(2, 2), "two"), 0.0), Ok(()));
    assert!(!asked(&mut assets, 0.0).is_empty());
}

#[test]
fn what_did_not_come_and_is_not_needed_any_more_is_no_trouble() {
    let mut assets = Assets::default();
    asked(&mut assets, 0.0);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&outline(4, 1), "one"), 0.0), Ok(()));
    for (call, path) in asked(&mut assets, 0.0) {
        let answer = match path.as_str() {
            "/0" => section(1),
            "/1" => answered(503),
            _ => answered(200),
        };
        assert_eq!(assets.on_http(call, answer, 0.0), Ok(()));
    }
    assert!(assets.problem().is_some());
    // The builders have taken that part away, and all else is here.
    assets.want("two");
    assert_eq!(asked(&mut assets, 0.0), [(WORLD_CALL, "/api/map".to_owned())]);
    assert_eq!(assets.on_http(WORLD_CALL, sent(&outline(2, 1), "two"), 0.0), Ok(()));
    assert!(asked(&mut assets, 0.0).is_empty());
    assert_eq!(assets.problem(), None);
}

fn answered(status: u16) -> Result<HttpAnswer, Unreachable> {
    Ok(HttpAnswer { status, etag: None, body: vec![7] })
}

#[test]
fn music_is_asked_for_once_one_piece_after_the_other_and_the_latest_are_kept() {
    let mut assets = Assets { busy: true, ..Assets::default() };
    let asked = |assets: &mut Assets| assets.next_request(0.0).map(|(_, request)| request.path);
    assert!(assets.music("/a").is_none());
    assert_eq!((asked(&mut assets).as_deref(), asked(&mut assets)), (Some("/a"), None));
    assert!(assets.music("/b").is_none());
    assert_eq!(asked(&mut assets), None, "the first one is on its way");
    assert_eq!(assets.on_http(MUSIC_CALL, answered(200), 0.0), Ok(()));
    assert_eq!(assets.music("/a").map(|piece| piece.file.to_vec()), Some(vec![7]));

    assert!(assets.music("/b").is_none());
    assert_eq!(asked(&mut assets).as_deref(), Some("/b"));
    assert_eq!(assets.on_http(MUSIC_CALL, answered(404), 0.0), Ok(()));
    assert!(assets.music("/b").is_none());
    assert_eq!((asked(&mut assets), assets.problem()), (None, None), "it is not there, and nobody is bothered");

    for path in ["/c", "/d", "/e", "/f"] {
        assert!(assets.music(path).is_none());
        assert_eq!(asked(&mut assets).as_deref(), Some(path));
        assert_eq!(assets.on_http(MUSIC_CALL, answered(200), 0.0), Ok(()));
    }
    assert!(assets.music("/a").is_none(), "it has made room");
    assert!(assets.music("/c").is_some() && assets.music("/f").is_some());
}
