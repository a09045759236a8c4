//! Whatever stands in the files of a map, reading them ends, and what comes of it holds together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tilemud_maps::drawing::{Content, Drawing};
use tilemud_maps::problem::{OF_A_KIND_MAX, Problems};

/// Where one file ends and the next begins; its name follows up to the end of the line.
const NEXT_FILE: &[u8] = b"\n=== ";

/// Files one after the other; the first is the map and has no line with its name.
const SEEDS: &[&str] = &[
    r##"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE map>
<map version="1.10" class="c" orientation="orthogonal" width="3" height="2" tilewidth="16" tileheight="16" infinite="0" backgroundcolor="#80ff0000">
<properties><property name="p" type="class" propertytype="T"><properties><property name="q" type="color" value="#fff00000"/></properties></property></properties>
<tileset firstgid="1" source="t.tsx"/><tileset firstgid="9" name="old" tilewidth="8" tileheight="24"><image source="..\old.png" trans="ff00ff"/></tileset>
<group name="g" opacity="0.5" offsetx="3"><layer id="1" name="ground" width="3" height="2"><data encoding="csv">1,2,2147483650,
9,0,3</data></layer><imagelayer name="i" repeatx="1"><image source="s.png"/></imagelayer></group>
<layer name="b" width="3" height="2" tintcolor="#ff0000"><data encoding="base64" compression="zlib">eJxjZGBgYAZiJiBmgdIANAAEAA==</data></layer>
<layer name="x" width="2" height="3"><data><tile gid="1"/><tile/><tile gid="2"/><tile gid="7"/><tile gid="1"/><tile gid="1"/></data></layer>
<objectgroup name="o"><object id="1" template="a.tx" x="3" y="4"/><object id="2" gid="2" x="1" y="1" width="8" height="8" rotation="45"/>
<object id="3" x="1" y="1"><polygon points="0,0 4,0 0,4.5"/></object><object id="4" x="1" y="1"><text>a &amp; &#228;<![CDATA[<]]></text></object></objectgroup></map>
=== t.tsx
<tileset name="t" tilewidth="16" tileheight="16" tilecount="4" columns="2" margin="1" spacing="2" objectalignment="center"><tileoffset x="1" y="-1"/><image source="t.png" width="32" height="32"/>
<tile id="1" type="wall"><properties><property name="solid" type="bool" value="true"/></properties><objectgroup><object id="1" x="0" y="0"><ellipse/></object></objectgroup><animation><frame tileid="1" duration="100"/></animation></tile></tileset>
=== a.tx
<template><tileset firstgid="1" source="t.tsx"/><object template="b.tx" gid="2" name="n"/></template>
=== b.tx
<template><object type="item" width="3"/></template>"##,
    r##"<map orientation="isometric" width="9" height="9" tilewidth="16" tileheight="8" infinite="1"><tileset firstgid="1" source="t.tsj"/>
<layer name="a"><data encoding="base64" compression="gzip"><chunk x="-2" y="-2" width="2" height="1">H4sIAAAAAAAAA2NkYGBgAmIAxSWrcQgAAAA=</chunk><chunk x="0" y="0" width="2" height="1">AQAAAAIAAAA=</chunk></data></layer>
<objectgroup draworder="index"><object id="1" gid="1" x="-16" y="8" width="16" height="8"/></objectgroup></map>
=== t.tsj
{"type":"tileset","name":"t","tilewidth":16,"tileheight":8,"columns":2,"tilecount":2,"image":"t.png","tiles":[{"id":1,"class":"w"}]}"##,
    r##"{"type":"map","orientation":"orthogonal","infinite":false,"width":2,"height":2,"tilewidth":16,"tileheight":16,
"layers":[{"type":"group","name":"g","layers":[{"type":"tilelayer","name":"a","width":2,"height":2,"data":[1,2,0,1]}]},
{"type":"tilelayer","name":"z","width":2,"height":2,"encoding":"base64","compression":"zstd","data":"KLUv/SAQgQAAAQAAAAIAAAABAAAAAAAAAA=="},
{"type":"objectgroup","name":"o","objects":[{"id":1,"x":1.5,"y":2,"template":"a.tj"},{"id":2,"x":1,"y":2,"polyline":[{"x":0,"y":0},{"x":4,"y":-4}],"properties":[{"name":"p","type":"class","value":{"a":{"b":1}}}]}]}],
"tilesets":[{"firstgid":1,"name":"t","tilewidth":16,"tileheight":16,"image":"t.png","tiles":{"0":{"animation":[{"tileid":0,"duration":1}]}},"tileproperties":{"0":{"solid":true}},"tilepropertytypes":{"0":{"solid":"bool"}}}]}
=== a.tj
{"type":"template","tileset":{"firstgid":1,"source":"t.tsx"},"object":{"gid":1,"name":"n","ellipse":true}}"##,
];

/// What readers stumble over.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1",
    "4096",
    "4097",
    "65536",
    "2147483647",
    "4294967295",
    "18446744073709551616",
    "1e9",
    "1e308",
    "NaN",
    "-inf",
    "<",
    ">",
    "/>",
    "\"",
    "'",
    "&",
    "&#0;",
    "&#x10ffff;",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "?>",
    "<map>",
    "</map>",
    "<group>",
    "<layer>",
    "<data>",
    "<chunk/>",
    "<tile gid=\"1\"/>",
    "<tileset source=\"t.tsx\"/>",
    "template=\"a.tx\"",
    "encoding=\"base64\"",
    "compression=\"zstd\"",
    "infinite=\"1\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "\\u0000",
    "\0",
    "\n",
    "\u{feff}",
    "\u{202e}",
    "UTF-16",
    "../",
    "\n=== t.tsx\n",
    "\n=== a.tx\n",
    "a.tx",
    "map.tmx",
];

/// A change to an input; places and lengths are shares of it.
#[derive(Debug, Clone)]
enum Change {
    Flip(u16, u8),
    Insert(u16, usize),
    Replace(u16, usize, u8),
    Cut(u16, u8),
    Repeat(u16, u8, u8),
    Move(u16, u16, u8),
}

/// What a fuzz target does with bytes.
fn read_any(data: &[u8]) {
    let files = split(data);
    let mut problems = Problems::default();
    let drawing = tilemud_maps::read(Path::new("map.tmx"), &files, &mut problems);
    for problem in &problems.found {
        let line = problem.to_string();
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}') && !problem.remedy.is_empty(), "{line:?}");
        assert!(problems.found.iter().filter(|other| other.kind == problem.kind).count() <= OF_A_KIND_MAX);
    }
    match drawing {
        Some(drawing) => holds_together(&drawing),
        None => assert!(problems.is_unusable(), "nothing is said of why there is no map"),
    }
}

fn holds_together(drawing: &Drawing) {
    let edges = 1..=4096;
    assert!(edges.contains(&drawing.width) && edges.contains(&drawing.height));
    assert!(drawing.tile_width > 0 && drawing.tile_height > 0);
    assert!(drawing.tilesets.is_sorted_by(|one, other| one.first_gid < other.first_gid));
    assert!(drawing.tilesets.iter().all(|placed| placed.tileset.tile_width > 0 && placed.tileset.tile_height > 0));
    for layer in &drawing.layers {
        assert!((0.0..=1.0).contains(&layer.opacity) && layer.groups.len() <= 32);
        assert!(layer.offset.0.is_finite() && layer.offset.1.is_finite());
        match &layer.content {
            Content::Tiles(cells) => {
                assert_eq!(cells.len(), drawing.width as usize * drawing.height as usize);
                let mut last = 0;
                for cell in cells.iter().copied().filter(|cell| *cell != 0) {
                    assert!(cell == last || cell & 0x0fff_ffff == 0 || drawing.tile(cell).is_some());
                    last = cell;
                }
            }
            Content::Objects(objects) => {
                for object in objects {
                    assert!(
                        [object.x, object.y, object.width, object.height, object.rotation]
                            .iter()
                            .all(|n| n.is_finite())
                    );
                    assert!(object.gid.is_none_or(|gid| drawing.tile(gid).is_some()));
                }
            }
            Content::Image { .. } => {}
        }
    }
}

fn split(data: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut name = "map.tmx".to_owned();
    let mut rest = data;
    loop {
        let end = rest.windows(NEXT_FILE.len()).position(|window| window == NEXT_FILE);
        files.insert(PathBuf::from(&name), rest[..end.unwrap_or(rest.len())].to_vec());
        let Some(end) = end else { return files };
        rest = &rest[end + NEXT_FILE.len()..];
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        name = String::from_utf8_lossy(&rest[..line]).into_owned();
        rest = rest.get(line + 1..).unwrap_or_default();
    }
}

fn place(share: u16, len: usize) -> usize {
    usize::from(share) * len / (usize::from(u16::MAX) + 1)
}

fn apply(change: &Change, data: &mut Vec<u8>) {
    let len = data.len();
    let part = |at: u16, len_of: u8| {
        let at = place(at, len);
        at..(at + usize::from(len_of)).min(len)
    };
    match *change {
        Change::Flip(at, bits) => {
            if let Some(byte) = data.get_mut(place(at, len)) {
                *byte ^= bits;
            }
        }
        Change::Insert(at, word) => {
            data.splice(place(at, len)..place(at, len), WORDS[word % WORDS.len()].bytes());
        }
        Change::Replace(at, word, len_of) => {
            data.splice(part(at, len_of % 12), WORDS[word % WORDS.len()].bytes());
        }
        Change::Cut(at, len_of) => drop(data.drain(part(at, len_of))),
        Change::Repeat(at, len_of, times) => {
            let again = data[part(at, len_of)].repeat(usize::from(times));
            data.splice(place(at, len)..place(at, len), again);
        }
        Change::Move(from, to, len_of) => {
            let moved: Vec<u8> = data.drain(part(from, len_of)).collect();
            let to = place(to, data.len());
            data.splice(to..to, moved);
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<u16>(), 1_u8..).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<u16>(), 0..WORDS.len()).prop_map(|(at, word)| Change::Insert(at, word)),
        (any::<u16>(), 0..WORDS.len(), any::<u8>()).prop_map(|(at, word, len)| Change::Replace(at, word, len)),
        (any::<u16>(), any::<u8>()).prop_map(|(at, len)| Change::Cut(at, len)),
        (any::<u16>(), any::<u8>(), 1_u8..6).prop_map(|(at, len, times)| Change::Repeat(at, len, times)),
        (any::<u16>(), any::<u16>(), any::<u8>()).prop_map(|(from, to, len)| Change::Move(from, to, len)),
    ]
}

#[test]
fn seeds_are_maps() {
    for seed in SEEDS {
        let mut problems = Problems::default();
        assert!(tilemud_maps::read(Path::new("map.tmx"), &split(seed.as_bytes()), &mut problems).is_some());
        let lines: Vec<_> = problems.found.iter().map(ToString::to_string).collect();
        assert!(lines.len() <= 2, "{lines:#?}");
        read_any(seed.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_maps_end_and_hold_together(seed in 0..SEEDS.len(), changes in prop::collection::vec(change(), 1..6)) {
        let mut data = SEEDS[seed].as_bytes().to_vec();
        changes.iter().for_each(|change| apply(change, &mut data));
        read_any(&data);
    }
}
