//! The maps of `--worlds`: which files of a folder, or of a `.world` file of Tiled, are worlds, and
//! which of them is the first. Refuses the whole with all that is wrong with any of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use serde::Deserialize;
use tilemud_maps::problem::shown;
use tilemud_persist::diagnostic::{in_one_line, system_words};
use tilemud_sim::Map;

use super::opening::world_id;
use super::preparation::load_world;
use crate::config::{Config, SetWrong};

/// Worlds of one process at most; each is three threads and a value of a label of the metrics.
const WORLDS_MAX: usize = 64;

/// How the name of a `.world` file ends.
const LIST: &str = "world";

/// A world that is to run: the configuration as if it were the only one, and its map.
pub(crate) struct Chosen {
    pub(crate) config: Config,
    pub(crate) map: Arc<Map>,
}

impl Chosen {
    pub(crate) fn id(&self) -> &str {
        world_id(&self.config, &self.map)
    }
}

/// The worlds that are set: the only one, or those of `--worlds`, the first first.
///
/// # Errors
/// [`SetWrong`], with all that is wrong.
pub(crate) fn chosen(config: &Config) -> Result<Vec<Chosen>> {
    let Some(several) = &config.world.several else {
        return Ok(vec![Chosen { map: load_world(config)?, config: config.clone() }]);
    };
    let place = config.sources.place("worlds");
    let files = files(several).map_err(|(problem, remedy)| SetWrong::new(&place, problem, remedy))?;
    let (mut chosen, mut problems): (Vec<Chosen>, Vec<String>) = Default::default();
    for file in &files {
        let config = Config { world: config.world.on(file.clone()), ..config.clone() };
        match load_world(&config) {
            Ok(map) => chosen.push(Chosen { config, map }),
            Err(error) => problems.push(said(file, &error)),
        }
    }
    problems.extend(namesakes(&chosen));
    if !problems.is_empty() {
        let problem = format!("the maps cannot be used: {}", problems.join(" | "));
        let remedy = "change them (`tilemud map check FILE` says all about one), give each a property world_id of its own, or \
                      move them out of the folder";
        return Err(SetWrong::new(&place, problem, remedy).into());
    }
    if let Some(first) = &config.world.first {
        let is_first = |chosen: &Chosen| chosen.config.world.map.as_deref().is_some_and(|map| map.ends_with(first));
        let Some(at) = chosen.iter().position(is_first) else {
            let names: Vec<_> =
                files.iter().filter_map(|file| file.file_name()).map(Path::new).map(path_shown).collect();
            let problem = format!("none of the maps is called {}", path_shown(first));
            let remedy = format!("name one of {}", names.join(", "));
            return Err(SetWrong::new(config.sources.place("first-world"), problem, remedy).into());
        };
        chosen[..=at].rotate_right(1);
    }
    Ok(chosen)
}

/// What is wrong with one map, without the setting, which is the same for all.
fn said(file: &Path, error: &anyhow::Error) -> String {
    let said = in_one_line(&**error);
    let said = said.split_once(": ").map_or(&*said, |(_, rest)| rest);
    if said.contains(&*file.to_string_lossy()) { said.to_owned() } else { format!("{}: {said}", path_shown(file)) }
}

/// Maps that say they are the same world.
fn namesakes(chosen: &[Chosen]) -> Vec<String> {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for world in chosen {
        let file = world.config.world.map.as_deref().unwrap_or(Path::new(""));
        files.entry(world.id()).or_default().push(path_shown(file));
    }
    let same = files.into_iter().filter(|(_, files)| files.len() > 1);
    same.map(|(id, files)| format!("{} are all the world {id:?}", files.join(" and "))).collect()
}

fn path_shown(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

type Wrong = (String, &'static str);

/// The files of the maps, by name.
fn files(several: &Path) -> Result<Vec<PathBuf>, Wrong> {
    let at = path_shown(several);
    let is_list = several.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(LIST));
    let unread = |error: &std::io::Error| {
        let remedy = "name a folder with Tiled maps, or a .world file of Tiled";
        (format!("{at} cannot be read: {}", system_words(error)), remedy)
    };
    let mut files = if is_list && !several.is_dir() {
        listed(several, &fs::read_to_string(several).map_err(|error| unread(&error))?)?
    } else {
        let entries = fs::read_dir(several).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let files = entries.map_err(|error| unread(&error))?;
        files.into_iter().map(|entry| entry.path()).filter(|file| is_map(file)).collect()
    };
    files.sort();
    match files.len() {
        0 => Err((format!("there is no Tiled map in {at}"), "put a .tmx or .tmj file there, or name another folder")),
        1..=WORLDS_MAX => Ok(files),
        many => {
            let problem = format!("{at} has {many} maps, and one process runs at most {WORLDS_MAX} worlds");
            Err((problem, "leave some out, or run them in a second process"))
        }
    }
}

/// Whether a file of a folder is a map: by its name where that means nothing else, else by what is
/// in it.
fn is_map(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if name.starts_with('.') || !file.is_file() {
        return false;
    }
    let begins = |what: &dyn Fn(&str) -> bool| fs::read_to_string(file).is_ok_and(|text| what(&text));
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    if plain.ends_with(".tmx") || plain.ends_with(".tmj") {
        true
    } else if name.ends_with(".json") {
        begins(&|text| serde_json::from_str::<Kind>(text).is_ok_and(|it| it.kind == "map"))
    } else {
        name.ends_with(".xml") && begins(&|text| text.contains("<map "))
    }
}

/// What Tiled says a JSON file of its own is.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

/// A `.world` file of Tiled, as far as it matters here.
#[derive(Deserialize)]
struct List {
    #[serde(default)]
    maps: Vec<Listed>,
    #[serde(default)]
    patterns: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "fileName")]
    file_name: PathBuf,
}

/// The maps that the text of a `.world` file names, which are beside it.
fn listed(list: &Path, text: &str) -> Result<Vec<PathBuf>, Wrong> {
    let at = path_shown(list);
    let read = serde_json::from_str::<List>(text);
    let List { maps, patterns } = read.map_err(|error| {
        (format!("{at} is no .world file of Tiled: {error}"), "save it again with Tiled, or name a folder with maps")
    })?;
    if !patterns.is_empty() {
        return Err((
            format!("{at} names maps by patterns, which are not read"),
            "name each map in it, or name the folder",
        ));
    }
    let folder = list.parent().unwrap_or(Path::new(""));
    Ok(maps.into_iter().map(|map| folder.join(map.file_name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_found_by_name_or_by_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.tmx", "<map "),
            ("a.TMJ", "{}"),
            ("c.tmx.gz", ""),
            ("d.json", r#"{"type":"map"}"#),
            ("tiles.json", r#"{"type":"tileset"}"#),
            ("e.xml", "<?xml?>\n<map version"),
            ("other.xml", "<tileset>"),
            ("tiles.tsx", "<tileset>"),
            ("notes.txt", "<map "),
            (".hidden.tmx", "<map "),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::create_dir(folder.path().join("folder.tmx")).unwrap();
        let found = files(folder.path()).unwrap();
        let names: Vec<_> = found.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.TMJ", "b.tmx", "c.tmx.gz", "d.json", "e.xml"]);
    }

    #[test]
    fn a_world_file_names_its_maps_and_says_what_it_cannot() {
        let list = Path::new("maps/all.world");
        let text = r#"{"maps":[{"fileName":"b.tmx","x":0,"y":0},{"fileName":"sub/a.tmj"}],"type":"world"}"#;
        assert_eq!(listed(list, text).unwrap(), [Path::new("maps/b.tmx"), Path::new("maps/sub/a.tmj")]);
        let (problem, _) = listed(list, r#"{"patterns":[{"regexp":"x"}]}"#).unwrap_err();
        assert!(problem.contains("patterns"), "{problem}");
        assert!(listed(list, "<map>").unwrap_err().0.contains("is no .world file"));
    }

    #[test]
    fn there_are_as_many_worlds_as_there_may_be_and_one_at_least() {
        let folder = tempfile::tempdir().unwrap();
        assert!(files(folder.path()).unwrap_err().0.contains("there is no Tiled map in"));
        assert!(files(&folder.path().join("gone")).unwrap_err().0.contains("cannot be read"));
        for number in 0..=WORLDS_MAX {
            fs::write(folder.path().join(format!("{number}.tmx")), "").unwrap();
        }
        assert!(files(folder.path()).unwrap_err().0.contains("at most 64 worlds"));
        fs::remove_file(folder.path().join("0.tmx")).unwrap();
        assert_eq!(files(folder.path()).unwrap().len(), WORLDS_MAX);
    }
}
