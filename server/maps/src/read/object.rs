//! An object as one element says it; templates and tiles may add to it.

use std::path::Path;

use crate::drawing::{Object, Properties, Shape};
use crate::problem::{Place, shown};

use super::context::Context;
use super::properties;
use super::tree::Element;

/// What an element says of an object; what it does not say is `None`.
#[derive(Debug, Default, Clone)]
pub(super) struct Draft {
    pub(super) id: u32,
    pub(super) name: Option<String>,
    pub(super) class: Option<String>,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: Option<f64>,
    pub(super) height: Option<f64>,
    pub(super) rotation: Option<f64>,
    pub(super) visible: Option<bool>,
    pub(super) opacity: Option<f64>,
    pub(super) gid: Option<u32>,
    pub(super) shape: Option<Shape>,
    pub(super) properties: Properties,
}

/// Reads an object. `place` is that of what it is in; the place of the object comes back with it.
pub(super) fn read(
    context: &mut Context<'_>,
    element: &Element<'_>,
    file: &Path,
    place: &Place,
) -> Option<(Draft, Place)> {
    let mut place = Place { line: element.line, ..place.clone() };
    context.take(size_of::<Object>(), &place)?;
    let id = context.number(element, "id", &place).unwrap_or(0);
    place.object = Some(id).filter(|id| *id > 0);
    let mut text = |attribute| {
        let text = element.get(attribute).filter(|text| !text.is_empty())?;
        Some(context.text(text, &place))
    };
    let (name, class) = (text("name"), text("class").or_else(|| text("type")));
    let draft = Draft {
        id,
        name,
        class,
        x: context.number(element, "x", &place).unwrap_or(0.0),
        y: context.number(element, "y", &place).unwrap_or(0.0),
        width: context.number(element, "width", &place),
        height: context.number(element, "height", &place),
        rotation: context.number(element, "rotation", &place),
        visible: context.number(element, "visible", &place),
        opacity: context.number(element, "opacity", &place),
        gid: context.number(element, "gid", &place),
        shape: shape(context, element, &place),
        properties: properties::read(context, element, file, &place),
    };
    Some((draft, place))
}

impl Draft {
    /// Itself, and of `under` what it does not say.
    pub(super) fn over(mut self, under: Self) -> Self {
        let mut properties = under.properties;
        properties.append(&mut self.properties);
        Self {
            name: self.name.or(under.name),
            class: self.class.or(under.class),
            width: self.width.or(under.width),
            height: self.height.or(under.height),
            rotation: self.rotation.or(under.rotation),
            visible: self.visible.or(under.visible),
            opacity: self.opacity.or(under.opacity),
            gid: self.gid.or(under.gid),
            shape: self.shape.or(under.shape),
            properties,
            ..self
        }
    }

    /// Estimate of what a copy takes beside the object, bytes.
    pub(super) fn len(&self) -> usize {
        let of_text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let of_shape = match &self.shape {
            Some(Shape::Polygon(points) | Shape::Polyline(points)) => points.len() * size_of::<(f64, f64)>(),
            Some(Shape::Text(text)) => text.len(),
            _ => 0,
        };
        of_text(&self.name) + of_text(&self.class) + of_shape + properties::len(&self.properties)
    }

    /// The object that it is.
    pub(super) fn finish(self) -> Object {
        Object {
            id: self.id,
            name: self.name.unwrap_or_default(),
            class: self.class.unwrap_or_default(),
            x: self.x,
            y: self.y,
            width: self.width.unwrap_or(0.0),
            height: self.height.unwrap_or(0.0),
            rotation: self.rotation.unwrap_or(0.0),
            visible: self.visible.unwrap_or(true),
            opacity: self.opacity.unwrap_or(1.0).clamp(0.0, 1.0) as f32,
            gid: self.gid,
            shape: self.shape.unwrap_or(Shape::Rectangle),
            properties: self.properties,
        }
    }
}

fn shape(context: &mut Context<'_>, element: &Element<'_>, place: &Place) -> Option<Shape> {
    element.children.iter().find_map(|child| match &*child.name {
        "ellipse" => Some(Shape::Ellipse),
        "capsule" => Some(capsule(context, element, place)),
        "point" => Some(Shape::Point),
        "polygon" => points(context, child, place).map(Shape::Polygon),
        "polyline" => points(context, child, place).map(Shape::Polyline),
        "text" => Some(Shape::Text(context.text(&child.text, place))),
        "properties" => None,
        other => {
            let what = format!("has the shape {}, which is not known", shown(other));
            context.warn("object-shape", place, what, "draw it again as a rectangle, ellipse, point or polygon");
            None
        }
    })
}

/// A rectangle whose shorter edges are half circles.
fn capsule(context: &mut Context<'_>, element: &Element<'_>, place: &Place) -> Shape {
    let mut edge = |attribute| context.number::<f64>(element, attribute, place).filter(|edge| *edge > 0.0);
    let (Some(width), Some(height)) = (edge("width"), edge("height")) else { return Shape::Ellipse };
    let radius = width.min(height) / 2.0;
    let corner = |step: u32| {
        let (sin, cos) = (f64::from(step) * std::f64::consts::PI / f64::from(CAPSULE_CORNERS)).sin_cos();
        let side = |along: f64, edge: f64| if along > 0.0 { edge - radius } else { radius };
        (side(cos, width) + radius * cos, side(sin, height) + radius * sin)
    };
    // Between the corners, so that each is on one side.
    Shape::Polygon((0..CAPSULE_CORNERS).map(|step| corner(2 * step + 1)).collect())
}

/// By how many corners one is drawn, a multiple of four; the angles are halves of a step.
const CAPSULE_CORNERS: u32 = 40;

/// Points are pairs with a comma, with blanks between the pairs.
fn points(context: &mut Context<'_>, element: &Element<'_>, place: &Place) -> Option<Vec<(f64, f64)>> {
    use super::context::Number as _;

    let text = element.get("points").unwrap_or_default();
    // Each pair has at least three letters and a blank.
    context.take(text.len() / 4 * size_of::<(f64, f64)>() * 2, place)?;
    let mut points = Vec::new();
    for pair in text.split_ascii_whitespace() {
        let point = pair.split_once(',').and_then(|(x, y)| Some((f64::of(x)?, f64::of(y)?)));
        let Some(point) = point else {
            let what = format!("has the point {}, which is no pair of numbers", shown(pair));
            context.warn("object-shape", place, what, "draw the shape again");
            return None;
        };
        points.push(point);
    }
    Some(points)
}
