//! Files as text: encodings, broken XML, and what XML allows beside elements.

use super::made::{GROUND, Made, SPAWN, cells, objects};

const HEAD: &str =
    r#"<map version="1.10" orientation="orthogonal" width="4" height="4" tilewidth="16" tileheight="16">"#;

fn lines(text: impl AsRef<[u8]>) -> Vec<String> {
    Made::text("").and("w/map.tmx", text).read().lines()
}

#[test]
fn files_are_read_in_their_encodings() {
    let map = |encoding: &str| {
        let declared = if encoding.is_empty() { String::new() } else { format!(" encoding=\"{encoding}\"") };
        format!(
            "<?xml version=\"1.0\"{declared}?>\n<!DOCTYPE map SYSTEM \"http://mapeditor.org/dtd/1.0/map.dtd\">\n{HEAD}<layer name=\"Höhle ß\" width=\"4\" height=\"4\"><data encoding=\"csv\">0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0</data></layer></map>"
        )
    };
    let utf_16 = |text: &str, order: fn(u16) -> [u8; 2], bom: bool| -> Vec<u8> {
        let bom = if bom { "\u{feff}" } else { "" };
        bom.encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect() };
    let files = [
        map("").into_bytes(),
        map("UTF-8").into_bytes(),
        map("utf-16").into_bytes(),
        [b"\xef\xbb\xbf".as_slice(), map("UTF-8").as_bytes()].concat(),
        utf_16(&map("UTF-16"), u16::to_le_bytes, true),
        utf_16(&map("UTF-16"), u16::to_be_bytes, true),
        utf_16(&map(""), u16::to_le_bytes, false),
        utf_16(&map("UTF-16BE"), u16::to_be_bytes, false),
        latin(&map("ISO-8859-1")),
        latin(&map("windows-1252")),
        latin(&map("latin1")),
    ];
    for (index, file) in files.iter().enumerate() {
        let drawing = Made::text("").and("w/map.tmx", file).read().fine();
        assert_eq!(drawing.layers[0].name, "Höhle ß", "{index}");
    }
    assert_eq!(
        lines(latin(&map(""))),
        [
            "error: w/map.tmx, line 3: holds something that is not UTF-8; undo the last change there, or save the file again from Tiled"
        ]
    );
    assert_eq!(
        lines(map("x-klingon")),
        [
            "error: w/map.tmx, line 1: is written in the encoding \"x-klingon\", which is not known; undo the last change there, or save the \
             file again from Tiled"
        ]
    );
}

#[test]
fn a_map_may_be_compressed_as_a_whole() {
    use base64::Engine as _;
    let text = format!("{HEAD}{GROUND}</map>");
    let packed =
        super::forms::packed("gzip", text.replace("2,2,2,2", "0,0,0,0").replace("2,1,1,2", "0,0,0,0").as_bytes());
    let gz = base64::engine::general_purpose::STANDARD.decode(packed).expect("base64");
    let drawing = Made::default().and("w/map.tmx.gz", &gz).read_at("w/map.tmx.gz").fine();
    assert_eq!(cells(&drawing.layers[0]), [0; 16]);
    assert!(lines(&gz[..gz.len() - 20])[0].contains("is broken gzip"));

    let bomb = super::forms::packed("gzip", &vec![b' '; 70 << 20]);
    let bomb = base64::engine::general_purpose::STANDARD.decode(bomb).expect("base64");
    assert_eq!(lines(bomb), ["error: w/map.tmx: unpacks to more than 64 MiB; save the map as .tmx from Tiled"]);
}

#[test]
fn broken_xml_is_told_with_its_line() {
    let told = [
        ("", "w/map.tmx: is empty; save the file again from Tiled"),
        (" \n", "w/map.tmx: is empty"),
        ("version https://git-lfs.github.com/spec/v1\noid", "note of Git LFS on where it is; get it with git lfs pull"),
        ("<map>\n<layer name=\"a & b\"/></map>", "line 2: has an & that stands alone; write &amp; for it"),
        ("<map>\n<layer name=\"a & b; c\"/></map>", "line 2: has an & that stands alone"),
        ("<map>\n<layer name=\"R&D\"/></map>", "line 2: has an & that stands alone"),
        ("<map><properties>\n<property name=\"a\">b & c</property></properties></map>", "line 2: has an & that stands"),
        ("hello", "line 1: holds no XML element"),
        (
            "<map>\n\n<layer>\n</map>",
            "line 4: is broken XML: </map> stands where the open element is <layer> of line 3",
        ),
        ("<map/></map>", "line 1: is broken XML: </map> stands where no element is open"),
        ("<map>\n<layer name=\"a", "line 2: is broken XML: "),
        ("<map>\n<layer name='a' 'b'/></map>", "line 2: has a broken attribute in <layer>: "),
        ("<map>\n<layer>", "line 2: ends before </layer>, which begins here"),
        ("<map/>\n<map/>", "line 2: holds more than one outermost element"),
        ("<map>\n\n<layer name=\"a&nbsp;b\"/></map>", "line 3: uses the entity &nbsp;, which is not known"),
        ("<map><layer><data>\n&huge;</data></layer></map>", "line 2: uses the entity &huge;, which is not known"),
        ("<tileset/>", "line 1: is no map, but holds a \"tileset\""),
        (
            "<!DOCTYPE map [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<map class=\"&b;\"/>",
            "line 2: uses the entity &b;",
        ),
        (
            "<!DOCTYPE map [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<map class=\"&a;\"/>",
            "line 2: uses the entity &a;",
        ),
    ];
    for (text, wanted) in told {
        let lines = lines(text);
        assert!(lines[0].contains(wanted) && lines.len() == 1, "{text}: {lines:?}");
    }
    let deep = format!("{HEAD}{}{}</map>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(lines(deep)[0].contains("line 1: nests elements deeper than 160"));
}

#[test]
fn entities_and_comments_mean_what_xml_says() {
    let object = "<!-- a --><object id=\"1\" name=\"a &amp; &lt;b&gt; &#xe9;&#228;\" x=\"1\" y=\"1\"><?php nothing ?>\
        <properties><property name=\"p\">a &amp; b<![CDATA[ <c> ]]>&#233;<!-- no -->\nd</property></properties></object>";
    let drawing = Made::objects(&format!("{SPAWN}{object}")).read().fine();
    let object = &objects(&drawing.layers[1])[0];
    assert_eq!(object.name, "a & <b> éä");
    assert_eq!(object.properties["p"], tilemud_maps::drawing::Value::Text("a & b <c> é\nd".to_owned()));
}

#[test]
fn files_that_are_not_there_are_told() {
    assert_eq!(
        Made::text("").read_at("w/none.tmx").lines(),
        ["error: w/none.tmx: the map is not there; put the file there, or choose it again in Tiled"]
    );
}
