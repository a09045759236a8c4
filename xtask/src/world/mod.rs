//! `cargo xtask world`: draws the built-in world, its tileset and the sprites, and writes them as
//! ordinary Tiled and PNG files. Everything is computed from the numbers in these modules, so the
//! same source always gives the same files; a test compares them with the committed ones.

mod canvas;
mod characters;
mod countryside;
mod houses;
mod items;
mod land;
mod palette;
mod plants;
mod props;
mod rocks;
mod scene;
mod sprites;
mod stamps;
mod terrain;
mod tileset;
mod village;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context as _, Result};

/// Draws everything and writes it below the root of the repository.
///
/// # Errors
/// When a file cannot be written.
pub fn run(root: &Path) -> Result<()> {
    for (path, bytes) in files()? {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The generated files: path from the root of the repository, content.
fn files() -> Result<Vec<(String, Vec<u8>)>> {
    let mut scene = draw_world();
    let mut stamps = stamps::all();
    let mut tileset = tileset::Tileset::new(&scene, &mut stamps);
    let world = tileset.number(&mut scene);
    let picture = tileset.picture();
    let (sheet, directory) = sprites::sheet();
    let mut directory = serde_json::to_vec_pretty(&directory).context("cannot write the sprite directory")?;
    directory.push(b'\n');
    let mut files = vec![
        ("sim/worlds/first_light.tmx".to_owned(), write::tmx(&world, &scene.things).into_bytes()),
        ("sim/worlds/first_light.tsx".to_owned(), write::tsx(&tileset, &picture).into_bytes()),
        ("sim/worlds/first_light.png".to_owned(), write::png(&picture)?),
        ("client/assets/sprites.png".to_owned(), write::png(&sheet)?),
        ("client/assets/sprites.json".to_owned(), directory),
    ];
    for stamp in &stamps {
        files.push((format!("sim/worlds/stamps/{}.tmx", stamp.name), write::stamp(stamp).into_bytes()));
    }
    Ok(files)
}

fn draw_world() -> scene::Scene {
    let mut scene = scene::Scene::new();
    land::water(&mut scene);
    land::roads(&mut scene);
    land::forest_floor(&mut scene);
    village::square(&mut scene);
    village::houses(&mut scene);
    village::furniture(&mut scene);
    village::people(&mut scene);
    countryside::crossings(&mut scene);
    countryside::island(&mut scene);
    countryside::fields(&mut scene);
    countryside::ruin(&mut scene);
    countryside::camp(&mut scene);
    land::meadows(&mut scene);
    land::trees(&mut scene);
    land::undergrowth(&mut scene);
    scene
}
