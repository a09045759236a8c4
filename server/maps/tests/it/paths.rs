//! Names of files as Tiled stores them: letter by letter, with spaces, percent signs, `#`, `?` and
//! letters of any language; as other systems write paths; and what is said of those that lead to no
//! place here.

use std::fs;
use std::path::Path;

use tilemud_maps::bake::Options;
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, load};

use crate::drawings::png;

/// As it stands on the disk and, with the signs of XML, in a file.
const NAMES: [(&str, &str); 9] = [
    ("with space", "with space"),
    ("50%25 %20off", "50%25 %20off"),
    ("#1?a=b&c", "#1?a=b&amp;c"),
    ("größe 草原 Траву", "größe 草原 Траву"),
    ("it's \"so\" <here>", "it's &quot;so&quot; &lt;here&gt;"),
    ("a;b,c:d", "a;b,c:d"),
    ("e\u{301}", "\u{e9}"),
    ("\u{e9}", "e\u{301}"),
    ("~back`tick^", "~back`tick^"),
];

fn written(folder: &Path, name: &str, said: &str) {
    fs::create_dir_all(folder.join(name)).expect("a folder");
    let picture = png(16, 8, |x, _| [x as u8 * 9, 0, 0, 255]);
    fs::write(folder.join(format!("{name}/{name}.png")), picture).expect("written");
    let tileset = format!(r#"<tileset name="t" tilewidth="8" tileheight="8"><image source="{said}.png"/></tileset>"#);
    fs::write(folder.join(format!("{name}/{name}.tsx")), tileset).expect("written");
    let template = format!(
        r#"<template><tileset firstgid="1" source="{said}.tsx"/><object gid="2" type="thing" width="8" height="8"/></template>"#
    );
    fs::write(folder.join(format!("{name}/{name}.tx")), template).expect("written");
    let back = r#"<map width="2" height="2" tilewidth="8" tileheight="8"><objectgroup name="o"><object id="1" type="warp">
        <properties><property name="dest_map" value="map"/></properties></object></objectgroup></map>"#;
    fs::write(folder.join(format!("{name}/{name}.tmx")), back).expect("written");
}

/// All that is said of a map which uses a tileset, its picture and a template, and leads to a map,
/// by these paths.
fn said_of(folder: &Path, path: impl Fn(&str) -> String) -> Vec<String> {
    let map = format!(
        r#"<map width="2" height="2" tilewidth="8" tileheight="8"><tileset firstgid="1" source="{}"/>
<layer name="Collision" width="2" height="2"><data encoding="csv">0,0,0,2</data></layer>
<layer name="Ground" width="2" height="2"><data encoding="csv">1,1,1,1</data></layer>
<objectgroup name="o"><object id="1" template="{}" x="0" y="8"/><object id="2" type="warp" x="0" y="8" width="8" height="8">
<properties><property name="dest_map" value="{}"/></properties></object></objectgroup></map>"#,
        path("tsx"),
        path("tx"),
        path("tmx")
    );
    let file = folder.join("map.tmx");
    fs::write(&file, map).expect("written");
    let (files, mut problems) = (Disk::new(&file, None).expect("opens"), Problems::default());
    load(&file, &files, &Options::default(), &mut problems).expect("usable");
    let folder = folder.display().to_string();
    problems.found.iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
}

#[test]
fn names_of_files_are_taken_letter_by_letter() {
    for (name, said) in NAMES {
        let folder = tempfile::tempdir().expect("a folder");
        written(folder.path(), name, said);
        let told = said_of(folder.path(), |ending| format!("{said}/{said}.{ending}"));
        let is_other_form = name.contains('\u{301}') || said.contains('\u{301}');
        let others: Vec<_> = told.iter().filter(|line| !line.contains(" is not there, and ")).collect();
        assert_eq!(others, [""; 0], "{name}");
        // Composed letters are the same letters, and yet another name of a file.
        assert_eq!(told.is_empty(), !is_other_form, "{name}: {told:?}");
    }
}

#[test]
fn paths_of_windows_work_within_the_folder_and_are_named_as_such_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    written(folder.path(), "set", "set");
    assert_eq!(said_of(folder.path(), |ending| format!(".\\set\\..\\set\\set.{ending}")), [""; 0]);
    let told = said_of(folder.path(), |ending| format!("C:\\art\\other.{ending}"));
    let of = |what: &str| told.iter().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}: {told:?}"));
    for file in ["other.tsx", "other.tx"] {
        let line = of(file);
        assert!(line.contains("is a path of another computer, with Windows"), "{line}");
        assert!(line.contains("put the file into the folder of the map, and choose it again in Tiled"), "{line}");
    }
    assert!(of("it leads to the map").contains("is a path of another computer"), "{told:?}");
    // One that lies beside the map is meant.
    fs::copy(folder.path().join("set/set.png"), folder.path().join("set.png")).expect("copied");
    fs::copy(folder.path().join("set/set.tsx"), folder.path().join("set.tsx")).expect("copied");
    fs::copy(folder.path().join("set/set.tx"), folder.path().join("set.tx")).expect("copied");
    fs::copy(folder.path().join("set/set.tmx"), folder.path().join("set.tmx")).expect("copied");
    let told = said_of(folder.path(), |ending| format!("D:/worlds/set.{ending}"));
    assert!(told.iter().all(|line| line.contains(" is not there, and ")) && told.len() >= 2, "{told:?}");
}
