//! The layers of a map, with what the groups around them add.

use std::path::Path;

use crate::cells::KINDS_MAX;
use crate::drawing::{Cells, Content, GID, Layer, Orientation, Properties};
use crate::problem::{Place, shown};

use super::cells;
use super::context::{self, Context, color};
use super::extent::Extent;
use super::properties;
use super::template::{self, Templates};
use super::tileset::{self, Alignment, Tilesets};
use super::tree::{Element, GROUPS_MAX};

/// The layers of a map while they are read.
pub(super) struct Layers<'m> {
    pub(super) file: &'m Path,
    pub(super) orientation: Orientation,
    pub(super) extent: Extent,
    /// Pixels of a cell.
    pub(super) cell: (u32, u32),
    pub(super) tilesets: Tilesets,
    pub(super) templates: Templates,
    pub(super) found: Vec<Layer>,
}

/// What the groups around a layer say.
#[derive(Clone)]
struct Around {
    groups: Vec<String>,
    visible: bool,
    opacity: f64,
    tint: [u8; 4],
    offset: (f64, f64),
    parallax: (f64, f64),
    blend_mode: Option<String>,
    /// Of the innermost group that has one.
    class: String,
    properties: Properties,
}

impl Layers<'_> {
    /// Reads all layers in a map.
    pub(super) fn read(&mut self, context: &mut Context<'_>, map: &Element<'_>) {
        let around = Around {
            groups: Vec::new(),
            visible: true,
            opacity: 1.0,
            tint: [255; 4],
            offset: (0.0, 0.0),
            parallax: (1.0, 1.0),
            blend_mode: None,
            class: String::new(),
            properties: Properties::new(),
        };
        self.within(context, map, &around);
    }

    /// Goes down at most [`GROUPS_MAX`] groups.
    fn within(&mut self, context: &mut Context<'_>, element: &Element<'_>, around: &Around) {
        for child in &element.children {
            let place = Place {
                file: self.file.to_owned(),
                line: child.line,
                layer: context::name(child.get("name").unwrap_or_default()),
                ..Place::default()
            };
            match &*child.name {
                "layer" | "objectgroup" | "imagelayer" => {
                    if self.layer(context, child, around, &place).is_none() {
                        return;
                    }
                }
                "group" if around.groups.len() >= GROUPS_MAX => {
                    let what = format!("groups are nested deeper than {GROUPS_MAX}");
                    context.error("groups-nested", &place, what, "move the layers out of the inner groups");
                }
                "group" => {
                    let mut around = around.with(context, child, self.file, &place);
                    let Some(()) = context.take(child.get("name").map_or(0, str::len), &place) else { return };
                    around.groups.push(child.get("name").unwrap_or_default().to_owned());
                    self.within(context, child, &around);
                }
                "tileset" | "properties" | "editorsettings" => {}
                other => {
                    let what = format!("holds a {}, which is not known and not used", shown(other));
                    context.warn("element", &place, what, "remove it in Tiled");
                }
            }
        }
    }

    /// Reads one layer; `None` when there is no memory left for it.
    fn layer(
        &mut self,
        context: &mut Context<'_>,
        element: &Element<'_>,
        around: &Around,
        place: &Place,
    ) -> Option<()> {
        let of_groups: usize = around.groups.iter().map(|group| group.len() + size_of::<String>()).sum();
        context.take(size_of::<Layer>() + of_groups, place)?;
        let Around { groups, visible, opacity, tint, offset, parallax, blend_mode, class, properties } =
            around.with(context, element, self.file, place);
        let content = match &*element.name {
            "layer" => {
                let cells: Cells = self.tiles(context, element, place)?.into_iter().collect();
                if cells.left_out() > 0 {
                    let what = format!(
                        "the layer has more than {KINDS_MAX} different tiles, turned ones counted; {} cells have further ones",
                        cells.left_out()
                    );
                    context.error("tiles-many", place, what, "use fewer different tiles, or split the map");
                }
                Content::Tiles(cells)
            }
            "objectgroup" => self.objects(context, element, place),
            _ => tileset::image_layer(context, element, self.file, place),
        };
        let begin = self.extent.pixels(self.orientation, self.cell);
        let offset = if element.name == "imagelayer" { (offset.0 - begin.0, offset.1 - begin.1) } else { offset };
        let layer = Layer {
            id: context.number(element, "id", place).unwrap_or(0),
            name: context.text_of(element, "name", place),
            class,
            groups,
            visible,
            opacity: opacity as f32,
            tint,
            offset,
            parallax,
            blend_mode,
            properties,
            content,
        };
        self.found.push(layer);
        Some(())
    }

    fn objects(&mut self, context: &mut Context<'_>, element: &Element<'_>, place: &Place) -> Content {
        // What Tiled holds to be unspecified.
        let across = if self.orientation == Orientation::Isometric { 0.5 } else { 0.0 };
        let aligned = Alignment { across, down: 1.0 };
        let (x, y) = self.extent.pixels(self.orientation, self.cell);
        let mut objects = Vec::new();
        for child in element.children("object") {
            let known = (&mut self.templates, &mut self.tilesets);
            if let Some(mut object) = template::object(context, child, self.file, place, known, aligned) {
                object.x -= x;
                object.y -= y;
                objects.push(object);
            }
        }
        if element.get("draworder") != Some("index") {
            objects.sort_by(|one, other| one.y.total_cmp(&other.y));
        }
        Content::Objects(objects)
    }

    /// One cell for each of the map. What cannot be read is empty.
    fn tiles(&mut self, context: &mut Context<'_>, element: &Element<'_>, place: &Place) -> Option<Vec<u32>> {
        let nothing = || vec![0; self.extent.area()];
        let is_empty = |data: &&Element<'_>| data.text.trim().is_empty() && data.children.is_empty();
        let data = element.child("data").filter(|data| !is_empty(data));
        let mut found = match data {
            None if self.extent.infinite && element.child("data").is_some() => {
                context.take_cells(self.extent.area(), place)?;
                nothing()
            }
            None => {
                context.take_cells(self.extent.area(), place)?;
                context.warn(
                    "layer-empty",
                    place,
                    "the layer holds no cells".to_owned(),
                    "delete the layer, or paint on it",
                );
                nothing()
            }
            Some(data) if data.child("chunk").is_some() => {
                context.take_cells(self.extent.area(), place)?;
                let mut cells = nothing();
                self.chunks(context, data, &mut cells, place)?;
                cells
            }
            Some(data) => {
                let of_layer = self.extent.of_layer(context, element, place);
                context.take_cells(of_layer.area(), place)?;
                let cells = self.decode(context, data, data, &of_layer, place);
                if of_layer == self.extent {
                    cells.unwrap_or_else(nothing)
                } else {
                    let what = self.extent.differs(&of_layer);
                    context.warn("layer-size", place, what, "use Map > Resize Map");
                    context.take_cells(self.extent.area(), place)?;
                    let mut all = nothing();
                    self.extent.copy(&mut all, &of_layer, &cells.unwrap_or_default());
                    all
                }
            }
        };
        self.check_ids(context, &mut found, place);
        Some(found)
    }

    fn chunks(&self, context: &mut Context<'_>, data: &Element<'_>, cells: &mut [u32], place: &Place) -> Option<()> {
        let mut left = self.extent.area();
        for chunk in data.children("chunk") {
            let place = Place { line: chunk.line, ..place.clone() };
            let Some(part) = Extent::of_chunk(context, chunk, &place) else { continue };
            // Chunks do not overlap, so together they are no larger than the map.
            let Some(rest) = left.checked_sub(part.area()) else {
                let what = "the chunks of the layer are larger than the layer".to_owned();
                context.error("chunks", &place, what, "save the map again from Tiled");
                return Some(());
            };
            left = rest;
            if let Some(read) = self.decode(context, data, chunk, &part, &place) {
                self.extent.copy(cells, &part, &read);
            }
        }
        Some(())
    }

    /// The cells of a layer or chunk, which says how they are stored itself or in its `data`.
    fn decode(
        &self,
        context: &mut Context<'_>,
        data: &Element<'_>,
        element: &Element<'_>,
        part: &Extent,
        place: &Place,
    ) -> Option<Vec<u32>> {
        let stored = |attribute| data.get(attribute).unwrap_or_default();
        match cells::read(element, stored("encoding"), stored("compression"), part.area()) {
            Ok(cells) => Some(cells),
            Err(unreadable) => {
                let cell = unreadable.cell.map(|index| part.cell(index));
                let place = Place { cell, line: element.line.or(place.line), ..place.clone() };
                context.error("layer-cells", &place, unreadable.what, unreadable.remedy);
                None
            }
        }
    }

    /// Empties cells whose tile is in no tileset, and tells the first of them.
    fn check_ids(&self, context: &mut Context<'_>, cells: &mut [u32], place: &Place) {
        let first = self.tilesets.first().unwrap_or(u32::MAX);
        let mut lost: Option<(usize, u32)> = None;
        let mut more = 0;
        for (index, cell) in cells.iter_mut().enumerate() {
            let id = *cell & GID;
            if id == 0 || id >= first {
                continue;
            }
            *cell = 0;
            match lost {
                None => lost = Some((index, id)),
                Some(_) => more += 1,
            }
        }
        if let Some((index, id)) = lost {
            let others = if more == 0 { String::new() } else { format!(", nor are those of {more} cells after it") };
            let place = Place { cell: Some(self.extent.cell(index)), ..place.clone() };
            let what = format!("the tile id {id} is in no tileset{others}");
            context.warn("tile-unknown", &place, what, "place another tile there, or add its tileset to the map");
        }
    }
}

impl Around {
    /// With what a layer or group adds itself.
    fn with(&self, context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> Self {
        let properties = properties::inherit(context, &self.properties, place);
        let mut all = Self { properties, ..self.clone() };
        // What is said nearer counts.
        all.properties.extend(properties::read(context, element, file, place));
        let class = context.text_of(element, "class", place);
        if !class.is_empty() {
            all.class = class;
        }
        all.visible &= context.number(element, "visible", place).unwrap_or(true);
        all.opacity *= context.number(element, "opacity", place).unwrap_or(1.0).clamp(0.0, 1.0);
        let mut number = |attribute| context.number::<f64>(element, attribute, place);
        // Image layers of old files have their offset as a place.
        let is_image = element.name == "imagelayer";
        let (x, y) = if is_image { (number("x"), number("y")) } else { (None, None) };
        all.offset.0 += number("offsetx").or(x).unwrap_or(0.0);
        all.offset.1 += number("offsety").or(y).unwrap_or(0.0);
        all.parallax.0 *= number("parallaxx").unwrap_or(1.0);
        all.parallax.1 *= number("parallaxy").unwrap_or(1.0);
        if let Some(text) = element.get("tintcolor").filter(|text| !text.is_empty()) {
            match color(text) {
                Some(tint) => all.tint = std::array::from_fn(|part| multiplied(all.tint[part], tint[part])),
                None => {
                    let what = format!("the tint {} is no colour", shown(text));
                    context.warn("color", place, what, "choose it again in Tiled's layer properties");
                }
            }
        }
        if let Some(mode) = element.get("mode").filter(|mode| !matches!(*mode, "" | "normal")) {
            all.blend_mode = context::name(mode);
        }
        all
    }
}

/// Of two shares of 255.
fn multiplied(one: u8, other: u8) -> u8 {
    (u16::from(one) * u16::from(other) / 255) as u8
}
