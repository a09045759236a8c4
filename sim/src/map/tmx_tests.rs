//! Maps that a builder might draw, good and bad. Each bad one must be refused with the error that
//! says what to change.

use tilemud_schema::rest::TileFrame;
use tilemud_schema::{EntityKind, Position};

use super::*;

const TILESET: &str = r#"<tileset version="1.10" name="blocks" tilewidth="16" tileheight="16" tilecount="4" columns="2">
 <image source="blocks.png" width="32" height="32"/>
 <tile id="0" type="grass"/>
 <tile id="1" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
</tileset>"#;

const SPAWN: &str = r#"<object id="1" name="start" type="spawn" x="24" y="8"><point/></object>"#;

/// The files of a map of 3 x 2 tiles; tests replace parts of them.
struct Files {
    map: String,
    tileset: String,
    picture: Option<Vec<u8>>,
}

impl Files {
    fn new() -> Self {
        Self::with_objects(SPAWN)
    }

    fn with_objects(objects: &str) -> Self {
        let map = format!(
            r#"<map version="1.10" orientation="orthogonal" width="3" height="2" tilewidth="16" tileheight="16" infinite="0">
 <tileset firstgid="1" source="blocks.tsx"/>
 <layer id="1" name="ground" width="3" height="2"><data encoding="csv">1,1,1,
1,3,1</data></layer>
 <layer id="2" name="structures" width="3" height="2"><data encoding="csv">2,0,0,
0,0,4</data></layer>
 <objectgroup id="3" name="objects">{objects}</objectgroup>
</map>"#
        );
        Self { map, tileset: TILESET.to_owned(), picture: Some(png(32, 32)) }
    }

    fn replace(mut self, from: &str, to: &str) -> Self {
        assert!(self.map.contains(from) || self.tileset.contains(from), "nothing to replace: {from}");
        self.map = self.map.replace(from, to);
        self.tileset = self.tileset.replace(from, to);
        self
    }

    fn load(&self) -> Result<Map, MapError> {
        Map::from_tmx(Path::new("worlds/meadow.tmx"), |path| {
            let file = match path.to_str() {
                Some("worlds/meadow.tmx") => Some(self.map.clone().into_bytes()),
                Some("worlds/blocks.tsx") => Some(self.tileset.clone().into_bytes()),
                Some("worlds/blocks.png") => self.picture.clone(),
                _ => None,
            };
            file.ok_or_else(|| io::ErrorKind::NotFound.into())
        })
    }

    fn refusal(&self) -> MapError {
        self.load().expect_err("must be refused")
    }
}

/// As much of a PNG as the loader looks at.
fn png(width: u32, height: u32) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
}

#[test]
fn structures_win_over_the_ground_and_solid_tiles_stop_people() {
    let map = Files::new().load().expect("loads");
    assert_eq!(map.name, "meadow");
    assert_eq!((map.width, map.height), (3, 2));
    assert_eq!(map.ground, [1, 1, 1, 1, 3, 1]);
    assert_eq!(map.tiles, [2, 1, 1, 1, 3, 4]);
    assert_eq!(map.canopy, [0; 6]);
    assert_eq!(map.spawn, Position { x: 1, y: 0 });
    assert!(map.is_solid(0, 0));
    assert!(!map.is_solid(1, 0));
    assert!(map.is_solid(3, 0) && map.is_solid(-1, 1) && map.is_solid(0, 2));
    let names: Vec<&str> = map.tileset.tiles.iter().map(|tile| tile.name.as_str()).collect();
    assert_eq!(names, ["nothing", "grass", "wall", "tile 3", "tile 4"]);
    assert!(map.tileset.tiles.iter().enumerate().all(|(index, tile)| usize::from(tile.id) == index));
    assert_eq!((map.tileset.tile_size, map.tileset.columns), (16, 2));
    assert_eq!(*map.tileset.images[0], *png(32, 32));
}

#[test]
fn tilesets_inside_the_map_and_maps_without_structures_are_fine() {
    let embedded = TILESET.replace("<tileset ", r#"<tileset firstgid="1" "#);
    let map = Files::new()
        .replace(r#"<tileset firstgid="1" source="blocks.tsx"/>"#, &embedded)
        .replace(r#"name="structures""#, r#"name="canopy""#)
        .load()
        .expect("loads");
    assert_eq!(map.tiles, map.ground);
    assert_eq!(map.canopy, [2, 0, 0, 0, 0, 4]);
}

#[test]
fn the_name_property_names_the_map() {
    let named = r#"<properties><property name="name" value="Old Meadow"/></properties><tileset "#;
    assert_eq!(
        Files::new().replace("<tileset firstgid", &format!("{named}firstgid")).load().expect("loads").name,
        "Old Meadow"
    );
}

#[test]
fn objects_keep_their_order_properties_and_the_tile_they_are_on() {
    let objects = format!(
        r#"<object id="2" name="Ann" type="npc" x="40" y="20"><properties><property name="look" value="villager_1"/></properties><point/></object>
        <object id="3" type="item" x="0" y="16" width="16" height="16"><properties><property name="look" value="coin"/><property name="quantity" type="int" value="3"/></properties></object>
        <object id="4" name="Gate" class="door" gid="3" x="16" y="32" width="16" height="16"><properties><property name="open" type="bool" value="true"/></properties></object>{SPAWN}"#
    );
    let objects = Files::with_objects(&objects).load().expect("loads").objects;
    let brief: Vec<_> = objects
        .iter()
        .map(|it| (it.kind, &*it.name, &*it.look, (it.position.x, it.position.y), it.open, it.quantity))
        .collect();
    assert_eq!(
        brief,
        [
            (EntityKind::Npc, "Ann", "villager_1", (2, 1), false, 1),
            (EntityKind::Item, "coin", "coin", (0, 1), false, 3),
            (EntityKind::Door, "Gate", "door", (1, 1), true, 1),
        ]
    );
}

#[test]
fn missing_files_are_named() {
    let gone = Map::from_tmx(Path::new("worlds/none.tmx"), |_| Err(io::ErrorKind::NotFound.into()))
        .expect_err("nothing is there");
    assert!(matches!(&gone, MapError::Load { path, .. } if path == Path::new("worlds/none.tmx")));
    assert!(gone.to_string().contains("worlds/none.tmx"));
    let tileset_gone = Files::new().replace("blocks.tsx", "lost.tsx").refusal();
    assert!(std::error::Error::source(&tileset_gone).expect("has a source").to_string().contains("lost.tsx"));
    let picture_gone = Files { picture: None, ..Files::new() }.refusal();
    assert!(matches!(picture_gone, MapError::Picture { path, .. } if path == Path::new("worlds/blocks.png")));
}

#[test]
fn what_is_not_a_map_is_refused() {
    assert!(matches!(Files { map: "hello".into(), ..Files::new() }.refusal(), MapError::Load { .. }));
    assert!(matches!(Files { map: String::new(), ..Files::new() }.refusal(), MapError::Load { .. }));
}

#[test]
fn maps_that_are_not_plain_grids_are_refused() {
    assert!(matches!(Files::new().replace("orthogonal", "isometric").refusal(), MapError::NotOrthogonal));
    let infinite = Files::new()
        .replace(r#"infinite="0""#, r#"infinite="1""#)
        .replace("1,1,1,\n1,3,1", r#"<chunk x="0" y="0" width="1" height="1">1</chunk>"#)
        .replace("2,0,0,\n0,0,4", r#"<chunk x="0" y="0" width="1" height="1">2</chunk>"#);
    assert!(matches!(infinite.refusal(), MapError::Infinite));
}

#[test]
fn maps_larger_than_the_limit_are_refused() {
    let wide = Files::new().replace(r#"width="3" height="2" tilewidth"#, r#"width="4097" height="2" tilewidth"#);
    assert!(matches!(wide.refusal(), MapError::Size { width: 4097, height: 2 }));
    let flat = Files::new().replace(r#"width="3" height="2" tilewidth"#, r#"width="3" height="0" tilewidth"#);
    assert!(matches!(flat.refusal(), MapError::Size { height: 0, .. }));
}

#[test]
fn layers_that_are_cut_short_or_stored_otherwise_are_refused() {
    assert!(matches!(Files::new().replace("1,3,1", "1,3").refusal(), MapError::CellCount { expected: 6, found: 5 }));
    let taller = Files::new().replace(r#"width="3" height="2" tilewidth"#, r#"width="3" height="4" tilewidth"#);
    assert!(matches!(taller.refusal(), MapError::CellCount { expected: 12, found: 6 }));
    let base64 = Files::new().replace(r#"encoding="csv">1,1,1,"#, r#"encoding="base64">AQAA"#).replace("\n1,3,1", "");
    assert!(matches!(base64.refusal(), MapError::NotCsv));
}

#[test]
fn layers_by_other_names_kinds_or_twice_are_refused() {
    let renamed =
        |from: &str, to: &str| Files::new().replace(&format!(r#"name="{from}""#), &format!(r#"name="{to}""#)).refusal();
    assert!(matches!(renamed("structures", "Tile Layer 2"), MapError::LayerUnknown { name } if name == "Tile Layer 2"));
    assert!(matches!(renamed("structures", "ground"), MapError::LayerTwice { name } if name == "ground"));
    assert!(matches!(renamed("structures", "objects"), MapError::LayerKind { name } if name == "objects"));
    assert!(matches!(renamed("objects", "canopy"), MapError::LayerKind { name } if name == "canopy"));
    assert!(matches!(renamed("ground", "canopy"), MapError::LayerMissing { name: "ground" }));
    let none = Files::new().replace("<objectgroup", "<!-- ").replace("</objectgroup>", " -->");
    assert!(matches!(none.refusal(), MapError::LayerMissing { name: "objects" }));
}

#[test]
fn holes_in_the_ground_are_refused() {
    assert!(matches!(Files::new().replace("1,3,1", "1,0,1").refusal(), MapError::GroundMissing { x: 1, y: 1 }));
}

#[test]
fn flipped_and_unknown_tiles_are_refused() {
    for flag in [0x8000_0000_u32, 0x4000_0000, 0x2000_0000] {
        let flipped = Files::new().replace("2,0,0", &format!("2,{},0", flag + 1)).refusal();
        assert!(matches!(flipped, MapError::Flipped { x: 1, y: 0, layer } if layer == "structures"));
    }
    let unknown = Files::new().replace("2,0,0", "2,0,5").refusal();
    assert!(matches!(unknown, MapError::TileUnknown { x: 2, y: 0, layer } if layer == "structures"));
}

#[test]
fn other_than_one_tileset_with_one_picture_is_refused() {
    let line = r#"<tileset firstgid="1" source="blocks.tsx"/>"#;
    let two = Files::new().replace(line, &format!("{line}{}", line.replace("\"1\"", "\"5\"")));
    assert!(matches!(two.refusal(), MapError::Tilesets { count: 2 }));
    let collection = Files::new().replace(r#"<image source="blocks.png" width="32" height="32"/>"#, "");
    assert!(matches!(collection.refusal(), MapError::ImageCollection { name } if name == "blocks"));
}

#[test]
fn tilesets_with_odd_shapes_are_refused() {
    for (from, to) in [
        (r#"tileheight="16" tilecount"#, r#"tileheight="24" tilecount"#),
        (r#"columns="2""#, r#"columns="2" margin="1""#),
        (r#"columns="2""#, r#"columns="2" spacing="1""#),
        (r#"columns="2""#, r#"columns="0""#),
        (r#"tilewidth="16" tileheight="16" infinite"#, r#"tilewidth="32" tileheight="32" infinite"#),
    ] {
        assert!(matches!(Files::new().replace(from, to).refusal(), MapError::TileShape { .. }), "{to}");
    }
    let many = Files::new().replace(r#"tilecount="4""#, r#"tilecount="65536""#).refusal();
    assert!(matches!(many, MapError::TileCount { count: 65536, .. }));
}

#[test]
fn pictures_that_are_no_png_or_too_small_are_refused() {
    let with = |picture: Vec<u8>| Files { picture: Some(picture), ..Files::new() }.refusal();
    assert!(matches!(with(b"GIF89a".to_vec()), MapError::NotPng { .. }));
    assert!(matches!(with(png(32, 32)[..20].to_vec()), MapError::NotPng { .. }));
    assert!(matches!(with(png(16, 64)), MapError::PictureSize { width: 16, height: 64, .. }));
    assert!(matches!(with(png(32, 31)), MapError::PictureSize { .. }));
}

#[test]
fn a_solid_property_that_is_no_switch_is_refused() {
    let text = Files::new().replace(r#"type="bool" value="true""#, r#"value="yes""#);
    assert!(matches!(text.refusal(), MapError::SolidNotBool { tile: 1 }));
}

#[test]
fn objects_of_other_classes_are_refused() {
    let objects = format!(r#"<object id="7" name="Rex" type="dragon" x="8" y="8"><point/></object>{SPAWN}"#);
    let refusal = Files::with_objects(&objects).refusal();
    assert!(matches!(&refusal, MapError::ObjectClass { id: 7, name, class } if name == "Rex" && class == "dragon"));
    assert!(refusal.to_string().contains("npc, item, door, warp, spawner, area or spawn"));
}

#[test]
fn objects_outside_the_map_are_refused() {
    for (x, y) in [("-1", "8"), ("48", "8"), ("8", "32"), ("NaN", "8")] {
        let object = format!(r#"<object id="2" name="lost" type="door" x="{x}" y="{y}"><point/></object>{SPAWN}"#);
        assert!(matches!(Files::with_objects(&object).refusal(), MapError::ObjectOutside { id: 2, .. }), "{x} {y}");
    }
}

#[test]
fn objects_with_missing_or_wrong_properties_are_refused() {
    for (class, properties, wrong) in [
        ("npc", "", "look"),
        ("item", r#"<property name="look" type="int" value="3"/>"#, "look"),
        ("item", r#"<property name="look" value="coin"/><property name="quantity" type="int" value="0"/>"#, "quantity"),
        ("door", r#"<property name="open" value="yes"/>"#, "open"),
    ] {
        let properties =
            if properties.is_empty() { String::new() } else { format!("<properties>{properties}</properties>") };
        let object =
            format!(r#"<object id="2" name="it" type="{class}" x="8" y="8">{properties}<point/></object>{SPAWN}"#);
        let refusal = Files::with_objects(&object).refusal();
        assert!(
            matches!(&refusal, MapError::ObjectProperty { property, .. } if *property == wrong),
            "{class}: {refusal}"
        );
    }
}

#[test]
fn a_map_needs_exactly_one_spawn_point_where_one_can_stand() {
    assert!(matches!(Files::with_objects("").refusal(), MapError::Spawns { count: 0 }));
    assert!(matches!(Files::with_objects(&SPAWN.repeat(2)).refusal(), MapError::Spawns { count: 2 }));
    let on_wall = SPAWN.replace("x=\"24\"", "x=\"8\"");
    assert!(matches!(Files::with_objects(&on_wall).refusal(), MapError::SpawnSolid { x: 0, y: 0 }));
}

/// An object of class `class` in the middle of a tile.
fn object_at(id: u32, class: &str, (x, y): (i32, i32), more: &str) -> String {
    let (x, y) = (x * 16 + 8, y * 16 + 8);
    let look = r#"<property name="look" value="it"/>"#;
    format!(
        r#"<object id="{id}" name="it {id}" type="{class}" x="{x}" y="{y}"><properties>{look}{more}</properties><point/></object>"#
    )
}

#[test]
fn a_door_alone_decides_whether_one_can_walk_over_its_tile() {
    let open = r#"<property name="open" type="bool" value="true"/>"#;
    let refusal = |objects: &[String]| {
        let refused = Files::with_objects(&format!("{}{SPAWN}", objects.concat())).load().expect_err("is refused");
        let told = refused.to_string();
        assert!(told.contains("of layer \"objects\"") && told.contains(": move "), "{told}");
        refused
    };
    let door = |id, at| object_at(id, "door", at, "");
    let other_door = object_at(8, "door", (2, 0), open);
    for doors in [[door(7, (2, 0)), other_door.clone()], [other_door, door(7, (2, 0))]] {
        let refused = refusal(&doors);
        assert!(matches!(&refused, MapError::DoorTwice { id, other, x: 2, y: 0, name, .. }
            if id + other == 15 && *name == format!("it {id}")));
    }
    let on_wall = refusal(&[door(7, (0, 0))]);
    assert!(matches!(&on_wall, MapError::DoorOnSolid { id: 7, under: "structures", x: 0, y: 0, .. }), "{on_wall}");
    let ground = Files::with_objects(&format!("{}{SPAWN}", door(7, (1, 1)))).replace("1,3,1", "1,2,1");
    assert!(matches!(ground.refusal(), MapError::DoorOnSolid { under: "ground", .. }));
    let npc = |at| object_at(9, "npc", at, "");
    assert!(matches!(refusal(&[npc((0, 1)), door(7, (0, 1))]), MapError::DoorClosedOn { id: 7, other: 9, .. }));
    assert!(matches!(refusal(&[object_at(7, "door", (1, 0), open)]), MapError::DoorOnSpawn { id: 7, other: 1, .. }));
    // What also comes about in play.
    let item = |id| object_at(id, "item", (2, 0), "");
    let fine = [door(7, (2, 0)), item(8), item(9), object_at(10, "door", (0, 1), open), npc((0, 1)), npc((1, 0))];
    let map = Files::with_objects(&format!("{}{SPAWN}", fine.concat())).load().expect("loads");
    assert_eq!(map.objects.len(), 6);
}

#[test]
fn what_one_item_says_of_its_kind_holds_for_all_of_them() {
    let item = |id: u32, name: &str, look: &str, more: &str| {
        format!(
            r#"<object id="{id}" name="{name}" type="item" x="24" y="8"><properties><property name="look" value="{look}"/>{more}</properties><point/></object>"#
        )
    };
    let heals = |points: &str| format!(r#"<property name="heals" type="int" value="{points}"/>"#);
    let places = |class: &str| format!(r#"<property name="places" value="{class}"/>"#);
    let load = |items: &[String]| Files::with_objects(&format!("{}{SPAWN}", items.concat())).load();
    let map = load(&[
        item(2, "Apple", "apple", ""),
        item(3, "Old apple", "apple", &heals("7")),
        item(4, "Stones", "stone", &places("wall")),
    ])
    .expect("loads");
    let info = |name: &str, heals, places| ItemInfo { name: name.into(), heals, places };
    assert_eq!(map.items["apple"], info("Apple", 7, None));
    assert_eq!(map.items["stone"], info("Stones", 0, Some(2)));
    assert_eq!(map.item_of_tile(2).map(|kind| &**kind), Some("stone"));
    let differs = load(&[item(2, "", "apple", &heals("7")), item(3, "", "apple", &heals("8"))]);
    assert!(matches!(differs, Err(MapError::ItemDiffers { id: 3, kind }) if kind == "apple"));
    let twice = load(&[item(2, "", "stone", &places("wall")), item(3, "", "brick", &places("wall"))]);
    assert!(matches!(twice, Err(MapError::PlacedTwice { tile: 2, kinds }) if kinds == ["stone", "brick"]));
    for (more, wrong) in [
        (heals("0"), "heals"),
        (heals("7").replace(r#"type="int" "#, ""), "heals"),
        (places("lava"), "places"),
        (places("nothing"), "places"),
    ] {
        let refused = load(&[item(2, "", "apple", &more)]);
        assert!(
            matches!(&refused, Err(MapError::ObjectProperty { id: 2, property, .. }) if *property == wrong),
            "{more}"
        );
    }
}

#[test]
fn tiles_can_hurt_and_npcs_say_how_far_they_wander() {
    let fire = r#"<tile id="2" type="fire"><properties><property name="damage" type="int" value="10"/></properties></tile></tileset>"#;
    let map = Files::new().replace("</tileset>", fire).load().expect("loads");
    assert_eq!(map.damage(1, 1), 10);
    assert_eq!((map.damage(0, 1), map.damage(-1, 0)), (0, 0));
    for bad in [fire.replace("10", "0"), fire.replace(r#"type="int" "#, "")] {
        assert!(matches!(Files::new().replace("</tileset>", &bad).refusal(), MapError::DamageNotInt { tile: 2 }));
    }
    let npc = |more: &str| {
        let look = r#"<property name="look" value="hen"/>"#;
        let object = format!(
            r#"<object id="2" type="npc" x="8" y="8"><properties>{look}{more}</properties><point/></object>{SPAWN}"#
        );
        Files::with_objects(&object).load()
    };
    let wander = |tiles: &str| format!(r#"<property name="wander" type="int" value="{tiles}"/>"#);
    assert_eq!(npc("").expect("loads").objects[0].wander, 3);
    assert_eq!(npc(&wander("0")).expect("loads").objects[0].wander, 0);
    for bad in ["-1", "256"] {
        let refused = npc(&wander(bad));
        assert!(matches!(refused, Err(MapError::ObjectProperty { property: "wander", .. })), "{bad}");
    }
}

#[test]
fn tiles_move_when_all_their_pictures_are_tiles() {
    let tile = |frames: &str| format!(r#"<tile id="2"><animation>{frames}</animation></tile></tileset>"#);
    let frame = |tile: &str, ms: u32| format!(r#"<frame tileid="{tile}" duration="{ms}"/>"#);
    let load = |frames: &str| {
        let map = Files::new().replace("</tileset>", &tile(frames)).load().expect("loads");
        map.tileset.animations.into_iter().map(|moving| (moving.tile, moving.frames)).collect::<Vec<_>>()
    };
    let frames = vec![TileFrame { tile: 3, ms: 200 }, TileFrame { tile: 1, ms: 1 }];
    assert_eq!(load(&(frame("2", 200) + &frame("0", 0))), [(3, frames)]);
    assert_eq!(load(""), []);
    for bad in ["4", "4294967295"] {
        assert_eq!(load(&(frame("2", 200) + &frame(bad, 1))), [], "{bad}");
    }
}

/// A map whose folder holds further files.
fn load_beside(map: &str, others: &dyn Fn(&Path) -> Option<String>) -> Result<Map, MapError> {
    Map::from_tmx(Path::new("meadow.tmx"), |path| {
        let file = if path == Path::new("meadow.tmx") { Some(map.to_owned()) } else { others(path) };
        file.map(String::into_bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
    })
}

#[test]
fn a_template_that_names_itself_is_refused_however_it_spells_its_name() {
    let map = Files::with_objects(r#"<object id="1" template="o.tx"/>"#).map;
    for name in ["o.tx", "./o.tx", "x/../o.tx"] {
        let template = format!(r#"<template><object type="spawn" template="{name}"/></template>"#);
        let found = |path: &Path| match path.extension()?.to_str()? {
            "tx" => Some(template.clone()),
            _ => Some(TILESET.to_owned()),
        };
        let error = load_beside(&map, &found).unwrap_err();
        assert!(in_one_line(&error).contains("name each other in a circle"), "{}", in_one_line(&error));
    }
}

#[test]
fn elements_in_one_another_without_end_are_refused() {
    let deep = format!("{}{}", "<group>".repeat(100_000), "</group>".repeat(100_000));
    let map = Files::new().map.replace("</map>", &format!("{deep}</map>"));
    let error = load_beside(&map, &|_| Some(TILESET.to_owned())).unwrap_err();
    assert!(in_one_line(&error).contains("stand inside one another"), "{}", in_one_line(&error));
}

fn in_one_line(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
