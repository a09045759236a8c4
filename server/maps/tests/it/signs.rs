//! Signs, in maps of any dialect and of our own.

use std::path::Path;

use tilemud_maps::bake::Options;
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{Content, Drawing, Object, Value};
use tilemud_maps::problem::Problems;
use tilemud_maps::{World, load};
use tilemud_schema::rest::Sign;

use crate::drawings::{Files, files, kinds, layer, meadow, object, png, text, tiles};

fn sign(id: u32, at: (f64, f64), said: &str) -> Object {
    let mut sign = object(id, "Sign", at, (0.5, 0.5));
    sign.properties.insert("text".to_owned(), text(said));
    sign
}

/// As a world of the dialect reads it.
fn built(drawing: &Drawing, dialect: Dialect) -> (tilemud_sim::Map, Problems) {
    let (mut problems, options) = (Problems::default(), Options { dialect, ..Options::default() });
    let world = tilemud_maps::load::build(Path::new("map.tmx"), Some(drawing), &files(), &options, &mut problems);
    problems.found.retain(|problem| problem.kind != "no-walls");
    (world.expect("usable").into_map(), problems)
}

fn with(objects: Vec<Object>) -> Drawing {
    let mut drawing = meadow(6, 4);
    drawing.layers.push(tiles("things", &["......", ".b....", "......", "......"]));
    drawing.layers.push(tiles("roof", &["......", "..b...", "......", "......"]));
    drawing.layers.push(layer("anything", Content::Objects(objects)));
    drawing
}

#[test]
fn a_sign_says_its_text_in_maps_of_every_dialect_and_the_map_may_have_drawn_it() {
    let mut named = sign(1, (0.0, 1.0), "Mind\nthe\u{202e} step");
    named.name = "Stairs".to_owned();
    let drawing = with(vec![
        named,
        sign(2, (1.2, 1.2), "on a post"),
        sign(3, (2.0, 1.0), "below a roof"),
        Object { gid: Some(3), ..sign(4, (3.0, 2.0), "a tile") },
        Object { gid: Some(3), visible: false, ..sign(5, (4.0, 2.0), "a hidden tile") },
    ]);
    let of = |id, (x, y), text: &str, drawn| Sign { id, x, y, name: String::new(), text: text.to_owned(), drawn };
    let signs = [
        Sign { name: "Stairs".to_owned(), ..of(1, (0, 1), "Mind\nthe step", false) },
        of(2, (1, 1), "on a post", true),
        of(3, (2, 1), "below a roof", false),
        of(4, (3, 1), "a tile", true),
        of(5, (4, 1), "a hidden tile", false),
    ];
    for dialect in Dialect::ALL {
        let (map, problems) = built(&drawing, dialect);
        assert_eq!(map.signs, signs, "{dialect}");
        assert!(problems.found.is_empty(), "{dialect}: {problems:?}");
    }
}

#[test]
fn a_sign_without_a_text_is_told_with_its_place_and_left_out() {
    let drawing = with(vec![
        object(1, "sign", (0.0, 0.0), (0.5, 0.5)),
        sign(2, (0.0, 0.0), "  "),
        sign(3, (0.0, 0.0), "\u{200b}"),
        sign(4, (9.0, 0.0), "far away"),
        sign(5, (0.0, 0.0), &"long ".repeat(100)),
        {
            let mut slip = object(6, "sign", (0.0, 0.0), (0.5, 0.5));
            slip.properties.insert("txet".to_owned(), Value::Text("Hello".to_owned()));
            slip
        },
    ]);
    let (map, problems) = built(&drawing, Dialect::Auto);
    assert_eq!(map.signs.iter().map(|sign| (sign.id, sign.text.len())).collect::<Vec<_>>(), [(5, 399)]);
    let mut told: Vec<_> = problems.found.iter().map(|problem| (problem.place.object, problem.kind)).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            (Some(1), "sign-text"),
            (Some(2), "sign-text"),
            (Some(3), "sign-text"),
            (Some(4), "object-outside"),
            (Some(5), "sign-text"),
            (Some(6), "property-unknown"),
            (Some(6), "sign-text"),
        ]
    );
    let first = problems.found.iter().find(|problem| problem.kind == "sign-text").expect("told");
    assert_eq!(
        first.to_string(),
        "warning: map.tmx, layer \"anything\", object 1: the sign says nothing, and is left out; add the property text, a \
         string, or delete the sign"
    );
}

#[test]
fn signs_are_bounded_in_number_and_are_neither_walls_nor_starts() {
    let mut start = sign(1, (0.0, 3.0), "Here one begins");
    start.name = "start".to_owned();
    let many = (1..=1_030).map(|id| Object { id, ..start.clone() }).collect();
    let (map, problems) = built(&with(many), Dialect::Auto);
    assert_eq!((map.signs.len(), kinds(&problems)), (1_024, vec!["signs-too-many"]));
    let plain = built(&with(Vec::new()), Dialect::Auto).0;
    assert_eq!((map.spawn, &map.tiles), (plain.spawn, &plain.tiles));
}

/// A map of 4 x 1 cells with the layers of our own worlds.
fn own(objects: &str) -> Files {
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="2"><image source="t.png" width="16" height="16"/></tileset>
 <layer id="1" name="ground" width="4" height="1"><data encoding="csv">1,1,1,2</data></layer>
 <layer id="2" name="structures" width="4" height="1"><data encoding="csv">0,0,3,0</data></layer>
 <objectgroup id="3" name="objects"><object id="1" type="spawn" x="4" y="4"><point/></object>{objects}</objectgroup>
</map>"#
    );
    let picture = png(16, 16, |x, y| [x as u8 * 9, y as u8 * 9, 0, 255]);
    Files::from([("w/m.tmx".into(), map.into_bytes()), ("w/t.png".into(), picture)])
}

#[test]
fn a_map_of_our_own_says_the_same_and_its_world_is_no_other_one() {
    let read = |objects: &str| {
        let mut problems = Problems::default();
        let world = load(Path::new("w/m.tmx"), &own(objects), &Options::default(), &mut problems);
        assert!(problems.found.is_empty(), "{problems:?}");
        let World::Own(map) = world.expect("usable") else { panic!("baked") };
        map
    };
    let map = read(
        "<object id=\"7\" name=\"Well\" type=\"sign\" x=\"12\" y=\"4\"><properties><property name=\"text\">Deep.\nAnd \
         cold.</property></properties><point/></object><object id=\"8\" type=\"sign\" gid=\"2\" x=\"16\" y=\"8\" width=\"8\" \
         height=\"8\"><properties><property name=\"text\" value=\"Board\"/></properties></object>",
    );
    let well = Sign { id: 7, x: 1, name: "Well".to_owned(), text: "Deep.\nAnd cold.".to_owned(), ..Sign::default() };
    let board = Sign { id: 8, x: 2, text: "Board".to_owned(), drawn: true, ..Sign::default() };
    assert_eq!(map.signs, [well, board]);
    assert_eq!(map.id(), read("").id(), "it is no part of the world");
}
