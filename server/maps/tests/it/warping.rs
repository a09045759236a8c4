//! Warps that lead elsewhere on their own map: followed as each dialect says them, or told with
//! place and remedy.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{Content, Drawing, Object, Value};
use tilemud_maps::problem::Problems;
use tilemud_maps::{LoadError, World, load};
use tilemud_schema::Position;
use tilemud_schema::rest::Warp;

use crate::drawings::{Files, baked, good, kinds, layer, meadow, object, png, text, tiles};

/// A meadow with a wall in its upper right corner and these objects.
fn map(objects: Vec<Object>) -> Drawing {
    let mut drawing = meadow(6, 4);
    drawing.layers.push(tiles("collision", &["....cc", "......", "......", "......"]));
    drawing.layers.push(layer("anything", Content::Objects(objects)));
    drawing
}

fn with(mut object: Object, properties: &[(&str, Value)]) -> Object {
    object.properties.extend(properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    object
}

fn warp(id: u32, at: (f64, f64), size: (f64, f64), to: (i64, i64)) -> Object {
    let properties = [("dest_map", text("map")), ("dest_x", Value::Int(to.0)), ("dest_y", Value::Int(to.1))];
    with(object(id, "warp", at, size), &properties)
}

fn followed(x: i32, y: i32, width: i32, height: i32, to: (i32, i32)) -> Warp {
    Warp { x, y, width, height, to: Position { x: to.0, y: to.1 } }
}

#[test]
fn warps_within_a_map_are_followed_in_every_dialect_that_has_them() {
    let som = [("dest_map", text("map")), ("dest_pos_x", Value::Int(3)), ("dest_pos_y", Value::Int(3))];
    let own = [("to_x", Value::Int(3)), ("to_y", Value::Int(3))];
    let objects = [
        (Dialect::Tmw, warp(1, (0.0, 1.0), (2.0, 1.0), (3, 3))),
        (Dialect::Som, with(object(1, "Warp", (0.0, 1.0), (2.0, 1.0)), &som)),
        (
            Dialect::Tuxemon,
            with(
                object(1, "event", (0.0, 1.0), (2.0, 1.0)),
                &[("act1", text("transition_teleport map.tmx,3,3,0.3")), ("cond1", text("is x"))],
            ),
        ),
        (Dialect::Auto, with(object(1, "warp", (0.0, 1.0), (2.0, 1.0)), &own)),
    ];
    for (dialect, object) in objects {
        let baked = good(&map(vec![object]));
        assert_eq!(baked.report.dialect.name, dialect);
        assert_eq!(baked.map.warps, [followed(0, 1, 2, 1, (3, 3))], "{dialect}");
        assert_eq!((baked.report.warps.len(), baked.report.warps_followed), (1, 1));
    }
}

#[test]
fn warps_to_other_maps_and_to_nowhere_are_not_followed() {
    let away = [("dest_map", text("other")), ("dest_x", Value::Int(3)), ("dest_y", Value::Int(3))];
    let drawing = map(vec![
        with(object(1, "warp", (0.0, 0.0), (1.0, 1.0)), &away),
        warp(2, (1.0, 0.0), (1.0, 1.0), (5, 0)),
        warp(3, (2.0, 0.0), (1.0, 1.0), (6, 0)),
    ]);
    let (baked, problems) = baked(&drawing, &Options::default());
    let baked = baked.expect("usable");
    assert!(baked.map.warps.is_empty());
    assert_eq!((baked.report.warps.len(), baked.report.warps_followed), (3, 0));
    assert_eq!(kinds(&problems), ["warp-target", "warp-target"]);
}

#[test]
fn a_warp_onto_a_warp_and_one_over_another_are_told_and_not_followed() {
    let drawing = map(vec![
        warp(1, (0.0, 1.0), (2.0, 1.0), (4, 3)),
        warp(2, (1.0, 0.0), (1.0, 2.0), (3, 3)),
        warp(3, (5.0, 3.0), (1.0, 1.0), (0, 1)),
        warp(4, (2.0, 2.0), (1.0, 1.0), (2, 2)),
    ]);
    let (baked, problems) = baked(&drawing, &Options::default());
    assert_eq!(baked.expect("usable").map.warps, [followed(0, 1, 2, 1, (4, 3))]);
    let told: Vec<_> = problems.found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    assert_eq!(told, [("warp-twice", Some(2)), ("warp-chain", Some(3)), ("warp-chain", Some(4))]);
    assert!(problems.found.iter().all(|problem| !problem.remedy.is_empty()));
}

#[test]
fn an_infinite_map_counts_from_its_own_middle() {
    let mut drawing = map(vec![warp(1, (0.0, 1.0), (1.0, 1.0), (-7, 13))]);
    drawing.origin = (-10, 10);
    assert_eq!(good(&drawing).map.warps, [followed(0, 1, 1, 1, (3, 3))]);
}

#[test]
fn characters_do_not_begin_on_a_warp() {
    let start = object(9, "start", (0.0, 1.0), (1.0, 1.0));
    let (baked, problems) = baked(&map(vec![warp(1, (0.0, 1.0), (1.0, 1.0), (3, 3)), start]), &Options::default());
    let spawn = baked.expect("usable").map.spawn;
    assert_ne!((spawn.x, spawn.y), (0, 1));
    assert_eq!(kinds(&problems), ["spawn-moved"]);
    assert!(problems.found[0].what.contains("on a warp"), "{}", problems.found[0].what);
}

/// A map of 4 x 1 cells with the layers of our own worlds, whose last tile is solid.
fn own(warps: &str) -> Files {
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="2"><image source="t.png" width="16" height="16"/>
  <tile id="1"><properties><property name="solid" type="bool" value="true"/></properties></tile></tileset>
 <layer id="1" name="ground" width="4" height="1"><data encoding="csv">1,1,1,2</data></layer>
 <objectgroup id="2" name="objects"><object id="1" type="spawn" x="4" y="4"><point/></object>{warps}</objectgroup>
</map>"#
    );
    let picture = png(16, 16, |x, y| [x as u8 * 9, y as u8 * 9, 0, 255]);
    Files::from([(PathBuf::from("m.tmx"), map.into_bytes()), (PathBuf::from("t.png"), picture)])
}

fn own_warp(id: u32, x: f64, width: f64, to: (i32, i32)) -> String {
    format!(
        r#"<object id="{id}" name="Hole" type="warp" x="{x}" y="0" width="{width}" height="8"><properties>
        <property name="to_x" type="int" value="{}"/><property name="to_y" type="int" value="{}"/></properties></object>"#,
        to.0, to.1
    )
}

fn loaded(warps: &str) -> (Result<World, LoadError>, Problems) {
    let mut problems = Problems::default();
    (load(Path::new("m.tmx"), &own(warps), &Options::default(), &mut problems), problems)
}

#[test]
fn a_map_of_our_own_says_its_warps_by_column_and_row() {
    let (world, problems) = loaded(&own_warp(5, 8.0, 8.0, (2, 0)));
    let Ok(World::Own(map)) = world else { panic!("{world:?}") };
    assert_eq!(map.warps, [followed(1, 0, 1, 1, (2, 0))]);
    assert!(problems.found.is_empty(), "{problems:?}");
    let wide = own_warp(5, 8.0, 99.0, (0, 0)).replace("x=\"8\"", "x=\"9\"");
    let (world, _) = loaded(&wide);
    assert_eq!(world.expect("loads").map().warps, [followed(1, 0, 3, 1, (0, 0))], "cut at the edge");
}

#[test]
fn a_map_of_our_own_with_a_warp_that_leads_nowhere_is_refused_with_its_place_and_remedy() {
    let first = own_warp(5, 8.0, 8.0, (2, 0));
    let cases = [
        (own_warp(5, 8.0, 8.0, (3, 0)), "object 5 (\"Hole\") is a warp to 3, 0, where nobody can stand: set"),
        (own_warp(5, 8.0, 8.0, (2, 1)), "object 5 (\"Hole\") is a warp to 2, 1, which is outside the map: set"),
        (
            own_warp(5, 8.0, 8.0, (1, 0)),
            "object 5 (\"Hole\") is a warp to 1, 0, where object 5 of class warp lies: set",
        ),
        (
            format!("{first}{}", own_warp(6, 16.0, 8.0, (0, 0))),
            "a warp to 2, 0, where object 6 of class warp lies: set",
        ),
        (format!("{first}{}", own_warp(6, 8.0, 8.0, (0, 0))), "object 6 (\"Hole\") is a warp and lies over object 5"),
        (own_warp(5, 0.0, 8.0, (2, 0)), "object 5 (\"Hole\") is a warp and lies over object 1 of class spawn"),
    ];
    for (warps, wanted) in cases {
        let (world, _) = loaded(&warps);
        let Err(error @ LoadError::Own(_)) = world else { panic!("{wanted}: {world:?}") };
        let said = tilemud_words(&error);
        assert!(said.contains(wanted), "{said}");
    }
}

/// All that an error says.
fn tilemud_words(error: &dyn std::error::Error) -> String {
    let source = error.source().map(tilemud_words).unwrap_or_default();
    format!("{error} {source}")
}

#[test]
fn a_warp_of_our_own_that_says_no_place_is_told_and_near_misses_are_found() {
    let lost = own_warp(5, 8.0, 8.0, (2, 0)).replace("to_x", "tox");
    let (world, problems) = loaded(&lost);
    let Ok(World::Baked(baked)) = world else { panic!("{world:?}") };
    assert!(baked.map.warps.is_empty());
    assert_eq!(kinds(&problems), ["property-unknown", "warp-target"], "{problems:?}");
    assert!(problems.found[0].what.contains("did you mean \"to_x\"?"), "{problems:?}");
}
