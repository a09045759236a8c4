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
mod terrain;
mod tileset;
mod village;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context as _, Result};

/// Where a picture of the whole map goes, for people to look at; not part of the repository.
const OVERVIEW: &str = "target/first_light_overview.png";

/// Draws everything and writes it below the root of the repository.
///
/// # Errors
/// When a file cannot be written.
pub fn run(root: &Path) -> Result<()> {
    let world = tileset::cut(&mut draw_world());
    let overview = [(OVERVIEW, write::png(&world.overview())?)];
    for (path, bytes) in files()?.into_iter().chain(overview) {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The generated files: path from the root of the repository, content.
fn files() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let mut scene = draw_world();
    let world = tileset::cut(&mut scene);
    let picture = tileset::picture(&world.tiles);
    let (sheet, directory) = sprites::sheet();
    let mut directory = serde_json::to_vec_pretty(&directory).context("cannot write the sprite directory")?;
    directory.push(b'\n');
    Ok(vec![
        ("sim/worlds/first_light.tmx", write::tmx(&world, &scene.things).into_bytes()),
        ("sim/worlds/first_light.tsx", write::tsx(&world, &picture).into_bytes()),
        ("sim/worlds/first_light.png", write::png(&picture)?),
        ("client/assets/sprites.png", write::png(&sheet)?),
        ("client/assets/sprites.json", directory),
    ])
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
