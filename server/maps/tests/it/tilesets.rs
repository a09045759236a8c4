//! Tilesets of every kind.

use std::path::Path;

use tilemud_maps::drawing::{PictureSource, Value};

use super::made::{GROUND, Made, SPAWN, TILESET, cells, objects};

#[test]
fn a_tileset_that_is_not_there_is_a_placeholder() {
    let drawing = Made::map(&format!("<tileset firstgid=\"1\" source=\"..\\no\\u.tsx\"/>{GROUND}")).read().warned(&[
        "warning: w/map.tmx, line 3: the tileset cannot be read: the file \"no/u.tsx\" is not there; put the file there, or \
         choose it again in Tiled",
    ]);
    let tileset = &drawing.tilesets[0].tileset;
    assert_eq!((tileset.file.as_path(), tileset.tile_width, &tileset.picture), (Path::new("no/u.tsx"), 16, &None));
    assert_eq!(cells(&drawing.layers[0])[0], 2);
}

#[test]
fn a_tileset_that_is_none_is_told_as_itself_and_the_map_goes_on() {
    let outcome = Made::map(&format!("<tileset firstgid=\"1\" source=\"map.tmx\"/>{GROUND}")).read();
    assert_eq!(
        outcome.lines(),
        ["warning: w/map.tmx, line 2: is no tileset, but holds a \"map\"; choose the right file in Tiled"]
    );
    assert_eq!(outcome.drawing.map(|drawing| drawing.layers.len()), Some(1));
}

#[test]
fn collections_have_a_picture_for_each_tile() {
    let set = r##"<tileset version="1.10" name="c" tilewidth="40" tileheight="64" tilecount="2" columns="0" objectalignment="bottom" tilerendersize="grid">
 <tileoffset x="-3" y="4"/><grid orientation="orthogonal" width="1" height="1"/>
 <properties><property name="made" value="by hand"/></properties>
 <tile id="4" class="tree"><image width="40" height="64" source="..\art/tree.png" trans="#ff00ff"/></tile>
 <tile id="9" type="rock" x="1" y="2" width="3" height="4"><image source="rock.png"/>
  <objectgroup draworder="index"><object id="1" x="1" y="2" width="3" height="4"/><object id="2" x="0" y="0"><polygon points="0,0 4,0 0,4"/></object></objectgroup>
  <animation><frame tileid="9" duration="100"/><frame tileid="4" duration="50"/></animation></tile>
</tileset>"##;
    let drawing = Made::map(&format!("<tileset firstgid=\"1\" source=\"sets/c.tsx\"/>{GROUND}"))
        .and("w/sets/c.tsx", set)
        .read()
        .fine();
    let tileset = &drawing.tilesets[0].tileset;
    assert_eq!((tileset.offset, tileset.fills_cell, tileset.columns, &tileset.picture), ((-3, 4), true, None, &None));
    assert_eq!(tileset.properties["made"], Value::Text("by hand".to_owned()));
    let (tree, rock) = (&tileset.tiles[&4], &tileset.tiles[&9]);
    let picture = tree.picture.as_ref().expect("a picture");
    assert_eq!(
        (&picture.source, picture.color_key),
        (&PictureSource::File("w/art/tree.png".into()), Some([255, 0, 255]))
    );
    assert_eq!((&*tree.class, &*rock.class, rock.part), ("tree", "rock", Some((1, 2, 3, 4))));
    assert_eq!((rock.shapes.len(), rock.animation.len(), rock.animation[1].duration_ms), (2, 2, 50));
}

#[test]
fn margin_spacing_and_pictures_within_the_file_are_read() {
    let set = r#"<tileset firstgid="1" name="t" tilewidth="16" tileheight="24" margin="1" spacing="2"><image format="png"><data encoding="base64"> aGVs
 bG8= </data></image></tileset>"#;
    let drawing = Made::map(&format!("{set}{GROUND}")).read().fine();
    let tileset = &drawing.tilesets[0].tileset;
    assert_eq!((tileset.margin, tileset.spacing, tileset.tile_height), (1, 2, 24));
    let source = tileset.picture.as_ref().map(|picture| &picture.source);
    assert_eq!(source, Some(&PictureSource::Inside(b"hello".to_vec())));
}

#[test]
fn first_ids_that_cannot_be_are_told() {
    let lines = |tilesets: &str| Made::map(tilesets).read().lines();
    for first in ["", "firstgid=\"0\"", "firstgid=\"4294967295\""] {
        let told = lines(&format!("<tileset firstgid=\"1\" source=\"t.tsx\"/><tileset {first} source=\"t.tsx\"/>"));
        assert!(told[0].contains("a tileset has no first tile id (firstgid) that is possible"), "{told:?}");
    }
    let told = lines("<tileset firstgid=\"1\" source=\"t.tsx\"/><tileset firstgid=\"1\" source=\"t.tsx\"/>");
    assert!(told[0].contains("two tilesets begin at the tile id 1, only the first is used"), "{told:?}");
    let many: String = (1..=4001).map(|first| format!("<tileset firstgid=\"{first}\" source=\"t.tsx\"/>")).collect();
    assert!(lines(&many)[0].contains("more than 4000 tilesets"));
}

#[test]
fn objects_have_class_and_properties_of_their_tile_and_stand_on_its_lower_left_corner() {
    let set = |alignment: &str| TILESET.replace("name=\"t\"", &format!("name=\"t\" objectalignment=\"{alignment}\""));
    let object = r#"<object id="3" gid="2147483650" x="32" y="32" width="8" height="16"><properties><property name="damage" type="int" value="3"/></properties></object>"#;
    for (alignment, x, y) in [
        ("unspecified", 32.0, 32.0),
        ("bottomleft", 32.0, 32.0),
        ("topleft", 32.0, 48.0),
        ("center", 28.0, 40.0),
        ("right", 24.0, 40.0),
    ] {
        let drawing = Made::objects(&format!("{SPAWN}{object}")).and("w/t.tsx", set(alignment)).read().fine();
        let wall = objects(&drawing.layers[1]).iter().find(|object| object.id == 3).expect("it");
        assert_eq!((wall.x, wall.y), (x, y), "{alignment}");
        assert_eq!((&*wall.class, wall.gid), ("wall", Some(0x8000_0002)));
        assert_eq!((&wall.properties["solid"], &wall.properties["damage"]), (&Value::Bool(true), &Value::Int(3)));
    }
    let turned = object.replace("x=\"32\"", "rotation=\"90\" x=\"32\"");
    let drawing = Made::objects(&turned).and("w/t.tsx", set("topleft")).read().fine();
    let wall = &objects(&drawing.layers[1])[0];
    assert!((wall.x - 16.0).abs() < 1e-9 && (wall.y - 32.0).abs() < 1e-9, "{wall:?}");
    let old = object.replace("width=\"8\" height=\"16\"", "");
    let drawing = Made::objects(&old).read().fine();
    assert_eq!((objects(&drawing.layers[1])[0].width, objects(&drawing.layers[1])[0].height), (16.0, 16.0));
    let own = object.replace("gid=", "type=\"own\" gid=").replace("damage\" type=\"int\"", "solid\" type=\"int\"");
    let drawing = Made::objects(&own).read().fine();
    let wall = &objects(&drawing.layers[1])[0];
    assert_eq!((&*wall.class, &wall.properties["solid"]), ("own", &Value::Int(3)));
}

#[test]
fn templates_give_what_an_object_does_not_say() {
    let template = r#"<template><tileset firstgid="1" source="../other.tsx"/><object name="Chest" type="item" gid="2" width="16" height="20" rotation="90">
        <properties><property name="look" value="chest"/><property name="quantity" type="int" value="2"/></properties></object></template>"#;
    let object = r#"<object id="5" template="tx\chest.tx" x="3" y="4"><properties><property name="quantity" type="int" value="7"/></properties></object>
        <object id="6" name="Box" template="tx/chest.tx" x="3" y="5" rotation="0" width="8"/>"#;
    let made = Made::objects(object).and("w/tx/chest.tx", template);
    let drawing = made.and("w/other.tsx", TILESET).read().fine();
    let found = objects(&drawing.layers[1]);
    let [chest, named] = found else { panic!("{found:?}") };
    assert_eq!(
        (&*chest.name, &*chest.class, chest.x, chest.y, chest.height, chest.rotation),
        ("Chest", "item", 3.0, 4.0, 20.0, 90.0)
    );
    assert_eq!(
        (&chest.properties["look"], &chest.properties["quantity"]),
        (&Value::Text("chest".to_owned()), &Value::Int(7))
    );
    assert_eq!((&*named.name, named.rotation, named.width, named.height), ("Box", 0.0, 8.0, 20.0));
    // Its tileset becomes one of the map's, far behind the others.
    let (placed, id) = drawing.tile(chest.gid.expect("a tile")).expect("a tileset");
    assert_eq!((placed.tileset.file.as_path(), id, drawing.tilesets.len()), (Path::new("w/other.tsx"), 1, 2));

    let lines = Made::objects(object).read().lines();
    assert_eq!(lines.len(), 1, "once for each file: {lines:?}");
    assert!(
        lines[0].contains("object 5: its template cannot be read: the file \"w/tx/chest.tx\" is not there"),
        "{lines:?}"
    );
    let lone = "<template><object gid=\"2\"/></template>";
    let lines = Made::objects("<object id=\"1\" template=\"a.tx\"/>").and("w/a.tx", lone).read().lines();
    assert!(lines[0].contains("object 1: its template \"w/a.tx\" shows a tile of no tileset"), "{lines:?}");
    let chain = |number: usize| format!("<template><object template=\"{}.tx\"/></template>", number + 1);
    let made = (0..20).fold(Made::objects("<object id=\"1\" template=\"0.tx\"/>"), |made, number| {
        made.and(&format!("w/{number}.tx"), chain(number))
    });
    let lines = made.read().lines();
    assert!(lines[0].contains("the template is made from itself or too many others"), "{lines:?}");
}
