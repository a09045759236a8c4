//! The files Tiled opens: map and tileset as XML, pictures as palette PNGs.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::canvas::{Canvas, TILE};
use super::palette::RGB;
use super::scene::{EDGE, Thing};
use super::stamps::Stamp;
use super::tileset::{COLUMNS, Tiled, Tileset};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const VERSION: &str = "version=\"1.10\" tiledversion=\"1.11.0\"";

/// What can be eaten, and how many health points it gives.
const FOOD: [(&str, u32); 5] = [("apple", 10), ("bread", 20), ("carrot", 8), ("fish", 25), ("mushroom", 5)];

/// What can be put into the ground, and the class of the tile it becomes.
const PLANTED: [(&str, &str); 1] = [("carrot", "crops")];

/// Tiles that hurt, and how many health points a second.
const HURTS: [(&str, u32); 1] = [("camp fire", 10)];

pub fn tmx(world: &Tiled, things: &[Thing]) -> String {
    let layers = [("ground", &world.ground), ("structures", &world.structures), ("canopy", &world.canopy)];
    let mut out = map_head((EDGE, EDGE), layers.len(), things.len());
    out.push_str(" <properties>\n  <property name=\"name\" value=\"First Light\"/>\n </properties>\n");
    out.push_str(" <tileset firstgid=\"1\" source=\"first_light.tsx\"/>\n");
    write_layers(&mut out, (EDGE, EDGE), &layers);
    write_things(&mut out, layers.len(), things);
    out.push_str("</map>\n");
    out
}

/// A map of one whole thing, for builders to copy from.
pub fn stamp(stamp: &Stamp) -> String {
    let size = (stamp.width, stamp.height);
    let layers: Vec<(&str, &Vec<u16>)> =
        ["structures", "canopy"].into_iter().zip(&stamp.ids).filter(|(_, ids)| ids.iter().any(|id| *id != 0)).collect();
    let mut out = map_head(size, layers.len(), stamp.things.len());
    out.push_str(" <tileset firstgid=\"1\" source=\"../first_light.tsx\"/>\n");
    write_layers(&mut out, size, &layers);
    if !stamp.things.is_empty() {
        write_things(&mut out, layers.len(), &stamp.things);
    }
    out.push_str("</map>\n");
    out
}

fn map_head((width, height): (i32, i32), layers: usize, things: usize) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "<map {VERSION} orientation=\"orthogonal\" renderorder=\"right-down\" width=\"{width}\" height=\"{height}\" \
         tilewidth=\"{TILE}\" tileheight=\"{TILE}\" infinite=\"0\" nextlayerid=\"{}\" nextobjectid=\"{}\">",
        layers + 2,
        things + 1
    );
    out
}

fn write_layers(out: &mut String, (width, height): (i32, i32), layers: &[(&str, &Vec<u16>)]) {
    for (index, (name, cells)) in layers.iter().enumerate() {
        let _ = writeln!(out, " <layer id=\"{}\" name=\"{name}\" width=\"{width}\" height=\"{height}\">", index + 1);
        out.push_str("  <data encoding=\"csv\">\n");
        let rows: Vec<String> = cells
            .chunks(width as usize)
            .map(|row| row.iter().map(u16::to_string).collect::<Vec<_>>().join(","))
            .collect();
        out.push_str(&rows.join(",\n"));
        out.push_str("\n</data>\n </layer>\n");
    }
}

fn write_things(out: &mut String, layers: usize, things: &[Thing]) {
    let _ = writeln!(out, " <objectgroup id=\"{}\" name=\"objects\">", layers + 1);
    for (index, thing) in things.iter().enumerate() {
        let (x, y) = (thing.x * TILE + TILE / 2, thing.y * TILE + TILE / 2);
        let _ = writeln!(
            out,
            "  <object id=\"{}\" name=\"{}\" type=\"{}\" x=\"{x}\" y=\"{y}\">",
            index + 1,
            escape(thing.name),
            thing.class
        );
        let properties = thing_properties(thing);
        if !properties.is_empty() {
            let _ = writeln!(out, "   <properties>\n{properties}   </properties>");
        }
        out.push_str("   <point/>\n  </object>\n");
    }
    out.push_str(" </objectgroup>\n");
}

fn thing_properties(thing: &Thing) -> String {
    let mut out = String::new();
    if let Some((_, heals)) = FOOD.iter().find(|(look, _)| thing.class == "item" && *look == thing.look) {
        let _ = writeln!(out, "    <property name=\"heals\" type=\"int\" value=\"{heals}\"/>");
    }
    if !thing.look.is_empty() {
        let _ = writeln!(out, "    <property name=\"look\" value=\"{}\"/>", escape(thing.look));
    }
    if let Some((_, class)) = PLANTED.iter().find(|(look, _)| thing.class == "item" && *look == thing.look) {
        let _ = writeln!(out, "    <property name=\"places\" value=\"{}\"/>", escape(class));
    }
    out
}

pub fn tsx(tileset: &Tileset, picture: &Canvas) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "<tileset {VERSION} name=\"first_light\" tilewidth=\"{TILE}\" tileheight=\"{TILE}\" tilecount=\"{}\" columns=\"{COLUMNS}\">",
        picture.width / TILE * (picture.height / TILE)
    );
    let _ =
        writeln!(out, " <image source=\"first_light.png\" width=\"{}\" height=\"{}\"/>", picture.width, picture.height);
    for (index, tile) in tileset.tiles.iter().enumerate() {
        let Some((_, mark)) = tile else { continue };
        let _ = write!(out, " <tile id=\"{index}\" type=\"{}\"", escape(mark.name));
        let mut properties = String::new();
        if let Some((_, damage)) = HURTS.iter().find(|(name, _)| *name == mark.name) {
            let _ = writeln!(properties, "   <property name=\"damage\" type=\"int\" value=\"{damage}\"/>");
        }
        if mark.solid {
            properties.push_str("   <property name=\"solid\" type=\"bool\" value=\"true\"/>\n");
        }
        if properties.is_empty() {
            out.push_str("/>\n");
        } else {
            let _ = writeln!(out, ">\n  <properties>\n{properties}  </properties>\n </tile>");
        }
    }
    out.push_str(" <wangsets>\n");
    write_terrains(&mut out, tileset);
    write_fences(&mut out, tileset);
    out.push_str(" </wangsets>\n</tileset>\n");
    out
}

/// Colours of the terrain brush, in the order of the terrains.
const BRUSH: [(&str, &str); 9] = [
    ("deep water", "#2d4d6e"),
    ("water", "#468594"),
    ("sand", "#edcd97"),
    ("path", "#d6ab73"),
    ("soil", "#764b3d"),
    ("grass", "#76974c"),
    ("meadow", "#b6c668"),
    ("forest floor", "#3e6245"),
    ("cobble", "#8f878a"),
];

fn write_terrains(out: &mut String, tileset: &Tileset) {
    let _ = writeln!(out, "  <wangset name=\"ground\" type=\"corner\" tile=\"{}\">", 5 * 4);
    for (index, (name, color)) in BRUSH.into_iter().enumerate() {
        let _ =
            writeln!(out, "   <wangcolor name=\"{name}\" color=\"{color}\" tile=\"{}\" probability=\"1\"/>", index * 4);
    }
    for (id, corners) in &tileset.corners {
        let [nw, ne, sw, se] = corners.map(|terrain| terrain as usize + 1);
        let _ = writeln!(out, "   <wangtile tileid=\"{}\" wangid=\"0,{ne},0,{se},0,{sw},0,{nw}\"/>", id - 1);
    }
    out.push_str("  </wangset>\n");
}

fn write_fences(out: &mut String, tileset: &Tileset) {
    let tile = tileset.fences.last().map_or(0, |(id, _)| id - 1);
    let _ = writeln!(out, "  <wangset name=\"fence\" type=\"edge\" tile=\"{tile}\">");
    let _ = writeln!(out, "   <wangcolor name=\"fence\" color=\"#9d6a49\" tile=\"{tile}\" probability=\"1\"/>");
    for (id, sides) in tileset.fences.iter().filter(|(_, sides)| sides.contains(&true)) {
        let [north, east, south, west] = sides.map(u8::from);
        let _ = writeln!(out, "   <wangtile tileid=\"{}\" wangid=\"{north},0,{east},0,{south},0,{west},0\"/>", id - 1);
    }
    out.push_str("  </wangset>\n");
}

/// A picture as a palette PNG; ink 0 is transparent.
///
/// # Errors
/// When it cannot be encoded.
pub fn png(picture: &Canvas) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width as u32, picture.height as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(RGB.concat());
    encoder.set_trns(vec![0]);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().context("cannot begin a PNG")?;
    writer.write_image_data(&picture.pixels).context("cannot encode a PNG")?;
    writer.finish().context("cannot finish a PNG")?;
    Ok(bytes)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
