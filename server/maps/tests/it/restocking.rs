//! Items that come back and areas on which things appear, in maps of any dialect and of our own.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::drawing::{Content, Drawing, Object, Value};
use tilemud_maps::problem::Problems;
use tilemud_maps::{World, load};
use tilemud_sim::map::Spawner;

use crate::drawings::{Files, baked, good, kinds, layer, meadow, object, png, text, tiles};

fn with(mut object: Object, properties: &[(&str, Value)]) -> Object {
    object.properties.extend(properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    object
}

/// A meadow with a wall in its upper right corner and these objects.
fn map(objects: Vec<Object>) -> Drawing {
    let mut drawing = meadow(6, 4);
    drawing.layers.push(tiles("collision", &["....cc", "......", "......", "......"]));
    drawing.layers.push(layer("anything", Content::Objects(objects)));
    drawing
}

fn apple(at: (f64, f64), more: &[(&str, Value)]) -> Object {
    let mut apple = with(object(1, "item", at, (1.0, 1.0)), &[("look", text("apple"))]);
    apple.name = "Apple".to_owned();
    with(apple, more)
}

fn grove(id: u32, at: (f64, f64), size: (f64, f64), more: &[(&str, Value)]) -> Object {
    with(with(object(id, "spawner", at, size), &[("look", text("apple"))]), more)
}

fn of_place(x: i32, y: i32, quantity: u32, every_s: u32) -> Spawner {
    let (kind, name) = ("apple".into(), "Apple".into());
    Spawner { kind, name, x, y, width: 1, height: 1, quantity, number: 1, every_s, is_place: true }
}

#[test]
fn items_come_back_to_their_places_and_things_appear_on_areas() {
    let baked = good(&map(vec![
        grove(
            2,
            (0.0, 2.0),
            (3.0, 2.0),
            &[("every", Value::Int(60)), ("number", Value::Int(4)), ("heals", Value::Int(7))],
        ),
        apple((2.0, 1.0), &[("quantity", Value::Int(3)), ("respawn", Value::Int(300))]),
        apple((3.0, 1.0), &[]),
    ]));
    let area = Spawner { y: 2, width: 3, height: 2, number: 4, is_place: false, ..of_place(0, 2, 1, 60) };
    assert_eq!(baked.map.spawners, [of_place(2, 1, 3, 300), area], "the things have the name of the items");
    assert_eq!((baked.map.objects.len(), baked.report.spawners), (2, 2));
    assert_eq!(baked.map.items["apple"].heals, 7);
}

#[test]
fn what_cannot_be_is_told_and_does_not_count() {
    let drawing = map(vec![
        apple((2.0, 1.0), &[("respawn", Value::Int(0))]),
        grove(2, (0.0, 2.0), (1.0, 1.0), &[]),
        grove(3, (0.0, 2.0), (1.0, 1.0), &[("every", text("often"))]),
        grove(4, (0.0, 2.0), (1.0, 1.0), &[("every", Value::Int(5)), ("number", Value::Int(1_001))]),
        grove(5, (4.0, 0.0), (2.0, 1.0), &[("every", Value::Int(5))]),
        grove(6, (40.0, 0.0), (2.0, 1.0), &[("every", Value::Int(5))]),
        object(7, "spawner", (0.0, 0.0), (1.0, 1.0)),
    ]);
    let (baked, problems) = baked(&drawing, &Options::default());
    let told: Vec<_> = problems.found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    assert_eq!(
        told,
        [
            ("object-property", Some(1)),
            ("spawner-every", Some(2)),
            ("object-property", Some(3)),
            ("object-property", Some(4)),
            ("spawner-in-wall", Some(5)),
            ("object-outside", Some(6)),
            ("object-class", Some(7)),
        ]
    );
    let numbers: Vec<_> = baked.expect("usable").map.spawners.iter().map(|it| (it.x, it.number)).collect();
    assert_eq!(numbers, [(0, 1), (4, 1)]);
}

/// A map of 4 x 1 cells with the layers of our own worlds.
fn own(objects: &str) -> Files {
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="2"><image source="t.png" width="16" height="16"/>
  <tile id="1"><properties><property name="solid" type="bool" value="true"/></properties></tile></tileset>
 <layer id="1" name="ground" width="4" height="1"><data encoding="csv">1,1,1,2</data></layer>
 <objectgroup id="2" name="objects"><object id="1" type="spawn" x="4" y="4"><point/></object>{objects}</objectgroup>
</map>"#
    );
    let picture = png(16, 16, |x, y| [x as u8 * 9, y as u8 * 9, 0, 255]);
    Files::from([(PathBuf::from("m.tmx"), map.into_bytes()), (PathBuf::from("t.png"), picture)])
}

fn loaded(objects: &str) -> (World, Problems) {
    let mut problems = Problems::default();
    let world = load(Path::new("m.tmx"), &own(objects), &Options::default(), &mut problems);
    (world.expect("usable"), problems)
}

const GROVE: &str = r#"<object id="2" name="Orchard" type="spawner" x="8" y="0" width="16" height="8"><properties>
    <property name="every" type="int" value="60"/><property name="look" value="apple"/>
    <property name="number" type="int" value="4"/></properties></object>"#;
const APPLE: &str = r#"<object id="3" name="Apple" type="item" x="12" y="4"><properties><property name="look" value="apple"/>
    <property name="quantity" type="int" value="3"/><property name="respawn" type="int" value="300"/></properties><point/></object>"#;

#[test]
fn a_map_of_our_own_says_the_same() {
    let (world, problems) = loaded(&format!("{GROVE}{APPLE}"));
    assert!(matches!(world, World::Own(_)) && problems.found.is_empty(), "{problems:?}");
    let area = Spawner { width: 2, number: 4, is_place: false, ..of_place(1, 0, 1, 60) };
    assert_eq!(world.map().spawners, [of_place(1, 0, 3, 300), area]);
}

#[test]
fn in_a_map_of_our_own_what_cannot_be_is_told_and_near_misses_are_found() {
    for (wrong, told) in [
        (GROVE.replace("\"60\"", "\"0\""), vec!["object-property"]),
        (GROVE.replace("every", "evry"), vec!["property-unknown", "spawner-every"]),
        (APPLE.replace("respawn", "respwan"), vec!["property-unknown"]),
        (APPLE.replace("300", "-1"), vec!["object-property"]),
    ] {
        assert_eq!(kinds(&loaded(&wrong).1), told, "{wrong}");
    }
}
