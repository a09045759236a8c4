//! Layers of every kind, infinite maps, and values that are none.

use tilemud_maps::drawing::{Content, Orientation, Shape, Value};
use tilemud_maps::problem::Severity;

use super::made::{GROUND, Made, cells, objects};

const SET: &str = "<tileset firstgid=\"1\" source=\"t.tsx\"/>";

#[test]
fn groups_add_to_the_layers_in_them() {
    let layers = format!(
        r##"{SET}<group name="a" opacity="0.5" tintcolor="#80ff8000" offsetx="3" parallaxx="0.5" visible="0"><group name="b" opacity="0.5" tintcolor="#ff8080" offsetx="4" offsety="-1" parallaxx="0.5">
        <layer id="7" name="Fringe Äö" class="over" width="4" height="4" mode="multiply"><properties><property name="over" type="bool" value="true"/></properties><data encoding="csv">{}</data></layer>
        </group><imagelayer name="sky" offsetx="2" repeaty="1"><image source="sky.png" width="8" height="9"/></imagelayer></group>{GROUND}"##,
        ["1"; 16].join(",")
    );
    let drawing = Made::map(&layers).read().fine();
    let [fringe, sky, ground] = &drawing.layers[..] else { panic!("three layers") };
    assert_eq!(
        (&*fringe.name, fringe.id, &*fringe.class, &fringe.groups[..]),
        ("Fringe Äö", 7, "over", &["a".to_owned(), "b".to_owned()][..])
    );
    assert_eq!((fringe.visible, fringe.opacity, fringe.tint), (false, 0.25, [255, 64, 0, 128]));
    assert_eq!(
        (fringe.offset, fringe.parallax, fringe.blend_mode.as_deref()),
        ((7.0, -1.0), (0.25, 1.0), Some("multiply"))
    );
    assert_eq!(fringe.properties["over"], Value::Bool(true));
    let Content::Image { picture, repeats } = &sky.content else { panic!("no image layer") };
    assert_eq!(
        (picture.as_ref().and_then(|picture| picture.size), *repeats, sky.offset),
        (Some((8, 9)), (false, true), (5.0, 0.0))
    );
    assert!(ground.visible && ground.groups.is_empty() && ground.blend_mode.is_none());
}

#[test]
fn infinite_maps_have_the_extent_of_their_chunks() {
    let chunk = |x: i32, y: i32, cell: u32| {
        format!("<chunk x=\"{x}\" y=\"{y}\" width=\"4\" height=\"2\">{}</chunk>", vec![cell.to_string(); 8].join(","))
    };
    let map = format!(
        r#"<map orientation="orthogonal" width="30" height="20" tilewidth="16" tileheight="8" infinite="1">{SET}
        <layer name="a"><data encoding="csv">{}{}</data></layer><layer name="empty"><data encoding="csv"/></layer>
        <group name="g"><layer name="b"><data encoding="csv">{}</data></layer></group>
        <objectgroup name="o"><object id="1" x="-16" y="8"/></objectgroup></map>"#,
        chunk(-4, -2, 1),
        chunk(0, 0, 2),
        chunk(-4, 2, 1)
    );
    let drawing = Made::text(&map).read().fine();
    assert_eq!((drawing.origin, drawing.width, drawing.height), ((-4, -2), 8, 6));
    let rows = |layer: usize| cells(&drawing.layers[layer]).chunks(8).map(|row| (row[0], row[7])).collect::<Vec<_>>();
    assert_eq!(rows(0), [(1, 0), (1, 0), (0, 2), (0, 2), (0, 0), (0, 0)]);
    assert_eq!(rows(1), [(0, 0); 6]);
    assert_eq!(rows(2), [(0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (1, 0)]);
    // Places of objects are those of the drawing too.
    assert_eq!((objects(&drawing.layers[3])[0].x, objects(&drawing.layers[3])[0].y), (48.0, 24.0));

    let far = map.replace("<chunk x=\"0\"", "<chunk x=\"2000000000\"");
    let lines = Made::text(&far).read().lines();
    assert!(
        lines[0].contains("cell 2000000000, 0: the map is 2000000008 x 6 cells, 1 x 1 to 4096 x 4096 are possible, and this part is far"),
        "{lines:?}"
    );
    let twice = map.replace(
        "<layer name=\"empty\"><data encoding=\"csv\"/>",
        &format!("<layer name=\"empty\"><data encoding=\"csv\">{}</data>", chunk(-4, -2, 1).repeat(7)),
    );
    let lines = Made::text(&twice).read().lines();
    assert!(lines[0].contains("layer \"empty\": the chunks of the layer are larger than the layer"), "{lines:?}");
}

#[test]
fn layers_of_another_size_are_cut_and_filled_up() {
    let layer = |width: u32, height: u32, at: &str| {
        let cells = (0..width * height).map(|cell| (cell % 2 + 1).to_string()).collect::<Vec<_>>().join(",");
        Made::map(&format!(
            "{SET}<layer name=\"l\" {at} width=\"{width}\" height=\"{height}\"><data encoding=\"csv\">{cells}</data></layer>"
        ))
    };
    let told = |size: &str| {
        format!(
            "warning: w/map.tmx, line 3, layer \"l\": the layer is {size}, the map 4 x 4; what is beyond is cut off; use Map > Resize Map"
        )
    };
    let smaller = told("2 x 3 cells").replace("what is beyond is cut off", "it is empty elsewhere");
    layer(2, 3, "").read().warned(&[&smaller]);
    let drawing = layer(2, 5, "").read().warned(&[&told("2 x 5 cells")]);
    assert_eq!(cells(&drawing.layers[0]), [1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 0]);
    let drawing = layer(6, 2, "x=\"-1\" y=\"3\"").read().warned(&[&told("6 x 2 cells from -1, 3 on")]);
    assert_eq!(cells(&drawing.layers[0])[8..], [0, 0, 0, 0, 2, 1, 2, 1]);
    let drawing = layer(2, 2, "x=\"9\" y=\"-9\"").read().warned(&[&told("2 x 2 cells from 9, -9 on")]);
    assert_eq!(cells(&drawing.layers[0]), [0; 16]);
    let lines = Made::map(
        "<layer name=\"l\" width=\"4294967295\" height=\"4294967295\"><data encoding=\"csv\">1</data></layer>",
    )
    .read()
    .lines();
    assert!(lines[0].contains("more cells than 40 layers of 1024 x 1024"), "{lines:?}");
}

#[test]
fn maps_without_a_size_that_is_possible_are_refused() {
    let told = [
        ("width=\"4\"", "", "the map says no size"),
        ("width=\"4\"", "width=\"0\"", "the map is 0 x 4 cells"),
        ("height=\"4\"", "height=\"4097\"", "the map is 4 x 4097 cells"),
        ("width=\"4\"", "width=\"-4\"", "width is \"-4\", not a whole number of 0 or more"),
        ("tilewidth=\"16\"", "", "the map has no tilewidth from 1 to 4096"),
        ("tileheight=\"16\"", "tileheight=\"99999\"", "the map has no tileheight from 1 to 4096"),
        ("orthogonal", "round", "the orientation \"round\" is not known"),
    ];
    for (from, to, wanted) in told {
        let text = String::from_utf8(Made::map("").files[std::path::Path::new("w/map.tmx")].clone()).expect("text");
        let outcome = Made::text(&text.replacen(from, to, 1)).read();
        assert!(outcome.lines()[0].contains(wanted), "{wanted}: {:?}", outcome.lines());
        assert!(outcome.problems.is_unusable());
    }
}

#[test]
fn old_maps_say_less() {
    let map = format!(
        "<map width=\"4\" height=\"4\" tilewidth=\"16\" tileheight=\"16\"><tileset source=\"t.tsx\"/><layer name=\"l\"><data>{}</data></layer></map>",
        "<tile gid=\"1\"/>".repeat(16)
    );
    let drawing = Made::text(&map)
        .and("w/t.tsx", "<tileset name=\"t\" tilewidth=\"16\" tileheight=\"16\"><image source=\"t.png\"/></tileset>")
        .read()
        .fine();
    assert_eq!(
        (drawing.orientation, cells(&drawing.layers[0]), drawing.tilesets[0].first_gid),
        (Orientation::Orthogonal, vec![1; 16], 1)
    );
    for (name, orientation) in [
        ("isometric", Orientation::Isometric),
        ("staggered", Orientation::Staggered),
        ("hexagonal", Orientation::Hexagonal),
        ("oblique", Orientation::Oblique),
    ] {
        let turned = map.replace("<map ", &format!("<map orientation=\"{name}\" "));
        assert_eq!(Made::text(&turned).read().drawing.map(|drawing| drawing.orientation), Some(orientation));
    }
}

#[test]
fn objects_have_their_shapes_and_order() {
    let made = |order: &str| {
        Made::map(&format!(r#"<objectgroup name="o" {order}><object id="1" x="1" y="9"><ellipse/></object><object id="2" x="1" y="3" rotation="-30.5"><point/></object>
        <object id="3" x="1" y="5" visible="0"><polyline points="0,0 1.5,-2"/></object><object id="4" class="sign" x="1" y="4"><text wrap="1">Hi &amp; bye</text></object>
        <object id="5" x="1" y="1" width="2" height="3"/></objectgroup>"#)).read().fine()
    };
    let ids = |order| objects(&made(order).layers[0]).iter().map(|object| object.id).collect::<Vec<_>>();
    assert_eq!(ids("draworder=\"index\""), [1, 2, 3, 4, 5]);
    assert_eq!(ids(""), [5, 2, 4, 3, 1]);
    let drawing = made("draworder=\"index\"");
    let found = objects(&drawing.layers[0]);
    let shapes: Vec<_> = found.iter().map(|object| object.shape.clone()).collect();
    assert_eq!(
        shapes,
        [
            Shape::Ellipse,
            Shape::Point,
            Shape::Polyline(vec![(0.0, 0.0), (1.5, -2.0)]),
            Shape::Text("Hi & bye".to_owned()),
            Shape::Rectangle
        ]
    );
    assert_eq!((found[1].rotation, found[2].visible, found[3].visible, &*found[3].class), (-30.5, false, true, "sign"));
}

#[test]
fn properties_are_of_every_type() {
    let properties = r##"<properties><property name="s" value="x"/><property name="i" type="int" value="-3"/><property name="f" type="float" value="1e3"/>
        <property name="b" type="bool" value="true"/><property name="c" type="color" value="#ff102030"/><property name="none" type="color" value=""/>
        <property name="file" type="file" value="..\a.txt"/><property name="o" type="object" value="7"/>
        <property name="class" type="class" propertytype="T"><properties><property name="in" type="int" value="4"/></properties></property>
        <property name="bad" type="bool" value="maybe"/><property name="new" type="list" value="?"/></properties>"##;
    let drawing = Made::map(properties).read().warned(&[
        "warning: w/map.tmx, line 7: the property \"bad\" is \"maybe\", which is no \"bool\"; remove it under Custom Properties and add it again",
    ]);
    let wanted = [
        ("s", Value::Text("x".to_owned())),
        ("i", Value::Int(-3)),
        ("f", Value::Float(1000.0)),
        ("b", Value::Bool(true)),
        ("c", Value::Color([16, 32, 48, 255])),
        ("none", Value::Color([0; 4])),
        ("file", Value::File("a.txt".into())),
        ("o", Value::Object(7)),
        ("class", Value::Class([("in".to_owned(), Value::Int(4))].into())),
        ("bad", Value::Text("maybe".to_owned())),
        ("new", Value::Text("?".to_owned())),
    ];
    assert_eq!(drawing.properties, wanted.map(|(name, value)| (name.to_owned(), value)).into());
}

#[test]
fn values_that_are_none_are_told_and_the_rest_goes_on() {
    let odd = format!(
        r#"{SET}<layer name="l" opacity="NaN" tintcolor="red" offsetx="1e300" width="4" height="4"/>
        <objectgroup name="o"><object id="7" x="NaN" y="inf"/><object id="8" x="1" y="1"><polygon points="0,0 a,b"/></object>
        <object id="9" gid="0" x="1" y="1"/></objectgroup><wall/>"#
    );
    let outcome = Made::map(&odd).read();
    let lines = outcome.lines().join("\n");
    for wanted in [
        "layer \"l\": opacity is \"NaN\", not a number that a map can have",
        "layer \"l\": offsetx is \"1e300\"",
        "the tint \"red\" is no colour",
        "layer \"l\": the layer holds no cells",
        "object 7: x is \"NaN\"",
        "object 7: y is \"inf\"",
        "object 8: has the point \"a,b\", which is no pair of numbers",
        "holds a \"wall\", which is not known and not used",
    ] {
        assert!(lines.contains(wanted), "{wanted}: {lines}");
    }
    assert!(outcome.problems.found.iter().all(|problem| problem.severity == Severity::Warning));
    assert_eq!(outcome.drawing.map(|drawing| objects(&drawing.layers[1]).len()), Some(3));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let layer = |name: &str, data: &str| {
        format!("\n<layer name=\"{name}\" width=\"4\" height=\"4\"><data {data}</data></layer>")
    };
    let map = [
        SET.to_owned(),
        layer("short", "encoding=\"csv\">1,2"),
        layer("word", "encoding=\"csv\">1,1,1,1,1,x,1,1,1,1,1,1,1,1,1,1"),
        layer("odd", "encoding=\"rot13\">AAAA"),
        layer("packed", "encoding=\"base64\" compression=\"lzma\">AAAA"),
        layer("cut", "encoding=\"base64\" compression=\"zlib\">eJxj"),
        layer("letters", "encoding=\"base64\">!!!!"),
    ];
    let outcome = Made::map(&map.concat()).read();
    let lines = outcome.lines();
    let wanted = [
        "line 4, layer \"short\": holds 2 of 16 cells",
        "line 5, layer \"word\", cell 1, 1: \"x\" is no tile number",
        "line 6, layer \"odd\": is stored in the encoding \"rot13\", which is not known; choose another under Map > Map Properties",
        "line 7, layer \"packed\": is compressed with \"lzma\", which is not known",
        "line 8, layer \"cut\": is broken zlib",
        "line 9, layer \"letters\": is broken base64",
    ];
    assert_eq!(lines.len(), wanted.len(), "{lines:?}");
    for (line, wanted) in lines.iter().zip(wanted) {
        assert!(line.contains(wanted), "{wanted}: {line}");
    }
}
