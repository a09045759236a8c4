//! A whole map.

use std::path::Path;

use crate::drawing::{Drawing, Orientation, RenderOrder};
use crate::problem::{Place, shown};

use super::context::{Context, color};
use super::extent::Extent;
use super::layer::Layers;
use super::properties;
use super::template::Templates;
use super::tileset::Tilesets;
use super::tree::Element;

/// Largest edge of a cell, pixels.
const CELL_EDGE_MAX: u32 = 4096;

/// What a `map` element says. `None` if it says no size that is possible.
pub(super) fn read(context: &mut Context<'_>, map: &Element<'_>, file: &Path) -> Option<Drawing> {
    let place = Place { file: file.to_owned(), line: map.line, ..Place::default() };
    let orientation = orientation(context, map, &place);
    let extent = Extent::of_map(context, map, &place);
    let tile_width = edge(context, map, "tilewidth", &place);
    let tile_height = edge(context, map, "tileheight", &place);
    let cell = (tile_width.unwrap_or(1), tile_height.unwrap_or(1));

    let mut tilesets = Tilesets::default();
    for tileset in map.children("tileset") {
        tilesets.add(context, tileset, file, cell);
    }
    let background = map.get("backgroundcolor").filter(|text| !text.is_empty()).and_then(|text| {
        let background = color(text);
        if background.is_none() {
            let what = format!("the background {} is no colour", shown(text));
            context.warn("color", &place, what, "choose it again under Map > Map Properties");
        }
        background
    });
    let extent = extent?;
    let mut layers =
        Layers { file, orientation, extent, cell, tilesets, templates: Templates::default(), found: Vec::new() };
    layers.read(context, map);
    Some(Drawing {
        file: file.to_owned(),
        class: context.text_of(map, "class", &place),
        orientation,
        origin: (extent.x, extent.y),
        width: extent.width,
        height: extent.height,
        tile_width: tile_width?,
        tile_height: tile_height?,
        background,
        render_order: render_order(map),
        properties: properties::read(context, map, file, &place),
        tilesets: layers.tilesets.finish(),
        layers: layers.found,
    })
}

fn orientation(context: &mut Context<'_>, map: &Element<'_>, place: &Place) -> Orientation {
    match map.get("orientation") {
        None | Some("" | "orthogonal") => Orientation::Orthogonal,
        Some("isometric") => Orientation::Isometric,
        Some("staggered") => Orientation::Staggered,
        Some("hexagonal") => Orientation::Hexagonal,
        Some("oblique") => Orientation::Oblique,
        Some(other) => {
            let what = format!("the orientation {} is not known", shown(other));
            context.error("orientation", place, what, "set Map > Map Properties > Orientation to Orthogonal");
            Orientation::Orthogonal
        }
    }
}

/// One that is not known is the usual one, for Tiled too.
fn render_order(map: &Element<'_>) -> RenderOrder {
    let said = map.get("renderorder").unwrap_or_default();
    RenderOrder { leftwards: said.starts_with("left-"), upwards: said.ends_with("-up") }
}

fn edge(context: &mut Context<'_>, map: &Element<'_>, attribute: &str, place: &Place) -> Option<u32> {
    let edge = context.number(map, attribute, place).filter(|edge| (1..=CELL_EDGE_MAX).contains(edge));
    if edge.is_none() {
        let what = format!("the map has no {attribute} from 1 to {CELL_EDGE_MAX}");
        context.error("cell-size", place, what, "set the tile size under Map > Map Properties");
    }
    edge
}
