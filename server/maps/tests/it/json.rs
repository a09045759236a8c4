//! The JSON forms, of today and of old files: they mean what the XML forms mean.

use tilemud_maps::drawing::{Content, Shape, Value};

use super::made::{GROUND, Made, TILESET, cells, objects};

/// The tileset of the other tests.
const SET: &str = r#"{"type": "tileset", "version": "1.10", "name": "t", "tilewidth": 16, "tileheight": 16, "tilecount": 2,
 "columns": 2, "image": "t.png", "imagewidth": 32, "imageheight": 16, "margin": 0, "spacing": 0,
 "tiles": [{"id": 0, "type": "grass"},
  {"id": 1, "type": "wall", "properties": [{"name": "solid", "type": "bool", "value": true}]}]}"#;

fn map(layers: &str, tilesets: &str) -> Made {
    let text = format!(
        r#"{{"type": "map", "version": "1.10", "orientation": "orthogonal", "infinite": false, "width": 4, "height": 4,
 "tilewidth": 16, "tileheight": 16, "layers": [{layers}], "tilesets": [{tilesets}]}}"#
    );
    Made::default().and("w/map.tmj", text).and("w/t.tsx", TILESET).and("w/t.tsj", SET)
}

const CELLS: &str = "[2,2,2,2, 2,1,1,2, 2,1,1,2, 2,2,2,2]";

fn ground(data: &str) -> String {
    format!(
        r#"{{"id": 1, "name": "ground", "type": "tilelayer", "width": 4, "height": 4, "x": 0, "y": 0, "visible": true, "opacity": 1, {data}}}"#
    )
}

#[test]
fn the_same_map_is_the_same_in_both_forms() {
    let object = r#"{"id": 1, "name": "Ann", "type": "npc", "x": 20, "y": 20.5, "width": 0, "height": 0, "rotation": 0,
        "visible": true, "point": true, "properties": [{"name": "wander", "type": "int", "value": 2}]}"#;
    let layers = format!(
        r##"{}, {{"type": "group", "id": 5, "name": "g", "opacity": 0.5, "layers": [{{"type": "objectgroup", "draworder": "topdown",
        "id": 2, "name": "objects", "tintcolor": "#ff0000", "objects": [{object}]}}]}}"##,
        ground(&format!(r#""data": {CELLS}"#))
    );
    let xml = format!(
        r##"<tileset firstgid="1" source="t.tsx"/>{GROUND}<group id="5" name="g" opacity="0.5"><objectgroup id="2" name="objects" tintcolor="#ff0000">
        <object id="1" name="Ann" type="npc" x="20" y="20.5"><properties><property name="wander" type="int" value="2"/></properties><point/></object>
        </objectgroup></group>"##
    );
    let mut of_xml = Made::map(&xml).read().fine();
    for tileset in [r#"{"firstgid": 1, "source": "t.tsx"}"#, r#"{"firstgid": 1, "source": "t.tsj"}"#] {
        let mut of_json = map(&layers, tileset).read_at("w/map.tmj").fine();
        (of_json.file, of_xml.file) = Default::default();
        of_json.tilesets[0].tileset.file = "w/t.tsx".into();
        assert_eq!(of_json, of_xml);
    }
    let embedded = SET.replacen('{', r#"{"firstgid": 1,"#, 1);
    let mut of_json = map(&layers, &embedded).read_at("w/map.tmj").fine();
    of_json.file = Default::default();
    of_json.tilesets[0].tileset.file = "w/t.tsx".into();
    assert_eq!(of_json, of_xml);
    let mixed = Made::map(&xml.replace("t.tsx", "t.tsj")).and("w/t.tsj", SET).read().fine();
    assert_eq!(mixed.tilesets[0].tileset.tiles, of_xml.tilesets[0].tileset.tiles);
}

#[test]
fn cells_are_read_in_every_form() {
    let wanted = [2, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2, 2_u32];
    let bytes: Vec<u8> = wanted.iter().flat_map(|cell| cell.to_le_bytes()).collect();
    let mut forms = vec![format!(r#""data": {CELLS}"#), format!(r#""encoding": "csv", "data": {CELLS}"#)];
    for compression in ["", "zlib", "gzip", "zstd"] {
        let data = super::forms::packed(compression, &bytes);
        forms.push(format!(r#""encoding": "base64", "compression": "{compression}", "data": "{data}""#));
    }
    for form in forms {
        let drawing = map(&ground(&form), r#"{"firstgid": 1, "source": "t.tsx"}"#).read_at("w/map.tmj").fine();
        assert_eq!(cells(&drawing.layers[0]), wanted, "{form}");
    }
    let chunks = format!(
        r#""chunks": [{{"x": -4, "y": 0, "width": 4, "height": 4, "data": {CELLS}}}, {{"x": 0, "y": 0, "width": 4, "height": 4, "data": {CELLS}}}]"#
    );
    let mut made = map(&ground(&chunks), r#"{"firstgid": 1, "source": "t.tsx"}"#);
    let text = String::from_utf8(made.files[std::path::Path::new("w/map.tmj")].clone()).expect("text");
    made = made.and("w/map.tmj", text.replace(r#""infinite": false"#, r#""infinite": true"#));
    let drawing = made.read_at("w/map.tmj").fine();
    assert_eq!((drawing.origin, drawing.width, drawing.height), ((-4, 0), 8, 4));
    assert_eq!(cells(&drawing.layers[0])[..8], [2; 8]);
}

#[test]
fn objects_have_their_shapes_and_properties() {
    let layer = r##"{"type": "objectgroup", "name": "o", "draworder": "index", "objects": [
        {"id": 1, "x": 1, "y": 1, "ellipse": true},
        {"id": 2, "x": 1, "y": 1, "polygon": [{"x": 0, "y": 0}, {"x": 16.5, "y": 0}, {"x": 0, "y": -3}]},
        {"id": 3, "x": 1, "y": 1, "polyline": [{"x": 0, "y": 0}, {"x": 16, "y": 0}]},
        {"id": 4, "x": 1, "y": 1, "text": {"text": "Hi\nthere", "wrap": true}},
        {"id": 5, "x": 1, "y": 1, "class": "c", "properties": [
            {"name": "color", "type": "color", "value": "#80ff0001"}, {"name": "n", "type": "float", "value": 1.5},
            {"name": "o", "type": "object", "value": 4}, {"name": "s", "type": "string", "value": "5"},
            {"name": "c", "type": "class", "propertytype": "T", "value": {"a": 1, "b": {"c": "7", "d": false}}}]},
        {"id": 6, "x": 1, "y": 1, "template": "a.tj"},
        {"id": 7, "x": 1, "y": 1, "properties": {"a": "3", "b": "x"}, "propertytypes": {"a": "int", "b": "string"}}]}"##;
    let template = r#"{"type": "template", "tileset": {"firstgid": 1, "source": "t.tsj"},
        "object": {"id": 1, "name": "Wall", "gid": 2147483650, "width": 16, "height": 16}}"#;
    let drawing =
        map(layer, r#"{"firstgid": 10, "source": "t.tsj"}"#).and("w/a.tj", template).read_at("w/map.tmj").fine();
    let found = objects(&drawing.layers[0]);
    assert_eq!(found[0].shape, Shape::Ellipse);
    assert_eq!(found[1].shape, Shape::Polygon(vec![(0.0, 0.0), (16.5, 0.0), (0.0, -3.0)]));
    assert_eq!(found[2].shape, Shape::Polyline(vec![(0.0, 0.0), (16.0, 0.0)]));
    assert_eq!(found[3].shape, Shape::Text("Hi\nthere".to_owned()));
    assert_eq!(found[4].class, "c");
    assert_eq!(found[4].properties["color"], Value::Color([255, 0, 1, 128]));
    assert_eq!(found[4].properties["n"], Value::Float(1.5));
    assert_eq!(found[4].properties["o"], Value::Object(4));
    assert_eq!(found[4].properties["s"], Value::Text("5".to_owned()));
    let inner = Value::Class(
        [("c", Value::Text("7".to_owned())), ("d", Value::Bool(false))]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
    );
    let class = [("a".to_owned(), Value::Int(1)), ("b".to_owned(), inner)];
    assert_eq!(found[4].properties["c"], Value::Class(class.into()));
    // From its template, whose tile is the second of the map's tileset; the tile gives class and
    // properties.
    assert_eq!((found[5].gid, &*found[5].name, &*found[5].class), (Some(0x8000_000b), "Wall", "wall"));
    assert_eq!(found[5].properties["solid"], Value::Bool(true));
    assert_eq!(found[6].properties["a"], Value::Int(3));
    assert_eq!(found[6].properties["b"], Value::Text("x".to_owned()));
}

#[test]
fn tilesets_of_old_files_have_their_lists_by_tile() {
    let old = r##"{"firstgid": 1, "name": "t", "tilewidth": 16, "tileheight": 16, "image": "t.png", "transparentcolor": "#ff00ff",
        "tiles": {"3": {"animation": [{"tileid": 3, "duration": 100}, {"tileid": 4, "duration": 200}]},
                  "5": {"objectgroup": {"objects": [{"id": 0, "x": 1, "y": 2, "width": 3, "height": 4}]}}},
        "tileproperties": {"3": {"solid": "true", "depth": 4}, "7": {"name": "x"}},
        "tilepropertytypes": {"3": {"solid": "bool"}}, "properties": {"a": "b"}, "tileoffset": {"x": 1, "y": -2}}"##;
    let drawing = map(&ground(&format!(r#""data": {CELLS}"#)), old).read_at("w/map.tmj").fine();
    let tileset = &drawing.tilesets[0].tileset;
    assert_eq!(tileset.offset, (1, -2));
    assert_eq!(tileset.picture.as_ref().and_then(|picture| picture.color_key), Some([255, 0, 255]));
    assert_eq!(tileset.properties["a"], Value::Text("b".to_owned()));
    let frames: Vec<_> = tileset.tiles[&3].animation.iter().map(|frame| (frame.tile, frame.duration_ms)).collect();
    assert_eq!(frames, [(3, 100), (4, 200)]);
    assert_eq!(tileset.tiles[&3].properties["solid"], Value::Bool(true));
    assert_eq!(tileset.tiles[&3].properties["depth"], Value::Int(4));
    assert_eq!(tileset.tiles[&5].shapes[0].width, 3.0);
    assert_eq!(tileset.tiles[&7].properties["name"], Value::Text("x".to_owned()));
}

#[test]
fn image_layers_have_their_picture() {
    let layer = r##"{"type": "imagelayer", "name": "sky", "image": "sky.png", "transparentcolor": "#000000", "repeatx": true, "offsetx": 3}"##;
    let drawing = map(layer, "").read_at("w/map.tmj").fine();
    let Content::Image { picture, repeats } = &drawing.layers[0].content else { panic!("no image layer") };
    assert_eq!(picture.as_ref().and_then(|picture| picture.color_key), Some([0; 3]));
    assert_eq!((*repeats, drawing.layers[0].offset), ((true, false), (3.0, 0.0)));
}

#[test]
fn broken_json_is_told_with_its_line() {
    let refused = |text: &str| Made::default().and("w/map.tmj", text).read_at("w/map.tmj").lines();
    assert_eq!(
        refused("{\n\"layers\": [}"),
        [
            "error: w/map.tmj, line 2: is broken JSON: expected value at line 2 column 12; undo the last change there, or save the \
             file again from Tiled"
        ]
    );
    assert_eq!(refused("[1, 2]"), ["error: w/map.tmj: is no map; choose the right file in Tiled"]);
    let deep = "[".repeat(1 << 20);
    assert!(refused(&deep)[0].contains("recursion limit exceeded"), "{:?}", refused(&deep));
    assert!(refused(&format!("{{\"layers\": {deep}"))[0].contains("recursion limit exceeded"));
    let nested = format!("{}{}", r#"{"type":"group","layers":["#.repeat(33), "]}".repeat(33));
    let outcome = map(&nested, "").read_at("w/map.tmj");
    outcome.refused(
        "error: w/map.tmj, layer \"\": groups are nested deeper than 32; move the layers out of the inner groups",
    );
}

#[test]
fn a_map_saved_as_javascript_is_the_json_in_it() {
    let json = map(&ground(&format!(r#""data": {CELLS}"#)), r#"{"firstgid": 1, "source": "t.tsj"}"#);
    let text = String::from_utf8(json.files[std::path::Path::new("w/map.tmj")].clone()).expect("text");
    let wrapped = format!(
        "(function(name,data){{\n if(typeof module === 'object') {{\n  module.exports = data;\n }}}})(\"map\",\n{text});\n"
    );
    let plain = json.read_at("w/map.tmj").fine();
    assert_eq!(json.and("w/map.tmj", wrapped).read_at("w/map.tmj").fine(), plain);
}
