//! Objects that lead to other maps: each that leads to a map, a place or an object that is not
//! there is told with what to change, in every way in which games say where one leads.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::problem::{OF_A_KIND_MAX, Problem, Problems};
use tilemud_maps::{FileError, Files, load};

use crate::drawings::png;

/// A map of 4 x 4 cells whose right column is a wall, with these objects.
fn map(objects: &str) -> String {
    format!(
        r#"<map version="1.10" orientation="orthogonal" width="4" height="4" tilewidth="8" tileheight="8">
<tileset firstgid="1" name="t" tilewidth="8" tileheight="8"><image source="t.png"/></tileset>
<layer id="1" name="Ground" width="4" height="4"><data encoding="csv">{}</data></layer>
<layer id="2" name="Collision" width="4" height="4"><data encoding="csv">{}</data></layer>
<objectgroup id="3" name="Things">{objects}</objectgroup></map>"#,
        ["1"; 16].join(","),
        ["0,0,0,2"; 4].join(",")
    )
}

fn object(id: u32, class: &str, properties: &[(&str, &str)]) -> String {
    let typed = |(name, value): &(&str, &str)| match value.split_once(':') {
        Some((kind @ ("int" | "file" | "object"), value)) => {
            format!(r#"<property name="{name}" type="{kind}" value="{value}"/>"#)
        }
        _ => format!(r#"<property name="{name}" value="{value}"/>"#),
    };
    let properties: String = properties.iter().map(typed).collect();
    format!(
        r#"<object id="{id}" name="thing {id}" type="{class}" x="0" y="0" width="8" height="8"><properties>{properties}</properties></object>"#
    )
}

/// Names and values.
type Properties = &'static [(&'static str, &'static str)];

type Held = BTreeMap<PathBuf, Vec<u8>>;

fn files(maps: &[(&str, String)]) -> Held {
    let mut files: Held = maps.iter().map(|(name, map)| (PathBuf::from(name), map.clone().into_bytes())).collect();
    files.insert("w/t.png".into(), png(16, 8, |x, _| [x as u8 * 9, 0, 0, 255]));
    files
}

/// What is told of where the objects of `w/a.tmx` lead.
fn told_of(files: &dyn Files) -> Vec<Problem> {
    let mut problems = Problems::default();
    load(Path::new("w/a.tmx"), files, &Options::default(), &mut problems).expect("usable");
    let kinds = ["warp-map", "warp-place", "warp-one-way", "warps-unchecked"];
    problems.found.into_iter().filter(|problem| kinds.contains(&problem.kind)).collect()
}

fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// Both maps lead to one another.
fn with_way_back(objects: &str) -> Held {
    let back = object(1, "warp", &[("dest_map", "a"), ("dest_x", "int:1"), ("dest_y", "int:1")]);
    let entrance = r#"<object id="7" name="Entrance" x="0" y="16"><point/></object>"#;
    let walled = r#"<object id="8" name="Walled" x="25" y="16"><point/></object>"#;
    files(&[("w/a.tmx", map(objects)), ("w/b.tmx", map(&format!("{back}{entrance}{walled}")))])
}

#[test]
fn what_leads_to_a_map_that_is_there_and_back_is_fine_in_every_way_of_saying_it() {
    let ways: [(&str, Properties); 14] = [
        ("warp", &[("dest_map", "b"), ("dest_x", "int:2"), ("dest_y", "int:3")]),
        ("WARP", &[("DEST_MAP", "b"), ("DEST_X", "2"), ("DEST_Y", "3")]),
        ("Warp", &[("dest_map", "b"), ("dest_pos_x", "int:2"), ("dest_pos_y", "int:3")]),
        ("event", &[("cond1", "is player_at"), ("act10", "transition_teleport b.tmx,2,3,0.3")]),
        ("event", &[("act1", "teleport player,b.tmx,2,3")]),
        ("teletransporter", &[("destination_map", "b"), ("destination", "Entrance")]),
        ("door", &[("target_map", "b.tmx"), ("target_x", "int:2"), ("target_y", "int:3")]),
        ("portal", &[("map", "file:b.tmx"), ("spawnPoint", "entrance")]),
        ("", &[("targetMap", "file:./b.tmx")]),
        ("Exit", &[("to", "B")]),
        // Columns and rows may be pixels.
        ("warp", &[("dest_map", "b"), ("dest_x", "int:16"), ("dest_y", "int:31")]),
        // Neither leads to a map.
        ("chest", &[("target", "nobody"), ("level", "3"), ("map", "int:4")]),
        ("door", &[("target", "int:5"), ("scene", "b.tscn"), ("level", "12")]),
        ("stairs", &[("to", "room.tscn")]),
    ];
    for (class, properties) in ways {
        let files = with_way_back(&object(5, class, properties));
        assert_eq!(lines(&told_of(&files)), [""; 0], "{class} {properties:?}");
    }
}

#[test]
fn a_map_a_place_and_an_object_that_are_not_there_are_told_with_place_and_remedy() {
    let cases: [(&str, Properties, &str); 9] = [
        (
            "warp",
            &[("dest_map", "c"), ("dest_x", "int:2"), ("dest_y", "int:3")],
            "it leads to the map \"c\", which is not there; set dest_map under Custom Properties to the file of a map beside \
             this one, or put that map there",
        ),
        (
            "event",
            &[("act10", "transition_teleport c.tmx,2,3,0.3")],
            "it leads to the map \"c.tmx\", which is not there; set act10 under Custom Properties to the file of a map beside \
             this one, or put that map there",
        ),
        (
            "warp",
            &[("dest_map", "b"), ("dest_x", "int:99"), ("dest_y", "int:3")],
            "it leads to 99, 3 of the map \"b.tmx\", which is outside: there are 4 x 4 tiles; set dest_x and dest_y under \
             Custom Properties to a place within it",
        ),
        (
            "event",
            &[("act10", "transition_teleport b.tmx,3,3,0.3")],
            "it leads to 3, 3 of the map \"b.tmx\", where nobody can stand; set act10 under Custom Properties to a place \
             where one can walk",
        ),
        (
            "portal",
            &[("destination_map", "b"), ("destination", "Entrence")],
            "it leads to \"Entrence\" of the map \"b.tmx\", and no object there is called so; set destination under Custom \
             Properties to the name of an object there",
        ),
        (
            "door",
            &[("targetMap", "b.tmx"), ("targetSpawn", "Walled")],
            "it leads to \"Walled\" of the map \"b.tmx\", where nobody can stand; set targetSpawn under Custom Properties to a \
             place where one can walk",
        ),
        (
            "portal",
            &[("target", "object:99")],
            "it leads to object 99 of this map, which is not there; set target under Custom Properties to an object that is \
             there",
        ),
        (
            "portal",
            &[("targetName", "nowhere")],
            "it leads to \"nowhere\" of this map, and no object there is called so; set targetName under Custom Properties to \
             the name of an object there",
        ),
        (
            "ladder",
            &[("tox", "int:3"), ("toy", "int:0")],
            "it leads to 3, 0 of this map, where nobody can stand; set tox and toy under Custom Properties to a place where \
             one can walk",
        ),
    ];
    for (class, properties, wanted) in cases {
        let told = told_of(&with_way_back(&object(5, class, properties)));
        let place = "warning: w/a.tmx, layer \"Things\", object 5: ";
        assert_eq!(lines(&told), [format!("{place}{wanted}")], "{class} {properties:?}");
    }
}

#[test]
fn maps_are_found_by_the_name_they_give_themselves_and_by_any_ending() {
    let away = object(5, "warp", &[("dest_map", "The Old Mill"), ("dest_x", "int:2"), ("dest_y", "int:3")]);
    let back = object(1, "warp", &[("dest_map", "a"), ("dest_x", "int:1"), ("dest_y", "int:1")]);
    let name = r#"<properties><property name="music" value="x"/><property name="name" value="The Old Mill"/></properties><tileset"#;
    let named = map(&back).replacen("<tileset", name, 1);
    assert_eq!(lines(&told_of(&files(&[("w/a.tmx", map(&away)), ("w/mill.tmx", named)]))), [""; 0]);
    let json = r#"{"type":"map","width":2,"height":1,"tilewidth":8,"tileheight":8,"tilesets":[],"layers":[
        {"type":"objectgroup","name":"o","objects":[{"id":1,"type":"warp","x":0,"y":0,"properties":[
        {"name":"dest_map","type":"string","value":"A.TMX"}]}]}]}"#;
    let away = object(5, "warp", &[("dest_map", "mill"), ("dest_x", "int:1"), ("dest_y", "int:0")]);
    for name in ["w/mill.tmj", "w/mill.json", "w/Mill.TMJ"] {
        assert_eq!(lines(&told_of(&files(&[("w/a.tmx", map(&away)), (name, json.to_owned())]))), [""; 0], "{name}");
    }
}

#[test]
fn a_way_without_a_way_back_and_a_broken_map_are_told_once_each() {
    let exits: String =
        (5..9).map(|id| object(id, "warp", &[("dest_map", "b"), ("dest_x", "int:2"), ("dest_y", "int:2")])).collect();
    let one_way = files(&[("w/a.tmx", map(&exits)), ("w/b.tmx", map(""))]);
    assert_eq!(
        lines(&told_of(&one_way)),
        [
            "warning: w/a.tmx, layer \"Things\", object 5: it leads to the map \"b.tmx\", where nothing leads back to this map; let \
          an object there lead here, or leave it if nobody is to come back"
        ]
    );
    let broken = files(&[("w/a.tmx", map(&exits)), ("w/b.tmx", "<map".to_owned())]);
    let told = lines(&told_of(&broken));
    assert!(
        told.len() == 1 && told[0].contains("object 5: it leads to the map \"b.tmx\", which cannot be used: "),
        "{told:?}"
    );
    assert!(told[0].ends_with("; look at that map with tilemud map check"), "{told:?}");
}

/// Counts what is read.
struct Counted(Held, RefCell<BTreeMap<PathBuf, usize>>);

impl Files for Counted {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        *self.1.borrow_mut().entry(path.to_owned()).or_default() += 1;
        self.0.read(path)
    }

    fn near(&self, path: &Path, file: &Path) -> Option<PathBuf> {
        self.0.near(path, file)
    }

    fn beside(&self, file: &Path) -> Vec<PathBuf> {
        self.0.beside(file)
    }
}

#[test]
fn a_map_is_read_for_all_that_lead_there_and_no_pictures_are_and_not_too_many_maps() {
    let exit = |id: u32, to: String| object(id, "warp", &[("dest_map", &to), ("dest_x", "int:2"), ("dest_y", "int:2")]);
    let exits: String = (0..200).map(|id| exit(id + 1, format!("m{}", id % 100))).collect();
    let mut maps = vec![("w/a.tmx".to_owned(), map(&exits))];
    maps.extend((0..100).map(|number| (format!("w/m{number}.tmx"), map("").replace("t.png", "of_others.png"))));
    let maps: Vec<(&str, String)> = maps.iter().map(|(name, map)| (name.as_str(), map.clone())).collect();
    let counted = Counted(files(&maps), RefCell::default());
    let told = told_of(&counted);
    assert_eq!(told.iter().filter(|problem| problem.kind == "warps-unchecked").count(), 1);
    assert_eq!(told.iter().filter(|problem| problem.kind == "warp-one-way").count(), OF_A_KIND_MAX);
    let read = counted.1.borrow();
    assert!(!read.contains_key(Path::new("w/of_others.png")), "no picture of another map");
    let of_maps: Vec<usize> = read
        .iter()
        .filter(|(path, _)| path.starts_with("w") && path.to_string_lossy().contains("/m"))
        .map(|it| *it.1)
        .collect();
    assert_eq!((of_maps.len(), of_maps.iter().max()), (65, Some(&2)), "found, and read once");
}
