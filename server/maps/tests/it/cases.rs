//! Small maps that go wrong elsewhere, each for its whole kind.

use std::path::Path;

use tilemud_maps::Disk;
use tilemud_maps::drawing::PictureSource;
use tilemud_maps::problem::Problems;

use super::made::{GROUND, Made, SPAWN, cells, objects};

const ROOM: [u32; 16] = [2, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2, 2];

#[test]
fn cells_in_a_comment_are_none() {
    Made::data("<data encoding=\"csv\">1<!-- , , , --></data>").read().refused(
        "error: w/map.tmx, line 3, layer \"ground\": holds 1 of 16 cells; the file was cut or edited by hand, \
         save it again from Tiled",
    );
}

#[test]
fn a_template_made_from_itself_is_refused() {
    let outcome = Made::objects(r#"<object id="1" template="a.tx" x="20" y="20"/>"#)
        .and(
            "w/a.tx",
            r#"<?xml version="1.0"?><template><object id="1" template="a.tx" type="spawn" x="0" y="0"/></template>"#,
        )
        .read();
    outcome.refused(
        "error: w/map.tmx, line 8, layer \"objects\", object 1: the template is made from itself or too many others: \
         \"w/a.tx\", then \"w/a.tx\"; detach the object in the template from its template",
    );
    let drawing = outcome.drawing.expect("what else is wrong can be found");
    assert_eq!(objects(&drawing.layers[1])[0].class, "spawn");
}

#[test]
fn groups_nested_without_end_are_refused() {
    for depth in [33, 5_000] {
        let nested = format!("{GROUND}{}{}", "<group name='g'>".repeat(depth), "</group>".repeat(depth));
        Made::map(&nested)
            .read()
            .refused("error: w/map.tmx, line 6: nests groups deeper than 32; move the layers out of the inner groups");
    }
    let nested = format!(
        "<tileset firstgid=\"1\" source=\"t.tsx\"/>{}{GROUND}{}",
        "<group name='g'>".repeat(32),
        "</group>".repeat(32)
    );
    assert_eq!(Made::map(&nested).read().fine().layers[0].groups.len(), 32);
}

#[test]
fn layers_that_unpack_to_more_than_the_map_are_refused() {
    let bomb = super::forms::packed("zlib", &vec![0; 16 << 20]);
    Made::data(&format!("<data encoding=\"base64\" compression=\"zlib\">{bomb}</data>")).read().refused(
        "error: w/map.tmx, line 3, layer \"ground\": unpacks to more than the 16 cells it has; the file was cut or edited by hand, save it again from Tiled",
    );
}

#[test]
fn tilesets_of_old_files_have_what_their_picture_has() {
    let tileset = r#"<tileset firstgid="1" name="t" tilewidth="16" tileheight="16"><image source="t.png" trans="ffffff"/></tileset>"#;
    let drawing = Made::map(&format!("{tileset}{GROUND}")).read().fine();
    let tileset = &drawing.tilesets[0].tileset;
    assert_eq!((tileset.columns, tileset.tile_count), (None, None));
    let picture = tileset.picture.as_ref().expect("a picture");
    assert_eq!(picture.source, PictureSource::File("w/t.png".into()));
    assert_eq!((picture.color_key, picture.size), (Some([255; 3]), None));
    assert_eq!(tileset.file, Path::new("w/map.tmx"));
}

#[test]
fn packed_layers_are_read() {
    let data = "<data encoding=\"base64\" compression=\"zlib\">eJxjZGBgYKQAAwACYAAR</data>";
    let drawing = Made::data(data).read().fine();
    assert_eq!(cells(&drawing.layers[0]).len(), 16);
}

#[test]
fn a_map_may_use_a_tileset_twice() {
    let drawing =
        Made::map(&format!(r#"<tileset firstgid="3" source="t.tsx"/><tileset firstgid="1" source="t.tsx"/>{GROUND}"#))
            .read()
            .fine();
    assert_eq!(drawing.tilesets.iter().map(|placed| placed.first_gid).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(drawing.tilesets[0].tileset, drawing.tilesets[1].tileset);
    assert_eq!(cells(&drawing.layers[0]), ROOM);
    assert_eq!(drawing.tile(4).map(|(placed, id)| (placed.first_gid, id)), Some((3, 1)));
}

#[test]
fn how_a_layer_looks_is_kept() {
    let layer = r##"<layer id="3" name="canopy" width="4" height="4" opacity="0.2" tintcolor="#ff0000" offsetx="8" offsety="-40" parallaxx="0.5"><data encoding="csv">2,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2</data></layer>"##;
    let tileset = r#"<tileset firstgid="1" name="t" tilewidth="16" tileheight="16" tilecount="2" columns="2"><tileoffset x="8" y="-8"/><image source="t.png" width="32" height="16" trans="3ca03c"/></tileset>"#;
    let drawing = Made::map(&format!("{tileset}{GROUND}{layer}")).read().fine();
    assert_eq!(drawing.tilesets[0].tileset.offset, (8, -8));
    assert_eq!(drawing.tilesets[0].tileset.picture.as_ref().and_then(|picture| picture.color_key), Some([60, 160, 60]));
    let canopy = &drawing.layers[1];
    assert_eq!((canopy.opacity, canopy.tint, canopy.offset), (0.2, [255, 0, 0, 255], (8.0, -40.0)));
    assert_eq!((canopy.parallax, canopy.visible, &canopy.blend_mode), ((0.5, 1.0), true, &None));
}

#[test]
fn objects_in_walls_are_where_they_were_drawn() {
    let rat = r#"<object id="7" name="Rat" type="npc" x="1" y="1"><properties><property name="look" value="rat"/></properties></object>"#;
    let drawing = Made::objects(&format!("{SPAWN}{rat}")).read().fine();
    let found = objects(&drawing.layers[1]);
    assert_eq!(
        found.iter().map(|object| (object.id, object.x, object.y)).collect::<Vec<_>>(),
        [(7, 1.0, 1.0), (1, 20.0, 20.0)]
    );
}

#[test]
fn a_tile_below_the_first_tileset_is_told() {
    let map = r#"<tileset firstgid="10" source="t.tsx"/><layer id="1" name="ground" width="4" height="4"><data encoding="csv">10,10,10,10,10,10,3,10,10,10,3,10,10,10,10,10</data></layer>"#;
    let drawing = Made::map(map).read().warned(&[
        "warning: w/map.tmx, line 3, layer \"ground\", cell 2, 1: the tile id 3 is in no tileset, nor are those of 1 cells \
         after it; place another tile there, or add its tileset to the map",
    ]);
    assert_eq!(cells(&drawing.layers[0])[6], 0);
}

#[test]
fn names_cannot_forge_messages() {
    let forged =
        r#"<object id="9" name="a&#10;error: forged line&#27;[31m" type="odd" x="NaN" y="20"><b&#10;/></object>"#;
    let outcome = Made::objects(forged).read();
    assert!(outcome.lines().iter().all(|line| !line.contains(['\n', '\u{1b}'])), "{:?}", outcome.lines());
    let shape = r#"<object id="9" name="a" x="1" y="20"><properties><property name="p&#10;error: x&#27;[31m" type="int" value="&#155;"/></properties></object>"#;
    Made::objects(shape).read().warned(&[
        "warning: w/map.tmx, line 8, layer \"objects\", object 9: the property \"p\\u{a}error: x\\u{1b}[31m\" is \"\\u{9b}\", which \
         is no \"int\"; remove it under Custom Properties and add it again",
    ]);
}

#[test]
fn objects_keep_their_ids_when_others_are_added() {
    let bob = r#"<object id="7" name="Bob" type="npc" x="36" y="36"/>"#;
    let ann = r#"<object id="8" name="Ann" type="npc" x="20" y="36"/>"#;
    let ids = |made: &str| {
        let drawing = Made::objects(made).read().fine();
        objects(&drawing.layers[1]).iter().map(|object| (object.id, object.name.clone())).collect::<Vec<_>>()
    };
    let (before, after) = (ids(&format!("{SPAWN}{bob}")), ids(&format!("{SPAWN}{bob}{ann}")));
    assert!(before.iter().all(|object| after.contains(object)));
    assert!(after.contains(&(8, "Ann".to_owned())));
}

#[test]
fn nothing_is_to_be_said_of_the_built_in_world() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim/worlds");
    let stamps =
        std::fs::read_dir(folder.join("stamps")).expect("a folder").map(|entry| entry.expect("an entry").path());
    for map in
        stamps.chain([folder.join("first_light.tmx")]).filter(|path| path.extension().is_some_and(|it| it == "tmx"))
    {
        let mut problems = Problems::default();
        let files = Disk::new(&map, Some(&folder)).expect("opens");
        let drawing = tilemud_maps::read(&map, &files, &mut problems).expect("drawn");
        assert_eq!(problems, Problems::default());
        assert!(!drawing.layers.is_empty() && drawing.tilesets.len() == 1);
    }
}
