//! What a builder begins with: the tileset to paint with, stamps to copy, templates, a small world,
//! and a project of Tiled that knows our classes and offers their properties.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use serde_json::{Value, json};

use crate::classes::{CLASSES, Holds, On, PROPERTIES, Property};

/// The world that a builder opens first.
pub const WORLD: &str = "island.tmx";

/// The folder of the built-in world, as it was when the program was built.
#[derive(RustEmbed)]
#[folder = "../../sim/worlds"]
struct Files;

/// The project, in the same folder.
pub const PROJECT: &str = "worlds.tiled-project";

/// Why there is no new folder.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    #[error("{} has files in it already, and none of them is written over", shown(.0))]
    NotEmpty(PathBuf),
    #[error("{} is no folder", shown(.0))]
    NotAFolder(PathBuf),
    #[error("{} cannot be written: {source}", shown(path))]
    Io { path: PathBuf, source: io::Error },
}

impl KitError {
    /// What to do, as an order without its end.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotEmpty(_) | Self::NotAFolder(_) => "name a folder that is not there yet",
            Self::Io { .. } => "see that the disk has room and that you may write there, or name another folder",
        }
    }
}

fn shown(path: &Path) -> String {
    crate::problem::shown(&path.to_string_lossy())
}

/// Writes everything into a folder, which is made. Returns the path of the world.
///
/// # Errors
/// [`KitError`]; a file that was there is never touched.
pub fn write(folder: &Path) -> Result<PathBuf, KitError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| KitError::Io { path, source }
    };
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(true) => return Err(KitError::NotEmpty(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(KitError::NotAFolder(folder.to_owned()));
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(folder)(error)),
        _ => {}
    }
    for name in Files::iter() {
        let path = folder.join(&*name);
        let Some(file) = Files::get(&name) else { continue };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        fs::write(&path, &file.data).map_err(failed(&path))?;
    }
    Ok(folder.join(WORLD))
}

/// The project file of Tiled: its classes give the properties of objects and tiles as drop-downs
/// and fields. What is as Tiled shows it at first is not written into maps, so those values are the
/// ones that count while a property is absent. `looks` are the names of the sprites.
#[must_use]
pub fn project(looks: &[String]) -> String {
    let mut types = vec![json!({
        "id": 1, "name": "look", "type": "enum", "storageType": "string", "values": looks, "valuesAsFlags": false,
    })];
    let of = |on: On| PROPERTIES.iter().filter(move |property| property.on == on);
    let member = |holds: Holds, name: &str| match holds {
        Holds::Text => json!({ "name": name, "type": "string", "value": "" }),
        Holds::File => json!({ "name": name, "type": "file", "value": "" }),
        Holds::Look => json!({ "name": name, "type": "string", "propertyType": "look", "value": "" }),
        Holds::Whole(first) | Holds::Needed(first) => json!({ "name": name, "type": "int", "value": first }),
        Holds::Flag(absent) => json!({ "name": name, "type": "bool", "value": absent }),
    };
    let classes = CLASSES.iter().map(|(class, _)| (*class, "object", On::Object(class)));
    let classes = classes.chain([("world", "map", On::Map), ("ground", "tile", On::Tile)]);
    for ((name, use_as, on), color) in classes.zip(COLORS.iter().cycle()) {
        let members: Vec<Value> = of(on).map(|property| member(property.holds, property.name)).collect();
        types.push(json!({
            "id": types.len() + 1, "name": name, "type": "class", "useAs": [use_as], "color": color,
            "drawFill": true, "members": members,
        }));
    }
    let project = json!({
        "automappingRulesFile": "", "commands": [], "compatibilityVersion": 1100, "extensionsPath": "extensions",
        "folders": ["."], "properties": [], "propertyTypes": types,
    });
    // Text, numbers and lists always are JSON.
    serde_json::to_string_pretty(&project).unwrap_or_default() + "\n"
}

/// In which Tiled draws the objects of the classes.
const COLORS: [&str; 9] = [
    "#ff46c86e",
    "#ffb4783c",
    "#ff3c8cdc",
    "#ffe6c83c",
    "#ffa05ac8",
    "#ffdc5a5a",
    "#ff50c8c8",
    "#ffff7828",
    "#ffd2a0e6",
];

/// All classes and properties, a table for people. What stands in the first column is said once.
#[must_use]
pub fn table() -> String {
    let mut rows = String::from("| on | property | type | means |\n|---|---|---|---|\n");
    let of_map = (On::Map, "the map".to_owned());
    let of_tiles = (On::Tile, "a tile of the tileset".to_owned());
    let of_objects = CLASSES.iter().map(|(class, means)| (On::Object(class), format!("class `{class}`: {means}")));
    for (on, mut said) in [of_map, of_tiles].into_iter().chain(of_objects) {
        let properties: Vec<_> = PROPERTIES.iter().filter(|property| property.on == on).collect();
        if properties.is_empty() {
            rows += &format!("| {said} | | | |\n");
        }
        for Property { name, holds, means, .. } in properties {
            let (holds, absent) = match holds {
                Holds::Text => ("string", String::new()),
                Holds::File => ("file", String::new()),
                Holds::Look => ("string", " (the name of one)".to_owned()),
                Holds::Whole(absent) => ("int", format!("; {absent} if absent")),
                Holds::Needed(_) => ("int", String::new()),
                Holds::Flag(absent) => ("bool", format!("; {absent} if absent")),
            };
            rows += &format!("| {} | `{name}` | {holds} | {means}{absent} |\n", std::mem::take(&mut said));
        }
    }
    rows
}
