//! What a builder begins with is whole, and says of itself what the game knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::check::{Check, Verdict, check};
use tilemud_maps::classes::CLASSES;
use tilemud_maps::drawing::Content;
use tilemud_maps::kit::{self, KitError};
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, load, read};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// With TILEMUD_WRITE=1 the file is written anew instead.
fn is_as_written(path: &str, expected: &str, of: impl Fn(&str) -> String, with: impl Fn(&str) -> String) {
    let path = repository().join(path);
    let file = fs::read_to_string(&path).expect("a file");
    if std::env::var_os("TILEMUD_WRITE").is_some() {
        fs::write(&path, with(&file)).expect("it can be written");
    } else {
        assert_eq!(
            of(&file),
            expected,
            "{} is not as the code says: run the test with TILEMUD_WRITE=1",
            path.display()
        );
    }
}

#[test]
fn the_folder_of_a_builder_has_worlds_without_a_warning() {
    let there = tempfile::tempdir().unwrap();
    let folder = there.path().join("a/new one");
    let world = kit::write(&folder).unwrap();
    let mut said = Vec::new();
    let files = vec![world.clone(), folder.join("first_light.tmx")];
    let verdict = check(&Check { files, strict: true, ..Check::default() }, &mut said).unwrap();
    assert_eq!(verdict, Verdict::Fine, "{}", String::from_utf8_lossy(&said));
    let files = Disk::new(&world, None).unwrap();
    let map = load(&world, &files, &Options::default(), &mut Problems::default()).unwrap().into_map();
    let own = map.sprites.expect("it brings a figure");
    let wears = |look: &String| map.objects.iter().any(|object| *object.look == **look);
    assert!(own.sprites.looks.keys().all(wears) && !map.signs.is_empty());
    assert!(map.signs.iter().all(|sign| sign.drawn), "each on something to write on");
    assert!(folder.join("stamps/house_inn.tmx").is_file() && folder.join(kit::PROJECT).is_file());
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let there = tempfile::tempdir().unwrap();
    fs::write(there.path().join("mine.tmx"), "mine").unwrap();
    assert!(matches!(kit::write(there.path()), Err(KitError::NotEmpty(_))));
    assert!(matches!(kit::write(&there.path().join("mine.tmx")), Err(KitError::NotAFolder(_))));
    assert!(matches!(kit::write(&there.path().join("mine.tmx/below")), Err(KitError::NotAFolder(_))));
    assert_eq!(fs::read_dir(there.path()).unwrap().count(), 1);
    assert!(kit::write(&there.path().join("other")).is_ok());
    assert!(matches!(kit::write(&there.path().join("other")), Err(KitError::NotEmpty(_))));
}

#[test]
fn every_class_has_a_template_that_can_be_put_on_a_map() {
    let there = tempfile::tempdir().unwrap();
    kit::write(there.path()).unwrap();
    let mut objects = String::new();
    for entry in fs::read_dir(there.path().join("templates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        objects += &format!(r#"<object id="{}" template="templates/{name}" x="8" y="8"/>"#, objects.len() + 1);
    }
    let map = there.path().join("with_templates.tmx");
    let text = format!(
        r#"<map orientation="orthogonal" width="1" height="1" tilewidth="16" tileheight="16"><objectgroup name="o">{objects}</objectgroup></map>"#
    );
    fs::write(&map, text).unwrap();
    let mut problems = Problems::default();
    let drawing = read(&map, &Disk::new(&map, None).unwrap(), &mut problems).expect("a map");
    let Content::Objects(objects) = &drawing.layers[0].content else { panic!("objects") };
    let classes: BTreeSet<&str> = objects.iter().map(|object| object.class.as_str()).collect();
    assert_eq!(classes, CLASSES.iter().map(|(class, _)| *class).collect());
    assert!(problems.found.is_empty(), "{problems:?}");
}

#[test]
fn the_project_of_tiled_offers_what_the_code_knows() {
    let looks = |list: &str| {
        let sprites = fs::read_to_string(repository().join(list)).unwrap();
        let sprites: serde_json::Value = serde_json::from_str(&sprites).unwrap();
        sprites["looks"].as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>()
    };
    let (of_clients, own) = (looks("client/assets/sprites.json"), looks("sim/worlds/sprites.json"));
    let looks: Vec<String> = of_clients.union(&own).cloned().collect();
    let project = kit::project(&looks);
    assert!(project.contains("\"wander\"") && looks.len() > 20);
    is_as_written("sim/worlds/worlds.tiled-project", &project, str::to_owned, |_| project.clone());
}

#[test]
fn the_table_for_builders_is_what_the_code_knows() {
    let (before, after) = ("<!-- generated: properties -->\n", "<!-- end -->");
    let parts = |file: &str| {
        let (start, rest) = file.split_once(before).expect("a mark");
        let (table, end) = rest.split_once(after).expect("its end");
        [start, table, end].map(str::to_owned)
    };
    let with = |file: &str| {
        let [start, _, end] = parts(file);
        format!("{start}{before}{}{after}{end}", kit::table())
    };
    is_as_written("docs/worlds.md", &kit::table(), |file| parts(file)[1].clone(), with);
}
