//! The built-in world over and over, as one large map.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tilemud_sim::Map;

/// Where the tileset of the built-in world is.
const WORLDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../sim/worlds");

/// Writes it with this many tiles on an edge; players begin in the middle.
///
/// # Errors
/// When it cannot be written.
pub fn write(folder: &Path, edge: u32) -> Result<PathBuf> {
    for file in ["first_light.tsx", "first_light.png"] {
        std::fs::copy(Path::new(WORLDS).join(file), folder.join(file)).context(file)?;
    }
    let map = Map::built_in();
    let count = |tiles: i32, at: u32| at as i32 / tiles.max(1) * tiles;
    let (left, top) = (count(map.width, edge / 2), count(map.height, edge / 2));
    let (x, y) = ((left + map.spawn.x) * 16 + 8, (top + map.spawn.y) * 16 + 8);
    let size = format!(r#"width="{edge}" height="{edge}""#);
    let mut text = format!(
        r#"<map version="1.10" orientation="orthogonal" {size} tilewidth="16" tileheight="16" infinite="0">
<tileset firstgid="1" source="first_light.tsx"/>
"#
    );
    let structure = |index: usize| if map.tiles[index] == map.ground[index] { 0 } else { map.tiles[index] };
    layer(&mut text, &map, edge, "ground", |index| map.ground[index])?;
    layer(&mut text, &map, edge, "structures", structure)?;
    layer(&mut text, &map, edge, "canopy", |index| map.canopy[index])?;
    write!(
        text,
        r#"<objectgroup name="objects"><object id="1" type="spawn" x="{x}" y="{y}"><point/></object></objectgroup></map>"#
    )?;
    let path = folder.join("quilt.tmx");
    std::fs::write(&path, text)?;
    Ok(path)
}

fn layer(text: &mut String, map: &Map, edge: u32, name: &str, tile: impl Fn(usize) -> u16) -> Result<()> {
    write!(text, r#"<layer name="{name}" width="{edge}" height="{edge}"><data encoding="csv">"#)?;
    let (width, height) = (map.width as usize, map.height as usize);
    for y in 0..edge as usize {
        for x in 0..edge as usize {
            let comma = if x == 0 && y == 0 { "" } else { "," };
            write!(text, "{comma}{}", tile(y % height * width + x % width))?;
        }
    }
    writeln!(text, "</data></layer>")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_built_in_world_over_and_over_and_players_begin_where_they_do_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), 300).unwrap();
        let (quilt, one) = (Map::from_tmx(&path, |path| std::fs::read(path)).unwrap(), Map::built_in());
        assert_eq!((quilt.width, quilt.height), (300, 300));
        for (x, y) in [(0, 0), (299, 299), (one.width, one.height + 7), (40, 170)] {
            let there = one.index(x % one.width, y % one.height).unwrap();
            let here = quilt.index(x, y).unwrap();
            assert_eq!(
                (quilt.tiles[here], quilt.ground[here], quilt.canopy[here]),
                (one.tiles[there], one.ground[there], one.canopy[there])
            );
        }
        assert_eq!((quilt.spawn.x % one.width, quilt.spawn.y % one.height), (one.spawn.x, one.spawn.y));
        assert!(quilt.spawn.x > 99);
    }
}
