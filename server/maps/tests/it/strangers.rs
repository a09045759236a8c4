//! Maps of other programs and of old versions of Tiled, and maps that are not whole: what can be
//! read of them is, and what cannot is told once and by its place.

use std::path::PathBuf;

use tilemud_maps::bake::Options;
use tilemud_maps::drawing::{Cells, Content, Object, Picture, PictureSource, Properties, Shape, Tile, Tileset, Value};
use tilemud_maps::problem::Problems;
use tilemud_schema::Position;

use crate::drawings::{
    Files, baked, blocked, drawing, good, kinds, layer, meadow, object, picture, png, text, tiles, tileset,
};
use crate::forms::packed;
use crate::made::{GROUND, Made, TILESET, cells, objects};

const SET: &str = "<tileset firstgid=\"1\" source=\"t.tsx\"/>";
const CHUNK: &str = "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1";

fn infinite(inside: &str) -> Made {
    let head = r#"<map orientation="orthogonal" width="4" height="4" tilewidth="16" tileheight="16" infinite="1">"#;
    Made::text(&format!("{head}{SET}{inside}</map>"))
}

fn chunk(x: i32, y: i32) -> String {
    format!("<chunk x=\"{x}\" y=\"{y}\" width=\"4\" height=\"4\">{CHUNK}</chunk>")
}

fn chunks(chunks: &str) -> Made {
    infinite(&format!(
        "<layer id=\"1\" name=\"Far\" width=\"4\" height=\"4\"><data encoding=\"csv\">{chunks}</data></layer>"
    ))
}

/// The lines of one kind.
fn told(problems: &Problems, kind: &str) -> Vec<String> {
    problems.found.iter().filter(|problem| problem.kind == kind).map(ToString::to_string).collect()
}

fn looking(id: u32, class: &str, at: (f64, f64)) -> Object {
    let look = if class == "item" { "apple" } else { "villager_1" };
    Object { properties: Properties::from([("look".to_owned(), text(look))]), ..object(id, class, at, (1.0, 1.0)) }
}

#[test]
fn objects_without_an_id_or_with_that_of_another_are_told_and_get_one() {
    let mut drawing = meadow(6, 3);
    let things = [(0, "npc"), (0, "item"), (5, "npc"), (5, "item"), (6, "npc")];
    let things = things.iter().zip(0..).map(|((id, class), x)| looking(*id, class, (f64::from(x), 1.0)));
    drawing.layers.push(layer("things", Content::Objects(things.collect())));
    let (baked, problems) = baked(&drawing, &Options::default());
    assert_eq!(
        told(&problems, "object-ids"),
        [
            "warning: map.tmx, layer \"things\": 2 of the doors, characters and items have no id; in an edit of a played world they are \
             known by name and place; save the map again from Tiled, which numbers its objects",
            "warning: map.tmx, layer \"things\", object 5: 1 of the doors, characters and items have the id of another one; in an \
             edit of a played world they are known by name and place; cut them out and paste them in Tiled, which numbers them anew"
        ]
    );
    let ids: Vec<u32> = baked.expect("a map").map.objects.iter().map(|object| object.id).collect();
    let different: std::collections::BTreeSet<u32> = ids.iter().copied().collect();
    assert_eq!((different.len(), different.contains(&0), ids[4]), (5, false, 6), "{ids:?}");
}

#[test]
fn an_infinite_map_begins_where_its_first_chunk_does_and_so_does_what_is_on_it() {
    let image = r#"<imagelayer id="2" name="sky" offsetx="5"><image source="sky.png"/></imagelayer>"#;
    let drawing = infinite(&format!(
        "<layer id=\"1\" name=\"g\" width=\"4\" height=\"4\"><data encoding=\"csv\">{}{}</data></layer>{image}",
        chunk(-8, -4),
        chunk(0, 0)
    ));
    let drawing = drawing.read().fine();
    assert_eq!((drawing.origin, drawing.layers[1].offset), ((-8, -4), (133.0, 64.0)));

    let mut drawing = meadow(6, 4);
    drawing.origin = (-4, -2);
    let baked = good(&drawing);
    assert_eq!(baked.map.origin, Position { x: -4, y: -2 });
    let options = Options { spawn: Some((-3, 1)), ..Options::default() };
    let (baked, _) = crate::drawings::baked(&drawing, &options);
    let spawn = baked.expect("a map").report.spawn;
    assert_eq!((spawn.x, spawn.y), (1, 3), "as Tiled counts");
}

#[test]
fn a_chunk_that_makes_a_map_too_wide_is_told_with_its_place() {
    let lines = chunks(&format!("{}{}", chunk(0, 0), chunk(8000, 16))).read().lines();
    assert_eq!(
        lines,
        [
            "error: w/map.tmx, line 1, layer \"Far\", cell 8000, 16: the map is 8004 x 20 cells, 1 x 1 to 4096 x 4096 are possible, and \
          this part is far from the others; erase what is drawn there"
        ]
    );
}

#[test]
fn an_infinite_map_without_chunks_is_read_as_any_other() {
    let drawing = chunks(CHUNK).read().fine();
    assert_eq!((drawing.width, drawing.height, cells(&drawing.layers[0])), (4, 4, vec![1; 16]));
    assert_eq!(cells(&chunks("").read().fine().layers[0]), [0; 16]);
}

#[test]
fn a_layer_whose_data_is_empty_is_told_as_one_without() {
    for data in
        ["<data/>", "<data encoding=\"csv\"> \n</data>", "<data encoding=\"base64\" compression=\"zlib\"></data>"]
    {
        let drawing = Made::data(data).read().warned(&[
            "warning: w/map.tmx, line 3, layer \"ground\": the layer holds no cells; delete the layer, or paint on it",
        ]);
        assert_eq!(cells(&drawing.layers[0]), [0; 16]);
    }
}

#[test]
fn cells_are_unpacked_as_they_are_packed_whatever_is_said() {
    let bytes: Vec<u8> = [1_u32; 16].iter().flat_map(|cell| cell.to_le_bytes()).collect();
    for (is, said) in [("gzip", "zlib"), ("zlib", "gzip")] {
        let data = format!("<data encoding=\"base64\" compression=\"{said}\">{}</data>", packed(is, &bytes));
        assert_eq!(cells(&Made::data(&data).read().fine().layers[0]), [1; 16]);
    }
}

#[test]
fn a_tileset_or_template_that_is_broken_is_told_and_the_map_goes_on() {
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    for (file, said) in [
        ("<tileset", "is broken XML"),
        ("", "is empty"),
        (lfs, "is not the file itself, but a note of Git LFS on where it is; get it with git lfs pull"),
        ("<map/>", "is no tileset, but holds a \"map\""),
    ] {
        let outcome = Made::map(&format!("{SET}{GROUND}")).and("w/t.tsx", file).read();
        let lines = outcome.lines();
        assert!(lines.len() == 1 && lines[0].starts_with("warning: w/t.tsx") && lines[0].contains(said), "{lines:?}");
        assert_eq!(cells(&outcome.drawing.expect("drawn").layers[0])[0], 2);

        let made = Made::objects(r#"<object id="1" template="a.tx" x="20" y="20"/>"#).and("w/a.tx", file);
        let outcome = made.read();
        let lines = outcome.lines();
        assert!(lines.len() == 1 && lines[0].starts_with("warning: w/a.tx"), "{lines:?}");
        assert_eq!(objects(&outcome.drawing.expect("drawn").layers[1]).len(), 1);
        let lines = Made::default().and("w/map.tmx", file).read().lines();
        assert!(lines[0].starts_with("error: w/map.tmx"), "{lines:?}");
    }
}

#[test]
fn files_of_other_letters_or_from_another_machine_are_found_and_told() {
    for source in ["T.TSX", "C:\\Users\\me\\t.tsx", "/home/me/game/T.tsx", "../../t.tsx"] {
        let drawing = Made::map(&format!("<tileset firstgid=\"1\" source=\"{source}\"/>{GROUND}")).read();
        let lines = drawing.lines();
        assert!(lines.len() == 1 && lines[0].contains("is not there, and \"w/t.tsx\" is taken"), "{lines:?}");
        assert_eq!(drawing.drawing.expect("drawn").tilesets[0].tileset.tiles.len(), 2);
    }
    let mut drawing = meadow(2, 1);
    drawing.tilesets[0].tileset.picture = Some(picture("Art\\TILES.png"));
    let (baked, problems) = baked(&drawing, &Options::default());
    assert!(baked.is_some());
    assert_eq!(kinds(&problems), ["picture", "no-walls"], "there is no such folder");
    drawing.tilesets[0].tileset.picture = Some(picture("art/TILES.png"));
    let (_, problems) = crate::drawings::baked(&drawing, &Options::default());
    assert_eq!(kinds(&problems), ["file-elsewhere", "no-walls"]);
}

#[test]
fn what_two_elements_say_of_a_tile_is_put_together() {
    let solid = r#"<properties><property name="solid" type="bool" value="true"/></properties>"#;
    let set = TILESET.replace(
        "</tileset>",
        r#"<tile id="1"><properties><property name="damage" type="int" value="2"/></properties><animation><frame tileid="0" duration="9"/></animation></tile></tileset>"#,
    );
    assert!(set.contains(solid));
    let drawing = Made::map(&format!("{SET}{GROUND}")).and("w/t.tsx", set).read().fine();
    let tile = &drawing.tilesets[0].tileset.tiles[&1];
    assert_eq!((&*tile.class, tile.properties.len(), tile.animation.len()), ("wall", 2, 1));
}

#[test]
fn pictures_may_be_as_tall_as_they_like() {
    let mut drawing = meadow(2, 1);
    drawing.layers[0] = layer("ground", Content::Tiles(Cells::from_iter(vec![1, 1_990])));
    let files: Files = [(PathBuf::from("tiles.png"), png(8, 16_000, |_, y| [y as u8, (y >> 8) as u8, 0, 255]))].into();
    let mut problems = Problems::default();
    let baked = tilemud_maps::bake::bake(&drawing, &files, &Options::default(), &mut problems);
    assert_eq!((baked.is_some(), kinds(&problems)), (true, vec!["no-walls"]));
}

#[test]
fn tiles_without_a_picture_are_told_once_for_each_tileset() {
    let mut map = meadow(4, 1);
    map.layers[0] = layer("ground", Content::Tiles(Cells::from_iter(vec![1, 17, 17, 20])));
    let (_, problems) = baked(&map, &Options::default());
    assert_eq!(
        told(&problems, "tile-outside-picture"),
        [
            "warning: map.tmx, tileset \"tiles\", tile 16, cell 1, 0: the picture of the tileset is too small to hold this tile, the last \
          one in it is 15; it is not drawn (and 1 others); choose the right picture, or erase the tiles"
        ]
    );
    let one = Picture { source: PictureSource::File(PathBuf::from("tiles.png")), color_key: None, size: None };
    let tiles = [(0, Tile { picture: Some(one), ..Tile::default() }), (3, Tile::default())].into();
    map.tilesets[0].tileset = Tileset { picture: None, tiles, ..tileset("c", "tiles.png", 8, 8) };
    map.layers[0] = layer("ground", Content::Tiles(Cells::from_iter(vec![1, 2, 4, 1])));
    let (_, problems) = baked(&map, &Options::default());
    assert_eq!(
        told(&problems, "tile-without-picture"),
        [
            "warning: map.tmx, tileset \"c\", tile 1, cell 1, 0: the tileset has no picture for this tile, and a chequer stands for it (and \
          1 others); place another tile there, or add its picture to the tileset"
        ]
    );
}

#[test]
fn a_picture_of_a_layer_that_is_missing_leaves_nothing_and_a_tiny_one_is_not_repeated() {
    let sky = |file: &str, repeats| layer("sky", Content::Image { picture: Some(picture(file)), repeats });
    let mut map = meadow(2, 1);
    map.layers.push(sky("none.png", (false, false)));
    let (_, problems) = baked(&map, &Options::default());
    assert!(told(&problems, "picture")[0].contains("is not there; nothing is drawn of it;"), "{problems:?}");

    let files = [("tiles.png", 32), ("dot.png", 1)];
    let files: Files = files.map(|(name, edge)| (PathBuf::from(name), png(edge, edge, |_, _| [9, 9, 9, 255]))).into();
    map.layers[1] = sky("dot.png", (true, true));
    let mut problems = Problems::default();
    assert!(tilemud_maps::bake::bake(&map, &files, &Options::default(), &mut problems).is_some());
    assert_eq!(kinds(&problems), ["image-layer-small", "no-walls"]);
    map.layers[1] = sky("dot.png", (true, false));
    let mut problems = Problems::default();
    assert!(tilemud_maps::bake::bake(&map, &files, &Options::default(), &mut problems).is_some());
    assert_eq!(kinds(&problems), ["no-walls"]);
}

#[test]
fn classes_of_the_game_without_what_they_need_are_told_what_it_is() {
    let said = |class: &str, more: &[(&str, Value)]| {
        let mut map = meadow(4, 2);
        let properties = more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let object = Object { properties, ..object(1, class, (0.0, 0.0), (1.0, 1.0)) };
        map.layers.push(layer("things", Content::Objects(vec![object])));
        told(&baked(&map, &Options::default()).1, "object-class").join("\n")
    };
    assert!(
        said("warp", &[])
            .contains("objects of class warp say no to_x and to_y, lead nowhere and are left out (1 of them)")
    );
    let monsters = [("monster_id", Value::Int(3)), ("max_beings", Value::Int(2))];
    assert!(
        said("spawn", &monsters)
            .contains("objects of class spawn are the monster areas of such maps, and are left out")
    );
    assert!(said("door", &[("target", text("cave"))]).contains("objects of class door lead to another place or map,"));
    assert!(said("wrap", &[]).contains("did you mean warp?"));
}

#[test]
fn what_tiled_has_had_since_1_12_is_read() {
    let object = r#"<object id="1" x="16" y="16" width="32" height="16" opacity="0.5"><properties><property name="l" type="list"><item value="a"/></property></properties><capsule/></object>"#;
    let found = Made::objects(object).read().fine();
    let capsule = &objects(&found.layers[1])[0];
    assert_eq!((capsule.opacity, &capsule.properties["l"]), (0.5, &text("")));
    let Shape::Polygon(points) = &capsule.shape else { panic!("{capsule:?}") };
    let inside = |(x, y): &(f64, f64)| (-1e-9..=32.0 + 1e-9).contains(x) && (-1e-9..=16.0 + 1e-9).contains(y);
    assert!(points.iter().all(inside) && points.iter().all(|(x, y)| !(*x < 1.0 && *y < 2.0)), "{points:?}");

    let mut map = meadow(4, 2);
    let wall = Object { shape: capsule.shape.clone(), x: 8.0, y: 0.0, ..object_of(2, "", (4.0, 2.0)) };
    map.layers.push(layer("collision", Content::Objects(vec![wall])));
    assert_eq!(blocked(&good(&map)), [".###", ".###"]);

    let mut map = drawing(2, 1);
    map.layers.push(tiles("ground", &["aa"]));
    let tile = |opacity| Object { gid: Some(2), y: 8.0, opacity, ..object_of(3, "", (1.0, 1.0)) };
    let images = |opacity| {
        let mut map = map.clone();
        map.layers.push(layer("things", Content::Objects(vec![tile(opacity)])));
        good(&map).map.tileset.images
    };
    assert_ne!(images(0.5), images(1.0));

    map.layers.push(layer(
        "texts",
        Content::Objects(vec![
            Object { shape: Shape::Text("Hello".to_owned()), ..object_of(4, "", (1.0, 1.0)) },
            Object { shape: Shape::Text("World".to_owned()), ..object_of(5, "", (1.0, 1.0)) },
        ]),
    ));
    let (_, problems) = baked(&map, &Options::default());
    assert_eq!(
        told(&problems, "texts"),
        [
            "warning: map.tmx, layer \"texts\", object 4: texts are not drawn (2 of them); draw them into a picture, or set their class to \
          sign and give them a property text"
        ]
    );
}

fn object_of(id: u32, class: &str, size: (f64, f64)) -> Object {
    object(id, class, (0.0, 0.0), size)
}
