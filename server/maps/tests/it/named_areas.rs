//! Areas of class `area`, in maps of any dialect and of our own: read with their tiles, rules and
//! music, or told with place and remedy.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::{Options, bake};
use tilemud_maps::drawing::{Content, Drawing, Object, Shape, Value};
use tilemud_maps::problem::Problems;
use tilemud_maps::{World, load};
use tilemud_schema::rest::{Area, Run};

use crate::drawings::{CELL, Files, files, kinds, layer, meadow, object, png, text};

fn area(id: u32, at: (f64, f64), size: (f64, f64), properties: &[(&str, Value)]) -> Object {
    let mut area = object(id, "area", at, size);
    area.properties.extend(properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    area
}

fn named(id: u32, at: (f64, f64), size: (f64, f64)) -> Object {
    Object { name: "Yard".to_owned(), ..area(id, at, size, &[]) }
}

fn map(objects: Vec<Object>) -> Drawing {
    let mut drawing = meadow(6, 4);
    drawing.layers.push(layer("anything", Content::Objects(objects)));
    drawing
}

/// Bakes beside a file of music and one that is none.
fn baked(drawing: &Drawing) -> (tilemud_sim::Map, Problems) {
    let mut files = files();
    files.insert("calm.ogg".into(), b"OggS and more".to_vec());
    files.insert("notes.ogg".into(), b"la la la".to_vec());
    let mut large = b"fLaC".to_vec();
    large.resize((8 << 20) + 1, 0);
    files.insert("large.flac".into(), large);
    let mut problems = Problems::default();
    let baked = bake(drawing, &files, &Options::default(), &mut problems);
    problems.found.retain(|problem| problem.kind != "no-walls");
    (baked.expect("usable").map, problems)
}

/// The tiles of an area, as a picture of the map.
fn tiles(area: &Area) -> Vec<String> {
    let mark = |x, y| if area.contains(x, y) { '#' } else { '.' };
    (0..4).map(|y| (0..6).map(|x| mark(x, y)).collect()).collect()
}

#[test]
fn an_area_has_the_tiles_whose_middle_is_inside() {
    let corner = Shape::Polygon(vec![(0.0, 0.0), (4.2 * f64::from(CELL), 0.0), (0.0, 4.2 * f64::from(CELL))]);
    let mut turned = named(4, (5.0, 0.0), (3.0, 1.0));
    turned.rotation = 90.0;
    let (map, problems) = baked(&map(vec![
        named(1, (0.4, 1.0), (2.2, 1.4)),
        Object { shape: corner, ..named(2, (0.0, 0.0), (0.0, 0.0)) },
        Object { shape: Shape::Ellipse, ..named(3, (1.0, 0.0), (4.0, 4.0)) },
        turned,
        named(5, (4.0, 3.0), (90.0, 90.0)),
    ]));
    assert!(problems.found.is_empty(), "{problems:?}");
    let drawn: Vec<_> = map.areas.iter().map(tiles).collect();
    assert_eq!(drawn[0], ["......", "###...", "......", "......"]);
    assert_eq!(drawn[1], ["####..", "###...", "##....", "#....."]);
    assert_eq!(drawn[2], ["..##..", ".####.", ".####.", "..##.."]);
    assert_eq!(drawn[3], ["....#.", "....#.", "....#.", "......"]);
    assert_eq!(drawn[4], ["......", "......", "......", "....##"]);
    assert_eq!(map.areas[0].runs, [Run { x: 0, y: 1, width: 3 }]);
    assert_eq!(map.areas.iter().map(Area::size).collect::<Vec<_>>(), [3, 10, 12, 3, 2]);
}

#[test]
fn an_area_says_its_name_light_music_and_rules() {
    let all = [
        ("music", text("calm.ogg")),
        ("light", Value::Int(40)),
        ("indoor", Value::Bool(true)),
        ("damage", Value::Int(5)),
        ("no_build", Value::Bool(true)),
        ("safe", text("true")),
    ];
    let whole = Object { name: " The\u{202e} Inn ".to_owned(), ..area(1, (0.0, 0.0), (1.0, 1.0), &all) };
    let same = Value::File(PathBuf::from("calm.ogg"));
    let heard = area(2, (1.0, 0.0), (1.0, 1.0), &[("music", same), ("light", Value::Int(-1))]);
    let (map, problems) = baked(&map(vec![whole, heard]));
    assert!(problems.found.is_empty(), "{problems:?}");
    let place = |x| vec![Run { x, y: 0, width: 1 }];
    let music = Some("1.ogg".to_owned());
    let inn = Area {
        id: 1,
        name: "The Inn".to_owned(),
        runs: place(0),
        light: Some(40),
        music: music.clone(),
        indoor: true,
        damage: 5,
        no_build: true,
        safe: true,
    };
    assert_eq!(map.areas, [inn, Area { id: 2, runs: place(1), music, ..Area::default() }]);
    let files: Vec<_> = map.music.iter().map(|(name, file)| (name.as_str(), file.as_ref())).collect();
    assert_eq!(files, [("1.ogg", &b"OggS and more"[..])], "a file is kept once");
}

#[test]
fn what_cannot_be_is_told_with_its_object_and_does_not_count() {
    let with = |id, properties: &[(&str, Value)]| Object {
        name: "Yard".to_owned(),
        ..area(id, (0.0, 0.0), (1.0, 1.0), properties)
    };
    let line = Shape::Polyline(vec![(0.0, 0.0), (40.0, 0.0)]);
    let drawing = map(vec![
        with(1, &[("light", Value::Int(101))]),
        with(2, &[("light", text("dim"))]),
        with(3, &[("damage", Value::Int(-1))]),
        with(4, &[("safe", text("perhaps"))]),
        with(5, &[("lihgt", Value::Int(5))]),
        with(6, &[("music", text("gone.ogg"))]),
        with(7, &[("music", text("gone.ogg"))]),
        with(8, &[("music", text("notes.ogg"))]),
        with(9, &[("music", text("large.flac"))]),
        named(10, (0.0, 0.0), (0.4, 0.4)),
        named(11, (9.0, 0.0), (2.0, 2.0)),
        Object { shape: line, ..named(12, (0.0, 0.0), (0.0, 0.0)) },
        Object { shape: Shape::Point, ..named(13, (1.0, 1.0), (0.0, 0.0)) },
        area(14, (0.0, 0.0), (1.0, 1.0), &[]),
    ]);
    let mut problems = Problems::default();
    tilemud_maps::load::build(Path::new("map.tmx"), Some(&drawing), &files(), &Options::default(), &mut problems)
        .expect("usable");
    assert_eq!(kinds(&problems)[0], "property-unknown", "{problems:?}");
    let (map, problems) = baked(&drawing);
    let told: Vec<_> = problems.found.iter().map(|problem| (problem.kind, problem.place.object)).collect();
    assert_eq!(
        told,
        [
            ("object-property", Some(1)),
            ("object-property", Some(2)),
            ("object-property", Some(3)),
            ("object-property", Some(4)),
            ("area-music", Some(6)),
            ("area-music", Some(8)),
            ("area-music", Some(9)),
            ("area-empty", Some(10)),
            ("area-empty", Some(11)),
            ("area-empty", Some(12)),
            ("area-empty", Some(13)),
            ("area-idle", Some(14)),
        ]
    );
    assert!(problems.found.iter().all(|problem| !problem.remedy.is_empty()));
    let of_music: Vec<_> =
        problems.found.iter().filter(|problem| problem.kind == "area-music").map(|problem| &*problem.what).collect();
    assert_eq!(of_music[0], "its music \"gone.ogg\" is not there");
    assert_eq!(of_music[1], "its music \"notes.ogg\" is no sound that can be played");
    assert!(of_music[2].contains("is too large: a file may have 8 MiB"), "{of_music:?}");
    let plain = Area { name: "Yard".to_owned(), runs: vec![Run { x: 0, y: 0, width: 1 }], ..Area::default() };
    assert_eq!(map.areas.len(), 9);
    assert!(map.areas.iter().zip(1..).all(|(area, id)| *area == Area { id, ..plain.clone() }), "{:?}", map.areas);
    assert!(map.music.is_empty());
}

#[test]
fn areas_are_bounded_in_number_and_in_tiles() {
    let many = (1..=1_030).map(|id| named(id, (0.0, 0.0), (1.0, 1.0))).collect();
    let (baked_map, problems) = baked(&map(many));
    assert_eq!((baked_map.areas.len(), kinds(&problems)), (1_024, vec!["areas-too-many"]));
    let mut wide = meadow(1_024, 1_024);
    let objects = (1..=6).map(|id| named(id, (0.0, 0.0), (1_024.0, 1_024.0))).collect();
    wide.layers.push(layer("anything", Content::Objects(objects)));
    let (wide, problems) = baked(&wide);
    assert_eq!((wide.areas.len(), kinds(&problems)), (4, vec!["areas-too-many"]));
}

#[test]
fn an_area_is_neither_a_wall_nor_a_start_nor_drawn_and_nobody_begins_in_one_that_hurts() {
    let mut start = named(1, (0.0, 2.0), (2.0, 2.0));
    start.name = "start".to_owned();
    start.gid = Some(3);
    let hurts = area(2, (0.0, 0.0), (5.0, 4.0), &[("damage", Value::Int(5))]);
    let plain = baked(&map(Vec::new())).0;
    let (map, problems) = baked(&map(vec![start, hurts]));
    assert!(problems.found.is_empty(), "{problems:?}");
    assert_eq!((&map.tiles, &map.canopy), (&plain.tiles, &plain.canopy));
    assert_eq!(map.spawn.x, 5, "{:?}", map.spawn);
}

/// A map of 4 x 1 cells with the layers of our own worlds.
fn own(objects: &str) -> Files {
    let map = format!(
        r#"<map version="1.10" orientation="orthogonal" width="4" height="1" tilewidth="8" tileheight="8" infinite="0">
 <tileset firstgid="1" name="t" tilewidth="8" tileheight="8" tilecount="4" columns="2"><image source="t.png" width="16" height="16"/></tileset>
 <layer id="1" name="ground" width="4" height="1"><data encoding="csv">1,1,1,2</data></layer>
 <objectgroup id="2" name="objects"><object id="1" type="spawn" x="4" y="4"><point/></object>{objects}</objectgroup>
</map>"#
    );
    let picture = png(16, 16, |x, y| [x as u8 * 9, y as u8 * 9, 0, 255]);
    let sound = b"RIFF\0\0\0\0WAVE".to_vec();
    Files::from([("w/m.tmx".into(), map.into_bytes()), ("w/t.png".into(), picture), ("w/a/calm.wav".into(), sound)])
}

const INN: &str = r#"<object id="5" name="Inn" type="area" x="8" y="0" width="16" height="8"><properties>
    <property name="indoor" type="bool" value="true"/><property name="light" type="int" value="60"/>
    <property name="music" type="file" value="a/calm.wav"/></properties></object>"#;

fn loaded(objects: &str) -> (World, Problems) {
    let mut problems = Problems::default();
    let world = load(Path::new("w/m.tmx"), &own(objects), &Options::default(), &mut problems);
    (world.expect("usable"), problems)
}

#[test]
fn a_map_of_our_own_says_the_same_and_keeps_its_tiles() {
    let (world, problems) = loaded(INN);
    let World::Own(map) = world else { panic!("{world:?}") };
    assert!(problems.found.is_empty(), "{problems:?}");
    let (name, music) = ("Inn".to_owned(), Some("1.wav".to_owned()));
    let runs = vec![Run { x: 1, y: 0, width: 2 }];
    assert_eq!(map.areas, [Area { id: 5, name, runs, light: Some(60), music, indoor: true, ..Area::default() }]);
    assert_eq!(&*map.music["1.wav"], b"RIFF\0\0\0\0WAVE");
    assert_eq!(map.id(), loaded("").0.map().id(), "without rules it is no part of the world");
    let ruled = INN.replace("indoor", "no_build");
    assert_ne!(loaded(&ruled).0.map().id(), map.id());
}

#[test]
fn in_a_map_of_our_own_what_cannot_be_is_told_and_its_tiles_are_kept_all_the_same() {
    for (wrong, told) in [
        (INN.replace("\"60\"", "\"160\""), vec!["object-property"]),
        (INN.replace("\"indoor\"", "\"indor\""), vec!["property-unknown"]),
        (INN.replace("calm", "../../calm"), vec!["area-music"]),
        (INN.replace("width=\"16\"", "width=\"2\""), vec!["area-empty"]),
    ] {
        let (world, problems) = loaded(&wrong);
        assert!(matches!(world, World::Own(_)), "{wrong}");
        assert_eq!(kinds(&problems), told, "{wrong}");
    }
}

#[test]
fn a_hazard_is_an_area_that_only_hurts_whatever_its_shape() {
    let hazard = |id, at, size, damage: i64| {
        let more = [("damage", Value::Int(damage)), ("safe", Value::Bool(true)), ("light", Value::Int(5))];
        Object { class: "hazard".to_owned(), name: "start".to_owned(), ..area(id, at, size, &more) }
    };
    let half = Shape::Polygon(vec![(0.0, 0.0), (f64::from(CELL) * 2.2, 0.0), (0.0, f64::from(CELL) * 2.2)]);
    let fire = Object { gid: Some(6), ..hazard(4, (5.0, 4.0), (1.0, 1.0), 4) };
    let (drawn, problems) = baked(&map(vec![
        hazard(1, (0.0, 0.0), (2.0, 1.0), 1),
        Object { shape: Shape::Ellipse, ..hazard(2, (2.0, 0.0), (2.0, 2.0), 2) },
        Object { shape: half, ..hazard(3, (0.0, 2.0), (0.0, 0.0), 1_000) },
        fire,
    ]));
    assert!(problems.found.is_empty(), "{problems:?}");
    let [rectangle, ellipse, polygon, tile] = drawn.areas.as_slice() else { panic!("{:?}", drawn.areas) };
    assert_eq!(tiles(rectangle), ["##....", "......", "......", "......"]);
    assert_eq!(tiles(ellipse), ["..##..", "..##..", "......", "......"]);
    assert_eq!(tiles(polygon), ["......", "......", "##....", "#....."]);
    assert_eq!(tiles(tile), ["......", "......", "......", ".....#"]);
    for (area, damage) in drawn.areas.iter().zip([1, 2, 1_000, 4]) {
        assert_eq!(*area, Area { id: area.id, runs: area.runs.clone(), damage, ..Area::default() });
    }
    assert_ne!(drawn.spawn, tilemud_schema::Position { x: 0, y: 0 }, "a hazard is no start");
    let picture = |map: &tilemud_sim::Map| map.ground.iter().map(|tile| *tile == map.ground[0]).collect::<Vec<_>>();
    assert!(picture(&drawn)[..23].iter().all(|is_plain| *is_plain), "nothing else is drawn of them");
    assert!(!picture(&drawn)[23], "the tile of the fire is drawn");
}

#[test]
fn a_hazard_that_does_not_say_how_much_it_hurts_is_told_and_left_out() {
    let mut drawing = map(vec![area(1, (0.0, 0.0), (1.0, 1.0), &[])]);
    for (said, told) in [
        (None, "hazard-damage"),
        (Some(Value::Int(0)), "object-property"),
        (Some(Value::Int(1_001)), "object-property"),
        (Some(text("much")), "object-property"),
    ] {
        let mut hazard = area(1, (0.0, 0.0), (1.0, 1.0), &[]);
        hazard.class = "hazard".to_owned();
        hazard.properties.extend(said.map(|said| ("damage".to_owned(), said)));
        drawing.layers[1].content = Content::Objects(vec![hazard]);
        let (map, problems) = baked(&drawing);
        assert_eq!((map.areas.len(), kinds(&problems)), (0, vec![told]));
        assert!(problems.found.iter().all(|problem| problem.place.object == Some(1)));
    }
}

#[test]
fn a_hazard_of_a_map_of_our_own_is_part_of_its_world() {
    let fire = r#"<object id="5" name="Fire" type="hazard" x="8" y="0" width="16" height="8"><properties>
        <property name="damage" type="int" value="7"/></properties></object>"#;
    let (world, problems) = loaded(fire);
    let World::Own(map) = world else { panic!("{world:?}") };
    assert!(problems.found.is_empty(), "{problems:?}");
    assert_eq!([0, 1, 2, 3].map(|x| map.damage(x, 0)), [0, 7, 7, 0]);
    assert_ne!(map.id(), loaded("").0.map().id());
}
