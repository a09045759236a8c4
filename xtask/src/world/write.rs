//! The files Tiled opens: map and tileset as XML, pictures as palette PNGs.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use super::canvas::{Canvas, TILE};
use super::palette::RGB;
use super::scene::{EDGE, Thing};
use super::tileset::{COLUMNS, Tiled};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const VERSION: &str = "version=\"1.10\" tiledversion=\"1.11.0\"";

/// What can be eaten, and how many health points it gives.
const FOOD: [(&str, u32); 5] = [("apple", 10), ("bread", 20), ("carrot", 8), ("fish", 25), ("mushroom", 5)];

/// What can be put into the ground, and the class of the tile it becomes.
const PLANTED: [(&str, &str); 1] = [("carrot", "crops")];

/// Tiles that hurt, and how many health points a second.
const HURTS: [(&str, u32); 1] = [("camp fire", 10)];

pub fn tmx(world: &Tiled, things: &[Thing]) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "<map {VERSION} orientation=\"orthogonal\" renderorder=\"right-down\" width=\"{EDGE}\" height=\"{EDGE}\" \
         tilewidth=\"{TILE}\" tileheight=\"{TILE}\" infinite=\"0\" nextlayerid=\"5\" nextobjectid=\"{}\">",
        things.len() + 1
    );
    out.push_str(" <properties>\n  <property name=\"name\" value=\"First Light\"/>\n </properties>\n");
    out.push_str(" <tileset firstgid=\"1\" source=\"first_light.tsx\"/>\n");
    let layers = [("ground", &world.ground), ("structures", &world.structures), ("canopy", &world.canopy)];
    for (index, (name, cells)) in layers.into_iter().enumerate() {
        let _ = writeln!(out, " <layer id=\"{}\" name=\"{name}\" width=\"{EDGE}\" height=\"{EDGE}\">", index + 1);
        out.push_str("  <data encoding=\"csv\">\n");
        let rows: Vec<String> = cells
            .chunks(EDGE as usize)
            .map(|row| row.iter().map(u16::to_string).collect::<Vec<_>>().join(","))
            .collect();
        out.push_str(&rows.join(",\n"));
        out.push_str("\n</data>\n </layer>\n");
    }
    out.push_str(" <objectgroup id=\"4\" name=\"objects\">\n");
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
    out.push_str(" </objectgroup>\n</map>\n");
    out
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

pub fn tsx(world: &Tiled, picture: &Canvas) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "<tileset {VERSION} name=\"first_light\" tilewidth=\"{TILE}\" tileheight=\"{TILE}\" tilecount=\"{}\" columns=\"{COLUMNS}\">",
        world.tiles.len() as i32
    );
    let _ =
        writeln!(out, " <image source=\"first_light.png\" width=\"{}\" height=\"{}\"/>", picture.width, picture.height);
    for (index, (_, mark)) in world.tiles.iter().enumerate() {
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
    out.push_str("</tileset>\n");
    out
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
